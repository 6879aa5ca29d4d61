/* SPDX-License-Identifier: MIT */
/* Credentials: what a task may do. cred.c says who reads them how. Ref: Linux kernel/cred.c. */
#ifndef TASK_CRED_H
#define TASK_CRED_H

#include "abi/capability.h"
#include "sched/task.h"

struct user_struct;

struct cred {
	atomic_t usage;
	u32 uid, gid, suid, sgid, euid, egid, fsuid, fsgid;
	u64 cap_effective, cap_permitted, cap_inheritable;
	struct user_struct *user;	/* of uid; a reference */
	u32 ngroups;
	u32 groups[32];
};

/** capable - Does the current task act with capability @cap, CAP_*? Context: any but interrupts. */
bool capable(int cap);
/** prepare_creds - A copy of the current task's, to be changed and given to commit_creds() or put_cred(); or NULL. Context: task. */
struct cred *prepare_creds(void) __must_check;
/** set_cred_user - @new's real user id becomes @uid. Return: 0, or -ENOMEM and nothing changed. Context: task. */
int set_cred_user(struct cred *new, u32 uid) __must_check;
/** commit_creds - They are the current task's, which counts as its new user's. Takes over the reference. Context: task. */
void commit_creds(struct cred *new);
/**
 * override_creds - The current task acts by @new, which the caller keeps, until what this returns is given to revert_creds().
 * Others do not see it. Context: task.
 */
const struct cred *override_creds(const struct cred *new) __must_check;
static inline void revert_creds(const struct cred *old)
{
	(void)!override_creds(old);
}
/**
 * copy_creds - @p, a copy of the current task's structure, refers to its credentials, too. exit_creds - It does no more.
 * Context: nobody else sees @p.
 */
void copy_creds(struct task_struct *p);
void exit_creds(struct task_struct *p);
/** put_cred, get_cred - A reference less, or more. Context: any. */
void put_cred(const struct cred *c);
static inline const struct cred *get_cred(const struct cred *c)
{
	atomic_inc(&((struct cred *)c)->usage);
	return c;
}
/** get_task_cred - What others see of @p's, with a reference. task_uid - Its real user id. Context: any. */
const struct cred *get_task_cred(struct task_struct *p);
u32 task_uid(struct task_struct *p);
/** get_task_user - @p's real user, with a reference. Context: any. */
struct user_struct *get_task_user(struct task_struct *p);
/** creds_differ - Does a task that goes from @old to @new get rights, or other ones, over files and tasks? Context: any. */
bool creds_differ(const struct cred *old, const struct cred *new);
/** uncharge_process - @p, dead, counts no more as one of its user's. Context: task. */
void uncharge_process(struct task_struct *p);
/** proc_permission - May the current task access an object of @mode, @uid, @gid as @mask says? 0 or -EACCES. Context: task. */
int proc_permission(u32 mode, u32 uid, u32 gid, int mask);
/** proc_fs_ids - Owner of what the current task creates. Context: task. */
void proc_fs_ids(u32 *uid, u32 *gid);
/** proc_may_change - Does the current task own an object of @uid, or is it privileged? Context: task. */
bool proc_may_change(u32 uid);
/** proc_in_group - Is the current task, as files see it, of group @gid? Context: task. */
bool proc_in_group(u32 gid);
/** proc_fs_capable - Do owners and modes of files not bind the current task? Context: task. */
bool proc_fs_capable(void);
/** proc_get_user - Whose limits bind the current task, with a reference. Context: task. */
struct user_struct *proc_get_user(void);
/** proc_is_administrator - Do limits of users not bind the current task: CAP_SYS_ADMIN or CAP_SYS_RESOURCE? Context: any. */
bool proc_is_administrator(void);
/** cred_init - The cache of struct cred, and init_task's own. Context: boot. */
void cred_init(void);
#define current_cred() (current->cred)	/* what it acts by */
#define current_euid() (current_cred()->euid)

#endif
