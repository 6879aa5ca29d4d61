/* SPDX-License-Identifier: MIT */
/* perf_event_open(2). */
#include "sys/sys.h"

#include <string.h>

#include "events/event.h"
#include "fs/fdtable.h"
#include "fs/file.h"
#include "task/access.h"
#include "task/cred.h"
#include "task/pid.h"
#include "vm/slab.h"

/* What is longer than we know must be zero there, as for every structure that grows. */
static int copy_attr(struct perf_event_attr *attr, struct perf_event_attr __user *user)
{
	u32 size;

	if (get_user(size, &user->size))
		return -EFAULT;
	size = size ? size : PERF_ATTR_SIZE_VER0;
	if (size < PERF_ATTR_SIZE_VER0 || size > PAGE_SIZE)
		goto too_big;
	for (u32 i = sizeof(*attr); i < size; i++) {
		u8 c;

		if (get_user(c, (u8 __user *)user + i))
			return -EFAULT;
		if (c)
			goto too_big;
	}
	memset(attr, 0, sizeof(*attr));
	return copy_from_user(attr, user, min((size_t)size, sizeof(*attr))) ? -EFAULT : 0;
too_big:
	return put_user((u32)sizeof(*attr), &user->size) ? -EFAULT : -E2BIG;
}

static bool perfmon_capable(void)
{
	return capable(CAP_PERFMON) || capable(CAP_SYS_ADMIN);
}

/* Ref: Linux Documentation/admin-guide/sysctl/kernel.rst, perf_event_paranoid. */
static int may_count(const struct perf_event_attr *attr, struct task_struct *p)
{
	s64 paranoid = READ_ONCE(sysctl_perf_event_paranoid);

	if (perfmon_capable())
		return 0;
	if ((paranoid > 0 && !p) || (paranoid > 1 && !(attr->flags & PERF_ATTR_EXCLUDE_KERNEL)))
		return -EACCES;
	return !p || ptrace_may_access(p, PTRACE_MODE_READ_REALCREDS) ? 0 : -EACCES;
}

static long open_event(const struct perf_event_attr *attr, struct task_struct *p, int cpu, struct file *group, unsigned long flags)
{
	struct perf_event *leader = group ? perf_event_of(group) : NULL, *e;
	struct file *f;
	int fd, err;

	if (group && !leader)
		return -EBADF;
	e = perf_event_create(attr, p, cpu, flags & PERF_FLAG_FD_NO_GROUP ? NULL : leader);
	if (IS_ERR(e))
		return PTR_ERR(e);
	/* Once more: a program that is not ours to look into may have begun, see perf_event_exec(). */
	err = may_count(attr, p);
	if (err) {
		perf_event_release(e);
		return err;
	}
	f = perf_event_file(e);
	if (IS_ERR(f)) {
		perf_event_release(e);
		return PTR_ERR(f);
	}
	fd = fd_install_new(current->files, f, 0, flags & PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		fput(f);
	return fd;
}

long sys_perf_event_open(struct perf_event_attr __user *attr_uptr, int pid, int cpu, int group_fd, unsigned long flags)
{
	struct perf_event_attr attr;
	struct task_struct *p = NULL;
	struct file *group = NULL;
	long err;

	/* Control groups count nothing here, and no event writes to another's buffer. */
	if (flags & ~(PERF_FLAG_FD_NO_GROUP | PERF_FLAG_FD_CLOEXEC))
		return -EINVAL;
	err = copy_attr(&attr, attr_uptr);
	if (err)
		return err;
	if (pid < -1 || cpu < -1 || (pid == -1 && cpu == -1))
		return pid < -1 ? -ESRCH : -EINVAL;
	if (pid != -1) {
		p = pid ? find_get_task_by_vpid(pid) : get_task_struct(current);
		if (!p)
			return -ESRCH;
	}
	err = may_count(&attr, p);
	if (!err && group_fd != -1) {
		group = fget(group_fd);
		err = group ? 0 : -EBADF;
	}
	if (!err)
		err = open_event(&attr, p, cpu, group, flags);
	if (group)
		fput(group);
	if (p)
		put_task_struct(p);
	return err;
}
