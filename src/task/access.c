/* SPDX-License-Identifier: MIT */
/*
 * May a task look into another process: read its memory, see where it lies, count
 * what it does? A task that has all its ids may, unless the process is not
 * "dumpable": it runs, or has run since its last exec, by other rights than the
 * task that started it, and may know or hold what that may not.
 * Ref: Linux kernel/ptrace.c, fs/proc/base.c.
 */
#include "task/access.h"

#include "abi/fs.h"
#include "lib/err.h"
#include "task/cred.h"
#include "vm/mm.h"

/* Ref: Linux __ptrace_may_access(), cap_ptrace_access_check(). */
bool ptrace_may_access(struct task_struct *p, enum ptrace_mode mode)
{
	const struct cred *c = current_cred(), *t;
	bool fs = mode == PTRACE_MODE_READ_FSCREDS, same, dumpable;
	u32 uid = fs ? c->fsuid : c->uid, gid = fs ? c->fsgid : c->gid;
	u64 caps = fs ? c->cap_effective : c->cap_permitted;

	if (p->signal == current->signal || capable(CAP_SYS_PTRACE))
		return true;
	t = get_task_cred(p);
	same = uid == t->uid && uid == t->euid && uid == t->suid && gid == t->gid && gid == t->egid && gid == t->sgid &&
	       !(t->cap_permitted & ~caps);
	put_cred(t);
	/* After its credentials: exec changes them before the new program's memory may be looked into. */
	spin_lock(&p->alloc_lock);
	dumpable = !p->mm || READ_ONCE(p->mm->dumpable);
	spin_unlock(&p->alloc_lock);
	return same && dumpable;
}

struct mm_struct *mm_access(struct task_struct *p)
{
	struct mm_struct *mm = get_task_mm(p);

	if (!mm || mm == current->mm || ptrace_may_access(p, PTRACE_MODE_READ_FSCREDS))
		return mm;
	mmput(mm);
	return ERR_PTR(-EACCES);
}
