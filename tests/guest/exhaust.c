/* SPDX-License-Identifier: MIT */
/*
 * Programs that take everything: memory, files, descriptors, pipes, regions. Each ends with
 * an error or is killed; afterwards the system works and has lost nothing.
 * Hartwood only: Linux's overcommit and limits answer in other ways.
 */
#include "tap.h"

static bool system_works(void)
{
	char *argv[] = { "true", NULL };
	int pid = fork(), status;

	if (!pid) {
		execve("/bin/true", argv, environ);
		_exit(1);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static void touch_all(void)
{
	char *p = mmap(NULL, 1UL << 35, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	for (size_t i = 0; i < 1UL << 35; i += 4096)
		p[i] = 1;
}

static void fill_tmp(void)
{
	static char buf[65536];
	int fd = open("/tmp/full", O_WRONLY | O_CREAT, 0600);
	long n;

	while ((n = SYSCALL(__NR_write, fd, buf, sizeof(buf))) == sizeof(buf))
		;
	close(fd);
	unlink("/tmp/full");
	_exit(n == -28 || n >= 0 ? 0 : 1);	/* ENOSPC, or a short write before it */
}

static void pipes_until_full(void)
{
	static char buf[65536];
	int fd[2];
	long r;

	while (!(r = SYSCALL(__NR_pipe2, fd, O_NONBLOCK)))
		while (SYSCALL(__NR_write, fd[1], buf, sizeof(buf)) > 0)
			;
	_exit(r != -L_EMFILE && r != -L_ENOMEM);
}


static void many_maps(void)
{
	long r = 0;
	int n = 0;

	/* Every other page: no two merge. */
	while (n < 100000 && (r = SYSCALL(__NR_mmap, 0x200000000 + n * 8192UL, 4096, PROT_READ,
					  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)) > 0)
		n++;
	_exit(r != -L_ENOMEM);
}

/* Two small bystanders while a hog takes everything: the hog goes, they stay. */
static void test_choice(void)
{
	int small[2], hog, status;

	for (int i = 0; i < 2; i++) {
		small[i] = fork();
		if (!small[i]) {
			for (int n = 0; n < 400; n++) {
				char *p = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

				/* Faults of its own, while there is nothing left. */
				if (p != MAP_FAILED) {
					p[0] = p[32768] = 1;
					munmap(p, 65536);
				}
				nanosleep_ns(5000000);
			}
			_exit(5);
		}
	}
	for (int i = 0; i < 3; i++) {
		hog = fork();
		if (!hog) {
			touch_all();
			_exit(0);
		}
		ok(waitpid(hog, &status, 0) == hog && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "the hog is killed");
	}
	for (int i = 0; i < 2; i++)
		ok(waitpid(small[i], &status, 0) == small[i] && status == 5 << 8, "a bystander lives (%#x)", status);
}

int main(void)
{
	int status = in_child(touch_all);

	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "touching more memory than there is: SIGKILL (%#x)", status);
	ok(system_works(), "the system works");
	test_choice();
	ok_is(in_child(fill_tmp), 0, "a file until memory is full: ENOSPC");
	ok(system_works(), "the system works");
	ok_is(in_child(pipes_until_full), 0, "full pipes until EMFILE or ENOMEM");
	ok(system_works(), "the system works");
	ok_is(in_child(many_maps), 0, "regions until ENOMEM");
	ok(system_works(), "the system works");
	return tap_done();
}
