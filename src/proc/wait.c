/* SPDX-License-Identifier: MIT */
/*
 * Waiting for children: for their end, for stops and for going on after one.
 * The waiting task queues on wait_chldexit before it looks at its children, so that
 * do_notify_parent() wakes it if one changes after it was looked at. See exit.c.
 * Ref: Linux kernel/exit.c.
 */
#include "proc/wait.h"

#include "abi/wait.h"
#include "lib/err.h"
#include "proc/exit.h"
#include "sched/sched.h"
#include "task/cputime.h"
#include "task/cred.h"
#include "task/pid.h"
#include "task/signal_struct.h"

static bool eligible_child(const struct wait_opts *wo, struct task_struct *p)
{
	if (wo->type == P_PID && p->pids[PIDTYPE_TGID] != wo->pid)
		return false;
	if (wo->type == P_PGID && p->pids[PIDTYPE_PGID] != wo->pid)
		return false;
	if (wo->options & __WALL)
		return true;
	return (p->exit_signal != SIGCHLD) == !!(wo->options & __WCLONE);
}

/* Tell of @p. Return: its pid. Context: tasklist_lock shared, which is dropped. */
static int report_child(struct wait_opts *wo, struct task_struct *p, int code, int status) __no_lock_analysis
{
	int pid = p->pid;

	wo->signo_pid = pid;
	wo->uid = task_uid(p);
	wo->code = code;
	wo->status = status;
	if (wo->rusage)
		getrusage(p, RUSAGE_BOTH, wo->rusage);
	read_unlock(&tasklist_lock);
	return pid;
}

/*
 * wait_task_*() - Does child @p have this to tell? Return: its pid, and tasklist_lock is dropped; or 0.
 */
static int wait_task_zombie(struct wait_opts *wo, struct task_struct *p)
{
	int status = p->signal->flags & SIGNAL_GROUP_EXIT ? p->signal->group_exit_code : p->exit_code, pid;
	bool reap = !(wo->options & WNOWAIT);

	if (!(wo->options & WEXITED))
		return 0;
	/* Another thread of ours may take it first. */
	if (reap && cmpxchg(&p->exit_state, (u32)EXIT_ZOMBIE, (u32)EXIT_DEAD) != EXIT_ZOMBIE)
		return 0;
	if (reap)
		reap_accounts(p);
	pid = report_child(wo, p, status & 0x7f ? CLD_KILLED : CLD_EXITED, status);
	if (reap)
		release_task(p);
	return pid;
}

static int wait_task_stopped(struct wait_opts *wo, struct task_struct *p)
{
	int signo = 0;

	if (!(wo->options & WSTOPPED) || !(p->signal->flags & SIGNAL_STOP_STOPPED))
		return 0;
	spin_lock_irq(&p->sighand->siglock);
	if (p->signal->flags & SIGNAL_STOP_STOPPED) {
		signo = p->signal->group_exit_code;
		if (!(wo->options & WNOWAIT))
			p->signal->group_exit_code = 0;	/* a stop is told once */
	}
	spin_unlock_irq(&p->sighand->siglock);
	return signo ? report_child(wo, p, CLD_STOPPED, signo << 8 | 0x7f) : 0;
}

static int wait_task_continued(struct wait_opts *wo, struct task_struct *p)
{
	bool continued;

	if (!(wo->options & WCONTINUED) || !(p->signal->flags & SIGNAL_STOP_CONTINUED))
		return 0;
	spin_lock_irq(&p->sighand->siglock);
	continued = p->signal->flags & SIGNAL_STOP_CONTINUED;
	if (!(wo->options & WNOWAIT))
		p->signal->flags &= ~SIGNAL_STOP_CONTINUED;
	spin_unlock_irq(&p->sighand->siglock);
	return continued ? report_child(wo, p, CLD_CONTINUED, 0xffff) : 0;
}

static int wait_consider_task(struct wait_opts *wo, struct task_struct *p)
{
	int pid;

	if (p->exit_state == EXIT_DEAD || !eligible_child(wo, p))
		return 0;
	/* A zombie is no reason to sleep, even if another thread of ours takes it first. */
	if (p->exit_state == EXIT_ZOMBIE && thread_group_empty(p))
		return wait_task_zombie(wo, p);
	wo->exited_found = true;
	pid = wait_task_stopped(wo, p);
	return pid ? pid : wait_task_continued(wo, p);
}

int do_wait(struct wait_opts *wo) __no_lock_analysis
{
	struct wait_queue_entry w = { .task = current };
	struct task_struct *t, *p;
	int ret;

	for (;;) {
		prepare_to_wait(&current->signal->wait_chldexit, &w, TASK_INTERRUPTIBLE);
		wo->exited_found = false;
		read_lock(&tasklist_lock);
		TAILQ_FOREACH(t, &current->signal->threads, thread_node) {
			if ((wo->options & __WNOTHREAD) && t != current)
				continue;
			TAILQ_FOREACH(p, &t->children, sibling) {
				ret = wait_consider_task(wo, p);
				if (ret)
					goto out;	/* the lock is dropped */
			}
		}
		read_unlock(&tasklist_lock);
		ret = -ECHILD;
		if (!wo->exited_found)
			break;
		ret = 0;
		if (wo->options & WNOHANG)
			break;
		ret = -ERESTARTSYS;
		if (signal_pending(current))
			break;
		schedule();
	}
out:
	finish_wait(&current->signal->wait_chldexit, &w);
	return ret;
}
