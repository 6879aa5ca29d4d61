/* SPDX-License-Identifier: MIT */
#include "session.h"

#include "calls.h"
#include "sample.h"

struct map {
	struct map *next;
	uint64_t start, end, pgoff;
	struct dso *dso;
};

struct task {
	RB_ENTRY(task) node;
	uint32_t pid;
	char comm[17];
	struct map *maps;		/* the latest first; of a thread: its process has them */
};

static int task_cmp(struct task *a, struct task *b)
{
	return a->pid < b->pid ? -1 : a->pid > b->pid;
}

static RB_HEAD(tasks, task) tasks = RB_INITIALIZER(&tasks);
RB_GENERATE_STATIC(tasks, task, node, task_cmp)

static int entry_cmp(struct entry *a, struct entry *b)
{
	int d = strcmp(a->comm, b->comm);

	if (!d && a->dso != b->dso)
		d = a->dso < b->dso ? -1 : 1;
	if (!d && a->symbol != b->symbol)
		d = a->symbol < b->symbol ? -1 : 1;
	if (!d && a->at != b->at)
		d = a->at < b->at ? -1 : 1;
	if (!d && a->kernel != b->kernel)
		d = a->kernel ? 1 : -1;
	return d ? d : a->cpu - b->cpu;
}

RB_GENERATE_STATIC(entries, entry, node, entry_cmp)

static void *need(void *p)
{
	if (!p)
		die("perf");
	return p;
}

static struct task *task_of(uint32_t pid)
{
	struct task key = { .pid = pid }, *t = RB_FIND(tasks, &tasks, &key);

	if (!t) {
		t = need(calloc(1, sizeof(*t)));
		t->pid = pid;
		if (pid)
			snprintf(t->comm, sizeof(t->comm), ":%u", (unsigned int)pid);
		else
			strcpy(t->comm, "swapper");
		RB_INSERT(tasks, &tasks, t);
	}
	return t;
}

static void forget_maps(struct task *t)
{
	for (struct map *m = t->maps, *next; m; m = next) {
		next = m->next;
		free(m);
	}
	t->maps = NULL;
}

static void add_map(struct task *t, uint64_t start, uint64_t end, uint64_t pgoff, struct dso *dso)
{
	struct map *m = need(malloc(sizeof(*m)));

	*m = (struct map){ t->maps, start, end, pgoff, dso };
	t->maps = m;
}

struct of_mmap {
	struct perf_event_header h;
	uint32_t pid, tid;
	uint64_t addr, len, pgoff;
	char name[];
};

struct of_comm {
	struct perf_event_header h;
	uint32_t pid, tid;
	char comm[16];
};

struct of_fork {
	struct perf_event_header h;
	uint32_t pid, ppid, tid, ptid;
};

static void take_fork(const struct of_fork *f)
{
	struct task *t = task_of(f->tid), *parent = task_of(f->ptid);

	memcpy(t->comm, parent->comm, sizeof(t->comm));
	if (f->pid == f->ppid)
		return;			/* a thread */
	forget_maps(t);
	/* In their order. */
	parent = task_of(f->ppid);
	for (struct map *m = parent->maps, **at = &t->maps; m; m = m->next) {
		add_map(t, m->start, m->end, m->pgoff, m->dso);
		if (t->maps->next) {
			struct map *new = t->maps;

			t->maps = new->next;
			new->next = NULL;
			*at = new;
		}
		at = &(*at ? *at : t->maps)->next;
	}
}

struct place session_place(uint32_t pid, bool kernel, uint64_t ip)
{
	struct map *m = kernel ? NULL : task_of(pid)->maps;
	struct place p = { .at = ip, .kernel = kernel };

	while (m && (ip < m->start || ip >= m->end))
		m = m->next;
	p.dso = kernel ? dso_find("[kernel.kallsyms]") : m ? m->dso : NULL;
	if (p.dso) {
		p.addr = kernel ? ip : dso_address(p.dso, ip - m->start + m->pgoff);
		p.symbol = dso_symbol(p.dso, p.addr, &p.off);
	}
	return p;
}

const char *session_comm(uint32_t tid)
{
	return task_of(tid)->comm;
}

bool sample_in_kernel(const struct of_sample *r)
{
	return r->h.misc & PERF_RECORD_MISC_KERNEL && !(r->h.misc & PERF_RECORD_MISC_USER);
}

size_t chain_places(const struct of_sample *r, struct place *v, size_t max)
{
	bool kernel = sample_in_kernel(r);
	size_t n = 0;

	for (uint64_t i = 0; i < r->nr && n < max; i++) {
		if (r->chain[i] >= PERF_CONTEXT_MAX) {
			kernel = r->chain[i] == PERF_CONTEXT_KERNEL;
			continue;
		}
		v[n] = session_place(r->pid, kernel, r->chain[i] - (n ? 1 : 0));
		v[n].off += n ? 1 : 0;
		v[n++].at = r->chain[i];
	}
	return n;
}

static void take_sample(struct session *s, const struct of_sample *r)
{
	struct entry key = { .cpu = 0 }, *e;
	bool kernel = sample_in_kernel(r);

	s->samples++;
	s->period += r->period;
	s->kernel_samples += kernel;
	if (s->by & BY_COMM)
		strcpy(key.comm, task_of(r->tid)->comm);
	if (s->by & BY_PID)
		snprintf(key.comm + strlen(key.comm), sizeof(key.comm) - strlen(key.comm), " %u", (unsigned int)r->tid);
	if (s->by & BY_CPU)
		key.cpu = r->cpu;
	if (s->by & (BY_DSO | BY_SYMBOL | BY_ADDRESS)) {
		struct place p = session_place(r->pid, kernel, r->ip);

		key.kernel = kernel;
		key.dso = s->by & BY_DSO ? p.dso : NULL;
		key.symbol = s->by & BY_SYMBOL ? p.symbol : NULL;
		key.at = s->by & BY_ADDRESS ? p.addr : s->by & BY_SYMBOL && !p.symbol ? r->ip : 0;
	}
	e = RB_FIND(entries, &s->entries, &key);
	if (!e) {
		e = need(malloc(sizeof(*e)));
		*e = key;
		RB_INSERT(entries, &s->entries, e);
	}
	e->samples++;
	e->period += r->period;
	if (s->chains)
		calls_add(&e->calls, r);
}

void session_record(struct session *s, const struct perf_event_header *h)
{
	const struct of_mmap *m = (const void *)h;
	const struct of_comm *c = (const void *)h;
	size_t head = h->type == PERF_RECORD_MMAP2 ? 32 : 0;
	struct task *t;

	switch (h->type) {
	case PERF_RECORD_MMAP:
	case PERF_RECORD_MMAP2:
		if (h->size > sizeof(*m) + head && m->pid != (uint32_t)-1)
			add_map(task_of(m->pid), m->addr, m->addr + m->len, m->pgoff, dso_find(m->name + head));
		break;
	case PERF_RECORD_COMM:
		t = task_of(c->tid);
		snprintf(t->comm, sizeof(t->comm), "%.16s", c->comm);
		if (h->misc & PERF_RECORD_MISC_COMM_EXEC)
			forget_maps(t);
		break;
	case PERF_RECORD_FORK:
		take_fork((const void *)h);
		break;
	case PERF_RECORD_LOST:
		s->lost += ((const uint64_t *)h)[2];
		break;
	case PERF_RECORD_SAMPLE:
		take_sample(s, (const void *)h);
		break;
	}
}

static int heavier(const void *a, const void *b)
{
	const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;

	return x->period > y->period ? -1 : x->period < y->period ? 1 : entry_cmp((struct entry *)x, (struct entry *)y);
}

struct entry **session_sorted(struct session *s, size_t *n)
{
	struct entry **v, *e;

	*n = 0;
	RB_FOREACH(e, entries, &s->entries)
		++*n;
	v = need(malloc((*n + 1) * sizeof(*v)));
	*n = 0;
	RB_FOREACH(e, entries, &s->entries)
		v[(*n)++] = e;
	qsort(v, *n, sizeof(*v), heavier);
	return v;
}

void session_clear(struct session *s)
{
	struct entry *e;

	while ((e = RB_MIN(entries, &s->entries))) {
		RB_REMOVE(entries, &s->entries, e);
		calls_free(e->calls);
		free(e);
	}
	s->samples = s->period = s->lost = s->kernel_samples = 0;
}

void session_forget(void)
{
	struct task *t;

	while ((t = RB_MIN(tasks, &tasks))) {
		RB_REMOVE(tasks, &tasks, t);
		forget_maps(t);
		free(t);
	}
}

const char *entry_symbol(const struct entry *e, char *buf, size_t n)
{
	if (e->symbol)
		snprintf(buf, n, "[%c] %s", e->kernel ? 'k' : '.', e->symbol);
	else
		snprintf(buf, n, "[%c] 0x%016lx", e->kernel ? 'k' : '.', (unsigned long)e->at);
	return buf;
}

const char *entry_dso(const struct entry *e)
{
	return e->dso ? dso_name(e->dso) : "[unknown]";
}
