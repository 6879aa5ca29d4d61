/* SPDX-License-Identifier: MIT */
/*
 * Programs that take everything: memory, files, descriptors, pipes, regions. Each ends with
 * an error or is killed; afterwards the system works and has lost nothing. Then the same by a user, each
 * kind of what one can hoard by itself, while root looks on, works, and ends it.
 * Hartwood only: Linux's overcommit and limits answer in other ways.
 */
#include "abi/perf_event.h"
#include "tap.h"
#include "thread.h"

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

/* ---- A user hoards. ---- */

#define STORE "/tmp/hoard"

static int full[2];		/* who has all that he gets writes a byte */

static void __attribute__((noreturn)) keep(void)
{
	SYSCALL(__NR_write, full[1], "x", 1);
	for (;;)
		nanosleep_ns(1000000000);
}

/* As many processes as there may be, each of which does @fn. */
static void __attribute__((noreturn)) in_many(void (*fn)(void))
{
	long pid;

	for (int n = 0; n < 2000 && (pid = SYSCALL(__NR_clone, SIGCHLD)) >= 0; n++)
		if (!pid) {
			fn();
			keep();
		}
	keep();
}

static long create(const char *path)
{
	return SYSCALL(__NR_openat, AT_FDCWD, path, O_CREAT | O_RDWR, 0600);
}

static void grow_file(const char *path)
{
	static char buf[65536];
	long fd = create(path);

	while (SYSCALL(__NR_write, fd, buf, sizeof(buf)) > 0 || SYSCALL(__NR_write, fd, buf, 1) > 0)
		;
	SYSCALL(__NR_close, fd);
}

static void hoard_shm(void)
{
	grow_file("/dev/shm/hoard");
	keep();
}

static void hoard_tmp(void)
{
	grow_file(STORE "/file");
	keep();
}

static void hoard_unlinked(void)
{
	long fd = create(STORE "/file");

	SYSCALL(__NR_ftruncate, fd, 1L << 30);
	SYSCALL(__NR_unlinkat, AT_FDCWD, STORE "/file", 0);
	/* Through a mapping, of which no page stays mapped. */
	char *p = mmap(NULL, 1 << 30, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	SYSCALL(__NR_write, full[1], "x", 1);	/* what comes is SIGBUS */
	for (long at = 0; at < 1 << 30; at += 4096) {
		p[at] = 1;
		SYSCALL(__NR_madvise, p + at, 4096, MADV_DONTNEED);
	}
	keep();
}

static void make_names(long (*make)(const char *path))
{
	static char path[256];
	long r = 0;

	for (int n = 0; r >= 0; n++) {
		/* Long ones. */
		snprintf(path, sizeof(path), STORE "/%0200d", n);
		r = make(path);
		if (r > 0)
			SYSCALL(__NR_close, r);
	}
	keep();
}

static void hoard_empty_files(void)
{
	make_names(create);
}

static long make_link(const char *path)
{
	return SYSCALL(__NR_linkat, AT_FDCWD, STORE "/one", AT_FDCWD, path, 0);
}

static void hoard_links(void)
{
	SYSCALL(__NR_close, create(STORE "/one"));
	make_names(make_link);
}

static long make_symlink(const char *path)
{
	static char text[4096];

	memset(text, 'x', sizeof(text) - 1);
	return SYSCALL(__NR_symlinkat, text, AT_FDCWD, path);
}

static void hoard_symlinks(void)
{
	make_names(make_symlink);
}

static long make_fifo(const char *path)
{
	return SYSCALL(__NR_mknodat, AT_FDCWD, path, S_IFIFO | 0600, 0);
}

static void hoard_fifos(void)
{
	make_names(make_fifo);
}

/* A tree without a name: its parts go with the working directory. */
static void hoard_directories(void)
{
	SYSCALL(__NR_chdir, STORE);
	for (;;) {
		if (SYSCALL(__NR_mkdirat, AT_FDCWD, "d", 0700) < 0 || SYSCALL(__NR_chdir, "d") < 0)
			break;
	}
	keep();
}

static void fill_pipes(void)
{
	static char buf[65536];
	int fd[2];

	while (!SYSCALL(__NR_pipe2, fd, O_NONBLOCK))
		while (SYSCALL(__NR_write, fd[1], buf, sizeof(buf)) > 0 || SYSCALL(__NR_write, fd[1], buf, 1) > 0)
			;
}

static void hoard_pipes(void)
{
	in_many(fill_pipes);
}

static void hoard_processes(void)
{
	in_many(keep);
}

/* Each makes more of itself. */
static void hoard_forks(void)
{
	SYSCALL(__NR_write, full[1], "x", 1);
	for (;;) {
		if (SYSCALL(__NR_clone, SIGCHLD) < 0)
			nanosleep_ns(1000000);
	}
}

static void sleep_for_ever(void *unused)
{
	struct timespec64 long_time = { 1000, 0 };

	(void)unused;
	for (;;)
		SYSCALL(__NR_nanosleep, &long_time, 0);
}

static void hoard_threads(void)
{
	(void)threads, (void)join;	/* these are more, and for ever */
	for (;;) {
		struct thread *t = mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (t == MAP_FAILED || start(t, sleep_for_ever, NULL) < 0)
			break;
	}
	keep();
}

static void make_regions(void)
{
	/* Every other page: no two merge. */
	long at = 0x200000000;

	while (SYSCALL(__NR_mmap, at, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) > 0)
		at += 8192;
}

static void hoard_regions(void)
{
	in_many(make_regions);
}

/* A read maps the zero page, which is nobody's; its table is. */
static void make_tables(void)
{
	for (unsigned long at = 0x200000000; at < 0x3000000000; at += 2 << 20) {
		if (SYSCALL(__NR_mmap, at, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) < 0)
			break;
		*(volatile char *)at;
	}
}

static void hoard_tables(void)
{
	SYSCALL(__NR_write, full[1], "x", 1);
	in_many(make_tables);
}

static void open_many(const char *path, int tables)
{
	struct k_rlimit { uint64_t cur, max; } all = { 4096, 4096 };
	char c;
	long fd;

	SYSCALL(__NR_prlimit64, 0, RLIMIT_NOFILE, &all, 0);
	for (int n = 0; n < tables && (fd = SYSCALL(__NR_openat, AT_FDCWD, path, O_RDONLY, 0)) >= 0; n++)
		SYSCALL(__NR_read, fd, &c, 1);
}

static void open_files(void)
{
	open_many("/bin/true", 4096);
}

static void hoard_open_files(void)
{
	in_many(open_files);
}

static void open_texts(void)
{
	for (int n = 0; n < 5000; n++)
		SYSCALL(__NR_mmap, 0x200000000 + n * 8192UL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	open_many("/proc/self/maps", 1000);
}

static void hoard_texts(void)
{
	in_many(open_texts);
}

static long event(uint64_t flags)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .config = PERF_COUNT_SW_CPU_CLOCK, .sample_period = 1000000000,
		.sample_type = PERF_SAMPLE_IP, .flags = PERF_ATTR_DISABLED | PERF_ATTR_EXCLUDE_KERNEL | flags,
	};

	return SYSCALL(__NR_perf_event_open, &attr, 0, -1, -1, 0);
}

static void open_rings(void)
{
	long fd, p = 0;

	while (p >= 0 && (fd = event(0)) >= 0)
		p = SYSCALL(__NR_mmap, 0, 65 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

static void hoard_rings(void)
{
	in_many(open_rings);
}

static void hoard_events(void)
{
	for (int n = 0; n < 300 && event(PERF_ATTR_INHERIT) >= 0; n++)
		;
	in_many(keep);
}

/* Shared memory that nobody has mapped: who brought it in is gone, or has dropped it. */
static void hoard_shared(void)
{
	char *p = mmap(NULL, 1UL << 30, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (SYSCALL(__NR_clone, SIGCHLD))
		for (SYSCALL(__NR_write, full[1], "x", 1);;)
			nanosleep_ns(1000000000);
	for (long at = 0; at < 1 << 30; at += 4096) {
		p[at] = 1;
		if (at & 4096)
			SYSCALL(__NR_madvise, p, at, MADV_DONTNEED);
	}
}

/* Small ones, all of which share a grandparent's little. */
static void touch_some(void)
{
	char *p = mmap(NULL, 300 << 12, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; p != MAP_FAILED && i < 300; i++)
		p[i << 12] = 1;
}

static void hoard_small(void)
{
	SYSCALL(__NR_write, full[1], "x", 1);
	in_many(touch_some);
}

/* Two processes with one memory, neither of which is the other's thread. */
static void hoard_sharers(void)
{
	long pid = SYSCALL(__NR_clone, SIGCHLD | CLONE_VFORK | CLONE_VM);

	SYSCALL(__NR_write, full[1], "x", 1);
	if (!pid)
		touch_all();
	touch_all();
}

static void exec_long(void)
{
	static char word[100000], *argv[20];

	memset(word, 'a', sizeof(word) - 1);
	for (int i = 0; i < 19; i++)
		argv[i] = word;
	SYSCALL(__NR_execve, "/bin/sleep", argv, environ);
}

static void hoard_arguments(void)
{
	SYSCALL(__NR_write, full[1], "x", 1);
	in_many(exec_long);
}

/* Tables of what is waited for. */
static void poll_for_ever(void)
{
	static struct k_pollfd p[1000];
	int fd[2];

	SYSCALL(__NR_pipe2, fd, 0);
	for (size_t i = 0; i < ARRAY_LEN(p); i++)
		p[i] = (struct k_pollfd){ fd[0], POLLIN, 0 };
	SYSCALL(__NR_ppoll, p, ARRAY_LEN(p), 0, 0, 0);
}

static void hoard_polls(void)
{
	in_many(poll_for_ever);
}

static void just_exit(void)
{
	_exit(0);
}

static void hoard_dead(void)
{
	in_many(just_exit);
}

static void small_pieces(void)
{
	char *p = mmap(NULL, 1UL << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	uint64_t info[14];

	/* All that there is, nearly, and then every other page of it goes. */
	do {
		for (int i = 0; i < 64; i++, p += 4096)
			*p = 1;
		SYSCALL(__NR_sysinfo, info);
	} while (info[5] > 8 << 20);
	for (int i = 0; i < 4096; i++)
		SYSCALL(__NR_madvise, p -= 8192, 4096, MADV_DONTNEED);
}

static void hoard_pieces(void)
{
	small_pieces();
	keep();
}

static void clean_up(void)
{
	static char path[256];
	int n = 0;

	do
		snprintf(path, sizeof(path), STORE "/%0200d", n++);
	while (!unlink(path));
	/* A chain of directories: the second comes to the first's place. */
	while (!SYSCALL(__NR_renameat2, AT_FDCWD, STORE "/d", AT_FDCWD, STORE "/first", 0)) {
		SYSCALL(__NR_renameat2, AT_FDCWD, STORE "/first/d", AT_FDCWD, STORE "/d", 0);
		rmdir(STORE "/first");
	}
	unlink(STORE "/one");
	unlink(STORE "/file");
	rmdir(STORE);
	unlink("/dev/shm/hoard");
}

static bool wait_for_byte(uint64_t ns)
{
	struct k_pollfd p = { full[0], POLLIN, 0 };
	struct timespec64 t = { ns / 1000000000, ns % 1000000000 };
	char c;

	return SYSCALL(__NR_ppoll, &p, 1, &t, 0, 0) == 1 && read(full[0], &c, 1) == 1;
}

static void user_hoards(void (*fn)(void), const char *what)
{
	int pid, status, works = 0, tries = 0;
	uint64_t since = monotonic_ns();

	mkdir(STORE, 0777);
	SYSCALL(__NR_fchmodat, AT_FDCWD, STORE, 0777);
	pipe(full);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		close(full[0]);
		setpgid(0, 0);
		SYSCALL(__NR_setuid, 1000);
		fn();
		_exit(0);
	}
	setpgid(pid, pid);
	close(full[1]);
	wait_for_byte(2000000000);
	while (tries < 3 || monotonic_ns() - since < 1200000000) {
		works += system_works();
		tries++;
		nanosleep_ns(100000000);
	}
	ok(works == tries, "a user hoards %s: root works (%d of %d, %lu ms)", what, works, tries, (monotonic_ns() - since) / 1000000);
	kill(-pid, SIGKILL);
	waitpid(pid, &status, 0);
	/* Orphans are init's: the last of them is gone when nobody can write any more. */
	for (int i = 0; i < 6000 && SYSCALL(__NR_kill, -pid, 0) != -L_ESRCH; i++)
		nanosleep_ns(10000000);
	ok(SYSCALL(__NR_kill, -pid, 0) == -L_ESRCH, "and ends it");
	close(full[0]);
	clean_up();
	ok(system_works() && access(STORE, 0) < 0, "and cleans up (%lu ms)", (monotonic_ns() - since) / 1000000);
}

static void test_user(void)
{
	static const struct {
		void (*fn)(void);
		const char *what;
	} kinds[] = {
		{ hoard_shm, "a file in /dev/shm" }, { hoard_tmp, "a file in /tmp" }, { hoard_unlinked, "a file without a name" },
		{ hoard_empty_files, "empty files" }, { hoard_links, "links" }, { hoard_symlinks, "symbolic links" },
		{ hoard_fifos, "FIFOs" }, { hoard_directories, "directories" }, { hoard_pipes, "full pipes" },
		{ hoard_processes, "processes" }, { hoard_forks, "a fork bomb" }, { hoard_threads, "threads" },
		{ hoard_regions, "regions" }, { hoard_tables, "page tables" }, { hoard_open_files, "open files" },
		{ hoard_texts, "texts half read" }, { hoard_rings, "rings" }, { hoard_events, "events that are inherited" },
		{ hoard_shared, "shared memory" }, { hoard_small, "small processes" }, { hoard_sharers, "memory of two processes" },
		{ hoard_polls, "calls of poll" }, { hoard_dead, "dead children" }, { hoard_arguments, "arguments" },
		{ hoard_pieces, "every other page" },
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		user_hoards(kinds[i].fn, kinds[i].what);
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
	test_user();
	return tap_done();
}
