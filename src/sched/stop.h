/* SPDX-License-Identifier: MIT */
/* The stop class: a function on a given hart above all else, or while all other harts stand still. stop.c. */
#ifndef SCHED_STOP_H
#define SCHED_STOP_H

#include "sched/task.h"

struct completion;

struct cpu_stop_work {
	TAILQ_ENTRY(cpu_stop_work) list;
	int (*fn)(void *);
	void *arg;
	int ret;
	struct completion *done;	/* NULL: nobody waits */
};

/** stop_one_cpu - Run @fn(@arg) on @cpu above every class, and wait. Return: fn's, or -ENOENT: @cpu is offline. Context: task. */
int stop_one_cpu(unsigned int cpu, int (*fn)(void *), void *arg);
/**
 * stop_one_cpu_nowait - stop_one_cpu() without waiting; @w is the stopper's until @fn begins.
 * Return: false: @cpu is offline, and @fn will not run. Context: any, no rq->lock.
 */
bool stop_one_cpu_nowait(unsigned int cpu, int (*fn)(void *), void *arg, struct cpu_stop_work *w);
/**
 * stop_machine - Run @fn(@data) on @cpu, online, with interrupts off, while all other harts stand still.
 * Return: fn's. Context: task; one at a time (dev/cpu.c).
 */
int stop_machine(unsigned int cpu, int (*fn)(void *), void *data);
/** cpu_stopper_enable - @cpu's stopper takes work from now on, or (@on false) none. Context: any. */
void cpu_stopper_enable(unsigned int cpu, bool on);
/** cpu_stopper_set - The new thread @p is @cpu's stopper. Context: boot. */
void cpu_stopper_set(unsigned int cpu, struct task_struct *p);
/** cpu_stopper_thread - Body of a stopper thread. Context: task, bound to its hart. */
int cpu_stopper_thread(void *unused);

#endif
