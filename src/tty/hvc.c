/* SPDX-License-Identifier: MIT */
/*
 * The terminal on the port that the host calls "tty". What is typed stays with the host until there is room for it, where
 * the UART would lose it. A port called "winsize" brings the window's size, a struct k_winsize each time: QEMU has
 * nothing that would make its console tell of it.
 */
#include "tty/tty_priv.h"

#include <string.h>

/* Take bytes from port @p as long as there is room in the line buffer; a line's end always has room. Context: any. */
void hvc_pull(struct vport *p)
{
	struct tty *t = &console_tty;
	unsigned long flags;
	const char *next;
	bool wake = false;
	size_t n;

	spin_lock_irqsave(&t->lock, flags);
	while ((t->head - t->tail < TTY_BUF - 1 || (t->termios.c_lflag & ICANON && t->canon == t->tail)) &&
	       (next = vport_peek(p, &n))) {
		wake |= tty_receive(t, *next);
		vport_consume(p, 1);
	}
	tty_unlock(t, flags);
	if (wake)
		wake_up_interruptible(&t->read_wait);
}

/* Context: hard interrupt, one at a time. */
static void winsize_pull(struct vport *p)
{
	static struct k_winsize ws;
	static size_t have;
	const char *from;
	size_t n;

	while ((from = vport_peek(p, &n))) {
		n = min(n, sizeof(ws) - have);
		memcpy((char *)&ws + have, from, n);
		vport_consume(p, n);
		have += n;
		if (have == sizeof(ws)) {
			tty_resize(&console_tty, &ws);
			have = 0;
		}
	}
}

int hvc_attach(struct tty *t)
{
	struct vport *p = vport_find("tty"), *size = vport_find("winsize");
	int err = p ? vport_open(p, true, true, hvc_pull) : -ENODEV;

	if (err)
		return err;
	smp_store_release(&t->port, p);		/* pairs with the acquire of a writer */
	return size ? vport_open(size, true, false, winsize_pull) : 0;
}
