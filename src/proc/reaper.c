/* SPDX-License-Identifier: MIT */
/*
 * The children of a task that ends get another parent: a thread of the same process that goes on, the nearest
 * ancestor that said it would take them (a subreaper, PR_SET_CHILD_SUBREAPER), or init.
 * Ref: Linux kernel/exit.c, forget_original_parent().
 */
#include "proc/reaper.h"

#include "proc/kill.h"
#include "proc/orphaned_pgrp.h"
#include "proc/sigchld.h"
#include "smp/printk.h"
#include "task/pid.h"
#include "task/signal_struct.h"

/* A thread of @p's group that may have children: it has not begun to exit. */
static struct task_struct *find_alive_thread(struct task_struct *p)
{
	struct task_struct *t;

	TAILQ_FOREACH(t, &p->signal->threads, thread_node)
		if (!(t->flags & PF_EXITING))
			break;
	return t;
}

/* The task that takes the children of @father: a thread of its group, a subreaper, or init. */
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
	/* Descendants that are there already find us, too. Those below one that knows of a subreaper know of one themselves. */
	while (on && (p = next_descendant(top, p, deeper))) {
		deeper = !p->signal->has_child_subreaper;
		p->signal->has_child_subreaper = true;
	}
	read_unlock(&tasklist_lock);
}

/* @reaper is the parent of @p from now on, and of all its threads: task_parent() of any of them is a task that is there. */
static void reparent(struct task_struct *p, struct task_struct *reaper)
{
	struct task_struct *t;

	assert_tasklist_write();
	TAILQ_REMOVE(&p->real_parent->children, p, sibling);
	TAILQ_INSERT_TAIL(&reaper->children, p, sibling);
	TAILQ_FOREACH(t, &p->signal->threads, thread_node) {
		t->real_parent = t->parent = reaper;
		if (t->pdeath_signal)
			(void)!group_send_sig(t->pdeath_signal, t);	/* if the dying parent may signal it: @t may be a set-uid program */
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
bool reparent_children(struct task_struct *father, struct task_list *dead, struct orphaned_pgrps *orphaned)
{
	struct task_struct *reaper, *p, *moved[REPARENT_BATCH];
	unsigned int nr = 0;

	assert_tasklist_write();
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
