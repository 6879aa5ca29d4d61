/* SPDX-License-Identifier: MIT */
/* ps: every process, with the hart it runs on (PSR) and its class (CLS). */
#include "procinfo.h"

static const char *policy_name(int policy)
{
	static const char *const names[] = { "TS", "FF", "RR", "B", "?", "IDL", "DLN" };

	return policy >= 0 && policy < 7 ? names[policy] : "?";
}

static bool show(const struct task_stat *t)
{
	printf("%5d %5d %3d %-3s %3ld %c %4lu:%02lu.%02lu %7lu %6lu %s\n", t->pid, t->ppid, t->cpu, policy_name(t->policy), t->nice,
	       t->state, (unsigned long)t->time / 6000, (unsigned long)t->time / 100 % 60, (unsigned long)t->time % 100,
	       (unsigned long)t->vsize, (unsigned long)t->rss, t->comm);
	return true;
}

int main(int argc, char **argv)
{
	bool threads = argc > 1 && !strcmp(argv[1], "-eL");

	if (argc > 2 || (argc > 1 && !threads && strcmp(argv[1], "-e") && strcmp(argv[1], "aux") && strcmp(argv[1], "-ef")))
		usage("ps [-e|-eL]   (-L: threads)");
	printf("  PID  PPID PSR CLS  NI S       TIME     VSZ    RSS COMMAND\n");
	each_task(threads, show);
	return 0;
}
