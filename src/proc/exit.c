/* SPDX-License-Identifier: MIT */
/*
 * The end of a task. Its parent waits in wait.c; its children get another one in reaper.c.
 *
 * A thread that exits stays a zombie until its parent waits; a thread that is
 * not the leader, or a child nobody waits for, is released at once. The leader
 * becomes waitable when it is the last of its group. Ref: Linux kernel/exit.c.
 *
 *   exiting task                      parent in do_wait()
 *   exit_state = EXIT_ZOMBIE          queue on wait_chldexit
 *     (tasklist_lock exclusive)       scan children (tasklist_lock shared):
 *   do_notify_parent(): wake            ZOMBIE -> cmpxchg to DEAD, reap
 *
 * The parent either sees the zombie in its scan or is woken after it queued.
 */
#include "proc/exit.h"

#include "events/event.h"
#include "fs/fdtable.h"
#include "fs/fs_struct.h"
#include "proc/fork.h"
#include "proc/orphaned_pgrp.h"
#include "proc/posix_timers.h"
#include "proc/reaper.h"
#include "proc/sigchld.h"
#include "proc/sighand.h"
#include "proc/signal.h"
#include "proc/signal_stop.h"
#include "proc/upcall.h"
#include "sched/group.h"
#include "sched/sched.h"
#include "sched/trace.h"
#include "smp/printk.h"
#include "task/cgroup.h"
#include "task/cred.h"
#include "task/pid.h"
#include "vm/kernel_stack.h"
#include "vm/mm.h"
#include "vm/mmu_context.h"
#include "vm/slab.h"

/* Context: tasklist_lock exclusive; siglock is taken. Signals that wait go to @dropped. */
static void __exit_signal(struct task_struct *p, struct sigpending *dropped)
{
	struct signal_struct *sig = p->signal;
	struct sighand_struct *sh = p->sighand;
	bool group_dead = thread_group_empty(p);

	assert_tasklist_write();
	BUG_ON(!TAILQ_EMPTY(&p->children));
	spin_lock(&sh->siglock);
	sig->utime += p->utime;
	sig->stime += p->stime;
	sig->sum_exec += p->se.sum_exec_runtime;
	sig->nvcsw += p->nvcsw;
	sig->nivcsw += p->nivcsw;
	sig->min_flt += p->min_flt;
	sig->maj_flt += p->maj_flt;
	detach_pid(p, PIDTYPE_PID);
	if (p->group_leader == p) {
		for (int t = PIDTYPE_TGID; t < PIDTYPES; t++)
			detach_pid(p, t);
		LIST_REMOVE(p, tasks);
		TAILQ_REMOVE(&task_parent(p)->children, p, sibling);
	}
	TAILQ_REMOVE(&sig->threads, p, thread_node);
	sig->nr_threads--;
	if (sig->group_exec_task && sig->group_exec_task != p)
		wake_up_process(sig->group_exec_task);	/* de_thread() counts us: not before we are off */
	move_sigqueue(&p->pending, dropped);
	if (group_dead)
		move_sigqueue(&sig->shared_pending, dropped);
	p->sighand = NULL;
	spin_unlock(&sh->siglock);
	put_sighand(sh);
}

void release_task(struct task_struct *p)
{
	struct task_struct *leader;
	bool zap;

	do {
		struct pid *pids[PIDTYPES];
		struct sigpending dropped;

		init_sigpending(&dropped);
		write_lock_irq(&tasklist_lock);
		__exit_signal(p, &dropped);
		/* The last thread of a group whose leader is a zombie already: it is waitable now. */
		leader = p->group_leader;
		zap = false;
		if (leader != p && thread_group_empty(leader) && leader->exit_state == EXIT_ZOMBIE) {
			zap = do_notify_parent(leader, leader->exit_signal);
			if (zap)
				leader->exit_state = EXIT_DEAD;
		}
		for (int t = 0; t < PIDTYPES; t++) {
			pids[t] = p->pids[t];
			p->pids[t] = NULL;
		}
		write_unlock_irq(&tasklist_lock);
		flush_sigqueue(&dropped);
		uncharge_process(p);
		for (int t = 0; t < PIDTYPES; t++)
			put_pid(pids[t]);
		put_task_struct(p);
		p = leader;
	} while (zap);
	kernel_stacks_trim();
}

static void exit_notify(struct task_struct *p, bool group_dead)
{
	struct task_list dead = LIST_HEAD_INITIALIZER(dead);
	struct orphaned_pgrps orphaned = { .nr = 0 };
	bool autoreap = false;
	struct task_struct *d;

	write_lock_irq(&tasklist_lock);
	while (reparent_children(p, &dead, &orphaned)) {
		write_unlock_irq(&tasklist_lock);
		kill_orphaned_pgrps(&orphaned);
		write_lock_irq(&tasklist_lock);
	}
	if (group_dead)
		note_orphaned_pgrp(&orphaned, p->group_leader, NULL);
	p->exit_state = EXIT_ZOMBIE;
	if (p->group_leader == p) {
		autoreap = thread_group_empty(p) && do_notify_parent(p, p->exit_signal);
	} else {
		autoreap = true;
	}
	if (autoreap)
		p->exit_state = EXIT_DEAD;
	if (p->signal->group_exec_task && p->group_leader == p)
		wake_up_process(p->signal->group_exec_task);
	write_unlock_irq(&tasklist_lock);
	kill_orphaned_pgrps(&orphaned);
	while ((d = LIST_FIRST(&dead))) {
		LIST_REMOVE(d, dead_link);
		release_task(d);
	}
	if (autoreap)
		release_task(p);
}

void do_exit(int code)
{
	struct task_struct *p = current;
	struct files_struct *files;
	struct fs_struct *fs;
	bool group_dead;

	BUG_ON(in_hardirq() || !p->pid);
	if (in_atomic())
		panic("exit of %s with preemption off", p->comm);
	group_dead = exit_signals(p, code);
	if (group_dead) {
		if (p->signal->flags & SIGNAL_UNKILLABLE || p->tgid == 1)
			panic("Attempted to kill init! exitcode=0x%08x", p->signal->group_exit_code);
		hrtimer_cancel(&p->signal->real_timer);
		posix_timers_exit(p->signal);
		if (p->mm) {
			unsigned long rss = 0;

			for (int i = 0; i < NR_MM_COUNTERS; i++)
				rss += atomic_read(&p->mm->rss[i]);
			p->signal->maxrss = max(p->signal->maxrss, rss);
		}
	}
	p->exit_code = code;
	mm_release(p);
	exit_mm();
	/* Readers of /proc look at these under alloc_lock: take them away before they go. */
	spin_lock(&p->alloc_lock);
	files = p->files;
	fs = p->fs;
	p->files = NULL;
	p->fs = NULL;
	spin_unlock(&p->alloc_lock);
	put_files(files);
	if (group_dead && p->signal->leader && p->signal->has_ctty)
		tty_disassociate();
	put_fs(fs);
	cgroup_exit();
	sched_group_exit();
	trace_process_exit();
	perf_event_exit(p);
	exit_notify(p, group_dead);
	do_task_dead();
}

void do_group_exit(int code)
{
	struct signal_struct *sig = current->signal;

	if (READ_ONCE(sig->flags) & SIGNAL_GROUP_EXIT) {
		code = sig->group_exit_code;
	} else if (sig->nr_threads > 1) {
		read_lock(&tasklist_lock);
		spin_lock_irq(&current->sighand->siglock);
		if (sig->flags & SIGNAL_GROUP_EXIT) {
			code = sig->group_exit_code;
		} else if (!sig->group_exec_task) {
			sig->group_exit_code = code;
			sig->flags = (sig->flags & SIGNAL_UNKILLABLE) | SIGNAL_GROUP_EXIT;
			zap_other_threads(current);
		}
		spin_unlock_irq(&current->sighand->siglock);
		read_unlock(&tasklist_lock);
	}
	do_exit(code);
}
