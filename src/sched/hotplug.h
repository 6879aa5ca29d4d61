/* SPDX-License-Identifier: MIT */
/* The scheduler's part when a hart leaves. */
#ifndef SCHED_HOTPLUG_H
#define SCHED_HOTPLUG_H

/** sched_cpu_dying - @cpu, this hart, is about to leave: its tasks go elsewhere. Context: stop_machine(). */
void sched_cpu_dying(unsigned int cpu);

#endif
