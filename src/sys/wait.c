/* SPDX-License-Identifier: MIT */
/* Calls that end a process, and that wait for the end of another. */
#include "sys/sys.h"

#include "abi/wait.h"
#include "proc/exit.h"
#include "proc/wait.h"
#include "task/pid.h"
#include "vm/uaccess.h"

long sys_exit(int error_code)
{
	do_exit((error_code & 0xff) << 8);
}

long sys_exit_group(int error_code)
{
	do_group_exit((error_code & 0xff) << 8);
}

long sys_wait4(int upid, int __user *stat_addr, int options, struct k_rusage __user *ru)
{
	struct k_rusage usage;
	struct wait_opts wo = { .options = options, .rusage = ru ? &usage : NULL };
	int ret;

	if (wo.options & ~(WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL))
		return -EINVAL;
	if (upid == (int)0x80000000)
		return -ESRCH;
	wo.options |= WEXITED;
	if (upid == -1) {
		wo.type = P_ALL;
	} else if (upid <= 0) {
		wo.type = P_PGID;
		wo.pid = upid ? find_get_pid(-upid) : get_task_pid(current, PIDTYPE_PGID);
	} else {
		wo.type = P_PID;
		wo.pid = find_get_pid(upid);
	}
	ret = wo.type != P_ALL && !wo.pid ? -ECHILD : do_wait(&wo);
	put_pid(wo.pid);
	if (ret <= 0)
		return ret;
	if (stat_addr && put_user(wo.status, stat_addr))
		return -EFAULT;
	if (ru && copy_to_user(ru, &usage, sizeof(usage)))
		return -EFAULT;
	return ret;
}

long sys_waitid(int which, int upid, struct k_siginfo __user *infop, int options, struct k_rusage __user *ru)
{
	struct k_rusage usage;
	struct wait_opts wo = { .type = which, .options = options, .rusage = ru ? &usage : NULL };
	struct k_siginfo info = { 0 };
	int ret;

	if (wo.options & ~(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL))
		return -EINVAL;
	if (!(wo.options & (WEXITED | WSTOPPED | WCONTINUED)))
		return -EINVAL;
	if (wo.type == P_PID || wo.type == P_PGID) {
		if (upid < 0 || (wo.type == P_PID && !upid))
			return -EINVAL;
		wo.pid = upid ? find_get_pid(upid) : get_task_pid(current, PIDTYPE_PGID);
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
		if (ru && copy_to_user(ru, &usage, sizeof(usage)))
			return -EFAULT;
	}
	if (infop && copy_to_user(infop, &info, sizeof(info)))
		return -EFAULT;
	return 0;
}
