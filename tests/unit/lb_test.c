/* SPDX-License-Identifier: MIT */
/* The decision of a balance pass, against what must hold of any: two groups of harts with tasks at random. */
#include "test.h"

#include <string.h>

#include "../../src/sched/lb_decide.c"

static struct hart_load hart(unsigned int most)
{
	struct hart_load h = { .capacity = SCHED_CAPACITY_SCALE, .nr_running = rnd() % (most + 1) };

	h.nr_fair = h.nr_running;
	for (unsigned int k = 0; k < h.nr_running; k++)
		h.load += rnd() % 4 ? 1024 : 15 + rnd() % 88747;
	return h;
}

/* A group of @weight harts, each with up to @most tasks of a weight. */
static struct sg_lb_stats group(unsigned int weight, unsigned int most)
{
	struct sg_lb_stats s = { .weight = weight };

	for (unsigned int i = 0; i < weight; i++) {
		struct hart_load h = hart(most);

		load_sum_hart(&s.sum, &h);
	}
	s.type = group_classify(&s, rnd() % 8 == 0);
	return s;
}

static void test_sums(void)
{
	for (int i = 0; i < 100000; i++) {
		struct load_sum all = { 0 }, of_groups = { 0 }, group = { 0 }, naive = { 0 };
		unsigned int n = 1 + rnd() % 12;

		for (unsigned int k = 0; k < n; k++) {
			struct hart_load h = hart(3);

			h.nr_fair = rnd() % (h.nr_running + 1);		/* the others are real-time tasks */
			h.capacity = 64 + rnd() % 961;
			h.misfit_capacity = rnd() % 3 ? 0 : h.capacity;
			load_sum_hart(&all, &h);
			load_sum_hart(&group, &h);
			if (rnd() % 3 == 0) {
				load_sum_add(&of_groups, &group);
				group = (struct load_sum){ 0 };
			}
			naive.load += h.load;
			naive.capacity += h.capacity;
			naive.nr_running += h.nr_running;
			/* Of fair tasks one may run, if no real-time task does. */
			naive.nr_waiting += h.nr_fair - (h.nr_fair && h.nr_fair == h.nr_running);
			naive.idle_cpus += h.nr_running == 0;
			naive.misfit_capacity = h.misfit_capacity > naive.misfit_capacity ? h.misfit_capacity : naive.misfit_capacity;
		}
		load_sum_add(&of_groups, &group);
		CHECK(!memcmp(&all, &naive, sizeof(all)) && !memcmp(&all, &of_groups, sizeof(all)));
	}
	pass("100,000 groups: sums as counted one by one, and the same from the groups below");
}

int main(void)
{
	unsigned int moves[5] = { 0 };

	test_sums();

	for (int i = 0; i < 1000000; i++) {
		unsigned int pct = 100 + rnd() % 30;
		struct sg_lb_stats local = group(1 + rnd() % 8, rnd() % 4), busiest = group(1 + rnd() % 8, rnd() % 4);
		u64 avg = (local.sum.load + busiest.sum.load) / (local.weight + busiest.weight);
		enum cpu_idle_type idle = !local.sum.idle_cpus ? CPU_NOT_IDLE : rnd() % 2 ? CPU_IDLE : CPU_NEWLY_IDLE;
		struct lb_decision d = lb_decide(&local, &busiest, avg, idle, pct);
		u64 la = group_avg_load(&local), ba = group_avg_load(&busiest);

		moves[d.type]++;
		CHECK(d.type == MIGRATE_NONE || busiest.sum.nr_running);
		/* Work conservation: harts here idle, tasks there wait. */
		if (idle != CPU_NOT_IDLE && busiest.sum.nr_waiting)
			CHECK(d.type == MIGRATE_TASK && d.imbalance >= 1);
		if (d.type == MIGRATE_TASK)
			CHECK(d.imbalance >= 1 && d.imbalance <= max(1u, local.sum.idle_cpus));
		/* What runs is moved only to a place that is emptier, and stays so. */
		if (d.type == MIGRATE_SPREAD)
			CHECK(local.sum.idle_cpus - d.imbalance >= busiest.sum.idle_cpus + d.imbalance && d.imbalance >= 1);
		/* Load goes from more to less, and does not tip the balance. */
		if (d.type == MIGRATE_LOAD) {
			CHECK(busiest.type == GROUP_OVERLOADED && ba * 100 > la * pct);
			CHECK((local.sum.load + d.imbalance) / local.weight <= avg + 1);
			CHECK((busiest.sum.load - d.imbalance) / busiest.weight + 1 >= avg);
		}
	}
	CHECK(moves[MIGRATE_NONE] && moves[MIGRATE_TASK] && moves[MIGRATE_LOAD] && moves[MIGRATE_SPREAD]);
	pass("1,000,000 pairs of groups: no hart idles beside what waits, and no move tips the balance");

	for (int i = 0; i < 1000000; i++) {
		struct sg_lb_stats a = group(1 + rnd() % 8, rnd() % 4), b = group(1 + rnd() % 8, rnd() % 4),
				   c = group(1 + rnd() % 8, rnd() % 4);

		CHECK(!(group_busier(&a, &b) && group_busier(&b, &a)));
		CHECK(!(group_busier(&a, &b) && group_busier(&b, &c)) || group_busier(&a, &c));
		if (a.sum.nr_waiting && a.type == GROUP_OVERLOADED && b.type == GROUP_HAS_SPARE)
			CHECK(group_busier(&a, &b));
	}
	pass("1,000,000 triples of groups are ordered, overloaded before the rest");

	struct sg_lb_stats slow = { GROUP_MISFIT_TASK, 1, { 1024, 300, 1, 0, 0, 300 }, 0 };
	struct sg_lb_stats fast = { .weight = 1, .sum = { .idle_cpus = 1, .capacity = 1024 }, .idle_capacity = 1024 };

	CHECK(lb_decide(&fast, &slow, 512, CPU_IDLE, 117).type == MIGRATE_MISFIT);
	fast.idle_capacity = 300;
	CHECK(lb_decide(&fast, &slow, 512, CPU_IDLE, 117).type != MIGRATE_MISFIT);
	CHECK(lb_decide(&fast, &slow, 512, CPU_NOT_IDLE, 117).type == MIGRATE_NONE);
	pass("a task too big for its hart goes to a faster one that idles, and to no other");
	return unit_done();
}
