/* SPDX-License-Identifier: MIT */
/* Process numbers, and what bears them: tasks, groups, sessions. */
#include "task/pid.h"

#include "vm/slab.h"

rwlock_t tasklist_lock = { .class = LOCK_TASKLIST };
struct task_list all_tasks = LIST_HEAD_INITIALIZER(all_tasks);

static struct kmem_cache *pid_cache;
static DEFINE_SPINLOCK(pidmap_lock, LOCK_PID);
static unsigned long pidmap[PID_MAX_DEFAULT / 64] __guarded_by(pidmap_lock) = { 1 };	/* 0 is idle's */
#define PID_BUCKETS 256
static LIST_HEAD(, pid) pid_hash[PID_BUCKETS] __guarded_by(pidmap_lock);
static int last_pid __guarded_by(pidmap_lock);
static unsigned long pids_used __guarded_by(pidmap_lock);

#define RESERVED_PIDS 300	/* not given again after the first round */

void __init pid_init(void)
{
	pid_cache = kmem_cache_create("pid", sizeof(struct pid));
}

/* The first number at or above @nr that is in use, or is not; -1: none. */
static int find_nr(int nr, bool used) __must_hold(pidmap_lock)
{
	unsigned long word = 0;

	while (nr < PID_MAX_DEFAULT && !(word = (used ? pidmap[nr / 64] : ~pidmap[nr / 64]) >> (nr % 64)))
		nr = ALIGN_UP(nr + 1, 64);
	return word ? nr + __builtin_ctzl(word) : -1;
}

/* The next number free after last_pid, around once; -1 when all are taken. */
static int next_free_pid(void) __must_hold(pidmap_lock)
{
	int nr = find_nr(last_pid + 1, false);

	return nr > 0 ? nr : find_nr(RESERVED_PIDS, false);
}

struct pid *alloc_pid(void)
{
	struct pid *pid = kmem_cache_alloc(pid_cache, GFP_KERNEL);
	int nr;

	if (!pid)
		return ERR_PTR(-ENOMEM);
	atomic_set(&pid->count, 1);
	for (int t = 0; t < PIDTYPES; t++)
		LIST_INIT(&pid->tasks[t]);
	spin_lock_irq(&pidmap_lock);
	nr = next_free_pid();
	if (nr > 0) {
		pid->nr = last_pid = nr;
		LIST_INSERT_HEAD(&pid_hash[nr % PID_BUCKETS], pid, hash);
		pidmap[nr / 64] |= BIT(nr % 64);
		pids_used++;
	}
	spin_unlock_irq(&pidmap_lock);
	if (nr < 0) {
		kmem_cache_free(pid_cache, pid);
		return ERR_PTR(-EAGAIN);
	}
	return pid;
}

void put_pid(struct pid *pid)
{
	unsigned long flags;

	if (!pid || !atomic_dec_and_test(&pid->count))
		return;
	spin_lock_irqsave(&pidmap_lock, flags);
	LIST_REMOVE(pid, hash);
	pidmap[pid->nr / 64] &= ~BIT(pid->nr % 64);
	pids_used--;
	spin_unlock_irqrestore(&pidmap_lock, flags);
	kmem_cache_free(pid_cache, pid);
}

struct pid *find_get_pid(int nr)
{
	unsigned long flags;
	struct pid *pid;

	if (nr <= 0)
		return NULL;
	spin_lock_irqsave(&pidmap_lock, flags);
	LIST_FOREACH(pid, &pid_hash[nr % PID_BUCKETS], hash)
		if (pid->nr == nr)
			break;
	if (pid && !atomic_inc_not_zero(&pid->count))
		pid = NULL;
	spin_unlock_irqrestore(&pidmap_lock, flags);
	return pid;
}

struct task_struct *find_task_by_vpid(int nr)
{
	struct pid *pid;
	struct task_struct *p;

	lockdep_assert_held(&tasklist_lock);
	pid = find_get_pid(nr);
	p = pid ? LIST_FIRST(&pid->tasks[PIDTYPE_PID]) : NULL;
	put_pid(pid);
	return p;
}

struct task_struct *find_get_task_by_vpid(int nr)
{
	struct task_struct *p;

	read_lock(&tasklist_lock);
	p = find_task_by_vpid(nr);
	if (p)
		get_task_struct(p);
	read_unlock(&tasklist_lock);
	return p;
}

struct pid *get_task_pid(struct task_struct *p, enum pid_type type)
{
	struct pid *pid;

	read_lock(&tasklist_lock);
	pid = get_pid((type == PIDTYPE_PID ? p : p->group_leader)->pids[type]);
	read_unlock(&tasklist_lock);
	return pid;
}

void attach_pid(struct task_struct *p, enum pid_type type)
{
	assert_tasklist_write();
	LIST_INSERT_HEAD(&p->pids[type]->tasks[type], p, pid_links[type]);
}

void detach_pid(struct task_struct *p, enum pid_type type)
{
	assert_tasklist_write();
	LIST_REMOVE(p, pid_links[type]);
}

void change_pid(struct task_struct *p, enum pid_type type, struct pid *pid)
{
	struct pid *old = p->pids[type];

	assert_tasklist_write();
	detach_pid(p, type);
	p->pids[type] = get_pid(pid);
	attach_pid(p, type);
	put_pid(old);
}

unsigned long nr_pids(void)
{
	return READ_ONCE(pids_used);
}

int next_pid(s64 from)
{
	unsigned long flags;
	int nr;

	spin_lock_irqsave(&pidmap_lock, flags);
	nr = find_nr((int)min(max(from, 1L), (s64)PID_MAX_DEFAULT), true);
	spin_unlock_irqrestore(&pidmap_lock, flags);
	return nr;
}
