/* SPDX-License-Identifier: MIT */
/* Names: removed directories, renames, strings that have no end, and all of it by several at a time. True of Linux too (on tmpfs). */
#include "tap.h"
#include "thread.h"

#include "abi/time.h"

#define TOP "/tmp/names"
#define L_EXDEV 18
#define L_EBUSY 16
#define L_ENAMETOOLONG 36
#define RENAME(old, new, flags) SYSCALL(__NR_renameat2, AT_FDCWD, old, AT_FDCWD, new, flags)
#define OPEN(path, flags) SYSCALL(__NR_openat, AT_FDCWD, path, flags, 0666)

static uint64_t deadline;

static void make_file(const char *path)
{
	close(open(path, O_CREAT | O_WRONLY, 0644));
}

static bool is_there(const char *path)
{
	struct k_stat st;

	return lstat(path, &st) == 0;
}

static long inode_of(const char *path)
{
	struct k_stat st;

	return lstat(path, &st) ? -1 : (long)st.st_ino;
}

static int links_of(const char *path)
{
	struct k_stat st;

	return lstat(path, &st) ? -1 : (int)st.st_nlink;
}

/* Nothing can be made in @dir, a descriptor of a removed directory, or AT_FDCWD in one. */
static void nothing_is_made(int dir, const char *what)
{
	long r[8];
	bool good = true;

	r[0] = SYSCALL(__NR_openat, dir, "x", O_CREAT | O_RDWR, 0600);
	r[1] = SYSCALL(__NR_mkdirat, dir, "x", 0700);
	r[2] = SYSCALL(__NR_symlinkat, "to", dir, "x");
	r[3] = SYSCALL(__NR_mknodat, dir, "x", S_IFIFO | 0600, 0);
	r[4] = SYSCALL(__NR_linkat, AT_FDCWD, TOP "/file", dir, "x", 0);
	r[5] = SYSCALL(__NR_renameat2, AT_FDCWD, TOP "/file", dir, "x", 0);
	r[6] = SYSCALL(__NR_renameat2, AT_FDCWD, TOP "/dir", dir, "x", 0);
	r[7] = SYSCALL(__NR_renameat2, AT_FDCWD, TOP "/file", dir, "x", RENAME_NOREPLACE);
	for (int i = 0; i < 8; i++)
		if (r[i] != -L_ENOENT) {
			printf("# call %d: %ld\n", i, r[i]);
			good = false;
		}
	ok(good, "%s: nothing is made, linked or moved there: ENOENT", what);
}

static void test_removed(void)
{
	char buf[512] = "";
	ssize_t n;
	int fd;

	make_file(TOP "/file");
	mkdir(TOP "/dir", 0777);
	mkdir(TOP "/gone", 0777);
	fd = open(TOP "/gone", O_RDONLY | O_DIRECTORY);
	chdir(TOP "/gone");
	rmdir(TOP "/gone");
	nothing_is_made(AT_FDCWD, "in a removed working directory");
	nothing_is_made(fd, "in a removed directory that is open");
	ok_is(SYSCALL(__NR_getdents64, fd, buf, sizeof(buf)), -L_ENOENT, "it is not listed: ENOENT");
	ok_is(SYSCALL(__NR_getcwd, buf, sizeof(buf)), -L_ENOENT, "it has no path: ENOENT");
	n = readlink("/proc/self/cwd", buf, sizeof(buf) - 1);
	buf[n > 0 ? n : 0] = '\0';
	ok(strstr(buf, "gone (deleted)"), "/proc/self/cwd says that it is deleted");
	ok(inode_of("..") == inode_of(TOP) && links_of(".") == 0, "what it lay in is still above it");
	ok_is(RENAME("..", "x", 0), -L_EBUSY, "rename of ..: EBUSY");
	close(fd);
	/* One that another takes the place of is removed, too. */
	mkdir(TOP "/gone", 0777);
	fd = open(TOP "/gone", O_RDONLY | O_DIRECTORY);
	mkdir(TOP "/new", 0777);
	ok_is(RENAME(TOP "/new", TOP "/gone", 0), 0, "a directory takes an empty one's place");
	nothing_is_made(fd, "in a directory that was replaced");
	ok(links_of(TOP "/gone") == 2 && links_of(TOP) == 4, "links are counted");
	close(fd);
	chdir("/");
	rmdir(TOP "/gone");
	rmdir(TOP "/dir");
	unlink(TOP "/file");
}

static void test_rename(void)
{
	long a, b;

	chdir(TOP);
	mkdir("a", 0777);
	mkdir("a/b", 0777);
	mkdir("a/b/c", 0777);
	mkdir("e", 0777);
	make_file("f");
	make_file("g");
	ok_is(RENAME("a", "a/b/c/x", 0), -L_EINVAL, "a directory into what is in it: EINVAL");
	ok_is(RENAME("a", "a/x", 0), -L_EINVAL, "into itself: EINVAL");
	ok_is(RENAME("a/b/c", "a", 0), -L_ENOTEMPTY, "onto what it is in: ENOTEMPTY");
	ok_is(RENAME("a/b", "a", 0), -L_ENOTEMPTY, "onto its parent: ENOTEMPTY");
	ok_is(RENAME("e", "a", 0), -L_ENOTEMPTY, "onto one that is not empty: ENOTEMPTY");
	ok_is(RENAME("a", "f", 0), -L_ENOTDIR, "onto a file: ENOTDIR");
	ok_is(RENAME("f", "a", 0), -L_EISDIR, "a file onto a directory: EISDIR");
	ok_is(RENAME("f", "a/b", 0), -L_EISDIR, "elsewhere: EISDIR");
	ok_is(RENAME("f/", "h", 0), -L_ENOTDIR, "a file with a slash behind it: ENOTDIR");
	ok_is(RENAME("f", "h/", 0), -L_ENOTDIR, "to a name with a slash: ENOTDIR");
	ok(RENAME("e/", "h/", 0) == 0 && is_there("h"), "a directory may have one");
	ok_is(RENAME("h", "h", 0), 0, "to its own name: nothing to do");
	ok_is(RENAME(".", "h", 0), -L_EBUSY, ".: EBUSY");
	ok_is(RENAME("none", "h", 0), -L_ENOENT, "what is not there: ENOENT");
	ok_is(RENAME("f", "/proc/x", 0), -L_EXDEV, "to another file system: EXDEV");
	ok_is(RENAME("f", "g", 8), -L_EINVAL, "an unknown flag: EINVAL");
	ok_is(RENAME("f", "g", RENAME_NOREPLACE | RENAME_EXCHANGE), -L_EINVAL, "flags that exclude each other: EINVAL");
	ok_is(RENAME("f", "none", RENAME_EXCHANGE), -L_ENOENT, "exchange with nothing: ENOENT");
	ok_is(RENAME("a", "a/b/c", RENAME_EXCHANGE), -L_EINVAL, "exchange with what is in it: EINVAL");
	ok_is(RENAME("a/b/c", "a", RENAME_EXCHANGE), -L_EINVAL, "with what it is in: EINVAL");
	a = inode_of("f");
	b = inode_of("a/b");
	ok(RENAME("f", "a/b", RENAME_EXCHANGE) == 0 && inode_of("a/b") == a && inode_of("f") == b,
	   "a file and a directory exchange places");
	ok(links_of("a") == 2 && links_of(".") == 5 && inode_of("f/..") == inode_of("."), "links and .. follow");
	ok(RENAME("f", "a/b", RENAME_EXCHANGE) == 0 && inode_of("f") == a && links_of("a") == 3, "and back");
	SYSCALL(__NR_linkat, AT_FDCWD, "f", AT_FDCWD, "f2", 0);
	ok(RENAME("f", "f2", 0) == 0 && is_there("f") && links_of("f2") == 2, "two names of one file: nothing to do");
	ok(RENAME("f2", "g", 0) == 0 && links_of("f") == 2 && inode_of("g") == a, "a file takes another's place");
	unlink("f");
	unlink("g");
	rmdir("a/b/c");
	rmdir("a/b");
	rmdir("a");
	rmdir("h");
}

static void test_slashes(void)
{
	make_file("f");
	ok_is(OPEN("new/", O_CREAT | O_WRONLY), -L_EISDIR, "a new file with a slash behind it: EISDIR");
	ok_is(SYSCALL(__NR_mknodat, AT_FDCWD, "new/", S_IFREG | 0600, 0), -L_ENOENT, "mknod: ENOENT");
	ok_is(SYSCALL(__NR_symlinkat, "to", AT_FDCWD, "new/"), -L_ENOENT, "symlink: ENOENT");
	ok_is(SYSCALL(__NR_linkat, AT_FDCWD, "f", AT_FDCWD, "new/", 0), -L_ENOENT, "link: ENOENT");
	ok_is(SYSCALL(__NR_unlinkat, AT_FDCWD, "f/", 0), -L_ENOTDIR, "unlink of a file: ENOTDIR");
	ok(mkdir("d/", 0700) == 0 && rmdir("d/") == 0, "directories may have one");
	unlink("f");
	chdir("/");
}

/* Whose directory one may not search, his files one does not open. */
static void test_search(void)
{
	int fd;

	SYSCALL(__NR_setuid, 1000);
	fd = OPEN(TOP "/mine/file", O_RDONLY);
	if (fd != -L_EACCES)
		_exit(1);
	fd = OPEN(TOP "/mine/file", O_RDONLY | O_CREAT);
	if (fd != -L_EACCES)
		_exit(2);
	if (SYSCALL(__NR_mkdirat, AT_FDCWD, TOP "/mine/file", 0700) != -L_EACCES)
		_exit(3);
	if (SYSCALL(__NR_unlinkat, AT_FDCWD, TOP "/mine/none", 0) != -L_EACCES)
		_exit(4);
	/* A directory that another gets ".." of is written to. */
	if (RENAME(TOP "/open/his", TOP "/his", 0) != -L_EACCES)
		_exit(5);
	if (RENAME(TOP "/open/his", TOP "/open/hers", 0))
		_exit(6);
	_exit(0);
}

static void test_rights(void)
{
	mkdir(TOP "/mine", 0700);
	make_file(TOP "/mine/file");
	SYSCALL(__NR_mkdirat, AT_FDCWD, TOP "/open", 0777);
	SYSCALL(__NR_fchmodat, AT_FDCWD, TOP "/open", 0777);
	mkdir(TOP "/open/his", 0755);
	ok_is(in_child(test_search), 0, "what may not be searched, or written to, is not by way of O_CREAT or rename");
	unlink(TOP "/mine/file");
	rmdir(TOP "/mine");
	rmdir(TOP "/open/hers");
	rmdir(TOP "/open");
}

/* ---- Strings ---- */

/* User space ends at one of these. */
static const unsigned long ends[] = { 1UL << 56, 1UL << 47, 1UL << 38 };

/* The last page of user space: what lies there may be ours already, the stack's upper end. */
static char *last_page(void)
{
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		long at = ends[i] - 4096;
		long got = SYSCALL(__NR_mmap, at, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

		if (got == at || got == -L_EEXIST)
			return (char *)at;
	}
	return NULL;
}

static void strings_at_the_end(void)
{
	char *end = last_page() + 4096, *argv[2] = { end - 3, NULL }, *good[2] = { "true", NULL };
	long r[12], want = -L_EFAULT;
	int n = 0;

	memcpy(end - 3, "abc", 3);
	r[n++] = SYSCALL(__NR_symlinkat, end - 3, AT_FDCWD, TOP "/link");
	r[n++] = SYSCALL(__NR_mkdirat, AT_FDCWD, end - 3, 0700);
	r[n++] = OPEN(end - 3, O_CREAT | O_RDWR);
	r[n++] = RENAME(TOP "/none", end - 3, 0);
	r[n++] = SYSCALL(__NR_chdir, end - 1);
	r[n++] = SYSCALL(__NR_execve, end - 3, good, NULL);
	r[n++] = SYSCALL(__NR_execve, "/bin/true", argv, NULL);
	r[n++] = SYSCALL(__NR_execve, "/bin/true", good, argv);
	r[n++] = SYSCALL(__NR_prctl, PR_SET_NAME, end - 3);
	r[n++] = SYSCALL(__NR_unlinkat, AT_FDCWD, end, 0);
	for (int i = 0; i < n; i++)
		if (r[i] != want)
			_exit(10 + i);
	/* With its end it is one. */
	memcpy(end - 4, "/tm", 4);
	_exit(SYSCALL(__NR_chdir, end - 4) != -L_ENOENT ? 1 : SYSCALL(__NR_prctl, PR_SET_NAME, end - 4) != 0 ? 2 : 0);
}

static void test_strings(void)
{
	static char path[5000], name[300];
	long r;

	ok_is(in_child(strings_at_the_end), 0, "a string that user space ends before its NUL: EFAULT, everywhere");
	memset(name, 'n', 256);
	ok_is(OPEN(name, O_CREAT | O_RDWR), -L_ENAMETOOLONG, "a name of 256: ENAMETOOLONG");
	memset(path, '/', sizeof(path) - 1);
	ok_is(OPEN(path, O_RDONLY), -L_ENAMETOOLONG, "a path of 4999: ENAMETOOLONG");
	path[4096] = '\0';
	ok_is(OPEN(path, O_RDONLY), -L_ENAMETOOLONG, "of 4096");
	path[4095] = '\0';
	r = OPEN(path, O_RDONLY);
	ok(r >= 0, "of 4095: it is taken");
	close(r);
	ok_is(OPEN("", O_RDONLY), -L_ENOENT, "an empty one: ENOENT");
	memset(path, 'p', 4095);
	ok_is(SYSCALL(__NR_symlinkat, path, AT_FDCWD, TOP "/long"), 0, "a link of 4095");
	ok_is(readlink(TOP "/long", path, sizeof(path)), 4095, "is read whole");
	ok_is(readlink(TOP "/long", path, 7), 7, "or in part");
	unlink(TOP "/long");
}

/* ---- Many names ---- */

static uint64_t thread_ns(void)
{
	struct timespec64 t;

	SYSCALL(__NR_clock_gettime, CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000UL + t.tv_nsec;
}

/* How long it takes to list TOP, which has @n names. The best of many: the host may be busy. */
static uint64_t list_ns(int n)
{
	static char buf[32768];
	uint64_t best = ~0UL;
	bool good = true;

	for (int k = 0; k < 20; k++) {
		int fd = open(TOP, O_RDONLY | O_DIRECTORY), seen = 0;
		uint64_t since = thread_ns(), ns;
		ssize_t got;

		while ((got = getdents64(fd, buf, sizeof(buf))) > 0)
			for (char *p = buf; p < buf + got; p += ((struct k_dirent64 *)p)->d_reclen)
				seen++;
		ns = thread_ns() - since;
		best = ns < best ? ns : best;
		good &= seen >= n + 2;
		close(fd);
	}
	return good ? best : 0;
}

static void make_many(int from, int to, bool make)
{
	char name[32];

	for (int i = from; i < to; i++) {
		sprintf(name, TOP "/%d", i);
		if (make)
			make_file(name);
		else
			unlink(name);
	}
}

static void test_many(void)
{
	uint64_t few, many;

	make_many(0, 250, true);
	few = list_ns(250);
	make_many(250, 4000, true);
	many = list_ns(4000);
	ok(few && many && many < 64 * few, "to list sixteen times as many names takes no more than four times as long for each");
	if (!few || many >= 64 * few)
		printf("# %lu and %lu ns\n", (unsigned long)few, (unsigned long)many);
	make_many(0, 4000, false);
}

/* ---- Several at a time ---- */

static bool go_on(void)
{
	return monotonic_ns() < deadline;
}

static void for_a_while(void)
{
	deadline = monotonic_ns() + 1000000000;
}

/* Directories come, go and change places; .. and paths are asked for meanwhile. */
static void mover(void *arg)
{
	(void)arg;
	while (go_on()) {
		RENAME("p/q/r", "p/r", 0);
		RENAME("p/r", "s/r", 0);
		RENAME("s", "p/s", 0);
		RENAME("p/s/r", "p/q/r", 0);
		RENAME("p/s", "s", 0);
		RENAME("p/q", "s", RENAME_EXCHANGE);
	}
}

static void breaker(void *arg)
{
	(void)arg;
	while (go_on()) {
		SYSCALL(__NR_unlinkat, AT_FDCWD, "p/q/r", AT_REMOVEDIR);
		SYSCALL(__NR_unlinkat, AT_FDCWD, "p/q", AT_REMOVEDIR);
		SYSCALL(__NR_mkdirat, AT_FDCWD, "p/q", 0777);
		SYSCALL(__NR_mkdirat, AT_FDCWD, "p/q/r", 0777);
		SYSCALL(__NR_unlinkat, AT_FDCWD, "s", AT_REMOVEDIR);
		SYSCALL(__NR_mkdirat, AT_FDCWD, "s", 0777);
	}
}

/* Into a directory that may be on its way out: it is made there, and then the directory stays, or it is not. */
static void filler(void *arg)
{
	(void)arg;
	while (go_on()) {
		int fd = SYSCALL(__NR_openat, AT_FDCWD, "p/q", O_RDONLY | O_DIRECTORY);

		SYSCALL(__NR_mknodat, fd, "file", S_IFREG | 0600, 0);
		SYSCALL(__NR_linkat, fd, "file", AT_FDCWD, "s/file", 0);
		RENAME("s/file", "p/q/r/file", 0);
		SYSCALL(__NR_unlinkat, fd, "file", 0);
		SYSCALL(__NR_unlinkat, AT_FDCWD, "s/file", 0);
		SYSCALL(__NR_unlinkat, AT_FDCWD, "p/q/r/file", 0);
		SYSCALL(__NR_close, fd);
	}
}

static void asker(void *arg)
{
	char buf[512];

	(void)arg;
	while (go_on()) {
		int fd = SYSCALL(__NR_openat, AT_FDCWD, "p/q/r", O_RDONLY | O_DIRECTORY), up;

		for (int i = 0; fd >= 0 && i < 20; i++) {
			up = SYSCALL(__NR_openat, fd, "../..", O_RDONLY | O_DIRECTORY);
			SYSCALL(__NR_getdents64, up, buf, sizeof(buf));
			SYSCALL(__NR_lseek, up, 0, SEEK_SET);
			SYSCALL(__NR_close, up);
			SYSCALL(__NR_lseek, fd, 0, SEEK_SET);
			SYSCALL(__NR_getdents64, fd, buf, sizeof(buf));
		}
		SYSCALL(__NR_close, fd);
	}
}

/* The threads' working directory changes, and is asked for from inside and outside. */
static void walker(void *arg)
{
	char buf[512];

	(void)arg;
	while (go_on()) {
		SYSCALL(__NR_mkdirat, AT_FDCWD, TOP "/w", 0777);
		SYSCALL(__NR_chdir, TOP "/w");
		SYSCALL(__NR_unlinkat, AT_FDCWD, TOP "/w", AT_REMOVEDIR);
		SYSCALL(__NR_getcwd, buf, sizeof(buf));
		SYSCALL(__NR_chdir, TOP);
	}
}

static void looker(void *arg)
{
	char buf[512];

	(void)arg;
	while (go_on()) {
		SYSCALL(__NR_readlinkat, AT_FDCWD, "/proc/self/cwd", buf, sizeof(buf));
		SYSCALL(__NR_getcwd, buf, sizeof(buf));
		SYSCALL(__NR_openat, AT_FDCWD, "none", O_RDONLY);
	}
}

/* What the storm left. */
static void sweep(const char *dir)
{
	char buf[1024];
	int fd = SYSCALL(__NR_openat, AT_FDCWD, dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	ssize_t n;

	while (fd >= 0 && (n = SYSCALL(__NR_getdents64, fd, buf, sizeof(buf))) > 0)
		for (char *p = buf; p < buf + n; p += ((struct k_dirent64 *)p)->d_reclen) {
			const char *name = ((struct k_dirent64 *)p)->d_name;
			char path[512];

			if (!strcmp(name, ".") || !strcmp(name, ".."))
				continue;
			snprintf(path, sizeof(path), "%s/%s", dir, name);
			if (SYSCALL(__NR_unlinkat, AT_FDCWD, path, 0)) {
				sweep(path);
				rmdir(path);
			}
		}
	close(fd);
}

static void run(void (*const fn[])(void *), int n)
{
	for_a_while();
	for (int i = 0; i < n; i++)
		start(&threads[i], fn[i], NULL);
	for (int i = 0; i < n; i++)
		join(&threads[i]);
}

static void storm(void)
{
	void (*const places[])(void *) = { mover, breaker, filler, asker, mover, breaker, filler, asker };
	void (*const cwd[])(void *) = { walker, looker, walker, looker };

	SYSCALL(__NR_setuid, 1000);
	chdir(TOP);
	run(places, 8);
	run(cwd, 4);
	chdir(TOP);
	sweep(".");
	_exit(0);
}

int main(void)
{
	SYSCALL(__NR_mkdirat, AT_FDCWD, TOP, 0777);
	SYSCALL(__NR_fchmodat, AT_FDCWD, TOP, 0777);
	test_removed();
	test_rename();
	test_slashes();
	test_rights();
	test_strings();
	test_many();
	ok_is(in_child(storm), 0, "directories that come, go and change places under eight threads");
	ok(links_of(TOP) == 2 && rmdir(TOP) == 0, "nothing is left of them");
	return tap_done();
}
