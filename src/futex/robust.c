/* SPDX-License-Identifier: MIT */
/*
 * Robust lists: a task keeps a list, in user memory, of the locks that it has. When it
 * ends, each that still names it is marked, and a waiter is woken.
 * Ref: get_robust_list(2); Linux kernel/futex/core.c, Documentation/locking/robust-futexes.rst.
 */
#include "futex/futex_priv.h"
#include "sched/task.h"
#include "vm/uaccess.h"

/* Entries that are looked at: a list may be endless. */
#define ROBUST_LIST_LIMIT 2048

/*
 * Mark one lock of a dead owner, and wake a waiter, unless it is a @pi lock, whose waiters are exit_pi_state()'s.
 * @pending: the list operation was under way. If the lock is not ours, we may have given it up without having sent the
 * wake-up, or the wake-up of another owner may have come to us: a waiter is woken in our place.
 * Return: 0, or -EFAULT: the list is not to be trusted any more.
 */
static int handle_futex_death(u64 uaddr, bool pi, bool pending)
{
	u32 __user *word = (__force u32 __user *)uaddr;
	u32 old, seen;

	if (uaddr & 3 || get_user(old, word))
		return -EFAULT;
	if (pending && !pi && (old & FUTEX_TID_MASK) != (u32)current->pid) {
		(void)!futex_wake(word, true, 1, ~0u);
		return 0;
	}
	for (; (old & FUTEX_TID_MASK) == (u32)current->pid; old = seen) {
		if (cmpxchg_user(word, old, (old & FUTEX_WAITERS) | FUTEX_OWNER_DIED, &seen))
			return -EFAULT;
		if (seen != old)
			continue;
		if (!pi && (old & FUTEX_WAITERS))
			(void)!futex_wake(word, true, 1, ~0u);
		break;
	}
	return 0;
}

void exit_robust_list(struct task_struct *p)
{
	struct robust_list_head head;
	u64 entry, next = 0;
	bool pi;

	if (copy_from_user(&head, p->robust_list, sizeof(head)))
		return;
	pi = head.list & 1;
	entry = head.list & ~1UL;
	for (int n = 0; n < ROBUST_LIST_LIMIT && entry != (__force u64)p->robust_list; n++) {
		/* The next entry is read first: a lock that is free may be freed, with its entry. */
		int err = get_user(next, (u64 __user *)entry);

		if (entry != (head.list_op_pending & ~1UL) && handle_futex_death(entry + head.futex_offset, pi, false))
			return;
		if (err)
			return;
		pi = next & 1;
		entry = next & ~1UL;
	}
	if (head.list_op_pending & ~1UL)
		(void)handle_futex_death((head.list_op_pending & ~1UL) + head.futex_offset, head.list_op_pending & 1, true);
}
