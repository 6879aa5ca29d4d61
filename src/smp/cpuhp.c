/* SPDX-License-Identifier: MIT */
#include "smp/cpuhp.h"

#include "lib/compiler.h"

static const struct cpu_layer *layers;
static unsigned int nr_layers;

void __init cpuhp_set_layers(const struct cpu_layer *table, unsigned int n)
{
	layers = table;
	nr_layers = n;
}

void cpuhp_init_cpu(void)
{
	for (unsigned int i = 0; i < nr_layers; i++)
		if (layers[i].init_cpu)
			layers[i].init_cpu();
}

void cpuhp_dying_cpu(void)
{
	for (unsigned int i = nr_layers; i--; )
		if (layers[i].dying_cpu)
			layers[i].dying_cpu();
}
