/* SPDX-License-Identifier: MIT */
/*
 * What a task is made of: the structure itself, with its kernel stack, and the one that the threads of a process share.
 * Ref: Linux kernel/fork.c.
 */
#include "proc/task_struct.h"

#include <string.h>

#include "proc/itimer.h"
#include "proc/sighand.h"
#include "proc/sigqueue.h"
#include "sched/fpu.h"
#include "sched/sched.h"
#include "sched/upcall.h"
#include "task/cred.h"
#include "task/pid.h"
#include "vm/kernel_stack.h"
#include "vm/slab.h"

static struct kmem_cache *task_cache, *signal_cache;
static atomic_long_t total_tasks;

void __init task_struct_init(void)
{
	task_cache = kmem_cache_create("task_struct", sizeof(struct task_struct));
	signal_cache = kmem_cache_create("signal_cache", sizeof(struct signal_struct));
	sighand_init();
}

unsigned long nr_tasks(void)
{
	return atomic_read(&total_tasks);
}

void uncount_task(void)
{
	atomic_dec(&total_tasks);
}

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

struct signal_struct *signal_struct_alloc(void)
{
	struct signal_struct *sig = kmem_cache_alloc(signal_cache, __GFP_ZERO);

	if (sig) {
		signal_struct_init(sig);
		itimer_init(sig);
	}
	return sig;
}

void signal_struct_free(struct signal_struct *sig)
{
	itimer_release(sig);
	kmem_cache_free(signal_cache, sig);
}

struct task_struct *dup_task_struct(struct task_struct *orig)
{
	struct task_struct *p = kmem_cache_alloc(task_cache, GFP_KERNEL);
	void *stack = p ? alloc_kernel_stack() : NULL;

	if (!stack) {
		if (p)
			kmem_cache_free(task_cache, p);
		return NULL;
	}
	if (!(orig->flags & PF_KTHREAD)) {
		preempt_disable();
		fpu_save(orig);
		preempt_enable();
	}
	memcpy(p, orig, sizeof(*p));
	p->stack = stack;
	p->thread_info = (struct thread_info){ .kernel_sp = (unsigned long)stack + THREAD_SIZE };
	atomic_set(&p->usage, 2);	/* the parent's wait, and the last switch */
	p->fail_nth = 0;
#if CONFIG_DEBUG
	p->held_locks.depth = 0;
#endif
	p->flags &= ~(PF_IDLE | PF_EXITING | PF_NPROC_EXCEEDED | PF_NO_SETAFFINITY);
	p->flags |= PF_FORKNOEXEC;
	p->exit_state = 0;
	p->files = NULL;
	p->fs = NULL;
	p->mm = p->active_mm = NULL;
	p->signal = NULL;
	p->sighand = NULL;
	p->vfork_done = NULL;
	p->robust_list = NULL;
	TAILQ_INIT(&p->pi_owned);
	p->pi_blocked_on = NULL;
	p->pi_exited = false;
	p->wake_q_next = NULL;
	p->clear_child_tid = NULL;
	p->restart.fn = NULL;
	p->restore_sigmask = false;
	p->jobctl = 0;
	p->utime = p->stime = 0;
	p->prev_cputime = (struct prev_cputime){ 0 };
	spin_lock_init(&p->prev_cputime.lock, LOCK_CPUTIME);
	p->min_flt = p->maj_flt = 0;
	p->exit_code = 0;
	p->pdeath_signal = 0;
	p->did_exec = false;
	p->exit_cgroup = -1;
	spin_lock_init(&p->alloc_lock, LOCK_ALLOC);
	init_sigpending(&p->pending);
	TAILQ_INIT(&p->children);
	atomic_inc(&total_tasks);
	return p;
}

void free_task(struct task_struct *p)
{
	free_kernel_stack(p->stack);
	kmem_cache_free(task_cache, p);
	atomic_dec(&total_tasks);
}

void __put_task_struct(struct task_struct *p)
{
	free_kernel_stack(p->stack);
	exit_creds(p);
	if (atomic_dec_and_test(&p->signal->sigcnt)) {
		put_pid(p->signal->leader_pid);
		signal_struct_free(p->signal);
	}
	kmem_cache_free(task_cache, p);
	atomic_dec(&total_tasks);
}
