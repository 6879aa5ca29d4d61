/* SPDX-License-Identifier: MIT */
/*
 * One thread of a process calls execve(2): the others end, and it becomes the leader, with the leader's number and
 * place in the tree. Ref: Linux fs/exec.c.
 */
#include "proc/de_thread.h"

#include "proc/exit.h"
#include "proc/signal.h"
#include "sched/sched.h"
#include "task/pid.h"

/* The other threads are told to go, and this one waits. -EAGAIN: the group is dying anyway. */
static int zap_group(struct task_struct *p)
{
	struct signal_struct *sig = p->signal;
	int err = 0;

	write_lock_irq(&tasklist_lock);
	spin_lock(&p->sighand->siglock);
	if ((sig->flags & SIGNAL_GROUP_EXIT) || sig->group_exec_task) {
		err = -EAGAIN;
	} else {
		sig->group_exec_task = p;
		zap_other_threads(p);
	}
	spin_unlock(&p->sighand->siglock);
	write_unlock_irq(&tasklist_lock);
	return err;
}

/* Are all other threads gone, but for a leader, which stays a zombie until we have its pid? */
static bool group_is_gone(struct task_struct *p)
{
	struct task_struct *leader;
	bool gone;

	read_lock(&tasklist_lock);
	leader = p->group_leader;
	gone = p->signal->nr_threads == (leader == p ? 1 : 2) && (leader == p || leader->exit_state);
	read_unlock(&tasklist_lock);
	return gone;
}

/* @p takes over the pids of @leader, a zombie, and its place in the tree. Context: tasklist_lock exclusive. */
static void replace_leader(struct task_struct *p, struct task_struct *leader)
{
	struct pid *own = p->pids[PIDTYPE_PID];

	assert_tasklist_write();
	BUG_ON(leader->exit_state != EXIT_ZOMBIE || task_parent(p) != task_parent(leader));
	p->start_time = leader->start_time;
	detach_pid(p, PIDTYPE_PID);
	detach_pid(leader, PIDTYPE_PID);
	p->pids[PIDTYPE_PID] = leader->pids[PIDTYPE_PID];
	leader->pids[PIDTYPE_PID] = own;
	attach_pid(p, PIDTYPE_PID);
	attach_pid(leader, PIDTYPE_PID);
	leader->pid = p->pid;
	p->pid = p->tgid;
	for (int t = PIDTYPE_TGID; t < PIDTYPES; t++) {
		detach_pid(leader, t);
		p->pids[t] = leader->pids[t];
		leader->pids[t] = NULL;
		attach_pid(p, t);
	}
	LIST_INSERT_BEFORE(leader, p, tasks);
	LIST_REMOVE(leader, tasks);
	TAILQ_INSERT_BEFORE(leader, p, sibling);
	TAILQ_REMOVE(&leader->real_parent->children, leader, sibling);
	p->group_leader = p;
	leader->group_leader = p;
	p->exit_signal = SIGCHLD;
	leader->exit_signal = -1;
	leader->exit_state = EXIT_DEAD;
}

int de_thread(struct task_struct *p)
{
	struct signal_struct *sig = p->signal;
	struct task_struct *leader = p->group_leader;
	int err = 0;

	if (sig->nr_threads == 1)
		goto alone;
	err = zap_group(p);
	if (err)
		return err;
	for (;;) {
		set_current_state(TASK_KILLABLE);
		if (group_is_gone(p))
			break;
		schedule();
		/* Woken by exits; a kill from outside marks the group, and we go as get_signal() says. */
		if (sig->flags & SIGNAL_GROUP_EXIT) {
			err = -EAGAIN;
			break;
		}
	}
	__set_current_state(TASK_RUNNING);
	/* exit_notify() and __exit_signal() wake group_exec_task under tasklist_lock: it is cleared under it, too. */
	write_lock_irq(&tasklist_lock);
	spin_lock(&p->sighand->siglock);
	sig->group_exec_task = NULL;
	spin_unlock(&p->sighand->siglock);
	if (!err && leader != p)
		replace_leader(p, leader);
	write_unlock_irq(&tasklist_lock);
	if (err)
		return err;
	if (leader != p)
		release_task(leader);
alone:
	p->exit_signal = SIGCHLD;
	return 0;
}
