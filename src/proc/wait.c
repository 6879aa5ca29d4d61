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

static void note_child(struct wait_opts *wo, struct task_struct *p, int code, int status)
{
	wo->signo_pid = p->pid;
	wo->uid = task_uid(p);
	wo->code = code;
	wo->status = status;
	if (wo->rusage)
		getrusage(p, RUSAGE_BOTH, wo->rusage);
}

/*
 * One child. Return: its pid when it has something to report (tasklist_lock is
 * dropped then), else 0.
 */
static int wait_consider_task(struct wait_opts *wo, struct task_struct *p) __no_lock_analysis
{
	int pid = p->pid, status;

	if (p->exit_state == EXIT_DEAD || !eligible_child(wo, p))
		return 0;
	if (p->exit_state == EXIT_ZOMBIE && thread_group_empty(p)) {
		/* Another thread of ours may take it from under us: it is not worth a sleep. */
		if (!(wo->options & WEXITED))
			return 0;
		status = p->signal->flags & SIGNAL_GROUP_EXIT ? p->signal->group_exit_code : p->exit_code;
		if (wo->options & WNOWAIT) {
			note_child(wo, p, status & 0x7f ? CLD_KILLED : CLD_EXITED, status);
			read_unlock(&tasklist_lock);
			return pid;
		}
		if (cmpxchg(&p->exit_state, (u32)EXIT_ZOMBIE, (u32)EXIT_DEAD) != EXIT_ZOMBIE)
			return 0;
		note_child(wo, p, status & 0x7f ? CLD_KILLED : CLD_EXITED, status);
		reap_accounts(p);
		read_unlock(&tasklist_lock);
		release_task(p);
		return pid;
	}
	wo->exited_found = true;
	if ((wo->options & WSTOPPED) && (p->signal->flags & SIGNAL_STOP_STOPPED)) {
		spin_lock_irq(&p->sighand->siglock);
		status = p->signal->group_exit_code;
		if ((p->signal->flags & SIGNAL_STOP_STOPPED) && status) {
			if (!(wo->options & WNOWAIT))
				p->signal->group_exit_code = 0;
			spin_unlock_irq(&p->sighand->siglock);
			note_child(wo, p, CLD_STOPPED, status << 8 | 0x7f);
			read_unlock(&tasklist_lock);
			return pid;
		}
		spin_unlock_irq(&p->sighand->siglock);
	}
	if ((wo->options & WCONTINUED) && (p->signal->flags & SIGNAL_STOP_CONTINUED)) {
		spin_lock_irq(&p->sighand->siglock);
		if (p->signal->flags & SIGNAL_STOP_CONTINUED) {
			if (!(wo->options & WNOWAIT))
				p->signal->flags &= ~SIGNAL_STOP_CONTINUED;
			spin_unlock_irq(&p->sighand->siglock);
			note_child(wo, p, CLD_CONTINUED, 0xffff);
			read_unlock(&tasklist_lock);
			return pid;
		}
		spin_unlock_irq(&p->sighand->siglock);
	}
	return 0;
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
