/* SPDX-License-Identifier: MIT */
#include "task/cputime.h"

#include "sched/stats.h"
#include "sched/task.h"
#include "task/pid.h"
#include "task/signal_struct.h"
#include "vm/mm.h"

/* What tasks have used: times, switches, faults. Ref: Linux kernel/sched/cputime.c, kernel/sys.c. */

static struct k_timeval to_timeval(u64 ns)
{
	return (struct k_timeval){ ns / NSEC_PER_SEC, ns % NSEC_PER_SEC / 1000 };
}

/*
 * Run time is exact, its split into user and system is sampled: scale the samples. A new sample changes what the old
 * time was split into; what was told once goes back for neither. Ref: Linux cputime_adjust().
 */
static void scale_times(struct prev_cputime *prev, u64 total, u64 *utime, u64 *stime)
{
	u64 sampled = *utime + *stime;
	unsigned long flags;

	*stime = sampled ? (unsigned __int128)total * *stime / sampled : 0;
	spin_lock_irqsave(&prev->lock, flags);
	total = max(total, prev->utime + prev->stime);
	*stime = min(max(*stime, prev->stime), total - prev->utime);
	*utime = total - *stime;
	prev->utime = *utime;
	prev->stime = *stime;
	spin_unlock_irqrestore(&prev->lock, flags);
}

void task_group_times(struct task_struct *p, u64 *utime, u64 *stime)
{
	struct task_struct *t;
	u64 total = p->signal->sum_exec;

	lockdep_assert_held(&tasklist_lock);
	*utime = p->signal->utime;
	*stime = p->signal->stime;
	TAILQ_FOREACH(t, &p->signal->threads, thread_node) {
		*utime += t->utime;
		*stime += t->stime;
		total += task_sched_runtime(t);
	}
	scale_times(&p->signal->prev_cputime, total, utime, stime);
}

void task_times(struct task_struct *p, u64 *utime, u64 *stime)
{
	*utime = p->utime;
	*stime = p->stime;
	scale_times(&p->prev_cputime, task_sched_runtime(p), utime, stime);
}

/* Pages that @p has in memory now. alloc_lock, for it may be in execve(), or on its way out. */
static unsigned long resident_pages(struct task_struct *p)
{
	unsigned long n = 0;

	spin_lock(&p->alloc_lock);
	for (int i = 0; p->mm && i < NR_MM_COUNTERS; i++)
		n += atomic_read(&p->mm->rss[i]);
	spin_unlock(&p->alloc_lock);
	return n;
}

static void add_counts(struct k_rusage *ru, unsigned long nvcsw, unsigned long nivcsw, unsigned long minflt, unsigned long majflt)
{
	ru->nvcsw += nvcsw;
	ru->nivcsw += nivcsw;
	ru->minflt += minflt;
	ru->majflt += majflt;
}

/* Add the counts of all threads of @p's process, of those that are gone, too. */
static void add_group_counts(struct k_rusage *ru, struct task_struct *p)
{
	struct signal_struct *sig = p->signal;
	struct task_struct *t;

	add_counts(ru, sig->nvcsw, sig->nivcsw, sig->min_flt, sig->maj_flt);
	TAILQ_FOREACH(t, &sig->threads, thread_node)
		add_counts(ru, t->nvcsw, t->nivcsw, t->min_flt, t->maj_flt);
}

void getrusage(struct task_struct *p, int who, struct k_rusage *ru)
{
	struct signal_struct *sig = p->signal;
	u64 utime = 0, stime = 0, u, s;
	unsigned long rss = 0;

	lockdep_assert_held(&tasklist_lock);
	*ru = (struct k_rusage){ 0 };
	if (who == RUSAGE_THREAD) {
		task_times(p, &utime, &stime);
		add_counts(ru, p->nvcsw, p->nivcsw, p->min_flt, p->maj_flt);
	}
	if (who == RUSAGE_CHILDREN || who == RUSAGE_BOTH) {
		utime = sig->cutime;
		stime = sig->cstime;
		add_counts(ru, sig->cnvcsw, sig->cnivcsw, sig->cmin_flt, sig->cmaj_flt);
		rss = sig->cmaxrss;
	}
	if (who == RUSAGE_SELF || who == RUSAGE_BOTH) {
		task_group_times(p, &u, &s);
		utime += u;
		stime += s;
		add_group_counts(ru, p);
	}
	if (who != RUSAGE_CHILDREN)
		rss = max(rss, max(sig->maxrss, resident_pages(p)));
	ru->utime = to_timeval(utime);
	ru->stime = to_timeval(stime);
	ru->maxrss = rss * (PAGE_SIZE / 1024);
}

void reap_accounts(struct task_struct *p)
{
	struct signal_struct *to = current->signal, *from = p->signal;
	struct k_rusage self = { 0 };
	u64 utime, stime;

	lockdep_assert_held(&tasklist_lock);
	add_group_counts(&self, p);
	task_group_times(p, &utime, &stime);
	spin_lock_irq(&current->sighand->siglock);
	to->cutime += utime + from->cutime;
	to->cstime += stime + from->cstime;
	to->cnvcsw += self.nvcsw + from->cnvcsw;
	to->cnivcsw += self.nivcsw + from->cnivcsw;
	to->cmin_flt += self.minflt + from->cmin_flt;
	to->cmaj_flt += self.majflt + from->cmaj_flt;
	to->cmaxrss = max(to->cmaxrss, max(from->maxrss, from->cmaxrss));
	spin_unlock_irq(&current->sighand->siglock);
}
