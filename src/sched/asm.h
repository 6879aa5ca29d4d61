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
/** __fstate_save, __fstate_restore - All of the hart's floating-point state. Context: it is on (SR_FS), preemption off. */
void __fstate_save(struct fp_state *fp);
void __fstate_restore(const struct fp_state *fp);

#endif
