/* SPDX-License-Identifier: MIT */
/*
 * What a parent is told of its child, by SIGCHLD and by waking it in wait(2): that it ended, stopped, went on.
 * Ref: Linux kernel/signal.c.
 */
#include "proc/sigchld.h"

#include "abi/wait.h"
#include "proc/signal_priv.h"
#include "sched/wait.h"
#include "task/cputime.h"
#include "task/cred.h"
#include "task/pid.h"

void do_notify_parent_cldstop(struct task_struct *p, int why)
{
	struct task_struct *leader = p->group_leader, *parent = task_parent(leader);
	struct k_siginfo info = { .si_signo = SIGCHLD, .si_code = why,
				  .chld = { .pid = leader->pid, .uid = task_uid(leader) } };
	struct k_sigaction *a = &parent->sighand->action[SIGCHLD - 1];

	lockdep_assert_held(&tasklist_lock);
	info.chld.status = why == CLD_CONTINUED ? SIGCONT : p->signal->group_exit_code & 0x7f;
	if (a->handler != SIG_IGN && !(a->flags & SA_NOCLDSTOP))
		send_sig_info(SIGCHLD, &info, parent, true);
	__wake_up(&parent->signal->wait_chldexit, TASK_INTERRUPTIBLE, 0);
}

static void add_times(struct k_siginfo *info, struct task_struct *p)
{
	u64 utime, stime;

	task_group_times(p, &utime, &stime);
	info->chld.utime = utime / (NSEC_PER_SEC / 100);
	info->chld.stime = stime / (NSEC_PER_SEC / 100);
}

bool do_notify_parent(struct task_struct *p, int sig)
{
	struct task_struct *parent = task_parent(p);
	struct k_siginfo info = { 0 };
	struct k_sigaction *a;
	unsigned long flags;
	bool autoreap = false;

	lockdep_assert_held(&tasklist_lock);
	/* The signal that the child was made with is for who made it: after an exec the parent may be another user's program. */
	if (sig != SIGCHLD && p->parent_exec_id != READ_ONCE(parent->self_exec_id))
		sig = SIGCHLD;
	info.si_signo = sig;
	info.chld.pid = p->pid;
	info.chld.uid = task_uid(p);
	info.chld.status = p->exit_code & 0x7f ? p->exit_code & 0x7f : p->exit_code >> 8;
	info.si_code = p->exit_code & 0x7f ? CLD_KILLED : CLD_EXITED;
	spin_lock_irqsave(&parent->sighand->siglock, flags);
	a = &parent->sighand->action[SIGCHLD - 1];
	if (sig == SIGCHLD && (a->handler == SIG_IGN || (a->flags & SA_NOCLDWAIT))) {
		autoreap = true;
		if (a->handler == SIG_IGN)
			sig = 0;
	}
	if (sig > 0) {
		if (!sig_ignored(parent, sig))
			add_times(&info, p);	/* they cost: only where somebody reads them */
		send_signal_locked(sig, &info, parent, true);
	}
	spin_unlock_irqrestore(&parent->sighand->siglock, flags);
	__wake_up(&parent->signal->wait_chldexit, TASK_INTERRUPTIBLE, 0);
	return autoreap;
}
