/* SPDX-License-Identifier: MIT */
/*
 * No memory for a fault that cannot fail: somebody must go. The process with the
 * most resident memory is killed, init and kernel threads apart; who faulted
 * waits for what that frees, and tries again. Nobody else is killed until the victim's
 * memory is free, which is later than when it leaves its address space; but not for
 * ever, for somebody may share it. Ref: Linux mm/oom_kill.c.
 */
#include "proc/proc.h"

#include "vm/mm.h"

#include "smp/printk.h"

/* Resident pages of @p's group; 0 when it has no address space (any more). Context: tasklist_lock. */
static unsigned long group_rss(struct task_struct *p)
{
	struct task_struct *t;
	unsigned long rss = 0;

	TAILQ_FOREACH(t, &p->signal->threads, thread_node) {
		spin_lock(&t->alloc_lock);
		for (int i = 0; t->mm && i < NR_MM_COUNTERS; i++)
			rss += atomic_read(&t->mm->rss[i]);
		if (t->mm && !rss)
			rss = 1;
		spin_unlock(&t->alloc_lock);
		if (rss)
			break;	/* threads share it */
	}
	return rss;
}

static u64 last_kill;	/* ns; read and written without lock: a wrong one kills early, or late */

/* Context: tasklist_lock. */
static void mark_oom_victim(struct task_struct *p)
{
	struct task_struct *t;

	TAILQ_FOREACH(t, &p->signal->threads, thread_node) {
		spin_lock(&t->alloc_lock);
		if (t->mm && !xchg(&t->mm->oom_victim, 1))
			atomic_inc(&nr_oom_victims);
		spin_unlock(&t->alloc_lock);
	}
	WRITE_ONCE(last_kill, ktime_get_ns());
}

/* Whom to kill: NULL when someone is dying already (*@dying), or there is nobody. */
static struct task_struct *select_bad_process(bool *dying, unsigned long *most)
{
	struct task_struct *p, *victim = NULL;

	if (atomic_read(&nr_oom_victims) && ktime_get_ns() - READ_ONCE(last_kill) < 2 * NSEC_PER_SEC) {
		*dying = true;
		return NULL;
	}
	LIST_FOREACH(p, &all_tasks, tasks) {
		unsigned long rss;

		if ((p->flags & PF_KTHREAD) || (p->signal->flags & SIGNAL_UNKILLABLE))
			continue;
		rss = group_rss(p);
		if (rss && (p->signal->flags & SIGNAL_GROUP_EXIT)) {
			*dying = true;
			return NULL;
		}
		if (rss > *most) {
			*most = rss;
			victim = p;
		}
	}
	return victim;
}

void out_of_memory(void)
{
	struct task_struct *victim;
	unsigned long rss = 0;
	bool dying = false;

	read_lock(&tasklist_lock);
	victim = select_bad_process(&dying, &rss);
	if (victim) {
		pr_err("Out of memory: Killed process %d (%s) rss:%lukB\n", victim->pid, victim->comm, rss * 4);
		mark_oom_victim(victim);
		send_sig_info(SIGKILL, NULL, victim, true);
	}
	read_unlock(&tasklist_lock);
	if (!victim && !dying)
		panic("Out of memory and no killable processes");
	if (!fatal_signal_pending(current)) {
		__set_current_state(TASK_KILLABLE);
		schedule_timeout(ktime_get_ns() + NSEC_PER_SEC / 100);
	}
}
