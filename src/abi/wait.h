/* SPDX-License-Identifier: MIT */
/* Waiting for children: options, whom for, and the status word. Source: Linux include/uapi/linux/wait.h. */
#ifndef ABI_WAIT_H
#define ABI_WAIT_H

/* waitid(2)'s first argument. */
#define P_ALL 0
#define P_PID 1
#define P_PGID 2

/* Options. */
#define WNOHANG 1
#define WUNTRACED 2
#define WSTOPPED 2
#define WEXITED 4
#define WCONTINUED 8
#define WNOWAIT 0x01000000
#define __WNOTHREAD 0x20000000
#define __WALL 0x40000000
#define __WCLONE 0x80000000

/* What a status says. */
#define WEXITSTATUS(s) (((s) >> 8) & 0xff)
#define WTERMSIG(s) ((s) & 0x7f)
#define WIFEXITED(s) (!WTERMSIG(s))
#define WIFSTOPPED(s) (((s) & 0xff) == 0x7f)
#define WSTOPSIG(s) WEXITSTATUS(s)
#define WIFSIGNALED(s) (!WIFSTOPPED(s) && !WIFEXITED(s) && (s) != 0xffff)
#define WIFCONTINUED(s) ((s) == 0xffff)

#endif
