/* SPDX-License-Identifier: MIT */
/* Calls on futexes. */
#include "sys/sys.h"

#include "abi/futex.h"
#include "futex/futex.h"
#include "sys/timespec.h"
#include "task/access.h"
#include "task/pid.h"
#include "time/clock.h"
#include "vm/uaccess.h"

long sys_set_robust_list(struct robust_list_head __user *head, size_t len)
{
	if (len != sizeof(*head))
		return -EINVAL;
	current->robust_list = head;
	return 0;
}

long sys_get_robust_list(int pid, struct robust_list_head __user *__user *head_ptr, size_t __user *len_ptr)
{
	struct task_struct *p = pid ? find_get_task_by_vpid(pid) : get_task_struct(current);
	struct robust_list_head __user *head;
	bool allowed;

	if (!p)
		return -ESRCH;
	head = READ_ONCE(p->robust_list);
	allowed = ptrace_may_access(p, PTRACE_MODE_READ_REALCREDS);
	put_task_struct(p);
	if (!allowed)
		return -EPERM;
	return put_user(sizeof(*head), len_ptr) || put_user(head, head_ptr) ? -EFAULT : 0;
}

static u64 real_to_monotonic(u64 ns)
{
	u64 offset = ktime_get_real_ns() - ktime_get_ns();

	return ns > offset ? ns - offset : 0;
}

static bool futex_waits(int cmd)
{
	return cmd == FUTEX_WAIT || cmd == FUTEX_WAIT_BITSET || cmd == FUTEX_WAIT_REQUEUE_PI || cmd == FUTEX_LOCK_PI ||
	       cmd == FUTEX_LOCK_PI2;
}

/* Of FUTEX_WAIT the time is a relative one, of the others it is not; FUTEX_LOCK_PI's is of the wall clock. */
static int futex_expires(int op, const struct k_timespec __user *utime, u64 *expires)
{
	int cmd = op & FUTEX_CMD_MASK, err = get_timespec(utime, expires);

	if (err)
		return err;
	if (cmd == FUTEX_WAIT)
		*expires += ktime_get_ns();
	else if ((op & FUTEX_CLOCK_REALTIME) || cmd == FUTEX_LOCK_PI)
		*expires = real_to_monotonic(*expires);
	return 0;
}

long sys_futex(u32 __user *uaddr, int op, u32 val, const struct k_timespec __user *utime, u32 __user *uaddr2, u32 val3)
{
	u64 expires = KTIME_MAX;
	int err = 0;

	/* A call that does not wait has a number where the others have a time. */
	if (utime && futex_waits(op & FUTEX_CMD_MASK))
		err = futex_expires(op, utime, &expires);
	return err ? err : do_futex(uaddr, op, val, expires, uaddr2, (u32)(__force unsigned long)utime, val3);
}
