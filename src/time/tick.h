/* SPDX-License-Identifier: MIT */
/* The scheduler's tick, which stops while its hart idles. Ref: Linux kernel/time/tick-sched.c. */
#ifndef TIME_TICK_H
#define TIME_TICK_H

#include "lib/compiler.h"

#define HZ		100
#define TICK_NSEC	(1000000000UL / HZ)

struct pt_regs;

/** time_init_cpu - Start this hart's timer and tick. Context: bring-up, interrupts off. */
void time_init_cpu(void);
/** tick_dying_cpu - No tick and no timer interrupt on this hart any more. Context: interrupts off. */
void tick_dying_cpu(void);
/** tick_note_regs - The timer interrupted @regs: for the tick and the callbacks that follow. Context: hard interrupt. */
void tick_note_regs(const struct pt_regs *regs);
/** get_irq_regs - The registers that tick_note_regs() noted. Context: a timer's callback. */
const struct pt_regs *get_irq_regs(void);
/** tick_nohz_disable - Idle harts keep their tick (nohz=off): QEMU's -icount with several harts wants it. Context: boot. */
void tick_nohz_disable(void);
/** tick_nohz_idle_enter, tick_nohz_idle_exit - Stop and restart this hart's tick. Context: idle task, interrupts off. */
void tick_nohz_idle_enter(void);
void tick_nohz_idle_exit(void);

#endif
