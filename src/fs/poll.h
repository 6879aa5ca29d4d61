/* SPDX-License-Identifier: MIT */
/* The wait queues that a task waits on in poll(2) and its kin. */
#ifndef FS_POLL_H
#define FS_POLL_H

#include "sched/wait.h"

struct poll_entry {
	struct wait_queue_head *wq;
	struct wait_queue_entry wait;
};
struct poll_table {
	unsigned int nr;
	struct poll_entry *entries;
	unsigned int max;
};

/** poll_wait - The current task waits on @wq, too, if @pt (which may be NULL) collects queues. Context: task. */
void poll_wait(struct wait_queue_head *wq, struct poll_table *pt);

#endif
