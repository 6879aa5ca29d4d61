// SPDX-License-Identifier: MIT
/*
 * Interleavings: the scheduler's own sources, unchanged, on virtual harts of which one
 * takes a step at a time. Wherever the kernel takes a lock, or reads or writes what is
 * shared (READ_ONCE and its kin, see yield.h), another hart may come first. Every
 * task, idle ones and stoppers too, has a stack of its own and runs the kernel's
 * functions from end to end; interrupts between harts come as soon as they are let, and
 * ticks at random steps.
 *
 * interleave PROTOCOL SEEDS [FIRST]: for each seed, tasks run random scripts of the
 * protocol's steps under a random schedule, until all have ended.
 *   wake        sleep until somebody has woken us; wake others
 *   migrate     and ticks that balance, forced
 *   affinity    and masks of others that change
 *   policy      and their classes, priorities and nice values
 *   hotplug     and harts that leave and come back (cpu_down(), cpu_up() themselves)
 *   groups      and task groups that they move between
 *   locks       and mutexes, semaphores, rt-mutexes
 *   rwlock      and a reader/writer spin lock, which interrupts read too
 *   all
 * A seed fails if a wake-up is lost, a task runs twice or is queued twice or nowhere, harts
 * wait for each other for ever, or the kernel itself complains.
 *
 * Which hart goes on is chosen as in "A Randomized Scheduler with Probabilistic
 * Guarantees of Finding Bugs" (PCT, ASPLOS 2010): the one with the highest priority;
 * priorities are random, and at a few random steps the running one becomes the lowest.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "dev/cpu.h"
#include "lib/err.h"
#include "locks/mutex.h"
#include "locks/rtmutex.h"
#include "locks/rwsem.h"
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
#include "sched/migrate.h"
#include "sched/policy.h"
#include "sched/rq.h"
#include "sched/sched.h"
#include "sched/stop.h"
#include "sched/trace.h"
#include "sched/tunables.h"
#include "sched/upcall.h"
#include "sched/wait.h"
#include "smp/cpuhp.h"
#include "smp/printk.h"
#include "smp/upcall.h"
#include "time/hrtimer.h"
#include "time/tick.h"
#include "time/upcall.h"
#include "trap/irq.h"
#include "trap/softirq.h"
#include "trap/upcall.h"

/* The host's headers have the kernel's names with other meanings. */
int fork(void);
int waitpid(int pid, int *status, int options);
void _exit(int status) __attribute__((noreturn));

#define HARTS 3
#define TASKS 6
#define GROUPS 2
#define STACK_SIZE 65536
#define MAX_STEPS 2000000
#define CHANGES 48

enum step { STEP_SLEEP, STEP_WAKE, STEP_YIELD, STEP_TICK, STEP_AFFINITY, STEP_POLICY, STEP_HOTPLUG, STEP_GROUP, STEP_MUTEX,
	STEP_RWSEM, STEP_RTMUTEX, STEP_RWLOCK, NR_STEPS };

struct sim_task {
	struct task_struct t;
	ucontext_t ctx;
	char stack[STACK_SIZE];
	int id;
	bool runs;			/* a hart has it */
	bool dead;
	bool asleep;			/* in STEP_SLEEP */
	int tokens;			/* wake-ups that it has not consumed */
};

struct hart {
	struct sim_task idle, stop;
	int priority;			/* the highest runs */
	bool waits;			/* in wfi */
	bool off;
	bool irqs_off;			/* while it is not its turn */
	struct thread_info *running;	/* whose stack it is on, while it is not its turn */
	bool ipi, tick;			/* interrupts that wait */
};

struct thread_info *sim_current;
bool sim_irqs_off;
unsigned int nr_cpu_ids = HARTS;
struct cpumask cpu_online_mask, cpu_possible_mask;
unsigned long cpuid_to_hartid[NR_CPUS], __per_cpu_offset[NR_CPUS];
struct task_struct init_task;

static u64 now = 1000000;
static unsigned long nr_steps, change_at[CHANGES], tick_rate;
static struct hart harts[HARTS], *turn;		/* NULL: nobody's: boot, or the explorer */
static ucontext_t explorer;
static int lowest;
static struct sim_task tasks[TASKS];
static struct hrtimer *timers[TASKS * 4 + HARTS];
static unsigned long script_steps;		/* bit s: the protocol has step s */
static struct task_group *groups[GROUPS + 1];
static mutex_t a_mutex;
static struct rw_semaphore a_rwsem;
static struct rt_mutex rt_mutexes[2];
static DEFINE_RWLOCK(a_rwlock, LOCK_TASKLIST);
static unsigned long nr_written;	/* times that a_rwlock was taken to write */
static bool in_write;
static int in_mutex, readers, writers, in_rt[2];
static unsigned long seed;
static struct sim_task *to_poke;		/* whom the next interrupt wakes */

#include "sim_stubs.h"

static void fail(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));
static void fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "seed %lu, step %lu, hart %ld: ", seed, nr_steps, turn ? turn - harts : -1L);
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, "\n");
	_exit(1);
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
	(void)fmt;
}

static unsigned long rnd(unsigned long n)
{
	static unsigned long x;

	if (!x)
		x = (seed + 1) * 0x9e3779b97f4a7c15;
	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return (x >> 16) % n;
}

/* ---- Whose turn it is ---- */

static bool timer_due(unsigned int cpu)
{
	for (size_t i = 0; i < ARRAY_SIZE(timers); i++)
		if (timers[i] && timers[i]->cpu == cpu && timers[i]->expires <= now)
			return true;
	return false;
}

static bool can_go(const struct hart *h)
{
	return !h->off && (!h->waits || h->ipi || timer_due(h - harts));
}

static struct hart *next_hart(void)
{
	struct hart *best = NULL;

	for (struct hart *h = harts; h < harts + HARTS; h++)
		if (can_go(h) && (!best || h->priority > best->priority))
			best = h;
	return best;
}

/* Let the explorer choose: it may be us again. */
static void pause_hart(void)
{
	struct hart *h = turn;

	h->running = sim_current;
	h->irqs_off = sim_irqs_off;
	swapcontext(&container_of((struct task_struct *)sim_current, struct sim_task, t)->ctx, &explorer);
	sim_current = h->running;
	sim_irqs_off = h->irqs_off;
}

/* An interrupt, as entry.S and traps.c take it. */
static void take_interrupt(void)
{
	struct hart *h = turn;
	unsigned int cpu = h - harts;

	sim_irqs_off = true;
	preempt_count_add(HARDIRQ_OFFSET);
	if (h->ipi) {
		h->ipi = false;
		sched_on_ipi();
	}
	if (h->tick) {
		h->tick = false;
		if (rnd(2))
			this_rq()->next_balance = 0;
		now += TICK_NSEC;
		sched_on_tick(true, now);
	}
	if (to_poke) {
		struct sim_task *p = to_poke;

		to_poke = NULL;
		p->tokens++;
		wake_up_process(&p->t);
	}
	for (size_t i = 0; i < ARRAY_SIZE(timers); i++) {
		struct hrtimer *t = timers[i];

		if (t && t->cpu == cpu && t->expires <= now) {
			u64 next;

			timers[i] = NULL;
			next = t->function(t);
			if (next)
				hrtimer_start(t, next);
		}
	}
	if (script_steps & BIT(STEP_RWLOCK)) {
		read_lock(&a_rwlock);
		sim_yield();
		if (in_write)
			fail("an interrupt reads while somebody writes");
		read_unlock(&a_rwlock);
	}
	preempt_count_sub(HARDIRQ_OFFSET);
	irq_exit_softirq();
	if (test_thread_flag(TIF_NEED_RESCHED) && !preempt_count()) {
		void preempt_schedule_irq(void);

		preempt_schedule_irq();
	}
	sim_irqs_off = false;
}

void sim_yield(void)
{
	if (!turn)
		return;
	now += 50;
	if (++nr_steps > MAX_STEPS)
		fail("it does not end");
	for (int i = 0; i < CHANGES; i++)
		if (nr_steps == change_at[i])
			turn->priority = --lowest;
	turn->tick |= !rnd(tick_rate);
	if (next_hart() != turn)
		pause_hart();
	if (!sim_irqs_off && (turn->ipi || turn->tick || timer_due(turn - harts)))
		take_interrupt();
}

/* Somebody else must do something first. */
void sim_spin(void)
{
	if (!turn)
		fail("a lock is held at boot");
	turn->priority = --lowest;
	sim_yield();
}

void sim_wfi(void)
{
	turn->waits = true;
	pause_hart();
	turn->waits = false;
}

void smp_send_reschedule(unsigned int cpu)
{
	sim_yield();
	harts[cpu].ipi = true;
}

/* The debug build's checks are elsewhere; that a lock is about to be taken matters here. */
void lock_acquire(const void *lock, u32 class, u32 how)
{
	(void)lock, (void)class, (void)how;
	sim_yield();
}

void lock_release(const void *lock) { (void)lock; }
void lockdep_hardirqs_on(void) { }
void held_locks_add(struct held_locks *h, const void *lock, u32 class, u32 how) { (void)h, (void)lock, (void)class, (void)how; }
void held_locks_remove(struct held_locks *h, const void *lock) { (void)h, (void)lock; }
bool lock_is_held(const void *lock, bool write) { return lock || write; }
bool held_locks_have(const struct held_locks *h, const void *lock, bool write) { return h || lock || write; }

/* ---- The clock ---- */

u64 ktime_get_ns(void)
{
	return now;
}

void hrtimer_init(struct hrtimer *t, u64 (*fn)(struct hrtimer *))
{
	*t = (struct hrtimer){ .function = fn };
}

bool hrtimer_cancel(struct hrtimer *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(timers); i++)
		if (timers[i] == t) {
			timers[i] = NULL;
			return true;
		}
	return false;
}

void hrtimer_start(struct hrtimer *t, u64 expires)
{
	hrtimer_cancel(t);
	t->expires = expires;
	t->cpu = smp_processor_id();
	for (size_t i = 0; i < ARRAY_SIZE(timers); i++)
		if (!timers[i]) {
			timers[i] = t;
			return;
		}
	fail("too many timers");
}

void hrtimers_cpu_dying(unsigned int to)
{
	for (size_t i = 0; i < ARRAY_SIZE(timers); i++)
		if (timers[i] && timers[i]->cpu == smp_processor_id())
			timers[i]->cpu = to;
}

/* ---- Switches ---- */

static struct task_struct *switched_from[HARTS];

static struct sim_task *sim_of(struct task_struct *p)
{
	return container_of(p, struct sim_task, t);
}

struct task_struct *__switch_to(struct task_struct *prev, struct task_struct *next)
{
	unsigned int cpu = turn - harts;

	if (next->thread_info.cpu != cpu)
		fail("hart %u switches to %s of hart %u", cpu, next->comm, next->thread_info.cpu);
	if (sim_of(next)->runs || sim_of(next)->dead)
		fail("%s, switched to, %s", next->comm, sim_of(next)->dead ? "is dead" : "runs already");
	switched_from[cpu] = prev;
	sim_of(prev)->runs = false;
	sim_of(next)->runs = true;
	sim_current = &next->thread_info;
	swapcontext(&sim_of(prev)->ctx, &sim_of(next)->ctx);
	/* Perhaps on another hart, and long after. */
	return switched_from[turn - harts];
}

void proc_on_tick(void)
{
}

void __put_task_struct(struct task_struct *p)
{
	sim_of(p)->dead = true;
}

static void make_context(struct sim_task *s, void (*fn)(void))
{
	getcontext(&s->ctx);
	s->ctx.uc_stack.ss_sp = s->stack;
	s->ctx.uc_stack.ss_size = sizeof(s->stack);
	makecontext(&s->ctx, fn, 0);
}

/* ---- Harts that leave and come back ---- */

static void idle_main(void)
{
	cpu_idle();
}

void cpuhp_dying_cpu(void) { }

void arch_cpu_idle_dead(void)
{
	turn->off = true;
	turn->ipi = turn->tick = false;
	for (;;)
		pause_hart();
}

bool cpu_stopped(unsigned int cpu)
{
	return harts[cpu].off;
}

int __cpu_up(unsigned int cpu, struct thread_info *idle)
{
	struct hart *h = &harts[cpu];

	make_context(&h->idle, idle_main);
	h->running = idle;
	h->waits = h->ipi = h->tick = false;
	h->irqs_off = true;
	h->off = false;
	cpumask_set_cpu(cpu, &cpu_online_mask);
	return 0;
}

/* ---- Scripts ---- */

static void use_rt_mutex(int which)
{
	rt_mutex_lock(&rt_mutexes[which]);
	if (in_rt[which]++)
		fail("two have an rt-mutex");
	if (which == 0 && rnd(2))
		use_rt_mutex(1);	/* a chain */
	sim_yield();
	in_rt[which]--;
	rt_mutex_unlock(&rt_mutexes[which]);
}

static void use_rwsem(void)
{
	bool write = rnd(2);

	if (write)
		down_write(&a_rwsem);
	else
		down_read(&a_rwsem);
	*(write ? &writers : &readers) += 1;
	sim_yield();
	if (writers > 1 || (writers && readers))
		fail("%d writers and %d readers", writers, readers);
	*(write ? &writers : &readers) -= 1;
	if (write)
		up_write(&a_rwsem);
	else
		up_read(&a_rwsem);
}

static void use_rwlock(void)
{
	bool waited_for = READ_ONCE(a_rwlock.count) & RWLOCK_WAITING;
	unsigned long before = nr_written;

	if (rnd(3) == 0) {
		write_lock_irq(&a_rwlock);
		nr_written++;
		in_write = true;
		sim_yield();
		in_write = false;
		write_unlock_irq(&a_rwlock);
		return;
	}
	read_lock(&a_rwlock);
	if (waited_for && nr_written == before)
		fail("a reader gets by a writer that waits");
	sim_yield();
	if (in_write)
		fail("one reads while another writes");
	read_unlock(&a_rwlock);
}

static void do_step(struct sim_task *me, enum step step)
{
	struct sim_task *other = &tasks[rnd(TASKS)];
	struct cpumask mask = { { rnd(BIT(HARTS) - 1) + 1 } };
	struct sched_param_kernel attr = { .policy = rnd(2) ? SCHED_NORMAL : rnd(2) ? SCHED_FIFO : SCHED_RR };
	unsigned int cpu = rnd(HARTS);

	switch (step) {
	case STEP_SLEEP:
		me->asleep = true;
		for (;;) {
			set_current_state(TASK_INTERRUPTIBLE);
			if (READ_ONCE(me->tokens))
				break;
			for (unsigned long i = rnd(20); i; i--)
				sim_yield();
			schedule();
		}
		__set_current_state(TASK_RUNNING);
		me->asleep = false;
		me->tokens--;
		break;
	case STEP_WAKE:
		if (!other->dead) {
			other->tokens++;
			wake_up_process(&other->t);
		}
		break;
	case STEP_YIELD:
		sched_yield_task();
		break;
	case STEP_TICK:
		turn->tick = true;
		sim_yield();
		break;
	case STEP_AFFINITY:
		if (!other->dead)
			(void)!sched_setaffinity(&other->t, &mask);	/* may have no hart that is online */
		break;
	case STEP_POLICY:
		attr.rt_priority = attr.policy == SCHED_NORMAL ? 0 : 1 + rnd(50);
		attr.nice = rnd(10);
		if (!other->dead && sched_setattr(&other->t, &attr))
			fail("a policy is refused");
		break;
	case STEP_HOTPLUG:
		(void)(rnd(2) ? cpu_down(cpu) : cpu_up(cpu));
		break;
	case STEP_GROUP:
		if (!other->dead)
			sched_move_task(&other->t, groups[rnd(GROUPS + 1)]);
		break;
	case STEP_MUTEX:
		mutex_lock(&a_mutex);
		if (in_mutex++)
			fail("two have the mutex");
		sim_yield();
		in_mutex--;
		mutex_unlock(&a_mutex);
		break;
	case STEP_RWSEM:
		use_rwsem();
		break;
	case STEP_RWLOCK:
		use_rwlock();
		break;
	case STEP_RTMUTEX:
		use_rt_mutex(rnd(2));
		break;
	case NR_STEPS:
		break;
	}
}

static void task_main(void)
{
	struct sim_task *me = sim_of((struct task_struct *)sim_current);

	schedule_tail(switched_from[turn - harts]);
	for (unsigned long left = 4 + rnd(12); left; ) {
		enum step step = rnd(NR_STEPS);

		if (script_steps >> step & 1) {
			do_step(me, step);
			left--;
		}
	}
	do_task_dead();
}

static void stopper_main(void)
{
	schedule_tail(switched_from[turn - harts]);
	cpu_stopper_thread(NULL);
}

/* ---- One seed ---- */

static void boot(void)
{
	size_t size = __stop_percpu_sim - __start_percpu_sim;

	for (unsigned int cpu = 0; cpu < HARTS; cpu++) {
		struct hart *h = &harts[cpu];
		char *area = aligned_alloc(64, ALIGN_UP(size, 64UL));

		memcpy(area, __start_percpu_sim, size);
		__per_cpu_offset[cpu] = (unsigned long)area - (unsigned long)__start_percpu_sim;
		cpumask_set_cpu(cpu, &cpu_possible_mask);
		cpumask_set_cpu(cpu, &cpu_online_mask);
		cpu_topology[cpu] = (struct cpu_topology){ .thread_id = -1, .core_id = cpu, .capacity = SCHED_CAPACITY_SCALE };
		new_kernel_task(&h->idle.t, cpu, "swapper");
		sim_current = &h->idle.t.thread_info;
		sched_init_idle(&h->idle.t, cpu);
		h->idle.runs = true;
		h->running = sim_current;
		make_context(&h->idle, idle_main);
		new_kernel_task(&h->stop.t, cpu, "migration");
		h->stop.t.__state = TASK_INTERRUPTIBLE;
		h->stop.t.thread_info.preempt_count = 2;
		cpu_stopper_set(cpu, &h->stop.t);
		make_context(&h->stop, stopper_main);
		h->priority = rnd(1000);
	}
	sched_balance_init();
	cpu_hotplug_init();
	build_sched_domains(false);
	scheduler_running = true;
	groups[0] = &root_task_group;
	for (int i = 1; i <= GROUPS; i++)
		groups[i] = sched_create_group(groups[rnd(i)]);
	mutex_init(&a_mutex, LOCK_PIPE);
	init_rwsem(&a_rwsem, LOCK_MMAP);
	rt_mutex_init(&rt_mutexes[0], LOCK_NONE);
	rt_mutex_init(&rt_mutexes[1], LOCK_NONE);
	for (unsigned long i = 0, n = 1 + rnd(CHANGES); i < n; i++)
		change_at[i] = rnd(128UL << rnd(6));	/* a run is of some hundred to some thousand steps */
	tick_rate = 200UL << rnd(5);
	sim_current = harts[0].running;
	for (int i = 0; i < TASKS; i++) {
		struct sim_task *s = &tasks[i];
		char name[8];

		snprintf(name, sizeof(name), "task%d", i);
		new_kernel_task(&s->t, 0, name);
		s->id = i;
		make_context(s, task_main);
		if (sched_fork(&s->t))
			fail("fork refused");
		sched_cgroup_fork(&s->t);
		wake_up_new_task(&s->t);
	}
}

static void check_end(void)
{
	for (struct hart *h = harts; h < harts + HARTS; h++) {
		struct rq *rq = cpu_rq(h - harts);

		if (rq->curr != rq->idle || rq->nr_running || rq->cfs.h_nr_running || rq->cfs.nr_running || rq->cfs.load.weight ||
		    !TAILQ_EMPTY(&rq->cfs_tasks) || rq->rt.nr_running || rq->dl.nr_queued || rq->stop_queued)
			fail("hart %u at the end: runs %s, %u tasks, fair %u in %u entities of weight %lu%s, rt %u, dl %u, stop %d",
			     rq->cpu, rq->curr->comm, rq->nr_running, rq->cfs.h_nr_running, rq->cfs.nr_running, rq->cfs.load.weight,
			     TAILQ_EMPTY(&rq->cfs_tasks) ? "" : " in a list", rq->rt.nr_running, rq->dl.nr_queued, rq->stop_queued);
	}
}

static void run_seed(void)
{
	int pokes = 0;

	boot();
	for (;;) {
		struct sim_task *sleeper = NULL;
		u64 first = KTIME_MAX;
		int alive = 0;

		turn = next_hart();
		if (turn) {
			sim_current = turn->running;
			sim_irqs_off = turn->irqs_off;
			swapcontext(&explorer, &sim_of((struct task_struct *)turn->running)->ctx);
			continue;
		}
		/* All harts idle. */
		for (size_t i = 0; i < ARRAY_SIZE(timers); i++)
			if (timers[i])
				first = min(first, timers[i]->expires);
		if (first < KTIME_MAX) {
			now = max(now, first);
			continue;
		}
		for (struct sim_task *s = tasks; s < tasks + TASKS; s++) {
			alive += !s->dead;
			if (s->dead || (s->t.__state == TASK_RUNNING))
				continue;
			if (s->asleep && s->tokens)
				fail("%s sleeps: a wake-up is lost", s->t.comm);
			if (s->asleep)
				sleeper = s;
		}
		if (!alive)
			break;
		if (!sleeper || pokes++ > 1000)
			fail("%d tasks live, all harts idle, and nothing will happen", alive);
		/* Nobody was to wake it: an interrupt does. */
		to_poke = sleeper;
		harts[cpumask_first(&cpu_online_mask)].ipi = true;
	}
	turn = NULL;
	check_end();
}

static const struct {
	const char *name;
	unsigned long steps;
} protocols[] = {
#define BASE (BIT(STEP_SLEEP) | BIT(STEP_WAKE))
	{ "wake", BASE | BIT(STEP_YIELD) },
	{ "migrate", BASE | BIT(STEP_YIELD) | BIT(STEP_TICK) },
	{ "affinity", BASE | BIT(STEP_TICK) | BIT(STEP_AFFINITY) },
	{ "policy", BASE | BIT(STEP_YIELD) | BIT(STEP_TICK) | BIT(STEP_POLICY) },
	{ "hotplug", BASE | BIT(STEP_TICK) | BIT(STEP_HOTPLUG) },
	{ "groups", BASE | BIT(STEP_TICK) | BIT(STEP_GROUP) },
	{ "locks", BIT(STEP_YIELD) | BIT(STEP_TICK) | BIT(STEP_MUTEX) | BIT(STEP_RWSEM) | BIT(STEP_RTMUTEX) },
	{ "rwlock", BIT(STEP_YIELD) | BIT(STEP_TICK) | BIT(STEP_RWLOCK) },
	{ "all", BIT(NR_STEPS) - 1 },
};

int main(int argc, char **argv)
{
	unsigned long seeds = argc > 2 ? strtoul(argv[2], NULL, 0) : 0;
	unsigned long first = argc > 3 ? strtoul(argv[3], NULL, 0) : 0, bad = 0;

	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(protocols); i++)
		if (!strcmp(argv[1], protocols[i].name))
			script_steps = protocols[i].steps;
	if (!script_steps || !seeds) {
		fprintf(stderr, "usage: interleave wake|migrate|affinity|policy|hotplug|groups|locks|all SEEDS [FIRST]\n");
		return 2;
	}
	for (seed = first; seed < first + seeds && bad < 5; seed++) {
		int status;
		int pid = fork();

		if (!pid) {
			run_seed();
			_exit(0);
		}
		waitpid(pid, &status, 0);
		if (status) {
			bad++;
			fprintf(stderr, "seed %lu: status %x; again: interleave %s 1 %lu\n", seed, status, argv[1], seed);
		}
	}
	printf("1..1\n%sok 1 - %s: %lu schedules\n", bad ? "not " : "", argv[1], seed - first);
	return bad != 0;
}
