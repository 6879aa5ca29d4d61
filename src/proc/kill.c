/* SPDX-License-Identifier: MIT */
/*
 * Signals that a task sends: to a process, a thread, a process group, to all, if it may; and to itself when a
 * pipe or a file asks for it. Ref: kill(2), tgkill(2), rt_sigqueueinfo(2); Linux kernel/signal.c.
 */
#include "proc/kill.h"

#include "fs/upcall.h"
#include "lib/err.h"
#include "proc/signal.h"
#include "task/cred.h"
#include "task/pid.h"

/* May the current task signal @p? */
static int check_kill_permission(int sig, struct task_struct *p)
{
	const struct cred *c = current_cred(), *t;
	int err = 0;

	if (p->signal == current->signal)
		return 0;
	t = get_task_cred(p);
	if (c->euid != t->suid && c->euid != t->uid && c->uid != t->suid && c->uid != t->uid &&
	    !capable(CAP_KILL) && !(sig == SIGCONT && task_session(p) == task_session(current)))
		err = -EPERM;
	put_cred(t);
	return err;
}

static struct k_siginfo user_info(int sig, int code)
{
	return (struct k_siginfo){ .si_signo = sig, .si_code = code,
				   .rt = { .pid = current->tgid, .uid = current_cred()->uid } };
}

int group_send_sig(int sig, struct task_struct *p)
{
	struct k_siginfo info = user_info(sig, SI_USER);
	int err = check_kill_permission(sig, p);

	lockdep_assert_held(&tasklist_lock);
	return err || !sig ? err : send_sig_info(sig, &info, p, true);
}

int kill_pgrp_info(int sig, const struct k_siginfo *info, struct pid *pgrp)
{
	struct task_struct *p;
	int err = -ESRCH;

	lockdep_assert_held(&tasklist_lock);
	LIST_FOREACH(p, &pgrp->tasks[PIDTYPE_PGID], pid_links[PIDTYPE_PGID]) {
		int e = info ? send_sig_info(sig, info, p, true) : group_send_sig(sig, p);

		err = err && e ? e : 0;
	}
	return err;
}

void kill_pgrp(struct pid *pgrp, int sig)
{
	struct k_siginfo info = { .si_signo = sig, .si_code = SI_KERNEL };

	read_lock(&tasklist_lock);
	kill_pgrp_info(sig, &info, pgrp);
	read_unlock(&tasklist_lock);
}

int do_kill(int nr, int sig)
{
	struct task_struct *p;
	struct pid *pid = NULL;
	int err = -ESRCH;

	if (sig < 0 || sig > _NSIG)
		return -EINVAL;
	if (nr == (int)0x80000000)
		return -ESRCH;
	if (nr < -1)
		pid = find_get_pid(-nr);
	read_lock(&tasklist_lock);
	if (nr > 0) {
		p = find_task_by_vpid(nr);
		if (p)
			err = group_send_sig(sig, p);
	} else if (nr == -1) {
		LIST_FOREACH(p, &all_tasks, tasks)
			if (p->pid > 1 && p->tgid != current->tgid && !(p->flags & PF_KTHREAD)) {
				int e = group_send_sig(sig, p);

				if (err == -ESRCH || e != -EPERM)
					err = e == -EPERM ? 0 : e;	/* as on Linux, a process that we may not signal is no error */
			}
	} else {
		struct pid *pgrp = nr ? pid : task_pgrp(current);

		if (pgrp)
			err = kill_pgrp_info(sig, NULL, pgrp);
	}
	read_unlock(&tasklist_lock);
	put_pid(pid);
	return err;
}

/* To the thread @nr, which is to be of @tgid (-1: of any), or (@group) to its group. */
static int send_to(int tgid, int nr, int sig, const struct k_siginfo *info, bool group)
{
	struct task_struct *p;
	int err = -ESRCH;

	if (sig < 0 || sig > _NSIG)
		return -EINVAL;
	read_lock(&tasklist_lock);
	p = find_task_by_vpid(nr);
	if (p && (tgid < 0 || p->tgid == tgid)) {
		err = check_kill_permission(sig, p);
		if (!err && sig)
			err = send_sig_info(sig, info, p, group);
	}
	read_unlock(&tasklist_lock);
	return err;
}

int do_tkill(int tgid, int nr, int sig)
{
	struct k_siginfo info = user_info(sig, SI_TKILL);

	return nr <= 0 || tgid == 0 || tgid < -1 ? -EINVAL : send_to(tgid, nr, sig, &info, false);
}

/* May the current thread send @info to @nr? Only to itself if it looks as if the kernel, or kill(), had sent it. */
static bool may_send_info(const struct k_siginfo *info, int nr)
{
	return (info->si_code < 0 && info->si_code != SI_TKILL) || nr == current->pid;
}

int do_sigqueue(int nr, int sig, const struct k_siginfo *info)
{
	return may_send_info(info, nr) ? send_to(-1, nr, sig, info, true) : -EPERM;
}

int do_tgsigqueue(int tgid, int nr, int sig, const struct k_siginfo *info)
{
	if (tgid <= 0 || nr <= 0)
		return -EINVAL;
	return may_send_info(info, nr) ? send_to(tgid, nr, sig, info, false) : -EPERM;
}

static void send_self(int sig)
{
	struct k_siginfo info = user_info(sig, SI_USER);

	send_sig_info(sig, &info, current, false);
}

void proc_send_sigpipe(void)
{
	send_self(SIGPIPE);
}

s64 proc_file_room(u64 pos, size_t n)
{
	u64 limit = READ_ONCE(current->signal->rlim[RLIMIT_FSIZE].cur);

	if (pos < limit)
		return min((u64)n, limit - pos);
	send_self(SIGXFSZ);
	return -EFBIG;
}
