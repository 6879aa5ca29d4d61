/* SPDX-License-Identifier: MIT */
/* Decayed averages against the sum that defines them, period by period. */
#include "test.h"

#include "../../src/sched/pelt.c"

static const double y = 0.97857206208770013;	/* 2^(-1/32) */

/* The same, one period after the other. */
struct model {
	u64 last;
	double load, util;
};

static void model_update(struct model *m, u64 now, double load, double util)
{
	while (m->last < now) {
		u64 end = min((m->last | (PELT_PERIOD - 1)) + 1, now);

		m->load += (end - m->last) * load;
		m->util += (end - m->last) * util;
		if (end % PELT_PERIOD == 0) {
			m->load *= y;
			m->util *= y;
		}
		m->last = end;
	}
}

static bool near(u64 got, double want, double scale)
{
	double d = got - want;

	return (d < 0 ? -d : d) <= 1e-5 * want + 1e-6 * scale * PELT_MAX;
}

int main(void)
{
	static const u64 spans[] = { 1, 1000, 300000, 5000000, 80000000, 3000000000 };
	struct sched_avg a = { 12345, 0, 0 };
	struct model m = { 12345, 0, 0 };
	u64 now = 12345;

	for (int i = 0; i < 20000; i++) {
		u64 load = rnd() % 3 ? rnd() % 88762 : 0, util = rnd() % 2 ? rnd() % 1025 : 0;

		now += rnd() % spans[rnd() % ARRAY_SIZE(spans)] + 1;
		struct sched_avg r = pelt_read(&a, now, load, util);

		pelt_update(&a, now, load, util);
		CHECK(r.load_sum == a.load_sum && r.util_sum == a.util_sum && a.last_update == now);
		model_update(&m, now, load, util);
		CHECK(near(a.load_sum, m.load, 88761) && near(a.util_sum, m.util, 1024));
	}
	pass("20,000 spans of any length, load and use: as the sum that defines it");

	a = (struct sched_avg){ 1, 0, 0 };
	now = 1;
	for (int i = 0; i < 10000; i++)
		pelt_update(&a, now += rnd() % 3000000, 1000, 700);
	CHECK(a.load_sum / pelt_divider(now) >= 999 && a.load_sum / pelt_divider(now) <= 1000);
	CHECK(a.util_sum / pelt_divider(now) >= 699 && a.util_sum / pelt_divider(now) <= 700);
	pass("what is always so is its own average, at any point of a period");

	pelt_update(&a, now + 32 * PELT_PERIOD, 0, 0);
	CHECK(a.load_sum / pelt_divider(a.last_update) >= 495 && a.load_sum / pelt_divider(a.last_update) <= 505);
	pass("half is forgotten in 32 periods");

	a = (struct sched_avg){ 5000000, 77, 88 };
	pelt_update(&a, 4000000, 1, 1);
	CHECK(a.last_update == 5000000 && a.load_sum == 77);
	pass("a clock that lies behind changes nothing");
	return unit_done();
}
