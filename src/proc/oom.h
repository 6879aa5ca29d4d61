/* SPDX-License-Identifier: MIT */
/* What is done when memory is short: some process ends. Ref: Linux mm/oom_kill.c. */
#ifndef PROC_OOM_H
#define PROC_OOM_H

#include "lib/compiler.h"

#define OOM_SCORE_ADJ_MIN (-1000)
#define OOM_SCORE_ADJ_MAX 1000
#define OOM_TRIES 300

/** out_of_memory - Unless there is some again: kill the process with the most memory. Wait a little. Context: task, no spin lock. */
void out_of_memory(void);
/** oom_retry - A call found no memory: out_of_memory(). Return: try again? *@tries: begins at 0. Context: as out_of_memory(). */
bool oom_retry(unsigned int *tries) __must_check;

struct seq_file;
/** proc_show_oom_score, proc_show_oom_score_adj, proc_write_oom_score_adj - Files of /proc/PID. Context: task. */
int proc_show_oom_score(struct seq_file *m, long pid);
int proc_show_oom_score_adj(struct seq_file *m, long pid);
int proc_write_oom_score_adj(long pid, const char *text, size_t n);

#endif
