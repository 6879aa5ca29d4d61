/* SPDX-License-Identifier: MIT */
/*
 * Signals: sending, blocking, taking. siglock of the group guards what is pending and the actions; a task that sends to
 * another holds tasklist_lock, so that p->sighand stays. Ref: Linux kernel/signal.c.
 */
#ifndef PROC_SIGNAL_H
#define PROC_SIGNAL_H

#include "task/signal_struct.h"

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

/** signal_init - The cache of struct sigqueue, and the page that handlers return through. Context: boot. */
void signal_init(void);
/** init_sigpending - Nothing waits in @s. Context: nobody else sees @s. */
void init_sigpending(struct sigpending *s);
/** flush_sigqueue - Drop all. Context: siglock, or nobody else sees @s. */
void flush_sigqueue(struct sigpending *s);
/** move_sigqueue - All that waits in @from is in @to, which is no task's, to be dropped without a lock. Context: siglock of @from. */
void move_sigqueue(struct sigpending *from, struct sigpending *to);
/** timer_sigqueue_alloc - A POSIX timer's signal, on the account of the current user; NULL: no memory, or over the limit. Context: task. */
struct sigqueue *timer_sigqueue_alloc(void) __must_check;
/** sigqueue_put - A timer has its signal no more, which may yet wait. Context: any. */
void sigqueue_put(struct sigqueue *q);
/** sigqueue_waits - Is the timer's signal yet to be taken? Context: any; it may be by now, unless siglock is held. */
static inline bool sigqueue_waits(const struct sigqueue *q)
{
	return atomic_read(&q->count) > 1;
}
/**
 * send_signal_locked - Queue @sig with @info (NULL: from the kernel) to @p, or (@group) to its group.
 * Return: 0, also if it is ignored, or -EAGAIN: too many wait for its user. Context: siglock held.
 */
int send_signal_locked(int sig, const struct k_siginfo *info, struct task_struct *p, bool group);
/** send_sig_info - As send_signal_locked(); -ESRCH: @p was released. Context: tasklist_lock, or @p is the current task. */
int send_sig_info(int sig, const struct k_siginfo *info, struct task_struct *p, bool group);
/** send_timer_signal - As send_sig_info(), with @q of timer setting @seq; if it waits already it tells of one more expiry. */
void send_timer_signal(struct sigqueue *q, u32 seq, struct task_struct *p, bool group);
/** force_sig_info - A fault's signal to the current task: cannot be blocked or ignored. Context: task. */
void force_sig_info(const struct k_siginfo *info);
/** force_fatal_sig - @sig, from the kernel, which no handler of the current task takes. Context: task. */
void force_fatal_sig(int sig);
/** kill_pgrp_info - To each of a process group; NULL: from us, if we may. Context: tasklist_lock held. */
int kill_pgrp_info(int sig, const struct k_siginfo *info, struct pid *pgrp);
/** kill_pgrp - From the kernel, to each of a process group. Context: without tasklist_lock. */
void kill_pgrp(struct pid *pgrp, int sig);
/** group_send_sig - kill() of @p's process by the current task: -EPERM, or as send_sig_info(). Context: tasklist_lock held. */
int group_send_sig(int sig, struct task_struct *p);
/** do_kill - kill(2): @pid may be a process, 0 or a group's negative, -1 for all. 0, -EINVAL, -ESRCH, -EPERM. Context: task. */
int do_kill(int pid, int sig);
/** do_tkill - To thread @pid, which (@tgid positive) is to be of process @tgid. 0, -EINVAL, -ESRCH, -EPERM. Context: task. */
int do_tkill(int tgid, int pid, int sig);
/** do_sigqueue, do_tgsigqueue - With @info: to the process that @pid is of; to that thread of @tgid. -EAGAIN: too many wait. */
int do_sigqueue(int pid, int sig, const struct k_siginfo *info);
int do_tgsigqueue(int tgid, int pid, int sig, const struct k_siginfo *info);
/** do_sigaction - @oact (or NULL) is what the process does at @sig; from now on it is @act, or as before. 0, -EINVAL. Context: task. */
int do_sigaction(int sig, const struct k_sigaction *act, struct k_sigaction *oact);
/** set_current_blocked - The current task blocks @set, but for what cannot be; others of its group take what it had. Context: task. */
void set_current_blocked(u64 set);
/** recalc_sigpending - Shall the current task look for signals on its way to user mode? Context: siglock held. */
void recalc_sigpending(void);
/** signal_wake_up - @p looks for signals soon; @fatal: even where only what kills wakes it. Context: siglock of @p held. */
void signal_wake_up(struct task_struct *p, bool fatal);
/**
 * zap_other_threads - SIGKILL to all threads but the caller. Return: how many. Context: siglock held. As with what ends, or
 * stops, a whole group: O(threads) with interrupts off, a us or two for each that is to be woken; threads are their user's.
 */
int zap_other_threads(struct task_struct *p);
/** do_notify_parent - Tell @p's parent that it died. Return: reap at once? Context: tasklist_lock held. */
bool do_notify_parent(struct task_struct *p, int sig);
/**
 * exit_signals - The current task @p takes no more signals; @code is its group's status if it is the last.
 * Return: is it? Context: task.
 */
bool exit_signals(struct task_struct *p, int code);
/** do_sigreturn - Back from a handler: @regs, mask and stack are what the frame says. Return: a0 of the old @regs. Context: task. */
long do_sigreturn(struct pt_regs *regs);
/**
 * do_sigaltstack - The current task's handlers run on @ss from now on (NULL: as before); @old: where they did, or NULL.
 * @sp: the user stack pointer. Return: 0, -EPERM: it is there; -EINVAL; -ENOMEM: too small. Context: task.
 */
int do_sigaltstack(const struct k_stack *ss, struct k_stack *old, unsigned long sp) __must_check;
/**
 * do_sigtimedwait - Take a signal of @set, if need be wait for it until @expires ns (ktime_get_ns() scale).
 * Return: its number, with @info filled in; -EAGAIN: none came; -EINTR: another did. Context: task.
 */
int do_sigtimedwait(u64 set, struct k_siginfo *info, u64 expires);
/** sighand_dup - A copy of the actions, count 1, or NULL. put_sighand - One user less. Context: task. */
struct sighand_struct *sighand_dup(struct sighand_struct *old) __must_check;
void put_sighand(struct sighand_struct *sh);

#endif
