/* SPDX-License-Identifier: MIT */
/*
 * kernel_clone: every step may fail, and is undone in reverse when a later one
 * does; the commit at the end, under tasklist_lock, cannot. Ref: Linux kernel/fork.c.
 */
#include "proc/fork.h"

#include <string.h>

#include "abi/clone.h"
#include "events/event.h"
#include "fs/fdtable.h"
#include "fs/fs_struct.h"
#include "fs/upcall.h"
#include "futex/futex.h"
#include "proc/itimer.h"
#include "proc/oom.h"
#include "proc/sighand.h"
#include "proc/signal.h"
#include "proc/task_struct.h"
#include "sched/asm.h"
#include "sched/fpu.h"
#include "sched/group.h"
#include "sched/sched.h"
#include "sched/upcall.h"
#include "sched/wait.h"
#include "task/cred.h"
#include "task/pid.h"
#include "task/rlimit.h"
#include "task/signal_struct.h"
#include "task/user.h"
#include "vm/mm.h"
#include "vm/uaccess.h"

static atomic_long_t total_forks;
u64 sysctl_threads_max;

unsigned long nr_forks(void)
{
	return atomic_read(&total_forks);
}

/* Namespaces, tracing, and what tells of a child by a descriptor, or puts it into a control group. */
#define CLONE_UNSUPPORTED (CLONE_NEWTIME | CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | \
	CLONE_NEWNET | CLONE_PTRACE | CLONE_PIDFD | CLONE_INTO_CGROUP)

static __named int copy_files(u64 flags, struct task_struct *p)
{
	struct files_struct *old = current->files;

	if (flags & CLONE_FILES) {
		atomic_inc(&old->count);
		p->files = old;
		return 0;
	}
	p->files = dup_files(old);
	return p->files ? 0 : -ENOMEM;
}

static __named int copy_fs(u64 flags, struct task_struct *p)
{
	if (flags & CLONE_FS) {
		atomic_inc(&current->fs->count);
		p->fs = current->fs;
		return 0;
	}
	p->fs = dup_fs(current->fs);
	return p->fs ? 0 : -ENOMEM;
}

static __named int copy_sighand(u64 flags, struct task_struct *p)
{
	struct sighand_struct *sh;

	if (flags & CLONE_SIGHAND) {
		atomic_inc(&current->sighand->count);
		p->sighand = current->sighand;
		return 0;
	}
	sh = sighand_dup(current->sighand);
	if (!sh)
		return -ENOMEM;
	if (flags & CLONE_CLEAR_SIGHAND)
		for (int i = 0; i < _NSIG; i++)
			if (sh->action[i].handler != SIG_IGN)
				sh->action[i] = (struct k_sigaction){ 0 };
	p->sighand = sh;
	return 0;
}

static __named int copy_signal(u64 flags, struct task_struct *p)
{
	struct signal_struct *sig;

	if (flags & CLONE_THREAD) {
		p->signal = current->signal;	/* counted at the commit */
		return 0;
	}
	sig = signal_struct_alloc();
	if (!sig)
		return -ENOMEM;
	copy_rlimits(sig, current->signal);
	rlimit_cpu_changed(sig);
	sig->oom_score_adj = current->signal->oom_score_adj;
	sig->oom_score_adj_min = current->signal->oom_score_adj_min;
	p->signal = sig;
	return 0;
}

static __named int copy_mm(u64 flags, struct task_struct *p)
{
	struct mm_struct *mm = current->mm;

	if (!mm)
		return 0;	/* a kernel thread's child borrows */
	if (flags & CLONE_VM)
		mmget(mm);
	else
		mm = dup_mm(mm);
	p->mm = p->active_mm = mm;
	return mm ? 0 : -ENOMEM;
}

/* In the child, before it first reaches user mode. */
static int set_child_tid(void *uaddr)
{
	(void)!put_user(current->pid, (__force int __user *)uaddr);	/* as on Linux */
	return 0;
}

static __named void copy_thread(struct task_struct *p, const struct kernel_clone_args *args)
{
	struct pt_regs *regs = task_pt_regs(p);

	memset(&p->thread.ra, 0, offsetof(struct thread_struct, fp));
	p->thread.ra = (unsigned long)ret_from_fork;
	p->thread.sp = (unsigned long)regs;
	if (args->fn) {
		memset(regs, 0, sizeof(*regs));
		memset(&p->thread.fp, 0, sizeof(p->thread.fp));
		regs->status = SR_SPP | SR_SPIE;
		p->flags |= PF_KTHREAD;
		p->thread.s[0] = (unsigned long)args->fn;
		p->thread.s[1] = (unsigned long)args->fn_arg;
		return;
	}
	if ((args->flags & (CLONE_VM | CLONE_VFORK)) == CLONE_VM) {
		/* Two tasks in one address space cannot share an alternate signal stack. */
		p->sas_ss_sp = p->sas_ss_size = 0;
		p->sas_ss_flags = SS_DISABLE;
	}
	*regs = *task_pt_regs(current);
	regs->a0 = 0;
	if (args->stack)
		regs->sp = args->stack;
	if (args->flags & CLONE_SETTLS)
		regs->tp = args->tls;
	if (args->flags & CLONE_CHILD_SETTID && args->child_tid) {
		p->thread.s[0] = (unsigned long)set_child_tid;
		p->thread.s[1] = (__force unsigned long)args->child_tid;
	}
}

/* One task more of the current user. Return: 0, or -EAGAIN when that is more than RLIMIT_NPROC, which binds neither root nor the able. */
static int charge_process(struct user_struct *user)
{
	u64 nr = atomic_inc_return(&user->processes);

	if (nr <= rlimit(RLIMIT_NPROC) || user == &root_user || capable(CAP_SYS_RESOURCE) ||
	    capable(CAP_SYS_ADMIN)) {
		current->flags &= ~PF_NPROC_EXCEEDED;
		return 0;
	}
	atomic_dec(&user->processes);
	return -EAGAIN;
}

/* The parent of @p, and the signal that the parent gets when @p ends. Context: tasklist_lock exclusive. */
static void set_parent(struct task_struct *p, const struct kernel_clone_args *args)
{
	assert_tasklist_write();
	if (args->flags & (CLONE_PARENT | CLONE_THREAD)) {
		p->real_parent = task_parent(current);
		p->parent_exec_id = current->parent_exec_id;
		p->exit_signal = args->flags & CLONE_THREAD ? -1 : current->group_leader->exit_signal;
	} else {
		p->real_parent = current;
		p->parent_exec_id = current->self_exec_id;
		p->exit_signal = args->exit_signal;
	}
	p->parent = p->real_parent;
}

/* Are there as many tasks as there may be, for the current one? */
static bool too_many_tasks(void)
{
	u64 limit = READ_ONCE(sysctl_threads_max), n = nr_tasks();

	return n >= limit - limit / 16 && (n >= limit || !proc_is_administrator());
}

/* The rules of clone(2) for flags that want, or forbid, one another. Return: 0, -EINVAL. */
static __named int check_clone_flags(u64 flags)
{
	/* Threads have the same signal actions, which are handlers in one address space. */
	if ((flags & CLONE_THREAD) && !(flags & CLONE_SIGHAND))
		return -EINVAL;
	if ((flags & CLONE_SIGHAND) && !(flags & CLONE_VM))
		return -EINVAL;
	/* Actions that are shared cannot be cleared for one of the two. */
	if ((flags & CLONE_SIGHAND) && (flags & CLONE_CLEAR_SIGHAND))
		return -EINVAL;
	/* A sibling of init would have a parent that never waits. */
	if ((flags & CLONE_PARENT) && (current->signal->flags & SIGNAL_UNKILLABLE))
		return -EINVAL;
	return 0;
}

/* Files, signals and memory of @p: shared with the current task, or copied. Return: 0; or -ENOMEM, and @p has none of them. */
static int copy_parts(u64 flags, struct task_struct *p)
{
	int err = copy_files(flags, p);

	if (err)
		return err;
	err = copy_fs(flags, p);
	if (err)
		goto out_files;
	err = copy_sighand(flags, p);
	if (err)
		goto out_fs;
	err = copy_signal(flags, p);
	if (err)
		goto out_sighand;
	err = copy_mm(flags, p);
	if (!err)
		return 0;
	if (!(flags & CLONE_THREAD))
		signal_struct_free(p->signal);
out_sighand:
	put_sighand(p->sighand);
out_fs:
	put_fs(p->fs);
out_files:
	put_files(p->files);
	return err;
}

/* Undo copy_parts(). */
static void drop_parts(u64 flags, struct task_struct *p)
{
	if (p->mm)
		mmput(p->mm);
	if (!(flags & CLONE_THREAD))
		signal_struct_free(p->signal);
	put_sighand(p->sighand);
	put_fs(p->fs);
	put_files(p->files);
}

/* The numbers of @p, and where in its memory they are to be written. */
static void set_identity(struct task_struct *p, struct pid *pid, const struct kernel_clone_args *args)
{
	u64 flags = args->flags;

	p->pid = pid->nr;
	p->pids[PIDTYPE_PID] = pid;
	p->clear_child_tid = flags & CLONE_CHILD_CLEARTID ? args->child_tid : NULL;
	p->tgid = flags & CLONE_THREAD ? current->tgid : p->pid;
	p->group_leader = flags & CLONE_THREAD ? current->group_leader : p;
}

/* @p is one thread more of its maker's process. Context: tasklist_lock exclusive, siglock. */
static void join_process(struct task_struct *p)
{
	assert_tasklist_write();
	lockdep_assert_held(&current->sighand->siglock);
	atomic_inc(&p->signal->sigcnt);
	p->signal->live++;
	p->signal->nr_threads++;
	for (int t = PIDTYPE_TGID; t < PIDTYPES; t++)
		p->pids[t] = NULL;
}

/* @p is a process in the tree. Context: tasklist_lock exclusive. */
static void begin_process(struct task_struct *p)
{
	const struct signal_struct *parent = p->real_parent->signal;
	struct pid *pid = p->pids[PIDTYPE_PID];

	assert_tasklist_write();
	p->signal->leader_pid = get_pid(pid);
	p->pids[PIDTYPE_TGID] = get_pid(pid);
	p->pids[PIDTYPE_PGID] = get_pid(task_pgrp(current));
	p->pids[PIDTYPE_SID] = get_pid(task_session(current));
	p->signal->has_ctty = current->signal->has_ctty;
	p->signal->has_child_subreaper = parent->has_child_subreaper || parent->is_child_subreaper;
	for (int t = PIDTYPE_TGID; t < PIDTYPES; t++)
		attach_pid(p, t);
	TAILQ_INSERT_TAIL(&p->real_parent->children, p, sibling);
	LIST_INSERT_HEAD(&all_tasks, p, tasks);
}

/* @p, which is complete, is seen by all others. Return: 0, or -ERESTARTNOINTR: a signal came first, and may be for @p, too. */
static __named int commit_task(struct task_struct *p, const struct kernel_clone_args *args)
{
	int err = 0;

	write_lock_irq(&tasklist_lock);
	spin_lock(&current->sighand->siglock);
	recalc_sigpending();
	if (signal_pending(current) && !(current->flags & PF_KTHREAD)) {
		err = -ERESTARTNOINTR;
	} else {
		set_parent(p, args);
		if (args->flags & CLONE_THREAD)
			join_process(p);
		else
			begin_process(p);
		sched_cgroup_fork(p);
		TAILQ_INSERT_TAIL(&p->signal->threads, p, thread_node);
		attach_pid(p, PIDTYPE_PID);
	}
	spin_unlock(&current->sighand->siglock);
	write_unlock_irq(&tasklist_lock);
	return err;
}

static __named struct task_struct *copy_process(const struct kernel_clone_args *args)
{
	u64 flags = args->flags;
	struct task_struct *p;
	struct pid *pid;
	int err = check_clone_flags(flags);

	if (err)
		return ERR_PTR(err);
	if (too_many_tasks())
		return ERR_PTR(-EAGAIN);
	/* First what costs little: a user that has all it may have shall not, by trying, keep others from memory's locks. */
	err = charge_process(current_cred()->user);
	if (err)
		return ERR_PTR(err);
	p = dup_task_struct(current);
	if (!p) {
		err = -ENOMEM;
		goto out_charge;
	}
	copy_creds(p);
	err = sched_fork(p);
	if (err)
		goto out_task;
	p->start_time = ktime_get_ns();
	err = copy_parts(flags, p);
	if (err)
		goto out_task;
	copy_thread(p, args);
	err = perf_event_fork(p, flags & CLONE_THREAD);
	if (err)
		goto out_parts;
	pid = alloc_pid();
	if (IS_ERR(pid)) {
		err = PTR_ERR(pid);
		goto out_perf;
	}
	set_identity(p, pid, args);
	err = commit_task(p, args);
	if (!err)
		return p;

	put_pid(pid);
out_perf:
	perf_event_exit(p);
out_parts:
	drop_parts(flags, p);
out_task:
	exit_creds(p);
	free_task(p);
out_charge:
	atomic_dec(&current_cred()->user->processes);
	return ERR_PTR(err);
}

int kernel_clone(struct kernel_clone_args *args)
{
	struct completion vfork;
	struct task_struct *p;
	unsigned int tries = 0;
	int nr;

	if (args->flags & CLONE_UNSUPPORTED)
		return -EINVAL;
	if (args->exit_signal < 0 || args->exit_signal > _NSIG)
		return -EINVAL;
	do
		p = copy_process(args);
	while (IS_ERR(p) && PTR_ERR(p) == -ENOMEM && oom_retry(&tries));
	if (IS_ERR(p))
		return PTR_ERR(p);
	nr = p->pid;
	atomic_inc(&total_forks);
	if (args->flags & CLONE_PARENT_SETTID)
		(void)!put_user(nr, args->parent_tid);	/* as on Linux, a bad address is the caller's loss */
	if (args->flags & CLONE_VFORK) {
		init_completion(&vfork);
		p->vfork_done = &vfork;
		get_task_struct(p);
	}
	perf_event_task_fork(p);
	wake_up_new_task(p);
	if (args->flags & CLONE_VFORK) {
		if (wait_for_completion_killable(&vfork)) {
			/* We die: the child must not complete a frame that is gone. */
			spin_lock(&p->alloc_lock);
			p->vfork_done = NULL;
			spin_unlock(&p->alloc_lock);
		}
		put_task_struct(p);
	}
	return nr;
}

void mm_release(struct task_struct *p)
{
	struct completion *vfork;

	DEBUG_BUG_ON(p != current);
	if (p->robust_list)
		exit_robust_list(p);
	if (!TAILQ_EMPTY(&p->pi_owned) || (p->flags & PF_EXITING))
		exit_pi_state(p);
	if (p->clear_child_tid) {
		if (p->mm && atomic_read(&p->mm->mm_users) > 1 && !put_user(0, p->clear_child_tid))
			futex_wake((u32 __user *)p->clear_child_tid, true, 1, ~0u);
		p->clear_child_tid = NULL;
	}
	spin_lock(&p->alloc_lock);
	vfork = p->vfork_done;
	p->vfork_done = NULL;
	if (vfork)
		complete(vfork);	/* under the lock: the parent may give up, see kernel_clone() */
	spin_unlock(&p->alloc_lock);
}
