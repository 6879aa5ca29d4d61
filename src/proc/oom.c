/* SPDX-License-Identifier: MIT */
/*
 * There is no memory for a task that cannot do without: a process must go. The one that holds the most is killed,
 * with all that share its memory; the task waits for what that frees, and tries again. A process
 * holds what its end would free: its pages, their tables, its regions, its threads' stacks,
 * and its part of what open files hold. Memory that no end frees is limited elsewhere (vm/shmem.h).
 *
 * A user's many small processes may hold as much as one large one: each counts for a quarter of
 * them all, too. Root's do not, for they are the machine's own.
 *
 * No other process is killed until the victim's memory is free, which is later than when it leaves its
 * address space. That is waited for PATIENCE long: the victim may wait for a task that waits for us. A process
 * that holds the most and ends by itself is waited for likewise.
 *
 * Ref: Linux mm/oom_kill.c.
 */
#include "proc/oom.h"

#include <string.h>

#include "fs/fdtable.h"
#include "fs/file.h"
#include "proc/signal.h"
#include "sched/sched.h"
#include "sched/sleep.h"
#include "smp/printk.h"
#include "task/cred.h"
#include "task/pid.h"
#include "task/signal_struct.h"
#include "task/user.h"
#include "vm/mm.h"
#include "vm/page_alloc.h"

#define PATIENCE (2 * NSEC_PER_SEC)
#define VMA_MORE 192		/* bytes: a region's anon_vma, or its shared memory's object */
#define TASK_PAGES (THREAD_SIZE / PAGE_SIZE + 1)

#define TURN (NSEC_PER_SEC / 10)	/* a task that has not chosen by then does not run; another one may choose */
#define MAX_WORDS 16		/* of a table of descriptors, 64 each, that are looked at with its lock held */

static u64 oom_turn;		/* [a] ns, since when somebody chooses; 0: nobody does */
static u32 oom_round;		/* [a] */

static unsigned long to_pages(unsigned long bytes)
{
	return bytes >> PAGE_SHIFT;
}

static unsigned long mm_pages(const struct mm_struct *mm)
{
	unsigned long n = 1 + to_pages(atomic_read(&mm->pgtables) + mm->map_count * (sizeof(struct vm_area_struct) + VMA_MORE));

	for (int i = 0; i < NR_MM_COUNTERS; i++)
		n += max(atomic_read(&mm->rss[i]), 0L);
	return n;
}

/*
 * Bytes that a table of open files holds: what they hold is parted among all who have them open. Of a large one it is
 * guessed from some words, other ones each time. Context: file_lock.
 */
static unsigned long files_bytes(const struct files_struct *files) __must_hold(files->file_lock)
{
	const struct fdtable *t = &files->fdt;
	unsigned int step = (t->max_fds / 64 + MAX_WORDS - 1) / MAX_WORDS;
	unsigned long bytes = 0;

	for (unsigned int w = READ_ONCE(oom_round) % step; w < t->max_fds / 64; w += step)
		for (unsigned long bits = t->open_fds[w]; bits; bits &= bits - 1) {
			const struct file *f = t->fd[w * 64 + __builtin_ctzl(bits)];
			size_t held = sizeof(*f) + (f->f_op && f->f_op->held ? f->f_op->held(f) : 0);

			bytes += held / max(atomic_read(&f->refcount), 1);
		}
	return (bytes * step + t->max_fds * sizeof(struct file *)) / max(atomic_read(&files->count), 1);
}

/* A group's. */
struct holding {
	unsigned long pages;		/* 0: it holds nothing any more that its end would free */
	bool lives;			/* some thread has not begun to exit */
	const struct mm_struct *mm;	/* not to be followed; NULL: it has none (any more) */
	const struct files_struct *files; /* of the thread that was added last, */
	unsigned long file_bytes;	/* and what they hold */
};

/*
 * Add what @t holds. Context: tasklist_lock. file_lock comes before it in the order, and is only tried: the files of a task that
 * changes them now count the next time.
 */
static void add_thread(struct task_struct *t, struct holding *h) __no_lock_analysis
{
	struct task_struct *child;

	h->lives |= !(t->flags & PF_EXITING);
	spin_lock(&t->alloc_lock);
	if (t->mm && !h->mm) {
		h->mm = t->mm;
		h->pages += mm_pages(t->mm);
	}
	if (t->files && t->files != h->files && spin_trylock(&t->files->file_lock)) {
		h->file_bytes = files_bytes(t->files);
		spin_unlock(&t->files->file_lock);
	}
	h->files = t->files;
	h->pages += TASK_PAGES + (t->files ? to_pages(h->file_bytes) : 0);
	spin_unlock(&t->alloc_lock);
	/* A dead child's structures are its parent's, until that waits for it. */
	TAILQ_FOREACH(child, &t->children, sibling)
		if (child->exit_state)
			h->pages += TASK_PAGES;
}

/* Of @p's group. A thread gives back all that it has before it is a zombie. Context: tasklist_lock. */
static struct holding group_holding(struct task_struct *p)
{
	struct holding h = { 0 };
	struct task_struct *t;

	TAILQ_FOREACH(t, &p->signal->threads, thread_node)
		if (!t->exit_state)
			add_thread(t, &h);
	return h;
}

static bool is_immortal(const struct task_struct *p)
{
	return (p->flags & PF_KTHREAD) || (p->signal->flags & SIGNAL_UNKILLABLE) || p->signal->oom_score_adj == OOM_SCORE_ADJ_MIN;
}

/* A child that borrows the memory of its parent (vfork) may be killed only if the parent may. Context: tasklist_lock. */
static bool may_be_killed(struct task_struct *p)
{
	bool borrows;

	if (is_immortal(p))
		return false;
	spin_lock(&p->alloc_lock);
	borrows = p->vfork_done && p->mm && p->mm == READ_ONCE(task_parent(p)->mm);
	spin_unlock(&p->alloc_lock);
	return !borrows || !is_immortal(task_parent(p));
}

long oom_badness(struct task_struct *p)
{
	unsigned long pages = may_be_killed(p) ? group_holding(p).pages : 0;

	lockdep_assert_held(&tasklist_lock);
	return pages ? (long)pages + p->signal->oom_score_adj * (long)totalram_pages() / 1000 : OOM_NEVER;
}

/* Note what each process holds. tasklist_lock is let go of between one and the next. Context: task. */
static void count_all(void)
{
	for (int nr = 1; (nr = next_pid(nr)) >= 0; nr++) {
		struct task_struct *p;

		read_lock(&tasklist_lock);
		p = find_task_by_vpid(nr);
		if (p && p->group_leader == p)
			WRITE_ONCE(p->signal->oom_pages, group_holding(p).pages);
		read_unlock(&tasklist_lock);
	}
}

/* Add @more pages to those of @p's user in @round. Return: their sum so far; 0 for root. Context: tasklist_lock. */
static unsigned long user_total(struct task_struct *p, u32 round, unsigned long more)
{
	struct user_struct *user = get_task_user(p);
	unsigned long total = 0;

	if (user != &root_user) {
		if (user->oom_round != round)
			user->oom_pages = 0;
		user->oom_round = round;
		total = user->oom_pages += more;
	}
	free_uid(user);
	return total;
}

/* Is nothing of @p's group there any more but its status? */
static bool is_dead(const struct task_struct *p)
{
	return p->exit_state && p->signal->nr_threads == 1;
}

/*
 * Choose the process that is to go. Return: it; or NULL, for one goes already. *@any: is there one that may be killed at all?
 * Context: tasklist_lock, after count_all().
 */
static struct task_struct *select_bad_process(u64 now, u32 round, bool *any)
{
	struct task_struct *p, *worst = NULL;
	long most = OOM_NEVER;

	LIST_FOREACH(p, &all_tasks, tasks)
		user_total(p, round, is_dead(p) ? 0 : READ_ONCE(p->signal->oom_pages));
	LIST_FOREACH(p, &all_tasks, tasks) {
		u64 since = READ_ONCE(p->signal->oom_since);
		long points = READ_ONCE(p->signal->oom_pages);

		if (is_dead(p) || !may_be_killed(p))
			continue;
		*any = true;
		if (!points || (since && (s64)(now - since) > (s64)PATIENCE))
			continue;
		if (since)
			return NULL;
		points += user_total(p, round, 0) / 4 + p->signal->oom_score_adj * (long)totalram_pages() / 1000;
		if (points > most) {
			most = points;
			worst = p;
		}
	}
	return worst;
}

static bool has_mm(struct task_struct *p, const struct mm_struct *mm)
{
	struct task_struct *t;

	TAILQ_FOREACH(t, &p->signal->threads, thread_node)
		if (READ_ONCE(t->mm) == mm)
			return true;
	return false;
}

/* Kill @victim, and all that share its memory, which is not free before they are gone. Context: tasklist_lock. */
static void oom_kill_process(struct task_struct *victim)
{
	const struct mm_struct *mm = group_holding(victim).mm;
	struct task_struct *p;

	pr_err("Out of memory: Killed process %d (%s) UID:%u total:%lukB oom_score_adj:%d\n", victim->pid, victim->comm,
	       task_uid(victim), victim->signal->oom_pages * 4, victim->signal->oom_score_adj);
	send_sig_info(SIGKILL, NULL, victim, true);
	LIST_FOREACH(p, &all_tasks, tasks)
		if (mm && p != victim && !(p->flags & PF_KTHREAD) && !(p->signal->flags & SIGNAL_UNKILLABLE) && has_mm(p, mm))
			send_sig_info(SIGKILL, NULL, p, true);
}

static void choose_and_kill(u64 now)
{
	u32 round = __atomic_add_fetch(&oom_round, 1, __ATOMIC_RELAXED);
	struct task_struct *worst;
	bool any = false;

	count_all();
	read_lock(&tasklist_lock);
	worst = select_bad_process(now, round, &any);
	/* A process that ends by itself is waited for, too. */
	if (worst && !cmpxchg(&worst->signal->oom_since, 0, now) && group_holding(worst).lives &&
	    !(worst->signal->flags & SIGNAL_GROUP_EXIT))
		oom_kill_process(worst);
	read_unlock(&tasklist_lock);
	if (!any)
		panic("Out of memory and no killable processes");
}

void out_of_memory(void)
{
	u64 now = ktime_get_ns(), turn = READ_ONCE(oom_turn);

	if (vm_is_short() && !fatal_signal_pending(current) && (!turn || (s64)(now - turn) > (s64)TURN) &&
	    cmpxchg(&oom_turn, turn, now) == turn) {
		choose_and_kill(now);
		cmpxchg(&oom_turn, now, 0);
	}
	if (!fatal_signal_pending(current)) {
		__set_current_state(TASK_KILLABLE);
		schedule_timeout(ktime_get_ns() + NSEC_PER_SEC / 100);
	}
}

bool oom_retry(unsigned int *tries)
{
	if (++*tries > OOM_TRIES || signal_pending(current) || (current->flags & PF_KTHREAD) || !vm_is_short())
		return false;
	out_of_memory();
	return !signal_pending(current);
}

bool oom_retry_access(void)
{
	if (fatal_signal_pending(current) || !vm_is_short())
		return false;
	out_of_memory();
	return !fatal_signal_pending(current);
}
