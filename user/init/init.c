/* SPDX-License-Identifier: MIT */
/*
 * init: pid 1.
 *   init                 a shell on the console; a new one when it exits
 *   init PROGRAM ARGS    the whole session: its status is the machine's
 *   init -l PROGRAM ...  the same, and then nothing may have leaked
 * The words come from the kernel's command line, or with much else from the host's archive (session.h).
 */
#include "session.h"
#include "sys.h"

static struct session session;

static int spawn(char **argv)
{
	int pid = fork();

	if (pid == 0) {
		setsid();
		if (!session.argv)
			ioctl(0, TIOCSCTTY, NULL);
		session_enter(&session);
		execvp(argv[0], argv);
		int code = errno == ENOENT ? 127 : 126;

		fprintf(stderr, "init: %s: %s\n", argv[0], strerror(errno));
		fflush(stderr);
		_exit(code);
	}
	return pid;
}

/* Wait for @pid, and for every orphan that comes along. */
static int wait_for(int pid)
{
	int status, got;

	while ((got = waitpid(-1, &status, 0)) != pid)
		if (got < 0 && errno != EINTR)
			return 255;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void reap_orphans(void)
{
	int status;

	while (waitpid(-1, &status, WNOHANG) > 0)
		;
}

static void power_off(int status)
{
	fflush(stdout);
	fflush(stderr);
	kill(-1, SIGKILL);
	/* Linux takes no status: the line is for whoever watches its console. */
	if (access("/proc/leakcheck", 0) < 0) {
		printf("\nHARTWOOD-EXIT %d\n", status);
		fflush(stdout);
		nanosleep_ns(100000000);
	}
	reboot(LINUX_REBOOT_CMD_POWER_OFF, status);
	_exit(status);
}

/* What the kernel counts, once figures have settled. */
static void settle(char *buf, size_t n, const char *want)
{
	for (int i = 0; i < 40; i++) {
		reap_orphans();
		if (read_file("/proc/leakcheck", buf, n) < 0)
			die("init: /proc/leakcheck");
		if (want && !strcmp(buf, want))
			return;
		if (!want && i == 3)
			return;
		nanosleep_ns(want ? 50000000 : 10000000);
	}
}

static int run_checked(char **argv)
{
	static char before[256], after[256];
	int status;

	/* A rehearsal, so that our own pages and tables are all there. */
	wait_for(spawn((char *[]){ "true", NULL }));
	settle(after, sizeof(after), NULL);
	settle(before, sizeof(before), NULL);
	status = wait_for(spawn(argv));
	settle(after, sizeof(after), before);
	if (strcmp(before, after)) {
		fprintf(stderr, "init: leak:\nbefore:\n%safter:\n%s", before, after);
		fflush(stderr);
		return status ? status : 99;
	}
	return status;
}

int main(int argc, char **argv)
{
	static char *shell[] = { "sh", "-l", NULL };
	bool check;

	if (getpid() != 1)
		usage("init is for the kernel to start");
	if (access("/proc/self", 0) < 0) {	/* Linux mounts nothing by itself */
		mkdir("/proc", 0755);
		mkdir("/dev", 0755);
		mkdir("/tmp", 01777);
		SYSCALL(__NR_mount, "proc", "/proc", "proc", 0, 0);
		SYSCALL(__NR_mount, "devtmpfs", "/dev", "devtmpfs", 0, 0);
		mkdir("/dev/shm", 01777);
		mkdir("/sys", 0755);
		SYSCALL(__NR_mount, "sysfs", "/sys", "sysfs", 0, 0);
		SYSCALL(__NR_mount, "cgroup2", "/sys/fs/cgroup", "cgroup2", 0, 0);
	}
	if (!access("/root", 0))
		setenv("HOME", "/root", 1);
	setenv("PATH", "/usr/bin:/usr/sbin:/bin:/sbin", 0);
	if (session_read(&session)) {
		argc = session.argc;
		argv = session.argv;
	}
	check = argc > 1 && !strcmp(argv[1], "-l");
	signal_set(SIGCHLD, (handler_t)0, 0);
	if (argc > 1 + check)
		power_off(check ? run_checked(argv + 2) : wait_for(spawn(argv + 1)));
	for (;;) {
		int status = wait_for(spawn(shell));

		if (status == 127)
			power_off(127);
		fprintf(stderr, "init: the shell ended with status %d; a new one\n", status);
		nanosleep_ns(200000000);
	}
}
