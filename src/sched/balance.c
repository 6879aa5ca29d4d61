/* SPDX-License-Identifier: MIT */
/*
 * Load balancing between harts: who looks when, what is counted, and the moves;
 * what is decided stands in lb_decide.c.
 *
 * A busy hart's tick raises the SCHED softirq when a domain is due, and kicks one
 * idle hart when the hart has more than it can run: that hart balances for all
 * idle ones (their ticks are stopped). A hart that runs dry balances for itself
 * before it idles. What waits is moved under the locks of both run queues; what
 * runs is moved by its hart's stopper ("active balance").
 *
 * Ref: Linux kernel/sched/fair.c.
 */
#include "sched/balance.h"

#include "sched/class.h"
#include "sched/fair.h"
#include "sched/idle.h"
#include "sched/lb.h"
#include "sched/load.h"
#include "sched/migrate.h"
#include "sched/rq.h"
#include "sched/stop.h"
#include "sched/tunables.h"
#include "smp/tracepoint.h"
#include "smp/upcall.h"
#include "time/hrtimer.h"
#include "time/tick.h"
#include "trap/softirq.h"

u64 sysctl_sched_migration_cost = 500000, sysctl_sched_nr_migrate = 32;

#define SHARE_TURN (3 * TICK_NSEC)	/* two tasks share a hart that long, where there is one too many */

struct lb_env {
	struct sched_domain *sd;
	struct rq *dst, *src;
	enum cpu_idle_type idle;
	u64 now;			/* ns */
	struct lb_decision what;
	struct cpumask cpus;		/* harts not found to be all pinned */
	bool some_pinned, all_pinned;
	int other_dst;			/* an idle hart of our group that a task may go to, which may not come to dst; -1: none */
};

static struct cpumask overloaded_mask;	/* [a] harts with more than one runnable task */
static unsigned long nohz_balance_kicked;	/* [a] bit 0: a hart is on its way */

void update_overloaded(struct rq *rq)
{
	if (rq->nr_running > 1)
		cpumask_set_cpu(rq->cpu, &overloaded_mask);
	else
		cpumask_clear_cpu(rq->cpu, &overloaded_mask);
}

static bool any_overloaded(void)
{
	return cpumask_first(&overloaded_mask) < NR_CPUS;
}

/* Does @rq run more than it has the capacity for, with a fifth to spare? If all are equally fast that helps nobody. */
static bool misfit(const struct rq *rq, u64 now)
{
	return unlikely(sched_asym_cpucapacity) && READ_ONCE(rq->cfs.h_nr_running) &&
	       cpu_util(rq, now) * 5 > rq->cpu_capacity * 4;
}

/* What real-time tasks leave of a hart to fair ones: a sixteenth at least. */
static unsigned long capacity_left(const struct rq *rq, u64 now)
{
	bool runs = READ_ONCE(rq->rt_running);
	unsigned long used;

	if (likely(!runs && !READ_ONCE(rq->avg_rt.util_sum)))
		return rq->cpu_capacity;
	used = pelt_read(&rq->avg_rt, now, 0, runs ? rq->cpu_capacity : 0).util_sum / pelt_divider(now);
	return rq->cpu_capacity - min(used, rq->cpu_capacity * 15 / 16);
}

/* Run queues are read without their locks: a wrong figure costs a useless look. */
static struct hart_load hart_load(const struct rq *rq, u64 now)
{
	return (struct hart_load){
		.load = cfs_rq_load_avg(&rq->cfs, now), .capacity = capacity_left(rq, now), .nr_running = READ_ONCE(rq->nr_running),
		.nr_fair = READ_ONCE(rq->cfs.h_nr_running), .misfit_capacity = misfit(rq, now) ? rq->cpu_capacity : 0,
	};
}

/*
 * What periodic passes of busy harts know of @g: figures no older than @age, made of those of the groups below it.
 * A pass costs a look at each group, not at each hart.
 */
static const struct load_sum *group_load(struct sched_group *g, u64 now, u64 age)
{
	struct group_load fresh = { .time = now };

	if (g->load.time && now - READ_ONCE(g->load.time) < age)
		return &g->load.sum;
	if (g->child) {
		struct sched_group *c = g->child->groups;

		do
			load_sum_add(&fresh.sum, group_load(c, now, age));
		while ((c = c->next) != g->child->groups);
	} else {
		struct hart_load h = hart_load(cpu_rq(cpumask_first(&g->span)), now);

		load_sum_hart(&fresh.sum, &h);
	}
	g->load = fresh;
	return &g->load.sum;
}

/* Wide domains of equal harts, busy: where a look at each hart would cost, and a little staleness does not. */
static bool by_group(const struct lb_env *env)
{
	return env->idle == CPU_NOT_IDLE && env->sd->span_weight > 16 && !sched_asym_cpucapacity && !env->some_pinned;
}

/* Statistics: what is read of harts or groups, added up. */
static void update_sg_lb_stats(struct lb_env *env, struct sched_group *g, struct sg_lb_stats *s)
{
	unsigned int cpu;

	*s = (struct sg_lb_stats){ .weight = g->weight };
	if (by_group(env))
		s->sum = *group_load(g, env->now, env->sd->min_interval);
	else
		for_each_cpu(cpu, &g->span)
			if (cpumask_test_cpu(cpu, &env->cpus) || cpu_rq(cpu) == env->dst) {
				struct hart_load h = hart_load(cpu_rq(cpu), env->now);

				load_sum_hart(&s->sum, &h);
			}
	s->type = group_classify(s, READ_ONCE(g->imbalance));
}

static struct sched_group *find_busiest_group(struct lb_env *env)
{
	struct sched_group *g = env->sd->groups, *busiest = NULL;
	struct sg_lb_stats local, best = { 0 }, s;
	u64 load = 0, capacity = 0;

	update_sg_lb_stats(env, g, &local);
	local.idle_capacity = env->idle == CPU_NOT_IDLE ? 0 : env->dst->cpu_capacity;
	for (; ; g = g->next) {
		if (g != env->sd->groups) {
			update_sg_lb_stats(env, g, &s);
			if (!busiest || group_busier(&s, &best)) {
				busiest = g;
				best = s;
			}
		} else {
			s = local;
		}
		load += s.sum.load;
		capacity += s.sum.capacity;
		if (g->next == env->sd->groups)
			break;
	}
	if (!busiest)
		return NULL;
	env->what = lb_decide(&local, &best, load * SCHED_CAPACITY_SCALE / capacity, env->idle, env->sd->imbalance_pct);
	return env->what.type == MIGRATE_NONE ? NULL : busiest;
}

static struct rq *find_busiest_queue(struct lb_env *env, struct sched_group *g)
{
	struct rq *best = NULL;
	u64 most = 0;
	unsigned int cpu;

	/* Down to the busiest of the groups below. */
	while (by_group(env) && g->child) {
		struct sched_group *c = g->child->groups, *busiest = c;

		while ((c = c->next) != g->child->groups) {
			u64 a = env->what.type == MIGRATE_LOAD ? c->load.sum.load : c->load.sum.nr_waiting;
			u64 b = env->what.type == MIGRATE_LOAD ? busiest->load.sum.load : busiest->load.sum.nr_waiting;

			if (a * busiest->capacity > b * c->capacity)
				busiest = c;
		}
		g = busiest;
	}
	for_each_cpu(cpu, &g->span) {
		struct rq *rq = cpu_rq(cpu);
		unsigned int nr = READ_ONCE(rq->cfs.h_nr_running);
		u64 v = env->what.type == MIGRATE_LOAD ?
			cfs_rq_load_avg(&rq->cfs, env->now) * SCHED_CAPACITY_SCALE / capacity_left(rq, env->now) : nr;

		if (rq == env->dst || !cpumask_test_cpu(cpu, &env->cpus) || !nr)
			continue;
		if (env->what.type == MIGRATE_MISFIT && (rq->cpu_capacity >= env->dst->cpu_capacity || !misfit(rq, env->now)))
			continue;
		/* A lone task waits for nobody: it is moved while it runs, to spread or to a faster hart. */
		if (env->what.type != MIGRATE_SPREAD && env->what.type != MIGRATE_MISFIT && READ_ONCE(rq->nr_running) < 2)
			continue;
		if (v > most) {
			most = v;
			best = rq;
		}
	}
	return best;
}

static bool can_migrate_task(struct lb_env *env, struct task_struct *p)
{
	/* It may not run there, or would not any sooner. */
	if (!cpumask_test_cpu(env->dst->cpu, &p->cpus_mask) || throttled_hierarchy(p->se.cfs_rq) ||
	    throttled_hierarchy(p->sched_task_group->cfs_rq[env->dst->cpu])) {
		struct cpumask other;

		env->some_pinned = true;
		if (env->other_dst < 0 && cpumask_and(&other, &p->cpus_mask, &env->sd->groups->span) &&
		    cpumask_and(&other, &other, &idle_cpus_mask))
			env->other_dst = cpumask_first(&other);
		return false;
	}
	env->all_pinned = false;
	return p != env->src->curr && !READ_ONCE(p->on_cpu);
}

/* Has @a more to do than @b, at least in number or in weight for its capacity? Else nobody gains by a move. */
static bool has_more(const struct rq *a, const struct rq *b, u64 now)
{
	return a->nr_running > b->nr_running || a->cfs.load.weight * capacity_left(b, now) > b->cfs.load.weight * capacity_left(a, now);
}

static bool task_hot(struct lb_env *env, struct task_struct *p)
{
	return env->src->clock - p->se.exec_start < READ_ONCE(sysctl_sched_migration_cost);
}

/*
 * Would dst, with @p, have just what src has now? Tasks that are too many for their harts take turns at sharing one: the harts
 * of a domain go round by the clock, and each in its turn takes, of two that share a hart, the one that came first.
 */
static bool changes_places(const struct lb_env *env, const struct task_struct *p)
{
	return !p->se.parent && !env->src->rt_running && !env->dst->rt_running && env->dst->cfs.h_nr_running &&
	       env->src->cfs.h_nr_running == env->dst->cfs.h_nr_running + 1 &&
	       env->src->cfs.load.weight - p->se.load.weight == env->dst->cfs.load.weight;
}

static u64 take_turn(struct hrtimer *t)
{
	if (t != &this_rq()->turn_timer)
		return 0;		/* of a hart that has left */
	this_rq()->turn = true;
	raise_softirq_irqoff(SCHED_SOFTIRQ);
	return 0;
}

static bool is_turn(const struct lb_env *env, const struct task_struct *p)
{
	u64 round = env->sd->span_weight * SHARE_TURN, first = env->dst->cpu % env->sd->span_weight * SHARE_TURN;
	u64 since = (env->now + round - first) % round;
	bool now = env->dst->turn && since < SHARE_TURN;

	if (now && env->src->curr->last_moved >= p->last_moved)
		return true;
	/* If it is the turn, the one that came first waits after its slice. */
	hrtimer_start(&env->dst->turn_timer, env->now + (now ? READ_ONCE(sysctl_sched_latency) / 2 : round - since));
	return false;
}

/* What would tip the balance the other way is moved only if that was so several times. */
static bool tips(const struct lb_env *env, const struct task_struct *p, u64 load)
{
	if (env->what.type != MIGRATE_LOAD || load <= env->what.imbalance)
		return false;
	if (changes_places(env, p))
		return !is_turn(env, p);
	return load >> min(env->sd->nr_balance_failed, 10u) > env->what.imbalance;
}

/* Move what was decided, the longest to wait first. Return: how many tasks. Context: both locks. */
static unsigned int move_tasks(struct lb_env *env)
{
	bool take_hot = env->idle != CPU_NOT_IDLE || env->sd->nr_balance_failed > 1;
	struct sched_entity *se, *prev;
	unsigned int moved = 0, looked = 0;

	for (se = TAILQ_LAST(&env->src->cfs_tasks, cfs_tasks); se && looked++ < READ_ONCE(sysctl_sched_nr_migrate); se = prev) {
		struct task_struct *p = task_of(se);
		u64 load = task_h_load(p);

		prev = TAILQ_PREV(se, cfs_tasks, group_node);
		if (env->src->nr_running < 2 || !has_more(env->src, env->dst, env->now))
			break;	/* the last one stays; and what dst's group lacks may be another hart's to take */
		if (!can_migrate_task(env, p))
			continue;
		if (tips(env, p, load))
			continue;
		if (!take_hot && task_hot(env, p))
			continue;
		env->sd->lb[env->idle].hot_gained += task_hot(env, p);
		move_queued_task(env->src, env->dst, p, env->idle == CPU_NEWLY_IDLE ? MIGRATE_NEWIDLE : MIGRATE_PERIODIC);
		moved++;
		/* One is enough for a hart that was idle: another idle one takes the next. */
		if (env->idle != CPU_NOT_IDLE)
			break;
		load = env->what.type == MIGRATE_LOAD ? load : 1;
		if (env->what.imbalance <= load)
			break;
		env->what.imbalance -= load;
	}
	return moved;
}

/* The stopper of the busiest hart: its running task was switched away by our coming, so it can move now. */
static int active_load_balance_cpu_stop(void *data) __no_lock_analysis
{
	struct rq *src = data, *dst;
	struct sched_domain *sd;
	struct sched_entity *se;
	unsigned int looked = 0;
	bool moved = false;

	spin_lock_irq(&src->lock);
	dst = cpu_rq(src->push_cpu);
	src->active_balance = false;
	if (src == this_rq() && src->nr_running > 1 && cpu_online(dst->cpu)) {
		double_lock_balance(src, dst);
		sd = per_cpu(sd_base, dst->cpu);
		while (sd && !cpumask_test_cpu(src->cpu, &sd->span))
			sd = sd->parent;
		TAILQ_FOREACH_REVERSE(se, &src->cfs_tasks, cfs_tasks, group_node) {
			struct task_struct *p = task_of(se);

			if (looked++ >= READ_ONCE(sysctl_sched_nr_migrate))
				break;
			/* Our own nr_running counts the stopper too. */
			if (!sd || dst->nr_running || !cpumask_test_cpu(dst->cpu, &p->cpus_mask) || READ_ONCE(p->on_cpu) ||
			    throttled_hierarchy(se->cfs_rq))
				continue;
			move_queued_task(src, dst, p, MIGRATE_ACTIVE);
			sd->alb_pushed++;
			moved = true;
			break;
		}
		if (sd && !moved)
			sd->alb_failed++;
		spin_unlock(&dst->lock);
	}
	spin_unlock_irq(&src->lock);
	return 0;
}

/* Context: no lock held, interrupts on or off. Return: whether the stopper was asked. */
static bool active_balance(struct lb_env *env) __no_lock_analysis
{
	struct rq *src = env->src;
	unsigned long flags;
	bool start;

	spin_lock_irqsave(&src->lock, flags);
	start = !src->active_balance && src->curr->sched_class == &fair_sched_class &&
		cpumask_test_cpu(env->dst->cpu, &src->curr->cpus_mask);
	if (start) {
		src->active_balance = true;
		src->push_cpu = env->dst->cpu;
		env->sd->alb_count++;
	}
	spin_unlock_irqrestore(&src->lock, flags);
	if (start && !stop_one_cpu_nowait(src->cpu, active_load_balance_cpu_stop, src, &src->active_balance_work))
		BUG();	/* harts leave while all others stand still: not while we look at one */
	return start;
}

/* Of each group one hart balances at a level: its first idle one, of the fastest, or its first. */
static bool should_we_balance(struct lb_env *env)
{
	struct sched_group *g = env->sd->groups;
	unsigned int cpu, best = NR_CPUS;
	struct cpumask idle;

	if (env->idle == CPU_NEWLY_IDLE)
		return true;
	cpumask_and(&idle, &g->balance_mask, &idle_cpus_mask);
	for_each_cpu(cpu, &idle)
		if (idle_cpu(cpu) && (best == NR_CPUS || cpu_rq(cpu)->cpu_capacity > cpu_rq(best)->cpu_capacity)) {
			best = cpu;
			if (likely(!sched_asym_cpucapacity))
				break;
		}
	if (best < NR_CPUS)
		return best == env->dst->cpu;
	return cpumask_first(&g->balance_mask) == env->dst->cpu;
}

static void trace_pass(const struct lb_env *env, unsigned int moved)
{
	trace_event(TRACE_LOAD_BALANCE, env->dst->cpu, env->sd->level, env->idle, env->src ? env->src->cpu : ~0UL, env->what.type,
		    env->what.imbalance, moved);
}

/*
 * One pass of @dst at @sd. Context: no lock held (newly idle: dst->lock, dropped
 * and retaken). Return: how many tasks came.
 */
static unsigned int load_balance(struct rq *dst, struct sched_domain *sd, enum cpu_idle_type idle) __no_lock_analysis
{
	struct lb_env env = { .sd = sd, .dst = dst, .idle = idle, .cpus = sd->span, .now = ktime_get_ns(), .other_dst = -1 };
	bool again = false;
	struct lb_stats *stats = &sd->lb[idle];
	bool locked = idle == CPU_NEWLY_IDLE;
	unsigned int moved = 0;
	unsigned long flags = 0;
	struct sched_group *g;

	cpumask_and(&env.cpus, &env.cpus, &cpu_online_mask);
	if (!should_we_balance(&env))
		return 0;
	stats->count++;
redo:
	env.src = NULL;
	g = find_busiest_group(&env);
	if (!g) {
		stats->nobusyg++;
		goto balanced;
	}
	env.src = find_busiest_queue(&env, g);
	if (!env.src) {
		stats->nobusyq++;
		goto balanced;
	}
	if (env.what.type == MIGRATE_LOAD)
		stats->imbalance_load += env.what.imbalance;
	else
		stats->imbalance_task += env.what.imbalance;
	env.some_pinned = false;
	env.all_pinned = true;
	if (env.src->nr_running > 1) {
		if (!locked)
			spin_lock_irqsave(&dst->lock, flags);
		double_lock_balance(dst, env.src);
		update_rq_clock(env.src);
		moved = move_tasks(&env);
		env.all_pinned &= env.some_pinned;
		spin_unlock(&env.src->lock);
		if (!locked)
			spin_unlock_irqrestore(&dst->lock, flags);
		/* One balances for its group: what may not come here may go to another that idles. */
		if (!moved && env.other_dst >= 0 && !locked && !again && idle_cpu(env.other_dst)) {
			dst = env.dst = cpu_rq(env.other_dst);
			again = true;
			goto redo;
		}
		/* All that wait there may not come here: look at the other harts. */
		if (!moved && env.all_pinned) {
			cpumask_clear_cpu(env.src->cpu, &env.cpus);
			if (sd->parent)
				WRITE_ONCE(sd->parent->groups->imbalance, true);
			goto redo;
		}
	}
	trace_pass(&env, moved);
	if (moved) {
		stats->gained += moved;
		sd->nr_balance_failed = 0;
		sd->balance_interval = sd->min_interval;
		return moved;
	}
	stats->failed++;
	/* What would come runs: have its hart let it go. Newly idle harts have no time to wait for that. */
	if (idle != CPU_NEWLY_IDLE) {
		sd->nr_balance_failed++;
		if (idle == CPU_IDLE && (env.what.type == MIGRATE_SPREAD || env.what.type == MIGRATE_MISFIT ||
					 sd->nr_balance_failed > 2) && active_balance(&env))
			sd->nr_balance_failed = 2;
	}
	return 0;
balanced:
	trace_pass(&env, 0);
	stats->balanced++;
	if (sd->parent && READ_ONCE(sd->parent->groups->imbalance) && !env.some_pinned)
		WRITE_ONCE(sd->parent->groups->imbalance, false);
	sd->nr_balance_failed = 0;
	if (idle != CPU_NEWLY_IDLE)
		sd->balance_interval = min(sd->balance_interval * 2, sd->max_interval);
	return 0;
}

bool newidle_balance(struct rq *rq)
{
	struct sched_domain *sd;

	if (!any_overloaded())
		return false;
	for_each_domain(rq->cpu, sd)
		if (load_balance(rq, sd, CPU_NEWLY_IDLE) || rq->nr_running)
			break;
	return rq->nr_running;
}

/* Balance @rq at every level that is due. Context: softirq. */
static void rebalance_domains(struct rq *rq, enum cpu_idle_type idle)
{
	u64 now = ktime_get_ns(), next = now + NSEC_PER_SEC;
	struct sched_domain *sd;

	for_each_domain(rq->cpu, sd) {
		u64 interval = sd->balance_interval * (idle == CPU_NOT_IDLE ? sd->busy_factor : 1);

		if (rq->turn || now - sd->last_balance >= interval) {
			if (load_balance(rq, sd, idle))
				idle = CPU_NOT_IDLE;
			sd->last_balance = now;
			interval = sd->balance_interval * (idle == CPU_NOT_IDLE ? sd->busy_factor : 1);
		}
		next = min(next, sd->last_balance + interval);
	}
	if (rq->cpu_capacity < SCHED_CAPACITY_SCALE)
		next = min(next, now + TICK_NSEC);	/* what it runs may outgrow it at any time */
	rq->turn = false;
	WRITE_ONCE(rq->next_balance, next);
}

/* For each idle hart, whose tick is stopped, the pass that it cannot make itself. */
static void nohz_idle_balance(void)
{
	unsigned int cpu;

	clear_bit(0, &nohz_balance_kicked);
	for_each_cpu(cpu, &idle_cpus_mask) {
		struct rq *rq = cpu_rq(cpu);
		struct sched_domain *sd;

		if (!any_overloaded() && !sched_asym_cpucapacity)
			break;
		if (!idle_cpu(cpu))
			continue;
		for_each_domain(cpu, sd)
			if (load_balance(rq, sd, CPU_IDLE))
				break;
	}
}

void nohz_balance_forget(struct rq *rq)
{
	cpumask_clear_cpu(rq->cpu, &idle_cpus_mask);
	if (test_and_clear_bit(0, &rq->nohz_kick))
		clear_bit(0, &nohz_balance_kicked);
}

static void run_rebalance_domains(void)
{
	struct rq *rq = this_rq();

	if (test_and_clear_bit(0, &rq->nohz_kick))
		nohz_idle_balance();
	if (rq->turn || ktime_get_ns() >= rq->next_balance)
		rebalance_domains(rq, idle_cpu(rq->cpu) ? CPU_IDLE : CPU_NOT_IDLE);
}

void trigger_load_balance(struct rq *rq)
{
	unsigned int cpu;

	if (rq->clock >= READ_ONCE(rq->next_balance))
		raise_softirq_irqoff(SCHED_SOFTIRQ);
	if (rq->nr_running < 2 && !misfit(rq, rq->clock))
		return;
	cpu = cpumask_first(&idle_cpus_mask);
	if (cpu < NR_CPUS && !test_and_set_bit(0, &nohz_balance_kicked)) {
		set_bit(0, &cpu_rq(cpu)->nohz_kick);
		smp_send_reschedule(cpu);
	}
}

void sched_on_ipi(void)
{
	/* A reschedule needs no more: the sender set the flag, and the return path looks at it. */
	if (unlikely(test_bit(0, &this_rq()->nohz_kick)))
		raise_softirq_irqoff(SCHED_SOFTIRQ);
}

void __init sched_balance_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		hrtimer_init(&cpu_rq(cpu)->turn_timer, take_turn);
	open_softirq(SCHED_SOFTIRQ, run_rebalance_domains);
}
