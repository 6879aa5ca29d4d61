/* SPDX-License-Identifier: MIT */
/* Calls on limits, and on what has been used. */
#include "sys/sys.h"

static long prlimit(int nr, unsigned int which, unsigned long new, unsigned long old)
{
	struct rlimit64 n, o;
	struct task_struct *p;
	long err;

	if (new && copy_from_user(&n, (void __user *)new, sizeof(n)))
		return -EFAULT;
	p = nr ? find_get_task_by_vpid(nr) : get_task_struct(current);
	if (!p)
		return -ESRCH;
	err = check_prlimit_permission(p);
	if (!err)
		err = do_prlimit(p, which, new ? &n : NULL, &o);
	put_task_struct(p);
	return !err && old && copy_to_user((void __user *)old, &o, sizeof(o)) ? -EFAULT : err;
}

long sys_prlimit64(struct pt_regs *r)
{
	return prlimit(r->a0, r->a1, r->a2, r->a3);
}

long sys_getrlimit(struct pt_regs *r)
{
	return r->a1 ? prlimit(0, r->a0, 0, r->a1) : -EFAULT;
}

long sys_setrlimit(struct pt_regs *r)
{
	return r->a1 ? prlimit(0, r->a0, r->a1, 0) : -EFAULT;
}

long sys_getrusage(struct pt_regs *r)
{
	int who = r->a0;
	struct k_rusage ru;

	if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD)
		return -EINVAL;
	read_lock(&tasklist_lock);
	getrusage(current, who, &ru);
	read_unlock(&tasklist_lock);
	return copy_to_user((void __user *)r->a1, &ru, sizeof(ru)) ? -EFAULT : 0;
}

long sys_times(struct pt_regs *r)
{
	u64 t[4];

	if (r->a0) {
		read_lock(&tasklist_lock);
		task_group_times(current, &t[0], &t[1]);
		read_unlock(&tasklist_lock);
		t[2] = current->signal->cutime;
		t[3] = current->signal->cstime;
		for (int i = 0; i < 4; i++)
			t[i] /= TICK_NSEC;
		if (copy_to_user((void __user *)r->a0, t, sizeof(t)))
			return -EFAULT;
	}
	return ktime_get_ns() / TICK_NSEC;
}
