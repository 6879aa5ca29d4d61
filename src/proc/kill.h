/* SPDX-License-Identifier: MIT */
/* Signals that a task sends, if it may. Ref: kill(2), tgkill(2), rt_sigqueueinfo(2). */
#ifndef PROC_KILL_H
#define PROC_KILL_H

#include "sched/task.h"

/** kill_pgrp_info - To each of a process group; NULL: from us, if we may. Context: tasklist_lock held. */
int kill_pgrp_info(int sig, const struct k_siginfo *info, struct pid *pgrp);
/** kill_pgrp - From the kernel, to each of a process group. Context: without tasklist_lock. */
void kill_pgrp(struct pid *pgrp, int sig);
/** group_send_sig - kill() of @p's process by the current task: -EPERM, or as send_sig_info(). Context: tasklist_lock held. */
int group_send_sig(int sig, struct task_struct *p);
/** do_kill - kill(2): @pid may be a process, 0 or a group's negative, -1 for all. 0, -EINVAL, -ESRCH, -EPERM. Context: task. */
int do_kill(int pid, int sig);
/** do_tkill - To thread @pid, which (@tgid positive) is to be of process @tgid. 0, -EINVAL, -ESRCH, -EPERM. Context: task. */
int do_tkill(int tgid, int pid, int sig);
/** do_sigqueue, do_tgsigqueue - With @info: to the process that @pid is of; to that thread of @tgid. -EAGAIN: too many wait. */
int do_sigqueue(int pid, int sig, const struct k_siginfo *info);
int do_tgsigqueue(int tgid, int pid, int sig, const struct k_siginfo *info);

#endif
