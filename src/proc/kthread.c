/* SPDX-License-Identifier: MIT */
/*
 * Kernel threads: made by kthreadd (pid 2), which is asked through a list, so
 * that they descend from it whoever asks. Ref: Linux kernel/kthread.c.
 */
#include "proc/kthread.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "abi/clone.h"
#include "proc/exec.h"
#include "proc/exit.h"
#include "proc/fork.h"
#include "sched/affinity.h"
#include "sched/sched.h"
#include "sched/task.h"
#include "sched/wait.h"
#include "task/signal_struct.h"

struct kthread_create_info {
	TAILQ_ENTRY(kthread_create_info) list;
	int (*fn)(void *);
	void *data;
	char name[TASK_COMM_LEN];
	struct task_struct *result;	/* or ERR_PTR */
	struct completion done;
};

struct task_struct *kthreadd_task;
static DEFINE_SPINLOCK(create_lock, LOCK_KTHREAD);
static TAILQ_HEAD(, kthread_create_info) create_list __guarded_by(create_lock) =
	TAILQ_HEAD_INITIALIZER(create_list);

/* A new thread reports itself and waits for its first wake-up. */
static int kthread(void *arg)
{
	struct kthread_create_info *info = arg;
	int (*fn)(void *) = info->fn;
	void *data = info->data;

	memcpy(current->comm, info->name, sizeof(info->name));
	info->result = current;
	set_current_state(TASK_UNINTERRUPTIBLE);
	complete(&info->done);	/* info is gone after this */
	schedule();
	fn(data);
	do_exit(0);
}

int kthreadd(void *unused)
{
	(void)unused;
	set_task_comm(current, "kthreadd");
	/* Kernel threads ignore signals, and their ends are not waited for. */
	for (int i = 0; i < _NSIG; i++)
		current->sighand->action[i].handler = SIG_IGN;
	for (;;) {
		struct kthread_create_info *info;
		struct kernel_clone_args args = { .flags = CLONE_FS | CLONE_FILES, .fn = kthread, .exit_signal = SIGCHLD };
		int pid;

		set_current_state(TASK_INTERRUPTIBLE);
		spin_lock_irq(&create_lock);
		info = TAILQ_FIRST(&create_list);
		if (info)
			TAILQ_REMOVE(&create_list, info, list);
		spin_unlock_irq(&create_lock);
		if (!info) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		args.fn_arg = info;
		pid = kernel_clone(&args);
		if (pid < 0) {
			info->result = ERR_PTR(pid);
			complete(&info->done);
		}
	}
}

struct task_struct *kthread_create(int (*fn)(void *), void *data, const char *fmt, ...)
{
	struct kthread_create_info info = { .fn = fn, .data = data };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(info.name, sizeof(info.name), fmt, ap);
	va_end(ap);
	init_completion(&info.done);
	spin_lock_irq(&create_lock);
	TAILQ_INSERT_TAIL(&create_list, &info, list);
	spin_unlock_irq(&create_lock);
	wake_up_process(kthreadd_task);
	wait_for_completion(&info.done);
	return info.result;
}

void kthread_bind(struct task_struct *p, unsigned int cpu)
{
	sched_bind(p, cpu);
	p->flags |= PF_NO_SETAFFINITY;
}
