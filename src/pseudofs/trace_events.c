/* SPDX-License-Identifier: MIT */
/*
 * /sys/kernel/tracing/events: of each trace point its number, which perf_event_open(2) takes, and what a raw sample of it holds: a
 * record of src/trace/trace.h from its type on. The print fmt is C, as on Linux: perf script reads it, and prints what trace does.
 * Ref: Linux Documentation/trace/events.rst.
 */
#include "pseudofs/tracefs.h"

#include <stdio.h>
#include <string.h>

#include "lib/err.h"
#include "trace/trace.h"
#include "trap/softirq.h"

/* A field and, in this order, an argument of the text. */
struct field {
	const char *type, *name;
	u8 off, size;			/* size 0: it is there already, by another name of what it holds */
	u8 nr;				/* of an array of words; or of names */
	bool is_signed;
	const char *const *names;	/* it is printed by these */
};

#define RAW(member)	(offsetof(struct trace_entry, member) - offsetof(struct trace_entry, type))
#define OF(member)	(((struct trace_entry *)0)->member)
#define NUMBER(type, name, member) { type, name, RAW(member), sizeof(OF(member)), 0, ((__typeof__(OF(member)))-1) < 0, NULL }
#define TEXT(name, member) { "char", name, RAW(member), sizeof(OF(member)), 0, false, NULL }
#define WORD(n, name)	{ "unsigned long", name, RAW(words) + 8 * (n), 8, 0, false, NULL }
#define INT(n, name)	{ "int", name, RAW(words) + 8 * (n), 4, 0, true, NULL }
#define NAMED(n, name, names, nr) { "unsigned long", name, RAW(words) + 8 * (n), 8, nr, false, names }
#define AGAIN(name, names, nr) { "", name, 0, 0, nr, false, names }
#define FIELDS(...) (const struct field[]){ __VA_ARGS__, { 0 } }

#define TASK		TEXT("comm", task.comm), NUMBER("pid_t", "pid", task.pid), NUMBER("short", "prio", task.prio)
#define WAKEUP		{ "comm=%s pid=%d prio=%d target_cpu=%03u", FIELDS(TASK, NUMBER("unsigned short", "target_cpu", task.cpu)) }
#define SOFTIRQ		{ "vec=%lu [action=%s]", FIELDS(WORD(0, "vec"), AGAIN("vec", softirq_names, NR_SOFTIRQS)) }
#define PAGE		{ "pfn=0x%lx order=%lu", FIELDS(WORD(0, "pfn"), WORD(1, "order")) }

static const struct {
	const char *text;
	const struct field *fields;	/* to one without a name */
} formats[NR_TRACE_EVENTS] = {
	[TRACE_SCHED_SWITCH] = {
		"prev_comm=%s prev_pid=%d prev_prio=%d prev_state=%s ==> next_comm=%s next_pid=%d next_prio=%d",
		FIELDS(TEXT("prev_comm", comm), NUMBER("pid_t", "prev_pid", pid), NUMBER("short", "prev_prio", task.prev_prio),
		       TEXT("prev_state", task.state), TEXT("next_comm", task.comm), NUMBER("pid_t", "next_pid", task.pid),
		       NUMBER("short", "next_prio", task.prio)) },
	[TRACE_SCHED_WAKING] = WAKEUP,
	[TRACE_SCHED_WAKEUP] = WAKEUP,
	[TRACE_SCHED_WAKEUP_NEW] = WAKEUP,
	[TRACE_SCHED_MIGRATE_TASK] = {
		"comm=%s pid=%d prio=%d orig_cpu=%u dest_cpu=%u",
		FIELDS(TASK, NUMBER("unsigned short", "orig_cpu", task.orig_cpu), NUMBER("unsigned short", "dest_cpu", task.cpu)) },
	[TRACE_SCHED_PROCESS_FORK] = {
		"comm=%s pid=%d child_comm=%s child_pid=%d",
		FIELDS(TEXT("parent_comm", comm), NUMBER("pid_t", "parent_pid", pid), TEXT("child_comm", task.comm),
		       NUMBER("pid_t", "child_pid", task.pid)) },
	[TRACE_SCHED_PROCESS_EXEC] = {
		"filename=%s pid=%d old_pid=%d",
		FIELDS(TEXT("filename", text), NUMBER("pid_t", "pid", pid), NUMBER("pid_t", "old_pid", pid)) },
	[TRACE_SCHED_PROCESS_EXIT] = { "comm=%s pid=%d prio=%d", FIELDS(TASK) },
	[TRACE_SCHED_STAT_RUNTIME] = {
		"comm=%s pid=%d runtime=%lu [ns] vruntime=%lu [ns]",
		FIELDS(TEXT("comm", comm), NUMBER("pid_t", "pid", pid), WORD(0, "runtime"), WORD(1, "vruntime")) },
	[TRACE_PAGE_FAULT_USER] = {
		"address=0x%lx ip=0x%lx error_code=0x%lx", FIELDS(WORD(0, "address"), WORD(1, "ip"), WORD(2, "error_code")) },
	[TRACE_IRQ_HANDLER_ENTRY] = { "irq=%lu name=plic", FIELDS(WORD(0, "irq")) },
	[TRACE_IRQ_HANDLER_EXIT] = { "irq=%lu ret=handled", FIELDS(WORD(0, "irq")) },
	[TRACE_SOFTIRQ_RAISE] = SOFTIRQ,
	[TRACE_SOFTIRQ_ENTRY] = SOFTIRQ,
	[TRACE_SOFTIRQ_EXIT] = SOFTIRQ,
	[TRACE_HRTIMER_EXPIRE_ENTRY] = {
		"hrtimer=%016lx function=%ps now=%lu", FIELDS(WORD(0, "hrtimer"), WORD(1, "function"), WORD(2, "now")) },
	[TRACE_HRTIMER_EXPIRE_EXIT] = { "hrtimer=%016lx", FIELDS(WORD(0, "hrtimer")) },
	[TRACE_IPI_RAISE] = { "target_mask=%08lx (%s)", FIELDS(WORD(0, "target_mask"), NAMED(1, "reason", ipi_names, NR_IPIS)) },
	[TRACE_IPI_ENTRY] = { "(%s)", FIELDS(NAMED(0, "reason", ipi_names, NR_IPIS)) },
	[TRACE_IPI_EXIT] = { "(%s)", FIELDS(NAMED(0, "reason", ipi_names, NR_IPIS)) },
	[TRACE_SYS_ENTER] = {
		"NR %ld (%lx, %lx, %lx, %lx, %lx, %lx)",
		FIELDS({ "long", "id", RAW(words), 8, 0, true, NULL }, { "unsigned long", "args", RAW(words) + 8, 48, 6, false, NULL }) },
	[TRACE_SYS_EXIT] = {
		"NR %ld = %ld",
		FIELDS({ "long", "id", RAW(words), 8, 0, true, NULL }, { "long", "ret", RAW(words) + 8, 8, 0, true, NULL }) },
	[TRACE_SIGNAL_GENERATE] = {
		"sig=%d errno=0 code=%d comm=%s pid=%d grp=%d res=0",
		FIELDS(INT(0, "sig"), INT(1, "code"), { "char", "comm", RAW(words) + 32, 16, 0, false, NULL }, INT(2, "pid"),
		       INT(3, "group")) },
	[TRACE_SIGNAL_DELIVER] = {
		"sig=%d errno=0 code=%d sa_handler=%lx sa_flags=%lx",
		FIELDS(INT(0, "sig"), INT(1, "code"), WORD(2, "sa_handler"), WORD(3, "sa_flags")) },
	[TRACE_MM_PAGE_ALLOC] = PAGE,
	[TRACE_MM_PAGE_FREE] = PAGE,
	[TRACE_GETNAME] = { "pathname=%s", FIELDS(TEXT("pathname", text)) },
	[TRACE_LOAD_BALANCE] = {
		"cpu=%lu level=%lu idle=%s busiest=%d type=%s imbalance=%lu moved=%lu",
		FIELDS(WORD(0, "cpu"), WORD(1, "level"), NAMED(2, "idle", trace_idle_names, NR_TRACE_IDLE_NAMES), INT(3, "busiest"),
		       NAMED(4, "type", trace_migration_names, NR_TRACE_MIGRATION_NAMES), WORD(5, "imbalance"), WORD(6, "moved")) },
};

static void show_field(struct seq_file *m, const char *type, const char *name, unsigned int nr, unsigned int off, unsigned int size,
		       bool is_signed)
{
	char array[8] = "";

	if (nr)
		snprintf(array, sizeof(array), "[%u]", nr);
	seq_printf(m, "\tfield:%s %s%s;\toffset:%u;\tsize:%u;\tsigned:%d;\n", type, name, array, off, size, is_signed);
}

static bool is_text(const struct field *f)
{
	return !strcmp(f->type, "char");
}

static void show_argument(struct seq_file *m, const struct field *f)
{
	if (!f->names && f->nr) {
		for (unsigned int i = 0; i < f->nr; i++)
			seq_printf(m, ", REC->%s[%u]", f->name, i);
		return;
	}
	seq_printf(m, f->names ? ", __print_symbolic(REC->%s" : ", REC->%s", f->name);
	for (unsigned int i = 0; f->names && i < f->nr; i++)
		seq_printf(m, ", { %u, \"%s\" }", i, f->names[i]);
	if (f->names)
		seq_printf(m, ")");
}

static int show_format(struct seq_file *m, long data)
{
	enum trace_type type = (enum trace_type)data;

	seq_printf(m, "name: %s\nID: %u\nformat:\n", trace_event_name(type), TRACE_ID(type));
	show_field(m, "unsigned short", "common_type", 0, RAW(type), 2, false);
	show_field(m, "unsigned char", "common_flags", 0, RAW(flags), 1, false);
	show_field(m, "unsigned char", "common_preempt_count", 0, RAW(preempt_depth), 1, false);
	show_field(m, "int", "common_pid", 0, RAW(pid), 4, true);
	seq_printf(m, "\n");
	for (const struct field *f = formats[type].fields; f->name; f++)
		if (f->size)
			show_field(m, f->type, f->name, is_text(f) ? f->size : f->names ? 0 : f->nr, f->off, f->size, f->is_signed);
	seq_printf(m, "\nprint fmt: \"%s\"", formats[type].text);
	for (const struct field *f = formats[type].fields; f->name; f++)
		show_argument(m, f);
	seq_printf(m, "\n");
	return 0;
}

static int show_id(struct seq_file *m, long data)
{
	seq_printf(m, "%u\n", TRACE_ID(data));
	return 0;
}

static const struct proc_entry event_entries[] = {
	{ "format", S_IFREG | 0444, .show = show_format },
	{ "id", S_IFREG | 0444, .show = show_id },
	{ 0 },
};
static const struct proc_entry event_dir = { .mode = S_IFDIR | 0555, .entries = event_entries };

static bool same_system(enum trace_type a, enum trace_type b)
{
	return !strcmp(trace_event_system(a), trace_event_system(b));
}

/* @data: any event of the system. */
static struct dentry *system_lookup(struct dentry *dir, const char *name, long data)
{
	for (enum trace_type t = 0; t < NR_TRACE_EVENTS; t++)
		if (same_system(t, (enum trace_type)data) && !strcmp(trace_event_name(t), name))
			return proc_new_dentry(dir, &event_dir, name, t);
	return ERR_PTR(-ENOENT);
}

static void system_list(struct dir_context *ctx, long data)
{
	for (enum trace_type t = (enum trace_type)(ctx->pos - 256); t < NR_TRACE_EVENTS; ctx->pos = 256 + ++t)
		if (same_system(t, (enum trace_type)data) && !ctx->emit(ctx, trace_event_name(t), TRACE_ID(t), S_IFDIR))
			return;
}

static const struct proc_entry system_dir = { .mode = S_IFDIR | 0555, .lookup = system_lookup, .list = system_list };

struct dentry *trace_events_lookup(struct dentry *dir, const char *name, long unused)
{
	(void)unused;
	for (enum trace_type t = 0; t < NR_TRACE_EVENTS; t++)
		if (!strcmp(trace_event_system(t), name))
			return proc_new_dentry(dir, &system_dir, name, t);
	return ERR_PTR(-ENOENT);
}

void trace_events_list(struct dir_context *ctx, long unused)
{
	(void)unused;
	for (enum trace_type t = (enum trace_type)(ctx->pos - 256); t < NR_TRACE_EVENTS; ctx->pos = 256 + ++t) {
		enum trace_type first = 0;

		while (!same_system(first, t))
			first++;
		if (first == t && !ctx->emit(ctx, trace_event_system(t), TRACE_ID(t), S_IFDIR))
			return;
	}
}
