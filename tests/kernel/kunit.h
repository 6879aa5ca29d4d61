/* SPDX-License-Identifier: MIT */
/* Cases that run inside the kernel, as pid 1 before init. */
#ifndef TESTS_KERNEL_KUNIT_H
#define TESTS_KERNEL_KUNIT_H

#include <stdio.h>

#include "smp/printk.h"

struct kunit_case {
	const char *name;
	void (*run)(void);
};

/** run_kunit - Run the cases whose name begins with @which, and leave the machine. Context: task, pid 1. */
void run_kunit(const char *which);
/** kunit_fail - The case that runs has failed: @what, at @line of @file. Context: any. */
void kunit_fail(const char *file, int line, const char *what);

#define KUNIT_EXPECT(c) \
	do { if (!(c)) kunit_fail(__FILE__, __LINE__, #c); } while (0)
/** KUNIT_CASE - Define a case; what it proves belongs in a comment above it. */
#define KUNIT_CASE(n)							\
	static void n(void);						\
	static const struct kunit_case case_##n				\
	__attribute__((section(".kunit"), used)) = { #n, n };		\
	static void n(void)

#endif
