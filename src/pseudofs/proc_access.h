/* SPDX-License-Identifier: MIT */
/* The task behind a file of /proc/PID, and who may open that. */
#ifndef PSEUDOFS_PROC_ACCESS_H
#define PSEUDOFS_PROC_ACCESS_H

#include "task/pid.h"

/** task_dump_owner - Whose @p's file of @mode in /proc is. Context: task. */
void task_dump_owner(struct task_struct *p, u32 mode, u32 *uid, u32 *gid);

/* A thread's files are a process's; where figures are summed over a group, this says that one thread's are meant. */
#define ONE_THREAD (1L << 32)
/** get_proc_task - The task that a file of /proc/PID stands for, with a reference; NULL: it is gone. Takes tasklist_lock. */
static inline struct task_struct *get_proc_task(long id)
{
	return find_get_task_by_vpid((int)id);
}

/** proc_owner_of_task - proc_entry.owner of files of /proc/PID. */
void proc_owner_of_task(long pid, u32 mode, u32 *uid, u32 *gid);
/** proc_permission_to_look, proc_permission_fd - proc_entry.permission, of files that show memory, and of the directory fd. */
int proc_permission_to_look(long pid, int mask, int err);
int proc_permission_fd(long pid, int mask, int err);

#endif
