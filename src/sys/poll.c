/* SPDX-License-Identifier: MIT */
/* Waiting for events. */
#include "sys/sys.h"

#include "vm/slab.h"

#define POLL_MAX 1024

static int poll_scan(struct k_pollfd *fds, u32 n, struct file **files, struct poll_table *pt)
{
	int ready = 0;

	for (u32 i = 0; i < n; i++) {
		u32 mask = 0, want = (u16)fds[i].events | POLLERR | POLLHUP;

		if (fds[i].fd >= 0) {
			if (!files[i])
				mask = POLLNVAL;
			else if (files[i]->f_op->poll)
				mask = files[i]->f_op->poll(files[i], pt) & want;
			else
				mask = (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM) & want;
		}
		fds[i].revents = mask;
		ready += mask != 0;
	}
	return ready;
}

static long do_poll(struct k_pollfd *fds, u32 n, u64 expires)
{
	struct poll_table pt = { .max = n };
	struct file **files = kzalloc(max(n, 1u) * (sizeof(*files) + sizeof(*pt.entries)), GFP_KERNEL);
	long ret;

	if (!files)
		return -ENOMEM;
	pt.entries = (struct poll_entry *)(files + n);
	for (u32 i = 0; i < n; i++)
		files[i] = fds[i].fd >= 0 ? fget(fds[i].fd) : NULL;
	ret = poll_scan(fds, n, files, expires ? &pt : NULL);
	while (!ret && expires) {
		set_current_state(TASK_INTERRUPTIBLE);
		ret = poll_scan(fds, n, files, NULL);	/* after the state: a wake-up between is not lost */
		if (!ret && signal_pending(current))
			ret = -ERESTARTNOHAND;
		if (!ret && !schedule_timeout(expires)) {
			__set_current_state(TASK_RUNNING);
			ret = poll_scan(fds, n, files, NULL);
			break;
		}
	}
	__set_current_state(TASK_RUNNING);
	for (u32 i = 0; i < pt.nr; i++)
		finish_wait(pt.entries[i].wq, &pt.entries[i].wait);
	for (u32 i = 0; i < n; i++)
		if (files[i])
			fput(files[i]);
	kfree(files);
	return ret;
}

long sys_ppoll(struct pt_regs *r)
{
	u32 n = r->a1;
	u64 expires = KTIME_MAX, ns;
	struct k_pollfd *fds;
	long ret;

	if (n > POLL_MAX)
		return -EINVAL;
	if (r->a2) {
		int err = get_timespec((void __user *)r->a2, &ns);

		if (err)
			return err;
		expires = ns ? ktime_get_ns() + ns : 0;
	}
	fds = kmalloc(max(n, 1u) * sizeof(*fds), GFP_KERNEL);
	if (!fds)
		return -ENOMEM;
	if (copy_from_user(fds, (void __user *)r->a0, n * sizeof(*fds))) {
		kfree(fds);
		return -EFAULT;
	}
	if (r->a3) {
		u64 mask;

		if (r->a4 != 8 || get_user(mask, (u64 __user *)r->a3)) {
			kfree(fds);
			return r->a4 != 8 ? -EINVAL : -EFAULT;
		}
		current->saved_sigmask = current->blocked;
		set_current_blocked(mask);
		current->restore_sigmask = true;
	}
	ret = do_poll(fds, n, expires);
	if (r->a3 && ret != -ERESTARTNOHAND) {
		current->restore_sigmask = false;
		set_current_blocked(current->saved_sigmask);
	}
	if (ret >= 0 && copy_to_user((void __user *)r->a0, fds, n * sizeof(*fds)))
		ret = -EFAULT;
	kfree(fds);
	return ret;
}
