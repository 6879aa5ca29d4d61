/* SPDX-License-Identifier: MIT */
/* Limits of a process, and what it has used. Source: Linux include/uapi/linux/resource.h, asm-generic/resource.h. */
#ifndef ABI_RESOURCE_H
#define ABI_RESOURCE_H

#include "abi/types.h"

#define RLIM_NLIMITS	16
#define RLIMIT_CPU	0	/* seconds */
#define RLIMIT_FSIZE	1
#define RLIMIT_DATA	2
#define RLIMIT_STACK	3
#define RLIMIT_CORE	4
#define RLIMIT_RSS	5
#define RLIMIT_NPROC	6
#define RLIMIT_NOFILE	7
#define RLIMIT_MEMLOCK	8
#define RLIMIT_AS	9
#define RLIMIT_LOCKS	10
#define RLIMIT_SIGPENDING 11	/* of a user: signals with information that wait, and POSIX timers */
#define RLIMIT_NICE	13	/* 20 - the lowest nice value allowed */
#define RLIMIT_RTPRIO	14
#define RLIMIT_RTTIME	15	/* us */
#define RLIM_INFINITY	(~0UL)

struct rlimit64 {
	u64 cur, max;
};

#define RUSAGE_SELF 0
#define RUSAGE_CHILDREN -1
#define RUSAGE_THREAD 1

struct k_timeval {
	s64 sec, usec;
};

struct k_rusage {
	struct k_timeval utime, stime;
	s64 maxrss, ixrss, idrss, isrss, minflt, majflt, nswap, inblock, oublock, msgsnd, msgrcv,
	    nsignals, nvcsw, nivcsw;
};

/* getpriority(2)'s first argument. */
#define PRIO_PROCESS 0
#define PRIO_PGRP 1
#define PRIO_USER 2

#endif
