/* SPDX-License-Identifier: MIT */
/* The terminal. */
#ifndef TTY_TTY_H
#define TTY_TTY_H

/** tty_init - There is one, on the UART. Context: boot, before devfs_init(). */
void tty_init(void);
/** tty_foreground_nr - The terminal's foreground group, -1 for none. Context: task. */
int tty_foreground_nr(void);

#endif
