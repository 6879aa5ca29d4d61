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

static bool room(const struct tty *t, u32 n)
{
	return t->head - t->tail + n <= TTY_BUF;
}

/* Which signal does @in send, by the characters that are set for that? 0: none. */
static int signal_of(const struct tty *t, u8 in)
{
	static const struct {
		u8 cc, sig;
	} keys[] = { { VINTR, SIGINT }, { VQUIT, SIGQUIT }, { VSUSP, SIGTSTP } };

	for (size_t i = 0; in && lflag(t, ISIG) && i < ARRAY_SIZE(keys); i++)
		if (in == t->termios.c_cc[keys[i].cc])
			return keys[i].sig;
	return 0;
}

static void erase_word(struct tty *t)
{
	while (t->head != t->canon && t->buf[(t->head - 1) % TTY_BUF] == ' ')
		erase_one(t);
	while (t->head != t->canon && t->buf[(t->head - 1) % TTY_BUF] != ' ')
		erase_one(t);
}

/* @c, or (@eof) an end of file, ends the line, which is for readers now. */
static bool end_line(struct tty *t, char c, bool eof)
{
	store(t, c, eof);
	t->canon = t->head;
	return true;
}

/* Canonical mode: @c is a character of the line, or edits it. Return: is a line complete? */
static bool edit_line(struct tty *t, char c)
{
	const u8 *cc = t->termios.c_cc;
	u8 in = (u8)c;

	if (in == cc[VERASE] || in == '\b') {
		erase_one(t);
	} else if (in == cc[VKILL]) {
		while (t->head != t->canon)
			erase_one(t);
	} else if (in == cc[VWERASE]) {
		erase_word(t);
	} else if (in == cc[VEOF]) {
		return room(t, 1) && end_line(t, 0, true);
	} else if (room(t, c == '\n' ? 1 : 2)) {	/* a place is kept for the line's end */
		echo(t, c);
		if (c == '\n')
			return end_line(t, c, false);
		store(t, c, false);
	} else {
		tty_put("\a", 1);
	}
	return false;
}

bool tty_receive(struct tty *t, u8 in)
{
	char c = in == '\r' && t->termios.c_iflag & ICRNL ? '\n' : (char)in;
	int sig = signal_of(t, in);

	lockdep_assert_held(&t->lock);
	if (sig) {
		tty_signal(t, sig, c);
		return true;
	}
	if (lflag(t, ICANON))
		return edit_line(t, c);
	if (!room(t, 1))
		return false;
	end_line(t, c, false);
	echo(t, c);
	return true;
}
