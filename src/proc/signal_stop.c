/* SPDX-License-Identifier: MIT */
/*
 * Group stops. A signal that stops makes each thread of the group stop on its way to user mode; the last one
 * that does so tells the parent. A thread that exits meanwhile counts as one that has stopped.
 * Ref: Linux kernel/signal.c.
 */
#include "proc/signal_stop.h"

#include "proc/sigchld.h"
#include "proc/signal.h"
#include "sched/sched.h"
#include "task/pid.h"

void do_signal_stop(int sig) __no_lock_analysis
{
	struct signal_struct *s = current->signal;
	struct task_struct *t;
	bool last;

	lockdep_assert_held(&current->sighand->siglock);
	if (!(current->jobctl & JOBCTL_STOP_PENDING)) {
		if ((s->flags & SIGNAL_GROUP_EXIT) || s->group_exec_task) {
			spin_unlock_irq(&current->sighand->siglock);
			return;
		}
		if (!(s->flags & SIGNAL_STOP_STOPPED))
			s->group_exit_code = sig;
		s->group_stop_count = 0;
		TAILQ_FOREACH(t, &s->threads, thread_node) {
			if (t->flags & PF_EXITING)
				continue;
			t->jobctl |= JOBCTL_STOP_PENDING;
			s->group_stop_count++;
			if (t != current)
				signal_wake_up(t, false);
		}
	}
	current->jobctl &= ~JOBCTL_STOP_PENDING;
	last = s->group_stop_count && --s->group_stop_count == 0;
	if (last) {
		s->flags = (s->flags & ~SIGNAL_STOP_CONTINUED) | SIGNAL_STOP_STOPPED;
	}
	set_current_state(TASK_STOPPED);
	recalc_sigpending();
	spin_unlock_irq(&current->sighand->siglock);
	if (last) {
		read_lock(&tasklist_lock);
		do_notify_parent_cldstop(current, CLD_STOPPED);
		read_unlock(&tasklist_lock);
	}
	schedule();
}

bool exit_signals(struct task_struct *p, int code)
{
	struct signal_struct *s = p->signal;
	bool last = false, group_dead;

	DEBUG_BUG_ON(p != current);
	spin_lock_irq(&p->sighand->siglock);
	p->flags |= PF_EXITING;
	group_dead = --s->live == 0;
	if (group_dead && !(s->flags & SIGNAL_GROUP_EXIT)) {
		/* One by one they went: the last one's status is the group's. */
		s->flags = (s->flags & SIGNAL_UNKILLABLE) | SIGNAL_GROUP_EXIT;
		s->group_exit_code = code;
		s->group_stop_count = 0;
	}
	if (p->jobctl & JOBCTL_STOP_PENDING) {
		p->jobctl &= ~JOBCTL_STOP_PENDING;
		last = s->group_stop_count && --s->group_stop_count == 0;
		if (last)
			s->flags |= SIGNAL_STOP_STOPPED;
	}
	/* Group signals that were meant for us go to another thread. */
	if (s->shared_pending.signal & ~p->blocked) {
		struct task_struct *t;

		TAILQ_FOREACH(t, &s->threads, thread_node)
			if (t != p && !(t->flags & PF_EXITING) && (s->shared_pending.signal & ~t->blocked)) {
				signal_wake_up(t, false);
				break;
			}
	}
	spin_unlock_irq(&p->sighand->siglock);
	if (last) {
		read_lock(&tasklist_lock);
		do_notify_parent_cldstop(p, CLD_STOPPED);
		read_unlock(&tasklist_lock);
	}
	return group_dead;
}
