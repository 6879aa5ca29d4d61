/* SPDX-License-Identifier: MIT */
/* Owners and permissions of the files of /proc/PID. Ref: Linux fs/proc/base.c. */
#include "pseudofs/proc_access.h"

#include "abi/fs.h"
#include "lib/err.h"
#include "task/access.h"
#include "task/cred.h"
#include "vm/mm.h"

void task_dump_owner(struct task_struct *p, u32 mode, u32 *uid, u32 *gid)
{
	const struct cred *c = get_task_cred(p);
	bool own;

	spin_lock(&p->alloc_lock);
	own = mode == (S_IFDIR | 0555) || (p->mm && READ_ONCE(p->mm->dumpable));
	spin_unlock(&p->alloc_lock);
	own = own && !(p->flags & PF_KTHREAD);
	*uid = own ? c->euid : 0;
	*gid = own ? c->egid : 0;
	put_cred(c);
}

void proc_owner_of_task(long pid, u32 mode, u32 *uid, u32 *gid)
{
	struct task_struct *p = get_proc_task(pid);

	if (p) {
		task_dump_owner(p, mode, uid, gid);
		put_task_struct(p);
	}
}

/* May the current task open a file that shows memory? It is asked again when it reads: the process may run another program by then. */
int proc_permission_to_look(long pid, int mask, int err)
{
	struct task_struct *p;

	if (err || !(mask & 4))
		return err;
	p = get_proc_task(pid);
	if (!p)
		return -ESRCH;
	err = ptrace_may_access(p, PTRACE_MODE_READ_FSCREDS) ? 0 : -EACCES;
	put_task_struct(p);
	return err;
}

/* Its own a process may use, whatever it runs as. */
int proc_permission_fd(long pid, int mask, int err)
{
	struct task_struct *p;

	(void)mask;
	if (!err)
		return 0;
	p = get_proc_task(pid);
	if (p && p->signal == current->signal)
		err = 0;
	if (p)
		put_task_struct(p);
	return err;
}
