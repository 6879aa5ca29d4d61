/* SPDX-License-Identifier: MIT */
/* Who may look into another's process. */
#ifndef PROC_ACCESS_H
#define PROC_ACCESS_H

#include "task/pid.h"

struct mm_struct;

enum ptrace_mode { PTRACE_MODE_READ_FSCREDS, PTRACE_MODE_READ_REALCREDS };
/**
 * ptrace_may_access - May the current task, by its ids for files or by its real ones, look into @p? Whoever runs as another,
 * or did so and has not made a new program of itself since, is for the capable alone. Context: task.
 */
bool ptrace_may_access(struct task_struct *p, enum ptrace_mode mode);
/** mm_access - @p's address space with a reference; NULL: it has none; or ERR_PTR(-EACCES). Context: task. */
struct mm_struct *mm_access(struct task_struct *p);
/** task_dump_owner - Whose @p's file of @mode in /proc is. Context: task. */
void task_dump_owner(struct task_struct *p, u32 mode, u32 *uid, u32 *gid);

/* A thread's files are a process's; where figures are summed over a group, this says that one thread's are meant. */
#define ONE_THREAD (1L << 32)
/** get_proc_task - The task that a file of /proc/PID stands for, with a reference; NULL: it is gone. Takes tasklist_lock. */
static inline struct task_struct *get_proc_task(long id)
{
	return find_get_task_by_vpid((int)id);
}

/** proc_owner_of_task, proc_owner_of_fd - proc_entry.owner, of files of /proc/PID, and of links in its fd. */
void proc_owner_of_task(long pid, u32 mode, u32 *uid, u32 *gid);
void proc_owner_of_fd(long data, u32 mode, u32 *uid, u32 *gid);
/** proc_permission_to_look, proc_permission_fd - proc_entry.permission, of what shows memory, and of the folder fd. */
int proc_permission_to_look(long pid, int mask, int err);
int proc_permission_fd(long pid, int mask, int err);

#endif
