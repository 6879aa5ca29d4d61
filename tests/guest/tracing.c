/* SPDX-License-Identifier: MIT */
/* /sys/kernel/tracing, as programs use it. Linux has it where tracefs is mounted. */
#include "tap.h"

#define T "/sys/kernel/tracing/"

static char text[400000];

static bool in_trace(const char *what)
{
	ssize_t n = read_file(T "trace", text, sizeof(text));

	return n > 0 && strstr(text, what);
}

static void do_nothing(void)
{
}

/* trace_pipe gives each record once, a byte at a time if asked so, and waits for more. */
static void test_pipe(void)
{
	struct { int fd; short events, revents; } p = { 0, 1 /* POLLIN */, 0 };
	struct timespec64 now = { 0, 0 }, late = { 10, 0 };
	int fd = open(T "trace_pipe", O_RDONLY | O_NONBLOCK), status, pid;
	char line[256], text2[4096] = "";
	ssize_t n;

	write_text(T "set_event", "!*:*");
	write_text(T "trace", "0");
	write_text(T "set_event", "signal:*");
	p.fd = fd;
	ok_is(SYSCALL(__NR_read, fd, line, sizeof(line)), -L_EAGAIN, "an empty trace_pipe: EAGAIN");
	ok_is(SYSCALL(__NR_ppoll, &p, 1, &now, NULL, 0), 0, "and nothing to poll");
	write_text(T "trace_marker", "first");
	write_text(T "trace_marker", "second");
	ok_is(SYSCALL(__NR_ppoll, &p, 1, &late, NULL, 0), 1, "two marks: there is");
	for (n = 0; n < (ssize_t)sizeof(line) - 1 && SYSCALL(__NR_read, fd, line + n, 1) == 1 && line[n] != '\n'; n++)
		;
	line[n] = '\0';
	ok(strstr(line, ": tracing_mark_write: first"), "byte by byte: %s", line);
	n = SYSCALL(__NR_read, fd, text2, sizeof(text2) - 1);
	ok(n > 0 && strstr(text2, ": tracing_mark_write: second\n") && !strstr(text2, "first"), "then the other");
	ok(!in_trace("first") && !in_trace("second"), "what was read is not in trace any more");
	close(fd);

	fd = open(T "trace_pipe", O_RDONLY);
	pid = fork();
	if (!pid) {
		nanosleep_ns(50000000);
		write_text(T "trace_marker", "at last");
		_exit(0);
	}
	memset(text2, 0, sizeof(text2));
	n = SYSCALL(__NR_read, fd, text2, sizeof(text2) - 1);
	ok(n > 0 && strstr(text2, "at last"), "who reads waits");
	waitpid(pid, &status, 0);
	pid = fork();
	if (!pid) {
		SYSCALL(__NR_read, fd, text2, 1);	/* SIGCHLD's records, perhaps */
		for (;;)
			SYSCALL(__NR_read, fd, text2, sizeof(text2));
	}
	nanosleep_ns(50000000);
	kill(pid, SIGKILL);
	ok(waitpid(pid, &status, 0) == pid && WTERMSIG(status) == SIGKILL, "and may be killed");
	close(fd);
}

int main(void)
{
	char who[64];

	if (read_file(T "tracing_on", text, sizeof(text)) < 0) {
		printf("# no tracefs here\n");
		ok(true, "nothing to test");
		return tap_done();
	}
	ok(read_file(T "available_events", text, sizeof(text)) > 0 && strstr(text, "sched:sched_switch\n"),
	   "what there is to trace");
	ok_is(write_text(T "set_event", "sched:no_such"), -L_EINVAL, "no such event: EINVAL");
	ok(!write_text(T "trace_marker", "before"), "a mark while nothing is traced");
	ok(!write_text(T "set_event", "sched:*\n"), "scheduling is traced");
	in_child(do_nothing);
	ok(!write_text(T "trace_marker", "a mark of ours\n") && in_trace(": tracing_mark_write: a mark of ours\n"),
	   "a mark is in the trace");
	snprintf(who, sizeof(who), "comm=test-tracing pid=%d child_comm=test-tracing", (int)getpid());
	ok(in_trace(who), "and a fork");
	ok(in_trace("sched_process_exit: comm=test-tracing"), "and an exit");
	ok(in_trace(" ==> next_comm=test-tracing"), "and switches");
	ok(!write_text(T "tracing_on", "0") && read_file(T "tracing_on", text, sizeof(text)) == 2 && text[0] == '0', "off");
	write_text(T "trace_marker", "while off");
	ok(!in_trace("while off"), "then nothing comes in");
	ok(in_trace("a mark of ours"), "but what was stays");
	ok(!write_text(T "trace", "") || !write_text(T "trace", "\n"), "emptied");
	ok(!in_trace("a mark of ours") && in_trace("entries-in-buffer/entries-written: 0/0"), "it is empty");
	ok(!write_text(T "set_event", "!sched:*\nexceptions:page_fault_user\n"), "page faults in place of switches");
	ok(!write_text(T "tracing_on", "1"), "on again");
	ok(read_file(T "set_event", text, sizeof(text)) > 0 && !strcmp(text, "exceptions:page_fault_user\n"), "as set_event says");
	{
		volatile char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		p[100] = 1;
		snprintf(who, sizeof(who), "page_fault_user: address=0x%lx", (unsigned long)&p[100]);
		ok(in_trace(who), "a fault of ours is there, with its address");
	}
	ok(!in_trace("sched_switch"), "and no switch");
	ok(!write_text(T "set_event", "raw_syscalls:* signal:*"), "calls and signals");
	SYSCALL(__NR_kill, getpid(), 28);	/* SIGWINCH: nothing happens */
	snprintf(who, sizeof(who), "sys_enter: NR %d (%x, 1c, ", __NR_kill, getpid());
	ok(in_trace(who), "a call of ours, with its arguments");
	snprintf(who, sizeof(who), "sys_exit: NR %d = 0\n", __NR_kill);
	ok(in_trace(who), "its result");
	{
		int fd = SYSCALL(__NR_openat, AT_FDCWD, T "set_event", O_WRONLY | O_TRUNC, 0);

		ok(fd >= 0 && write(fd, "irq:*", 5) == 5 && !close(fd) && read_file(T "set_event", text, sizeof(text)) > 0 &&
		   strstr(text, "irq:") && !strstr(text, "signal:"), "opened to be cut: just what is written then");
	}
	ok_is(write_text(T "buffer_size_kb", "0"), -L_EINVAL, "no room: EINVAL");
	ok(!write_text(T "buffer_size_kb", "64\n") && in_trace("written: "), "less room");
	for (int i = 0; i < 3000; i++)
		write_text(T "trace_marker", "one of many");
	ok(in_trace("one of many") && strstr(text, "entries-in-buffer/entries-written: ") && !strstr(text, "written: 0/0"),
	   "the newest are kept");
	ok(!write_text(T "buffer_size_kb", "256\n") && !write_text(T "set_event", "!*:*"), "as it was");
	test_pipe();
	return tap_done();
}
