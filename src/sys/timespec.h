/* SPDX-License-Identifier: MIT */
/*
 * Times of user memory.
 */
#ifndef SYS_TIMESPEC_H
#define SYS_TIMESPEC_H

#include "lib/compiler.h"

struct k_timespec {
	s64 sec, nsec;
};

/**
 * get_timespec - Read a time that is a valid one.
 * @ns: nanoseconds; what is too long for that is about 146 years.
 * Return: 0, -EFAULT, or -EINVAL: below 0, or no such fraction of a second. Context: task, may sleep.
 */
int get_timespec(const struct k_timespec __user *p, u64 *ns) __must_check;
/** put_timespec - Write @ns, nanoseconds. Return: 0 or -EFAULT. Context: task, may sleep. */
int put_timespec(struct k_timespec __user *p, u64 ns) __must_check;

#endif
