/* SPDX-License-Identifier: MIT */
/* Calls on limits, and on what has been used. */
#include "sys/sys.h"

#include "proc/prlimit.h"
#include "task/cputime.h"
#include "task/pid.h"
#include "task/signal_struct.h"
#include "time/tick.h"
#include "vm/uaccess.h"

static long prlimit(int nr, unsigned int which, const struct rlimit64 __user *new,
		    struct rlimit64 __user *old)
{
	struct rlimit64 n, o;
	struct task_struct *p;
	long err;

	if (new && copy_from_user(&n, new, sizeof(n)))
		return -EFAULT;
	p = nr ? find_get_task_by_vpid(nr) : get_task_struct(current);
	if (!p)
		return -ESRCH;
	err = check_prlimit_permission(p);
	if (!err)
		err = do_prlimit(p, which, new ? &n : NULL, &o);
	put_task_struct(p);
	return !err && old && copy_to_user(old, &o, sizeof(o)) ? -EFAULT : err;
}

long sys_prlimit64(int pid, unsigned int resource, const struct rlimit64 __user *new_rlim, struct rlimit64 __user *old_rlim)
{
	return prlimit(pid, resource, new_rlim, old_rlim);
}

long sys_getrlimit(unsigned int resource, struct rlimit64 __user *rlim)
{
	return rlim ? prlimit(0, resource, NULL, rlim) : -EFAULT;
}

long sys_setrlimit(unsigned int resource, const struct rlimit64 __user *rlim)
{
	return rlim ? prlimit(0, resource, rlim, NULL) : -EFAULT;
}

long sys_getrusage(int who, struct k_rusage __user *ru)
{
	struct k_rusage usage;

	if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD)
		return -EINVAL;
	read_lock(&tasklist_lock);
	getrusage(current, who, &usage);
	read_unlock(&tasklist_lock);
	return copy_to_user(ru, &usage, sizeof(usage)) ? -EFAULT : 0;
}

long sys_times(long __user *tbuf)
{
	u64 t[4];

	if (tbuf) {
		read_lock(&tasklist_lock);
		task_group_times(current, &t[0], &t[1]);
		read_unlock(&tasklist_lock);
		t[2] = current->signal->cutime;
		t[3] = current->signal->cstime;
		for (int i = 0; i < 4; i++)
			t[i] /= TICK_NSEC;
		if (copy_to_user(tbuf, t, sizeof(t)))
			return -EFAULT;
	}
	return ktime_get_ns() / TICK_NSEC;
}
