/* SPDX-License-Identifier: MIT */
/*
 * To sleep, to wake, and to give the hart to another task: core.c, as the rest of the
 * kernel sees it. Ref: Linux include/linux/sched.h.
 */
#ifndef SCHED_SCHED_H
#define SCHED_SCHED_H

#include "sched/task.h"

#define set_current_state(s) \
	do { WRITE_ONCE(current->__state, (s)); smp_mb(); } while (0) /* pairs with try_to_wake_up() */
#define __set_current_state(s) WRITE_ONCE(current->__state, (s))

/** sched_init - Run queues; the boot context becomes the idle task of hart 0. Context: boot. */
void sched_init(void);
/** sched_init_idle - Prepare @idle as @cpu's idle task, and the hart's run queue. Context: boot. */
void sched_init_idle(struct task_struct *idle, unsigned int cpu);
/**
 * sched_fork - The scheduler's part of the copied task @p; policy and nice value are inherited.
 * Return: 0, or -EAGAIN for SCHED_DEADLINE. Context: task; nobody else knows @p.
 */
int sched_fork(struct task_struct *p) __must_check;
/** wake_up_new_task - First enqueue of @p, on the hart that suits it best. Context: task. */
void wake_up_new_task(struct task_struct *p);
/** schedule - Give the hart to another task; sleep if the state says so. Context: task, may sleep. */
void schedule(void);
/** schedule_idle - schedule() for the idle task, whose preemption is off. Context: idle task, interrupts on. */
void schedule_idle(void);
/** do_task_dead - The current task's last switch. Context: task. */
void do_task_dead(void) __noreturn;
/**
 * try_to_wake_up - Make @p runnable if its state is in @state.
 * Return: whether it was woken. Context: any; orders all before it against
 * the sleeper's test of its condition.
 */
bool try_to_wake_up(struct task_struct *p, unsigned int state);
/** wake_up_process - try_to_wake_up() from TASK_NORMAL. Return: whether @p was woken. Context: any. */
bool wake_up_process(struct task_struct *p);
/** wake_up_state - try_to_wake_up() by the name that callers with a state use. Return: whether @p was woken. Context: any. */
bool wake_up_state(struct task_struct *p, unsigned int state);
/** kick_process - If @p runs on another hart, make that hart enter the kernel. Context: preemption off. */
void kick_process(struct task_struct *p);

/* Before there is anything to switch to, boot code runs through sleeping locks with interrupts off. */
extern bool scheduler_running;
#define might_sleep() DEBUG_BUG_ON(scheduler_running && in_atomic())
#define cond_resched() \
	do { if (test_thread_flag(TIF_NEED_RESCHED)) schedule(); } while (0)

#endif
