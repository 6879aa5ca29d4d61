/* SPDX-License-Identifier: MIT */
/* Mounts: file systems that come over directories, go, move and are shown twice; what a mount forbids; chroot. True of Linux, too. */
#include "tap.h"
#include "thread.h"

#include "abi/mman.h"
#include "abi/mount.h"
#include "abi/time.h"

#define TOP "/tmp/mounts"
#define A TOP "/a"
#define B TOP "/b"
#define L_EPERM 1
#define L_ENOENT 2
#define L_EAGAIN 11
#define L_EACCES 13
#define L_EBUSY 16
#define L_EEXIST 17
#define L_EXDEV 18
#define L_ENODEV 19
#define L_ENOTDIR 20
#define L_EINVAL 22
#define L_ENOSPC 28
#define L_EROFS 30
#define L_ELOOP 40
#define MOUNT(src, dst, type, flags, data) SYSCALL(__NR_mount, src, dst, type, flags, data)
#define TMPFS(dst, flags, data) MOUNT("test", dst, "tmpfs", flags, data)
#define UMOUNT(dst, flags) SYSCALL(__NR_umount2, dst, flags)
#define OPEN(path, flags) SYSCALL(__NR_openat, AT_FDCWD, path, flags, 0666)
#define MKDIR(path) SYSCALL(__NR_mkdirat, AT_FDCWD, path, 0777)
#define RMDIR(path) SYSCALL(__NR_unlinkat, AT_FDCWD, path, AT_REMOVEDIR)
#define UNLINK(path) SYSCALL(__NR_unlinkat, AT_FDCWD, path, 0)
#define RENAME(old, new) SYSCALL(__NR_renameat2, AT_FDCWD, old, AT_FDCWD, new, 0)
#define LINK(old, new) SYSCALL(__NR_linkat, AT_FDCWD, old, AT_FDCWD, new, 0)
#define CHMOD(path, mode) SYSCALL(__NR_fchmodat, AT_FDCWD, path, mode)

static void make_file(const char *path)
{
	close(open(path, O_CREAT | O_WRONLY, 0644));
}

static bool is_there(const char *path)
{
	struct k_stat st;

	return lstat(path, &st) == 0;
}

static uint64_t device_of(const char *path)
{
	struct k_stat st;

	return lstat(path, &st) ? 0 : st.st_dev;
}

static uint64_t inode_of(const char *path)
{
	struct k_stat st;

	return lstat(path, &st) ? 0 : st.st_ino;
}

/* The options of the last mount on @path in /proc/self/mounts, with a comma at both ends; "": there is none. */
static const char *options_of(const char *path)
{
	static char text[8192], options[256];
	char where[128], opts[200];

	options[0] = '\0';
	if (read_file("/proc/self/mounts", text, sizeof(text)) < 0)
		return "";
	for (char *line = text; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (sscanf(line, "%*s %127s %*s %199s", where, opts) == 2 && !strcmp(where, path))
			snprintf(options, sizeof(options), ",%s,", opts);
	return options;
}

/* The root of @path's mount within its file system, as /proc/self/mountinfo tells. */
static const char *root_of(const char *path)
{
	static char text[8192], root[128];
	char where[128], r[128];

	root[0] = '\0';
	if (read_file("/proc/self/mountinfo", text, sizeof(text)) < 0)
		return "";
	for (char *line = text; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (sscanf(line, "%*d %*d %*s %127s %127s", r, where) == 2 && !strcmp(where, path))
			strcpy(root, r);
	return root;
}

static long in_dir(const char *dir)
{
	char buf[256];

	return chdir(dir) == 0 && SYSCALL(__NR_getcwd, buf, sizeof(buf)) > 0 && !strcmp(buf, dir);
}

static void test_cover(void)
{
	uint64_t below = device_of(A);
	long fd;

	make_file(A "/below");
	ok_is(TMPFS(A, 0, 0), 0, "a file system comes over a directory");
	ok(!is_there(A "/below") && device_of(A) != below && device_of(A "/..") == below, "and hides what is in it; its .. is outside");
	ok(*options_of(A) && !strcmp(root_of(A), "/"), "/proc/self/mounts and mountinfo have it");
	make_file(A "/above");
	ok(device_of(A "/above") == device_of(A), "a file in it is of its device");
	ok_is(LINK(A "/above", TOP "/x"), -L_EXDEV, "no link leads out of it");
	ok_is(RENAME(A "/above", TOP "/x"), -L_EXDEV, "nor does a rename");
	ok_is(MKDIR(A), -L_EEXIST, "where it is there is a name");
	ok_is(RMDIR(A), -L_EBUSY, "which cannot be removed");
	ok_is(RENAME(A, TOP "/x"), -L_EBUSY, "nor renamed");
	ok_is(RENAME(B, A), -L_EBUSY, "nor replaced");
	ok(in_dir(A), "getcwd() tells where it is");
	ok_is(UMOUNT(A, 0), -L_EBUSY, "it does not go while a process is in it");
	ok(chdir("..") == 0 && in_dir(TOP), ".. leads out of it");
	fd = OPEN(A "/above", O_RDONLY);
	ok_is(UMOUNT(A, 0), -L_EBUSY, "nor while a file of it is open");
	close(fd);
	ok_is(TMPFS(A, 0, 0), 0, "another comes over it");
	ok(!is_there(A "/above"), "and hides it");
	ok_is(UMOUNT(A, 0), 0, "the upper one goes");
	ok(is_there(A "/above"), "and the lower one is there");
	ok_is(UMOUNT(A, 0), 0, "that goes");
	ok(is_there(A "/below") && !*options_of(A), "and what was there is there again");
	UNLINK(A "/below");
}

static void as_a_user(void)
{
	SYSCALL(__NR_setuid, 1000);
	ok_is(TMPFS(A, 0, 0), -L_EPERM, "a user may not mount");
	ok_is(TMPFS(TOP "/none", 0, 0), -L_ENOENT, "and is told first that there is no such directory");
	ok_is(UMOUNT(A, 0), -L_EPERM, "nor unmount");
	ok_is(SYSCALL(__NR_chroot, A), -L_EPERM, "nor change the root");
	fflush(stdout);
	_exit(tap_bad);
}

static void test_errors(void)
{
	make_file(TOP "/file");
	ok_is(MOUNT("x", A, 0, 0, 0), -L_EINVAL, "no type");
	ok_is(MOUNT("x", A, "nosuchfs", 0, 0), -L_ENODEV, "no such type");
	ok_is(TMPFS(TOP "/none", 0, 0), -L_ENOENT, "no such directory");
	ok_is(TMPFS(TOP "/file", 0, 0), -L_ENOTDIR, "not on a file");
	ok_is(TMPFS(A, 0, "size=lots"), -L_EINVAL, "size=lots");
	ok_is(TMPFS(A, 0, "colour=red"), -L_EINVAL, "colour=red");
	ok_is(UMOUNT(A, 0), -L_EINVAL, "what is no mount cannot go");
	ok_is(UMOUNT(TOP "/none", 0), -L_ENOENT, "nor what is not there");
	ok_is(UMOUNT(A, 0x100), -L_EINVAL, "no such flag");
	ok_is(MOUNT(0, A, 0, MS_BIND, 0), -L_EINVAL, "a bind of nothing");
	ok_is(MOUNT(TOP "/none", A, 0, MS_BIND, 0), -L_ENOENT, "a bind of what is not there");
	ok_is(MOUNT(TOP "/file", A, 0, MS_BIND, 0), -L_ENOTDIR, "a file over a directory");
	ok_is(MOUNT(A, TOP "/file", 0, MS_BIND, 0), -L_ENOTDIR, "a directory over a file");
	ok_is(MOUNT(A, B, 0, MS_MOVE, 0), -L_EINVAL, "what is no mount does not move");
	ok_is(MOUNT(0, A, 0, MS_REMOUNT, 0), -L_EINVAL, "nor is it mounted again");
	ok_is(SYSCALL(__NR_chroot, TOP "/file"), -L_ENOTDIR, "a file is no root");
	fflush(stdout);
	if (in_child(as_a_user))
		tap_bad++;
	tap_n += 4;
	UNLINK(TOP "/file");
}

static void test_readonly(void)
{
	const struct { int64_t sec, nsec; } ts[2] = { { 1, 0 }, { 1, 0 } };
	struct k_statfs st;
	long fd;

	TMPFS(A, 0, 0);
	make_file(A "/file");
	SYSCALL(__NR_mknodat, AT_FDCWD, A "/null", S_IFCHR | 0666, 0x103);
	fd = OPEN(A "/file", O_RDWR);
	ok_is(MOUNT(0, A, 0, MS_REMOUNT | MS_RDONLY, 0), -L_EBUSY, "not read-only while a file is open for writing");
	ok_is(SYSCALL(__NR_write, fd, "x", 1), 1, "which may be written to");
	close(fd);
	ok_is(MOUNT(0, A, 0, MS_REMOUNT | MS_RDONLY, 0), 0, "read-only from now on");
	ok(SYSCALL(__NR_statfs, A, &st) == 0 && st.f_flags & ST_RDONLY && strstr(options_of(A), ",ro,"), "statfs and mounts say so");
	fd = OPEN(A "/file", O_RDONLY);
	ok(fd >= 0, "a file can be read");
	ok_is(SYSCALL(__NR_fchmod, fd, 0600), -L_EROFS, "its mode stays, by its descriptor");
	close(fd);
	ok_is(OPEN(A "/file", O_RDWR), -L_EROFS, "it is not opened for writing");
	ok_is(OPEN(A "/file", O_RDONLY | O_TRUNC), -L_EROFS, "nor to be cut");
	ok_is(OPEN(A "/new", O_CREAT | O_RDWR), -L_EROFS, "none is made");
	fd = OPEN(A "/file", O_CREAT | O_RDONLY);
	ok(fd >= 0, "O_CREAT of one that is there opens it");
	close(fd);
	ok_is(OPEN(A "/file", O_CREAT | O_EXCL | O_RDWR), -L_EEXIST, "what is there is there, before all");
	ok_is(MKDIR(A "/dir"), -L_EROFS, "no directory");
	ok_is(SYSCALL(__NR_symlinkat, "x", AT_FDCWD, A "/link"), -L_EROFS, "no link");
	ok_is(UNLINK(A "/file"), -L_EROFS, "nothing is removed");
	ok_is(RENAME(A "/file", A "/other"), -L_EROFS, "nothing is renamed");
	ok_is(LINK(A "/file", A "/other"), -L_EROFS, "nothing gets another name");
	ok_is(CHMOD(A "/file", 0600), -L_EROFS, "its mode stays");
	ok_is(SYSCALL(__NR_fchownat, AT_FDCWD, A "/file", 1, 1, 0), -L_EROFS, "its owner");
	ok_is(SYSCALL(__NR_utimensat, AT_FDCWD, A "/file", ts, 0), -L_EROFS, "its times");
	ok_is(SYSCALL(__NR_truncate, A "/file", 0), -L_EROFS, "its length");
	ok_is(SYSCALL(__NR_faccessat, AT_FDCWD, A "/file", 2), -L_EROFS, "access() knows");
	fd = OPEN(A "/null", O_WRONLY);
	ok_is(SYSCALL(__NR_write, fd, "x", 1), 1, "a device can be written to");
	close(fd);
	ok_is(MOUNT(0, A, 0, MS_REMOUNT, 0), 0, "writable again");
	ok_is(UNLINK(A "/file"), 0, "as can be seen");
	UMOUNT(A, 0);
	ok_is(TMPFS(A, MS_RDONLY, 0), 0, "one is read-only from the start");
	ok_is(MKDIR(A "/dir"), -L_EROFS, "as can be seen");
	UMOUNT(A, 0);
}

static void test_forbid(void)
{
	char *const argv[] = { "true", 0 };
	long fd, at;

	TMPFS(A, 0, 0);
	SYSCALL(__NR_mknodat, AT_FDCWD, A "/null", S_IFCHR | 0666, 0x103);
	make_file(A "/script");
	write_text(A "/script", "#!/bin/true\n");
	CHMOD(A "/script", 0755);
	ok_is(MOUNT(0, A, 0, MS_REMOUNT | MS_BIND | MS_NOEXEC | MS_NODEV | MS_NOSUID, 0), 0, "nothing of it runs, no device, no set-uid");
	ok(strstr(options_of(A), ",nosuid,") && strstr(options_of(A), ",nodev,") && strstr(options_of(A), ",noexec,"), "mounts says so");
	ok_is(OPEN(A "/null", O_RDWR), -L_EACCES, "a device is not opened");
	ok_is(SYSCALL(__NR_execve, A "/script", argv, 0), -L_EACCES, "a program is not run");
	ok_is(SYSCALL(__NR_faccessat, AT_FDCWD, A "/script", 1), -L_EACCES, "access() knows");
	fd = OPEN(A "/script", O_RDONLY);
	ok_is(SYSCALL(__NR_mmap, 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0), -L_EPERM, "nor mapped to be run");
	at = SYSCALL(__NR_mmap, 0, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	ok_is(SYSCALL(__NR_mprotect, at, 4096, PROT_READ | PROT_EXEC), -L_EACCES, "nor allowed to be when it is mapped");
	SYSCALL(__NR_munmap, at, 4096);
	close(fd);
	ok_is(MOUNT(0, A, 0, MS_REMOUNT | MS_BIND, 0), 0, "all is allowed");
	fd = OPEN(A "/null", O_RDWR);
	ok(fd >= 0, "a device is opened");
	close(fd);
	UMOUNT(A, 0);
}

static void test_bind(void)
{
	TMPFS(A, 0, 0);
	MKDIR(A "/sub");
	MKDIR(A "/sub/on");
	make_file(A "/sub/file");
	TMPFS(A "/sub/on", 0, 0);
	make_file(A "/sub/on/mounted");
	ok_is(MOUNT(A "/sub", B, "ignored", MS_BIND, 0), 0, "a directory is shown a second time");
	ok(inode_of(B "/file") == inode_of(A "/sub/file") && device_of(B) == device_of(A), "with the same files");
	ok(!is_there(B "/on/mounted"), "without what is mounted in it");
	ok(!strcmp(root_of(B), "/sub"), "mountinfo tells which part it is");
	ok(in_dir(B) && chdir("..") == 0 && in_dir(TOP), "its .. is where it is mounted");
	ok_is(LINK(B "/file", A "/sub/other"), -L_EXDEV, "no link leads from the one to the other");
	ok_is(MOUNT(0, B, 0, MS_REMOUNT | MS_BIND | MS_RDONLY, 0), 0, "the second is read-only");
	ok_is(MKDIR(B "/dir"), -L_EROFS, "as can be seen there");
	ok_is(MKDIR(A "/sub/dir"), 0, "but not by the first");
	ok_is(UMOUNT(A, 0), -L_EBUSY, "the first does not go while something is mounted on it");
	ok_is(UMOUNT(B, 0), 0, "the second goes");
	ok_is(MOUNT(A "/sub", B, 0, MS_BIND | MS_REC, 0), 0, "now with all that is mounted in it");
	ok(is_there(B "/on/mounted"), "as can be seen");
	ok_is(UMOUNT(B, 0), -L_EBUSY, "it has something mounted on it");
	ok_is(UMOUNT(B "/on", 0), 0, "which goes alone");
	ok(is_there(A "/sub/on/mounted"), "the first one's stays");
	ok_is(UMOUNT(B, 0), 0, "it goes");
	make_file(B "/place");
	ok_is(MOUNT(A "/sub/file", B "/place", 0, MS_BIND, 0), 0, "a file over a file");
	ok(inode_of(B "/place") == inode_of(A "/sub/file"), "as can be seen");
	ok_is(UNLINK(B "/place"), -L_EBUSY, "which is not removed");
	ok_is(UMOUNT(B "/place", 0), 0, "it goes");
	UNLINK(B "/place");
	ok_is(MOUNT(0, A, 0, MS_UNBINDABLE, 0), 0, "unbindable");
	ok_is(MOUNT(A, B, 0, MS_BIND, 0), -L_EINVAL, "it is not shown a second time");
	UMOUNT(A "/sub/on", 0);
	UMOUNT(A, 0);
}

static void test_move(void)
{
	TMPFS(A, 0, 0);
	MKDIR(A "/in");
	TMPFS(A "/in", 0, 0);
	make_file(A "/in/file");
	ok_is(MOUNT(A, A "/in", 0, MS_MOVE, 0), -L_ELOOP, "it does not move into itself");
	ok_is(MOUNT(A, B, 0, MS_MOVE, 0), 0, "it moves");
	ok(is_there(B "/in/file") && !is_there(A "/in") && *options_of(B "/in"), "with what is on it");
	ok_is(MOUNT(B "/in", A, 0, MS_MOVE, 0), 0, "that moves, too");
	ok(is_there(A "/file") && !is_there(B "/in/file"), "as can be seen");
	ok(UMOUNT(A, 0) == 0 && UMOUNT(B, 0) == 0, "both go");
}

static void test_detach(void)
{
	long dir, fd;
	char c = 0;

	TMPFS(A, 0, 0);
	MKDIR(A "/in");
	TMPFS(A "/in", 0, 0);
	make_file(A "/file");
	dir = OPEN(A, O_RDONLY | O_DIRECTORY);
	fd = OPEN(A "/file", O_RDWR);
	ok_is(UMOUNT(A, MNT_DETACH | MNT_EXPIRE), -L_EINVAL, "not at once and if unused");
	ok_is(UMOUNT(A, MNT_DETACH), 0, "it goes at once");
	ok(!is_there(A "/file") && !*options_of(A) && !*options_of(A "/in"), "with what is on it");
	ok(SYSCALL(__NR_write, fd, "x", 1) == 1 && SYSCALL(__NR_pread64, fd, &c, 1, 0) == 1 && c == 'x', "a file of it that is open works");
	ok_is(SYSCALL(__NR_openat, dir, "file", O_RDONLY, 0) >= 0, 1, "and is found from a directory that is open");
	ok_is(SYSCALL(__NR_fchdir, dir), 0, "it can be gone to");
	ok(SYSCALL(__NR_getcwd, (char[256]){ 0 }, 256) > 0, "getcwd() tells something");
	ok(chdir("..") == 0 && is_there("file"), "its .. is itself");
	chdir(TOP);
	close(fd);
	close(dir);
	TMPFS(A, 0, 0);
	ok_is(UMOUNT(A, MNT_EXPIRE), -L_EAGAIN, "it is to go if it is not used");
	ok(!is_there(A "/x"), "it is used");
	ok_is(UMOUNT(A, MNT_EXPIRE), -L_EAGAIN, "so it stays");
	ok_is(UMOUNT(A, MNT_EXPIRE), 0, "it is not used, and goes");
}

static void test_tmpfs(void)
{
	static char block[65536];
	struct k_statfs st;
	struct k_stat s;
	long fd, got = 0, r;

	ok_is(TMPFS(A, 0, "size=128k,nr_inodes=10,mode=751,uid=12,gid=34"), 0, "tmpfs with limits");
	ok(stat(A, &s) == 0 && (s.st_mode & 07777) == 0751 && s.st_uid == 12 && s.st_gid == 34, "and an owner and mode");
	ok(SYSCALL(__NR_statfs, A, &st) == 0 && st.f_type == TMPFS_MAGIC && st.f_blocks == 32 && st.f_bfree == 32 && st.f_files == 10 &&
	   st.f_ffree == 9, "statfs tells them");
	fd = OPEN(A "/file", O_CREAT | O_RDWR);
	while ((r = SYSCALL(__NR_write, fd, block, sizeof(block))) > 0)
		got += r;
	ok(r == -L_ENOSPC && got == 128 * 1024, "no more than its size can be written");
	ok(SYSCALL(__NR_statfs, A, &st) == 0 && st.f_bfree == 0 && st.f_ffree == 8, "statfs tells that");
	SYSCALL(__NR_ftruncate, fd, 4096);
	ok_is(SYSCALL(__NR_write, fd, "x", 1), 1, "what is cut is free");
	close(fd);
	for (r = 0, got = 0; r >= 0; got++) {
		char name[64];

		sprintf(name, A "/%ld", got);
		r = SYSCALL(__NR_mknodat, AT_FDCWD, name, S_IFREG | 0600, 0);
	}
	ok(r == -L_ENOSPC && got == 9, "no more files than its limit");
	ok_is(MOUNT(0, A, 0, MS_REMOUNT, "nr_inodes=5"), -L_EINVAL, "a limit below what there is");
	ok_is(MOUNT(0, A, 0, MS_REMOUNT, "size=1m"), 0, "more room");
	ok(SYSCALL(__NR_statfs, A, &st) == 0 && st.f_blocks == 256, "statfs tells it");
	ok_is(UMOUNT(A, 0), 0, "it goes, full as it is");
	ok(SYSCALL(__NR_statfs, "/proc", &st) == 0 && st.f_type == PROC_SUPER_MAGIC && SYSCALL(__NR_statfs, "/sys", &st) == 0 &&
	   st.f_type == SYSFS_MAGIC, "statfs knows /proc and /sys");
	ok(MOUNT("proc", A, "proc", 0, 0) == 0 && is_there(A "/self/stat") && UMOUNT(A, 0) == 0, "/proc in another place");
}

static void in_another_root(void)
{
	char buf[64];
	long outside;

	chdir(TOP);
	outside = OPEN(TOP, O_RDONLY | O_DIRECTORY);
	ok_is(SYSCALL(__NR_chroot, A), 0, "another root");
	ok(is_there("/inside") && !is_there(TOP), "is where paths begin");
	ok(SYSCALL(__NR_getcwd, buf, sizeof(buf)) > 0 && !strncmp(buf, "(unreachable)/", 14), "the working directory is not below it");
	ok(is_there("../../tmp"), "and leads where it did");
	chdir("/");
	ok(is_there("../../inside") && SYSCALL(__NR_getcwd, buf, sizeof(buf)) == 2 && !strcmp(buf, "/"), ".. of the root is the root");
	ok(is_there("/link/file"), "an absolute link begins at it");
	ok(*options_of("/mnt") && !*options_of("/dev"), "mounts tells what can be seen from it");
	ok(SYSCALL(__NR_readlinkat, AT_FDCWD, "/proc/self/root", buf, sizeof(buf)) == 1 && buf[0] == '/', "/proc/self/root is /");
	ok_is(SYSCALL(__NR_fchdir, outside), 0, "a directory outside can be gone to");
	ok(is_there("a/inside"), "as can be seen");
	fflush(stdout);
	_exit(tap_bad);
}

static void test_chroot(void)
{
	make_file(A "/inside");
	MKDIR(A "/dir");
	MKDIR(A "/mnt");
	MKDIR(A "/proc");
	make_file(A "/dir/file");
	SYSCALL(__NR_symlinkat, "/dir", AT_FDCWD, A "/link");
	TMPFS(A "/mnt", 0, 0);
	MOUNT("/proc", A "/proc", 0, MS_BIND, 0);
	fflush(stdout);
	if (in_child(in_another_root))
		tap_bad++;
	tap_n += 10;
	ok(!is_there("/inside"), "the parent's root is as it was");
	UMOUNT(A "/proc", 0);
	UMOUNT(A "/mnt", 0);
	UNLINK(A "/inside");
	UNLINK(A "/dir/file");
	UNLINK(A "/link");
	RMDIR(A "/dir");
	RMDIR(A "/mnt");
	RMDIR(A "/proc");
}

/* ---- Several at a time. ---- */

static uint64_t deadline;

static bool go_on(void)
{
	return monotonic_ns() < deadline;
}

static void mounter(void *arg)
{
	(void)arg;
	while (go_on()) {
		TMPFS(A, 0, 0);
		SYSCALL(__NR_mkdirat, AT_FDCWD, A "/d", 0777);
		MOUNT(A, B, 0, MS_BIND | MS_REC, 0);
		MOUNT(B, A "/d", 0, MS_MOVE, 0);
		UMOUNT(A "/d", MNT_DETACH);
		UMOUNT(B, 0);
		UMOUNT(A, MNT_DETACH);
	}
}

static void reader(void *arg)
{
	char buf[512];

	(void)arg;
	while (go_on()) {
		long fd = OPEN(A "/d/../x", O_CREAT | O_RDWR), dir = OPEN(A, O_RDONLY | O_DIRECTORY);

		SYSCALL(__NR_write, fd, buf, sizeof(buf));
		SYSCALL(__NR_close, fd);
		SYSCALL(__NR_fchdir, dir);
		SYSCALL(__NR_close, dir);
		SYSCALL(__NR_getcwd, buf, sizeof(buf));
		fd = SYSCALL(__NR_openat, AT_FDCWD, "../b/d", O_RDONLY, 0);
		SYSCALL(__NR_getdents64, fd, buf, sizeof(buf));
		SYSCALL(__NR_close, fd);
		SYSCALL(__NR_unlinkat, AT_FDCWD, "x", 0);
		SYSCALL(__NR_chdir, TOP);
		fd = OPEN("/proc/self/mountinfo", O_RDONLY);
		SYSCALL(__NR_read, fd, buf, sizeof(buf));
		SYSCALL(__NR_close, fd);
	}
}

static void remover(void *arg)
{
	(void)arg;
	while (go_on()) {
		RENAME(A, TOP "/c");
		RMDIR(TOP "/c");
		MKDIR(TOP "/c");
		RENAME(TOP "/c", A);
		RMDIR(B);
		MKDIR(B);
		MKDIR(A);
	}
}

static void storm(void)
{
	void (*const who[])(void *) = { mounter, reader, remover, reader, mounter, reader, mounter, reader };
	int left;

	deadline = monotonic_ns() + 1500000000;
	for (int i = 0; i < 8; i++)
		start(&threads[i], who[i], NULL);
	for (int i = 0; i < 8; i++)
		join(&threads[i]);
	chdir("/");
	do {
		left = 0;
		for (const char *const *p = (const char *const[]){ A "/d", B "/d", TOP "/c/d", A, B, TOP "/c", 0 }; *p; p++)
			left += UMOUNT(*p, MNT_DETACH) == 0;
	} while (left);
	_exit(0);
}

static void show(const char *dir)
{
	long fd = OPEN(dir, O_RDONLY | O_DIRECTORY), n;
	char buf[1024], path[256];

	while ((n = SYSCALL(__NR_getdents64, fd, buf, sizeof(buf))) > 0)
		for (char *p = buf; p < buf + n; p += ((struct k_dirent64 *)p)->d_reclen) {
			const char *name = ((struct k_dirent64 *)p)->d_name;

			if (name[0] == '.')
				continue;
			snprintf(path, sizeof(path), "%s/%s", dir, name);
			printf("# %s %s\n", path, options_of(path));
			show(path);
		}
	close(fd);
}

int main(void)
{
	MKDIR(TOP);
	MKDIR(A);
	MKDIR(B);
	test_cover();
	test_errors();
	test_readonly();
	test_forbid();
	test_bind();
	test_move();
	test_detach();
	test_tmpfs();
	test_chroot();
	chdir("/");
	ok_is(in_child(storm), 0, "mounts that come, go and move under eight threads");
	for (const char *const *p = (const char *const[]){ A, B, TOP "/c", 0 }; *p; p++) {
		if (chdir(*p) < 0)
			continue;
		UNLINK("d/d/x");
		RMDIR("d/d");
		UNLINK("d/x");
		RMDIR("d");
		UNLINK("x");
		chdir("/");
		RMDIR(*p);
	}
	if (!ok(RMDIR(TOP) == 0, "nothing is left of them"))
		show(TOP);
	return tap_done();
}
