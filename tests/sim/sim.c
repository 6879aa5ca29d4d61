// SPDX-License-Identifier: MIT
/*
 * The scheduler on the host: its own sources, unchanged, with virtual harts and a
 * virtual clock. One thread runs everything, event by event, so a run is the same
 * each time. A task is a program of run and sleep phases; only the stoppers, which
 * sleep in the middle of kernel code, have stacks of their own.
 *
 * sim FILE: play a scenario. Its lines:
 *   harts N | topology PxCxCxT | nodes N [ring]      the machine (NUMA nodes split the harts evenly)
 *   set TUNABLE N      as sched/tunables.h has them: latency_ns, min_granularity_ns, wakeup_granularity_ns, child_runs_first,
 *      migration_cost_ns, nr_migrate, rt_period_ns, rt_runtime_ns, rr_timeslice_ns; 0 or 1: HRTICK, HRTICK_DL,
 *      WAKEUP_PREEMPTION
 *   capacity A-B N      harts A to B do N/1024 of the work of the others in a time
 *   task [COUNT] [run=T] [sleep=T] [loop=N] [nice=N] [policy=other|batch|idle|fifo:P|rr:P]
 *        [dl=RUNTIME:DEADLINE:PERIOD] [period=T] [cpus=A-B] [at=T] [on=H] [free=T] [name=WORD] [yield=1] [heirs=N]
 *      forked on hart H (0) at time T (0); loops N times (1; 0: for ever) over run and sleep; at free its mask
 *      becomes all harts; with a period each run is a job, released a period after the one before; yields after each
 *      run; has N heirs: forks the next and ends after each run
 *   group NAME [parent=NAME] [weight=N] [max=QUOTA:PERIOD]      weight 100 at first; task ... group=NAME
 *   move TASK-NAME GROUP at=T      tasks so named change groups; "/" is the root
 *   renice TASK-NAME N at=T
 *   trip TASK-NAME WHERE every=T [stay=T]      each T tasks so named go there, for a time of T (0) and back;
 *      WHERE: policy=P (as above), nice=N, lent=P (real-time priority P, by who waits), group=NAME, cpus=A-B,
 *      same (nowhere: they are given what they have)
 *   tunable NAME N at=T      as set, later
 *   offline H at=T, online H at=T      a hart leaves, unless deadline tasks need it, or comes back
 *   from T           delays are of the time since then
 *   until T          end here even if tasks live (default: until the last task with loop > 0 ends)
 *   expect WHAT OP VALUE      checked at the end; OP is one of < <= > >= =, WHAT one of
 *      makespan    over its bound, max(work / capacity of all harts, longest task)
 *      loss, gap   hart time idle while a task it may run waits: per cent of all, ms at a stretch
 *      share       how far a task is from its weight's part of the CPU time, in points of a hundred
 *      time:NAME   CPU time of tasks so called, per cent of one hart's time
 *      usage:GROUP run time of a group's tasks, per cent of one hart's time
 *      latency:NAME  longest time from wake-up to running of tasks so called, ms
 *      least:NAME  least CPU time of a task so called, per cent of the mean of all so called
 *      wait        longest sum of a task's waits, ms
 *      delays      how far such a sum is from the mean, per cent of it, for tasks of one weight that never sleep
 *      missed[:NAME]  jobs that ended after their deadlines; refused: tasks that were not admitted
 *      badwakes    wake-ups on a hart with work while another idled that the task may use
 *      migrations, done
 *      looks       harts whose load a periodic pass looks at, on average
 * Times: 10ms, 250us, 1s. At every step what sim_check.h has holds.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "sched/sched_priv.h"
#include "sched/tunables.h"
#include "sched/upcall.h"
#include "sched/wait.h"
#include "smp/printk.h"
#include "smp/upcall.h"
#include "trap/clock.h"
#include "trap/softirq.h"
#include "trap/upcall.h"

#define IPI_DELAY 1000		/* ns */
#define STACK_SIZE 65536

struct sim_task {
	struct task_struct t;
	char name[TASK_COMM_LEN];
	u64 run, sleep, left, at, free;	/* ns */
	long loop;			/* left; 0: for ever */
	bool forever;
	unsigned int on;
	struct cpumask mask;
	struct task_group *group;	/* NULL: the root group */
	unsigned int policy, rt_priority;
	int nice;
	u64 dl_runtime, dl_deadline, dl_period, period, release, missed; /* ns */
	bool yields, is_heir;
	long heir;			/* its index among the tasks; 0: none */
	bool done;
	bool forked;
	u64 started, ended, cpu;	/* ns */
	u64 woken, latency;		/* ns: woken at, and not run since; the longest such wait */
	u64 waited;			/* ns: not running, by `from` */
	u64 waits, had_run;		/* ns, since it last ran; what it had run then */
	double most_turns;		/* of others, that it has to let pass at most */
};

enum event_type { EV_TICK, EV_RUN_END, EV_WAKE, EV_IPI, EV_FORK, EV_FREE, EV_SAMPLE, EV_TIMER, EV_OFFLINE, EV_ONLINE, EV_MOVE, EV_TRIP,
	EV_TUNABLE };
struct event {
	u64 time, seq;
	enum event_type type;
	unsigned int cpu;
	struct sim_task *task;
	u32 generation;
};

struct hart {
	u64 since;			/* the running task was charged to here */
	u32 run_generation;		/* a later EV_RUN_END of another generation is stale */
	bool tick_armed, ipi_sent, kept;
	u64 rt_waits;			/* since when it runs a fair task while real-time ones wait; 0: it does not */
	u64 idle_beside;		/* since when it idles while a task waits that it may run; 0: it does not */
	ucontext_t *stopper;
	char *stack;
	struct task_struct *idle, *stop;
};

struct thread_info *sim_current;
bool sim_irqs_off;
unsigned int nr_cpu_ids;
struct cpumask cpu_online_mask, cpu_possible_mask;
unsigned long cpuid_to_hartid[NR_CPUS], __per_cpu_offset[NR_CPUS];
struct task_struct init_task;

static u64 now, events_run;
static struct hart harts[NR_CPUS];
static unsigned long capacities[NR_CPUS];
static struct event *heap;
static size_t nr_events, max_events;
static struct sim_task *tasks;
static size_t nr_tasks, alive, nr_finite;
static ucontext_t main_ctx;
static struct task_struct *switched_from;
static bool in_stopper;
static u64 unclaimed, hart_time, longest_gap, gap_since, last_sample, last_end, first_fork = ~0ULL, work_total, work_longest;
static u64 until, from;
static unsigned int refused, bad_wakes;
static const char *scenario;

#include "sim_stubs.h"

static void fail(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));
static void fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "%s: at %lu ns, event %lu: ", scenario ? scenario : "sim", now, events_run);
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, "\n");
	exit(1);
}

void sim_wfi(void)
{
	fail("hart %u waits", smp_processor_id());
}

void sim_spin(void)
{
	fail("hart %u waits for what never comes", smp_processor_id());
}

void bug_at(const char *file, int line, const char *what)
{
	fail("BUG at %s:%d: %s", file, line, what);
}

void panic(const char *fmt, ...)
{
	char msg[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	fail("panic: %s", msg);
}

void printk(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt[0] == 1 ? fmt + 2 : fmt, ap);
	va_end(ap);
}

/* The clock, and what else the scheduler calls. */
u64 ktime_get_ns(void)
{
	return now;
}

/* The linker sends calls of the one to the other. */
static u64 looks;
u64 __real_cfs_rq_load_avg(const struct cfs_rq *cfs, u64 at);
u64 __wrap_cfs_rq_load_avg(const struct cfs_rq *cfs, u64 at);
u64 __wrap_cfs_rq_load_avg(const struct cfs_rq *cfs, u64 at)
{
	looks++;
	return __real_cfs_rq_load_avg(cfs, at);
}

/* To balance is to take from who has more. */
void __real_move_queued_task(struct rq *src, struct rq *dst, struct task_struct *p, enum migrate_reason why);
void __wrap_move_queued_task(struct rq *src, struct rq *dst, struct task_struct *p, enum migrate_reason why);
void __wrap_move_queued_task(struct rq *src, struct rq *dst, struct task_struct *p, enum migrate_reason why)
{
	if ((why == MIGRATE_PERIODIC || why == MIGRATE_NEWIDLE || why == MIGRATE_ACTIVE) &&
	    src->nr_running <= dst->nr_running && src->cfs.load.weight <= dst->cfs.load.weight &&
	    !src->avg_rt.util_sum && !src->rt_running && src->cpu_capacity >= dst->cpu_capacity)
		fail("hart %u takes from hart %u, which has no more than it", dst->cpu, src->cpu);
	__real_move_queued_task(src, dst, p, why);
}

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

static struct sim_task *sim_of(struct task_struct *p)
{
	return p >= &tasks[0].t && (char *)p < (char *)(tasks + nr_tasks) ? container_of(p, struct sim_task, t) : NULL;
}

/* What the hart's task has done since it was last looked at. */
static void charge(unsigned int cpu, struct task_struct *p)
{
	struct sim_task *s = sim_of(p);
	u64 ran = now - harts[cpu].since, work;

	harts[cpu].since = now;
	if (s) {
		s->cpu += ran;
		work = ran * cpu_rq(cpu)->cpu_capacity / SCHED_CAPACITY_SCALE;
		s->left -= min(work, s->left);
	}
}

/* Time in which @cpu does the work of @left ns of a fastest hart. */
static u64 ran_for(unsigned int cpu, u64 left)
{
	unsigned long capacity = cpu_rq(cpu)->cpu_capacity;

	return (left * SCHED_CAPACITY_SCALE + capacity - 1) / capacity;
}

static void runs(unsigned int cpu, struct task_struct *p)
{
	struct hart *h = &harts[cpu];
	struct sim_task *s = sim_of(p);

	h->since = now;
	h->run_generation++;
	if (s && s->woken) {
		s->latency = max(s->latency, now - s->woken);
		s->woken = 0;
	}
	if (s)
		post(now + ran_for(cpu, s->left), EV_RUN_END, cpu, s, h->run_generation);
	if (p != h->idle && !h->tick_armed) {
		h->tick_armed = true;
		post(now + TICK_NSEC, EV_TICK, cpu, NULL, 0);
	}
}

struct task_struct *__switch_to(struct task_struct *prev, struct task_struct *next)
{
	unsigned int cpu = prev->thread_info.cpu;

	charge(cpu, prev);
	sim_current = &next->thread_info;
	if (next->thread_info.cpu != cpu)
		fail("hart %u switches to a task of hart %u", cpu, next->thread_info.cpu);
	switched_from = prev;
	runs(cpu, next);
	if (in_stopper) {
		in_stopper = false;
		swapcontext(harts[cpu].stopper, &main_ctx);
	} else if (next == harts[cpu].stop) {
		in_stopper = true;
		swapcontext(&main_ctx, harts[cpu].stopper);
	}
	return switched_from;
}

static void stopper_main(void)
{
	schedule_tail(switched_from);
	cpu_stopper_thread(NULL);
}

void proc_on_tick(void)
{
}

void proc_on_dead(struct task_struct *prev)
{
	struct sim_task *s = sim_of(prev);

	s->done = true;
	s->ended = last_end = now;
	alive--;
	nr_finite -= !s->forever;
}

/* Into the kernel on @cpu, and out again: reschedule as long as it is asked for; idle as idle.c does. */
static void enter(unsigned int cpu)
{
	sim_current = &cpu_rq(cpu)->curr->thread_info;
	sim_irqs_off = false;
}

static void irq_enter(unsigned int cpu)
{
	enter(cpu);
	sim_irqs_off = true;
	preempt_count_add(HARDIRQ_OFFSET);
}

static void leave(unsigned int cpu)
{
	for (int i = 0; ; i++) {
		struct task_struct *curr = current;
		bool idle = curr == harts[cpu].idle;

		curr->thread_info.preempt_count = idle;	/* what its own stack would have come back to */
		sim_irqs_off = false;
		if (!test_thread_flag(TIF_NEED_RESCHED)) {
			if (idle && cpu_online(cpu))
				cpumask_set_cpu(cpu, &idle_cpus_mask);
			return;
		}
		if (i > 1000)
			fail("hart %u reschedules for ever", cpu);
		if (idle) {
			cpumask_clear_cpu(cpu, &idle_cpus_mask);
			schedule_idle();
		} else {
			sched_resched();
		}
	}
}

static void irq_exit(unsigned int cpu)
{
	preempt_count_sub(HARDIRQ_OFFSET);
	irq_exit_softirq();
	leave(cpu);
}

static struct sim_group {
	char name[16];
	struct task_group *tg;
} groups[32];
static unsigned int nr_groups;

#include "sim_check.h"

/* A waiting task of @rq that @cpu may run? */
static bool claims(struct rq *rq, unsigned int cpu)
{
	struct sched_entity *se;

	TAILQ_FOREACH(se, &rq->cfs_tasks, group_node)
		if (task_of(se) != rq->curr && cpumask_test_cpu(cpu, &task_of(se)->cpus_mask) && !throttled_hierarchy(se->cfs_rq) &&
		    !throttled_hierarchy(task_of(se)->sched_task_group->cfs_rq[cpu]))
			return true;	/* its group has time left, here and there */
	return false;
}

/* Work conservation: harts that idle while a task they may run waits, from one sample to the next. */
static void sample(void)
{
	unsigned int cpu, busy, lost = 0;
	u64 dt = now - last_sample;

	last_sample = now;
	if (!alive || now < first_fork)
		return;
	for_each_possible_cpu(cpu) {
		bool beside = false;

		if (cpumask_test_cpu(cpu, &idle_cpus_mask))
			for_each_online_cpu(busy)
				if (cpu_rq(busy)->nr_running > 1 && claims(cpu_rq(busy), cpu)) {
					beside = true;
					break;
				}
		lost += beside;
		check_idle(cpu, beside);
	}
	hart_time += dt * nr_cpu_ids;
	unclaimed += dt * lost;
	if (!lost)
		gap_since = now;
	longest_gap = max(longest_gap, now - gap_since);
}

/* Context: the parent is current; or an idle task, and then it is init. */
static void do_fork(struct sim_task *s)
{
	struct sched_param_kernel attr = { .policy = s->policy, .rt_priority = s->rt_priority, .nice = s->nice,
		.runtime = s->dl_runtime, .deadline = s->dl_deadline, .period = s->dl_period };
	struct task_struct *parent = current;

	preempt_disable();	/* the switch comes when the fork is done */
	first_fork = min(first_fork, now);
	s->forked = true;
	s->started = s->release = now;
	s->t.cpus_mask = s->mask;
	s->t.static_prio = DEFAULT_PRIO;
	s->t.flags = PF_KTHREAD;
	s->t.sched_task_group = s->group ? s->group : &root_task_group;
	atomic_inc(&s->t.sched_task_group->nr_tasks);
	atomic_set(&s->t.usage, 1);
	if (is_idle_task(parent))
		sim_current = &init_task.thread_info, init_task.thread_info.cpu = s->on, init_task.thread_info.preempt_count = 0;
	if (sched_fork(&s->t))
		fail("fork refused");
	set_task_rq(&s->t, task_cpu(&s->t));	/* as sched_cgroup_fork(), but for another group than the parent's */
	attach_task_fair(&s->t);
	s->t.cpus_mask = s->mask;
	s->t.nr_cpus_allowed = cpumask_weight(&s->mask);
	if (s->policy || s->nice)
		if (sched_setattr(&s->t, &attr)) {
			refused++;
			s->t.policy = SCHED_NORMAL;
		}
	wake_up_new_task(&s->t);
	sim_current = &parent->thread_info;
	alive++;
}

static void fork_task(struct sim_task *s)
{
	if (!cpu_online(s->on))
		s->on = cpumask_first(&cpu_online_mask);
	enter(s->on);
	do_fork(s);
	leave(s->on);
}

/* The running task has come to the end of its phase. */
static void phase_end(unsigned int cpu, struct sim_task *s)
{
	bool last = !s->forever && --s->loop == 0;

	enter(cpu);
	charge(cpu, &s->t);
	s->left = s->run;
	s->missed += s->period && now > s->release + (s->dl_deadline ? s->dl_deadline : s->period);
	s->release += s->period;
	if (s->period)
		s->sleep = s->release > now ? s->release - now : 0;
	if (s->heir || s->is_heir) {
		if (s->heir) {
			tasks[s->heir].on = cpu;
			do_fork(&tasks[s->heir]);
			current->thread_info.preempt_count = 0;
		}
		last = true;
	}
	if (last) {
		WRITE_ONCE(s->t.__state, TASK_DEAD);
		schedule();
	} else if (s->yields) {
		sched_yield_task();
		if (current == &s->t)
			runs(cpu, &s->t);
	} else if (s->sleep) {
		post(now + s->sleep, EV_WAKE, cpu, s, 0);
		set_current_state(TASK_INTERRUPTIBLE);
		schedule();
	} else {
		runs(cpu, &s->t);
	}
	leave(cpu);
}

/* To a hart that has work, while another that it may use has none? */
static void wake(struct sim_task *s)
{
	bool room = false;
	unsigned int cpu;

	for_each_cpu(cpu, &s->t.cpus_mask)
		room |= cpu_online(cpu) && idle_cpu(cpu);
	s->woken = now;
	wake_up_process(&s->t);
	bad_wakes += room && cpu_rq(task_cpu(&s->t))->nr_running > 1;
}

/* A hart leaves as in src/sched/cpu.c: in its stopper, while nobody else does anything. */
static struct cpu_stop_work down_work;

static int take_cpu_down(void *arg)
{
	unsigned int cpu = (unsigned long)arg;

	local_irq_disable();
	sched_cpu_dying(cpu);
	cpu_stopper_enable(cpu, false);
	local_irq_enable();
	return 0;
}

static void take_cpu_up(unsigned int cpu)
{
	if (cpu_online(cpu))
		fail("hart %u is online", cpu);
	cpumask_set_cpu(cpu, &cpu_online_mask);
	cpu_stopper_enable(cpu, true);
	build_sched_domains(false);
}

void arch_cpu_idle_dead(void)
{
	fail("cpu_idle() is not run here");
}

static struct task_group *group_called(const char *name)
{
	if (!strcmp(name, "/"))
		return &root_task_group;
	for (unsigned int i = 0; i < nr_groups; i++)
		if (!strcmp(groups[i].name, name))
			return groups[i].tg;
	fail("no group %s", name);
}

static struct move {
	char task[TASK_COMM_LEN];
	struct task_group *to;		/* or, if NULL, to a nice value */
	int nice;
} moves[256];
static unsigned int nr_moves;

static void move_tasks_called(unsigned int cpu, struct move *m)
{
	enter(cpu);
	preempt_disable();
	for (size_t i = 0; i < nr_tasks; i++) {
		struct sched_param_kernel attr = { .policy = tasks[i].t.policy, .nice = m->nice };

		if (strcmp(tasks[i].name, m->task) || !tasks[i].forked || tasks[i].done)
			continue;
		if (m->to)
			sched_move_task(&tasks[i].t, m->to);
		else if (tasks[i].t.sched_class == &fair_sched_class && sched_setattr(&tasks[i].t, &attr))
			fail("renice refused");
	}
	leave(cpu);
}

/* "trip": there and back. */
static struct trip {
	char task[TASK_COMM_LEN];
	struct task_struct donor;	/* prio 0: none */
	struct task_group *to;		/* NULL: stay */
	struct cpumask mask;		/* empty: the same */
	int policy, nice;		/* -1, 99: the same */
	unsigned int rt_priority;
	u64 every, stay;
	bool back;			/* next */
} trips[16];
static unsigned int nr_trips;

/* As sched_setaffinity() has it; but what runs goes at another time. */
static void set_mask(struct sim_task *s, const struct cpumask *mask)
{
	struct task_struct *p = &s->t;
	unsigned long flags;
	struct cpumask ok;
	struct rq *rq;

	if (!cpumask_and(&ok, mask, &cpu_online_mask))
		return;
	rq = task_rq_lock(p, &flags);
	if (!p->on_cpu) {
		p->cpus_mask = *mask;
		p->nr_cpus_allowed = cpumask_weight(mask);
		if (p->on_rq && !cpumask_test_cpu(rq->cpu, &ok))
			rq = __migrate_task(rq, p, cpumask_first(&ok), MIGRATE_AFFINITY);
	}
	task_rq_unlock(rq, p, flags);
}

static void take_trip(struct sim_task *s, const struct trip *t)
{
	struct sched_param_kernel attr = { .policy = s->policy, .rt_priority = s->rt_priority, .nice = s->nice,
		.runtime = s->dl_runtime, .deadline = s->dl_deadline, .period = s->dl_period };

	if (!t->back && t->policy >= 0)
		attr = (struct sched_param_kernel){ .policy = t->policy, .rt_priority = t->rt_priority, .nice = s->nice };
	else if (!t->back && t->nice != 99)
		attr.nice = t->nice;
	if (t->donor.prio)
		rt_mutex_setprio(&s->t, t->back ? NULL : &t->donor);
	else if (t->to)
		sched_move_task(&s->t, !t->back ? t->to : s->group ? s->group : &root_task_group);
	else if (cpumask_weight(&t->mask))
		set_mask(s, t->back ? &s->mask : &t->mask);
	else if (sched_setattr(&s->t, &attr) && !s->dl_period)
		fail("a trip is refused");
}

static void play_trip(unsigned int cpu, struct trip *t)
{
	enter(cpu);
	preempt_disable();
	for (int way = 0; way < (t->stay ? 1 : 2); way++) {
		for (size_t i = 0; i < nr_tasks; i++)
			if (!strcmp(tasks[i].name, t->task) && tasks[i].forked && !tasks[i].done)
				take_trip(&tasks[i], t);
		t->back = !t->back;
	}
	post(now + (t->back ? t->stay : t->every - t->stay), EV_TRIP, cpu, (void *)t, 0);
	leave(cpu);
}

static void set_tunable(char *words);

static void play(struct event *e)
{
	struct hart *h;

	/* What was to happen on a hart that has left happens elsewhere, but for its tick. */
	if (!cpu_online(e->cpu) && e->type == EV_TICK) {
		harts[e->cpu].tick_armed = false;
		return;
	}
	if (!cpu_online(e->cpu) && e->type != EV_ONLINE && e->type != EV_RUN_END)
		e->cpu = cpumask_first(&cpu_online_mask);
	h = &harts[e->cpu];

	switch (e->type) {
	case EV_TICK:
		h->tick_armed = false;
		if (cpu_rq(e->cpu)->curr == h->idle)
			return;		/* stopped while the hart idles */
		h->tick_armed = true;
		post(now + TICK_NSEC, EV_TICK, e->cpu, NULL, 0);
		irq_enter(e->cpu);
		sched_on_tick(true, now);
		irq_exit(e->cpu);
		break;
	case EV_RUN_END:
		if (e->generation == h->run_generation)
			phase_end(e->cpu, e->task);
		break;
	case EV_WAKE:
		irq_enter(e->cpu);
		wake(e->task);
		irq_exit(e->cpu);
		break;
	case EV_IPI:
		h->ipi_sent = false;
		irq_enter(e->cpu);
		sched_on_ipi();
		irq_exit(e->cpu);
		break;
	case EV_FORK:
		fork_task(e->task);
		break;
	case EV_FREE:
		enter(e->cpu);
		preempt_disable();
		if (sched_setaffinity(&e->task->t, &cpu_possible_mask))
			fail("affinity refused");
		leave(e->cpu);
		break;
	case EV_TIMER: {
		struct hrtimer *t = (struct hrtimer *)e->task;
		u64 next;

		if (t->queued != e->generation)
			break;
		t->queued = 0;
		irq_enter(e->cpu);
		next = t->function(t);
		if (next && !t->queued)
			timer_post(t, next, e->cpu);
		irq_exit(e->cpu);
		break;
	}
	case EV_OFFLINE:
		harts[e->cpu].kept = dl_cpu_busy();	/* as cpu_down() has it: those admitted need it */
		if (harts[e->cpu].kept)
			break;
		irq_enter(e->cpu);
		if (!stop_one_cpu_nowait(e->cpu, take_cpu_down, (void *)(unsigned long)e->cpu, &down_work))
			fail("hart %u is offline", e->cpu);
		irq_exit(e->cpu);
		break;
	case EV_ONLINE:
		if (h->kept)
			break;
		h->ipi_sent = false;	/* one may have been on its way when it left */
		enter(e->cpu);
		take_cpu_up(e->cpu);
		leave(e->cpu);
		break;
	case EV_MOVE:
		move_tasks_called(e->cpu, (struct move *)e->task);
		break;
	case EV_TRIP:
		play_trip(e->cpu, (struct trip *)e->task);
		break;
	case EV_TUNABLE:
		set_tunable((char *)e->task);
		for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
			harts[cpu].rt_waits = 0;
		break;
	case EV_SAMPLE:
		sample();
		post(now + 100000, EV_SAMPLE, 0, NULL, 0);
		break;
	}
}

/* The machine. */
static void boot(unsigned int n, const unsigned int shape[4], unsigned int nodes, bool ring);
#include "sim_boot.h"

#include "sim_scenario.h"
#include "sim_measure.h"

int main(int argc, char **argv)
{
	size_t total_finite;
	int bad = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc != 2) {
		fprintf(stderr, "usage: sim FILE\n");
		return 2;
	}
	scenario = argv[1];
	load(argv[1]);
	total_finite = nr_finite;
	post(0, EV_SAMPLE, 0, NULL, 0);
	while (nr_events && (!total_finite || nr_finite || alive < nr_tasks - total_finite) && (!until || now < until)) {
		struct event e = take();

		now = e.time;
		if (until && now > until)
			break;
		if (from && now >= from) {
			for (size_t i = 0; i < nr_tasks; i++)
				tasks[i].waited = wait_of(&tasks[i]);
			from = 0;
		}
		if (!total_finite && !until)
			fail("tasks that never end need an until");
		events_run++;
		play(&e);
		if (nr_tasks * nr_cpu_ids < 4096 || events_run % max(nr_tasks, 1000UL) == 0)
			check_all();
		if (nr_tasks * nr_cpu_ids < 4096)
			check_waits();
	}
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		charge(cpu, cpu_rq(cpu)->curr);
	printf("# %lu events, %.3f ms; loss %.3f %%, longest gap %.3f ms, %lu migrations, worst wait %.3f ms\n", events_run,
	       now / 1e6, measure("loss"), measure("gap"), migrations(), worst_wait() / 1e6);
	for (int i = 0; i < nr_expects; i++) {
		struct expectation *x = &expects[i];
		double got = measure(x->what);
		bool ok = !strcmp(x->op, "<") ? got < x->value : !strcmp(x->op, "<=") ? got <= x->value :
			  !strcmp(x->op, ">") ? got > x->value : !strcmp(x->op, ">=") ? got >= x->value :
			  !strcmp(x->op, "=") && got == x->value;

		printf("%sok %d - %s %s %g: %g\n", ok ? "" : "not ", i + 1, x->what, x->op, x->value, got);
		bad += !ok;
	}
	printf("1..%d\n", nr_expects);
	return bad != 0;
}
