/* SPDX-License-Identifier: MIT */
/* Calls that processes make upwards; defined once above. */
#ifndef PROC_UPCALL_H
#define PROC_UPCALL_H

/** tty_disassociate - A session leader leaves its terminal: hang-up to the foreground group (src/tty). Context: task. */
void tty_disassociate(void);

#endif
