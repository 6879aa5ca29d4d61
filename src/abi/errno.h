/* SPDX-License-Identifier: MIT */
/* Error numbers of the Linux user ABI (asm-generic). The kernel speaks these only. */
#ifndef ABI_ERRNO_H
#define ABI_ERRNO_H

#include "abi/errno_list.h"

#define ERRNO_ENUM(name, nr) name = (nr),
enum { ERRNO_LIST(ERRNO_ENUM) };

/* Never seen by user programs: how a call asks to be restarted after a signal, or to be tried by other code. */
#define ERESTARTSYS 512		/* restart if SA_RESTART, else EINTR */
#define ERESTARTNOINTR 513	/* always restart */
#define ERESTARTNOHAND 514	/* restart only if no handler ran */
#define ENOIOCTLCMD 515		/* no such ioctl: ENOTTY */
#define ERESTART_RESTARTBLOCK 516 /* restart through restart_syscall(2) */

#define MAX_ERRNO 4095

#endif
