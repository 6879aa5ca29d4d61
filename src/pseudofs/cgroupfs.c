/* SPDX-License-Identifier: MIT */
/* Files of control groups. Ref: Linux Documentation/admin-guide/cgroup-v2.rst. */
#include "pseudofs/cgroupfs.h"

#include <string.h>

#include "lib/err.h"
#include "lib/parse.h"
#include "pseudofs/procfs.h"
#include "sched/bandwidth.h"
#include "sched/group.h"
#include "task/cgroup.h"
#include "task/cred.h"
#include "task/pid.h"
#include "task/signal_struct.h"
#include "vm/slab.h"

#define CGROUP_WEIGHT_MAX	10000
#define MIN_PERIOD_US		1000UL
#define MAX_PERIOD_US		1000000UL
#define MAX_QUOTA_US		((1UL << 44) - 1)

static int show_procs(struct seq_file *m, long id)
{
	struct cgroup *c;
	int err = 0, nr = 0;

	mutex_lock(&cgroup_mutex);
	c = find_cgroup(id);
	if (!c)
		err = -ENODEV;
	while (c && (nr = next_pid(nr)) >= 0) {
		struct task_struct *p = find_get_task_by_vpid(nr);

		/* By its leader's number a process is known, also when that one has ended and others live. */
		if (p && p->pid == p->tgid && READ_ONCE(p->signal->live) && task_cgroup(p) == c)
			seq_printf(m, "%d\n", nr);
		if (p)
			put_task_struct(p);
		nr++;
	}
	mutex_unlock(&cgroup_mutex);
	return err;
}

/* A number, with the line's end that echo adds. Return: -1: it is none. */
static int number_of(const char *text)
{
	char word[16];
	size_t n = strcspn(text, "\n");

	if (n >= sizeof(word) || (text[n] && text[n + 1]))
		return -1;
	memcpy(word, text, n);
	word[n] = '\0';
	return parse_uint(word);
}

/* All threads of a process change together: none can be made meanwhile. */
static int write_procs(long id, const char *text, size_t n)
{
	int nr = number_of(text);
	struct task_struct *p, *t;
	struct cgroup *c;
	int err = 0;

	(void)n;
	if (nr < 0)
		return -EINVAL;
	p = nr ? find_get_task_by_vpid(nr) : get_task_struct(current);
	if (!p)
		return -ESRCH;
	mutex_lock(&cgroup_mutex);
	c = find_cgroup(id);
	if (!c)
		err = -ENODEV;
	else if (p->flags & PF_KTHREAD)
		err = -EINVAL;
	else if (current_cred()->euid && current_cred()->euid != task_uid(p))
		err = -EACCES;
	if (!err) {
		read_lock(&tasklist_lock);
		TAILQ_FOREACH(t, &p->signal->threads, thread_node)
			err = sched_move_task(t, c->tg);
		read_unlock(&tasklist_lock);
	}
	mutex_unlock(&cgroup_mutex);
	put_task_struct(p);
	return err;
}

static int show_weight(struct seq_file *m, long id)
{
	struct cgroup *c;
	int err = 0;

	mutex_lock(&cgroup_mutex);
	c = find_cgroup(id);
	if (c)
		seq_printf(m, "%u\n", c->weight);
	else
		err = -ENODEV;
	mutex_unlock(&cgroup_mutex);
	return err;
}

static int write_weight(long id, const char *text, size_t n)
{
	int weight = number_of(text);
	struct cgroup *c;
	int err = 0;

	(void)n;
	if (weight < 0)
		return -EINVAL;
	if (weight < 1 || weight > CGROUP_WEIGHT_MAX)
		return -ERANGE;
	mutex_lock(&cgroup_mutex);
	c = find_cgroup(id);
	if (c) {
		c->weight = weight;
		sched_group_set_shares(c->tg, (weight * 1024UL + CGROUP_WEIGHT_DFL / 2) / CGROUP_WEIGHT_DFL);
	} else {
		err = -ENODEV;
	}
	mutex_unlock(&cgroup_mutex);
	return err;
}

static int show_max(struct seq_file *m, long id)
{
	struct sched_group_bandwidth b;
	struct cgroup *c;

	mutex_lock(&cgroup_mutex);
	c = find_cgroup(id);
	if (c)
		sched_group_get_bandwidth(c->tg, &b);
	mutex_unlock(&cgroup_mutex);
	if (!c)
		return -ENODEV;
	if (b.quota == ~0ULL)
		seq_printf(m, "max %lu\n", b.period / 1000);
	else
		seq_printf(m, "%lu %lu\n", b.quota / 1000, b.period / 1000);
	return 0;
}

/* The number that @*text begins with, after blanks: then @*text is behind it, and true is returned. Too large: ~0 >> 20. */
static bool number_from(const char **text, u64 *v)
{
	const char *s = *text + strspn(*text, " \t\n");

	if (*s < '0' || *s > '9')
		return false;
	for (*v = 0; *s >= '0' && *s <= '9'; s++)
		*v = min(*v * 10 + *s - '0', ~0ULL >> 16);
	*text = s;
	return true;
}

/* "QUOTA|max [PERIOD]", in microseconds. What follows and is no number is not looked at. */
static int write_max(long id, const char *text, size_t n)
{
	struct sched_group_bandwidth b;
	bool limited, has_period;
	u64 quota = 0, period;
	struct cgroup *c;
	int err = 0;

	(void)n;
	text += strspn(text, " \t\n");
	limited = number_from(&text, &quota);
	if (!limited && (strncmp(text, "max", 3) || (text[3] && !strchr(" \t\n", text[3]))))
		return -EINVAL;
	text += strcspn(text, " \t\n");
	has_period = number_from(&text, &period);
	mutex_lock(&cgroup_mutex);
	c = find_cgroup(id);
	if (!c) {
		err = -ENODEV;
	} else {
		sched_group_get_bandwidth(c->tg, &b);
		if (!has_period)
			period = b.period / 1000;
		if ((limited && (quota < MIN_PERIOD_US || quota > MAX_QUOTA_US)) || period < MIN_PERIOD_US || period > MAX_PERIOD_US)
			err = -EINVAL;
		else
			sched_group_set_bandwidth(c->tg, limited ? quota * 1000 : ~0ULL, period * 1000);
	}
	mutex_unlock(&cgroup_mutex);
	return err;
}

static int show_stat(struct seq_file *m, long id)
{
	struct sched_group_bandwidth b = { 0 };
	struct cgroup *c;
	u64 usage = 0;

	mutex_lock(&cgroup_mutex);
	c = find_cgroup(id);
	if (c) {
		usage = sched_group_usage(c->tg);
		sched_group_get_bandwidth(c->tg, &b);
	}
	mutex_unlock(&cgroup_mutex);
	if (!c)
		return -ENODEV;
	seq_printf(m, "usage_usec %lu\n", usage / 1000);
	if (id)
		seq_printf(m, "nr_periods %lu\nnr_throttled %lu\nthrottled_usec %lu\n", b.nr_periods, b.nr_throttled,
			   b.throttled_time / 1000);
	return 0;
}

static int show_events(struct seq_file *m, long id)
{
	struct cgroup *c, *t;
	int populated = 0;

	mutex_lock(&cgroup_mutex);
	c = find_cgroup(id);
	TAILQ_FOREACH(t, &cgroups, list)
		for (struct cgroup *up = t; up; up = up->parent)
			populated |= up == c && sched_group_nr_tasks(t->tg);
	mutex_unlock(&cgroup_mutex);
	if (!c)
		return -ENODEV;
	seq_printf(m, "populated %d\n", populated);
	return 0;
}

static int show_controllers(struct seq_file *m, long id)
{
	(void)id;
	seq_printf(m, "cpu\n");
	return 0;
}

/* The controller is always on: taking it away is refused. */
static int write_subtree_control(long id, const char *text, size_t n)
{
	(void)id, (void)n;
	return !strcmp(text, "+cpu") || !strcmp(text, "+cpu\n") ? 0 :
	       !strncmp(text, "-cpu", 4) ? -EOPNOTSUPP : -EINVAL;
}

#define COMMON_ENTRIES								\
	{ "cgroup.controllers", S_IFREG | 0444, .show = show_controllers },	\
	{ "cgroup.procs", S_IFREG | 0644, .show = show_procs, .write = write_procs }, \
	{ "cgroup.subtree_control", S_IFREG | 0644, .show = show_controllers, .write = write_subtree_control }, \
	{ "cpu.stat", S_IFREG | 0444, .show = show_stat }

static const struct proc_entry cgroup_root_entries[] = {
	COMMON_ENTRIES,
	{ 0 },
};
static const struct proc_entry cgroup_entries[] = {
	COMMON_ENTRIES,
	{ "cgroup.events", S_IFREG | 0444, .show = show_events },
	{ "cpu.max", S_IFREG | 0644, .show = show_max, .write = write_max },
	{ "cpu.weight", S_IFREG | 0644, .show = show_weight, .write = write_weight },
	{ 0 },
};
static const struct proc_entry cgroup_dir;

static struct dentry *cgroup_lookup(struct dentry *dir, const char *name, long id)
{
	struct cgroup *c;
	long child = 0;

	mutex_lock(&cgroup_mutex);
	c = find_child(id, name);
	if (c)
		child = c->id;
	mutex_unlock(&cgroup_mutex);
	return c ? proc_new_dentry(dir, &cgroup_dir, name, child) : ERR_PTR(-ENOENT);
}

/* Positions from 256 on: a group's number, so that one that goes shifts no other. */
static void cgroup_list(struct dir_context *ctx, long id)
{
	struct cgroup *c;

	mutex_lock(&cgroup_mutex);
	TAILQ_FOREACH(c, &cgroups, list) {
		if (!c->parent || c->parent->id != id || c->id < ctx->pos - 256)
			continue;
		if (!ctx->emit(ctx, c->name, c->id, S_IFDIR))
			break;
		ctx->pos = 256 + c->id + 1;
	}
	mutex_unlock(&cgroup_mutex);
}

static const struct proc_entry cgroup_dir = {
	.mode = S_IFDIR | 0755, .entries = cgroup_entries, .lookup = cgroup_lookup, .list = cgroup_list, .mkdir = cgroup_mkdir,
	.rmdir = cgroup_rmdir,
};
static const struct proc_entry cgroup_root_dir = {
	.mode = S_IFDIR | 0755, .entries = cgroup_root_entries, .lookup = cgroup_lookup, .list = cgroup_list, .mkdir = cgroup_mkdir,
	.rmdir = cgroup_rmdir,
};
static struct pseudo_fs cgroup_fs = PSEUDO_FS("cgroup2", CGROUP2_SUPER_MAGIC, &cgroup_root_dir);

void __init cgroupfs_init(void)
{
	register_filesystem(&cgroup_fs.type);
}
