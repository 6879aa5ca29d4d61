/* SPDX-License-Identifier: MIT */
/*
 * Memory that is to be there: mlock, mlock2, munlock, mlockall, munlockall, mincore and msync, their limits and errors. True
 * of Linux too.
 */
#include "tap.h"

#define PG 4096UL
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define L_EBUSY 16

static char *amap(size_t n, int prot, int more)
{
	return mmap(NULL, n, prot, ANON | more, -1, 0);
}

/* A number of kB of /proc/self/status. */
static long status_kb(const char *name)
{
	static char text[4096];
	int fd = open("/proc/self/status", O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);
	const char *at;

	close(fd);
	text[n > 0 ? n : 0] = 0;
	at = strstr(text, name);
	return at ? atol(at + strlen(name) + 1) : -1;
}

/* Regions that begin in the @n pages at @p. */
static int nr_regions(const char *p, size_t n)
{
	static char text[16384];
	int fd = open("/proc/self/maps", O_RDONLY), regions = 0;
	size_t got = 0;
	ssize_t more;

	while ((more = read(fd, text + got, sizeof(text) - 1 - got)) > 0)
		got += more;
	close(fd);
	text[got] = 0;
	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		uintptr_t start = strtoul(line, NULL, 16);

		regions += start >= (uintptr_t)p && start < (uintptr_t)p + n * PG;
	}
	return regions;
}

/* Of @n pages at @p, how many are in memory; or a negative errno. */
static long resident(const void *p, size_t n)
{
	unsigned char vec[64];
	long err = SYSCALL(__NR_mincore, p, n * PG, vec), sum = 0;

	for (size_t i = 0; !err && i < n; i++)
		sum += vec[i] & 1;
	return err ? err : sum;
}

#define mlock(p, n) SYSCALL(__NR_mlock, p, n)
#define mlock2(p, n, f) SYSCALL(__NR_mlock2, p, n, f)
#define munlock(p, n) SYSCALL(__NR_munlock, p, n)
#define mlockall(f) SYSCALL(__NR_mlockall, f)
#define munlockall() SYSCALL(__NR_munlockall)

static void test_mincore(void)
{
	char *p = amap(4 * PG, RW, 0);
	int fd = open("/tmp/mincore", O_RDWR | O_CREAT | O_TRUNC, 0600);
	unsigned char vec[4];

	ok_is(resident(p, 4), 0, "what was never touched is not in memory");
	p[PG] = p[3 * PG] = 1;
	ok(resident(p, 4) == 2 && resident(p + PG, 1) == 1 && resident(p + 2 * PG, 1) == 0, "what was touched is");
	ok_is(SYSCALL(__NR_mincore, p + 1, PG, vec), -L_EINVAL, "mincore of an odd address: EINVAL");
	ok_is(SYSCALL(__NR_mincore, p, 4 * PG, 8), -L_EFAULT, "mincore to nowhere: EFAULT");
	ok_is(SYSCALL(__NR_mincore, p, ~0UL - 2 * PG, vec), -L_ENOMEM, "mincore of more than there is: ENOMEM");
	SYSCALL(__NR_munmap, p + 2 * PG, PG);
	ok_is(resident(p, 4), -L_ENOMEM, "mincore over a hole: ENOMEM");
	write_all(fd, p, PG);
	write_all(fd, p, PG);
	p = mmap(NULL, 2 * PG, PROT_READ, MAP_SHARED, fd, 0);
	ok_is(resident(p, 2), 2, "a file's pages are, if they are cached");
	close(fd);
	unlink("/tmp/mincore");
}

/* Allow writing to @n pages, and write. Return: page faults of the writing; then only reading is allowed again. */
static long writing_faults(char *p, int n)
{
	long before[18], after[18];

	SYSCALL(__NR_mprotect, p, n * PG, RW);
	SYSCALL(__NR_getrusage, RUSAGE_SELF, before);
	for (int i = 0; i < n; i++)
		p[i * PG] = 1;
	SYSCALL(__NR_getrusage, RUSAGE_SELF, after);
	SYSCALL(__NR_mprotect, p, n * PG, PROT_READ);
	return after[8] - before[8];	/* ru_minflt */
}

static void test_mlock(void)
{
	char *p = amap(18 * PG, PROT_NONE, 0) + PG, *q;	/* with neighbours that are not like it */

	SYSCALL(__NR_mprotect, p, 16 * PG, RW);
	ok_is(mlock(p + 100, 4 * PG), 0, "five pages are locked, for the fifth has a part");
	ok(status_kb("VmLck:") == 20 && resident(p, 16) == 5, "they count, and are in memory");
	ok_is(mlock(p + 2 * PG, 4 * PG), 0, "some of them again, and one more");
	ok(status_kb("VmLck:") == 24 && resident(p, 16) == 6, "each counts once");
	ok_is(munlock(p + PG, PG), 0, "one is unlocked");
	ok(status_kb("VmLck:") == 20 && resident(p, 16) == 6, "it stays in memory");
	ok(nr_regions(p, 16) == 4, "a region is locked or not");
	ok_is(SYSCALL(__NR_madvise, p, PG, MADV_DONTNEED), -L_EINVAL, "MADV_DONTNEED of a locked page: EINVAL");
	ok_is(munlock(p, 16 * PG), 0, "all are unlocked");
	ok(status_kb("VmLck:") == 0 && nr_regions(p, 16) <= 2, "and regions alike are joined");
	ok_is(mlock2(p + 8 * PG, 4 * PG, 1), 0, "mlock2() with MLOCK_ONFAULT");
	ok(status_kb("VmLck:") == 16 && resident(p + 8 * PG, 4) == 0, "counts, and brings nothing in");
	p[9 * PG] = 1;
	ok_is(resident(p + 8 * PG, 4), 1, "what is touched comes");
	ok_is(mlock2(p + 8 * PG, 4 * PG, 0), 0, "mlock2() without it");
	ok(status_kb("VmLck:") == 16 && resident(p + 8 * PG, 4) == 4, "brings them in");
	ok_is(mlock2(p, PG, 2), -L_EINVAL, "mlock2() with another flag: EINVAL");
	ok_is(mlock(p, 0), 0, "nothing to lock");
	ok_is(mlock(p + PG, ~0UL - PG), -L_EINVAL, "to lock round the end: EINVAL");
	ok_is(munlock(p + PG, ~0UL - PG), -L_EINVAL, "to unlock round the end: EINVAL");
	SYSCALL(__NR_munmap, p + 8 * PG, 8 * PG);
	ok_is(status_kb("VmLck:"), 0, "unmapping unlocks");
	ok_is(mlock(p, 9 * PG), -L_ENOMEM, "to lock a hole: ENOMEM");
	ok_is(status_kb("VmLck:"), 32, "what lies before it is locked");
	ok_is(munlock(p, 9 * PG), -L_ENOMEM, "to unlock a hole: ENOMEM");
	ok_is(status_kb("VmLck:"), 0, "what lies before it is unlocked");
	SYSCALL(__NR_munmap, p, 8 * PG);

	p = amap(2 * PG, PROT_NONE, 0);
	ok_is(mlock(p, 2 * PG), -L_ENOMEM, "what may not be touched cannot be brought in: ENOMEM");
	ok_is(status_kb("VmLck:"), 8, "but it is locked");
	SYSCALL(__NR_munmap, p, 2 * PG);
	p = amap(2 * PG, PROT_READ, 0);
	ok(mlock(p, 2 * PG) == 0 && resident(p, 2) == 2, "what may be read only is brought in");
	SYSCALL(__NR_munmap, p, 2 * PG);
	p = amap(6 * PG, PROT_READ, 0);
	mlock(p, 4 * PG);
	ok(writing_faults(p, 4) == 0, "locked pages that may be written now are there to be written");
	ok(writing_faults(p + 4 * PG, 2) == 2, "those that are not locked come when they are");
	ok(writing_faults(p, 4) == 0, "the same when it was taken away in between");
	SYSCALL(__NR_munmap, p, 6 * PG);
	p = mmap(NULL, 2 * PG, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ok(mlock(p, 2 * PG) == 0 && resident(p, 2) == 2, "shared memory, too");
	SYSCALL(__NR_munmap, p, 2 * PG);
	p = amap(4 * PG, RW, MAP_LOCKED);
	ok(p != MAP_FAILED && resident(p, 4) == 4 && status_kb("VmLck:") == 16, "MAP_LOCKED");
	q = (char *)SYSCALL(__NR_mremap, p, 4 * PG, 8 * PG, 1, 0);
	ok((long)q > 0 && resident(q, 8) == 8 && status_kb("VmLck:") == 32, "locked memory grows locked");
	SYSCALL(__NR_munmap, q, 8 * PG);
	p = amap(4 * PG, PROT_NONE, MAP_POPULATE);
	ok(p != MAP_FAILED && resident(p, 4) == 0, "MAP_POPULATE of what may not be touched brings nothing in");
	SYSCALL(__NR_munmap, p, 4 * PG);
}

static void test_file(void)
{
	int fd = open("/tmp/mlock", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *p;

	write_all(fd, "a few bytes", 11);
	p = mmap(NULL, 2 * PG, RW, MAP_PRIVATE, fd, 0);
	ok_is(mlock(p, PG), 0, "a file's page is locked");
	ok_is(mlock(p, 2 * PG), -L_ENOMEM, "beyond its end there is nothing to bring in: ENOMEM");
	ok(!memcmp(p, "a few bytes", 11), "it is what is in the file");
	ok_is(SYSCALL(__NR_msync, p, PG, 4 | 2), -L_EBUSY, "msync() that invalidates what is locked: EBUSY");
	SYSCALL(__NR_munlockall);
	ok_is(SYSCALL(__NR_msync, p, PG, 4 | 2), 0, "and what is not");
	ok_is(SYSCALL(__NR_msync, p, 2 * PG, 4), 0, "msync()");
	ok_is(SYSCALL(__NR_msync, p, PG, 1), 0, "msync(), some time");
	ok_is(SYSCALL(__NR_msync, p, 0, 0), 0, "msync() of nothing");
	ok_is(SYSCALL(__NR_msync, p, PG, 4 | 1), -L_EINVAL, "msync() now and some time: EINVAL");
	ok_is(SYSCALL(__NR_msync, p, PG, 8), -L_EINVAL, "msync() with another flag: EINVAL");
	ok_is(SYSCALL(__NR_msync, p + 1, PG, 4), -L_EINVAL, "msync() of an odd address: EINVAL");
	SYSCALL(__NR_munmap, p + PG, PG);
	ok_is(SYSCALL(__NR_msync, p, 2 * PG, 4), -L_ENOMEM, "msync() of a hole: ENOMEM");
	SYSCALL(__NR_munmap, p, PG);
	close(fd);
	unlink("/tmp/mlock");
}

static void child_of_locked(void)
{
	char *p = amap(2 * PG, RW, 0);

	_exit(status_kb("VmLck:") != 0 || resident(p, 2) != 0);
}

static void test_all(void)
{
	char *before = amap(4 * PG, RW, 0), *p, *heap;
	long size;

	ok_is(mlockall(0), -L_EINVAL, "mlockall() of nothing: EINVAL");
	ok_is(mlockall(8), -L_EINVAL, "mlockall() with another flag: EINVAL");
	ok_is(mlockall(4), -L_EINVAL, "mlockall(MCL_ONFAULT) alone: EINVAL");
	ok_is(mlockall(1), 0, "mlockall(MCL_CURRENT)");
	size = status_kb("VmSize:");
	ok(status_kb("VmLck:") >= size - 64 && status_kb("VmLck:") <= size, "all is locked, but for the kernel's own");
	ok_is(resident(before, 4), 4, "and in memory");
	p = amap(2 * PG, RW, 0);
	ok_is(resident(p, 2), 0, "what comes after is not");
	ok_is(munlockall(), 0, "munlockall()");
	ok_is(status_kb("VmLck:"), 0, "nothing is locked");
	ok_is(mlockall(2), 0, "mlockall(MCL_FUTURE)");
	ok(status_kb("VmLck:") == 0 && resident(p, 2) == 0, "locks nothing that is there");
	p = amap(4 * PG, RW, 0);
	ok(resident(p, 4) == 4 && status_kb("VmLck:") == 16, "but what is mapped");
	heap = (char *)SYSCALL(__NR_brk, 0);
	heap = (char *)(((uintptr_t)heap + PG - 1) & ~(PG - 1));
	SYSCALL(__NR_brk, heap + 4 * PG);
	ok(resident(heap, 4) == 4 && status_kb("VmLck:") == 32, "and the heap, when it grows");
	ok_is(in_child(child_of_locked), 0, "a child has no locks, nor the wish");
	ok_is(mlockall(2 | 4), 0, "mlockall(MCL_FUTURE | MCL_ONFAULT)");
	p = amap(2 * PG, RW, 0);
	ok(resident(p, 2) == 0 && status_kb("VmLck:") == 40, "locks what is touched");
	ok_is(mlockall(1), 0, "mlockall(MCL_CURRENT) takes the wish back");
	ok_is(resident(p, 2), 2, "and brings that in");
	munlockall();
	p = amap(2 * PG, RW, 0);
	ok(resident(p, 2) == 0 && status_kb("VmLck:") == 0, "after munlockall() nothing is locked that comes");
}

/* As a user who may lock four pages. */
static void limited(void)
{
	struct { uint64_t cur, max; } four = { 4 * PG, 4 * PG }, none = { 0, 0 };
	char *p = amap(8 * PG, RW, 0), *q;
	long bad = 0;

	SYSCALL(__NR_prlimit64, 0, RLIMIT_MEMLOCK, &four, 0);
	bad |= (SYSCALL(__NR_setresuid, 1000, 1000, 1000) != 0) << 0;
	bad |= (mlock(p, 5 * PG) != -L_ENOMEM) << 1;
	bad |= (mlock(p, 3 * PG) != 0) << 2;
	bad |= (mlock(p, 4 * PG) != 0) << 3;		/* three of them are locked */
	bad |= (mlock(p + 4 * PG, PG) != -L_ENOMEM) << 4;
	bad |= (amap(PG, RW, MAP_LOCKED) != MAP_FAILED || errno != EAGAIN) << 5;
	bad |= (mlockall(1) != -L_ENOMEM) << 6;
	bad |= (mlockall(2) != 0) << 7;
	bad |= (SYSCALL(__NR_mmap, 0, PG, RW, ANON, -1, 0) != -L_EAGAIN) << 8;
	bad |= (munlock(p + 2 * PG, 2 * PG) != 0) << 9;
	q = amap(2 * PG, RW, 0);
	bad |= (q == MAP_FAILED || resident(q, 2) != 2) << 10;
	bad |= (SYSCALL(__NR_mremap, q, 2 * PG, 3 * PG, 1, 0) != -L_EAGAIN) << 11;
	bad |= (munlockall() != 0 || status_kb("VmLck:") != 0) << 12;
	SYSCALL(__NR_prlimit64, 0, RLIMIT_MEMLOCK, &none, 0);
	bad |= (mlock(p, PG) != -L_EPERM) << 13;
	bad |= (mlockall(1) != -L_EPERM || mlockall(2) != -L_EPERM) << 14;
	bad |= (SYSCALL(__NR_mmap, 0, PG, RW, ANON | MAP_LOCKED, -1, 0) != -L_EPERM) << 15;
	bad |= (munlock(p, PG) != 0 || munlockall() != 0) << 16;
	if (bad)
		printf("# wrong, bits: %lx\n", bad);
	fflush(stdout);
	_exit(bad != 0);
}

int main(void)
{
	struct { uint64_t cur, max; } now;

	SYSCALL(__NR_prlimit64, 0, RLIMIT_MEMLOCK, 0, &now);
	ok(now.cur == 8 << 20, "8 MiB may be locked by who is not capable of more");
	test_mincore();
	test_mlock();
	test_file();
	test_all();
	ok_is(in_child(limited), 0, "RLIMIT_MEMLOCK: ENOMEM, EAGAIN, EPERM");
	return tap_done();
}
