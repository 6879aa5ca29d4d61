/* SPDX-License-Identifier: MIT */
#include "locks/locks_priv.h"

#include "smp/upcall.h"

#if CONFIG_DEBUG
bool task_holds_lock(const void *lock, bool write)
{
	return held_locks_have(&current->held_locks, lock, write);
}
#endif

void grant(struct lock_waiter *w)
{
	struct task_struct *p = w->task;

	get_task_struct(p);
	smp_store_release(&w->granted, true);	/* pairs with wait_granted() */
	wake_up_state(p, TASK_NORMAL);
	put_task_struct(p);
}

void wait_granted(struct lock_waiter *w)
{
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (smp_load_acquire(&w->granted))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}
