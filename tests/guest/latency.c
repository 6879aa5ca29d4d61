/* SPDX-License-Identifier: MIT */
/*
 * For how long interrupts stay off, and a task cannot be preempted, whatever programs do: told by the
 * tracers irqsoff and preemptirqsoff of the debug build. With one hart and -icount a us is
 * a thousand instructions of that build, and the same each time; the bounds are those of docs/debugging.md.
 */
#include "tap.h"

#include "abi/futex.h"
#include "abi/time.h"

#define TRACING "/sys/kernel/tracing/"
#define IRQSOFF_US 100
#define PREEMPTOFF_US 400

#define CHILDREN 300
#define SPAN (32UL << 20)

static void storm(void)
{
	int pid = fork();

	if (!pid) {
		char *const argv[] = { "stress", "-t", "1", NULL };

		execvp("stress", argv);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

/* Memory that is touched, copied by a fork, and given back. */
static void memory(void)
{
	char *p = mmap(NULL, SPAN, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int pid;

	for (size_t at = 0; at < SPAN; at += 4096)
		p[at] = 1;
	pid = fork();
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	mprotect(p, SPAN, PROT_READ);
	munmap(p, SPAN);
}

/* Many children, signalled as a group, left to another parent all at once. */
static void orphans(void)
{
	int pid = fork(), status;

	if (!pid) {
		setpgid(0, 0);
		signal_set(SIGUSR1, (handler_t)1, 0);
		for (int i = 0; i < CHILDREN; i++)
			if (!fork()) {
				nanosleep_ns(400000000);
				_exit(0);
			}
		kill(0, SIGUSR1);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	nanosleep_ns(600000000);
}

/* Stopped jobs, a group of many and many of one, whose parent goes: each is told so. The last to join comes first in its group. */
static void stopped_jobs(void)
{
	int pid = fork(), first = 0, children[CHILDREN];

	if (!pid) {
		for (int i = 0; i < CHILDREN; i++) {
			children[i] = fork();
			if (!children[i])
				for (;;)
					nanosleep_ns(1000000000);
		}
		for (int i = CHILDREN; i-- > 2 * CHILDREN / 3; first = first ? first : children[i])
			setpgid(children[i], first);
		for (int i = 2 * CHILDREN / 3; i--; )
			setpgid(children[i], children[i]);
		for (int i = 0; i < CHILDREN; i++)
			kill(children[i], SIGSTOP);
		for (int i = 0; i < CHILDREN; i++)
			waitpid(children[i], NULL, WUNTRACED);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	nanosleep_ns(300000000);
}

/* Timers that expire together. */
static void timers(void)
{
	signal_set(SIGALRM, (handler_t)1, 0);
	for (int i = 0; i < CHILDREN; i++)
		if (!fork()) {
			uint64_t t = monotonic_ns();

			nanosleep_ns(500000000 - t % 500000000);
			_exit(0);
		}
	for (int i = 0; i < CHILDREN; i++)
		waitpid(-1, NULL, 0);
}

/* Many who wait at one word, moved to another and woken all at once. */
static void waiters(void)
{
	volatile int *word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; i < CHILDREN; i++)
		if (!fork()) {
			SYSCALL(__NR_futex, word, FUTEX_WAIT, 0, NULL);
			_exit(0);
		}
	nanosleep_ns(100000000);
	SYSCALL(__NR_futex, word, FUTEX_CMP_REQUEUE, 1, 0x7fffffff, word + 1, 0);
	*word = 1;
	SYSCALL(__NR_futex, word + 1, FUTEX_WAKE, 0x7fffffff);
	for (int i = 0; i < CHILDREN; i++)
		waitpid(-1, NULL, 0);
	munmap((void *)word, 4096);
}

/* As many signals and timers as there may be: all at once, thrown away, wanted again, and left at exit. */
static void signals(void)
{
	struct k_siginfo info = { .si_code = -1 };
	struct k_sigevent event = { .signo = 40 };
	uint64_t now = monotonic_ns(), t[4] = { 0, 1, now / 1000000000 + 1, now % 1000000000 };
	int pid = fork(), id;

	if (!pid) {
		sigprocmask_set(SIG_BLOCK, ~0UL, NULL);
		while (!SYSCALL(__NR_rt_sigqueueinfo, getpid(), 40, &info))
			;
		kill(getpid(), SIGTSTP);
		kill(getpid(), SIGCONT);
		signal_set(40, (handler_t)1, 0);
		signal_set(40, (handler_t)0, 0);
		while (!SYSCALL(__NR_timer_create, CLOCK_MONOTONIC, &event, &id))
			SYSCALL(__NR_timer_settime, id, TIMER_ABSTIME, t, NULL);
		nanosleep_ns(1500000000);
		signal_set(40, (handler_t)1, 0);
		signal_set(40, (handler_t)0, 0);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

/* Files of /proc, and the folder: the numbers behind the last process are none. */
static void texts(void)
{
	static const char *const names[] = { "/proc/self/maps", "/proc/schedstat", "/proc/vmstat", "/proc/interrupts", "/proc/slabinfo",
					     "/sys/kernel/debug/sched/debug", "/proc/self/stat", "/proc/buddyinfo" };
	static char buf[65536];
	int dir = open("/proc", O_RDONLY);

	while (getdents64(dir, buf, sizeof(buf)) > 0)
		;
	close(dir);
	for (unsigned int i = 0; i < ARRAY_LEN(names); i++)
		read_file(names[i], buf, sizeof(buf));
}

static long longest(const char *tracer, void (*load)(void))
{
	char text[32] = "";

	write_text(TRACING "current_tracer", tracer);
	load();
	read_file(TRACING "tracing_max_latency", text, sizeof(text));
	return atol(text);
}

static void show_trace(void)
{
	static char text[4096];
	char *save = text, *line;

	read_file(TRACING "trace", text, sizeof(text));
	while ((line = strsep(&save, "\n")))
		if (strstr(line, "us") || strstr(line, "=>"))
			printf("# %s\n", line);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*fn)(void);
	} loads[] = { { "a storm", storm }, { "memory", memory }, { "orphans", orphans },
		    { "stopped jobs", stopped_jobs }, { "timers", timers }, { "waiters", waiters },
		    { "signals", signals }, { "texts", texts } };

	if (write_text(TRACING "current_tracer", "irqsoff")) {
		ok(true, "the longest stretches # SKIP no tracer irqsoff in this kernel");
		return tap_done();
	}
	for (unsigned int i = 0; i < ARRAY_LEN(loads); i++) {
		long us = longest("irqsoff", loads[i].fn);

		if (!ok(us >= 0 && us <= IRQSOFF_US, "interrupts stay off no longer than %d us: %s (%ld)", IRQSOFF_US, loads[i].name, us))
			show_trace();
		us = longest("preemptirqsoff", loads[i].fn);
		if (!ok(us >= 0 && us <= PREEMPTOFF_US, "nobody waits longer than %d us for a task that cannot be preempted: %s (%ld)",
			PREEMPTOFF_US, loads[i].name, us))
			show_trace();
	}
	write_text(TRACING "current_tracer", "nop");
	return tap_done();
}
