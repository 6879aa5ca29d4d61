/* SPDX-License-Identifier: MIT */
/*
 * Calls on one address space by many threads at once, fork and exec among them, and files that become shorter under those who
 * map them. What comes out is often an error or a signal; the machine stays, nothing is lost, and what a mapping shows is
 * what is in its file. True of Linux too.
 */
#include "tap.h"
#include "thread.h"

#define PG 4096UL
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define PAGES 32
#define NR_THREADS 4
#define TIME_NS 1500000000UL

static char *window;
static volatile bool stop;
static int file;

/* Step over the access: those below are 4 bytes long. */
static void on_fault(int sig, struct k_siginfo *info, struct k_ucontext *uc)
{
	(void)sig, (void)info;
	uc->uc_mcontext.regs[0] += 4;
}

static void store(char *p, char v)
{
	__asm__ volatile(".option push\n.option norvc\n sb %1, 0(%0)\n.option pop" :: "r"(p), "r"(v) : "memory");
}

static char load(const char *p)
{
	char v = 0;

	__asm__ volatile(".option push\n.option norvc\n lb %0, 0(%1)\n.option pop" : "+r"(v) : "r"(p) : "memory");
	return v;
}

static uint32_t dice(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % n;
}

/* ---- Anything, in one window ---- */

static void anything(void *arg)
{
	uint32_t seed = (uintptr_t)arg;
	uintptr_t brk = SYSCALL(__NR_brk, 0);

	while (!stop) {
		uint32_t at = dice(&seed, PAGES), n = 1 + dice(&seed, PAGES - at), to = dice(&seed, PAGES - n + 1), what = dice(&seed, 14);
		char *p = window + at * PG, *q = window + to * PG;
		long pid, len = n * PG;
		int status;

		switch (what) {
		case 0:
			SYSCALL(__NR_mmap, p, len, dice(&seed, 8), ANON | MAP_FIXED, -1, 0);
			break;
		case 1:
			SYSCALL(__NR_mmap, p, len, RW, (dice(&seed, 2) ? MAP_PRIVATE : MAP_SHARED) | MAP_FIXED, file, to * PG);
			break;
		case 2:
			SYSCALL(__NR_munmap, p, len);
			break;
		case 3:
			SYSCALL(__NR_mprotect, p, len, dice(&seed, 8));
			break;
		case 4:
			SYSCALL(__NR_mremap, p, len, len, MREMAP_MAYMOVE | MREMAP_FIXED | dice(&seed, 2) * MREMAP_DONTUNMAP, q);
			break;
		case 5:
			SYSCALL(__NR_mremap, p, len, (1 + dice(&seed, 8)) * PG, dice(&seed, 2), 0);
			break;
		case 6:
			SYSCALL(__NR_madvise, p, len, MADV_DONTNEED);
			break;
		case 7:
			SYSCALL(dice(&seed, 2) ? __NR_mlock : __NR_munlock, p, len);
			break;
		case 8:
			SYSCALL(__NR_ftruncate, file, dice(&seed, PAGES) * PG + dice(&seed, PG));
			break;
		case 9:
			SYSCALL(__NR_brk, brk + dice(&seed, 64) * PG);
			break;
		case 10:
			if (dice(&seed, 4))
				break;
			pid = SYSCALL(__NR_clone, SIGCHLD, 0, 0, 0, 0);
			if (!pid) {
				for (int i = 0; i < PAGES; i++)
					store(window + i * PG, i);
				SYSCALL(__NR_munmap, q, len);
				SYSCALL(__NR_exit_group, 0);
			}
			if (pid > 0)
				SYSCALL(__NR_wait4, pid, &status, 0, 0);
			break;
		case 11:
			SYSCALL(__NR_pwrite64, file, p, len > (long)PG ? (long)PG : len, to * PG);
			break;
		default:
			for (uint32_t i = at; i < at + n; i++) {
				store(window + i * PG + (seed & 0xff8), seed);
				load(window + i * PG);
			}
		}
	}
}

static void set_handlers(void)
{
	struct k_sigaction act = { (uintptr_t)on_fault, SA_SIGINFO | SA_NODEFER, 0 };

	SYSCALL(__NR_rt_sigaction, SIGSEGV, &act, 0, 8);
	SYSCALL(__NR_rt_sigaction, SIGBUS, &act, 0, 8);
}

static void run_threads(void (*fn)(void *))
{
	for (uintptr_t i = 0; i < NR_THREADS; i++)
		start(&threads[i], fn, (void *)(i * 77 + 1));
}

static void join_threads(void)
{
	for (int i = 0; i < NR_THREADS; i++)
		join(&threads[i]);
}

static void all_at_once(void)
{
	set_handlers();
	run_threads(anything);
	nanosleep_ns(TIME_NS);
	stop = true;
	join_threads();
	_exit(0);
}

static void all_at_once_user(void)
{
	SYSCALL(__NR_setresuid, 1000, 1000, 1000);
	all_at_once();
}

/* ---- A mapped file that becomes shorter ---- */

/* Touch what the file has and has not, and make and remove regions of it: the list of regions changes all the time. */
static void map_and_touch(void *arg)
{
	uint32_t seed = (uintptr_t)arg;

	while (!stop) {
		uint32_t at = dice(&seed, PAGES), n = 1 + dice(&seed, PAGES - at);
		char *p = (char *)SYSCALL(__NR_mmap, 0, n * PG, RW, MAP_SHARED, file, at * PG);

		store(window + at * PG, 1);
		if ((long)p < 0)
			continue;
		for (uint32_t i = 0; i < n; i++)
			store(p + i * PG, 1);
		SYSCALL(__NR_mprotect, p, PG, PROT_READ);
		load(window + (at + n - 1) * PG);
		SYSCALL(__NR_munmap, p, n * PG);
	}
}

/* Has @view, a mapping of the whole file, what the file has? */
static bool same_as_file(const char *view, char mark)
{
	for (int i = 0; i < PAGES; i++)
		if (load(view + i * PG + 8) != mark + i)
			return false;
	return true;
}

static void truncated(void)
{
	uint64_t end = monotonic_ns() + TIME_NS;
	char *views[4];
	int wrong = 0;

	set_handlers();
	for (int i = 0; i < 4; i++)
		views[i] = mmap(NULL, PAGES * PG, RW, MAP_SHARED, file, 0);
	window = views[0];
	run_threads(map_and_touch);
	for (int round = 0; monotonic_ns() < end; round++) {
		char mark = round & 0x3f;

		SYSCALL(__NR_ftruncate, file, (uint64_t)(round % 3) * PG);
		SYSCALL(__NR_ftruncate, file, PAGES * PG);
		for (int i = 0; i < PAGES; i++) {
			char byte = mark + i;

			SYSCALL(__NR_pwrite64, file, &byte, 1, i * PG + 8);
		}
		for (int i = 0; i < 4; i++)
			wrong += !same_as_file(views[i], mark);
	}
	stop = true;
	join_threads();
	if (wrong)
		printf("# %d views of another file\n", wrong);
	fflush(stdout);
	_exit(wrong != 0);
}

/* ---- A program that changes while it is run ---- */

static void rewrite(void *arg)
{
	static char text[65536];
	int from = SYSCALL(__NR_openat, AT_FDCWD, "/bin/true", O_RDONLY, 0), n = SYSCALL(__NR_read, from, text, sizeof(text));
	uint32_t seed = (uintptr_t)arg;

	while (!stop) {
		int fd = SYSCALL(__NR_openat, AT_FDCWD, "/tmp/vmraces-program", O_WRONLY, 0);

		if (fd < 0)
			continue;	/* ETXTBSY, on Linux */
		SYSCALL(__NR_pwrite64, fd, text, n, 0);
		SYSCALL(__NR_ftruncate, fd, dice(&seed, n));
		SYSCALL(__NR_pwrite64, fd, text, dice(&seed, n), 0);
		SYSCALL(__NR_close, fd);
	}
}

static void changing_program(void)
{
	uint64_t end = monotonic_ns() + TIME_NS / 2;
	char *argv[] = { "program", NULL };
	int status, fd = open("/tmp/vmraces-program", O_WRONLY | O_CREAT | O_TRUNC, 0755);

	close(fd);
	run_threads(rewrite);
	while (monotonic_ns() < end) {
		int pid = fork();

		if (!pid) {
			execve("/tmp/vmraces-program", argv, environ);
			_exit(1);
		}
		waitpid(pid, &status, 0);
	}
	stop = true;
	join_threads();
	unlink("/tmp/vmraces-program");
	_exit(0);
}

/* ---- The ground one stands on ---- */

static void unmap_stack(void)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0) & ~(PG - 1);

	SYSCALL(__NR_mmap, here - 4 * PG, 5 * PG, PROT_NONE, ANON | MAP_FIXED, -1, 0);
	_exit(0);
}

static void unmap_all(void)
{
	SYSCALL(__NR_munmap, 0x1000, (1UL << 38) - 0x1000);
	_exit(0);
}

static void unmap_the_rest(void)
{
	register uintptr_t a0 __asm__("a0") = (uintptr_t)window & ~((1UL << 37) - 1);
	register uintptr_t a1 __asm__("a1") = (1UL << 38) - a0;
	register long a7 __asm__("a7") = __NR_munmap;

	/* The stack goes, too: no C from here on. */
	__asm__ volatile("ecall\n li a7, 94\n li a0, 0\n ecall" : "+r"(a0) : "r"(a1), "r"(a7) : "memory");
}

int main(void)
{
	file = open("/tmp/vmraces", O_RDWR | O_CREAT | O_TRUNC, 0666);
	SYSCALL(__NR_ftruncate, file, PAGES * PG);
	window = mmap(NULL, PAGES * PG, RW, ANON, -1, 0);
	ok_is(in_child(all_at_once), 0, "threads that map, unmap, move, protect, lock, advise, fork and shorten a file, all at once");
	ok_is(in_child(all_at_once_user), 0, "the same as a user");
	ok_is(in_child(truncated), 0, "a file that is cut and grows again is what its mappings show");
	ok_is(in_child(changing_program), 0, "a program that is written and cut while it is run");
	ok_is(in_child(unmap_stack), SIGSEGV, "who maps over the stack has lost it");
	ok_is(in_child(unmap_all), SIGSEGV, "who unmaps all there is dies");
	ok_is(in_child(unmap_the_rest), 0, "who unmaps all but its code may go on");
	close(file);
	unlink("/tmp/vmraces");
	return tap_done();
}
