/* SPDX-License-Identifier: MIT */
/*
 * Records of performance events, in rings that their readers map: samples, and what one must
 * know to read them: names of tasks, what they map, how they begin and end.
 *
 * A ring is written by one hart at a time, with interrupts off: its event is of a hart, or of
 * one task. Its reader says by data_tail how far it is; what finds no room is counted as lost.
 * Ref: Linux kernel/events/ring_buffer.c, include/uapi/linux/perf_event.h.
 */
#include "events/event_priv.h"

#include <string.h>

#include "abi/mman.h"
#include "fs/dcache.h"
#include "fs/file.h"
#include "fs/inode.h"
#include "fs/namei.h"
#include "fs/upcall.h"
#include "lib/err.h"
#include "riscv/ptrace.h"
#include "task/cred.h"
#include "task/pid.h"
#include "task/user.h"
#include "time/clock.h"
#include "trace/trace.h"
#include "trap/upcall.h"
#include "vm/filemap.h"
#include "vm/mm.h"
#include "vm/slab.h"
#include "vm/upcall.h"

#define MAX_RECORD (sizeof(struct perf_event_header) + 64 + PATH_MAX + 64)
#define RAW_WORDS (sizeof(struct trace_entry) / sizeof(u64))
#define SIDEBAND (PERF_ATTR_MMAP | PERF_ATTR_MMAP2 | PERF_ATTR_COMM | PERF_ATTR_TASK)

static atomic_t nr_sideband;	/* events that want it */
u32 perf_fault_events;

static struct perf_event_mmap_page *control_page(const struct perf_ring *r)
{
	return page_address(r->pages[0]);
}

static void put_bytes(struct perf_ring *r, const void *data, size_t n)
{
	u64 mask = (u64)r->nr * PAGE_SIZE - 1;

	for (size_t done = 0; done < n; ) {
		u64 at = (r->head + done) & mask;
		size_t part = min(n - done, (size_t)(PAGE_SIZE - (at & ~PAGE_MASK)));

		memcpy((char *)page_address(r->pages[1 + (at >> PAGE_SHIFT)]) + (at & ~PAGE_MASK), (const char *)data + done, part);
		done += part;
	}
	r->head += n;
}

static bool has_room(const struct perf_ring *r, size_t n)
{
	/* The reader writes this word: it may be anything. */
	return r->overwrite || r->head - READ_ONCE(control_page(r)->data_tail) + n <= (u64)r->nr * PAGE_SIZE;
}

/* The trailer that all records but samples have, if sample_id_all was asked for. Return: bytes. */
static size_t sample_id(const struct perf_event *e, u64 *v)
{
	u64 type = e->attr.flags & PERF_ATTR_SAMPLE_ID_ALL ? e->attr.sample_type : 0, id = perf_family_id(e);
	unsigned int n = 0;

	if (type & PERF_SAMPLE_TID)
		v[n++] = (u32)current->tgid | (u64)current->pid << 32;
	if (type & PERF_SAMPLE_TIME)
		v[n++] = ktime_get_ns();
	if (type & PERF_SAMPLE_ID)
		v[n++] = id;
	if (type & PERF_SAMPLE_STREAM_ID)
		v[n++] = e->id;
	if (type & PERF_SAMPLE_CPU)
		v[n++] = smp_processor_id();
	if (type & PERF_SAMPLE_IDENTIFIER)
		v[n++] = id;
	return n * sizeof(u64);
}

/* Add a record to @e's ring. Return: the ring, if its reader is to be woken, or NULL. Context: interrupts off. */
static struct perf_ring *ring_write(const struct perf_event *e, const void *record, size_t n)
{
	struct perf_ring *r = smp_load_acquire(&(e->parent ? e->parent : e)->ring);

	if (!r || !r->nr)
		return NULL;
	if (r->lost) {
		struct {
			struct perf_event_header h;
			u64 id, lost, trailer[6];
		} lost = { { PERF_RECORD_LOST, 0, 0 }, perf_family_id(e), r->lost, { 0 } };

		lost.h.size = offsetof(typeof(lost), trailer) + sample_id(e, lost.trailer);
		if (has_room(r, lost.h.size + n)) {
			put_bytes(r, &lost, lost.h.size);
			r->lost = 0;
		}
	}
	if (r->lost || !has_room(r, n)) {
		r->lost++;
		return NULL;
	}
	put_bytes(r, record, n);
	smp_store_release(&control_page(r)->data_head, r->head);
	r->records++;
	if (r->wake_records ? r->records < r->wake_records : r->head - r->woken_at < r->wake_bytes)
		return NULL;
	r->records = 0;
	r->woken_at = r->head;
	return xchg(&r->ready, 1) ? NULL : r;	/* no reader has looked since: those that wait have been woken */
}

/* The raw record, as tracefs's format files describe it: from its type on, padded to whole words with its size. Return: words. */
static unsigned int put_raw(u64 *v, const struct trace_entry *raw)
{
	struct {
		u32 size;
		u16 type;
		char rest[sizeof(*raw) - offsetof(struct trace_entry, flags)];
		char zero[4];
	} __packed r = { sizeof(r) - sizeof(r.size), TRACE_ID(raw->type), { 0 }, { 0 } };

	_Static_assert(sizeof(r) == RAW_WORDS * sizeof(u64), "whole words");
	memcpy(r.rest, &raw->flags, sizeof(r.rest));
	memcpy(v, &r, sizeof(r));
	return RAW_WORDS;
}

struct perf_ring *perf_ring_sample(const struct perf_event *e, const struct pt_regs *regs, u64 period, u64 addr,
				   const struct trace_entry *raw)
{
	u64 type = e->attr.sample_type, flags = e->attr.flags, id = perf_family_id(e);
	struct {
		struct perf_event_header h;
		u64 v[16 + PERF_MAX_STACK_DEPTH + 3 + RAW_WORDS];
	} s;				/* not cleared, for it is large */
	unsigned int n = 0;

	if (flags & (user_mode(regs) ? PERF_ATTR_EXCLUDE_USER : PERF_ATTR_EXCLUDE_KERNEL) ||
	    (flags & PERF_ATTR_EXCLUDE_IDLE && !current->pid))
		return NULL;
	s.h.type = PERF_RECORD_SAMPLE;
	s.h.misc = user_mode(regs) ? PERF_RECORD_MISC_USER : PERF_RECORD_MISC_KERNEL;
	if (type & PERF_SAMPLE_IDENTIFIER)
		s.v[n++] = id;
	if (type & PERF_SAMPLE_IP)
		s.v[n++] = regs->epc;
	if (type & PERF_SAMPLE_TID)
		s.v[n++] = (u32)current->tgid | (u64)current->pid << 32;
	if (type & PERF_SAMPLE_TIME)
		s.v[n++] = ktime_get_ns();
	if (type & PERF_SAMPLE_ADDR)
		s.v[n++] = addr;
	if (type & PERF_SAMPLE_ID)
		s.v[n++] = id;
	if (type & PERF_SAMPLE_STREAM_ID)
		s.v[n++] = e->id;
	if (type & PERF_SAMPLE_CPU)
		s.v[n++] = smp_processor_id();
	if (type & PERF_SAMPLE_PERIOD)
		s.v[n++] = period;
	if (type & PERF_SAMPLE_CALLCHAIN)
		n += perf_callchain(e, regs, s.v + n);
	if (type & PERF_SAMPLE_RAW && raw)
		n += put_raw(s.v + n, raw);
	else if (type & PERF_SAMPLE_RAW)
		s.v[n++] = sizeof(u32);		/* four bytes of nothing, as on Linux */
	s.h.size = sizeof(s.h) + n * sizeof(u64);
	return ring_write(e, &s, s.h.size);
}

/* ---- Side-band records: what a reader must know to make sense of samples. ---- */

struct sideband {
	u64 wants;			/* PERF_ATTR_*: events with one of these get it */
	struct perf_event_header *record;
	size_t size;			/* without the trailer, for which there is room */
	struct perf_ring *wake;
};

static void sideband_to_event(struct perf_event *e, struct sideband *b)
{
	struct perf_event_header h = *b->record;
	struct perf_ring *r;

	if (e->state == PERF_EVENT_OFF || !(e->attr.flags & b->wants) || (e->cpu != -1 && e->cpu != (int)smp_processor_id()))
		return;
	if (h.type == PERF_RECORD_MMAP2 && !(e->attr.flags & PERF_ATTR_MMAP2))
		return;
	if (h.type == PERF_RECORD_MMAP && e->attr.flags & PERF_ATTR_MMAP2)
		return;
	if (h.type == PERF_RECORD_COMM && !(e->attr.flags & PERF_ATTR_COMM_EXEC))
		b->record->misc &= ~PERF_RECORD_MISC_COMM_EXEC;
	b->record->size = b->size + sample_id(e, (u64 *)((char *)b->record + b->size));
	r = ring_write(e, b->record, b->record->size);
	b->record->misc = h.misc;
	if (r) {
		r->wake_next = b->wake;
		b->wake = r;
	}
}

static void sideband_to_ctx(struct perf_ctx *ctx, struct sideband *b)
{
	struct perf_event *e, *s;

	spin_lock(&ctx->lock);
	TAILQ_FOREACH(e, &ctx->groups, entry) {
		sideband_to_event(e, b);
		TAILQ_FOREACH(s, &e->siblings, sibling)
			sideband_to_event(s, b);
	}
	spin_unlock(&ctx->lock);
}

/* Add the record to all rings of events that count the current task or this hart. Context: task. */
static void sideband(u64 wants, void *record, size_t size)
{
	struct sideband b = { wants, record, size, NULL };

	local_irq_disable();
	if (current->perf_hook)
		sideband_to_ctx(current->perf_hook, &b);
	sideband_to_ctx(perf_ctx_of_hart(smp_processor_id()), &b);
	for (struct perf_ring *r = b.wake; r; r = r->wake_next)
		wake_up_all(&r->wait);		/* whoever frees one asks this hart first */
	local_irq_enable();
}

static bool nobody_cares(void)
{
	return likely(!atomic_read(&nr_sideband));
}

void perf_event_comm(bool exec)
{
	struct {
		struct perf_event_header h;
		u32 pid, tid;
		char comm[TASK_COMM_LEN];
		u64 trailer[6];
	} r = { { PERF_RECORD_COMM, exec ? PERF_RECORD_MISC_COMM_EXEC : 0, 0 }, current->tgid, current->pid, { 0 }, { 0 } };

	if (nobody_cares())
		return;
	spin_lock(&current->alloc_lock);
	memcpy(r.comm, current->comm, sizeof(r.comm));
	spin_unlock(&current->alloc_lock);
	sideband(PERF_ATTR_COMM, &r, offsetof(typeof(r), trailer));
}

/* @parent, @parent_tid: of the parent's group and thread. */
static void task_record(u32 type, const struct task_struct *p, u32 parent, u32 parent_tid)
{
	struct {
		struct perf_event_header h;
		u32 pid, ppid, tid, ptid;
		u64 time, trailer[6];
	} r = { { type, 0, 0 }, p->tgid, parent, p->pid, parent_tid, ktime_get_ns(), { 0 } };

	if (!nobody_cares())
		sideband(PERF_ATTR_TASK, &r, offsetof(typeof(r), trailer));
}

void perf_event_task_fork(const struct task_struct *child)
{
	task_record(PERF_RECORD_FORK, child, current->tgid, current->pid);
}

void perf_event_task_exit(void)
{
	u32 parent, tid;

	if (nobody_cares())
		return;
	read_lock(&tasklist_lock);
	parent = task_parent(current)->tgid;
	tid = task_parent(current)->pid;
	read_unlock(&tasklist_lock);
	task_record(PERF_RECORD_EXIT, current, parent, tid);
}

void perf_event_mmap(struct file *file, unsigned long addr, unsigned long len, unsigned long pgoff)
{
	struct mmap_record {
		struct perf_event_header h;
		u32 pid, tid;
		u64 addr, len, pgoff;
	} *r;
	struct {
		u32 maj, min;
		u64 ino, generation;
		u32 prot, flags;
	} more = { 0, 1, file->inode->ino, 0, PROT_READ | PROT_EXEC, MAP_PRIVATE };
	const char *path = "//anon";
	size_t n;
	char *buf;

	if (nobody_cares())
		return;
	r = kzalloc(MAX_RECORD, GFP_KERNEL);
	buf = kmalloc(PATH_MAX, GFP_KERNEL);
	if (r && buf) {
		if (file->f_path.dentry)
			path = d_path(&file->f_path, buf, PATH_MAX);
		if (IS_ERR(path))
			path = "//toolong";
		n = (strlen(path) + 8) & ~7UL;		/* to the next word, zeros */
		*r = (struct mmap_record){ { PERF_RECORD_MMAP, PERF_RECORD_MISC_USER, 0 }, current->tgid, current->pid,
					   addr, PAGE_ALIGN(len), pgoff << PAGE_SHIFT };
		memcpy(r + 1, path, strlen(path));
		sideband(PERF_ATTR_MMAP, r, sizeof(*r) + n);
		memset(r + 1, 0, MAX_RECORD - sizeof(*r));
		r->h = (struct perf_event_header){ PERF_RECORD_MMAP2, PERF_RECORD_MISC_USER, 0 };
		memcpy(r + 1, &more, sizeof(more));
		memcpy((char *)(r + 1) + sizeof(more), path, strlen(path));
		sideband(PERF_ATTR_MMAP2, r, sizeof(*r) + sizeof(more) + n);
	}
	kfree(buf);
	kfree(r);
}

void perf_event_mm(void)
{
	struct vm_area_struct *vma;

	if (nobody_cares())
		return;
	down_read(&current->mm->mmap_lock);
	TAILQ_FOREACH(vma, &current->mm->mmap, vm_list)
		if (vma->vm_flags & VM_EXEC && vma->vm_file)
			perf_event_mmap(vma->vm_file, vma->vm_start, vma->vm_end - vma->vm_start, vma->vm_pgoff);
	up_read(&current->mm->mmap_lock);
}

void perf_account(const struct perf_event *e, int n)
{
	if (e->attr.flags & SIDEBAND)
		atomic_add(n, &nr_sideband);
	if (e->tracepoint && !e->parent)
		trace_count(TRACE_OF_ID(e->attr.config), n);
	if (perf_samples_faults(e))
		__atomic_fetch_add(&perf_fault_events, n, __ATOMIC_RELAXED);
}

/* ---- Making and mapping. ---- */

void perf_ring_free(struct perf_ring *r)
{
	if (!r)
		return;
	if (r->user) {
		atomic_sub(r->user_pages, &r->user->locked_vm);
		free_uid(r->user);
		atomic_sub(r->mm_pages, &r->mm->pinned_vm);
		mmdrop(r->mm);
	}
	for (unsigned long i = 0; i <= r->nr; i++)
		if (r->pages[i])
			put_page(r->pages[i]);
	kfree(r->pages);
	kfree(r);
}

/*
 * A user may have so much a hart; what is more counts against the process's RLIMIT_MEMLOCK.
 * Ref: Linux perf_mmap(); perf_event_open(2), perf_event_mlock_kb.
 */
int perf_ring_charge(struct perf_ring *r)
{
	struct user_struct *user = proc_get_user();
	long pages = r->nr + 1, limit = (READ_ONCE(sysctl_perf_event_mlock) >> PAGE_SHIFT) * cpumask_weight(&cpu_online_mask);
	long extra = min(max((long)atomic_add_return(pages, &user->locked_vm) - limit, 0L), pages);

	atomic_sub(extra, &user->locked_vm);
	if ((unsigned long)atomic_add_return(extra, &current->mm->pinned_vm) > vm_lock_limit() && extra &&
	    READ_ONCE(sysctl_perf_event_paranoid) != ~0ULL) {
		atomic_sub(extra, &current->mm->pinned_vm);
		atomic_sub(pages - extra, &user->locked_vm);
		free_uid(user);
		return -EPERM;
	}
	r->user = user;
	r->user_pages = pages - extra;
	r->mm = current->mm;
	atomic_inc(&r->mm->mm_count);
	r->mm_pages = extra;
	return 0;
}

struct perf_ring *perf_ring_alloc(struct address_space *m, unsigned long nr, const struct perf_event_attr *attr, bool overwrite)
{
	struct perf_ring *r = kzalloc(sizeof(*r), GFP_KERNEL);
	struct perf_event_mmap_page *c;

	if (!r)
		return NULL;
	r->nr = nr;
	r->overwrite = overwrite;
	init_waitqueue_head(&r->wait);
	r->pages = kzalloc((nr + 1) * sizeof(struct page *), GFP_KERNEL);
	for (unsigned long i = 0; r->pages && i <= nr; i++) {
		r->pages[i] = grab_cache_page(m, i);
		if (IS_ERR(r->pages[i])) {
			r->pages[i] = NULL;
			perf_ring_free(r);
			truncate_pages(m, 0);
			return NULL;
		}
	}
	if (!r->pages) {
		kfree(r);
		return NULL;
	}
	if (attr->flags & PERF_ATTR_WATERMARK)
		r->wake_bytes = attr->wakeup_events;
	else
		r->wake_records = attr->wakeup_events;
	if (!r->wake_bytes || r->wake_bytes > nr * PAGE_SIZE)
		r->wake_bytes = nr * PAGE_SIZE / 2;
	c = control_page(r);
	c->data_offset = PAGE_SIZE;
	c->data_size = nr * PAGE_SIZE;
	WRITE_ONCE(m->size, (nr + 1) * PAGE_SIZE);
	return r;
}
