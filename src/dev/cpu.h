/* SPDX-License-Identifier: MIT */
/* Harts that leave and come back while the system runs. */
#ifndef DEV_CPU_H
#define DEV_CPU_H

/**
 * cpu_down - Take hart @cpu out of use; all that runs or waits there goes on elsewhere.
 * Return: 0 (it was so already, too), -EINVAL: no such hart, -EBUSY: it is the last one, or deadline tasks need it.
 * Context: task, may sleep.
 */
int cpu_down(unsigned int cpu);
/**
 * cpu_up - Take hart @cpu into use again.
 * Return: 0 (it was so already, too), -EINVAL: no such hart, -EIO: the firmware refuses. Context: task, may sleep.
 */
int cpu_up(unsigned int cpu);
/** cpu_hotplug_init - The lock of cpu_down() and cpu_up(). Context: boot. */
void cpu_hotplug_init(void);

#endif
