/* SPDX-License-Identifier: MIT */
/*
 * In-kernel test cases: "kunit=NAME" on the command line runs the cases whose
 * name begins so ("kunit=all": every one), prints TAP and leaves the machine.
 */
#include "tests/kernel/kunit.h"

#include <string.h>

#include "smp/printk.h"
#include "smp/reboot.h"

extern const struct kunit_case __start_kunit[], __stop_kunit[];
static bool failed;

void kunit_fail(const char *file, int line, const char *what)
{
	char text[160];

	snprintf(text, sizeof(text), "# %s:%d: expected %s\n", file, line, what);
	console_write_user(text, strlen(text));
	failed = true;
}

/* "all" leaves out those that are to crash, and those that take seconds. */
static bool selected(const struct kunit_case *c, const char *which)
{
	if (!strcmp(which, "all"))
		return strncmp(c->name, "crash", 5) && strncmp(c->name, "watchdog", 8);
	return !strncmp(c->name, which, strlen(which));
}

void run_kunit(const char *which)
{
	const struct kunit_case *c;
	char text[160];
	int n = 0, bad = 0;

	for (c = __start_kunit; c < __stop_kunit; c++)
		n += selected(c, which);
	snprintf(text, sizeof(text), "TAP version 13\n1..%d\n", n);
	console_write_user(text, strlen(text));
	n = 0;
	for (c = __start_kunit; c < __stop_kunit; c++) {
		if (!selected(c, which))
			continue;
		failed = false;
		c->run();
		bad += failed;
		snprintf(text, sizeof(text), "%sok %d - %s\n", failed ? "not " : "", ++n, c->name);
		console_write_user(text, strlen(text));
	}
	machine_power_off(bad || !n);
}
