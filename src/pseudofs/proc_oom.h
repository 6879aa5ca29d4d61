/* SPDX-License-Identifier: MIT */
/* The OOM killer's files in /proc/PID. */
#ifndef PSEUDOFS_PROC_OOM_H
#define PSEUDOFS_PROC_OOM_H

#include "lib/compiler.h"

struct seq_file;
/** proc_show_oom_score, proc_show_oom_score_adj, proc_write_oom_score_adj - Files of /proc/PID. Context: task. */
int proc_show_oom_score(struct seq_file *m, long pid);
int proc_show_oom_score_adj(struct seq_file *m, long pid);
int proc_write_oom_score_adj(long pid, const char *text, size_t n);

#endif
