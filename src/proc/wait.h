/* SPDX-License-Identifier: MIT */
/* Waiting for children. */
#ifndef PROC_WAIT_H
#define PROC_WAIT_H

#include "abi/resource.h"
#include "lib/compiler.h"

struct pid;

struct wait_opts {
	int type;			/* P_* of abi/wait.h */
	struct pid *pid;		/* a process or a group, by @type */
	int options;			/* W* of abi/wait.h */
	/* results */
	int status, code, signo_pid, uid;
	struct k_rusage *rusage;	/* or NULL */
	bool exited_found;
};
/** do_wait - Return: pid of the child found, 0 with WNOHANG, or errno. Context: task. */
int do_wait(struct wait_opts *wo);

#endif
