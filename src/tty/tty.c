/* SPDX-License-Identifier: MIT */
/*
 * The console terminal: on the UART, or, once somebody has opened /dev/hvc0, on a port (hvc.c). ldisc.c edits what is typed.
 * Ref: POSIX General Terminal Interface.
 */
#include "tty/tty.h"

#include <string.h>

#include "abi/signal.h"
#include "dev/uart8250.h"
#include "fs/chrdev.h"
#include "fs/poll.h"
#include "proc/kill.h"
#include "proc/signal.h"
#include "proc/upcall.h"
#include "sched/sched.h"
#include "sched/sleep.h"
#include "smp/printk.h"
#include "task/cred.h"
#include "time/clock.h"
#include "tty/job.h"
#include "tty/tty_priv.h"

struct tty console_tty;

/* A task's output, of fewer bytes than a port has room for at best. Return: 0, and all is written, -EIO or -ERESTARTSYS. */
static int tty_send(struct tty *t, const char *s, size_t n)
{
	struct vport *p = smp_load_acquire(&t->port);
	bool sent = !p;

	if (!p)
		console_write_user(s, n);
	while (!sent) {
		int err = wait_event_interruptible(&p->wr_wait, vport_room(p) >= n || !READ_ONCE(p->host_open));

		if (err)
			return err;
		if (!READ_ONCE(p->host_open))
			return -EIO;
		spin_lock_irq(&t->lock);
		sent = vport_room(p) >= n;
		if (sent)
			(void)vport_put(p, s, n);
		spin_unlock_irq(&t->lock);
	}
	return 0;
}

static void uart_receive(u8 in)
{
	struct tty *t = &console_tty;
	unsigned long flags;
	bool wake;

	spin_lock_irqsave(&t->lock, flags);
	wake = tty_receive(t, in);
	tty_unlock(t, flags);
	if (wake)
		wake_up_interruptible(&t->read_wait);
}

void tty_resize(struct tty *t, const struct k_winsize *ws)
{
	unsigned long flags;

	spin_lock_irqsave(&t->lock, flags);
	if (memcmp(&t->winsize, ws, sizeof(*ws))) {
		t->winsize = *ws;
		t->signals |= BIT(SIGWINCH);
	}
	tty_unlock(t, flags);
}

static bool tty_readable(struct tty *t)
{
	return READ_ONCE(t->canon) != READ_ONCE(t->tail);
}

/* Did the session end that it was opened in? What is open as the console stays so, as in Linux. */
static bool hung_up(const struct file *f)
{
	return f->private && (unsigned long)f->private != READ_ONCE(console_tty.generation);
}

/* The lock is taken by a call that may fail, which the analysis cannot follow. */
static s64 tty_read(struct file *f, char __user *buf, size_t n, s64 *pos) __no_lock_analysis
{
	struct tty *t = &console_tty;
	char chunk[128];
	size_t done = 0;
	bool line_end = false;
	int err;

	(void)pos;
	if (!n || hung_up(f))
		return 0;
	err = job_control(READ_ONCE(t->pgrp), SIGTTIN);
	if (err)
		return err;
	err = mutex_lock_interruptible(&t->read_lock);
	if (err)
		return err;
	while (!tty_readable(t) && !hung_up(f)) {
		if (f->flags & O_NONBLOCK) {
			err = -EAGAIN;
			break;
		}
		if (!lflag(t, ICANON) && !t->termios.c_cc[VMIN]) {
			/* MIN 0: the bytes that are there after at most TIME tenths of a second. */
			u64 until = ktime_get_ns() + t->termios.c_cc[VTIME] * (NSEC_PER_SEC / 10);
			struct wait_queue_entry w = { .task = current };

			prepare_to_wait(&t->read_wait, &w, TASK_INTERRUPTIBLE);
			if (!tty_readable(t) && !signal_pending(current) && t->termios.c_cc[VTIME])
				schedule_timeout(until);
			finish_wait(&t->read_wait, &w);
			if (!tty_readable(t)) {
				mutex_unlock(&t->read_lock);
				return signal_pending(current) ? -ERESTARTSYS : 0;
			}
			break;
		}
		err = wait_event_interruptible(&t->read_wait, tty_readable(t) || hung_up(f));
		if (err)
			break;
	}
	while (!err && done < n && !line_end && tty_readable(t) && !hung_up(f)) {
		size_t k = 0;

		spin_lock_irq(&t->lock);
		while (k < min(sizeof(chunk), n - done) && t->tail != t->canon && !line_end) {
			u32 at = t->tail % TTY_BUF;
			char c = t->buf[at];

			if (t->eof_map[at / 64] & BIT(at % 64)) {
				t->eof_map[at / 64] &= ~BIT(at % 64);
				t->tail++;
				line_end = true;
				break;
			}
			chunk[k++] = c;
			t->tail++;
			line_end = lflag(t, ICANON) && c == '\n';
		}
		spin_unlock_irq(&t->lock);
		if (copy_to_user(buf + done, chunk, k))
			err = -EFAULT;
		else
			done += k;
	}
	mutex_unlock(&t->read_lock);
	if (done && smp_load_acquire(&t->port))
		hvc_pull(t->port);	/* there is room again */
	return done ? (s64)done : err;
}

static s64 tty_write(struct file *f, const char __user *buf, size_t n, s64 *pos)
{
	struct tty *t = &console_tty;
	char in[128], out[256];
	size_t done = 0;
	int err;

	(void)pos;
	if (hung_up(f))
		return -EIO;
	if (lflag(t, TOSTOP)) {
		err = job_control(READ_ONCE(t->pgrp), SIGTTOU);
		if (err)
			return err;
	}
	while (done < n) {
		size_t part = min(n - done, sizeof(in)), k = 0;
		size_t left = copy_from_user(in, buf + done, part);

		part -= left;
		for (size_t i = 0; i < part; i++) {
			if (in[i] == '\n' && (t->termios.c_oflag & (OPOST | ONLCR)) == (OPOST | ONLCR))
				out[k++] = '\r';
			out[k++] = in[i];
		}
		err = tty_send(t, out, k);
		if (err)
			return done ? (s64)done : err;
		done += part;
		if (left)
			return done ? (s64)done : -EFAULT;
		if (done < n && signal_pending(current))
			break;
		cond_resched();
	}
	return done;
}

static long tty_set_pgrp(struct tty *t, int nr)
{
	struct pid *pgrp, *old;
	int err = job_control(READ_ONCE(t->pgrp), SIGTTOU);

	if (err)
		return err == -EIO ? -ENOTTY : err;
	if (nr < 0)
		return -EINVAL;
	if (!current->signal->has_ctty || !in_session(READ_ONCE(t->session)))
		return -ENOTTY;
	pgrp = find_pgrp_in_session(nr);
	if (IS_ERR(pgrp))
		return PTR_ERR(pgrp);
	spin_lock_irq(&t->lock);
	old = t->pgrp;
	t->pgrp = pgrp;
	spin_unlock_irq(&t->lock);
	put_pid(old);
	return 0;
}

/*
 * It becomes the caller's session's. From a session that has it only root takes it, and if he says so (@steal).
 * @reads: the caller has it open for reading. Ref: Linux tiocsctty().
 */
static long tty_claim(struct tty *t, bool reads, bool steal)
{
	struct pid *s, *p, *old_s, *old_p;

	if (current->signal->leader && current->signal->has_ctty && in_session(READ_ONCE(t->session)))
		return 0;
	if (!current->signal->leader || current->signal->has_ctty || (!reads && !capable(CAP_SYS_ADMIN)))
		return -EPERM;
	steal = steal && capable(CAP_SYS_ADMIN);
	s = get_task_pid(current, PIDTYPE_SID);
	p = get_task_pid(current, PIDTYPE_PGID);
	spin_lock_irq(&t->lock);
	old_s = t->session;
	old_p = t->pgrp;
	if (old_s && !steal) {
		spin_unlock_irq(&t->lock);
		put_pid(s);
		put_pid(p);
		return -EPERM;
	}
	t->session = s;
	t->pgrp = p;
	spin_unlock_irq(&t->lock);
	if (old_s)
		session_clear_tty(old_s);
	put_pid(old_s);
	put_pid(old_p);
	current->signal->has_ctty = true;
	return 0;
}

int tty_foreground_nr(void)
{
	struct tty *t = &console_tty;
	int nr;

	spin_lock_irq(&t->lock);
	nr = t->pgrp ? pid_nr(t->pgrp) : -1;
	spin_unlock_irq(&t->lock);
	return nr;
}

/* The leader of the terminal's session gives it up. When the leader ends (@hangup), readers that have it open get an end of file. */
static void tty_leave(bool hangup)
{
	struct tty *t = &console_tty;
	struct pid *own = get_task_pid(current, PIDTYPE_SID), *s = NULL, *p = NULL;

	spin_lock_irq(&t->lock);
	if (t->session == own) {
		s = t->session;
		p = t->pgrp;
		t->session = t->pgrp = NULL;
		t->generation += hangup;
	}
	spin_unlock_irq(&t->lock);
	put_pid(own);
	if (!s)
		return;
	wake_up_interruptible(&t->read_wait);
	if (p)
		kill_pgrp(p, SIGHUP);
	if (p && !hangup)
		kill_pgrp(p, SIGCONT);
	session_clear_tty(s);
	put_pid(s);
	put_pid(p);
}

void tty_disassociate(void)
{
	tty_leave(true);
}

static long tty_set_termios(struct tty *t, const struct k_termios *tio, bool flush)
{
	int err = job_control(READ_ONCE(t->pgrp), SIGTTOU);

	if (err)
		return err;
	spin_lock_irq(&t->lock);
	if (flush)
		t->head = t->canon = t->tail;
	/* Out of canonical mode, the unfinished line is readable. */
	if (!(tio->c_lflag & ICANON))
		t->canon = t->head;
	t->termios = *tio;
	spin_unlock_irq(&t->lock);
	wake_up_interruptible(&t->read_wait);
	if (smp_load_acquire(&t->port))
		hvc_pull(t->port);
	return 0;
}

/* Modes and size. Return: or -ENOIOCTLCMD: it is about something else. */
static long mode_ioctl(struct tty *t, unsigned int cmd, void __user *p)
{
	struct k_termios tio;
	struct k_winsize ws;

	switch (cmd) {
	case TCGETS:
		spin_lock_irq(&t->lock);
		tio = t->termios;
		spin_unlock_irq(&t->lock);
		return copy_to_user(p, &tio, sizeof(tio)) ? -EFAULT : 0;
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return copy_from_user(&tio, p, sizeof(tio)) ? -EFAULT : tty_set_termios(t, &tio, cmd == TCSETSF);
	case TIOCGWINSZ:
		spin_lock_irq(&t->lock);
		ws = t->winsize;
		spin_unlock_irq(&t->lock);
		return copy_to_user(p, &ws, sizeof(ws)) ? -EFAULT : 0;
	case TIOCSWINSZ:
		if (copy_from_user(&ws, p, sizeof(ws)))
			return -EFAULT;
		tty_resize(t, &ws);
		return 0;
	case FIONREAD:
		return put_user((int)(READ_ONCE(t->canon) - READ_ONCE(t->tail)), (int __user *)p);
	}
	return -ENOIOCTLCMD;
}

/* The number of *@which, the terminal's group or session; 0: it has none. */
static int number_of(struct tty *t, struct pid *const *which)
{
	int nr;

	spin_lock_irq(&t->lock);
	nr = pid_nr(*which);
	spin_unlock_irq(&t->lock);
	return nr;
}

/* Sessions and groups. */
static long job_ioctl(struct file *f, struct tty *t, unsigned int cmd, unsigned long arg)
{
	int __user *p = (int __user *)arg;
	int nr;

	switch (cmd) {
	case TIOCSPGRP:
		return get_user(nr, p) ? -EFAULT : tty_set_pgrp(t, nr);
	case TIOCSCTTY:
		return tty_claim(t, (f->flags & O_ACCMODE) != O_WRONLY, arg == 1);
	}
	if (!current->signal->has_ctty)
		return -ENOTTY;
	switch (cmd) {
	case TIOCGPGRP:
		return put_user(number_of(t, &t->pgrp), p);
	case TIOCGSID:
		nr = number_of(t, &t->session);
		return nr ? put_user(nr, p) : -ENOTTY;
	case TIOCNOTTY:
		if (current->signal->leader)
			tty_leave(false);
		current->signal->has_ctty = false;
		return 0;
	}
	return -ENOTTY;
}

static long tty_ioctl(struct file *f, unsigned int cmd, unsigned long arg)
{
	long ret;

	if (hung_up(f))
		return cmd == TIOCSPGRP ? -ENOTTY : -EIO;
	ret = mode_ioctl(&console_tty, cmd, (void __user *)arg);
	return ret == -ENOIOCTLCMD ? job_ioctl(f, &console_tty, cmd, arg) : ret;
}

static u32 tty_poll(struct file *f, struct poll_table *pt)
{
	struct vport *p = smp_load_acquire(&console_tty.port);
	u32 mask;

	poll_wait(&console_tty.read_wait, pt);
	if (p)
		poll_wait(&p->wr_wait, pt);
	if (hung_up(f))
		return POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM | POLLERR | POLLHUP;
	mask = !p || vport_room(p) >= TTY_BUF ? POLLOUT | POLLWRNORM : 0;
	return mask | (tty_readable(&console_tty) ? POLLIN | POLLRDNORM : 0);
}

/* The terminal by its own name: a session leader that has none yet gets it. */
static int tty_open(struct inode *i, struct file *f)
{
	(void)i;
	f->private = (void *)READ_ONCE(console_tty.generation);
	if (!(f->flags & O_NOCTTY) && (f->flags & O_ACCMODE) != O_WRONLY)
		(void)tty_claim(&console_tty, true, false);
	return 0;
}

/* The terminal moves to the host's port, for good. */
static int hvc_open(struct inode *i, struct file *f)
{
	int err = hvc_attach(&console_tty);

	return err ? err : tty_open(i, f);
}

/* The one that the caller's session has. */
static int current_tty_open(struct inode *i, struct file *f)
{
	(void)i;
	f->private = (void *)READ_ONCE(console_tty.generation);
	return current->signal->has_ctty ? 0 : -ENXIO;
}

static const struct file_operations tty_ops = {
	.open = tty_open, .read = tty_read, .write = tty_write, .ioctl = tty_ioctl, .poll = tty_poll,
};

static const struct file_operations hvc_ops = {
	.open = hvc_open, .read = tty_read, .write = tty_write, .ioctl = tty_ioctl, .poll = tty_poll,
};

static const struct file_operations current_tty_ops = {
	.open = current_tty_open, .read = tty_read, .write = tty_write, .ioctl = tty_ioctl, .poll = tty_poll,
};

static const struct file_operations console_ops = {
	.read = tty_read, .write = tty_write, .ioctl = tty_ioctl, .poll = tty_poll,
};

static const struct chrdev tty_devices[] = {
	{ "/dev/tty", MKDEV(5, 0), 0666, &current_tty_ops },
	{ "/dev/console", MKDEV(5, 1), 0600, &console_ops },
	{ "/dev/ttyS0", MKDEV(4, 64), 0660, &tty_ops },
	{ "/dev/hvc0", MKDEV(229, 0), 0660, &hvc_ops },
};

void __init tty_init(void)
{
	static const struct k_termios cooked = {
		.c_iflag = ICRNL | IXON, .c_oflag = OPOST | ONLCR, .c_cflag = B38400 | CS8 | CREAD,
		.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
		.c_cc = { [VINTR] = 3, [VQUIT] = 28, [VERASE] = 127, [VKILL] = 21, [VEOF] = 4,
			  [VMIN] = 1, [VSUSP] = 26, [VWERASE] = 23 },
	};
	struct tty *t = &console_tty;

	spin_lock_init(&t->lock, LOCK_LDISC);
	init_waitqueue_head(&t->read_wait);
	mutex_init(&t->read_lock, LOCK_TTY);
	t->termios = cooked;
	t->generation = 1;
	t->winsize = (struct k_winsize){ 24, 80, 0, 0 };
	chrdev_register(tty_devices, ARRAY_SIZE(tty_devices));
	uart8250_start_rx(uart_receive);
}
