/* SPDX-License-Identifier: MIT */
/* Signals of the Linux riscv64 ABI: numbers, flags, structures, and the frame. */
#ifndef ABI_SIGNAL_H
#define ABI_SIGNAL_H

#include "abi/types.h"

#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGBUS 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGCHLD 17
#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGURG 23
#define SIGXCPU 24
#define SIGXFSZ 25
#define SIGVTALRM 26
#define SIGPROF 27
#define SIGWINCH 28
#define SIGIO 29
#define SIGPWR 30
#define SIGSYS 31
#define SIGRTMIN 32
#define _NSIG 64

#define SA_NOCLDSTOP 1
#define SA_NOCLDWAIT 2
#define SA_SIGINFO 4
#define SA_ONSTACK 0x08000000
#define SA_RESTART 0x10000000
#define SA_NODEFER 0x40000000
#define SA_RESETHAND 0x80000000

#define SIG_DFL 0UL		/* handlers */
#define SIG_IGN 1UL

#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

#define SI_USER 0
#define SI_TIMER (-2)
#define SI_KERNEL 0x80
#define SI_QUEUE -1
#define SI_TKILL -6
#define SEGV_MAPERR 1
#define SEGV_ACCERR 2
#define BUS_ADRALN 1
#define BUS_ADRERR 2
#define ILL_ILLOPC 1
#define TRAP_BRKPT 1
#define CLD_EXITED 1
#define CLD_KILLED 2
#define CLD_DUMPED 3
#define CLD_STOPPED 5
#define CLD_CONTINUED 6

#define SS_ONSTACK 1
#define SS_DISABLE 2
#define SS_AUTODISARM (1U << 31)
#define MINSIGSTKSZ 2048

struct k_sigaction {
	u64 handler;
	u64 flags;
	u64 mask;
};

struct k_stack {
	u64 sp;
	s32 flags;
	s32 _pad;
	u64 size;
};

struct k_siginfo {
	s32 si_signo;
	s32 si_errno;
	s32 si_code;
	s32 _pad0;
	union {
		struct {
			s32 pid;
			u32 uid;
			u64 value;
		} rt;			/* kill, queue */
		struct {
			s32 pid;
			u32 uid;
			s32 status;
			s32 _pad;
			s64 utime, stime;
		} chld;
		struct {
			u64 addr;
		} fault;
		struct {
			s32 tid, overrun;
			u64 value;
			u32 seq;	/* the kernel's own */
			u32 _pad;
		} timer;
		u8 _size[112];
	};
};

struct k_sigevent {
	u64 value;
	s32 signo, notify, tid;
	s32 _pad[11];
};

struct k_sigcontext {
	u64 regs[32];			/* pc, x1..x31 */
	u64 fp[32];
	u32 fcsr;
	u8 _fpext_reserved[528 - 32 * 8 - 4];
};

struct k_ucontext {
	u64 uc_flags;
	u64 uc_link;
	struct k_stack uc_stack;
	u64 uc_sigmask;
	u8 _unused[128];
	struct k_sigcontext uc_mcontext __attribute__((aligned(16)));
};

struct k_rt_sigframe {
	struct k_siginfo info;
	struct k_ucontext uc;
};

_Static_assert(sizeof(struct k_siginfo) == 128, "Linux ABI");
_Static_assert(sizeof(struct k_sigevent) == 64, "Linux ABI");
_Static_assert(sizeof(struct k_sigcontext) == 784, "Linux ABI");
_Static_assert(__builtin_offsetof(struct k_ucontext, uc_mcontext) == 176, "Linux ABI");

#endif
