/* SPDX-License-Identifier: MIT */
/*
 * What may be tuned at run time: /proc/sys/kernel, and the fair class's own under
 * /sys/kernel/debug/sched, in Linux's names and units.
 */
#include "pseudofs/sysctl.h"

#include <string.h>

#include "events/event.h"
#include "fs/pipe.h"
#include "lib/err.h"
#include "lib/parse.h"
#include "proc/fork.h"
#include "proc/signal_frame.h"
#include "pseudofs/watchdog.h"
#include "sched/tunables.h"
#include "task/pid.h"

struct ctl {
	const char *name;
	u64 *value;
	u64 unit;			/* the file's number times this is the value */
	u64 min, max;			/* of the file's number; SYSCTL_NONE allowed: it reads and writes as -1 */
	bool (*valid)(const u64 *value, u64 v);	/* optional: may @value become @v, beside the others? */
};

#define SYSCTL_NONE ~0ULL
#define US NSEC_PER_USEC
#define MS NSEC_PER_MSEC

/* A runtime is part of its period. Two writers at once are not kept from each other: then it is no limit. */
static bool rt_limit_valid(const u64 *value, u64 v)
{
	u64 period = value == &sysctl_sched_rt_period ? v : READ_ONCE(sysctl_sched_rt_period);
	u64 runtime = value == &sysctl_sched_rt_runtime ? v : READ_ONCE(sysctl_sched_rt_runtime);

	return runtime == SYSCTL_NONE || runtime <= period;
}

static const struct ctl kernel_ctls[] = {
	{ "hung_task_timeout_secs", &sysctl_hung_task_timeout, 1, 0, 1000000 },
	{ "perf_event_max_sample_rate", &sysctl_perf_event_sample_rate, 1, 1, 100000 },
	{ "perf_event_max_stack", &sysctl_perf_event_max_stack, 1, 0, PERF_MAX_STACK_DEPTH },
	{ "perf_event_mlock_kb", &sysctl_perf_event_mlock, 1024, 0, 1 << 30 },
	{ "perf_event_paranoid", &sysctl_perf_event_paranoid, 1, 0, SYSCTL_NONE },
	{ "sched_autogroup_enabled", &sysctl_sched_autogroup_enabled, 1, 0, 1 },
	{ "sched_child_runs_first", &sysctl_sched_child_runs_first, 1, 0, 1 },
	{ "sched_rr_timeslice_ms", &sysctl_sched_rr_timeslice, MS, 1, 10000 },
	{ "sched_rt_period_us", &sysctl_sched_rt_period, US, 1000, 100000000, rt_limit_valid },
	{ "sched_rt_runtime_us", &sysctl_sched_rt_runtime, US, 0, SYSCTL_NONE, rt_limit_valid },
	{ "threads-max", &sysctl_threads_max, 1, 20, PID_MAX_DEFAULT },
	{ "watchdog_thresh", &sysctl_watchdog_thresh, 1, 0, 60 },
};

static const struct ctl sched_ctls[] = {
	{ "latency_ns", &sysctl_sched_latency, 1, 100000, NSEC_PER_SEC },
	{ "migration_cost_ns", &sysctl_sched_migration_cost, 1, 0, NSEC_PER_SEC - 1 },
	{ "min_granularity_ns", &sysctl_sched_min_granularity, 1, 100000, NSEC_PER_SEC - 1 },
	{ "nr_migrate", &sysctl_sched_nr_migrate, 1, 1, 1024 },
	{ "wakeup_granularity_ns", &sysctl_sched_wakeup_granularity, 1, 0, NSEC_PER_SEC - 1 },
};

static const struct ctl debug_ctls[] = {
	{ "exception-trace", &show_unhandled_signals, 1, 0, 1 },
};

static const struct ctl fs_ctls[] = {
	{ "file-max", &sysctl_file_max, 1, 0, 999999999 },
	{ "pipe-max-size", &sysctl_pipe_max_size, 1, PAGE_SIZE, 1 << 30 },
	{ "pipe-user-pages-hard", &sysctl_pipe_user_pages_hard, 1, 0, 999999999 },
	{ "pipe-user-pages-soft", &sysctl_pipe_user_pages_soft, 1, 0, 999999999 },
};

static const struct {
	const struct ctl *ctls;
	unsigned int nr;
} tables[] = {
	[SYSCTL_KERNEL] = { kernel_ctls, ARRAY_SIZE(kernel_ctls) }, [SYSCTL_SCHED] = { sched_ctls, ARRAY_SIZE(sched_ctls) },
	[SYSCTL_FS] = { fs_ctls, ARRAY_SIZE(fs_ctls) }, [SYSCTL_DEBUG] = { debug_ctls, ARRAY_SIZE(debug_ctls) },
};

/* A file's data: its table's number, and its own. */
static const struct ctl *ctl_of(long data)
{
	return &tables[data >> 8].ctls[data & 0xff];
}

static int show_ctl(struct seq_file *m, long data)
{
	const struct ctl *c = ctl_of(data);
	u64 v = READ_ONCE(*c->value);

	if (v == SYSCTL_NONE)
		seq_printf(m, "-1\n");
	else
		seq_printf(m, "%lu\n", v / c->unit);
	return 0;
}

static int write_ctl(long data, const char *text, size_t n)
{
	const struct ctl *c = ctl_of(data);
	char number[16];
	long v;

	n -= n && text[n - 1] == '\n';
	if (!n || n >= sizeof(number))
		return -EINVAL;
	memcpy(number, text, n);
	number[n] = '\0';
	if (c->max == SYSCTL_NONE && !strcmp(number, "-1")) {
		WRITE_ONCE(*c->value, SYSCTL_NONE);
		return 0;
	}
	v = parse_uint(number);
	if (v < 0 || (u64)v < c->min || (u64)v > c->max || (c->valid && !c->valid(c->value, v * c->unit)))
		return -EINVAL;
	WRITE_ONCE(*c->value, v * c->unit);
	return 0;
}

static const char *const feature_names[] = {
#define FEATURE_NAME(name) #name,
	SCHED_FEATURES(FEATURE_NAME)
};

int sched_features_show(struct seq_file *m, long unused)
{
	(void)unused;
	for (int i = 0; i < NR_SCHED_FEATURES; i++)
		seq_printf(m, "%s%s%s", READ_ONCE(sysctl_sched_feature[i]) ? "" : "NO_", feature_names[i],
			   i + 1 < NR_SCHED_FEATURES ? " " : "\n");
	return 0;
}

int sched_features_write(long unused, const char *text, size_t n)
{
	bool on = n < 3 || strncmp(text, "NO_", 3);

	(void)unused;
	text += on ? 0 : 3;
	n -= on ? 0 : 3;
	n -= n && text[n - 1] == '\n';
	for (int i = 0; i < NR_SCHED_FEATURES; i++)
		if (strlen(feature_names[i]) == n && !strncmp(text, feature_names[i], n)) {
			WRITE_ONCE(sysctl_sched_feature[i], on);
			return 0;
		}
	return -EINVAL;
}

static const struct proc_entry ctl_file = { .mode = S_IFREG | 0644, .show = show_ctl, .write = write_ctl };

struct dentry *sysctl_lookup(struct dentry *dir, const char *name, enum sysctl_table table)
{
	for (unsigned int i = 0; i < tables[table].nr; i++)
		if (!strcmp(name, tables[table].ctls[i].name))
			return proc_new_dentry(dir, &ctl_file, name, (long)table << 8 | i);
	return ERR_PTR(-ENOENT);
}

void sysctl_list(struct dir_context *ctx, enum sysctl_table table)
{
	while (ctx->pos - 256 < tables[table].nr) {
		if (!ctx->emit(ctx, tables[table].ctls[ctx->pos - 256].name, 1, S_IFREG))
			return;
		ctx->pos++;
	}
}

static struct dentry *kernel_lookup(struct dentry *dir, const char *name, long unused)
{
	(void)unused;
	return sysctl_lookup(dir, name, SYSCTL_KERNEL);
}

static void kernel_list(struct dir_context *ctx, long unused)
{
	(void)unused;
	sysctl_list(ctx, SYSCTL_KERNEL);
}

static struct dentry *debug_lookup(struct dentry *dir, const char *name, long unused)
{
	(void)unused;
	return sysctl_lookup(dir, name, SYSCTL_DEBUG);
}

static void debug_list(struct dir_context *ctx, long unused)
{
	(void)unused;
	sysctl_list(ctx, SYSCTL_DEBUG);
}

static struct dentry *fs_lookup(struct dentry *dir, const char *name, long unused)
{
	(void)unused;
	return sysctl_lookup(dir, name, SYSCTL_FS);
}

static void fs_list(struct dir_context *ctx, long unused)
{
	(void)unused;
	sysctl_list(ctx, SYSCTL_FS);
}

const struct proc_entry sysctl_root_entries[] = {
	{ "debug", S_IFDIR | 0555, .lookup = debug_lookup, .list = debug_list },
	{ "fs", S_IFDIR | 0555, .lookup = fs_lookup, .list = fs_list },
	{ "kernel", S_IFDIR | 0555, .lookup = kernel_lookup, .list = kernel_list },
	{ 0 },
};
