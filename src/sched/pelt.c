/* SPDX-License-Identifier: MIT */
#include "sched/pelt.h"

/* 2^32 y^n */
static const u32 runnable_avg_yN_inv[32] = {
	0xffffffff, 0xfa83b2db, 0xf5257d15, 0xefe4b99b, 0xeac0c6e7, 0xe5b906e7, 0xe0ccdeec, 0xdbfbb797,
	0xd744fcca, 0xd2a81d91, 0xce248c15, 0xc9b9bd86, 0xc5672a11, 0xc12c4cca, 0xbd08a39f, 0xb8fbaf47,
	0xb504f333, 0xb123f581, 0xad583eea, 0xa9a15ab4, 0xa5fed6a9, 0xa2704303, 0x9ef53260, 0x9b8d39b9,
	0x9837f051, 0x94f4efa8, 0x91c3d373, 0x8ea4398b, 0x8b95c1e3, 0x88980e80, 0x85aac367, 0x82cd8698,
};

/* @v times y^@n. */
static u64 decay_load(u64 v, u64 n)
{
	if (n >= 32 * 64)
		return 0;
	v >>= n / 32;
	return (unsigned __int128)v * runnable_avg_yN_inv[n % 32] >> 32;
}

/* The span covers the rest of its first period, whole ones, and the beginning of the last. */
void __pelt_update(struct sched_avg *a, u64 now, u64 load, u64 util)
{
	u64 periods = (now >> PELT_PERIOD_SHIFT) - (a->last_update >> PELT_PERIOD_SHIFT);
	u64 head = PELT_PERIOD - (a->last_update & (PELT_PERIOD - 1)), tail = now & (PELT_PERIOD - 1), span = 0;

	if (load | util)
		span = decay_load(head, periods) + PELT_MAX - decay_load(PELT_MAX, periods) - PELT_PERIOD + tail;
	a->load_sum = decay_load(a->load_sum, periods) + span * load;
	a->util_sum = decay_load(a->util_sum, periods) + span * util;
	a->last_update = now;
}
