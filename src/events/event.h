/* SPDX-License-Identifier: MIT */
/*
 * Performance events: what the hardware, the firmware and the kernel count, for a
 * task (and the tasks that it makes) or for a hart, as perf_event_open(2) has them.
 *
 * A context lists the events of a task or of a hart. A task's is "in" on a hart
 * while the task runs there. Then its groups, one by one, take counters of that
 * hart. A group that finds none waits, and every 4 ms the groups go round. So an
 * event has two times, enabled and running, and their quotient scales its count.
 *
 * What the kernel counts of a task anyhow (switches, faults, its run time) needs no
 * counter: such events are in a context of their own, at which a switch does not
 * look. The other context is "hooked": switches concern it. Contexts that are copies
 * of one, all of it inherited, are a family. When a hart switches between tasks with
 * hooked contexts of one family, the tasks exchange them and the counters go on: a
 * reader sums up the family anyhow.
 *
 * An event with a period samples: it records where its task or hart is each time it
 * has counted that far, a clock by a timer, a counter by its overflow interrupt.
 *
 * perf_mutex guards which event is in which group, context and family; a context's lock,
 * under the run queue's, guards counts and states. Only the hart where a context
 * is in touches its counters: others send it an interrupt.
 *
 * Ref: Linux kernel/events/core.c.
 */
#ifndef EVENTS_EVENT_H
#define EVENTS_EVENT_H

#include "abi/perf_event.h"
#include "lib/compiler.h"

struct file;
struct perf_event;
struct task_struct;

/* /proc/sys/kernel. Ref: Linux sysctl/kernel.rst. */
extern u64 sysctl_perf_event_paranoid;	/* which tasks may count; ~0: all */
extern u64 sysctl_perf_event_sample_rate; /* the most samples a second that may be asked for */
extern u64 sysctl_perf_event_max_stack;	/* the most calls of a chain */
extern u64 sysctl_perf_event_mlock;	/* bytes a hart that a user's rings may have without RLIMIT_MEMLOCK */

/**
 * perf_event_create - An event of @task, or (NULL) of hart @cpu; @cpu of a task: only what it does there; -1: anywhere.
 * @leader: its group's first, or NULL.
 * Return: the event, or ERR_PTR: -ENOENT (nothing counts that), -EOPNOTSUPP (not in this way), -EINVAL, -ESRCH,
 * -ENODEV (@cpu is offline), -ENOSPC (so many are enough), -ENOMEM. Context: task.
 */
struct perf_event *perf_event_create(const struct perf_event_attr *attr, struct task_struct *task, int cpu, struct perf_event *leader);
/** perf_event_release - Free @e, whose file is gone. If it leads a group, its members become groups of their own. Context: task. */
void perf_event_release(struct perf_event *e);
/** perf_event_control - PERF_EVENT_IOC_ENABLE, _DISABLE, _RESET, of @e or of its whole group. Context: task. */
void perf_event_control(struct perf_event *e, unsigned int what, bool group);
/**
 * perf_event_read_values - What read(2) gives, as its read_format says, into @v.
 * Return: how many words; -ENOSPC: more than @max. Context: task.
 */
int perf_event_read_values(struct perf_event *e, u64 *v, unsigned int max);
/** perf_event_id - Its number, unique. */
u64 perf_event_id(const struct perf_event *e);
/** perf_event_file - A file for @e, which the file then owns, or ERR_PTR(-ENFILE, -ENOMEM). perf_event_of - The reverse, or NULL. */
struct file *perf_event_file(struct perf_event *e);
struct perf_event *perf_event_of(struct file *f);

/** perf_event_fork - @child, not yet run, inherits the current task's events. Return: 0 or -ENOMEM. Context: task. */
int perf_event_fork(struct task_struct *child, bool thread) __must_check;
/** perf_event_exit - @p, current or its copy that never began, ends: its counts go to the events that it inherited from. Context: task. */
void perf_event_exit(struct task_struct *p);
/** perf_event_exec - Events with enable_on_exec begin; a program of other rights is not counted. Context: task, its new program mapped. */
void perf_event_exec(void);
/**
 * perf_event_comm, perf_event_task_fork, perf_event_mmap - For those who read samples of the current task: it has a new name
 * (@exec: a new program), has made @child, has mapped @len bytes of @file's code at @addr. Context: task.
 */
void perf_event_comm(bool exec);
void perf_event_task_fork(const struct task_struct *child);
void perf_event_mmap(struct file *file, unsigned long addr, unsigned long len, unsigned long pgoff);
/** perf_init_cpu - This hart counts from now on, until perf_dying_cpu(). Context: bring-up, interrupts off. */
void perf_init_cpu(void);
/** perf_dying_cpu - This hart counts nothing any more. Context: stop_machine(). */
void perf_dying_cpu(void);
/** perf_event_init - Context: boot. */
void perf_event_init(void);

#endif
