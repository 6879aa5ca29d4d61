/* SPDX-License-Identifier: MIT */
/*
 * The line discipline: input arrives in interrupts and is edited there (canonical mode) or queued as it is.
 *
 * The buffer is a ring; in canonical mode only complete lines are handed out. Ref: Linux drivers/tty/n_tty.c.
 */
#include "tty/tty_priv.h"

#include "abi/signal.h"
#include "proc/kill.h"
#include "smp/printk.h"
#include "task/pid.h"

/* An echo. A port that has no room for it does without. Context: any; lock. */
static void tty_put(const char *s, size_t n)
{
	struct vport *p = smp_load_acquire(&console_tty.port);

	if (p)
		(void)vport_put(p, s, n);
	else
		console_write_user(s, n);
}

static void echo(struct tty *t, char c)
{
	if (!lflag(t, ECHO)) {
		/* ECHONL is not offered. */
		return;
	}
	if (c == '\n') {
		tty_put("\r\n", 2);
	} else if ((u8)c < 32 && c != '\t' && lflag(t, ECHOCTL)) {
		char s[2] = { '^', c + '@' };

		tty_put(s, 2);
	} else {
		tty_put(&c, 1);
	}
}

/* One more byte, or (@eof) the mark that VEOF leaves. There is room. */
static void store(struct tty *t, char c, bool eof)
{
	u64 *marks = &t->eof_map[t->head % TTY_BUF / 64], bit = BIT(t->head % 64);

	*marks = eof ? *marks | bit : *marks & ~bit;	/* one that was flushed away may be there still */
	t->buf[t->head++ % TTY_BUF] = c;
}

/* Take back the last character of the line. */
static void erase_one(struct tty *t)
{
	char c;

	if (t->head == t->canon)
		return;
	c = t->buf[--t->head % TTY_BUF];
	if (!lflag(t, ECHO))
		return;
	/* A UTF-8 sequence goes as one. */
	while (((u8)c & 0xc0) == 0x80 && t->head != t->canon)
		c = t->buf[--t->head % TTY_BUF];
	tty_put("\b \b", 3);
	if ((u8)c < 32 && c != '\t' && lflag(t, ECHOCTL))
		tty_put("\b \b", 3);
}

static void tty_signal(struct tty *t, int sig, char c)
{
	echo(t, c);
	if (lflag(t, ECHO))
		tty_put("\r\n", 2);
	if (!lflag(t, NOFLSH))
		t->head = t->canon = t->tail;
	t->signals |= BIT(sig);
}

/*
 * Signals are sent once the terminal's lock is free. The processes they go to are known only under tasklist_lock, and a task
 * that waits for that lock may wait for a reader that has been interrupted, by a handler that wants the terminal's lock.
 */
void tty_unlock(struct tty *t, unsigned long flags)
{
	struct pid *pgrp = t->signals && t->pgrp ? get_pid(t->pgrp) : NULL;
	u64 signals = t->signals;

	t->signals = 0;
	spin_unlock_irqrestore(&t->lock, flags);
	for (int sig = 1; pgrp && signals >> sig; sig++)
		if (signals & BIT(sig))
			kill_pgrp(pgrp, sig);
	put_pid(pgrp);
}

bool tty_receive(struct tty *t, u8 in)
{
	const u8 *cc = t->termios.c_cc;
	char c = in;
	bool wake = false;

	lockdep_assert_held(&t->lock);
	if (c == '\r' && (t->termios.c_iflag & ICRNL))
		c = '\n';
	if (lflag(t, ISIG) && in && in == cc[VINTR]) {
		tty_signal(t, SIGINT, c);
		wake = true;
	} else if (lflag(t, ISIG) && in && in == cc[VQUIT]) {
		tty_signal(t, SIGQUIT, c);
		wake = true;
	} else if (lflag(t, ISIG) && in && in == cc[VSUSP]) {
		tty_signal(t, SIGTSTP, c);
		wake = true;
	} else if (!lflag(t, ICANON)) {
		if (t->head - t->tail < TTY_BUF) {
			store(t, c, false);
			t->canon = t->head;
			echo(t, c);
			wake = true;
		}
	} else if (in == cc[VERASE] || in == '\b') {
		erase_one(t);
	} else if (in == cc[VKILL]) {
		while (t->head != t->canon)
			erase_one(t);
	} else if (in == cc[VWERASE]) {
		while (t->head != t->canon && t->buf[(t->head - 1) % TTY_BUF] == ' ')
			erase_one(t);
		while (t->head != t->canon && t->buf[(t->head - 1) % TTY_BUF] != ' ')
			erase_one(t);
	} else if (in == cc[VEOF]) {
		if (t->head - t->tail < TTY_BUF) {
			store(t, 0, true);
			t->canon = t->head;
			wake = true;
		}
	} else if (t->head - t->tail < TTY_BUF - 1 || (c == '\n' && t->head - t->tail < TTY_BUF)) {
		store(t, c, false);
		echo(t, c);
		if (c == '\n') {
			t->canon = t->head;
			wake = true;
		}
	} else {
		tty_put("\a", 1);
	}
	return wake;
}
