/* SPDX-License-Identifier: MIT */
/* Calls on signals. */
#include "sys/sys.h"

long sys_kill(struct pt_regs *r)
{
	return do_kill(r->a0, r->a1);
}

long sys_tkill(struct pt_regs *r)
{
	return do_tkill(-1, r->a0, r->a1);
}

long sys_tgkill(struct pt_regs *r)
{
	return (int)r->a0 <= 0 ? -EINVAL : do_tkill(r->a0, r->a1, r->a2);
}

static int get_siginfo(unsigned long from, int sig, struct k_siginfo *info)
{
	if (copy_from_user(info, (void __user *)from, sizeof(*info)))
		return -EFAULT;
	info->si_signo = sig;
	return 0;
}

long sys_rt_sigqueueinfo(struct pt_regs *r)
{
	struct k_siginfo info;
	int err = get_siginfo(r->a2, r->a1, &info);

	return err ? err : do_sigqueue(r->a0, r->a1, &info);
}

long sys_rt_tgsigqueueinfo(struct pt_regs *r)
{
	struct k_siginfo info;
	int err = get_siginfo(r->a3, r->a2, &info);

	return err ? err : do_tgsigqueue(r->a0, r->a1, r->a2, &info);
}

long sys_rt_sigaction(struct pt_regs *r)
{
	struct k_sigaction act, old;
	long err;

	if (r->a3 != 8)
		return -EINVAL;
	if (r->a1 && copy_from_user(&act, (void __user *)r->a1, sizeof(act)))
		return -EFAULT;
	err = do_sigaction(r->a0, r->a1 ? &act : NULL, r->a2 ? &old : NULL);
	if (!err && r->a2 && copy_to_user((void __user *)r->a2, &old, sizeof(old)))
		err = -EFAULT;
	return err;
}

long sys_rt_sigprocmask(struct pt_regs *r)
{
	u64 old = current->blocked, set;

	if (r->a3 != 8)
		return -EINVAL;
	if (r->a1) {
		if (get_user(set, (u64 __user *)r->a1))
			return -EFAULT;
		switch (r->a0) {
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
	return r->a2 ? put_user(old, (u64 __user *)r->a2) : 0;
}

long sys_rt_sigpending(struct pt_regs *r)
{
	u64 set;

	if (r->a1 > 8)
		return -EINVAL;
	spin_lock_irq(&current->sighand->siglock);
	set = (current->pending.signal | current->signal->shared_pending.signal) & current->blocked;
	spin_unlock_irq(&current->sighand->siglock);
	return copy_to_user((void __user *)r->a0, &set, r->a1) ? -EFAULT : 0;
}

long sys_rt_sigsuspend(struct pt_regs *r)
{
	u64 set;

	if (r->a1 != 8)
		return -EINVAL;
	if (get_user(set, (u64 __user *)r->a0))
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

long sys_rt_sigtimedwait(struct pt_regs *r)
{
	struct k_siginfo info;
	u64 set, ns, expires = KTIME_MAX;
	int sig;

	if (r->a3 != 8)
		return -EINVAL;
	if (get_user(set, (u64 __user *)r->a0))
		return -EFAULT;
	if (r->a2) {
		int err = get_timespec((void __user *)r->a2, &ns);

		if (err)
			return err;
		expires = ktime_get_ns() + ns;
	}
	sig = do_sigtimedwait(set, &info, expires);
	if (sig > 0 && r->a1 && copy_to_user((void __user *)r->a1, &info, sizeof(info)))
		return -EFAULT;
	return sig;
}

long sys_rt_sigreturn(struct pt_regs *r)
{
	return do_sigreturn(r);
}

long sys_sigaltstack(struct pt_regs *r)
{
	struct k_stack ss, old;
	int err;

	if (r->a0 && copy_from_user(&ss, (void __user *)r->a0, sizeof(ss)))
		return -EFAULT;
	err = do_sigaltstack(r->a0 ? &ss : NULL, &old, r->sp);
	if (err)
		return err;
	return r->a1 && copy_to_user((void __user *)r->a1, &old, sizeof(old)) ? -EFAULT : 0;
}
