/* SPDX-License-Identifier: MIT */
/* Sets of harts, by logical number. Ref: Linux cpumask. */
#ifndef LIB_CPUMASK_H
#define LIB_CPUMASK_H

#include "lib/atomic.h"

#ifndef NR_CPUS		/* the simulator has more */
#define NR_CPUS 128
#endif

struct cpumask {
	unsigned long bits[NR_CPUS / 64];
};

static inline unsigned int cpumask_next(int cpu, const struct cpumask *m)
{
	unsigned int n = cpu + 1;

	while (n < NR_CPUS) {
		unsigned long w = READ_ONCE(m->bits[n / 64]) >> (n % 64);

		if (w)
			return n + __builtin_ctzl(w);
		n = (n | 63) + 1;
	}
	return NR_CPUS;
}

#define for_each_cpu(cpu, mask)						\
	for ((cpu) = cpumask_next(-1, mask); (cpu) < NR_CPUS;		\
	     (cpu) = cpumask_next(cpu, mask))

static inline unsigned int cpumask_first(const struct cpumask *m)
{
	return cpumask_next(-1, m);
}

static inline bool cpumask_test_cpu(unsigned int cpu, const struct cpumask *m)
{
	return test_bit(cpu, m->bits);
}

static inline void cpumask_set_cpu(unsigned int cpu, struct cpumask *m)
{
	set_bit(cpu, m->bits);
}

static inline void cpumask_clear_cpu(unsigned int cpu, struct cpumask *m)
{
	clear_bit(cpu, m->bits);
}

static inline bool cpumask_and(struct cpumask *d, const struct cpumask *a, const struct cpumask *b)
{
	unsigned long any = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(d->bits); i++)
		any |= d->bits[i] = a->bits[i] & b->bits[i];
	return any;
}

static inline unsigned int cpumask_weight(const struct cpumask *m)
{
	unsigned int cpu, n = 0;

	for_each_cpu(cpu, m)
		n++;
	return n;
}

#endif
