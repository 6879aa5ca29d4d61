/* SPDX-License-Identifier: MIT */
/*
 * bench [NAME...]: instructions an operation. Under -icount shift=0 a nanosecond
 * of the clock is an instruction. Median of five runs; same names as docs/benchmarks.md.
 */
#include "sys.h"

#define PG 4096UL
#define RW (PROT_READ | PROT_WRITE)

static uint64_t t0;

static void start(void)
{
	t0 = monotonic_ns();
}

static uint64_t stop(void)
{
	return monotonic_ns() - t0;
}

static char *amap(size_t n, int flags)
{
	char *p = mmap(NULL, n, RW, MAP_ANONYMOUS | flags, -1, 0);

	if (p == MAP_FAILED)
		die("bench: mmap");
	return p;
}

static uint64_t touch(char *p, long n, bool write)
{
	start();
	for (long i = 0; i < n; i++) {
		if (write)
			*(volatile char *)(p + i * PG) = 1;
		else
			(void)*(volatile char *)(p + i * PG);
	}
	return stop();
}

static uint64_t null_getppid(long n)
{
	start();
	for (long i = 0; i < n; i++)
		SYSCALL(__NR_getppid);
	return stop();
}

static uint64_t enosys(long n)
{
	start();
	for (long i = 0; i < n; i++)
		SYSCALL(2000);
	return stop();
}

static uint64_t read1_devzero(long n)
{
	int fd = open("/dev/zero", O_RDONLY);
	uint64_t t;
	char c;

	start();
	for (long i = 0; i < n; i++)
		SYSCALL(__NR_read, fd, &c, 1);
	t = stop();
	close(fd);
	return t;
}

static uint64_t write1_devnull(long n)
{
	int fd = open("/dev/null", O_WRONLY);
	uint64_t t;
	char c = 0;

	start();
	for (long i = 0; i < n; i++)
		SYSCALL(__NR_write, fd, &c, 1);
	t = stop();
	close(fd);
	return t;
}

static uint64_t forks(long n, long clone_flags, bool exec)
{
	static char *argv[] = { "true", NULL };

	start();
	for (long i = 0; i < n; i++) {
		int pid = SYSCALL(__NR_clone, clone_flags | SIGCHLD);

		if (!pid) {
			if (exec)
				SYSCALL(__NR_execve, "/bin/true", argv, environ);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
	return stop();
}

static uint64_t fork_exit_wait(long n)
{
	return forks(n, 0, false);
}

static uint64_t vfork_exit_wait(long n)
{
	return forks(n, 0x4100, false);
}

static uint64_t fork_exec_true(long n)
{
	return forks(n, 0, true);
}

static uint64_t anon_first_write(long n)
{
	char *p = amap(n * PG, MAP_PRIVATE);
	uint64_t t = touch(p, n, true);

	munmap(p, n * PG);
	return t;
}

static uint64_t anon_first_read(long n)
{
	char *p = amap(n * PG, MAP_PRIVATE);
	uint64_t t = touch(p, n, false);

	munmap(p, n * PG);
	return t;
}

static uint64_t munmap_per_page(long n)
{
	char *p = amap(n * PG, MAP_PRIVATE);

	touch(p, n, true);
	start();
	munmap(p, n * PG);
	return stop();
}

static uint64_t cow(long n, bool reuse)
{
	uint64_t *shared = (uint64_t *)amap(PG, MAP_SHARED), t;
	char *p = amap(n * PG, MAP_PRIVATE);
	int pid;

	touch(p, n, true);
	pid = fork();
	if (!pid) {
		if (!reuse)
			*shared = touch(p, n, true);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	t = reuse ? touch(p, n, true) : *shared;
	munmap(p, n * PG);
	munmap(shared, PG);
	return t;
}

static uint64_t cow_copy(long n)
{
	return cow(n, false);
}

static uint64_t cow_reuse(long n)
{
	return cow(n, true);
}

static uint64_t mmap_munmap_4k(long n)
{
	start();
	for (long i = 0; i < n; i++)
		munmap(amap(PG, MAP_PRIVATE), PG);
	return stop();
}

static uint64_t mprotect_toggle(long n)
{
	char *p = amap(PG, MAP_PRIVATE);
	uint64_t t;

	*p = 1;
	start();
	for (long i = 0; i < n; i++)
		mprotect(p, PG, i & 1 ? RW : PROT_READ);
	t = stop();
	munmap(p, PG);
	return t;
}

static void nothing(int sig)
{
	(void)sig;
}

static uint64_t sig_install(long n)
{
	start();
	for (long i = 0; i < n; i++)
		signal_set(SIGUSR1, nothing, 0);
	return stop();
}

static uint64_t sig_kill_catch(long n)
{
	int me = getpid();

	signal_set(SIGUSR1, nothing, 0);
	start();
	for (long i = 0; i < n; i++)
		SYSCALL(__NR_kill, me, SIGUSR1);
	return stop();
}

static void pin(int hart)
{
	unsigned long mask = 1UL << hart;

	if (SYSCALL(__NR_sched_setaffinity, 0, sizeof(mask), &mask) < 0)
		die("bench: hart");
}

/* @far: the two ends on harts 0 and 1, each of which idles while the other runs. */
static uint64_t pipe_pp(long n, bool far)
{
	int to[2], from[2], pid;
	uint64_t t;
	char c = 0;

	if (pipe(to) < 0 || pipe(from) < 0)
		die("bench: pipe");
	pid = fork();
	if (far)
		pin(pid ? 0 : 1);
	if (!pid) {
		for (long i = 0; i < n; i++)
			if (read(to[0], &c, 1) != 1 || write(from[1], &c, 1) != 1)
				_exit(1);
		_exit(0);
	}
	start();
	for (long i = 0; i < n; i++)
		if (write(to[1], &c, 1) != 1 || read(from[0], &c, 1) != 1)
			die("bench: pipe");
	t = stop();
	waitpid(pid, NULL, 0);
	for (int i = 0; i < 2; i++) {
		close(to[i]);
		close(from[i]);
	}
	return t;
}

static uint64_t pipe_pp_rt(long n)
{
	return pipe_pp(n, false);
}

static uint64_t pipe_pp_rt_far(long n)
{
	return pipe_pp(n, true);
}

static uint64_t yield_alone(long n)
{
	start();
	for (long i = 0; i < n; i++)
		SYSCALL(__NR_sched_yield);
	return stop();
}

static const struct {
	const char *name;
	uint64_t (*run)(long n);
	long n;
} ops[] = {
#define OP(name, n) { #name, name, n }
	OP(null_getppid, 10000), OP(enosys, 10000), OP(read1_devzero, 10000), OP(write1_devnull, 10000),
	OP(fork_exit_wait, 100), OP(vfork_exit_wait, 100), OP(fork_exec_true, 100), OP(anon_first_write, 2048),
	OP(anon_first_read, 2048), OP(munmap_per_page, 2048), OP(cow_copy, 2048), OP(cow_reuse, 2048),
	OP(mmap_munmap_4k, 2000), OP(mprotect_toggle, 2000), OP(sig_install, 2000), OP(sig_kill_catch, 2000),
	OP(pipe_pp_rt, 1000), OP(yield_alone, 5000),
	OP(pipe_pp_rt_far, 500),
};

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	unsigned long online = 0;
	int known = 0, harts;

	SYSCALL(__NR_sched_getaffinity, 0, sizeof(online), &online);
	harts = __builtin_popcountl(online);

	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		bool chosen = argc == 1;
		uint64_t t[5];

		for (int k = 1; k < argc; k++)
			chosen |= !strcmp(argv[k], ops[i].name);
		if (!chosen || (ops[i].run == pipe_pp_rt_far && harts < 2))
			continue;
		known++;
		ops[i].run(ops[i].n / 8 + 1);
		for (int k = 0; k < 5; k++)
			t[k] = ops[i].run(ops[i].n);
		qsort(t, 5, sizeof(t[0]), by_value);
		printf("BENCH %-20s %8lu instructions\n", ops[i].name, (unsigned long)(t[2] / ops[i].n));
		fflush(stdout);
	}
	if (!known)
		usage("bench [NAME...]");
	return 0;
}
