/* SPDX-License-Identifier: MIT */
/*
 * /sys/kernel/tracing: files that say which events are traced, and files to read the records.
 *
 * Rings are made when first an event is asked for, and stay.
 *
 * Ref: Linux Documentation/trace/ftrace.rst.
 */
#include "pseudofs/tracefs.h"

#include <string.h>

#include "fs/poll.h"
#include "lib/err.h"
#include "lib/parse.h"
#include "locks/mutex.h"
#include "pseudofs/trace_latency.h"
#include "sched/wait.h"
#include "time/hrtimer.h"
#include "trace/trace.h"
#include "vm/slab.h"

static mutex_t trace_mutex;		/* the variables below, and changes of the trace's state */
static unsigned long wanted = BIT(TRACE_MARK_WRITE);	/* events */
#define RING_BYTES ((unsigned long)PAGE_SIZE << ring_order)
static bool tracing_on = true;
static unsigned int ring_order = 6;	/* of pages a hart: 256 KiB */
static unsigned long ring_pages;
static u64 consumed[NR_CPUS];		/* records read by trace_pipe */

static void update_events(void)
{
	trace_record(tracing_on && ring_pages ? wanted : 0);
}

static void nothing(void *unused)
{
	(void)unused;
}

/* Records are written with interrupts off: a hart that has answered an interrupt has ended each record that it began before. */
static void synchronize_harts(void)
{
	preempt_disable();
	smp_call_function_many(&cpu_online_mask, nothing, NULL);
	preempt_enable();
}

static void free_rings(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct trace_ring *r = &trace_rings.ring[cpu];

		if (r->buf)
			__free_pages(virt_to_page(r->buf), ring_order);
		trace_set_ring(cpu, NULL, 0, 0);
		consumed[cpu] = 0;
	}
	ring_pages = 0;
}

static int make_rings(void)
{
	unsigned int cpu;

	if (ring_pages)
		return 0;
	for_each_possible_cpu(cpu) {
		struct page *p = alloc_pages(GFP_KERNEL, ring_order);

		if (!p) {
			free_rings();
			return -ENOMEM;
		}
		trace_set_ring(cpu, page_address(p), page_to_phys(p), RING_BYTES / sizeof(struct trace_entry));
		ring_pages += 1UL << ring_order;
	}
	return 0;
}

unsigned long nr_trace_pages(void)
{
	return READ_ONCE(ring_pages);
}

/* "sched:sched_switch", "sched:*", "sched_switch", "*:*", with "!" in front: not. */
static int set_event(char *word)
{
	bool off = *word == '!', found = false;
	char *colon;

	word += off;
	colon = strchr(word, ':');
	if (colon)
		*colon++ = '\0';
	for (int t = 0; t < TRACE_MARK_WRITE; t++) {
		const char *system = trace_event_system(t), *name = trace_event_name(t);
		bool in_system = !strcmp(word, "*") || !strcmp(word, system);

		if (colon ? in_system && (!strcmp(colon, "*") || !*colon || !strcmp(colon, name)) : in_system || !strcmp(word, name)) {
			found = true;
			wanted = off ? wanted & ~BIT(t) : wanted | BIT(t);
		}
	}
	return found ? 0 : -EINVAL;
}

int trace_set_events(const char *text)
{
	char words[128], *save = words, *w;
	int err = 0;

	strncpy(words, text, sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	mutex_lock(&trace_mutex);
	while (!err && (w = strsep(&save, " \t\n,")))
		if (*w)
			err = set_event(w);
	if (!err && (wanted & ~BIT(TRACE_MARK_WRITE)))
		err = make_rings();
	update_events();
	mutex_unlock(&trace_mutex);
	return err;
}

int trace_set_buffer_size(unsigned long kib)
{
	unsigned int order = 0;
	bool had;
	int err = 0;

	while (order < MAX_ORDER && ((unsigned long)PAGE_SIZE << order) / 1024 < kib)
		order++;
	if (!kib || order == MAX_ORDER)
		return -EINVAL;
	mutex_lock(&trace_mutex);
	had = ring_pages;
	if (order != ring_order) {
		trace_record(0);
		synchronize_harts();	/* nobody writes any more */
		free_rings();
		ring_order = order;
		if (had)
			err = make_rings();
		update_events();
	}
	mutex_unlock(&trace_mutex);
	return err;
}

static u64 first_of(const struct trace_ring *r, u64 head)
{
	return r->nr && head > r->nr ? head - r->nr : 0;
}

/* Records of all harts by time: those from at to end, which change no more. */
static struct {
	u64 at[NR_CPUS], end[NR_CPUS];
} iter;						/* trace_mutex */

/* Begin anew. Return: how many there are; *@written: how many there were. */
static u64 iter_start(u64 *written)
{
	unsigned int cpu;
	u64 held = 0;

	*written = 0;
	for_each_possible_cpu(cpu) {
		struct trace_ring *r = &trace_rings.ring[cpu];

		iter.end[cpu] = smp_load_acquire(&r->head);
		iter.at[cpu] = max(first_of(r, iter.end[cpu]), consumed[cpu]);
		*written += iter.end[cpu];
		held += iter.end[cpu] - iter.at[cpu];
	}
	return held;
}

/* The next one, a copy. Return: whether there is one. */
static bool iter_next(struct trace_entry *e)
{
	for (;;) {
		unsigned int cpu, from = NR_CPUS;
		struct trace_ring *r;
		u64 best = ~0ULL;

		for_each_possible_cpu(cpu) {
			r = &trace_rings.ring[cpu];
			if (iter.at[cpu] < iter.end[cpu] && r->buf[iter.at[cpu] % r->nr].ts < best) {
				best = r->buf[iter.at[cpu] % r->nr].ts;
				from = cpu;
			}
		}
		if (from == NR_CPUS)
			return false;
		r = &trace_rings.ring[from];
		*e = r->buf[iter.at[from] % r->nr];
		e->cpu = from;
		/* Not if its place has been written over meanwhile. */
		smp_rmb();
		if (iter.at[from]++ >= first_of(r, READ_ONCE(r->head)))
			return true;
	}
}

static int show_trace(struct seq_file *m, long unused)
{
	struct trace_entry e;
	u64 held, written;

	(void)unused;
	if (trace_show_latency(m))
		return 0;
	mutex_lock(&trace_mutex);
	held = iter_start(&written);
	seq_printf(m, "# tracer: nop\n#\n# entries-in-buffer/entries-written: %lu/%lu   #P:%u\n#\n"
		   "#                                _-----=> irqs-off\n"
		   "#                               / _----=> need-resched\n"
		   "#                              | / _---=> hardirq/softirq\n"
		   "#                              || / _--=> preempt-depth\n"
		   "#                              ||| /\n"
		   "#           TASK-PID    TGID   CPU#  ||||   TIMESTAMP  FUNCTION\n"
		   "#              | |        |      |   ||||      |         |\n", held, written, nr_cpu_ids);
	while (!m->overflow && iter_next(&e))
		trace_print_entry(m, &e);
	mutex_unlock(&trace_mutex);
	return 0;
}

/* ---- trace_pipe: each record is read once, and the reader waits for more. ---- */

#define PIPE_INTERVAL (10 * NSEC_PER_MSEC)

static struct wait_queue_head pipe_wait;
static struct hrtimer pipe_timer;

static bool pipe_ready(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (READ_ONCE(trace_rings.ring[cpu].head) != READ_ONCE(consumed[cpu]))
			return true;
	return false;
}

/* A task that writes a record may hold any lock, so it cannot wake the reader: a timer looks now and then, as long as somebody waits. */
static u64 pipe_look(struct hrtimer *t)
{
	bool waits;

	(void)t;
	spin_lock(&pipe_wait.lock);
	waits = !TAILQ_EMPTY(&pipe_wait.head);
	spin_unlock(&pipe_wait.lock);
	if (waits && pipe_ready())
		wake_up_all(&pipe_wait);
	return waits ? ktime_get_ns() + PIPE_INTERVAL : 0;
}

/* As many lines as there is room for. A record that has no room stays. Context: trace_mutex. */
static void pipe_fill(struct seq_file *m)
{
	unsigned int cpu;
	u64 written;

	iter_start(&written);
	for_each_possible_cpu(cpu)
		if (consumed[cpu] < first_of(&trace_rings.ring[cpu], iter.end[cpu])) {
			seq_printf(m, "CPU:%u [LOST %lu EVENTS]\n", cpu, iter.at[cpu] - consumed[cpu]);
			if (m->overflow)
				break;
			consumed[cpu] = iter.at[cpu];
		}
	while (!m->overflow) {
		struct trace_entry e;
		size_t before = m->count;

		if (!iter_next(&e))
			break;
		trace_print_entry(m, &e);
		if (m->overflow)
			m->count = before;	/* half a line */
		else
			consumed[e.cpu] = iter.at[e.cpu];
	}
}

/* A page of text, and how much of it has been read. */
struct pipe_text {
	struct seq_file m;
	size_t at;
};

static int pipe_open(struct inode *i, struct file *f)
{
	struct pipe_text *t = kzalloc(sizeof(*t), GFP_KERNEL);

	(void)i;
	if (t)
		t->m = (struct seq_file){ .buf = kmalloc(PAGE_SIZE, GFP_KERNEL), .size = PAGE_SIZE };
	if (!t || !t->m.buf) {
		kfree(t);
		return -ENOMEM;
	}
	f->private = t;
	return 0;
}

static void pipe_release(struct file *f)
{
	struct pipe_text *t = f->private;

	kfree(t->m.buf);
	kfree(t);
}

static s64 pipe_read(struct file *f, char __user *buf, size_t n, s64 *pos)
{
	struct pipe_text *t = f->private;
	s64 got = 0;

	(void)pos;
	while (n && !got) {
		mutex_lock(&trace_mutex);
		if (t->at == t->m.count) {
			t->at = t->m.count = 0;
			t->m.overflow = false;
			pipe_fill(&t->m);
		}
		got = min(n, t->m.count - t->at);
		if (copy_to_user(buf, t->m.buf + t->at, got))
			got = -EFAULT;
		else
			t->at += got;
		mutex_unlock(&trace_mutex);
		if (got)
			break;
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		hrtimer_start(&pipe_timer, ktime_get_ns() + PIPE_INTERVAL);
		got = wait_event_interruptible(&pipe_wait, pipe_ready());
	}
	return got;
}

static u32 pipe_poll(struct file *f, struct poll_table *pt)
{
	const struct pipe_text *t = f->private;

	poll_wait(&pipe_wait, pt);
	if (READ_ONCE(t->at) != READ_ONCE(t->m.count) || pipe_ready())
		return POLLIN | POLLRDNORM;
	hrtimer_start(&pipe_timer, ktime_get_ns() + PIPE_INTERVAL);
	return 0;
}

static size_t pipe_held(const struct file *f)
{
	(void)f;
	return sizeof(struct pipe_text) + PAGE_SIZE;
}

static const struct file_operations pipe_ops = {
	.open = pipe_open, .release = pipe_release, .read = pipe_read, .poll = pipe_poll, .held = pipe_held,
};

/* Whatever is written empties the rings, as in Linux, and so does to cut the file. */
static void clear_trace(long unused)
{
	unsigned int cpu;

	(void)unused;
	mutex_lock(&trace_mutex);
	trace_record(0);
	synchronize_harts();
	for_each_possible_cpu(cpu)
		trace_rings.ring[cpu].head = consumed[cpu] = 0;
	update_events();
	mutex_unlock(&trace_mutex);
}

static int write_trace(long unused, const char *text, size_t n)
{
	(void)text, (void)n;
	clear_trace(unused);
	return 0;
}

static int show_tracing_on(struct seq_file *m, long unused)
{
	(void)unused;
	seq_printf(m, "%d\n", tracing_on);
	return 0;
}

static int write_tracing_on(long unused, const char *text, size_t n)
{
	(void)unused;
	if ((n != 1 && (n != 2 || text[1] != '\n')) || (text[0] != '0' && text[0] != '1'))
		return -EINVAL;
	mutex_lock(&trace_mutex);
	tracing_on = text[0] == '1';
	update_events();
	mutex_unlock(&trace_mutex);
	return 0;
}

static int show_events(struct seq_file *m, long which)
{
	for (int t = 0; t < TRACE_MARK_WRITE; t++)
		if ((which ? wanted : ~0UL) >> t & 1)
			seq_printf(m, "%s:%s\n", trace_event_system(t), trace_event_name(t));
	return 0;
}

static int show_available_events(struct seq_file *m, long unused)
{
	(void)unused;
	return show_events(m, 0);
}

static int show_set_event(struct seq_file *m, long unused)
{
	(void)unused;
	return show_events(m, 1);
}

/* "echo X > set_event" means X alone, "echo X >> set_event" X too. */
static void clear_events(long unused)
{
	(void)unused;
	trace_set_events("!*:*");
}

static int write_set_event(long unused, const char *text, size_t n)
{
	(void)unused, (void)n;
	return trace_set_events(text);
}

static int write_marker(long unused, const char *text, size_t n)
{
	char line[56];

	(void)unused;
	n -= n && text[n - 1] == '\n';
	n = min(n, sizeof(line) - 1);
	memcpy(line, text, n);
	line[n] = '\0';
	if (trace_on(TRACE_MARK_WRITE))
		trace_text(TRACE_MARK_WRITE, line);
	return 0;
}

static int show_buffer_size(struct seq_file *m, long unused)
{
	(void)unused;
	seq_printf(m, "%lu\n", RING_BYTES / 1024);
	return 0;
}

static int write_buffer_size(long unused, const char *text, size_t n)
{
	long kib = parse_uint_line(text, n);

	(void)unused;
	return kib < 0 ? -EINVAL : trace_set_buffer_size(kib);
}

static const struct proc_entry tracefs_entries[] = {
	{ "available_events", S_IFREG | 0444, .show = show_available_events },
	{ "available_tracers", S_IFREG | 0444, .show = trace_show_available_tracers },
	{ "buffer_size_kb", S_IFREG | 0644, .show = show_buffer_size, .write = write_buffer_size },
	{ "current_tracer", S_IFREG | 0644, .show = trace_show_tracer, .write = trace_write_tracer },
	TRACE_EVENTS_DIR,
	{ "set_event", S_IFREG | 0644, .show = show_set_event, .write = write_set_event, .truncate = clear_events },
	{ "trace", S_IFREG | 0644, .show = show_trace, .write = write_trace, .truncate = clear_trace },
	{ "trace_marker", S_IFREG | 0222, .write = write_marker },
	{ "trace_pipe", S_IFREG | 0444, .stream = &pipe_ops },
	{ "tracing_max_latency", S_IFREG | 0644, .show = trace_show_max_latency, .write = trace_write_max_latency },
	{ "tracing_on", S_IFREG | 0644, .show = show_tracing_on, .write = write_tracing_on },
	{ 0 },
};

static const struct proc_entry tracefs_dir = { .mode = S_IFDIR | 0700, .entries = tracefs_entries };
static struct pseudo_fs trace_fs = PSEUDO_FS("tracefs", TRACEFS_MAGIC, &tracefs_dir);

void __init tracefs_init(void)
{
	register_filesystem(&trace_fs.type);
	mutex_init(&trace_mutex, LOCK_TRACEFS);
	trace_text_init();
	init_waitqueue_head(&pipe_wait);
	hrtimer_init(&pipe_timer, pipe_look);
}
