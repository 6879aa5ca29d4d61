/* SPDX-License-Identifier: MIT */
/* Calls on processes. */
#include "sys/sys.h"

#include <string.h>

#include "abi/futex.h"
#include "proc/access.h"
#include "proc/perf_event.h"
#include "vm/slab.h"

long sys_getpid(struct pt_regs *r)
{
	(void)r;
	return current->tgid;
}

long sys_gettid(struct pt_regs *r)
{
	(void)r;
	return current->pid;
}

/* The parent may change under us, but not vanish: its number is read once. */
long sys_getppid(struct pt_regs *r)
{
	long nr;

	(void)r;
	read_lock(&tasklist_lock);
	nr = task_parent(current)->tgid;
	read_unlock(&tasklist_lock);
	return nr;
}

long sys_clone(struct pt_regs *r)
{
	struct kernel_clone_args args = {
		.flags = (u32)r->a0 & ~0xffUL, .exit_signal = r->a0 & 0xff, .stack = r->a1,
		.parent_tid = (int __user *)r->a2, .tls = r->a3, .child_tid = (int __user *)r->a4,
	};

	return kernel_clone(&args);
}

struct k_clone_args {
	u64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

long sys_clone3(struct pt_regs *r)
{
	struct k_clone_args u = { 0 };
	struct kernel_clone_args args;
	size_t size = r->a1;

	if (size < 64)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	if (copy_from_user(&u, (void __user *)r->a0, min(size, sizeof(u))))
		return -EFAULT;
	for (size_t at = sizeof(u); at < size; at++) {
		char c;

		if (get_user(c, (char __user *)r->a0 + at))
			return -EFAULT;
		if (c)
			return -E2BIG;
	}
	if (u.set_tid || u.set_tid_size || u.cgroup || u.exit_signal > _NSIG || (u.flags & 0xff) ||
	    (u.stack && !u.stack_size) || (!u.stack && u.stack_size) ||
	    ((u.flags & (CLONE_THREAD | CLONE_PARENT)) && u.exit_signal))
		return -EINVAL;
	args = (struct kernel_clone_args){
		.flags = u.flags, .exit_signal = u.exit_signal, .stack = u.stack ? u.stack + u.stack_size : 0,
		.parent_tid = (int __user *)u.parent_tid, .child_tid = (int __user *)u.child_tid, .tls = u.tls,
	};
	return kernel_clone(&args);
}

long sys_execve(struct pt_regs *r)
{
	char *path = get_path((const void __user *)r->a0);
	unsigned int tries = 0;
	int err;

	if (IS_ERR(path))
		return PTR_ERR(path);
	do
		err = do_execve(NULL, path, (const char __user *const __user *)r->a1,
				(const char __user *const __user *)r->a2, false, r);
	while (err == -ENOMEM && oom_retry(&tries));
	kfree(path);
	/* On success the registers are the new program's: a0 among them. */
	return err ? err : (long)r->a0;
}

long sys_exit(struct pt_regs *r)
{
	do_exit((r->a0 & 0xff) << 8);
}

long sys_exit_group(struct pt_regs *r)
{
	do_group_exit((r->a0 & 0xff) << 8);
}

long sys_wait4(struct pt_regs *r)
{
	int nr = r->a0, status;
	struct k_rusage ru;
	struct wait_opts wo = { .options = r->a2, .rusage = r->a3 ? &ru : NULL };
	int ret;

	if (wo.options & ~(WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL))
		return -EINVAL;
	if (nr == (int)0x80000000)
		return -ESRCH;
	wo.options |= WEXITED;
	if (nr == -1) {
		wo.type = P_ALL;
	} else if (nr <= 0) {
		wo.type = P_PGID;
		wo.pid = nr ? find_get_pid(-nr) : get_task_pid(current, PIDTYPE_PGID);
	} else {
		wo.type = P_PID;
		wo.pid = find_get_pid(nr);
	}
	ret = wo.type != P_ALL && !wo.pid ? -ECHILD : do_wait(&wo);
	put_pid(wo.pid);
	if (ret <= 0)
		return ret;
	status = wo.status;
	if (r->a1 && put_user(status, (int __user *)r->a1))
		return -EFAULT;
	if (r->a3 && copy_to_user((void __user *)r->a3, &ru, sizeof(ru)))
		return -EFAULT;
	return ret;
}

long sys_waitid(struct pt_regs *r)
{
	struct k_rusage ru;
	struct wait_opts wo = { .type = r->a0, .options = r->a3, .rusage = r->a4 ? &ru : NULL };
	struct k_siginfo info = { 0 };
	int nr = r->a1, ret;

	if (wo.options & ~(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL))
		return -EINVAL;
	if (!(wo.options & (WEXITED | WSTOPPED | WCONTINUED)))
		return -EINVAL;
	if (wo.type == P_PID || wo.type == P_PGID) {
		if (nr < 0 || (wo.type == P_PID && !nr))
			return -EINVAL;
		wo.pid = nr ? find_get_pid(nr) : get_task_pid(current, PIDTYPE_PGID);
	} else if (wo.type != P_ALL) {
		return -EINVAL;
	}
	ret = wo.type != P_ALL && !wo.pid ? -ECHILD : do_wait(&wo);
	put_pid(wo.pid);
	if (ret < 0)
		return ret;
	if (ret > 0) {
		info.si_signo = SIGCHLD;
		info.si_code = wo.code;
		info.chld.pid = ret;
		info.chld.uid = wo.uid;
		info.chld.status = wo.code == CLD_EXITED ? wo.status >> 8 & 0xff : wo.code == CLD_STOPPED ?
				   wo.status >> 8 : wo.code == CLD_CONTINUED ? SIGCONT : wo.status & 0x7f;
		if (r->a4 && copy_to_user((void __user *)r->a4, &ru, sizeof(ru)))
			return -EFAULT;
	}
	if (r->a2 && copy_to_user((void __user *)r->a2, &info, sizeof(info)))
		return -EFAULT;
	return 0;
}

long sys_set_tid_address(struct pt_regs *r)
{
	current->clear_child_tid = (int __user *)r->a0;
	return current->pid;
}

long sys_set_robust_list(struct pt_regs *r)
{
	if (r->a1 != 24)
		return -EINVAL;
	current->robust_list = (struct robust_list_head __user *)r->a0;
	return 0;
}

long sys_get_robust_list(struct pt_regs *r)
{
	struct task_struct *p = (int)r->a0 ? find_get_task_by_vpid(r->a0) : get_task_struct(current);
	u64 head, size = 24;

	if (!p)
		return -ESRCH;
	head = (__force u64)READ_ONCE(p->robust_list);
	if (!ptrace_may_access(p, PTRACE_MODE_READ_REALCREDS))
		size = 0;
	put_task_struct(p);
	if (!size)
		return -EPERM;
	return put_user(size, (u64 __user *)r->a2) || put_user(head, (u64 __user *)r->a1) ? -EFAULT : 0;
}

static u64 real_to_monotonic(u64 ns)
{
	u64 offset = ktime_get_real_ns() - ktime_get_ns();

	return ns > offset ? ns - offset : 0;
}

long sys_futex(struct pt_regs *r)
{
	int op = r->a1 & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
	u64 expires = KTIME_MAX, ns;

	/* Who waits has a time in a3: relative for WAIT, absolute for the others; LOCK_PI's is of the wall clock. */
	if (r->a3 && (op == FUTEX_WAIT || op == FUTEX_WAIT_BITSET || op == FUTEX_WAIT_REQUEUE_PI || op == FUTEX_LOCK_PI ||
		      op == FUTEX_LOCK_PI2)) {
		int err = get_timespec((void __user *)r->a3, &ns);

		if (err)
			return err;
		if (op == FUTEX_WAIT)
			expires = ktime_get_ns() + ns;
		else
			expires = (r->a1 & FUTEX_CLOCK_REALTIME) || op == FUTEX_LOCK_PI ? real_to_monotonic(ns) : ns;
	}
	return do_futex((u32 __user *)r->a0, r->a1, r->a2, expires, (u32 __user *)r->a4, r->a3, r->a5);
}

/* ---- Sessions and groups ---- */

long sys_setpgid(struct pt_regs *r)
{
	int nr = r->a0, pgid = r->a1;
	struct pid *pgrp = NULL;
	struct task_struct *p;
	long err;

	if (!nr)
		nr = current->tgid;
	if (!pgid)
		pgid = nr;
	if (pgid < 0)
		return -EINVAL;
	write_lock_irq(&tasklist_lock);
	p = find_task_by_vpid(nr);
	err = -ESRCH;
	if (!p)
		goto out;
	err = -EINVAL;
	if (p->group_leader != p)
		goto out;
	if (p != current->group_leader) {
		err = -ESRCH;
		if (task_parent(p)->signal != current->signal)
			goto out;
		err = -EPERM;
		if (task_session(p) != task_session(current))
			goto out;
		err = -EACCES;
		if (p->did_exec)
			goto out;
	}
	err = -EPERM;
	if (p->signal->leader)
		goto out;
	pgrp = find_get_pid(pgid);
	if (pgid != p->pid) {
		struct task_struct *g = pgrp ? LIST_FIRST(&pgrp->tasks[PIDTYPE_PGID]) : NULL;

		if (!g || task_session(g) != task_session(current))
			goto out;
	}
	if (task_pgrp(p) != pgrp)
		change_pid(p, PIDTYPE_PGID, pgrp);
	err = 0;
out:
	write_unlock_irq(&tasklist_lock);
	put_pid(pgrp);
	return err;
}

static long get_group(int nr, enum pid_type type)
{
	struct task_struct *p;
	long ret = -ESRCH;

	read_lock(&tasklist_lock);
	p = nr ? find_task_by_vpid(nr) : current;
	if (p)
		ret = type == PIDTYPE_PGID ? task_pgrp_nr(p) : task_session_nr(p);
	read_unlock(&tasklist_lock);
	return ret;
}

long sys_getpgid(struct pt_regs *r)
{
	return get_group(r->a0, PIDTYPE_PGID);
}

long sys_getsid(struct pt_regs *r)
{
	return get_group(r->a0, PIDTYPE_SID);
}

long sys_setsid(struct pt_regs *r)
{
	struct task_struct *leader = current->group_leader, *t;
	struct task_group *tg = sched_autogroup_create();
	struct pid *pid;
	long err = -EPERM;

	(void)r;
	write_lock_irq(&tasklist_lock);
	pid = task_tgid(current);
	if (!current->signal->leader && LIST_EMPTY(&pid->tasks[PIDTYPE_PGID])) {
		change_pid(leader, PIDTYPE_SID, pid);
		change_pid(leader, PIDTYPE_PGID, pid);
		current->signal->leader = true;
		current->signal->has_ctty = false;
		err = pid->nr;
		if (tg)
			TAILQ_FOREACH(t, &current->signal->threads, thread_node)
				if (sched_task_cgroup(t) == &root_task_group)
					(void)sched_move_task(t, tg);
	}
	if (tg && !sched_group_nr_tasks(tg))
		(void)sched_destroy_group(tg);
	write_unlock_irq(&tasklist_lock);
	return err;
}

/* ---- Limits and accounts ---- */

static long prlimit(int nr, unsigned int which, unsigned long new, unsigned long old)
{
	struct rlimit64 n, o;
	struct task_struct *p;
	long err;

	if (new && copy_from_user(&n, (void __user *)new, sizeof(n)))
		return -EFAULT;
	p = nr ? find_get_task_by_vpid(nr) : get_task_struct(current);
	if (!p)
		return -ESRCH;
	err = check_prlimit_permission(p);
	if (!err)
		err = do_prlimit(p, which, new ? &n : NULL, &o);
	put_task_struct(p);
	return !err && old && copy_to_user((void __user *)old, &o, sizeof(o)) ? -EFAULT : err;
}

long sys_prlimit64(struct pt_regs *r)
{
	return prlimit(r->a0, r->a1, r->a2, r->a3);
}

long sys_getrlimit(struct pt_regs *r)
{
	return r->a1 ? prlimit(0, r->a0, 0, r->a1) : -EFAULT;
}

long sys_setrlimit(struct pt_regs *r)
{
	return r->a1 ? prlimit(0, r->a0, r->a1, 0) : -EFAULT;
}

long sys_getrusage(struct pt_regs *r)
{
	int who = r->a0;
	struct k_rusage ru;

	if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD)
		return -EINVAL;
	read_lock(&tasklist_lock);
	getrusage(current, who, &ru);
	read_unlock(&tasklist_lock);
	return copy_to_user((void __user *)r->a1, &ru, sizeof(ru)) ? -EFAULT : 0;
}

long sys_times(struct pt_regs *r)
{
	u64 t[4];

	if (r->a0) {
		read_lock(&tasklist_lock);
		task_group_times(current, &t[0], &t[1]);
		read_unlock(&tasklist_lock);
		t[2] = current->signal->cutime;
		t[3] = current->signal->cstime;
		for (int i = 0; i < 4; i++)
			t[i] /= TICK_NSEC;
		if (copy_to_user((void __user *)r->a0, t, sizeof(t)))
			return -EFAULT;
	}
	return ktime_get_ns() / TICK_NSEC;
}

#define PR_SET_PDEATHSIG 1
#define PR_GET_PDEATHSIG 2
#define PR_GET_DUMPABLE 3
#define PR_SET_DUMPABLE 4
#define PR_SET_NAME 15
#define PR_GET_NAME 16
#define PR_SET_CHILD_SUBREAPER 36
#define PR_GET_CHILD_SUBREAPER 37
#define PR_SET_NO_NEW_PRIVS 38
#define PR_GET_NO_NEW_PRIVS 39

long sys_prctl(struct pt_regs *r)
{
	char name[TASK_COMM_LEN] = { 0 };
	long n;

	switch (r->a0) {
	case PR_SET_PDEATHSIG:
		if (r->a1 > _NSIG)
			return -EINVAL;
		current->pdeath_signal = r->a1;
		return 0;
	case PR_GET_PDEATHSIG:
		return put_user(current->pdeath_signal, (int __user *)r->a1);
	case PR_GET_DUMPABLE:
		return READ_ONCE(current->mm->dumpable);
	case PR_SET_DUMPABLE:
		if (r->a1 > 1)
			return -EINVAL;
		WRITE_ONCE(current->mm->dumpable, r->a1);
		return 0;
	case PR_SET_NAME:
		n = strncpy_from_user(name, (const char __user *)r->a1, sizeof(name) - 1);
		if (n < 0)
			return n;
		spin_lock(&current->alloc_lock);
		memcpy(current->comm, name, sizeof(name));
		spin_unlock(&current->alloc_lock);
		perf_event_comm(false);
		return 0;
	case PR_GET_NAME:
		return copy_to_user((void __user *)r->a1, current->comm, TASK_COMM_LEN) ? -EFAULT : 0;
	case PR_SET_CHILD_SUBREAPER:
		set_child_subreaper(r->a1);
		return 0;
	case PR_GET_CHILD_SUBREAPER:
		return put_user((int)current->signal->is_child_subreaper, (int __user *)r->a1);
	case PR_SET_NO_NEW_PRIVS:
		if (r->a1 != 1 || r->a2 || r->a3 || r->a4)
			return -EINVAL;
		current->no_new_privs = true;
		return 0;
	case PR_GET_NO_NEW_PRIVS:
		return r->a1 || r->a2 || r->a3 || r->a4 ? -EINVAL : current->no_new_privs;
	}
	return -EINVAL;
}
