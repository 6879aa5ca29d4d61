/* SPDX-License-Identifier: MIT */
/* Signals that wait, sets of signals. Ref: Linux kernel/signal.c, include/linux/signal.h. */
#ifndef PROC_SIGQUEUE_H
#define PROC_SIGQUEUE_H

#include "sched/task.h"
#include "vm/slab.h"

struct user_struct;

struct sigqueue {
	TAILQ_ENTRY(sigqueue) list;	/* siglock */
	atomic_t count;			/* that it waits, and the timer that it is of */
	bool of_timer;			/* [I] a POSIX timer's: whatever its information tells, a program cannot make it */
	struct user_struct *user;	/* [I] pays for it; a reference */
	struct k_siginfo info;		/* siglock */
};

#define sigmask(sig)	(1UL << ((sig) - 1))
#define SIG_KERNEL_STOP	(sigmask(SIGSTOP) | sigmask(SIGTSTP) | sigmask(SIGTTIN) | sigmask(SIGTTOU))
#define SIG_KERNEL_ONLY	(sigmask(SIGKILL) | sigmask(SIGSTOP))
#define SIG_KERNEL_IGNORE (sigmask(SIGCONT) | sigmask(SIGCHLD) | sigmask(SIGWINCH) | sigmask(SIGURG))
#define SIG_KERNEL_COREDUMP (sigmask(SIGQUIT) | sigmask(SIGILL) | sigmask(SIGTRAP) | sigmask(SIGABRT) | \
	sigmask(SIGFPE) | sigmask(SIGSEGV) | sigmask(SIGBUS) | sigmask(SIGSYS) | sigmask(SIGXCPU) | sigmask(SIGXFSZ))

/** sigqueue_init - The cache of struct sigqueue. Context: boot. */
void sigqueue_init(void);
/** init_sigpending - Nothing waits in @s. Context: nobody else sees @s. */
static inline void init_sigpending(struct sigpending *s)
{
	s->signal = 0;
	TAILQ_INIT(&s->list);
}
/** flush_sigqueue - Drop all. Context: siglock, or nobody else sees @s. */
void flush_sigqueue(struct sigpending *s);
/** move_sigqueue - All that waits in @from is in @to, which is no task's, to be dropped without a lock. Context: siglock of @from. */
static inline void move_sigqueue(struct sigpending *from, struct sigpending *to)
{
	TAILQ_CONCAT(&to->list, &from->list, list);
	from->signal = 0;
}
/**
 * sigqueue_flush_mask - The signals of @mask do not wait in @s any more. What is known of them goes to @dropped, to be
 * dropped without a lock; a timer's is free to wait again at once. Context: siglock of @s.
 */
void sigqueue_flush_mask(u64 mask, struct sigpending *s, struct sigpending *dropped);
/**
 * sigqueue_take - Take the first signal of @s that is in @want: those of faults first, then by number.
 * Return: it, with @info filled in and *@of_timer set if it is a POSIX timer's; or 0. Context: siglock of @s.
 */
int sigqueue_take(struct sigpending *s, u64 want, struct k_siginfo *info, bool *of_timer);
/**
 * sigqueue_alloc - A place for a signal to @p, on the account of its user: within @p's limit, unless it @must be had.
 * Return: it, or NULL. Context: siglock of @p, or it is the current task.
 */
struct sigqueue *sigqueue_alloc(struct task_struct *p, bool must, gfp_t gfp) __must_check;
/** timer_sigqueue_alloc - A POSIX timer's signal, on the account of the current user; NULL: no memory, or over the limit. Context: task. */
struct sigqueue *timer_sigqueue_alloc(void) __must_check;
/** sigqueue_put - A timer has its signal no more, which may yet wait. Context: any. */
void sigqueue_put(struct sigqueue *q);
/** sigqueue_waits - Is the timer's signal yet to be taken? Context: any; it may be by now, unless siglock is held. */
static inline bool sigqueue_waits(const struct sigqueue *q)
{
	return atomic_read(&q->count) > 1;
}

#endif
