/* SPDX-License-Identifier: MIT */
/* Files that tell of scheduling. Context of all: task. */
#ifndef PSEUDOFS_PROC_SCHED_H
#define PSEUDOFS_PROC_SCHED_H

struct seq_file;

/** proc_show_task_sched - /proc/PID/sched. */
int proc_show_task_sched(struct seq_file *m, long pid);
/** proc_show_schedstat, proc_show_softirqs - Files of /proc. */
int proc_show_schedstat(struct seq_file *m, long unused);
int proc_show_softirqs(struct seq_file *m, long unused);
/** proc_show_sched_debug - /sys/kernel/debug/sched/debug. */
int proc_show_sched_debug(struct seq_file *m, long unused);

#endif
