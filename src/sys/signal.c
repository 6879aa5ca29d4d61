/* SPDX-License-Identifier: MIT */
/* Calls on signals. */
#include "sched/sched.h"
#include "sys/sys.h"

#include "proc/kill.h"
#include "proc/sighand.h"
#include "proc/signal.h"
#include "proc/signal_frame.h"
#include "proc/signal_take.h"
#include "sys/timespec.h"
#include "vm/uaccess.h"

long sys_kill(int pid, int sig)
{
	return do_kill(pid, sig);
}

long sys_tkill(int pid, int sig)
{
	return do_tkill(-1, pid, sig);
}

long sys_tgkill(int tgid, int pid, int sig)
{
	return tgid <= 0 ? -EINVAL : do_tkill(tgid, pid, sig);
}

static int get_siginfo(const struct k_siginfo __user *from, int sig, struct k_siginfo *info)
{
	if (copy_from_user(info, from, sizeof(*info)))
		return -EFAULT;
	info->si_signo = sig;
	return 0;
}

long sys_rt_sigqueueinfo(int pid, int sig, const struct k_siginfo __user *uinfo)
{
	struct k_siginfo info;
	int err = get_siginfo(uinfo, sig, &info);

	return err ? err : do_sigqueue(pid, sig, &info);
}

long sys_rt_tgsigqueueinfo(int tgid, int pid, int sig, const struct k_siginfo __user *uinfo)
{
	struct k_siginfo info;
	int err = get_siginfo(uinfo, sig, &info);

	return err ? err : do_tgsigqueue(tgid, pid, sig, &info);
}

long sys_rt_sigaction(int sig, const struct k_sigaction __user *act, struct k_sigaction __user *oact, size_t sigsetsize)
{
	struct k_sigaction new, old;
	long err;

	if (sigsetsize != 8)
		return -EINVAL;
	if (act && copy_from_user(&new, act, sizeof(new)))
		return -EFAULT;
	err = do_sigaction(sig, act ? &new : NULL, oact ? &old : NULL);
	if (!err && oact && copy_to_user(oact, &old, sizeof(old)))
		err = -EFAULT;
	return err;
}

long sys_rt_sigprocmask(int how, const u64 __user *nset, u64 __user *oset, size_t sigsetsize)
{
	u64 old = current->blocked, set;

	if (sigsetsize != 8)
		return -EINVAL;
	if (nset) {
		if (get_user(set, nset))
			return -EFAULT;
		switch (how) {
		case SIG_BLOCK:
			set |= old;
			break;
		case SIG_UNBLOCK:
			set = old & ~set;
			break;
		case SIG_SETMASK:
			break;
		default:
			return -EINVAL;
		}
		set_current_blocked(set);
	}
	return oset ? put_user(old, oset) : 0;
}

long sys_rt_sigpending(u64 __user *uset, size_t sigsetsize)
{
	u64 set;

	if (sigsetsize > 8)
		return -EINVAL;
	spin_lock_irq(&current->sighand->siglock);
	set = (current->pending.signal | current->signal->shared_pending.signal) & current->blocked;
	spin_unlock_irq(&current->sighand->siglock);
	return copy_to_user(uset, &set, sigsetsize) ? -EFAULT : 0;
}

long sys_rt_sigsuspend(const u64 __user *unewset, size_t sigsetsize)
{
	u64 set;

	if (sigsetsize != 8)
		return -EINVAL;
	if (get_user(set, unewset))
		return -EFAULT;
	current->saved_sigmask = current->blocked;
	set_current_blocked(set);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (signal_pending(current))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	current->restore_sigmask = true;
	return -ERESTARTNOHAND;
}

long sys_rt_sigtimedwait(const u64 __user *uthese, struct k_siginfo __user *uinfo, const struct k_timespec __user *uts,
			 size_t sigsetsize)
{
	struct k_siginfo info;
	u64 set, ns, expires = KTIME_MAX;
	int sig;

	if (sigsetsize != 8)
		return -EINVAL;
	if (get_user(set, uthese))
		return -EFAULT;
	if (uts) {
		int err = get_timespec(uts, &ns);

		if (err)
			return err;
		expires = ktime_get_ns() + ns;
	}
	sig = do_sigtimedwait(set, &info, expires);
	if (sig > 0 && uinfo && copy_to_user(uinfo, &info, sizeof(info)))
		return -EFAULT;
	return sig;
}

long sys_rt_sigreturn(void)
{
	return do_sigreturn(task_pt_regs(current));
}

long sys_sigaltstack(const struct k_stack __user *uss, struct k_stack __user *uoss)
{
	struct k_stack ss, old;
	int err;

	if (uss && copy_from_user(&ss, uss, sizeof(ss)))
		return -EFAULT;
	err = do_sigaltstack(uss ? &ss : NULL, &old, task_pt_regs(current)->sp);
	if (err)
		return err;
	return uoss && copy_to_user(uoss, &old, sizeof(old)) ? -EFAULT : 0;
}
