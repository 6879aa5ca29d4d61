/* SPDX-License-Identifier: MIT */
/* The terminal, for the files that make it up. */
#ifndef TTY_TTY_PRIV_H
#define TTY_TTY_PRIV_H

#include "dev/vport.h"
#include "fs/file.h"
#include "locks/mutex.h"

#define TTY_BUF 4096	/* power of two */

struct tty {
	spinlock_t lock;
	struct wait_queue_head read_wait;
	struct k_termios termios;	/* lock */
	struct k_winsize winsize;	/* lock */
	char buf[TTY_BUF];		/* lock */
	/* Bytes received, ready for readers (whole lines), read; canonical: line being edited is head - canon. */
	u32 head, canon, tail;		/* lock */
	u64 eof_map[TTY_BUF / 64];	/* lock: which bytes are VEOF marks */
	struct pid *pgrp, *session;	/* lock */
	u64 signals;			/* lock: bits of those that pgrp is to get: see tty_unlock() */
	unsigned long generation;	/* lock: sessions that have ended; an open file's is in its private, but the console's */
	struct vport *port;		/* [a] NULL: it is on the UART; set once */
	mutex_t read_lock;
};

extern struct tty console_tty;

/** lflag - Is the local flag @f set? Context: t->lock, or the answer may be old. */
static inline bool lflag(const struct tty *t, u32 f)
{
	return t->termios.c_lflag & f;
}

/** tty_unlock - Unlock @t, and then send the signals that have come up. Context: any; t->lock, taken with @flags. */
void tty_unlock(struct tty *t, unsigned long flags) __releases_lock(&t->lock);
/** tty_receive - A byte has come. Return: is there something for readers now? Context: any; t->lock held, for tty_unlock(). */
bool tty_receive(struct tty *t, u8 in);
/** tty_resize - The window's size is @ws; a change is told to the foreground. Context: any. */
void tty_resize(struct tty *t, const struct k_winsize *ws);
/** hvc_attach - Move the terminal to the host's port, if it is not there. Return: 0, -ENODEV (no port), -ENOMEM, -EBUSY. Context: task. */
int hvc_attach(struct tty *t);
/** hvc_pull - Take as many bytes from the terminal's port @p as there is room for. Context: any. */
void hvc_pull(struct vport *p);

#endif
