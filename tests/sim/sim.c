// SPDX-License-Identifier: MIT
/*
 * The scheduler on the host: its own sources, unchanged, with virtual harts and a
 * virtual clock. One thread runs everything, event by event, so a run is the same
 * each time. A task is a program of run and sleep phases; only the stoppers, which
 * sleep in the middle of kernel code, have stacks of their own.
 *
 * sim [--trace FILE] SCENARIO: play it; docs/sim.md tells its words. At every step what sim_check.h has holds. With
 * a file for it, the kernel's trace of the run goes there, and what its tasks had is printed.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "locks/rtmutex.h"
#include "sched/affinity.h"
#include "sched/asm.h"
#include "sched/balance.h"
#include "sched/bandwidth.h"
#include "sched/class.h"
#include "sched/dl_bw.h"
#include "sched/fair.h"
#include "sched/group.h"
#include "sched/hotplug.h"
#include "sched/idle.h"
#include "sched/load.h"
#include "sched/migrate.h"
#include "sched/policy.h"
#include "sched/rq.h"
#include "sched/sched.h"
#include "sched/stop.h"
#include "sched/trace.h"
#include "time/tick.h"
#include "trace/trace.h"
#include "sched/tunables.h"
#include "sched/upcall.h"
#include "sched/wait.h"
#include "smp/printk.h"
#include "smp/upcall.h"
#include "time/clock.h"
#include "time/upcall.h"
#include "trace/trace.h"
#include "trap/softirq.h"
#include "trap/upcall.h"

#define IPI_DELAY 1000		/* ns */
#define STACK_SIZE 65536

/* With priority inheritance. */
struct sim_lock {
	char name[16];
	struct rt_mutex m;
};

#define MAX_HELD 4

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
	struct sim_lock *locks[MAX_HELD]; /* that it has while it runs; taken in this order */
	unsigned int nr_locks, taken;	/* or waited for */
	struct rt_mutex_waiter waiter;
	bool yields, reclaims, is_heir;
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

static void trace_write(void);
static void fail(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));
static void fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "%s: at %lu ns, event %lu: ", scenario ? scenario : "sim", now, events_run);
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, "\n");
	trace_write();
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

#include "sim_clock.h"

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

void __put_task_struct(struct task_struct *p)
{
	struct sim_task *s = sim_of(p);

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
			schedule();
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
		if (task_of(se) != rq->curr && cpumask_test_cpu(cpu, &task_of(se)->cpus_mask) && fair_may_run(task_of(se), cpu))
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

#include "sim_trace.h"
#include "sim_play.h"

/* The machine. */
static void boot(unsigned int n, const unsigned int shape[4], unsigned int nodes, bool ring);
#include "sim_boot.h"

#include "sim_words.h"
#include "sim_measure.h"
#include "sim_scenario.h"
#include "sim_report.h"

/* The checker of locks asks it; no sleeping locks are here. */
bool task_holds_lock(const void *lock, bool write) { (void)lock, (void)write; return false; }

/* Event by event. */
static void run(void)
{
	size_t total_finite = nr_finite;

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
		events_run++;
		play(&e);
		trace_settle(e.cpu);
		if (nr_tasks * nr_cpu_ids < 4096 || events_run % max(nr_tasks, 1000UL) == 0)
			check_all();
		if (nr_tasks * nr_cpu_ids < 4096)
			check_waits();
	}
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		charge(cpu, cpu_rq(cpu)->curr);
}

/* Return: how many expectations are not met. */
static int judge(void)
{
	int bad = 0;

	for (unsigned int i = 0; i < nr_expects; i++) {
		struct expectation *x = &expects[i];
		double got = measure(x->what);
		bool ok = !strcmp(x->op, "<") ? got < x->value : !strcmp(x->op, "<=") ? got <= x->value :
			  !strcmp(x->op, ">") ? got > x->value : !strcmp(x->op, ">=") ? got >= x->value :
			  !strcmp(x->op, "=") && got == x->value;

		printf("%sok %u - %s %s %g: %g\n", ok ? "" : "not ", i + 1, x->what, x->op, x->value, got);
		bad += !ok;
	}
	printf("1..%u\n", nr_expects);
	return bad;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 4 && !strcmp(argv[1], "--trace")) {
		trace_path = argv[2];
	} else if (argc != 2) {
		fprintf(stderr, "usage: sim [--trace FILE] SCENARIO (docs/sim.md)\n");
		return 2;
	}
	load(argv[argc - 1]);
	trace_init();
	run();
	printf("# %lu events, %.3f ms; loss %.3f %%, longest gap %.3f ms, %lu migrations, worst wait %.3f ms\n", events_run,
	       now / 1e6, measure("loss"), measure("gap"), migrations(), worst_wait() / 1e6);
	if (trace_path) {
		print_tasks();
		print_figures();
	}
	trace_write();
	return judge() != 0;
}
