/* SPDX-License-Identifier: MIT */
/* The simulator's events in order of time, and what becomes one: timers, interrupts between harts. Included by sim.c. */

static bool before(const struct event *a, const struct event *b)
{
	return a->time != b->time ? a->time < b->time : a->seq < b->seq;
}

static void post(u64 time, enum event_type type, unsigned int cpu, struct sim_task *task, u32 generation)
{
	static u64 seq;
	size_t i = nr_events++;

	if (i == max_events)
		heap = realloc(heap, (max_events = max_events ? max_events * 2 : 1024) * sizeof(*heap));
	struct event e = { time, seq++, type, cpu, task, generation };

	for (; i && before(&e, &heap[(i - 1) / 2]); i = (i - 1) / 2)
		heap[i] = heap[(i - 1) / 2];
	heap[i] = e;
}

static struct event take(void)
{
	struct event top = heap[0], last = heap[--nr_events];
	size_t i = 0, c;

	while ((c = 2 * i + 1) < nr_events) {
		c += c + 1 < nr_events && before(&heap[c + 1], &heap[c]);
		if (!before(&heap[c], &last))
			break;
		heap[i] = heap[c];
		i = c;
	}
	heap[i] = last;
	return top;
}

/* A timer's "queued" is the generation of the event that is its own. */
void hrtimer_init(struct hrtimer *t, u64 (*fn)(struct hrtimer *))
{
	*t = (struct hrtimer){ .function = fn };
}

static void timer_post(struct hrtimer *t, u64 expires, unsigned int cpu)
{
	static u32 generation;

	t->queued = ++generation;
	t->expires = expires;
	t->cpu = cpu;
	post(max(expires, now), EV_TIMER, cpu, (void *)t, t->queued);
}

void hrtimer_start(struct hrtimer *t, u64 expires)
{
	timer_post(t, expires, smp_processor_id());
}

bool hrtimer_cancel(struct hrtimer *t)
{
	bool was = t->queued;

	t->queued = 0;
	return was;
}

void smp_send_reschedule(unsigned int cpu)
{
	if (harts[cpu].ipi_sent)
		return;
	harts[cpu].ipi_sent = true;
	post(now + IPI_DELAY, EV_IPI, cpu, NULL, 0);
}
