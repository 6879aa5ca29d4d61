/* SPDX-License-Identifier: MIT */
/*
 * What each layer does when a hart comes and when it leaves: a table, lowest layer first. A hart that comes goes through it in this
 * order, one that leaves in reverse. start_kernel() hands it in, for it sees all layers (src/init).
 */
#ifndef SMP_CPUHP_H
#define SMP_CPUHP_H

struct cpu_layer {
	void (*init_cpu)(void);		/* This hart comes; NULL: nothing to do. Context: interrupts off, not online yet */
	void (*dying_cpu)(void);	/* This hart leaves; NULL. Context: stop_machine(), not online any more, its tasks are elsewhere */
};

/** cpuhp_set_layers - The @n layers of @table, which stays. Context: boot, before cpuhp_init_cpu(). */
void cpuhp_set_layers(const struct cpu_layer *table, unsigned int n);
/** cpuhp_init_cpu - All layers take this hart in. Context: boot or start_secondary(), interrupts off. */
void cpuhp_init_cpu(void);
/** cpuhp_dying_cpu - All layers let go of this hart. Context: stop_machine(). */
void cpuhp_dying_cpu(void);

#endif
