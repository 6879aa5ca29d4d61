/* SPDX-License-Identifier: MIT */
/*
 * The end of a task, and waiting for it.
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

#include "abi/wait.h"
#include "events/event.h"
#include "fs/fdtable.h"
#include "fs/fs_struct.h"
#include "proc/fork.h"
#include "proc/posix_timers.h"
#include "proc/signal_priv.h"
#include "proc/upcall.h"
#include "proc/wait.h"
#include "sched/group.h"
#include "sched/sched.h"
#include "sched/trace.h"
#include "smp/printk.h"
#include "task/cgroup.h"
#include "task/cputime.h"
#include "task/cred.h"
#include "task/pid.h"
#include "vm/kernel_stack.h"
#include "vm/mm.h"
#include "vm/mmu_context.h"
#include "vm/slab.h"

#define REPARENT_BATCH 32	/* children that move under one hold of tasklist_lock */

static bool thread_group_empty(struct task_struct *p)
{
	return p->signal->nr_threads == 1;
}

bool is_orphaned_pgrp(struct pid *pgrp, struct task_struct *ignored)
{
	struct task_struct *p;

	lockdep_assert_held(&tasklist_lock);
	LIST_FOREACH(p, &pgrp->tasks[PIDTYPE_PGID], pid_links[PIDTYPE_PGID]) {
		struct task_struct *parent = task_parent(p);

		if (p == ignored || (p->exit_state && thread_group_empty(p)) || parent->tgid <= 1)
			continue;
		if (task_pgrp(parent) != pgrp && task_session(parent) == task_session(p))
			return false;
	}
	return true;
}

static bool has_stopped_jobs(struct pid *pgrp)
{
	struct task_struct *p;

	LIST_FOREACH(p, &pgrp->tasks[PIDTYPE_PGID], pid_links[PIDTYPE_PGID])
		if (p->signal->flags & SIGNAL_STOP_STOPPED)
			return true;
	return false;
}

/* Groups whose stopped jobs are to be told that nobody in their session will let them go on. */
struct orphaned_pgrps {
	struct pid *pgrp[REPARENT_BATCH + 1];	/* the exiting one's own, too */
	unsigned int nr;
};

/* @p's exit, or its parent's, may orphan its group. Context: tasklist_lock exclusive. */
static void note_orphaned_pgrp(struct orphaned_pgrps *orphaned, struct task_struct *p, struct task_struct *parent)
{
	struct pid *pgrp = task_pgrp(p);
	struct task_struct *ignored = parent ? NULL : p;

	if (!parent)
		parent = task_parent(p);
	if (task_pgrp(parent) != pgrp && task_session(parent) == task_session(p) &&
	    is_orphaned_pgrp(pgrp, ignored) && has_stopped_jobs(pgrp))
		orphaned->pgrp[orphaned->nr++] = get_pid(pgrp);
}

/* A signal to each member takes its time: it is done with interrupts on. */
static void kill_orphaned_pgrps(struct orphaned_pgrps *orphaned)
{
	while (orphaned->nr) {
		struct pid *pgrp = orphaned->pgrp[--orphaned->nr];

		kill_pgrp(pgrp, SIGHUP);
		kill_pgrp(pgrp, SIGCONT);
		put_pid(pgrp);
	}
}

/* A thread of @p's group that may have children: it has not begun to exit. */
static struct task_struct *find_alive_thread(struct task_struct *p)
{
	struct task_struct *t;

	TAILQ_FOREACH(t, &p->signal->threads, thread_node)
		if (!(t->flags & PF_EXITING))
			break;
	return t;
}

/* Who takes the children of @father: a thread of its group, a subreaper, or init. */
static struct task_struct *find_new_reaper(struct task_struct *father)
{
	struct task_struct *reaper = find_alive_thread(father), *t;

	if (!reaper && father->signal->has_child_subreaper)
		for (t = task_parent(father); t->tgid > 1 && !reaper; t = task_parent(t))
			if (t->signal->is_child_subreaper)
				reaper = find_alive_thread(t);
	if (!reaper)
		reaper = find_alive_thread(find_task_by_vpid(1));
	if (!reaper)
		panic("Attempted to kill init!");
	return reaper;
}

/* The first child of @thread, or of those after it in its group. */
static struct task_struct *child_from(struct task_struct *thread)
{
	while (thread && TAILQ_EMPTY(&thread->children))
		thread = TAILQ_NEXT(thread, thread_node);
	return thread ? TAILQ_FIRST(&thread->children) : NULL;
}

/* The leader after @p of those below @top, in the order of the tree; @deeper: @p's children come next. */
static struct task_struct *next_descendant(struct task_struct *top, struct task_struct *p, bool deeper)
{
	struct task_struct *next = deeper ? child_from(TAILQ_FIRST(&p->signal->threads)) : NULL;

	for (; !next && p != top; p = task_parent(p)->group_leader) {
		next = TAILQ_NEXT(p, sibling);
		if (!next)
			next = child_from(TAILQ_NEXT(task_parent(p), thread_node));
	}
	return next;
}

void set_child_subreaper(bool on)
{
	struct task_struct *top = current->group_leader, *p = top;
	bool deeper = true;

	read_lock(&tasklist_lock);
	current->signal->is_child_subreaper = on;
	/* Who is there already finds us too; below one that knew of a subreaper all know. */
	while (on && (p = next_descendant(top, p, deeper))) {
		deeper = !p->signal->has_child_subreaper;
		p->signal->has_child_subreaper = true;
	}
	read_unlock(&tasklist_lock);
}

/* @p is a child of @reaper, with all its threads: who asks any of them for its parent gets one that is there. */
static void reparent(struct task_struct *p, struct task_struct *reaper)
{
	struct task_struct *t;

	TAILQ_REMOVE(&p->real_parent->children, p, sibling);
	TAILQ_INSERT_TAIL(&reaper->children, p, sibling);
	TAILQ_FOREACH(t, &p->signal->threads, thread_node) {
		t->real_parent = t->parent = reaper;
		if (t->pdeath_signal)
			(void)!group_send_sig(t->pdeath_signal, t);	/* if the dying parent might: @t may be a set-uid program */
	}
}

static bool in_pgrp_of_one(struct task_struct *p, struct task_struct *const *tasks, unsigned int nr)
{
	while (nr--)
		if (task_pgrp(tasks[nr]) == task_pgrp(p))
			return true;
	return false;
}

/*
 * Some of @father's children get another parent: there may be thousands, and interrupts are off. Dead ones that nobody
 * will wait for go to @dead. Each group is looked at once, when all of the batch have moved.
 * Return: whether some are left. Context: tasklist_lock exclusive.
 */
static bool reparent_children(struct task_struct *father, struct task_list *dead, struct orphaned_pgrps *orphaned)
{
	struct task_struct *reaper, *p, *moved[REPARENT_BATCH];
	unsigned int nr = 0;

	if (TAILQ_EMPTY(&father->children))
		return false;
	reaper = find_new_reaper(father);
	for (int i = 0; i < REPARENT_BATCH && (p = TAILQ_FIRST(&father->children)); i++) {
		reparent(p, reaper);
		if (reaper->signal == father->signal || p->exit_state == EXIT_DEAD)
			continue;
		p->exit_signal = SIGCHLD;
		if (p->exit_state == EXIT_ZOMBIE && thread_group_empty(p) &&
		    do_notify_parent(p, p->exit_signal)) {
			p->exit_state = EXIT_DEAD;
			LIST_INSERT_HEAD(dead, p, dead_link);
		}
		if (!in_pgrp_of_one(p, moved, nr))
			moved[nr++] = p;
	}
	for (unsigned int i = 0; i < nr; i++)
		note_orphaned_pgrp(orphaned, moved[i], father);
	return !TAILQ_EMPTY(&father->children);
}

/* Context: tasklist_lock exclusive; siglock is taken. Signals that wait go to @dropped. */
static void __exit_signal(struct task_struct *p, struct sigpending *dropped)
{
	struct signal_struct *sig = p->signal;
	struct sighand_struct *sh = p->sighand;
	bool group_dead = thread_group_empty(p);

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

/* ---- wait ---- */

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
