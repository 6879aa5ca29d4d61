/* SPDX-License-Identifier: MIT */
/* Calls that end a process, and that wait for the end of another. */
#include "sys/sys.h"

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
