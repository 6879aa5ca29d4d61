/* SPDX-License-Identifier: MIT */
/*
 * Signals and timers of programs that mean harm: more of them than anybody could handle, numbers that are none, frames and
 * information that are made up. Nobody else is to notice. True of Linux too.
 */
#include "tap.h"
#include "thread.h"

#include "abi/time.h"

#define MS 1000000UL
#define RT 40

struct timer_spec {
	int64_t every_s, every_ns, in_s, in_ns;
};

static const handler_t ignore = (handler_t)1;
static volatile int count[65];

static void note(int sig)
{
	count[sig]++;
}

static long make(int notify, int signo, int tid, int *id)
{
	struct k_sigevent e = { .value = 7, .signo = signo, .notify = notify, .tid = tid };

	return SYSCALL(__NR_timer_create, CLOCK_MONOTONIC, &e, id);
}

static long arm(int id, uint64_t every_ns, uint64_t in_ns)
{
	struct timer_spec t = { every_ns / 1000000000, every_ns % 1000000000, in_ns / 1000000000, in_ns % 1000000000 };

	return SYSCALL(__NR_timer_settime, id, 0, &t, NULL);
}

static void set_uid(int uid)
{
	SYSCALL(__NR_setresuid, uid, uid, uid);
}

static void set_limit(uint64_t n)
{
	uint64_t l[2] = { n, n };

	SYSCALL(__NR_prlimit64, 0, RLIMIT_SIGPENDING, l, NULL);
}

static void block(int sig)
{
	sigprocmask_set(SIG_BLOCK, SIGMASK(sig), NULL);
}

static bool comes(int sig, uint64_t ns, struct k_siginfo *info)
{
	struct timespec64 t = { ns / 1000000000, ns % 1000000000 };
	sigmask_t set = SIGMASK(sig);

	return SYSCALL(__NR_rt_sigtimedwait, &set, info, &t, 8) == sig;
}

static long queue(int pid, int sig)
{
	struct k_siginfo info = { .si_code = -1, .rt = { .pid = getpid() } };

	return SYSCALL(__NR_rt_sigqueueinfo, pid, sig, &info);
}

/* How many signals and timers of this user wait, and may. */
static int sigq(int *limit)
{
	static char text[2048];
	const char *at;
	int n = -1;

	if (read_file("/proc/self/status", text, sizeof(text)) > 0 && (at = strstr(text, "SigQ:"))) {
		n = strtol(at + 5, (char **)&at, 10);
		*limit = strtol(at + 1, NULL, 10);
	}
	return n;
}

/* ---- Floods ---- */

/* All the timers that it may have, of a signal that nobody wants, each ns. */
static int flood(void)
{
	int pid = fork(), id;

	if (pid)
		return pid;
	set_uid(1000);
	signal_set(SIGUSR1, ignore, 0);
	for (int n = 0; n < 20000 && !make(0, SIGUSR1, 0, &id); n++)
		arm(id, 1, 1);
	for (;;)
		nanosleep_ns(1000 * MS);
}

static void test_flood(void)
{
	int pids[8];
	bool sleeps = true;

	for (int i = 0; i < 8; i++)
		pids[i] = flood();
	for (int i = 0; i < 20; i++) {
		uint64_t before = monotonic_ns();

		nanosleep_ns(10 * MS);
		sleeps &= monotonic_ns() - before < 3000 * MS;
	}
	ok(sleeps, "while a user's timers expire as fast as they can, others sleep as long as they want");
	for (int i = 0; i < 8; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
}

static volatile int *shared;

/* A process of user 1000 that has 10 timers, and 10 signals that wait. */
static int hoard(void)
{
	int pid, id;

	*shared = 0;
	pid = fork();
	if (pid) {
		while (!*shared)
			nanosleep_ns(MS);
		return pid;
	}
	set_uid(1000);
	set_limit(20);
	block(RT);
	for (int i = 0; i < 10; i++)
		if (make(0, RT, 0, &id) || queue(getpid(), RT))
			_exit(1);
	*shared = make(0, RT, 0, &id) == -L_EAGAIN && queue(getpid(), RT) == -L_EAGAIN ? 1 : 2;
	for (;;)
		nanosleep_ns(1000 * MS);
}

static void has_none_left(void)
{
	int id, limit = 0, n;

	set_uid(1000);
	set_limit(20);
	n = sigq(&limit);
	block(SIGUSR1);
	block(RT);
	_exit(n != 20 || limit != 20 ? 1 : make(SIGEV_NONE, 0, 0, &id) != -L_EAGAIN ? 2 : queue(getpid(), RT) != -L_EAGAIN ? 3 :
	      kill(getpid(), SIGUSR1) || !comes(SIGUSR1, 0, NULL) ? 4 : kill(getpid(), RT) || !comes(RT, 0, NULL) ? 5 : 0);
}

static void others_have(void)
{
	int id, limit;

	set_uid(1001);
	set_limit(20);
	block(RT);
	_exit(sigq(&limit) != 0 || make(0, RT, 0, &id) || queue(getpid(), RT));
}

static void counts(void)
{
	int limit, before, after, id;

	set_uid(1000);
	block(RT);
	queue(getpid(), RT);
	make(0, RT, 0, &id);
	before = sigq(&limit);
	comes(RT, 0, NULL);
	SYSCALL(__NR_timer_delete, id);
	after = sigq(&limit);
	_exit(before != 2 || after != 0);
}

static void test_limit(void)
{
	int pid, limit = 0;

	ok_is(in_child(counts), 0, "SigQ tells of a user's signals and timers");
	pid = hoard();
	ok(*shared == 1, "twenty timers and signals are RLIMIT_SIGPENDING, no more: EAGAIN");
	ok_is(in_child(has_none_left), 0, "of a user, not of a process; kill() is not held up by it");
	ok_is(in_child(others_have), 0, "another user has his own");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	pid = hoard();
	ok(*shared == 1, "when the process has died they are there again");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ok(sigq(&limit) >= 0 && limit > 0, "we may have %d", limit);
}

/* ---- Timers whose signal is ignored ---- */

static void test_ignored(void)
{
	int id;

	signal_set(RT, ignore, 0);
	make(0, RT, 0, &id);
	arm(id, 2 * MS, 1);
	nanosleep_ns(20 * MS);
	count[RT] = 0;
	signal_set(RT, note, 0);
	for (int i = 0; i < 2000 && count[RT] < 3; i++)
		nanosleep_ns(5 * MS);
	ok(count[RT] >= 3, "a timer whose signal was ignored goes on when there is a handler");
	block(RT);
	nanosleep_ns(10 * MS);
	signal_set(RT, ignore, 0);	/* what waits is dropped */
	signal_set(RT, note, 0);
	arm(id, 0, 1);
	ok(comes(RT, 10000 * MS, NULL), "one whose signal was dropped can be set again");
	arm(id, 0, 1);
	nanosleep_ns(10 * MS);
	SYSCALL(__NR_timer_delete, id);
	signal_set(RT, ignore, 0);
	signal_set(RT, note, 0);
	ok(!comes(RT, 20 * MS, NULL), "or taken away, and with it what is left");
	sigprocmask_set(SIG_UNBLOCK, SIGMASK(RT), NULL);
}

/* ---- What is made up ---- */

static void test_forged(void)
{
	struct k_siginfo info;
	int none, once, n = 0;

	block(RT);
	ok_is(make(SIGEV_NONE, 0x10000000, 0, &none), 0, "a timer that tells nobody, by a signal that is none");
	make(0, RT, 0, &once);
	arm(once, 0, 1);
	comes(RT, 10000 * MS, NULL);
	arm(none, 20 * MS, 20 * MS);
	for (unsigned int seq = 0; seq < 6; seq++)
		for (int k = 0; k < 2; k++) {
			info = (struct k_siginfo){ .si_code = SI_TIMER,
						   .timer = { .tid = k ? none : once, .overrun = 77, .value = 5, .seq = seq } };
			n += SYSCALL(__NR_rt_sigqueueinfo, getpid(), RT, &info) == 0 && comes(RT, 0, &info) &&
			     info.si_code == SI_TIMER && info.timer.overrun == 77 && info.timer.value == 5;
		}
	ok_is(n, 12, "signals that tell of a timer, but are a program's, come as they were sent");
	nanosleep_ns(50 * MS);
	ok(!comes(RT, 0, NULL) && SYSCALL(__NR_timer_getoverrun, once) == 0, "and move no timer");
	SYSCALL(__NR_timer_delete, none);
	SYSCALL(__NR_timer_delete, once);
	sigprocmask_set(SIG_UNBLOCK, SIGMASK(RT), NULL);
}

static void test_numbers(void)
{
	static const int none[] = { 65, 66, 127, 128, 1000, -1, 0x7fffffff, (int)0x80000000 };
	struct k_sigaction act = { .handler = SIG_IGN };
	struct k_siginfo info = { .si_code = -1 };
	struct timer_spec t = { 0 };
	struct k_stack ss = { .sp = 4096, .size = 8192 };
	int bad = 0, id, self = getpid();

	for (size_t i = 0; i < ARRAY_LEN(none); i++) {
		int n = none[i];

		bad += SYSCALL(__NR_kill, self, n) != -L_EINVAL;
		bad += SYSCALL(__NR_tkill, self, n) != -L_EINVAL;
		bad += SYSCALL(__NR_tgkill, self, self, n) != -L_EINVAL;
		bad += SYSCALL(__NR_rt_sigqueueinfo, self, n, &info) != -L_EINVAL;
		bad += SYSCALL(__NR_rt_tgsigqueueinfo, self, self, n, &info) != -L_EINVAL;
		bad += SYSCALL(__NR_rt_sigaction, n, &act, NULL, 8) != -L_EINVAL;
		bad += SYSCALL(__NR_prctl, PR_SET_PDEATHSIG, n) != -L_EINVAL;
		bad += make(0, n, 0, &id) != -L_EINVAL;
		bad += make(SIGEV_THREAD_ID, n, self, &id) != -L_EINVAL;
		bad += SYSCALL(__NR_setitimer, n, &t, NULL) != -L_EINVAL;
		bad += SYSCALL(__NR_getitimer, n, &t) != -L_EINVAL;
		bad += SYSCALL(__NR_rt_sigprocmask, n, &(sigmask_t){ 0 }, NULL, 8) != -L_EINVAL;
		bad += SYSCALL(__NR_timer_settime, n, 0, &t, NULL) != -L_EINVAL;
	}
	ok_is(bad, 0, "signals, timers and ways that there are none of: EINVAL");
	ok(SYSCALL(__NR_rt_sigaction, 0, &act, NULL, 8) == -L_EINVAL && make(0, 0, 0, &id) == -L_EINVAL &&
	   SYSCALL(__NR_rt_sigaction, SIGKILL, &act, NULL, 8) == -L_EINVAL &&
	   SYSCALL(__NR_rt_sigaction, SIGSTOP, &act, NULL, 8) == -L_EINVAL &&
	   SYSCALL(__NR_rt_sigaction, RT, &act, NULL, 16) == -L_EINVAL, "no action for 0, SIGKILL, SIGSTOP, another size");
	for (unsigned int mode = 3; mode < 0x80000000; mode = mode * 2 + 1) {
		ss.flags = mode;
		bad += SYSCALL(__NR_sigaltstack, &ss, NULL) != -L_EINVAL;
	}
	ok_is(bad, 0, "a stack of a kind that there is none of: EINVAL");
}

/* Bytes of the kernel's, where the structure has a hole? */
static void test_holes(void)
{
	unsigned char old[24];
	int bad = 0;

	for (int i = 0; i < 200; i++) {
		static char text[64];
		static struct k_stat st;

		stat("/dev/null", &st);
		read_file("/proc/self/comm", text, sizeof(text));
		memset(old, 0, sizeof(old));
		SYSCALL(__NR_sigaltstack, NULL, old);
		for (int k = 12; k < 16; k++)
			bad += old[k] != 0;
	}
	ok_is(bad, 0, "sigaltstack() tells nothing but the stack");
}

/* ---- Frames ---- */

static int what;
static uint64_t seed;

static uint64_t draw(void)
{
	seed = seed * 6364136223846793005 + 1442695040888963407;
	return seed >> 20 ^ seed << 40;
}

static void spoil(int sig, struct k_siginfo *info, struct k_ucontext *uc)
{
	uint64_t *regs = uc->uc_mcontext.regs;

	(void)sig;
	(void)info;
	switch (what) {
	case 0:
		regs[0] = 0xffffffff80200000;	/* pc: the kernel's */
		break;
	case 1:
		regs[0] = 1;
		break;
	case 2:
		regs[2] = 0;			/* sp, and then another signal */
		kill(getpid(), SIGUSR2);
		break;
	case 3:
		memset(uc->uc_mcontext.fp, 0xff, sizeof(uc->uc_mcontext.fp));
		uc->uc_mcontext.fcsr = ~0u;
		_exit(0);
	case 4:
		for (int i = 0; i < 32; i++)
			regs[i] = draw();
		break;
	case 5:
		uc->uc_stack = (struct k_stack){ .sp = draw(), .flags = draw(), .size = draw() };
		uc->uc_sigmask = ~0UL;
		break;
	default:
		for (uint64_t *at = (uint64_t *)uc; at < (uint64_t *)(uc + 1); at++)
			if (draw() & 1)
				*at = draw();
	}
}

static void spoiled(void)
{
	signal_set(SIGUSR1, (handler_t)(void *)spoil, SA_SIGINFO);
	signal_set(SIGUSR2, note, 0);
	kill(getpid(), SIGUSR1);
	_exit(0);
}

/* The stack pointer is anywhere, and what lies there no frame. */
static void sigreturn_anywhere(void)
{
	static uint64_t junk[256];
	uint64_t at = seed & 1 ? draw() & (seed & 2 ? ~0UL : 0x3fffffffff) : (uint64_t)junk;

	for (size_t i = 0; i < ARRAY_LEN(junk); i++)
		junk[i] = draw();
	__asm__ volatile("mv sp, %0\n li a7, 139\n ecall\n li a7, 93\n li a0, 0\n ecall" : : "r"(at) : "memory");
}

static void test_frames(void)
{
	int ended = 0, n = 0, status;

	for (what = 0; what < 60; what++, n++) {
		seed = what * 77 + 5;
		status = in_child(spoiled);
		ended += status == 0 || (status & 0x7f) == SIGSEGV || (status & 0x7f) == SIGBUS || (status & 0x7f) == SIGILL ||
			 (status & 0x7f) == SIGTRAP;
	}
	for (int i = 0; i < 60; i++, n++) {
		seed = i;
		status = in_child(sigreturn_anywhere);
		ended += status == 0 || (status & 0x7f) == SIGSEGV || (status & 0x7f) == SIGBUS || (status & 0x7f) == SIGILL ||
			 (status & 0x7f) == SIGTRAP;
	}
	ok_is(ended, n, "who returns from no handler, or with another's registers, harms himself");
}

static char alt[16384] __attribute__((aligned(16)));
static int depth;

static void deeper(int sig)
{
	volatile char room[512];

	room[0] = sig;
	if (++depth < 1000)
		kill(getpid(), sig);
	(void)room[0];
}

static void overflow(void)
{
	struct k_stack ss = { .sp = (uintptr_t)alt + 8192, .size = 4096 };

	SYSCALL(__NR_sigaltstack, &ss, NULL);
	memset(alt, 0x55, 8192);
	signal_set(SIGUSR1, deeper, SA_ONSTACK | SA_NODEFER);
	kill(getpid(), SIGUSR1);
	_exit(1);
}

/* ---- A storm ---- */

static volatile int going, threads_of[4];

/* Timers of threads that end, signals to them, actions that change. */
static void play(void *arg)
{
	uint64_t s = (long)arg * 2654435761u + SYSCALL(__NR_gettid);
	int id = 0, self = SYSCALL(__NR_gettid);

	threads_of[(long)arg & 3] = self;
	for (int i = 0; i < 40 && going; i++) {
		struct k_siginfo info = { .si_code = -1 };
		sigmask_t set = SIGMASK(RT);

		s = s * 6364136223846793005 + 1442695040888963407;
		if (!make(s >> 40 & 1 ? SIGEV_THREAD_ID : 0, RT, self, &id))
			arm(id, (s >> 45 & 3) * 20 * MS, 1 + (s >> 50 & 4095));
		signal_set(RT, s >> 33 & 1 ? ignore : note, 0);
		SYSCALL(__NR_rt_sigprocmask, s >> 41 & 1, &set, NULL, 8);
		SYSCALL(__NR_rt_tgsigqueueinfo, getpid(), threads_of[s >> 42 & 3], RT, &info);
		SYSCALL(__NR_rt_sigqueueinfo, getppid(), 0, &info);
		SYSCALL(__NR_tkill, threads_of[s >> 44 & 3], s >> 60 & 1 ? RT : 0);
		if (s >> 61 & 1)
			SYSCALL(__NR_timer_delete, id - (s >> 55 & 7));
	}
}

static void storm_process(long n)
{
	static char *const args[] = { "true", NULL }, *const none[] = { NULL };

	if (n % 3)
		set_uid(1000 + n % 2);
	going = 1;
	signal_set(RT, note, 0);
	for (long round = 0; round < 3; round++) {
		for (long t = 0; t < 4; t++)
			start(&threads[t], play, (void *)(n * 100 + round * 10 + t));
		play((void *)(n * 100 + 99));
		if (round == 2)
			break;
		for (int t = 0; t < 4; t++)
			join(&threads[t]);
	}
	if (n & 1)
		execve("/bin/true", args, none);
	SYSCALL(n & 2 ? __NR_exit : __NR_exit_group, 0);
}

static void test_storm(void)
{
	uint64_t end = monotonic_ns() + 1500 * MS;
	long n = 0;

	while (monotonic_ns() < end) {
		int pid[2];

		for (int i = 0; i < 2; i++, n++) {
			fflush(stdout);
			pid[i] = fork();
			if (!pid[i])
				storm_process(n);
		}
		/* One may do nothing but handle its own signals by now: what ends that is a kill. */
		for (int i = 0; i < 2; i++)
			while (!waitpid(pid[i], NULL, WNOHANG)) {
				if (monotonic_ns() > end)
					kill(pid[i], SIGKILL);
				nanosleep_ns(MS);
			}
	}
	ok(n > 0, "timers and signals of threads that end, %ld processes", n);
}

int main(void)
{
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	test_flood();
	test_limit();
	test_ignored();
	test_forged();
	test_numbers();
	test_holes();
	test_frames();
	ok_is(in_child(overflow) & 0x7f, SIGSEGV, "a handler's stack that is full: SIGSEGV");
	test_storm();
	return tap_done();
}
