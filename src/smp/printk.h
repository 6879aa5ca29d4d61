/* SPDX-License-Identifier: MIT */
/* The kernel's log: a ring of lines, copied to the console as they are made. Programs may write to the console, too. */
#ifndef SMP_PRINTK_H
#define SMP_PRINTK_H

#include "lib/compiler.h"

#define KERN_ERR	"\0013"
#define KERN_WARNING	"\0014"
#define KERN_INFO	"\0016"
#define KERN_DEBUG	"\0017"

/** printk - Log one line (a newline ends it), level in front as KERN_*. Context: any. */
void printk(const char *fmt, ...) __printf(1, 2);
#define pr_err(...)	printk(KERN_ERR __VA_ARGS__)
#define pr_warn(...)	printk(KERN_WARNING __VA_ARGS__)
#define pr_info(...)	printk(KERN_INFO __VA_ARGS__)
#define pr_debug(...)	printk(KERN_DEBUG __VA_ARGS__)

/** printk_ratelimit - May a line that users can cause be printed now? Ten may in five seconds; a later call prints how many others came. */
bool printk_ratelimit(void) __must_check;
/** printk_set_loglevel - Lines of a level below @level go to the console; 7: all but KERN_DEBUG. Context: any. */
void printk_set_loglevel(int level);
/** printk_time_init - Lines have time stamps from now on: @clock_ns, nanoseconds since boot. Context: boot. */
void printk_time_init(u64 (*clock_ns)(void));
/**
 * console_register - Output goes through @write from now on, and @drain waits until the last byte has left. Both poll, in any
 * context.
 */
void console_register(void (*write)(const char *s, size_t n), void (*drain)(void));
/** console_drain - All that was written has left the machine. Context: any. */
void console_drain(void);
/** console_write_user - A user program's output. Context: any. */
void console_write_user(const char *s, size_t n);
/** console_force_unlock - Give back the console's lock, whose holder has stopped for good. Context: panic. */
void console_force_unlock(void);
/**
 * syslog_read - Copy the log's bytes from position @pos on.
 * Return: bytes copied, *@pos moved behind them (and over what was overwritten).
 */
size_t syslog_read(u64 *pos, char *buf, size_t n);

#endif
