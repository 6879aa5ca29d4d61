/* SPDX-License-Identifier: MIT */
#include "init/cmdline.h"

#include <string.h>

#include "lib/parse.h"
#include "pseudofs/tracefs.h"
#include "pseudofs/watchdog.h"
#include "sched/tunables.h"
#include "smp/bug.h"
#include "smp/printk.h"
#include "time/clock.h"
#include "time/tick.h"
#include "trace/trace.h"

char saved_command_line[1024];

char *cmdline_get(const char *name, char *buf, size_t size)
{
	size_t n = strlen(name);

	for (const char *p = saved_command_line; *p; ) {
		size_t len;

		p += strspn(p, " ");
		len = strcspn(p, " ");
		if (len == 2 && !strncmp(p, "--", 2))
			return NULL;	/* the rest is init's */
		if (len >= n && !strncmp(p, name, n) && (len == n || p[n] == '=')) {
			size_t vlen = len > n ? len - n - 1 : 0;

			vlen = min(vlen, size - 1);
			memcpy(buf, p + (len > n ? n + 1 : n), vlen);
			buf[vlen] = '\0';
			return buf;
		}
		p += len;
	}
	return NULL;
}

int cmdline_uint(const char *name, int def)
{
	char buf[16];
	int v = cmdline_get(name, buf, sizeof(buf)) ? parse_uint(buf) : -1;

	return v >= 0 ? v : def;
}

void __init parse_early_params(void)
{
	char buf[32];

	if (cmdline_get("quiet", buf, sizeof(buf)))
		printk_set_loglevel(4);
	printk_set_loglevel(cmdline_uint("loglevel", cmdline_get("quiet", buf, sizeof(buf)) ? 4 : 7));
	if (cmdline_get("nohz", buf, sizeof(buf)) && !strcmp(buf, "off"))
		tick_nohz_disable();
	sysctl_watchdog_thresh = min(cmdline_uint("watchdog_thresh", (int)sysctl_watchdog_thresh), 60);
	sysctl_hung_task_timeout = cmdline_uint("hung_task_timeout_secs", (int)sysctl_hung_task_timeout);
	if (cmdline_get("autogroup", buf, sizeof(buf)))
		sysctl_sched_autogroup_enabled = 1;
	if (cmdline_get("panic", buf, sizeof(buf)) && !strcmp(buf, "halt"))
		panic_set_halt(true);
}

/* icount=QUANTUM[,SEED], ns: see smp/turns.h. */
void __init parse_turns(void)
{
	char buf[48], *seed;
	long quantum;

	if (!cmdline_get("icount", buf, sizeof(buf)))
		return;
	seed = strchr(buf, ',');
	if (seed)
		*seed++ = '\0';
	quantum = parse_uint(buf);
	if (quantum > 0)
		clock_take_turns(quantum, seed ? max(parse_uint(seed), 0) : 0);
}

/* trace_event=sched:* trace_buf_size=4M: tracing is on from the first program on. */
void setup_tracing(void)
{
	char text[64], *end = text;
	unsigned long kib = 0;

	if (cmdline_get("trace_buf_size", text, sizeof(text))) {
		for (; *end >= '0' && *end <= '9'; end++)
			kib = kib * 10 + *end - '0';
		kib = *end == 'M' || *end == 'm' ? kib << 10 : *end == 'K' || *end == 'k' ? kib : kib >> 10;
		if (trace_set_buffer_size(kib))
			pr_warn("trace_buf_size=%s: no such size\n", text);
	}
	if (cmdline_get("trace_event", text, sizeof(text)) && trace_set_events(text))
		pr_warn("trace_event=%s: no such event, or no memory\n", text);
}
