/* SPDX-License-Identifier: MIT */
/*
 * Assertions and the end of the world. BUG_ON is for what only a bug of the
 * kernel's can break; user input never reaches one.
 */
#ifndef SMP_BUG_H
#define SMP_BUG_H

#include "lib/compiler.h"

struct pt_regs;

/**
 * panic - Stop the other harts; print the reason, the task and the calls that led here; leave QEMU with a
 * failing status, or halt for a debugger (panic= on the command line).
 * Context: any.
 */
void panic(const char *fmt, ...) __noreturn __printf(1, 2);
/** panic_set_halt - Does a panic leave the machine as it stands, to be looked at, or end it? Context: boot. */
void panic_set_halt(bool halt);
/** panic_notify - A panic calls @show, once it has told of the harts, which have all stopped. Context: boot. */
void panic_notify(void (*show)(void));
/** die - Oops: a fault of the kernel's own. Prints @regs, then panics. Context: any. */
void die(struct pt_regs *regs, const char *why) __noreturn;
/** panic_park - Another hart panics: leave @regs, which this hart was at, for its report, and stop. Context: hard interrupt. */
void panic_park(const struct pt_regs *regs) __noreturn;
/** show_regs, show_stack - Print registers; the calls that lead to where @fp (s0) and @sp were. Context: any. */
void show_regs(const struct pt_regs *r);
void show_stack(unsigned long fp, unsigned long sp);
/** bug_at - What BUG() calls: says what was found, and panics. Context: any. */
void bug_at(const char *file, int line, const char *what) __noreturn;

#define BUG() bug_at(__FILE__, __LINE__, "BUG")
#define BUG_ON(c) \
	do { if (unlikely(c)) bug_at(__FILE__, __LINE__, #c); } while (0)
/* Costly checks: debug builds only. */
#define DEBUG_BUG_ON(c) \
	do { if (CONFIG_DEBUG) BUG_ON(c); } while (0)

#endif
