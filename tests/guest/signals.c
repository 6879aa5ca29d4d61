/* SPDX-License-Identifier: MIT */
/* Handlers, masks, restarts, alternate stacks, queued signals, timers. True of Linux too. */
#include "tap.h"

#include "abi/time.h"

static volatile int count, last, value;
static volatile uintptr_t handler_sp;

static void handler(int sig)
{
	int here;

	count++;
	last = sig;
	handler_sp = (uintptr_t)&here;
}

static int depth, deepest;

/* Sends itself its own signal, once. */
static void again(int sig)
{
	depth++;
	if (depth > deepest)
		deepest = depth;
	if (count++ == 0)
		kill(getpid(), sig);
	depth--;
}

static void with_info(int sig, struct k_siginfo *info, void *uc)
{
	(void)uc;
	count++;
	last = sig;
	value = info->rt.pid;
}

static void test_basic(void)
{
	struct k_sigaction act = { (uintptr_t)with_info, SA_SIGINFO, 0 };
	sigmask_t old, pending = 0;

	signal_set(SIGUSR1, handler, 0);
	kill(getpid(), SIGUSR1);
	ok(count == 1 && last == SIGUSR1, "a handler runs before kill returns");
	SYSCALL(__NR_rt_sigaction, SIGUSR2, &act, 0, 8);
	kill(getpid(), SIGUSR2);
	ok(last == SIGUSR2 && value == getpid(), "siginfo names the sender");
	count = 0;
	sigprocmask_set(SIG_BLOCK, SIGMASK(SIGUSR1), &old);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGUSR1);
	SYSCALL(__NR_rt_sigpending, &pending, 8);
	ok(count == 0 && (pending & SIGMASK(SIGUSR1)), "blocked: pending, not run");
	sigprocmask_set(SIG_SETMASK, old, NULL);
	ok(count == 1, "unblocked: run, once");
	count = 0;
	signal_set(SIGUSR1, again, 0);
	kill(getpid(), SIGUSR1);
	ok(count == 2 && deepest == 1, "a signal waits for its own handler to end");
	count = 0;
	signal_set(SIGUSR1, again, SA_NODEFER);
	kill(getpid(), SIGUSR1);
	ok(count == 2 && deepest == 2, "with SA_NODEFER it does not");
	sigprocmask_set(SIG_BLOCK, SIGMASK(SIGTSTP), &old);
	kill(getpid(), SIGTSTP);
	kill(getpid(), SIGCONT);
	SYSCALL(__NR_rt_sigpending, &pending, 8);
	ok(!(pending & SIGMASK(SIGTSTP)), "SIGCONT takes a pending stop away");
	sigprocmask_set(SIG_SETMASK, old, NULL);
	count = 1;
	signal_set(SIGUSR1, (handler_t)1, 0);
	kill(getpid(), SIGUSR1);
	ok(count == 1, "ignored");
	ok_is(SYSCALL(__NR_rt_sigaction, SIGKILL, &act, 0, 8), -L_EINVAL, "SIGKILL cannot be caught: EINVAL");
	ok_is(SYSCALL(__NR_rt_sigaction, 65, &act, 0, 8), -L_EINVAL, "no such signal: EINVAL");
	ok_is(SYSCALL(__NR_rt_sigaction, SIGUSR1, &act, 0, 4), -L_EINVAL, "wrong mask size: EINVAL");
	signal_set(SIGUSR1, handler, SA_RESETHAND);
	kill(getpid(), SIGUSR1);
	{
		struct k_sigaction now;

		SYSCALL(__NR_rt_sigaction, SIGUSR1, 0, &now, 8);
		ok(now.handler == 0, "SA_RESETHAND resets it");
	}
}

static void edit_registers(int sig, struct k_siginfo *info, struct k_ucontext *uc)
{
	(void)sig, (void)info;
	uc->uc_mcontext.regs[18] = 0x5202;	/* s2 */
	uc->uc_mcontext.regs[28] = 0x7303;	/* t3 */
}

static void test_registers(void)
{
	long ok_regs = 1;

	/* All callee-saved registers and temporaries survive a handler. */
	signal_set(SIGUSR1, handler, 0);
	__asm__ volatile(
		"li s2, 0x1122\n li s11, 0x3344\n li t3, 0x5566\n"
		"mv a0, %1\n li a1, 10\n li a7, 129\n ecall\n"
		"li t0, 0x1122\n xor t0, t0, s2\n li t1, 0x3344\n xor t1, t1, s11\n or t0, t0, t1\n"
		"li t1, 0x5566\n xor t1, t1, t3\n or t0, t0, t1\n seqz %0, t0\n"
		: "=r"(ok_regs) : "r"((long)getpid())
		: "s2", "s11", "t0", "t1", "t3", "a0", "a1", "a7", "memory");
	ok(ok_regs, "registers survive a handler");
	{
		struct k_sigaction act = { (uintptr_t)edit_registers, SA_SIGINFO, 0 };
		long s2, t3;

		SYSCALL(__NR_rt_sigaction, SIGUSR1, &act, 0, 8);
		__asm__ volatile(
			"mv a0, %2\n li a1, 10\n li a7, 129\n li s2, 1\n li t3, 1\n ecall\n mv %0, s2\n mv %1, t3\n"
			: "=r"(s2), "=r"(t3) : "r"((long)getpid()) : "s2", "t3", "a0", "a1", "a7", "memory");
		ok(s2 == 0x5202 && t3 == 0x7303, "what a handler writes into its frame is what the program goes on with");
	}
}

static void poke_later(int sig, uint64_t ns)
{
	int parent = getpid();

	if (!fork()) {
		nanosleep_ns(ns);
		kill(parent, sig);
		_exit(0);
	}
}

static void test_restart(void)
{
	struct timespec64 nap = { 0, 200000000 };
	int fd[2], status;
	char c;
	long r;

	pipe(fd);
	signal_set(SIGUSR1, handler, 0);
	poke_later(SIGUSR1, 30000000);
	r = SYSCALL(__NR_read, fd[0], &c, 1);
	ok_is(r, -L_EINTR, "read without SA_RESTART: EINTR");
	waitpid(-1, &status, 0);
	signal_set(SIGUSR1, handler, SA_RESTART);
	if (!fork()) {
		nanosleep_ns(30000000);
		kill(getppid(), SIGUSR1);
		nanosleep_ns(30000000);
		write(fd[1], "x", 1);
		_exit(0);
	}
	ok_is(SYSCALL(__NR_read, fd[0], &c, 1), 1, "read with SA_RESTART goes on");
	waitpid(-1, &status, 0);
	count = 0;
	poke_later(SIGUSR1, 20000000);
	ok_is(SYSCALL(__NR_nanosleep, &nap, 0), -L_EINTR, "nanosleep: EINTR even with SA_RESTART");
	waitpid(-1, &status, 0);
	{
		sigmask_t none = 0, old;

		sigprocmask_set(SIG_BLOCK, SIGMASK(SIGUSR1), &old);
		count = 0;
		kill(getpid(), SIGUSR1);
		ok_is(SYSCALL(__NR_rt_sigsuspend, &none, 8), -L_EINTR, "sigsuspend: EINTR");
		ok(count == 1, "after the handler ran");
		sigprocmask_set(SIG_SETMASK, 0, &old);
		ok(old & SIGMASK(SIGUSR1), "and the mask is as before");
	}
	close(fd[0]);
	close(fd[1]);
}

static void test_altstack(void)
{
	static char stack[8192];
	struct k_stack ss = { .sp = (uintptr_t)stack, .size = sizeof(stack) };

	ok_is(SYSCALL(__NR_sigaltstack, &ss, 0), 0, "sigaltstack");
	signal_set(SIGUSR1, handler, SA_ONSTACK);
	kill(getpid(), SIGUSR1);
	ok(handler_sp > (uintptr_t)stack && handler_sp < (uintptr_t)stack + sizeof(stack), "the handler ran there");
	ss.size = 100;
	ok_is(SYSCALL(__NR_sigaltstack, &ss, 0), -L_ENOMEM, "too small a stack: ENOMEM");
	ss = (struct k_stack){ .flags = SS_DISABLE };
	SYSCALL(__NR_sigaltstack, &ss, 0);
}

static void test_timed(void)
{
	struct timespec64 short_time = { 0, 20000000 };
	sigmask_t set = SIGMASK(SIGUSR2), old;
	struct k_siginfo info;
	struct { int64_t v[4]; } timer = { { 0, 0, 0, 30000 } };
	int status;

	sigprocmask_set(SIG_BLOCK, set, &old);
	ok_is(SYSCALL(__NR_rt_sigtimedwait, &set, &info, &short_time, 8), -L_EAGAIN, "sigtimedwait: EAGAIN after its time");
	poke_later(SIGUSR2, 10000000);
	ok_is(SYSCALL(__NR_rt_sigtimedwait, &set, &info, 0, 8), SIGUSR2, "sigtimedwait takes a signal");
	waitpid(-1, &status, 0);
	sigprocmask_set(SIG_SETMASK, old, NULL);
	signal_set(SIGALRM, handler, 0);
	last = 0;
	SYSCALL(__NR_setitimer, ITIMER_REAL, &timer, 0);
	for (int i = 0; i < 100 && last != SIGALRM; i++)
		nanosleep_ns(10000000);
	ok(last == SIGALRM, "setitimer: SIGALRM");
}

static long queue(int value)
{
	struct k_siginfo info = { .si_signo = 40, .si_code = -1 /* SI_QUEUE */, .rt = { .pid = getpid(), .value = value } };

	return SYSCALL(__NR_rt_sigqueueinfo, getpid(), 40, &info);
}

/* A child that may have ten signals waiting. */
static void limited_queue(void)
{
	uint64_t limit[2] = { 10, 10 };
	sigmask_t set = SIGMASK(40) | SIGMASK(SIGUSR1);
	struct k_siginfo info;
	int n = 0, values = 0;

	sigprocmask_set(SIG_BLOCK, set, NULL);
	if (SYSCALL(__NR_prlimit64, 0, RLIMIT_SIGPENDING, limit, NULL))
		_exit(1);
	while (n < 100 && !queue(n))
		n++;
	if (n != 10 || queue(n) != -L_EAGAIN)
		_exit(2);
	if (kill(getpid(), SIGUSR1))	/* the limit is not for those */
		_exit(3);
	for (int i = 0; i < 2; i++) {
		SYSCALL(__NR_rt_sigtimedwait, &set, &info, NULL, 8);
		values += info.si_signo == 40 ? (int)info.rt.value : 100;
	}
	info = (struct k_siginfo){ .si_code = SI_USER };
	if (SYSCALL(__NR_rt_sigqueueinfo, getppid(), 0, &info) != -L_EPERM || SYSCALL(__NR_rt_sigqueueinfo, 99999999, 0, &info) == 0 ||
	    SYSCALL(__NR_rt_tgsigqueueinfo, getpid(), 0, 40, &info) != -L_EINVAL)
		_exit(6);
	info = (struct k_siginfo){ .si_code = -1 };
	if (SYSCALL(__NR_rt_tgsigqueueinfo, getpid(), getppid(), 0, &info) != -L_ESRCH ||
	    SYSCALL(__NR_rt_tgsigqueueinfo, getpid(), getpid(), 65, &info) != -L_EINVAL ||
	    SYSCALL(__NR_rt_tgsigqueueinfo, getpid(), getpid(), 0, &info) != 0)
		_exit(7);
	if (values != 100 || queue(10) || queue(11) != -L_EAGAIN)
		_exit(4);
	for (n = 1; n < 11; n++)
		if (SYSCALL(__NR_rt_sigtimedwait, &set, &info, NULL, 8) != 40 || (int)info.rt.value != n)
			_exit(5);
	_exit(0);
}

static void die_by_pipe(void)
{
	int fd[2];

	pipe(fd);
	close(fd[0]);
	write(fd[1], "x", 1);
}

static void bad_instruction(void)
{
	__asm__ volatile(".word 0");
}

static void breakpoint(void)
{
	__asm__ volatile("ebreak");
}

int main(void)
{
	int storm = 0;

	test_basic();
	test_registers();
	test_restart();
	test_altstack();
	test_timed();
	ok_is(in_child(limited_queue), 0, "RLIMIT_SIGPENDING: ten are queued, in order, and the eleventh is EAGAIN");
	ok_is(in_child(die_by_pipe), SIGPIPE, "a pipe without readers: SIGPIPE");
	ok_is(in_child(bad_instruction) & 0x7f, SIGILL, "an illegal instruction: SIGILL");
	ok_is(in_child(breakpoint) & 0x7f, SIGTRAP, "ebreak: SIGTRAP");
	/* A storm: every signal that a child sends one at a time is handled. */
	signal_set(SIGUSR1, handler, SA_RESTART);
	count = 0;
	for (int i = 0; i < 200; i++) {
		kill(getpid(), SIGUSR1);
		storm++;
	}
	ok(count == storm, "200 signals, 200 handlers");
	return tap_done();
}
