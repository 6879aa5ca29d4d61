/* SPDX-License-Identifier: MIT */
/*
 * Harts that take turns: QEMU 7.2 runs all of them on one host thread under -icount, each until the next timer of any is
 * due, and the next hart then. A hart that spins would use up all of that time, and with the firmware's own waits two harts
 * can do so for ever. Here a hart that waits halts until a timer of its own, so that the others go on, and fences on other
 * harts are asked for from S-mode. A machine does the same in each run.
 */
#ifndef SMP_TURNS_H
#define SMP_TURNS_H

#include "smp/smp.h"

/**
 * take_turns - From now on a hart that waits for another halts for @quantum timer ticks at a time. With a @seed that is not 0
 * each hart is interrupted after times drawn from it, up to 16 quanta: another seed is another order of events.
 * Context: boot, on a machine with Sstc.
 */
void take_turns(u64 quantum, u64 seed);
/** cpu_give_turn - Let the other harts go on for a quantum, or until an interrupt if they are on. Context: any; by cpu_relax(). */
void cpu_give_turn(void);
/** idle_in_turn - Wait for an interrupt, or until the caller is to schedule. Context: the idle task, interrupts off; on meanwhile. */
void idle_in_turn(void);
/** end_of_turn - When this hart is to be interrupted for the others' sake, in ticks of the time CSR. Context: interrupts off. */
u64 end_of_turn(void);
/**
 * remote_fence - Fence on @harts, this one not among them: by @sbi_fence(mask, base, @arg), or where harts take turns by asking each.
 * Context: preemption off.
 */
void remote_fence(const struct cpumask *harts, void (*sbi_fence)(unsigned long mask, unsigned long base, void *arg), void *arg);
/** answer_fences - Do what other harts' remote_fence() asks of this one. Context: any. */
void answer_fences(void);

#endif
