/* SPDX-License-Identifier: MIT */
/*
 * Within performance events: event.c makes, reads and inherits them, file.c is their file, group.c counts, context.c says where
 * and when, change.c changes that, sample.c samples, ring.c records.
 */
#ifndef EVENTS_EVENT_PRIV_H
#define EVENTS_EVENT_PRIV_H

#include "events/event.h"
#include "locks/mutex.h"
#include "sched/wait.h"
#include "task/user.h"
#include "time/hrtimer.h"
#include "vm/filemap.h"

struct poll_table;

/*
 * The most events that a task or hart has. A switch takes them all out, or in, with interrupts off, and so does what is done
 * with a group.
 */
#define PERF_MAX_EVENTS 1024

struct trace_entry;

enum perf_event_state { PERF_EVENT_OFF, PERF_EVENT_INACTIVE, PERF_EVENT_ACTIVE };

struct perf_event {
	struct perf_event_attr attr;	/* [I] but for enable_on_exec */
	u64 id;				/* [I] */
	int cpu;			/* [I] -1: any */
	bool hardware;			/* [I] has a counter of the hart's or the firmware's */
	unsigned long sbi_event;	/* [I] */
	u64 sbi_data;			/* [I] */
	struct perf_event *leader;	/* perf_mutex; itself, if it leads */
	struct perf_ctx *ctx;		/* perf_mutex; NULL: its task is gone */
	TAILQ_ENTRY(perf_event) entry;	/* perf_mutex and ctx->lock: the group, in ctx->groups */
	TAILQ_HEAD(perf_siblings, perf_event) siblings; /* the same */
	TAILQ_ENTRY(perf_event) sibling;
	unsigned int nr_siblings;
	bool was_active;		/* ctx->lock; a leader's: when its task was last switched from */

	enum perf_event_state state;	/* ctx->lock, as all up to running */
	int handle;			/* of pmu_get(), while active */
	u64 prev;			/* the source's value that is in count */
	u64 count;
	u64 since, enabled, running;	/* ns: times are right up to since */

	/* Of one that samples; on the hart where it is in, as all of a ring. */
	u64 period;			/* counts, or ns, between samples; 0: it only counts */
	u64 left;			/* until the next one, while it is not active */
	u64 sampled;			/* ns; when the last one was taken */
	bool clock;			/* [I] by its context's timer */
	bool tracepoint;		/* [I] counts a trace point, in perf_on_trace() */
	LIST_ENTRY(perf_event) traced;	/* on the hart where it is active: what counts trace points there */
	u64 expires;			/* ns; the next one of a clock that is active */
	struct perf_ring *ring;		/* perf_mutex to set; NULL: not mapped */

	struct perf_event *parent;	/* perf_mutex; inherited from this one, which somebody reads */
	LIST_HEAD(, perf_event) children; /* perf_mutex */
	unsigned int nr_children;	/* perf_mutex; read without as a hint */
	LIST_ENTRY(perf_event) child;
	u64 child_count, child_enabled, child_running; /* perf_mutex: of children that ended */
};

/* What a reader maps. */
struct perf_ring {
	struct page **pages;		/* [I] its control page, and nr of data */
	unsigned long nr;		/* [I] a power of two, or 0 */
	bool overwrite;			/* [I] the reader cannot say how far it is */
	u64 wake_records, wake_bytes;	/* [I] after so many; records 0: bytes */
	u64 head;			/* bytes written */
	u64 lost, records, woken_at;	/* since: the last LOST record; the last wake-up, and its head */
	u32 ready;			/* there is something to read */
	struct wait_queue_head wait;
	struct perf_ring *wake_next;	/* to be woken, in one list */
	struct user_struct *user;	/* [I] who pays for user_pages of it, a reference, */
	struct mm_struct *mm;		/* [I] and the address space, held, that pays for mm_pages */
	unsigned long user_pages, mm_pages;
};

struct perf_ctx {
	spinlock_t lock;
	struct task_struct *task;	/* lock; NULL: a hart's */
	bool hooked;			/* [I] switches concern it: see the header */
	int cpu;			/* where it is in; -1: nowhere */
	TAILQ_HEAD(, perf_event) groups;
	unsigned int nr_events;		/* perf_mutex */
	struct hrtimer clock;		/* on the hart where it is in, for the first of its clocks that expires: */
	u64 clock_next, clock_armed;	/* ns, when one does; for when the timer is set; KTIME_MAX: never */
	bool unfit;			/* some group has found no counters */
	bool keep_order;		/* lock; perf_mutex to set: its holder walks the groups */
	u64 family;			/* not 0: contexts with this number count the same for one reader */
};

extern mutex_t perf_mutex;

/** perf_ctx_of_hart - Hart @cpu's. Context: any. */
struct perf_ctx *perf_ctx_of_hart(unsigned int cpu);
/**
 * perf_ctx_of_task - @p's for events that switches concern (@hooked), or for the others; made if there is none.
 * Return: it, no relation's any more, or ERR_PTR: -ESRCH, -ENOMEM. Context: perf_mutex held.
 */
struct perf_ctx *perf_ctx_of_task(struct task_struct *p, bool hooked);
/** perf_ctx_relate - @to is a complete copy of @from: they are a family, and their tasks may exchange them. Context: perf_mutex held. */
void perf_ctx_relate(struct perf_ctx *from, struct perf_ctx *to);
/** perf_ctx_move - @leader's group is in @to from now on. Context: perf_mutex held. */
void perf_ctx_move(struct perf_event *leader, struct perf_ctx *to);
/** perf_needs_hook - Do switches concern @e? Context: any. */
bool perf_needs_hook(const struct perf_event *e);
/**
 * perf_ctx_begin_walk - Groups keep their order until perf_ctx_end_walk(), so that each is met once. What switches concern
 * goes round in interrupts. Context: perf_mutex held.
 */
void perf_ctx_begin_walk(struct perf_ctx *ctx);
void perf_ctx_end_walk(struct perf_ctx *ctx);
/** perf_counts_of_task - Does @e follow a count that its task has anyhow? */
bool perf_counts_of_task(const struct perf_event *e);
/** perf_event_update_count - @e's count is of now. Context: ctx->lock, on the hart where it is in; perf_mutex if not hooked. */
void perf_event_update_count(struct perf_event *e);
/**
 * perf_ctx_link, perf_ctx_unlink - @e, whose ctx and leader are set, is counted from now on, if it is enabled; or no more.
 * Context: perf_mutex held.
 */
void perf_ctx_link(struct perf_event *e);
void perf_ctx_unlink(struct perf_event *e);
/**
 * perf_ctx_control - PERF_EVENT_IOC_ENABLE, _DISABLE or _RESET, of @e, or of all in the group that it leads.
 * perf_ctx_update - @e's count and times are of now. Context: perf_mutex held.
 */
void perf_ctx_control(struct perf_event *e, unsigned int what, bool group);
void perf_ctx_update(struct perf_event *e);
/**
 * perf_ctx_detach - @p, current or never run, is counted no more. Return: its context, the caller's now, or NULL.
 * Context: perf_mutex held.
 */
struct perf_ctx *perf_ctx_detach(struct task_struct *p, bool hooked);

/** perf_family_id - The number of what was opened, of which @e may be a copy. */
static inline u64 perf_family_id(const struct perf_event *e)
{
	return e->parent ? e->parent->id : e->id;
}
/** perf_sample_init - Context: boot. */
void perf_sample_init(void);
/** perf_overflow - Counters that are sampled have overflowed: take the samples. Context: the interrupt of this, at @regs. */
void perf_overflow(const struct pt_regs *regs);
/** perf_trace_in, perf_trace_out - @e, of a trace point, is active here from now on; no more. Context: interrupts off. */
void perf_trace_in(struct perf_event *e);
void perf_trace_out(struct perf_event *e);
/** perf_trace_poll - The caller, a reader of @e's ring, is to be woken: a trace point cannot do so. Context: task. */
void perf_trace_poll(struct perf_event *e, struct poll_table *pt);
/** perf_sample_clock - The timer of a context's clocks expires. */
u64 perf_sample_clock(struct hrtimer *timer);
/**
 * perf_ring_sample - Record where @regs is, after @period counts; @addr: that it concerns, or 0; @raw: of a trace point, or NULL.
 * Return: the ring whose reader is to be woken, or NULL. Context: interrupts off, on @e's hart.
 */
struct perf_ring *perf_ring_sample(const struct perf_event *e, const struct pt_regs *regs, u64 period, u64 addr,
				   const struct trace_entry *raw);
/**
 * perf_callchain - How many, and which: the chain of calls to @regs into @v, which has room for PERF_MAX_STACK_DEPTH + 3.
 * Return: words written. Context: as perf_ring_sample().
 */
unsigned int perf_callchain(const struct perf_event *e, const struct pt_regs *regs, u64 *v);
/**
 * perf_ring_alloc - A ring of @nr pages of data whose pages are @m's; @overwrite: old records go when there is no room.
 * Return: it, or NULL. perf_ring_free - Nobody writes to @r any more. Context: task.
 */
struct perf_ring *perf_ring_alloc(struct address_space *m, unsigned long nr, const struct perf_event_attr *attr, bool overwrite);
void perf_ring_free(struct perf_ring *r);
/** perf_ring_charge - The current task, which maps it first, pays for @r. Return: 0 or -EPERM: it may not have so much. Context: task. */
int perf_ring_charge(struct perf_ring *r) __must_check;
/** perf_event_task_exit, perf_event_mm - Record that the current task ends; that it has the program that is mapped now. Context: task. */
void perf_event_task_exit(void);
void perf_event_mm(void);
/** perf_samples_faults - Does @e count page faults, and sample them? Context: any. */
bool perf_samples_faults(const struct perf_event *e);
/** perf_account - There are @n more events like @e: of those that sample faults, count trace points, or want side-band records. */
void perf_account(const struct perf_event *e, int n);

#endif
