/* SPDX-License-Identifier: MIT */
/*
 * Signals are taken: by a task on its way to user mode, which acts on them, or has its handler called by
 * signal_frame.c; and by sigtimedwait(2). Ref: Linux kernel/signal.c.
 */
#include "proc/signal_take.h"

#include "lib/err.h"
#include "proc/exit.h"
#include "proc/itimer.h"
#include "proc/orphaned_pgrp.h"
#include "proc/posix_timers.h"
#include "proc/sigchld.h"
#include "proc/signal_priv.h"
#include "proc/signal_stop.h"
#include "sched/sched.h"
#include "sched/sleep.h"
#include "smp/tracepoint.h"
#include "task/pid.h"

void set_current_blocked(u64 set)
{
	spin_lock_irq(&current->sighand->siglock);
	current->blocked = set & ~SIG_KERNEL_ONLY;
	recalc_sigpending();
	/* A signal to the group that we no longer take may be taken by another thread. */
	if (current->signal->shared_pending.signal & current->blocked) {
		struct task_struct *t;

		TAILQ_FOREACH(t, &current->signal->threads, thread_node)
			if (t != current && !(t->flags & PF_EXITING) &&
			    (current->signal->shared_pending.signal & current->blocked & ~t->blocked))
				signal_wake_up(t, false);
	}
	spin_unlock_irq(&current->sighand->siglock);
}

/* Take a pending signal that is not in @mask. Context: siglock. */
static int dequeue_signal(u64 mask, struct k_siginfo *info, bool *of_timer)
{
	int sig;

	*of_timer = false;
	sig = sigqueue_take(&current->pending, ~mask, info, of_timer);
	if (!sig)
		sig = sigqueue_take(&current->signal->shared_pending, ~mask, info, of_timer);
	recalc_sigpending();
	return sig;
}

/* A timer goes on when its signal is taken. */
static void taken_from_timer(int sig, struct k_siginfo *info, bool of_timer)
{
	if (sig == SIGALRM)
		itimer_alarm_taken(current->signal);
	if (of_timer)
		posix_timer_taken(info);
}

/* The group was let go on after a stop: its first thread to run tells the parent. Entered with siglock, left without. */
static void tell_continued(void) __no_lock_analysis
{
	current->signal->notify_continued = false;
	spin_unlock_irq(&current->sighand->siglock);
	read_lock(&tasklist_lock);
	do_notify_parent_cldstop(current, CLD_CONTINUED);
	read_unlock(&tasklist_lock);
}

/* Does the process end, or is this one of the threads that go for another's execve()? Context: siglock. */
static bool must_end(void)
{
	const struct signal_struct *s = current->signal;

	if (s->flags & SIGNAL_GROUP_EXIT) {
		trace_event(TRACE_SIGNAL_DELIVER, SIGKILL, SI_USER, 0, 0);
		return true;
	}
	return s->group_exec_task && s->group_exec_task != current && (current->pending.signal & sigmask(SIGKILL));
}

static bool in_orphaned_pgrp(void)
{
	bool orphaned;

	read_lock(&tasklist_lock);
	orphaned = is_orphaned_pgrp(task_pgrp(current), NULL);
	read_unlock(&tasklist_lock);
	return orphaned;
}

/* The default action of @sig is to stop; but an orphaned group does not stop from the keyboard. Entered with siglock, left without. */
static void stop_by(int sig) __no_lock_analysis
{
	if (sig != SIGSTOP) {
		spin_unlock_irq(&current->sighand->siglock);
		if (in_orphaned_pgrp())
			return;
		spin_lock_irq(&current->sighand->siglock);
	}
	do_signal_stop(sig);
}

/* Does @sig, with action @a, do nothing? Signals of default action do nothing to init, but for those that cannot be handled. */
static bool does_nothing(int sig, const struct k_sigaction *a)
{
	return sig_default_ignored(a->handler, sig) ||
	       ((current->signal->flags & SIGNAL_UNKILLABLE) && !(sigmask(sig) & SIG_KERNEL_ONLY));
}

/* A handler is to be called: by what @a says now. */
static void take_action(struct ksignal *ksig, int sig, struct k_sigaction *a)
{
	ksig->sig = sig;
	ksig->action = *a;
	if (a->flags & SA_RESETHAND)
		a->handler = SIG_DFL;
}

/* Take a signal; a timer that it is of goes on. Return: it, or 0: there is none. Context: siglock, which is dropped in between. */
static int next_signal(struct ksignal *ksig) __no_lock_analysis
{
	int sig = dequeue_signal(current->blocked, &ksig->info, &ksig->of_timer);

	if (sig == SIGALRM || ksig->of_timer) {
		spin_unlock_irq(&current->sighand->siglock);
		taken_from_timer(sig, &ksig->info, ksig->of_timer);
		spin_lock_irq(&current->sighand->siglock);
	}
	return sig;
}

/* siglock is dropped and taken in what this calls: beyond the analysis. */
bool get_signal(struct ksignal *ksig) __no_lock_analysis
{
	struct sighand_struct *sh = current->sighand;
	struct k_sigaction *a;
	int sig;

	for (;;) {
		spin_lock_irq(&sh->siglock);
		if (current->signal->notify_continued) {
			tell_continued();
			continue;
		}
		sig = SIGKILL;
		if (must_end())
			break;
		if (current->jobctl & JOBCTL_STOP_PENDING) {
			do_signal_stop(0);
			continue;
		}
		sig = next_signal(ksig);
		if (!sig) {
			spin_unlock_irq(&sh->siglock);
			return false;
		}
		a = &sh->action[sig - 1];
		trace_event(TRACE_SIGNAL_DELIVER, sig, (u64)ksig->info.si_code, a->handler, a->flags);
		if (a->handler != SIG_DFL && a->handler != SIG_IGN) {
			take_action(ksig, sig, a);
			spin_unlock_irq(&sh->siglock);
			return true;
		}
		if (does_nothing(sig, a))
			spin_unlock_irq(&sh->siglock);
		else if (sig < 32 && (sigmask(sig) & SIG_KERNEL_STOP))
			stop_by(sig);
		else
			break;
	}
	spin_unlock_irq(&sh->siglock);
	do_group_exit(sig);
}

int do_sigtimedwait(u64 set, struct k_siginfo *info, u64 expires)
{
	struct task_struct *p = current;
	u64 mask = ~(set & ~SIG_KERNEL_ONLY);
	bool of_timer;
	int sig;

	spin_lock_irq(&p->sighand->siglock);
	while (!(sig = dequeue_signal(mask, info, &of_timer)) && !signal_pending(p) && expires > ktime_get_ns()) {
		/* Let them wake us: unblock what is waited for, remember what was blocked. */
		p->real_blocked = p->blocked;
		p->blocked &= mask;
		recalc_sigpending();
		spin_unlock_irq(&p->sighand->siglock);
		set_current_state(TASK_INTERRUPTIBLE);
		if (!signal_pending(p))
			schedule_timeout(expires);
		__set_current_state(TASK_RUNNING);
		spin_lock_irq(&p->sighand->siglock);
		p->blocked = p->real_blocked;
		p->real_blocked = 0;
	}
	spin_unlock_irq(&p->sighand->siglock);
	taken_from_timer(sig, info, of_timer);
	if (sig)
		return sig;
	return signal_pending(p) ? -EINTR : -EAGAIN;
}
