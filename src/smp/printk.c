/* SPDX-License-Identifier: MIT */
#include "smp/printk.h"

#include <stdio.h>
#include <string.h>

#include "sbi/sbi.h"
#include "smp/spinlock.h"

#define LOG_SIZE 16384	/* power of two; about 250 lines */
/* printk_ratelimit(): at most LIMIT_BURST lines in LIMIT_NS. Ref: Linux's printk_ratelimit. */
#define LIMIT_BURST	10
#define LIMIT_NS	5000000000ULL

static DEFINE_SPINLOCK(console_lock, LOCK_CONSOLE);
static char log_buf[LOG_SIZE] __guarded_by(console_lock);
static u64 log_end __guarded_by(console_lock);
static u64 limit_since __guarded_by(console_lock);
static unsigned int limit_printed __guarded_by(console_lock), limit_missed __guarded_by(console_lock);
static int loglevel = 7;
static u64 (*log_clock)(void);

/* The firmware puts a carriage return before each line's end by itself. */
static void sbi_write(const char *s, size_t n)
{
	for (; n--; s++)
		if (*s != '\r')
			sbi_console_putchar(*s);
}

static void (*console_out)(const char *, size_t) = sbi_write;
static void (*console_wait)(void);

/*
 * The console lock is taken raw: a report of the lock checker's own must be
 * able to print, and interrupts are off throughout.
 */
static unsigned long console_take(void) __acquires_lock(&console_lock) __no_lock_analysis
{
	unsigned long flags = local_irq_save();

	raw_spin_lock(&console_lock);
	return flags;
}

static void console_drop(unsigned long flags) __releases_lock(&console_lock) __no_lock_analysis
{
	raw_spin_unlock(&console_lock);
	local_irq_restore(flags);
}

void console_force_unlock(void)
{
	raw_spin_unlock(&console_lock);
}

void console_write_user(const char *s, size_t n)
{
	unsigned long flags = console_take();

	console_out(s, n);
	console_drop(flags);
}

void printk(const char *fmt, ...)
{
	char line[256];
	int level = 6, n;
	unsigned long flags;
	va_list ap;
	u64 now = log_clock ? log_clock() : 0;

	if (fmt[0] == 1) {
		level = fmt[1] - '0';
		fmt += 2;
	}
	n = snprintf(line, sizeof(line), "[%5lu.%06lu] ", (unsigned long)(now / 1000000000),
		     (unsigned long)(now % 1000000000 / 1000));
	va_start(ap, fmt);
	n += vsnprintf(line + n, sizeof(line) - n, fmt, ap);
	va_end(ap);
	n = min(n, (int)sizeof(line) - 1);

	flags = console_take();
	for (int i = 0; i < n; i++)
		log_buf[log_end++ % LOG_SIZE] = line[i];
	if (level < loglevel) {
		if (n && line[n - 1] == '\n') {
			console_out(line, n - 1);
			console_out("\r\n", 2);
		} else {
			console_out(line, n);
		}
	}
	console_drop(flags);
}

bool printk_ratelimit(void)
{
	u64 now = log_clock ? log_clock() : 0;
	unsigned int missed = 0;
	unsigned long flags = console_take();
	bool may;

	if (now - limit_since >= LIMIT_NS) {
		missed = limit_missed;
		limit_since = now;
		limit_printed = limit_missed = 0;
	}
	may = limit_printed < LIMIT_BURST;
	if (may)
		limit_printed++;
	else
		limit_missed++;
	console_drop(flags);
	if (missed)
		pr_warn("printk: %u messages suppressed\n", missed);
	return may;
}

size_t syslog_read(u64 *pos, char *buf, size_t n)
{
	size_t done = 0;
	unsigned long flags = console_take();

	if (log_end > LOG_SIZE && *pos < log_end - LOG_SIZE)
		*pos = log_end - LOG_SIZE;
	while (done < n && *pos < log_end)
		buf[done++] = log_buf[(*pos)++ % LOG_SIZE];
	console_drop(flags);
	return done;
}

void printk_set_loglevel(int level)
{
	loglevel = level;
}

void printk_time_init(u64 (*clock_ns)(void))
{
	log_clock = clock_ns;
}

void console_register(void (*write)(const char *s, size_t n), void (*drain)(void))
{
	console_out = write;
	console_wait = drain;
}

void console_drain(void)
{
	if (console_wait)
		console_wait();
}
