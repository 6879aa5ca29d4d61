/* SPDX-License-Identifier: MIT */
/* Waiting for events. */
#include "sys/sys.h"

#include "fs/fdtable.h"
#include "fs/file.h"
#include "fs/poll.h"
#include "proc/signal.h"
#include "proc/signal_take.h"
#include "sched/sched.h"
#include "sched/sleep.h"
#include "sys/timespec.h"
#include "vm/slab.h"

#define POLL_MAX 1024

/* @always: what is told whether it was asked for or not. */
static int poll_scan(struct k_pollfd *fds, u32 n, struct file **files, u32 always, struct poll_table *pt)
{
	int ready = 0;

	for (u32 i = 0; i < n; i++) {
		u32 mask = 0, want = (u16)fds[i].events | always;

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

static long do_poll(struct k_pollfd *fds, u32 n, u32 always, u64 expires)
{
	struct poll_table pt = { .max = 2 * n };	/* a FIFO open for both has two queues */
	struct file **files = kzalloc(max(n, 1u) * (sizeof(*files) + 2 * sizeof(*pt.entries)), GFP_KERNEL);
	long ret;

	if (!files)
		return -ENOMEM;
	pt.entries = (struct poll_entry *)(files + n);
	for (u32 i = 0; i < n; i++)
		files[i] = fds[i].fd >= 0 ? fget(fds[i].fd) : NULL;
	ret = poll_scan(fds, n, files, always, expires ? &pt : NULL);
	while (!ret && expires) {
		set_current_state(TASK_INTERRUPTIBLE);
		ret = poll_scan(fds, n, files, always, NULL);	/* after the state: a wake-up between is not lost */
		if (!ret && signal_pending(current))
			ret = -ERESTARTNOHAND;
		if (!ret && !schedule_timeout(expires)) {
			__set_current_state(TASK_RUNNING);
			ret = poll_scan(fds, n, files, always, NULL);
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

/* How long to wait, and with which signals blocked: what ppoll() and pselect6() have in common. */
struct poll_wait {
	struct k_timespec __user *timeout;	/* NULL: for ever */
	u64 expires;				/* ns; 0: not at all */
	bool masked;
};

static int begin_wait(struct poll_wait *w, struct k_timespec __user *timeout, const u64 __user *mask, size_t size)
{
	u64 ns, set;

	*w = (struct poll_wait){ timeout, KTIME_MAX, mask != NULL };
	if (timeout) {
		int err = get_timespec(timeout, &ns);

		if (err)
			return err;
		w->expires = ns ? ktime_get_ns() + ns : 0;
	}
	if (!mask)
		return 0;
	if (size != sizeof(set))
		return -EINVAL;
	if (get_user(set, mask))
		return -EFAULT;
	current->saved_sigmask = current->blocked;
	set_current_blocked(set);
	current->restore_sigmask = true;
	return 0;
}

/* Tells what is left of the time; where that cannot be written, a call that a signal ended does not begin anew. */
static long end_wait(const struct poll_wait *w, long ret)
{
	if (w->masked && ret != -ERESTARTNOHAND) {
		current->restore_sigmask = false;
		set_current_blocked(current->saved_sigmask);
	}
	if (w->timeout && w->expires) {
		u64 now = ktime_get_ns();

		if (put_timespec(w->timeout, w->expires > now ? w->expires - now : 0) && ret == -ERESTARTNOHAND)
			ret = -EINTR;
	}
	return ret;
}

long sys_ppoll(struct k_pollfd __user *ufds, unsigned int nfds, struct k_timespec __user *tsp,
	       const u64 __user *sigmask, size_t sigsetsize)
{
	struct poll_wait w;
	struct k_pollfd *fds;
	long ret;

	if (nfds > POLL_MAX)
		return -EINVAL;
	fds = kmalloc(max(nfds, 1u) * sizeof(*fds), GFP_KERNEL);
	if (!fds)
		return -ENOMEM;
	ret = copy_from_user(fds, ufds, nfds * sizeof(*fds)) ? -EFAULT : begin_wait(&w, tsp, sigmask, sigsetsize);
	if (!ret) {
		ret = end_wait(&w, do_poll(fds, nfds, POLLERR | POLLHUP, w.expires));
		if (ret >= 0 && copy_to_user(ufds, fds, nfds * sizeof(*fds)))
			ret = -EFAULT;
	}
	kfree(fds);
	return ret;
}

/* What of poll's events makes a descriptor readable, writable, exceptional. */
static const u16 select_events[3] = {
	POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR, POLLOUT | POLLWRNORM | POLLWRBAND | POLLERR, POLLPRI,
};

/* Three sets of @n descriptors, and room for the three that come out, each of @words words. */
struct fd_sets {
	u32 n, words;
	u64 *in, *out;
};

static bool in_set(const struct fd_sets *s, int which, u32 fd)
{
	return s->in[which * s->words + fd / 64] >> fd % 64 & 1;
}

/* Those that are in a set. Return: how many, at most POLL_MAX, or -EBADF, -EINVAL (more). */
static int select_fds(const struct fd_sets *s, struct k_pollfd *fds)
{
	int nr = 0;

	for (u32 fd = 0; fd < s->n; fd++) {
		struct file *f;
		u16 events = 0;

		for (int which = 0; which < 3; which++)
			if (in_set(s, which, fd))
				events |= select_events[which];
		if (!events)
			continue;
		if (nr == POLL_MAX)
			return -EINVAL;
		f = fget(fd);
		if (!f)
			return -EBADF;
		fput(f);
		fds[nr++] = (struct k_pollfd){ fd, events };
	}
	return nr;
}

/* Return: how many bits are set in what comes out. */
static int select_result(struct fd_sets *s, const struct k_pollfd *fds, int nr)
{
	int bits = 0;

	for (int i = 0; i < nr; i++)
		for (int which = 0; which < 3; which++)
			if (in_set(s, which, fds[i].fd) && fds[i].revents & select_events[which]) {
				s->out[which * s->words + fds[i].fd / 64] |= 1UL << fds[i].fd % 64;
				bits++;
			}
	return bits;
}

/* What the last argument of pselect6() points to. */
struct sigset_arg {
	u64 set, size;		/* where in user memory; bytes */
};

static long do_select(struct fd_sets *s, struct k_pollfd *fds, u64 __user *const user[3], struct k_timespec __user *timeout,
		      const struct sigset_arg *mask)
{
	struct poll_wait w;
	long ret;
	int nr;

	for (int which = 0; which < 3; which++)
		if (user[which] && copy_from_user(s->in + which * s->words, user[which], s->words * 8))
			return -EFAULT;
	nr = select_fds(s, fds);
	ret = nr < 0 ? nr : begin_wait(&w, timeout, (const u64 __user *)mask->set, mask->size);
	if (ret)
		return ret;
	ret = end_wait(&w, do_poll(fds, nr, 0, w.expires));
	if (ret < 0)
		return ret;
	ret = select_result(s, fds, nr);
	for (int which = 0; which < 3; which++)
		if (user[which] && copy_to_user(user[which], s->out + which * s->words, s->words * 8))
			return -EFAULT;
	return ret;
}

long sys_pselect6(int n, u64 __user *inp, u64 __user *outp, u64 __user *exp, struct k_timespec __user *tsp,
		  const u64 __user *sig)
{
	u64 __user *const user[3] = { inp, outp, exp };
	struct sigset_arg mask = { 0 };
	struct fd_sets s = { 0 };
	long ret;

	if (n < 0)
		return -EINVAL;
	if (sig && copy_from_user(&mask, sig, sizeof(mask)))
		return -EFAULT;
	s.n = min((u32)n, READ_ONCE(current->files->fdt.max_fds));	/* there are none beyond */
	s.words = (s.n + 63) / 64;
	s.in = kzalloc(s.words * 6 * 8 + (min(s.n, (u32)POLL_MAX) + 1) * sizeof(struct k_pollfd), GFP_KERNEL);
	if (!s.in)
		return -ENOMEM;
	s.out = s.in + 3 * s.words;
	ret = do_select(&s, (struct k_pollfd *)(s.out + 3 * s.words), user, tsp, &mask);
	kfree(s.in);
	return ret;
}
