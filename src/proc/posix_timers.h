/* SPDX-License-Identifier: MIT */
/* Timers that a program makes as many of as it likes, up to RLIMIT_SIGPENDING. Of the current process. */
#ifndef PROC_POSIX_TIMERS_H
#define PROC_POSIX_TIMERS_H

#include "task/signal_struct.h"

/** posix_timer_create - @event NULL: SIGALRM. Return: its id, -EINVAL (@event asks for what there is not), -EAGAIN. Context: task. */
int posix_timer_create(bool realtime, const struct k_sigevent *event) __must_check;
/** posix_timer_get - What is left until it expires (0: it does not), and its interval. Return: 0, -EINVAL: no such timer. */
int posix_timer_get(int id, struct itimer_ns *v) __must_check;
/** posix_timer_set - As itimer_set(); @absolute: @new->expires is a time of its clock. @old: as posix_timer_get(). */
int posix_timer_set(int id, bool absolute, const struct itimer_ns *new, struct itimer_ns *old) __must_check;
/** posix_timer_getoverrun - How often it expired between its last signal and when that was taken. Or -EINVAL. */
int posix_timer_getoverrun(int id);
/** posix_timer_delete - Return: 0, -EINVAL. */
int posix_timer_delete(int id);
/** posix_timers_exit - All are gone. Context: task, the only thread of its group. */
void posix_timers_exit(struct signal_struct *sig);
/** posix_timers_unignored - @signo is not, or no more, ignored: those that stand still go on. Context: task, no lock. */
void posix_timers_unignored(struct signal_struct *sig, int signo);
/** posix_timer_taken - @info, of a timer, is taken: tell the overrun, and arm it again. Context: task, no lock. */
void posix_timer_taken(struct k_siginfo *info);

#endif
