/* SPDX-License-Identifier: MIT */
/* The decision of a balance pass, against what must hold of any: two groups of harts with tasks at random. */
#include "test.h"

#include "../../src/sched/lb_decide.c"

/* A group of @weight harts, each with up to @most tasks of a weight. */
static struct sg_lb_stats group(unsigned int weight, unsigned int most)
{
	struct sg_lb_stats s = { .weight = weight, .capacity = weight * SCHED_CAPACITY_SCALE };

	for (unsigned int i = 0; i < weight; i++) {
		unsigned int nr = rnd() % (most + 1);

		s.sum_nr_running += nr;
		s.nr_waiting += nr > 1 ? nr - 1 : 0;
		s.idle_cpus += !nr;
		for (unsigned int k = 0; k < nr; k++)
			s.load += rnd() % 4 ? 1024 : 15 + rnd() % 88747;
	}
	s.type = group_classify(&s, rnd() % 8 == 0);
	return s;
}

int main(void)
{
	unsigned int moves[5] = { 0 };

	for (int i = 0; i < 1000000; i++) {
		unsigned int pct = 100 + rnd() % 30;
		struct sg_lb_stats local = group(1 + rnd() % 8, rnd() % 4), busiest = group(1 + rnd() % 8, rnd() % 4);
		u64 avg = (local.load + busiest.load) / (local.weight + busiest.weight);
		enum cpu_idle_type idle = !local.idle_cpus ? CPU_NOT_IDLE : rnd() % 2 ? CPU_IDLE : CPU_NEWLY_IDLE;
		struct lb_decision d = lb_decide(&local, &busiest, avg, idle, pct);
		u64 la = group_avg_load(&local), ba = group_avg_load(&busiest);

		moves[d.type]++;
		CHECK(d.type == MIGRATE_NONE || busiest.sum_nr_running);
		/* Work conservation: harts here idle, tasks there wait. */
		if (idle != CPU_NOT_IDLE && local.type == GROUP_HAS_SPARE && busiest.nr_waiting)
			CHECK(d.type == MIGRATE_TASK && d.imbalance >= 1);
		if (d.type == MIGRATE_TASK)
			CHECK(d.imbalance >= 1 && d.imbalance <= max(1u, local.idle_cpus));
		/* What runs is moved only to a place that is emptier, and stays so. */
		if (d.type == MIGRATE_SPREAD)
			CHECK(local.idle_cpus - d.imbalance >= busiest.idle_cpus + d.imbalance && d.imbalance >= 1);
		/* Load goes from more to less, and does not tip the balance. */
		if (d.type == MIGRATE_LOAD) {
			CHECK(busiest.type == GROUP_OVERLOADED && ba * 100 > la * pct);
			CHECK((local.load + d.imbalance) / local.weight <= avg + 1);
			CHECK((busiest.load - d.imbalance) / busiest.weight + 1 >= avg);
		}
	}
	CHECK(moves[MIGRATE_NONE] && moves[MIGRATE_TASK] && moves[MIGRATE_LOAD] && moves[MIGRATE_SPREAD]);
	pass("1,000,000 pairs of groups: no hart idles beside what waits, and no move tips the balance");

	for (int i = 0; i < 1000000; i++) {
		struct sg_lb_stats a = group(1 + rnd() % 8, rnd() % 4), b = group(1 + rnd() % 8, rnd() % 4),
				   c = group(1 + rnd() % 8, rnd() % 4);

		CHECK(!(group_busier(&a, &b) && group_busier(&b, &a)));
		CHECK(!(group_busier(&a, &b) && group_busier(&b, &c)) || group_busier(&a, &c));
		if (a.nr_waiting && a.type == GROUP_OVERLOADED && b.type == GROUP_HAS_SPARE)
			CHECK(group_busier(&a, &b));
	}
	pass("1,000,000 triples of groups are ordered, overloaded before the rest");

	struct sg_lb_stats slow = { GROUP_MISFIT_TASK, 1, 0, 1, 0, 300, 0, 300, 1024 }, fast = { .weight = 1, .idle_cpus = 1,
		.capacity = 1024, .idle_capacity = 1024 };

	CHECK(lb_decide(&fast, &slow, 512, CPU_IDLE, 117).type == MIGRATE_MISFIT);
	fast.idle_capacity = 300;
	CHECK(lb_decide(&fast, &slow, 512, CPU_IDLE, 117).type != MIGRATE_MISFIT);
	CHECK(lb_decide(&fast, &slow, 512, CPU_NOT_IDLE, 117).type == MIGRATE_NONE);
	pass("a task too big for its hart goes to a faster one that idles, and to no other");
	return unit_done();
}
