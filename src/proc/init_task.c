/* SPDX-License-Identifier: MIT */
/*
 * The idle tasks. That of the boot hart is the first task of all, and hands down the limits that hold until
 * somebody sets others.
 */
#include "proc/init_task.h"

#include <stdio.h>

#include "fs/fdtable.h"
#include "fs/fs_struct.h"
#include "proc/fork.h"
#include "proc/sigqueue.h"
#include "proc/task_struct.h"
#include "sched/sched.h"
#include "task/cred.h"
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

struct task_struct *__init fork_idle(unsigned int cpu)
{
	struct task_struct *p = dup_task_struct(&init_task);

	BUG_ON(!p);
	copy_creds(p);
	p->signal = &init_signals;
	p->sighand = &init_sighand;
	p->fs = init_task.fs;
	p->files = init_task.files;
	p->active_mm = &init_mm;
	p->group_leader = p->real_parent = p->parent = p;
	p->pids[PIDTYPE_PID] = &init_pid;
	p->flags &= ~PF_FORKNOEXEC;
	atomic_inc(&init_mm.mm_count);
	sched_init_idle(p, cpu);
	snprintf(p->comm, sizeof(p->comm), "swapper/%u", cpu);
	uncount_task();		/* it never ends */
	return p;
}
