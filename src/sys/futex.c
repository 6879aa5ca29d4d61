/* SPDX-License-Identifier: MIT */
/* Calls on futexes. */
#include "sys/sys.h"

#include "abi/futex.h"
#include "proc/access.h"

long sys_set_robust_list(struct pt_regs *r)
{
	if (r->a1 != 24)
		return -EINVAL;
	current->robust_list = (struct robust_list_head __user *)r->a0;
	return 0;
}

long sys_get_robust_list(struct pt_regs *r)
{
	struct task_struct *p = (int)r->a0 ? find_get_task_by_vpid(r->a0) : get_task_struct(current);
	u64 head, size = 24;

	if (!p)
		return -ESRCH;
	head = (__force u64)READ_ONCE(p->robust_list);
	if (!ptrace_may_access(p, PTRACE_MODE_READ_REALCREDS))
		size = 0;
	put_task_struct(p);
	if (!size)
		return -EPERM;
	return put_user(size, (u64 __user *)r->a2) || put_user(head, (u64 __user *)r->a1) ? -EFAULT : 0;
}

static u64 real_to_monotonic(u64 ns)
{
	u64 offset = ktime_get_real_ns() - ktime_get_ns();

	return ns > offset ? ns - offset : 0;
}

long sys_futex(struct pt_regs *r)
{
	int op = r->a1 & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
	u64 expires = KTIME_MAX, ns;

	/* Who waits has a time in a3: relative for WAIT, absolute for the others; LOCK_PI's is of the wall clock. */
	if (r->a3 && (op == FUTEX_WAIT || op == FUTEX_WAIT_BITSET || op == FUTEX_WAIT_REQUEUE_PI || op == FUTEX_LOCK_PI ||
		      op == FUTEX_LOCK_PI2)) {
		int err = get_timespec((void __user *)r->a3, &ns);

		if (err)
			return err;
		if (op == FUTEX_WAIT)
			expires = ktime_get_ns() + ns;
		else
			expires = (r->a1 & FUTEX_CLOCK_REALTIME) || op == FUTEX_LOCK_PI ? real_to_monotonic(ns) : ns;
	}
	return do_futex((u32 __user *)r->a0, r->a1, r->a2, expires, (u32 __user *)r->a4, r->a3, r->a5);
}
