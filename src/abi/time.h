/* SPDX-License-Identifier: MIT */
/*
 * Clocks and timers. Source: Linux include/uapi/linux/time.h, asm-generic/siginfo.h. picolibc's <time.h> gives the clocks
 * other numbers: a program does not include both.
 */
#ifndef ABI_TIME_H
#define ABI_TIME_H

#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID 3
#define CLOCK_MONOTONIC_RAW 4
#define CLOCK_REALTIME_COARSE 5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME 7
#define TIMER_ABSTIME 1

#define ITIMER_REAL	0
#define ITIMER_VIRTUAL	1
#define ITIMER_PROF	2

/* How a POSIX timer tells that it has expired. */
#define SIGEV_SIGNAL	0
#define SIGEV_NONE	1
#define SIGEV_THREAD	2
#define SIGEV_THREAD_ID	4

#define USER_HZ 100		/* ticks a second in /proc and times(2) */

#endif
