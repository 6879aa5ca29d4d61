/* SPDX-License-Identifier: MIT */
/* Calls that make a task. */
#include "sys/sys.h"

long sys_clone(struct pt_regs *r)
{
	struct kernel_clone_args args = {
		.flags = (u32)r->a0 & ~0xffUL, .exit_signal = r->a0 & 0xff, .stack = r->a1,
		.parent_tid = (int __user *)r->a2, .tls = r->a3, .child_tid = (int __user *)r->a4,
	};

	return kernel_clone(&args);
}

struct k_clone_args {
	u64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

long sys_clone3(struct pt_regs *r)
{
	struct k_clone_args u = { 0 };
	struct kernel_clone_args args;
	size_t size = r->a1;

	if (size < 64)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	if (copy_from_user(&u, (void __user *)r->a0, min(size, sizeof(u))))
		return -EFAULT;
	for (size_t at = sizeof(u); at < size; at++) {
		char c;

		if (get_user(c, (char __user *)r->a0 + at))
			return -EFAULT;
		if (c)
			return -E2BIG;
	}
	if (u.set_tid || u.set_tid_size || u.cgroup || u.exit_signal > _NSIG || (u.flags & 0xff) ||
	    (u.stack && !u.stack_size) || (!u.stack && u.stack_size) ||
	    ((u.flags & (CLONE_THREAD | CLONE_PARENT)) && u.exit_signal))
		return -EINVAL;
	args = (struct kernel_clone_args){
		.flags = u.flags, .exit_signal = u.exit_signal, .stack = u.stack ? u.stack + u.stack_size : 0,
		.parent_tid = (int __user *)u.parent_tid, .child_tid = (int __user *)u.child_tid, .tls = u.tls,
	};
	return kernel_clone(&args);
}

long sys_set_tid_address(struct pt_regs *r)
{
	current->clear_child_tid = (int __user *)r->a0;
	return current->pid;
}
