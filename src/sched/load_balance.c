/* SPDX-License-Identifier: MIT */
/*
 * One pass of balancing: a hart counts the groups of a domain, and takes from the busiest queue of the busiest one what
 * lb_decide.c says. What waits is moved under the locks of both run queues; what runs is moved by its hart's stopper
 * ("active balance").
 *
 * Ref: Linux kernel/sched/fair.c.
 */
#include "sched/load_balance.h"

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
#include "time/clock.h"
#include "time/tick.h"

u64 sysctl_sched_migration_cost = NSEC_PER_MSEC / 2, sysctl_sched_nr_migrate = 32;

#define SHARE_TURN (3 * TICK_NSEC)	/* two tasks share a hart that long, where there is one too many */

struct lb_env {
	struct sched_domain *sd;
	struct rq *dst, *src;
	enum cpu_idle_type idle;
	u64 now;			/* ns */
	struct lb_decision decision;
	struct cpumask cpus;		/* harts not found to be all pinned */
	bool some_pinned, all_pinned;
	bool for_other;			/* dst is another hart of our group by now */
	int other_dst;			/* an idle hart of our group that a task may go to, which may not come to dst; -1: none */
};

bool rq_misfit(const struct rq *rq, u64 now)
{
	return unlikely(sched_asym_cpucapacity) && fair_nr_running(rq) &&
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
static struct hart_load read_hart_load(const struct rq *rq, u64 now)
{
	return (struct hart_load){
		.load = cfs_rq_load_avg(&rq->cfs, now), .capacity = capacity_left(rq, now), .nr_running = READ_ONCE(rq->nr_running),
		.nr_fair = fair_nr_running(rq), .misfit_capacity = rq_misfit(rq, now) ? rq->cpu_capacity : 0,
	};
}

/*
 * What periodic passes of busy harts know of @g: figures no older than @age, made of those of the groups below it.
 * A pass costs a look at each group, not at each hart.
 */
static const struct load_sum *read_group_load(struct sched_group *g, u64 now, u64 age)
{
	struct group_load fresh = { .time = now };

	if (g->load.time && now - READ_ONCE(g->load.time) < age)
		return &g->load.sum;
	if (g->child) {
		struct sched_group *c = g->child->groups;

		do
			load_sum_add(&fresh.sum, read_group_load(c, now, age));
		while ((c = c->next) != g->child->groups);
	} else {
		struct hart_load h = read_hart_load(cpu_rq(cpumask_first(&g->span)), now);

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
		s->sum = *read_group_load(g, env->now, env->sd->min_interval);
	else
		for_each_cpu(cpu, &g->span)
			if (cpumask_test_cpu(cpu, &env->cpus) || cpu_rq(cpu) == env->dst) {
				struct hart_load h = read_hart_load(cpu_rq(cpu), env->now);

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
	env->decision = lb_decide(&local, &best, load * SCHED_CAPACITY_SCALE / capacity, env->idle, env->sd->imbalance_pct);
	return env->decision.type == MIGRATE_NONE ? NULL : busiest;
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
			u64 a = env->decision.type == MIGRATE_LOAD ? c->load.sum.load : c->load.sum.nr_waiting;
			u64 b = env->decision.type == MIGRATE_LOAD ? busiest->load.sum.load : busiest->load.sum.nr_waiting;

			if (a * busiest->capacity > b * c->capacity)
				busiest = c;
		}
		g = busiest;
	}
	for_each_cpu(cpu, &g->span) {
		struct rq *rq = cpu_rq(cpu);
		unsigned int nr = fair_nr_running(rq);
		u64 v = env->decision.type == MIGRATE_LOAD ?
			cfs_rq_load_avg(&rq->cfs, env->now) * SCHED_CAPACITY_SCALE / capacity_left(rq, env->now) : nr;

		if (rq == env->dst || !cpumask_test_cpu(cpu, &env->cpus) || !nr)
			continue;
		if (env->decision.type == MIGRATE_MISFIT && (rq->cpu_capacity >= env->dst->cpu_capacity || !rq_misfit(rq, env->now)))
			continue;
		/* A lone task waits for nobody: it is moved while it runs, to spread or to a faster hart. */
		if (env->decision.type != MIGRATE_SPREAD && env->decision.type != MIGRATE_MISFIT && READ_ONCE(rq->nr_running) < 2)
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
	/* @p may not run there, or would not any sooner. */
	if (!cpumask_test_cpu(env->dst->cpu, &p->cpus_mask) || !fair_may_run(p, env->dst->cpu)) {
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

/* Has @a more to do than @b, at least in number or in weight for its capacity? Else no task gains by a move. */
static bool has_more_work(const struct rq *a, const struct rq *b, u64 now)
{
	return a->nr_running > b->nr_running || fair_weight(a) * capacity_left(b, now) > fair_weight(b) * capacity_left(a, now);
}

static bool task_hot(struct lb_env *env, struct task_struct *p)
{
	return env->src->clock - p->se.exec_start < READ_ONCE(sysctl_sched_migration_cost);
}

/*
 * Would dst, with @p, have just what src has now? Tasks that are too many for their harts take turns at sharing one: the harts
 * of a domain go round by the clock, and each in its turn takes, of two that share a hart, the one that came first.
 */
static bool only_swaps(const struct lb_env *env, const struct task_struct *p)
{
	return !p->se.parent && !env->src->rt_running && !env->dst->rt_running && fair_nr_running(env->dst) &&
	       fair_nr_running(env->src) == fair_nr_running(env->dst) + 1 &&
	       fair_weight(env->src) - p->se.load.weight == fair_weight(env->dst);
}

static bool is_our_turn(const struct lb_env *env, const struct task_struct *p)
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

/* Would a move of @p, which adds @load, tip the balance the other way? After passes that failed, that is put up with. */
static bool overshoots(const struct lb_env *env, const struct task_struct *p, u64 load)
{
	if (env->decision.type != MIGRATE_LOAD || load <= env->decision.imbalance)
		return false;
	if (only_swaps(env, p))
		return !is_our_turn(env, p);
	return load >> min(env->sd->nr_balance_failed, 10u) > env->decision.imbalance;
}

/* Move what was decided, the longest to wait first. Return: how many tasks. Context: both locks. */
static unsigned int move_tasks(struct lb_env *env)
{
	bool take_hot = env->idle != CPU_NOT_IDLE || env->sd->nr_balance_failed > 1;
	struct task_struct *p, *next;
	unsigned int moved = 0, looked = 0;

	for_each_movable(p, next, env->src) {
		u64 load;

		if (looked++ >= READ_ONCE(sysctl_sched_nr_migrate))
			break;
		load = task_h_load(p);
		if (env->src->nr_running < 2 || !has_more_work(env->src, env->dst, env->now))
			break;	/* the last one stays; and what dst's group lacks may be another hart's to take */
		if (!can_migrate_task(env, p))
			continue;
		if (overshoots(env, p, load))
			continue;
		if (!take_hot && task_hot(env, p))
			continue;
		env->sd->lb[env->idle].hot_gained += task_hot(env, p);
		move_queued_task(env->src, env->dst, p, env->idle == CPU_NEWLY_IDLE ? MIGRATE_NEWIDLE : MIGRATE_PERIODIC);
		moved++;
		/* One is enough for a hart that was idle: another idle one takes the next. */
		if (env->idle != CPU_NOT_IDLE)
			break;
		load = env->decision.type == MIGRATE_LOAD ? load : 1;
		if (env->decision.imbalance <= load)
			break;
		env->decision.imbalance -= load;
	}
	return moved;
}

/* The stopper of the busiest hart: the task that ran there was switched away for it, so that task can move now. */
static int active_load_balance_cpu_stop(void *data) __no_lock_analysis
{
	struct rq *src = data, *dst;
	struct sched_domain *sd;
	struct task_struct *p, *next;
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
		for_each_movable(p, next, src) {
			if (looked++ >= READ_ONCE(sysctl_sched_nr_migrate))
				break;
			/* Our own nr_running counts the stopper too. */
			if (!sd || dst->nr_running || !cpumask_test_cpu(dst->cpu, &p->cpus_mask) || READ_ONCE(p->on_cpu) ||
			    throttled_hierarchy(p->se.cfs_rq))
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
	trace_event(TRACE_LOAD_BALANCE, env->dst->cpu, env->sd->level, env->idle, env->src ? env->src->cpu : ~0UL, env->decision.type,
		    env->decision.imbalance, moved);
}

/* The queue to take from, to env->src. Return: whether there is one. */
static bool find_busiest(struct lb_env *env)
{
	struct lb_stats *stats = &env->sd->lb[env->idle];
	struct sched_group *g;

	env->src = NULL;
	g = find_busiest_group(env);
	if (!g) {
		stats->nobusyg++;
		return false;
	}
	env->src = find_busiest_queue(env, g);
	if (!env->src) {
		stats->nobusyq++;
		return false;
	}
	if (env->decision.type == MIGRATE_LOAD)
		stats->imbalance_load += env->decision.imbalance;
	else
		stats->imbalance_task += env->decision.imbalance;
	return true;
}

/* Context: as load_balance(). Return: how many tasks came. */
static unsigned int take_tasks(struct lb_env *env) __no_lock_analysis
{
	bool locked = env->idle == CPU_NEWLY_IDLE;
	unsigned long flags = 0;
	unsigned int moved;

	env->some_pinned = false;
	env->all_pinned = true;
	if (!locked)
		spin_lock_irqsave(&env->dst->lock, flags);
	double_lock_balance(env->dst, env->src);
	update_rq_clock(env->src);
	moved = move_tasks(env);
	env->all_pinned &= env->some_pinned;
	spin_unlock(&env->src->lock);
	if (!locked)
		spin_unlock_irqrestore(&env->dst->lock, flags);
	return moved;
}

/* Nothing could come. Return: is there another hart to look at, or to move to? */
static bool look_elsewhere(struct lb_env *env)
{
	/* One balances for its group: what may not come here may go to another that idles. */
	if (env->other_dst >= 0 && env->idle != CPU_NEWLY_IDLE && !env->for_other && idle_cpu(env->other_dst)) {
		env->dst = cpu_rq(env->other_dst);
		env->for_other = true;
		return true;
	}
	if (!env->all_pinned)
		return false;
	/* All that wait there may not come here: look at the other harts. */
	cpumask_clear_cpu(env->src->cpu, &env->cpus);
	if (env->sd->parent)
		WRITE_ONCE(env->sd->parent->groups->imbalance, true);
	return true;
}

static void pass_balanced(const struct lb_env *env)
{
	struct sched_domain *sd = env->sd;

	trace_pass(env, 0);
	sd->lb[env->idle].balanced++;
	if (sd->parent && READ_ONCE(sd->parent->groups->imbalance) && !env->some_pinned)
		WRITE_ONCE(sd->parent->groups->imbalance, false);
	sd->nr_balance_failed = 0;
	if (env->idle != CPU_NEWLY_IDLE)
		sd->balance_interval = min(sd->balance_interval * 2, sd->max_interval);
}

static void pass_moved(const struct lb_env *env, unsigned int moved)
{
	struct sched_domain *sd = env->sd;

	trace_pass(env, moved);
	sd->lb[env->idle].gained += moved;
	sd->nr_balance_failed = 0;
	sd->balance_interval = sd->min_interval;
}

/* The task that could come runs: its hart is to let it go. A newly idle hart has no time to wait for that. */
static void pass_failed(struct lb_env *env)
{
	struct sched_domain *sd = env->sd;

	trace_pass(env, 0);
	sd->lb[env->idle].failed++;
	if (env->idle == CPU_NEWLY_IDLE)
		return;
	sd->nr_balance_failed++;
	if (env->idle == CPU_IDLE && (env->decision.type == MIGRATE_SPREAD || env->decision.type == MIGRATE_MISFIT ||
				      sd->nr_balance_failed > 2) && active_balance(env))
		sd->nr_balance_failed = 2;
}

unsigned int load_balance(struct rq *dst, struct sched_domain *sd, enum cpu_idle_type idle)
{
	struct lb_env env = { .sd = sd, .dst = dst, .idle = idle, .cpus = sd->span, .now = ktime_get_ns(), .other_dst = -1 };
	unsigned int moved = 0;
	bool again;

	cpumask_and(&env.cpus, &env.cpus, &cpu_online_mask);
	if (!should_we_balance(&env))
		return 0;
	sd->lb[idle].count++;
	do {
		if (!find_busiest(&env)) {
			pass_balanced(&env);
			return 0;
		}
		again = false;
		if (env.src->nr_running > 1) {
			moved = take_tasks(&env);
			again = !moved && look_elsewhere(&env);
		} else {
			env.some_pinned = false;
		}
	} while (again);
	if (moved)
		pass_moved(&env, moved);
	else
		pass_failed(&env);
	return moved;
}
