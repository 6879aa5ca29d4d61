/* SPDX-License-Identifier: MIT */
/* Between assembly (switch.S, trap/entry.S) and C. */
#ifndef SCHED_ASM_H
#define SCHED_ASM_H

struct fp_state;
struct task_struct;

/** schedule_tail - What a new task does first: ends the switch to it from @prev. Context: run-queue lock, interrupts off; it drops it. */
void schedule_tail(struct task_struct *prev);
/** preempt_schedule_irq - From the return path of an interrupt in kernel mode. Context: interrupts off, before and after. */
void preempt_schedule_irq(void);
/** __fstate_save - All of the hart's floating-point state, to @fp. Context: it is on (SR_FS), preemption off. */
void __fstate_save(struct fp_state *fp);
/** __fstate_restore - All of the hart's floating-point state, from @fp. Context: it is on (SR_FS), preemption off. */
void __fstate_restore(const struct fp_state *fp);
/**
 * __switch_to - Registers and stack of @next instead of @prev's.
 * Return, once it is switched back to: the task that the hart has just left. Context: rq->lock, interrupts off.
 */
struct task_struct *__switch_to(struct task_struct *prev, struct task_struct *next);
/** ret_from_fork - Where a new task begins: schedule_tail(), then its function or user mode. Context: as schedule_tail(). */
void ret_from_fork(void);

#endif
