/* SPDX-License-Identifier: MIT */
/* Calls that make a task. */
#include "sys/sys.h"

#include "abi/clone.h"
#include "proc/fork.h"
#include "vm/uaccess.h"

long sys_clone(unsigned long clone_flags, unsigned long newsp, int __user *parent_tidptr, unsigned long tls,
	       int __user *child_tidptr)
{
	struct kernel_clone_args args = {
		.flags = (u32)clone_flags & ~0xffUL, .exit_signal = clone_flags & 0xff, .stack = newsp,
		.parent_tid = parent_tidptr, .tls = tls, .child_tid = child_tidptr,
	};

	return kernel_clone(&args);
}

struct k_clone_args {
	u64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

long sys_clone3(const struct k_clone_args __user *uargs, size_t size)
{
	struct k_clone_args u = { 0 };
	struct kernel_clone_args args;

	if (size < 64)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	if (copy_from_user(&u, uargs, min(size, sizeof(u))))
		return -EFAULT;
	for (size_t at = sizeof(u); at < size; at++) {
		char c;

		if (get_user(c, (const char __user *)uargs + at))
			return -EFAULT;
		if (c)
			return -E2BIG;
	}
	if (u.set_tid || u.set_tid_size || u.cgroup || u.exit_signal > _NSIG || (u.flags & 0xff) ||
	    (u.stack && !u.stack_size) || (!u.stack && u.stack_size) ||
	    ((u.flags & (CLONE_THREAD | CLONE_PARENT)) && u.exit_signal))
		return -EINVAL;
	args = (struct kernel_clone_args){
		.flags = u.flags, .exit_signal = (int)u.exit_signal, .stack = u.stack ? u.stack + u.stack_size : 0,
		.parent_tid = (int __user *)u.parent_tid, .child_tid = (int __user *)u.child_tid, .tls = u.tls,
	};
	return kernel_clone(&args);
}

long sys_set_tid_address(int __user *tidptr)
{
	current->clear_child_tid = tidptr;
	return current->pid;
}
