/* SPDX-License-Identifier: MIT */
/*
 * Open files that several use at once: text of /proc, positions, control files, descriptors; and numbers at their ends.
 * True of Linux too.
 */
#include <elf.h>

#include "abi/perf_event.h"
#include "abi/time.h"
#include "tap.h"
#include "thread.h"

#define L_EFBIG 27
#define L_EOVERFLOW 75

static uint64_t deadline;
static int shared_fd;
static volatile int torn;

static bool go_on(void)
{
	return monotonic_ns() < deadline;
}

static void for_ms(int ms)
{
	deadline = monotonic_ns() + ms * 1000000UL;
}

static void run(void (*const fn[])(void *), int n)
{
	for (int i = 0; i < n; i++)
		start(&threads[i], fn[i], NULL);
	for (int i = 0; i < n; i++)
		join(&threads[i]);
}

/* ---- One open file, read by many ---- */

static bool printable(const char *text, long n)
{
	for (long i = 0; i < n; i++)
		if (text[i] != '\n' && text[i] != '\t' && text[i] != '\0' && (text[i] < ' ' || text[i] > '~'))
			return false;
	return true;
}

static void whole_reader(void *arg)
{
	char text[3000];

	(void)arg;
	while (go_on()) {
		long n = SYSCALL(__NR_pread64, shared_fd, text, sizeof(text), 0);

		if (n < 0 || !printable(text, n))
			torn = n < 0 ? (int)n : 1;
	}
}

static void part_reader(void *arg)
{
	char text[64];

	(void)arg;
	for (long at = 0; go_on(); at = (at + 7) % 400) {
		long n = SYSCALL(__NR_pread64, shared_fd, text, sizeof(text), at);

		if (n < 0 || !printable(text, n))
			torn = n < 0 ? (int)n : 2;
	}
}

static void in_turn_reader(void *arg)
{
	char text[100];
	struct { void *base; size_t len; } iov[2] = { { text, 50 }, { text + 50, 50 } };

	(void)arg;
	while (go_on()) {
		if (SYSCALL(__NR_read, shared_fd, text, 100) < 0 || SYSCALL(__NR_readv, shared_fd, iov, 2) < 0 ||
		    SYSCALL(__NR_lseek, shared_fd, 0, SEEK_SET))
			torn = 3;
	}
}

static const char *const texts[] = {
	"/proc/self/maps", "/proc/self/stat", "/proc/self/status", "/proc/self/cmdline", "/proc/self/mounts", "/proc/self/schedstat",
	"/proc/self/cgroup", "/proc/self/environ", "/proc/meminfo", "/proc/stat", "/proc/interrupts", "/proc/kallsyms", "/proc/cpuinfo",
	"/proc/sys/kernel/sched_rr_timeslice_ms", "/sys/devices/system/cpu/online", "/sys/kernel/tracing/trace",
	"/sys/kernel/tracing/set_event", "/sys/kernel/debug/sched/features", "/sys/fs/cgroup/cgroup.procs",
};

static void read_all(void)
{
	void (*const readers[])(void *) = { whole_reader, part_reader, in_turn_reader, whole_reader, in_turn_reader, part_reader };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		shared_fd = SYSCALL(__NR_openat, AT_FDCWD, texts[i], O_RDONLY);
		if (shared_fd < 0)
			continue;
		torn = 0;
		for_ms(150);
		run(readers, 6);
		if (torn) {
			printf("# %s: %d\n", texts[i], torn);
			fflush(stdout);
			_exit(1);
		}
		close(shared_fd);
	}
	_exit(0);
}

static void read_all_as_user(void)
{
	SYSCALL(__NR_setuid, 1000);
	read_all();
}

/* The same between processes: each has the file from before the fork. */
static void read_by_processes(void)
{
	int status, bad = 0;

	shared_fd = open("/proc/self/maps", O_RDONLY);
	for_ms(500);
	for (int i = 0; i < 4; i++)
		if (!fork()) {
			whole_reader(NULL);
			_exit(torn != 0);
		}
	for (int i = 0; i < 4; i++)
		bad |= waitpid(-1, &status, 0) < 0 || status;
	_exit(bad);
}

static void test_texts(void)
{
	ok_is(in_child(read_all), 0, "text that six threads read from one open file, as they like");
	ok_is(in_child(read_all_as_user), 0, "as a user");
	ok_is(in_child(read_by_processes), 0, "and four processes");
}

/* ---- Control files, written through one open file ---- */

static const struct {
	const char *path, *text[2];
} controls[] = {
	{ "/sys/devices/system/cpu/cpu1/online", { "0", "1" } }, { "/proc/sys/kernel/sched_rr_timeslice_ms", { "50", "100" } },
	{ "/sys/kernel/tracing/tracing_on", { "0", "1" } }, { "/sys/kernel/tracing/trace", { "", "x" } },
	{ "/sys/kernel/tracing/buffer_size_kb", { "64", "256" } }, { "/sys/kernel/tracing/set_event", { "sched:sched_switch", "!*:*" } },
	{ "/sys/kernel/tracing/trace_marker", { "one", "two" } }, { "/proc/self/autogroup", { "0", "0" } },
	{ "/sys/fs/cgroup/cgroup.subtree_control", { "+cpu", "+cpu" } }, { "/sys/fs/cgroup/cgroup.procs", { "0", "0" } },
	{ "/sys/fs/cgroup/shared/cpu.weight", { "50", "100" } }, { "/sys/fs/cgroup/shared/cpu.max", { "max 100000", "max 50000" } },
};

static int control;

static void writer(void *arg)
{
	(void)arg;
	for (int i = 0; go_on(); i++) {
		const char *text = controls[control].text[i & 1];

		SYSCALL(__NR_write, shared_fd, text, strlen(text));
		SYSCALL(__NR_pwrite64, shared_fd, text, strlen(text), 0);
	}
}

static void write_all_controls(void)
{
	void (*const writers[])(void *) = { writer, writer, writer, part_reader };

	SYSCALL(__NR_mkdirat, AT_FDCWD, "/sys/fs/cgroup/shared", 0755);
	for (control = 0; control < (int)ARRAY_LEN(controls); control++) {
		shared_fd = SYSCALL(__NR_openat, AT_FDCWD, controls[control].path, O_RDWR);
		if (shared_fd < 0)
			continue;
		for_ms(control ? 100 : 300);
		run(writers, 4);
		SYSCALL(__NR_write, shared_fd, controls[control].text[1], strlen(controls[control].text[1]));
		close(shared_fd);
	}
	SYSCALL(__NR_unlinkat, AT_FDCWD, "/sys/fs/cgroup/shared", AT_REMOVEDIR);
	_exit(0);
}

/* ---- Positions in directories ---- */

static uint64_t thread_ns(void)
{
	struct timespec64 t;

	SYSCALL(__NR_clock_gettime, CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000UL + t.tv_nsec;
}

static void test_positions(void)
{
	static const char *const dirs[] = {
		"/proc", "/proc/self/task", "/proc/self/fd", "/proc/self", "/sys/devices/system/cpu", "/proc/sys/kernel", "/sys/fs/cgroup",
		"/sys/kernel/debug/sched", "/tmp", "/",
	};
	static const long at[] = {
		0, 1, 2, 255, 256, 257, 0x7ffffeff, 0x7fffffff, 0x80000000, 0x80000001, 0x80000100, 0x80000101, 0x100000000, 0x100000100,
		0x7fffffff80000101, 0x7fffffffffffff00, 0x7fffffffffffffff,
	};
	uint64_t worst = 0;
	bool good = true;
	char buf[1024];

	for (size_t d = 0; d < ARRAY_LEN(dirs); d++) {
		int fd = SYSCALL(__NR_openat, AT_FDCWD, dirs[d], O_RDONLY | O_DIRECTORY);

		if (fd < 0)
			continue;
		for (size_t i = 0; i < ARRAY_LEN(at); i++) {
			uint64_t best = ~0UL;

			/* The best of three: the host may be busy. */
			for (int k = 0; k < 3; k++) {
				uint64_t since = thread_ns(), ns;
				long pos = SYSCALL(__NR_lseek, fd, at[i], SEEK_SET);
				long n = pos < 0 ? 0 : SYSCALL(__NR_getdents64, fd, buf, sizeof(buf));

				ns = thread_ns() - since;
				best = ns < best ? ns : best;
				if (n < 0 && n != -L_ENOENT)
					good = false;
				if (ns < 100000000)
					break;
			}
			worst = best > worst ? best : worst;
		}
		if (SYSCALL(__NR_lseek, fd, -1, SEEK_SET) != -L_EINVAL)
			good = false;
		close(fd);
	}
	ok(good && worst < 500000000, "a directory is read from any position, in no time");
	if (!good || worst >= 500000000)
		printf("# %lu ns\n", (unsigned long)worst);
}

/* ---- Offsets and lengths ---- */

static void test_offsets(void)
{
	const long last = 0x7fffffffffffffff;
	struct { long base, len; } iov[3];
	struct k_stat st;
	char buf[64];
	int fd = open("/tmp/proctext", O_RDWR | O_CREAT | O_TRUNC, 0600), d;

	write(fd, "hello", 5);
	ok_is(SYSCALL(__NR_pread64, fd, buf, 8, -1), -L_EINVAL, "pread from a negative offset: EINVAL");
	ok_is(SYSCALL(__NR_pwrite64, fd, buf, 8, -1), -L_EINVAL, "pwrite: EINVAL");
	ok_is(SYSCALL(__NR_pread64, fd, buf, 8, last - 7), -L_EINVAL, "pread beyond the last offset there is: EINVAL");
	ok_is(SYSCALL(__NR_pread64, fd, buf, 8, last - 8), 0, "up to it: nothing is there");
	ok_is(SYSCALL(__NR_pwrite64, fd, buf, 8, last - 7), -L_EINVAL, "pwrite beyond it: EINVAL");
	ok_is(SYSCALL(__NR_lseek, fd, last, SEEK_SET), last, "lseek to it");
	ok_is(SYSCALL(__NR_read, fd, buf, 8), -L_EINVAL, "read from there: EINVAL");
	ok_is(SYSCALL(__NR_lseek, fd, 1, SEEK_CUR), -L_EINVAL, "lseek beyond it: EINVAL");
	ok_is(SYSCALL(__NR_lseek, fd, -6, SEEK_END), -L_EINVAL, "before the file: EINVAL");
	ok_is(SYSCALL(__NR_lseek, fd, 0, 99), -L_EINVAL, "lseek in no direction: EINVAL");
	ok_is(SYSCALL(__NR_read, fd, buf, last), -L_EFAULT, "more than there is memory: EFAULT");
	ok_is(SYSCALL(__NR_read, fd, buf, -1), -L_EFAULT, "a negative length: EFAULT");
	ok_is(SYSCALL(__NR_ftruncate, fd, -1), -L_EINVAL, "a negative size: EINVAL");
	ok_is(SYSCALL(__NR_pwrite64, fd, "x", 1, 1L << 41), 1, "a byte at 2 TiB");
	ok(SYSCALL(__NR_pread64, fd, buf, 2, (1L << 41) - 1) == 2 && !buf[0] && buf[1] == 'x', "is there");
	ok(fstat(fd, &st) == 0 && st.st_size == (1L << 41) + 1, "the size says so");
	ok_is(SYSCALL(__NR_ftruncate, fd, 5), 0, "it goes");

	iov[0].base = iov[1].base = (long)buf;
	iov[0].len = 5;
	iov[1].len = -1;
	SYSCALL(__NR_lseek, fd, 0, SEEK_SET);
	ok_is(SYSCALL(__NR_writev, fd, iov, 2), -L_EINVAL, "a piece of negative length: EINVAL");
	iov[1].base = -4096;
	iov[1].len = 8;
	ok_is(SYSCALL(__NR_writev, fd, iov, 2), -L_EFAULT, "a piece that is not the user's: EFAULT");
	ok_is(SYSCALL(__NR_lseek, fd, 0, SEEK_CUR), 0, "and nothing of the others was written");
	ok_is(SYSCALL(__NR_writev, fd, iov, 1025), -L_EINVAL, "too many pieces: EINVAL");
	ok_is(SYSCALL(__NR_writev, fd, iov, -1), -L_EINVAL, "less than none: EINVAL");
	ok_is(SYSCALL(__NR_readv, fd, iov, 0), 0, "none: nothing is read");
	ok_is(SYSCALL(__NR_readv, fd, 8, 1), -L_EFAULT, "pieces that are nowhere: EFAULT");
	d = open("/tmp/proctext", O_WRONLY);
	ok_is(SYSCALL(__NR_readv, d, iov, 0), -L_EBADF, "of a file that is not open for that: EBADF");
	close(d);
	d = open("/dev/null", O_WRONLY);
	for (int i = 0; i < 3; i++) {
		iov[i].base = 0x10000;
		iov[i].len = 0x7fff0000;
	}
	ok_is(SYSCALL(__NR_writev, d, iov, 3), 0x7ffff000, "a transfer is cut to 2 GiB less a page");
	close(d);
	close(fd);
	unlink("/tmp/proctext");
}

static volatile int xfsz;

static void note(int sig)
{
	(void)sig;
	xfsz++;
}

static void limited(void)
{
	struct { uint64_t cur, max; } lim = { 10, 10 };
	int fd = open("/tmp/limited", O_RDWR | O_CREAT | O_TRUNC, 0600), p[2];

	signal_set(SIGXFSZ, note, 0);
	SYSCALL(__NR_setrlimit, RLIMIT_FSIZE, &lim);
	if (SYSCALL(__NR_write, fd, "0123456789abcdef", 16) != 10 || xfsz)
		_exit(1);
	if (SYSCALL(__NR_write, fd, "x", 1) != -L_EFBIG || xfsz != 1)
		_exit(2);
	if (SYSCALL(__NR_ftruncate, fd, 11) != -L_EFBIG || xfsz != 2)
		_exit(3);
	if (SYSCALL(__NR_ftruncate, fd, 0) || SYSCALL(__NR_ftruncate, fd, 10))
		_exit(4);
	if (SYSCALL(__NR_pwrite64, fd, "x", 1, 100) != -L_EFBIG || xfsz != 3)
		_exit(5);
	pipe(p);
	if (SYSCALL(__NR_write, p[1], "0123456789abcdef", 16) != 16)
		_exit(6);	/* pipes have no size */
	_exit(0);
}

/* ---- Descriptors that threads share ---- */

static int pipes[2];

static void duper(void *arg)
{
	(void)arg;
	while (go_on()) {
		SYSCALL(__NR_dup3, pipes[0], 50, 0);
		SYSCALL(__NR_dup3, pipes[1], 51, O_CLOEXEC);
		SYSCALL(__NR_dup3, shared_fd, 50, 0);
		SYSCALL(__NR_dup3, shared_fd, 51, 0);
	}
}

static void closer(void *arg)
{
	(void)arg;
	while (go_on()) {
		SYSCALL(__NR_close, 50);
		SYSCALL(__NR_close, 51);
	}
}

static void user_of_fds(void *arg)
{
	struct timespec64 zero = { 0, 0 };
	char buf[256];
	int fd;

	(void)arg;
	/* It is a thread's as well. */
	if (SYSCALL(__NR_readlinkat, AT_FDCWD, "/proc/self/fd/40", buf, sizeof(buf)) <= 0)
		torn = 1;
	while (go_on()) {
		struct k_pollfd pf[2] = { { 50, POLLIN, 0 }, { 51, POLLOUT, 0 } };

		SYSCALL(__NR_write, 51, buf, sizeof(buf));
		SYSCALL(__NR_read, 50, buf, sizeof(buf));
		SYSCALL(__NR_ppoll, pf, 2, &zero, 0, 8);
		SYSCALL(__NR_fcntl, 50, F_GETFD, 0);
		SYSCALL(__NR_readlinkat, AT_FDCWD, "/proc/self/fd/50", buf, sizeof(buf));
		fd = SYSCALL(__NR_dup, 50);
		SYSCALL(__NR_close, fd);
	}
}

static void forker(void *arg)
{
	(void)arg;
	while (go_on()) {
		long pid = SYSCALL(__NR_clone, SIGCHLD, 0, 0, 0, 0), status;

		if (!pid)
			SYSCALL(__NR_exit_group, 0);
		SYSCALL(__NR_wait4, pid, &status, 0, 0);
	}
}

static void share_fds(void)
{
	void (*const fn[])(void *) = { duper, closer, user_of_fds, forker, duper, user_of_fds };

	shared_fd = open("/proc/self/stat", O_RDONLY);
	SYSCALL(__NR_pipe2, pipes, O_NONBLOCK);
	SYSCALL(__NR_dup3, shared_fd, 40, 0);
	signal_set(SIGPIPE, (handler_t)1, 0);
	torn = 0;
	for_ms(1000);
	run(fn, 6);
	_exit(torn);
}

/* A FIFO that is open for both has two queues to wait in. */
static void wait_for_room(void)
{
	static char block[4096];
	struct timespec64 soon = { 10, 0 };
	struct k_pollfd pf[1];
	int fd, pid, r;

	SYSCALL(__NR_mknodat, AT_FDCWD, "/tmp/both", S_IFIFO | 0600, 0);
	fd = open("/tmp/both", O_RDWR | O_NONBLOCK);
	while (write(fd, block, sizeof(block)) > 0)
		;
	pid = fork();
	if (!pid) {
		nanosleep_ns(50000000);
		for (int i = 0; i < 16; i++)
			read(fd, block, sizeof(block));
		_exit(0);
	}
	pf[0] = (struct k_pollfd){ fd, POLLOUT, 0 };
	r = SYSCALL(__NR_ppoll, pf, 1, &soon, 0, 8);
	waitpid(pid, NULL, 0);
	unlink("/tmp/both");
	_exit(r != 1 || pf[0].revents != POLLOUT);
}

/* A file whose last user is a mapping: it ends as the mapping does, and with it what it counted. */
static void unmap_last(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = PERF_ATTR_SIZE_VER0, .config = PERF_COUNT_SW_CPU_CLOCK, .sample_period = 1000000,
		.flags = PERF_ATTR_EXCLUDE_KERNEL,
	};

	for (int i = 0; i < 20; i++) {
		int fd = SYSCALL(__NR_perf_event_open, &attr, 0, -1, -1, 0);
		void *ring = fd < 0 ? MAP_FAILED : mmap(NULL, 5 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

		close(fd);
		if (ring != MAP_FAILED && munmap(ring, 5 * 4096))
			_exit(1);
	}
	_exit(0);
}

/* Who is whose sibling is told twice, by an older and by a newer name. */
static void test_topology(void)
{
	static const char *const pairs[][2] = {
		{ "core_siblings_list", "package_cpus_list" }, { "core_siblings", "package_cpus" },
		{ "thread_siblings_list", "core_cpus_list" }, { "thread_siblings", "core_cpus" },
	};
	char path[100], a[100], b[100];
	int same = 0;

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu0/topology/%s", pairs[i][0]);
		if (read_file(path, a, sizeof(a)) <= 0)
			break;
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu0/topology/%s", pairs[i][1]);
		same += read_file(path, b, sizeof(b)) > 0 && !strcmp(a, b) && a[strlen(a) - 1] == '\n';
	}
	ok_is(same, 4, "siblings, as lists and as masks, by both their names");
}

/* Where the code of schedule() is, by the kernel's own table of names. */
static uint64_t address_of_schedule(void)
{
	char *text = malloc(16 << 20), *line;
	ssize_t n = text ? read_file("/proc/kallsyms", text, 16 << 20) : -1;
	uint64_t addr = 0;

	if (n > 0) {
		line = strstr(text, " schedule\n");
		while (line && line > text && line[-1] != '\n')
			line--;
		addr = line ? strtoull(line, NULL, 16) : 0;
	}
	free(text);
	return addr;
}

static void test_kcore(void)
{
	uint64_t addr = address_of_schedule();
	int fd = open("/proc/kcore", O_RDONLY), found = 0, insn = 0;
	Elf64_Ehdr eh = { 0 };
	Elf64_Phdr ph;

	ok(SYSCALL(__NR_pread64, fd, &eh, sizeof(eh), 0) == sizeof(eh) && !memcmp(eh.e_ident, ELFMAG, SELFMAG) && eh.e_type == ET_CORE &&
	   eh.e_machine == EM_RISCV && eh.e_phentsize == sizeof(ph), "/proc/kcore is an ELF core file");
	for (int i = 0; i < eh.e_phnum; i++)
		if (SYSCALL(__NR_pread64, fd, &ph, sizeof(ph), eh.e_phoff + i * sizeof(ph)) == sizeof(ph) && ph.p_type == PT_LOAD &&
		    addr - ph.p_vaddr < ph.p_filesz) {
			found++;
			SYSCALL(__NR_pread64, fd, &insn, sizeof(insn), ph.p_offset + (addr - ph.p_vaddr));
		}
	ok(found == 1 && insn, "the code of schedule() is in one of its segments: %x", insn);
	close(fd);
}

static void kcore_of_others(void)
{
	SYSCALL(__NR_setresuid, -1, 1000, -1);
	_exit(SYSCALL(__NR_openat, AT_FDCWD, "/proc/kcore", O_RDONLY) == -L_EACCES ? 0 : 1);
}

/* A link of fd leads to the file, not to its name. */
static void test_fd_links(void)
{
	char path[64], buf[16] = "";
	long fd, file, again;
	int ends[2], pid;

	SYSCALL(__NR_pipe2, ends, 0);
	sprintf(path, "/proc/self/fd/%d", ends[1]);
	fd = SYSCALL(__NR_openat, AT_FDCWD, path, O_WRONLY, 0);
	ok(fd >= 0 && SYSCALL(__NR_write, fd, "through", 7) == 7 && SYSCALL(__NR_read, ends[0], buf, 16) == 7 && !memcmp(buf, "through", 7),
	   "the end of a pipe is opened a second time");
	SYSCALL(__NR_close, fd);
	sprintf(path, "/proc/self/fd/%d", ends[0]);
	fd = SYSCALL(__NR_openat, AT_FDCWD, path, O_WRONLY, 0);
	ok(fd >= 0 && SYSCALL(__NR_write, fd, "back", 4) == 4 && SYSCALL(__NR_read, ends[0], buf, 16) == 4, "its other end by the first");
	SYSCALL(__NR_close, fd);
	buf[6] = 42;
	ok(SYSCALL(__NR_readlinkat, AT_FDCWD, path, buf, 6) == 6 && !memcmp(buf, "pipe:[", 6) && buf[6] == 42,
	   "the link says pipe:[, and no more than is asked for");
	file = SYSCALL(__NR_openat, AT_FDCWD, "/tmp/removed", O_CREAT | O_RDWR, 0600);
	SYSCALL(__NR_write, file, "still", 5);
	unlink("/tmp/removed");
	sprintf(path, "/proc/self/fd/%ld", file);
	again = SYSCALL(__NR_openat, AT_FDCWD, path, O_RDONLY, 0);
	ok(again >= 0 && SYSCALL(__NR_read, again, buf, 16) == 5 && !memcmp(buf, "still", 5), "a file that is removed");
	SYSCALL(__NR_close, again);
	ok_is(SYSCALL(__NR_openat, AT_FDCWD, path, O_RDONLY | O_NOFOLLOW, 0), -40, "the link itself is not opened: ELOOP");
	pid = fork();
	if (!pid) {
		SYSCALL(__NR_dup3, file, 30, 0);
		SYSCALL(__NR_close, ends[1]);
		SYSCALL(__NR_read, ends[0], buf, 1);
		_exit(0);
	}
	close(file);
	nanosleep_ns(20000000);
	sprintf(path, "/proc/%d/fd/30", pid);
	for (int i = 0; i < 500 && (again = SYSCALL(__NR_openat, AT_FDCWD, path, O_RDONLY, 0)) < 0; i++)
		nanosleep_ns(10000000);
	ok(again >= 0 && SYSCALL(__NR_read, again, buf, 16) == 5, "another process's");
	SYSCALL(__NR_close, again);
	close(ends[1]);
	waitpid(pid, NULL, 0);
	close(ends[0]);
	ok_is(SYSCALL(__NR_openat, AT_FDCWD, path, O_RDONLY, 0), -2, "when it has ended: ENOENT");
	chdir("/tmp");
	close(open("/tmp/here", O_CREAT | O_RDWR, 0600));
	ok(SYSCALL(__NR_faccessat, AT_FDCWD, "/proc/self/cwd/here", 0) == 0 &&
	   SYSCALL(__NR_faccessat, AT_FDCWD, "/proc/self/root/tmp/here", 0) == 0, "cwd and root lead to the directories");
	unlink("/tmp/here");
	chdir("/");
}

int main(void)
{
	test_texts();
	test_fd_links();
	test_kcore();
	ok_is(in_child(kcore_of_others), 0, "a user may not read it: EACCES");
	ok_is(in_child(write_all_controls), 0, "control files, written by three threads through one open file");
	test_positions();
	test_offsets();
	ok_is(in_child(limited), 0, "RLIMIT_FSIZE: EFBIG and SIGXFSZ");
	unlink("/tmp/limited");
	ok_is(in_child(share_fds), 0, "descriptors that are used, closed and replaced by six threads, and inherited");
	test_topology();
	ok_is(in_child(unmap_last), 0, "a file that is closed, and then unmapped");
	ok_is(in_child(wait_for_room), 0, "who waits to write to a FIFO that is open for both is woken");
	return tap_done();
}
