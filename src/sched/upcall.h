/* SPDX-License-Identifier: MIT */
/* Calls that the scheduler makes upwards; each is defined once above. */
#ifndef SCHED_UPCALL_H
#define SCHED_UPCALL_H

struct task_struct;
struct mm_struct;

/**
 * vm_on_switch - Take @next's address space, or let it borrow @prev's (src/vm).
 * Return: an mm whose last borrower was @prev, to hand to vm_after_switch().
 * Context: run-queue lock, interrupts off.
 */
struct mm_struct *vm_on_switch(struct task_struct *prev, struct task_struct *next);
/** vm_after_switch - Drop the borrowed @mm. Context: preemption off, interrupts on. */
void vm_after_switch(struct mm_struct *mm);
/** vm_zalloc - @size bytes of zeroed memory (src/vm). Return: NULL: there is none. Context: task. */
void *vm_zalloc(unsigned long size);
/** vm_free - Undo vm_zalloc(); @p may be NULL (src/vm). Context: task. */
void vm_free(void *p);
/** perf_on_switch - One of the two has events that are counted (src/events). Context: run-queue lock, interrupts off. */
void perf_on_switch(struct task_struct *prev, struct task_struct *next);
/** rt_mutex_adjust_pi - @p, which waits for a lock, has another priority (src/locks). Context: no lock. */
void rt_mutex_adjust_pi(struct task_struct *p);
/** proc_on_tick - Of the current task, while nr_cpu_timers is not 0 (src/proc). Context: hard interrupt, no lock. */
void proc_on_tick(void);
/** __put_task_struct - The last reference to @p is gone (src/proc). Context: any. */
void __put_task_struct(struct task_struct *p);

#endif
