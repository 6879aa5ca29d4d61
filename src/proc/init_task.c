/* SPDX-License-Identifier: MIT */
/*
 * The first task of all, which is the idle task of the boot hart, and what it hands down: the limits that hold
 * until somebody sets others.
 */
#include "proc/init_task.h"

#include "fs/fdtable.h"
#include "fs/fs_struct.h"
#include <stdio.h>
#include "proc/fork.h"
#include "proc/sigqueue.h"
#include "task/signal_struct.h"
#include "vm/mm.h"
#include "vm/page_alloc.h"

#define MIN_THREADS 64

struct task_struct init_task = {
	.comm = "swapper/0",
	.active_mm = &init_mm,
	.group_leader = &init_task,
	.real_parent = &init_task,
	.exit_cgroup = -1,
	.parent = &init_task,
	.children = TAILQ_HEAD_INITIALIZER(init_task.children),
	.alloc_lock = SPIN_LOCK_INIT(LOCK_ALLOC),
	.cred_lock = SPIN_LOCK_INIT(LOCK_CRED),
};
struct signal_struct init_signals;
struct sighand_struct init_sighand = { .count = ATOMIC_INIT(1), .siglock = SPIN_LOCK_INIT(LOCK_SIGHAND) };
struct pid init_pid = { .count = ATOMIC_INIT(1) };

void signal_struct_init(struct signal_struct *sig)
{
	atomic_set(&sig->sigcnt, 1);
	sig->live = 1;
	sig->nr_threads = 1;
	TAILQ_INIT(&sig->threads);
	spin_lock_init(&sig->rlim_lock, LOCK_RLIMIT);
	spin_lock_init(&sig->prev_cputime.lock, LOCK_CPUTIME);
	init_waitqueue_head(&sig->wait_chldexit);
	init_sigpending(&sig->shared_pending);
	mutex_init(&sig->cred_guard_mutex, LOCK_CRED_GUARD);
}

static void __init init_limits(struct rlimit64 *rlim)
{
	for (int i = 0; i < RLIM_NLIMITS; i++)
		rlim[i] = (struct rlimit64){ RLIM_INFINITY, RLIM_INFINITY };
	rlim[RLIMIT_STACK].cur = 8 << 20;
	rlim[RLIMIT_CORE].cur = 0;
	rlim[RLIMIT_NICE] = rlim[RLIMIT_RTPRIO] = (struct rlimit64){ 0, 0 };
	rlim[RLIMIT_NOFILE] = (struct rlimit64){ 1024, 4096 };
	rlim[RLIMIT_MEMLOCK] = (struct rlimit64){ 8 << 20, 8 << 20 };
	/* As many as there are threads in half of what Linux lets stacks take, an eighth of all memory. */
	rlim[RLIMIT_SIGPENDING].cur = rlim[RLIMIT_SIGPENDING].max =
		totalram_pages() / (THREAD_SIZE / PAGE_SIZE) / 8 / 2;
	/* The kernel's part of them takes an eighth of memory at most; a user has half of that. */
	sysctl_threads_max = max(totalram_pages() * PAGE_SIZE / (8 * THREAD_SIZE), (u64)MIN_THREADS);
	rlim[RLIMIT_NPROC] = (struct rlimit64){ sysctl_threads_max / 2, sysctl_threads_max / 2 };
}

void __init init_task_init(void)
{
	extern char init_stack[];

	init_task.stack = init_stack;
	init_task.signal = &init_signals;
	init_task.sighand = &init_sighand;
	signal_struct_init(&init_signals);
	init_limits(init_signals.rlim);
	init_sigpending(&init_task.pending);
	for (int t = 0; t < PIDTYPES; t++) {
		LIST_INIT(&init_pid.tasks[t]);
		init_task.pids[t] = &init_pid;
	}
	init_task.fs = fs_alloc();
	init_task.files = files_alloc();
	BUG_ON(!init_task.fs || !init_task.files);
}
