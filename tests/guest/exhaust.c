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

int main(void)
{
	int status = in_child(touch_all);

	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "touching more memory than there is: SIGKILL (%#x)", status);
	ok(system_works(), "the system works");
	ok_is(in_child(fill_tmp), 0, "a file until memory is full: ENOSPC");
	ok(system_works(), "the system works");
	ok_is(in_child(pipes_until_full), 0, "full pipes until EMFILE or ENOMEM");
	ok(system_works(), "the system works");
	ok_is(in_child(many_maps), 0, "regions until ENOMEM");
	ok(system_works(), "the system works");
	return tap_done();
}
