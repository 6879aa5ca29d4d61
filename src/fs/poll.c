/* SPDX-License-Identifier: MIT */
#include "fs/poll.h"

#include "sched/sched.h"

void poll_wait(struct wait_queue_head *wq, struct poll_table *pt)
{
	struct poll_entry *e;

	if (!pt)
		return;
	BUG_ON(pt->nr == pt->max);	/* no file has more than two */
	e = &pt->entries[pt->nr++];
	*e = (struct poll_entry){ .wq = wq, .wait = { .task = current } };
	prepare_to_wait(wq, &e->wait, TASK_INTERRUPTIBLE);
}
