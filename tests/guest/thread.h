/* SPDX-License-Identifier: MIT */
/* Threads for guest tests, by clone alone: one has no C library of its own, and makes raw calls only. */
#ifndef TESTS_GUEST_THREAD_H
#define TESTS_GUEST_THREAD_H

#include "sys.h"

#include "abi/futex.h"

#define CLONE_THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)

struct thread {
	volatile int tid;		/* 0 again when it has ended */
	char stack[8192] __attribute__((aligned(16)));
};

/* Run @fn(@arg) in a thread with @t's stack. Return: its tid or a negative errno. */
static long start(struct thread *t, void (*fn)(void *), void *arg)
{
	register long a0 __asm__("a0") = CLONE_THREAD_FLAGS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
	register char *a1 __asm__("a1") = t->stack + sizeof(t->stack);
	register volatile int *a2 __asm__("a2") = &t->tid;
	register long a3 __asm__("a3") = 0;
	register volatile int *a4 __asm__("a4") = &t->tid;
	register long a7 __asm__("a7") = __NR_clone;
	register void (*s2)(void *) __asm__("s2") = fn;
	register void *s3 __asm__("s3") = arg;

	__asm__ volatile("ecall\n bnez a0, 1f\n mv a0, s3\n jalr s2\n li a0, 0\n li a7, 93\n ecall\n 1:"
			 : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a7), "r"(s2), "r"(s3) : "memory");
	return a0;
}

/* Until @t has ended. */
static inline void join(struct thread *t)
{
	int tid;

	while ((tid = t->tid))
		SYSCALL(__NR_futex, &t->tid, FUTEX_WAIT, tid, 0, 0, 0);
}

static struct thread threads[8];

/* Until @t sleeps, or has ended: it said before that it is about to. */
static inline void until_asleep(const struct thread *t)
{
	char path[48], text[300], *at;

	while (t->tid) {
		snprintf(path, sizeof(path), "/proc/self/task/%d/stat", t->tid);
		if (read_file(path, text, sizeof(text)) > 0 && (at = strrchr(text, ')')) && at[2] == 'S')
			return;
		nanosleep_ns(1000000);
	}
}

/* A lock that the kernel frees when its owner dies. */
static struct robust_lock {
	struct robust_lock *next;
	volatile uint32_t word;
} robust_lock;

static struct {
	void *next;
	long offset;
	void *pending;
} robust_head;

/* The calling thread's list has robust_lock, of the kind that lends priorities if @pi. */
static inline void robust_register(bool pi)
{
	robust_head.offset = (char *)&robust_lock.word - (char *)&robust_lock;
	robust_head.next = (void *)((uintptr_t)&robust_lock | pi);
	robust_lock.next = (struct robust_lock *)&robust_head;
	SYSCALL(__NR_set_robust_list, &robust_head, sizeof(robust_head));
}

#endif
