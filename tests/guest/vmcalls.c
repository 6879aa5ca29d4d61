/* SPDX-License-Identifier: MIT */
/*
 * Calls on the address space that fail: at the limit of regions, at limits of
 * size, with lengths that overflow, and, where the kernel can be told so, when
 * memory runs out. What a failed call leaves is what was there. True of Linux too.
 */
#include "tap.h"

#define PG 4096UL
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define MAX_MAPS 65530
#define L_EOVERFLOW 75
#define L_EOPNOTSUPP 95

#define mmap_raw(...) SYSCALL(__NR_mmap, __VA_ARGS__)
#define munmap_raw(...) SYSCALL(__NR_munmap, __VA_ARGS__)
#define mprotect_raw(...) SYSCALL(__NR_mprotect, __VA_ARGS__)
#define mremap_raw(...) SYSCALL(__NR_mremap, __VA_ARGS__)
#define madvise_raw(...) SYSCALL(__NR_madvise, __VA_ARGS__)
#define mlock_raw(...) SYSCALL(__NR_mlock, __VA_ARGS__)
#define munlock_raw(...) SYSCALL(__NR_munlock, __VA_ARGS__)
#define msync_raw(...) SYSCALL(__NR_msync, __VA_ARGS__)

static char *amap(size_t pages, int prot)
{
	return mmap(NULL, pages * PG, prot, ANON, -1, 0);
}

static int tube[2];

/* The byte at @p, or -1: it may not be read. */
static int peek(const char *p)
{
	unsigned char c;

	if (SYSCALL(__NR_write, tube[1], p, 1) != 1)
		return -1;
	read(tube[0], &c, 1);
	return c;
}

/* May the byte at @p be written? It stays what it is. */
static bool pokes(char *p)
{
	int c = peek(p);
	char byte = c;

	if (c < 0)
		return false;
	write(tube[1], &byte, 1);
	if (SYSCALL(__NR_read, tube[0], p, 1) == 1)
		return true;
	read(tube[0], &byte, 1);
	return false;
}

static bool there(const char *p)
{
	unsigned char v;

	return SYSCALL(__NR_mincore, p, PG, &v) == 0;
}

static void set_limit(int which, uint64_t cur)
{
	struct { uint64_t cur, max; } l;

	SYSCALL(__NR_prlimit64, 0, which, 0, &l);
	l.cur = cur;
	SYSCALL(__NR_prlimit64, 0, which, &l, 0);
}

static long status_kb(const char *name)
{
	static char text[4096];
	const char *at;

	read_file("/proc/self/status", text, sizeof(text));
	at = strstr(text, name);
	return at ? atol(at + strlen(name) + 1) : -1;
}

/* ---- mremap ---- */

static void test_mremap(void)
{
	char *a = amap(64, RW), *b = a + 32 * PG, *d, *s;

	mprotect(a + PG, PG, PROT_READ);
	munmap(a + 8 * PG, PG);
	ok_is(mremap_raw(a, 4 * PG, 8 * PG, MREMAP_MAYMOVE), -L_EFAULT, "growing two regions: EFAULT");
	ok_is(mremap_raw(a, 3 * PG, 2 * PG, 0), (long)a, "shrinking two regions is to unmap the end");
	ok(there(a + PG) && !there(a + 2 * PG), "it is gone, the rest is there");
	ok_is(mremap_raw(a + 8 * PG, PG, 2 * PG, MREMAP_MAYMOVE), -L_EFAULT, "from a hole: EFAULT");
	ok_is(mremap_raw(a + 8 * PG, 2 * PG, PG, 0), -L_EFAULT, "to shrink a hole: EFAULT");
	ok(mremap_raw(a + 8 * PG, PG, 2 * PG, MREMAP_MAYMOVE | MREMAP_FIXED, b) == -L_EFAULT && there(b),
	   "from a hole, to a place: EFAULT, and the place is there");
	ok(mremap_raw(a + 10 * PG, 3 * PG, 3 * PG, MREMAP_MAYMOVE | MREMAP_FIXED, a + 12 * PG) == -L_EINVAL &&
	   mremap_raw(a + 12 * PG, 3 * PG, 3 * PG, MREMAP_MAYMOVE | MREMAP_FIXED, a + 10 * PG) == -L_EINVAL &&
	   mremap_raw(a + 10 * PG, PG, PG, MREMAP_MAYMOVE | MREMAP_FIXED, a + 10 * PG) == -L_EINVAL && there(a + 14 * PG),
	   "over itself: EINVAL");
	ok_is(mremap_raw(a + 10 * PG, 0, PG, MREMAP_MAYMOVE), -L_EINVAL, "private memory twice: EINVAL");
	ok_is(mremap_raw(a + 10 * PG, PG, 0, MREMAP_MAYMOVE), -L_EINVAL, "to nothing: EINVAL");
	ok_is(mremap_raw(a + 10 * PG, PG, ~0UL, MREMAP_MAYMOVE), -L_EINVAL, "to -1, which is rounded to nothing: EINVAL");
	ok_is(mremap_raw(a + 10 * PG, PG, -PG, MREMAP_MAYMOVE), -L_ENOMEM, "to all there is: ENOMEM");
	ok_is(mremap_raw(a + 10 * PG, -PG, PG, 0), -L_EINVAL, "from all there is: EINVAL");
	ok_is(mremap_raw(a + 10 * PG + 1, PG, PG, MREMAP_MAYMOVE), -L_EINVAL, "unaligned: EINVAL");
	ok_is(mremap_raw(a + 10 * PG, PG, PG, MREMAP_FIXED, b), -L_EINVAL, "MREMAP_FIXED alone: EINVAL");
	ok_is(mremap_raw(a + 10 * PG, PG, PG, 8), -L_EINVAL, "an unknown flag: EINVAL");
	ok_is(mremap_raw(a + 10 * PG, PG, PG, 1UL << 32), -L_EINVAL, "also a high one");
	ok_is(mremap_raw(a + 10 * PG, PG, PG, MREMAP_MAYMOVE | MREMAP_FIXED, b + 1), -L_EINVAL, "to an odd place: EINVAL");
	ok(mremap_raw(a + 10 * PG, PG, PG, MREMAP_MAYMOVE | MREMAP_FIXED, 1UL << 40) == -L_EINVAL && there(a + 10 * PG),
	   "out of reach: EINVAL");
	a[10 * PG] = 9;
	ok(mremap_raw(a + 10 * PG, PG, 2 * PG, MREMAP_MAYMOVE | MREMAP_FIXED, b) == (long)b && b[0] == 9 && b[PG] == 0 &&
	   !there(a + 10 * PG) && there(a + 11 * PG), "a page out of the middle moves, and grows");
	ok(mremap_raw(b, PG, PG, MREMAP_MAYMOVE | MREMAP_FIXED, a + 10 * PG) == (long)(a + 10 * PG) && peek(a + 10 * PG) == 9,
	   "and back");
	munmap(a, 64 * PG);

	s = mmap(NULL, 4 * PG, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	strcpy(s + PG, "x");
	d = (char *)mremap_raw(s + PG, 0, 2 * PG, MREMAP_MAYMOVE);
	ok((long)d > 0 && there(s + PG) && d[0] == 'x', "shared memory twice");
	d[1] = 'y';
	ok(s[PG + 1] == 'y', "is the same memory");
	ok_is(mremap_raw(s, 0, PG, 0), -L_ENOMEM, "but not where it is: ENOMEM");
	munmap(d, 2 * PG);
	d = (char *)mremap_raw(s, 2 * PG, 2 * PG, MREMAP_MAYMOVE | MREMAP_DONTUNMAP);
	ok((long)d > 0 && d[PG] == 'x' && s[PG] == 'x', "MREMAP_DONTUNMAP of shared memory");
	munmap(d, 2 * PG);
	munmap(s, 4 * PG);

	a = amap(3, RW);
	a[0] = 7;
	a[PG] = 8;
	d = (char *)mremap_raw(a, 2 * PG, 2 * PG, MREMAP_MAYMOVE | MREMAP_DONTUNMAP);
	ok((long)d > 0 && d[0] == 7 && d[PG] == 8 && a[0] == 0 && a[PG] == 0, "MREMAP_DONTUNMAP moves pages, and leaves none");
	ok_is(mremap_raw(a, 2 * PG, 2 * PG, MREMAP_DONTUNMAP), -L_EINVAL, "without MREMAP_MAYMOVE: EINVAL");
	ok_is(mremap_raw(a, 2 * PG, 3 * PG, MREMAP_MAYMOVE | MREMAP_DONTUNMAP), -L_EINVAL, "another size: EINVAL");
	ok_is(mremap_raw(a, 2 * PG, 2 * PG, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, a + PG), -L_EINVAL, "over itself: EINVAL");
	ok(mremap_raw(d, 2 * PG, 2 * PG, MREMAP_MAYMOVE | MREMAP_DONTUNMAP | MREMAP_FIXED, a) == (long)a && a[PG] == 8 && d[PG] == 0,
	   "with MREMAP_FIXED");
	munmap(d, 2 * PG);
	mlock_raw(a, 3 * PG);
	d = (char *)mremap_raw(a, 3 * PG, 3 * PG, MREMAP_MAYMOVE | MREMAP_DONTUNMAP);
	ok((long)d > 0 && status_kb("VmLck:") == 12, "what moves takes its lock along");
	munmap(d, 3 * PG);
	munmap(a, 3 * PG);
}

/* ---- Lengths that overflow, flags that are cut ---- */

static void test_overflow(void)
{
	char *p = amap(4, RW);
	int fd = open("/tmp/vmcalls", O_RDWR | O_CREAT | O_TRUNC, 0600);

	p[0] = 5;
	ok_is(madvise_raw(p, ~0UL, MADV_DONTNEED), -L_EINVAL, "madvise of -1: EINVAL");
	ok_is(madvise_raw(p, ~0UL - 4 * PG, MADV_DONTNEED), -L_EINVAL, "round the end: EINVAL");
	ok(madvise_raw(p, 0, MADV_DONTNEED) == 0 && madvise_raw(p + 1, 0, MADV_DONTNEED) == -L_EINVAL && p[0] == 5, "of nothing");
	ok_is(munmap_raw(p, ~0UL), -L_EINVAL, "munmap of -1: EINVAL");
	ok_is(munmap_raw(p, -(uintptr_t)p), -L_EINVAL, "to the end of numbers: EINVAL");
	ok_is(munmap_raw(1UL << 38, PG), -L_EINVAL, "beyond user space: EINVAL");
	ok_is(mprotect_raw(p, ~0UL, PROT_READ), -L_ENOMEM, "mprotect of -1: ENOMEM");
	ok_is(mprotect_raw(p, 0, 0x100), 0, "mprotect of nothing is not looked at closer");
	ok_is(mprotect_raw(p, PG, 0x100), -L_EINVAL, "an unknown protection: EINVAL");
	ok_is(mprotect_raw(p, PG, 1UL << 32 | RW), -L_EINVAL, "also a high one");
	ok_is(mprotect_raw(p, PG, PROT_READ | 0x03000000), -L_EINVAL, "growing both ways: EINVAL");
	ok_is(mprotect_raw(p, PG, PROT_READ | 0x01000000), -L_EINVAL, "from the start of a stack that is none: EINVAL");
	ok_is(pokes(p), 1, "all that changed nothing");
	munmap(p + 3 * PG, PG);
	ok_is(mprotect_raw(p, 1UL << 39, PROT_READ), -L_ENOMEM, "mprotect over a hole and beyond user space: ENOMEM");
	ok_is(pokes(p), 0, "and what comes before the hole is changed");
	ok_is(msync_raw(p, ~0UL, 0), 0, "msync of -1, which is rounded to nothing");
	ok_is(msync_raw(p, ~0UL - PG, 0), -L_ENOMEM, "round the end: ENOMEM");
	ok_is(mlock_raw(p, ~0UL - 2 * PG), -L_EINVAL, "mlock round the end: EINVAL");
	munlock_raw(p, 4 * PG);
	ok_is(mmap_raw(0, ~0UL, RW, ANON, -1, 0), -L_ENOMEM, "mmap of -1: ENOMEM");
	ok_is(mmap_raw(0, ~0UL - PG, RW, ANON, -1, 0), -L_ENOMEM, "of nearly so much: ENOMEM");
	ok_is(mmap_raw((1UL << 38) - PG, 2 * PG, RW, ANON | MAP_FIXED, -1, 0), -L_ENOMEM, "MAP_FIXED past the end: ENOMEM");
	ok_is(mmap_raw(1UL << 38, PG, RW, ANON | MAP_FIXED, -1, 0), -L_ENOMEM, "MAP_FIXED beyond it: ENOMEM");
	ok_is(mmap_raw(-PG, PG, RW, ANON | MAP_FIXED, -1, 0), -L_ENOMEM, "MAP_FIXED at the end of numbers: ENOMEM");
	ok_is(mmap_raw(0, PG, RW, MAP_SHARED, fd, 1UL << 63), -L_EOVERFLOW, "an offset that no file has: EOVERFLOW");
	ok_is(mmap_raw(0, 2 * PG, RW, MAP_SHARED, fd, (1UL << 63) - PG), -L_EOVERFLOW, "an end that no file has: EOVERFLOW");
	ok_is(mmap_raw(0, 0, RW, MAP_SHARED, fd, 1UL << 63), -L_EINVAL, "nothing of it: EINVAL");
	ok_is(mmap_raw(0, PG, RW, 3 | 0x80000, fd, 0), -L_EOPNOTSUPP, "MAP_SHARED_VALIDATE with MAP_SYNC: EOPNOTSUPP");
	ok_is(mmap_raw(0, PG, RW, 3 | 0x200000, fd, 0), -L_EOPNOTSUPP, "with a flag that is none: EOPNOTSUPP");
	ok_is(mmap_raw(0, PG, RW, 3UL | 1UL << 40, fd, 0), -L_EOPNOTSUPP, "with a high one: EOPNOTSUPP");
	ok_is(mmap_raw(0, PG, RW, 3 | MAP_ANONYMOUS, -1, 0), -L_EINVAL, "MAP_SHARED_VALIDATE of no file: EINVAL");
	ok(mmap_raw(0, PG, RW, 3, fd, 0) > 0 && mmap_raw(0, PG, RW, 1 | 0x80000, fd, 0) > 0, "without, and with MAP_SHARED, fine");
	ok_is(mmap_raw(0, PG, RW, MAP_PRIVATE | MAP_GROWSDOWN, fd, 0), -L_EINVAL, "a stack of a file: EINVAL");
	close(fd);
	unlink("/tmp/vmcalls");
	munmap(p, 4 * PG);
}

static void test_grows_down(void)
{
	char *p = mmap(NULL, 4 * PG, RW, ANON | MAP_GROWSDOWN, -1, 0);

	ok_is(mprotect_raw(p + 2 * PG, PG, PROT_READ | 0x01000000), 0, "PROT_GROWSDOWN");
	ok(!pokes(p) && !pokes(p + PG) && !pokes(p + 2 * PG) && pokes(p + 3 * PG), "is from the start of the region");
	munmap(p, 4 * PG);
}

/* ---- Limits of size. Children: they keep theirs. ---- */

static int failed(long bad)
{
	if (bad)
		printf("# wrong, bits: %lx\n", bad);
	fflush(stdout);
	return bad != 0;
}

static void data_limit(void)
{
	char *ro = amap(64, PROT_READ), *w = amap(4, RW), *none = amap(64, PROT_NONE);
	uintptr_t brk = SYSCALL(__NR_brk, 0);
	long bad = 0;

	munmap(amap(64, PROT_READ), 64 * PG);
	set_limit(RLIMIT_DATA, status_kb("VmData:") * 1024 + 16 * PG);
	bad |= (mmap_raw(0, 64 * PG, RW, ANON, -1, 0) != -L_ENOMEM) << 0;
	bad |= (mprotect_raw(ro, 64 * PG, RW) != -L_ENOMEM || pokes(ro)) << 1;
	bad |= (mprotect_raw(none, 64 * PG, PROT_WRITE) != -L_ENOMEM || peek(none) != -1) << 2;
	bad |= (mprotect_raw(ro, 64 * PG, PROT_READ | PROT_EXEC) != 0) << 3;
	bad |= (mremap_raw(w, 4 * PG, 64 * PG, MREMAP_MAYMOVE) != -L_ENOMEM || !pokes(w)) << 4;
	bad |= (SYSCALL(__NR_brk, brk + 64 * PG) != (long)brk) << 5;
	bad |= (mmap_raw(none, 64 * PG, PROT_NONE, ANON | MAP_FIXED, -1, 0) != (long)none) << 6;
	bad |= (mmap_raw(0, 64 * PG, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0) < 0) << 7;
	bad |= (mprotect_raw(ro, 8 * PG, RW) != 0 || !pokes(ro)) << 8;
	bad |= (mprotect_raw(ro, 8 * PG, PROT_READ) != 0 || mprotect_raw(ro + 8 * PG, 12 * PG, RW) != 0) << 9;
	/* Of two regions the first fits. */
	mprotect_raw(none + 2 * PG, 62 * PG, PROT_EXEC);
	bad |= (mprotect_raw(none, 64 * PG, RW) != -L_ENOMEM || !pokes(none) || pokes(none + 2 * PG)) << 10;
	_exit(failed(bad));
}

static void as_limit(void)
{
	char *p = amap(128, PROT_READ), *w = amap(4, RW);
	uintptr_t brk = SYSCALL(__NR_brk, 0);
	long bad = 0, r;

	munmap(p + 64 * PG, 64 * PG);
	set_limit(RLIMIT_AS, status_kb("VmSize:") * 1024 + 16 * PG);
	bad |= (mmap_raw(0, 17 * PG, 0, ANON, -1, 0) != -L_ENOMEM) << 0;
	bad |= (mmap_raw(p, 64 * PG, PROT_READ, ANON | MAP_FIXED, -1, 0) != (long)p) << 1;
	bad |= (mremap_raw(p, 64 * PG, 64 * PG, MREMAP_MAYMOVE | MREMAP_DONTUNMAP) != -L_ENOMEM || !there(p)) << 4;
	bad |= (mmap_raw(p + 32 * PG, 49 * PG, PROT_READ, ANON | MAP_FIXED, -1, 0) != -L_ENOMEM) << 2;
	bad |= (mremap_raw(w, 4 * PG, 24 * PG, MREMAP_MAYMOVE) != -L_ENOMEM || !pokes(w)) << 3;
	bad |= (SYSCALL(__NR_brk, brk + 18 * PG) != (long)brk) << 5;
	bad |= (mprotect_raw(p, 64 * PG, RW) != 0) << 6;
	r = mmap_raw(0, 16 * PG, 0, ANON, -1, 0);
	bad |= (r < 0 || mmap_raw(0, PG, 0, ANON, -1, 0) != -L_ENOMEM) << 7;
	bad |= (mremap_raw(w, 4 * PG, 4 * PG, MREMAP_MAYMOVE | MREMAP_FIXED, r) != r) << 8;
	_exit(failed(bad));
}

/* Where stacks are bounded: a region that grows has RLIMIT_STACK, too. */
static void stack_limit(void)
{
	char *p = amap(2048, PROT_NONE), *s = mmap(p + 1024 * PG, 2 * PG, RW, ANON | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
	long bad = 0;

	munmap(p, 1024 * PG);
	set_limit(RLIMIT_STACK, 64 * PG);
	bad |= (!pokes(s) || there(s - PG)) << 0;
	bad |= (peek(s - 63 * PG) != -1 || there(s - 60 * PG)) << 1;
	bad |= (!pokes(s - 62 * PG) || !there(s - 40 * PG)) << 2;
	bad |= (peek(s - 63 * PG) != -1) << 3;
	_exit(failed(bad));
}

static void lock_limit(void)
{
	char *p = amap(64, RW);
	long bad = 0;

	set_limit(RLIMIT_MEMLOCK, 8 * PG);
	bad |= (SYSCALL(__NR_setresuid, 1000, 1000, 1000) != 0) << 0;
	bad |= (mlock_raw(p, 9 * PG) != -L_ENOMEM || status_kb("VmLck:")) << 1;
	bad |= (mlock_raw(p, 8 * PG) != 0) << 2;
	bad |= (mremap_raw(p, 8 * PG, 9 * PG, MREMAP_MAYMOVE) != -L_EAGAIN || status_kb("VmLck:") != 32 || !pokes(p)) << 3;
	bad |= (mmap_raw(p, 8 * PG, RW, ANON | MAP_FIXED | MAP_LOCKED, -1, 0) != -L_EAGAIN || status_kb("VmLck:") != 32) << 4;
	bad |= (mlock_raw(p + 63 * PG, 2 * PG) != -L_ENOMEM || status_kb("VmLck:") != 32) << 5;
	_exit(failed(bad));
}

static void test_limits(void)
{
	ok_is(in_child(data_limit), 0, "RLIMIT_DATA, of mmap, mprotect, mremap and brk");
	ok_is(in_child(as_limit), 0, "RLIMIT_AS, of mmap, mremap and brk; what is replaced does not count");
	ok_is(in_child(stack_limit), 0, "RLIMIT_STACK, of what grows");
	ok_is(in_child(lock_limit), 0, "RLIMIT_MEMLOCK, of mlock, mmap and mremap");
}

/* ---- At the limit of regions ---- */

/* Single pages that are regions each; nr_filler of them, from the first on, are mapped. */
static char *filler;
static long nr_filler;

static bool fill_one(void)
{
	int prot = nr_filler & 1 ? PROT_READ : PROT_READ | PROT_EXEC;

	if (mmap_raw(filler + nr_filler * PG, PG, prot, ANON | MAP_FIXED, -1, 0) < 0)
		return false;
	nr_filler++;
	return true;
}

/* Until @left more regions may be made. */
static void fill_regions(long left)
{
	while (fill_one())
		;
	while (left--)
		munmap(filler + --nr_filler * PG, PG);
}

static void at_limit(void)
{
	char *big = amap(64, RW), *a = amap(8, PROT_READ), *dst = amap(64, PROT_NONE);
	char *s = mmap(NULL, 4 * PG, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uintptr_t brk = SYSCALL(__NR_brk, 0);
	int status, pid;
	long bad = 0;

	mprotect(a, PG, PROT_EXEC);
	mprotect(a + 7 * PG, PG, PROT_NONE);
	for (int i = 0; i < 64; i++)
		big[i * PG] = i + 1;
	fill_regions(0);
	bad |= (mremap_raw(big + 20 * PG, PG, PG, MREMAP_MAYMOVE | MREMAP_FIXED, dst + 8 * PG) != -L_ENOMEM || peek(big + 20 * PG) != 21 ||
		!there(dst + 8 * PG)) << 0;
	bad |= (mremap_raw(big + 30 * PG, PG, 2 * PG, MREMAP_MAYMOVE) != -L_ENOMEM || peek(big + 30 * PG) != 31) << 1;
	bad |= (mremap_raw(big, 64 * PG, 64 * PG, MREMAP_MAYMOVE | MREMAP_DONTUNMAP) != -L_ENOMEM || peek(big) != 1) << 2;
	bad |= (mremap_raw(s, 0, PG, MREMAP_MAYMOVE) != -L_ENOMEM) << 3;
	bad |= (mmap_raw(big, PG, PROT_READ, ANON | MAP_FIXED, -1, 0) != -L_ENOMEM || peek(big) != 1) << 4;
	bad |= (mmap_raw(big + 5 * PG, PG, PROT_READ, ANON | MAP_FIXED, -1, 0) != -L_ENOMEM || peek(big + 5 * PG) != 6) << 5;
	bad |= (mprotect_raw(big + 40 * PG, PG, PROT_READ) != -L_ENOMEM || !pokes(big + 40 * PG)) << 6;
	bad |= (mprotect_raw(big, PG, PROT_READ) != -L_ENOMEM || !pokes(big)) << 7;
	bad |= (munmap_raw(big + 50 * PG, PG) != -L_ENOMEM || peek(big + 50 * PG) != 51) << 8;
	bad |= (mlock_raw(big + 45 * PG, PG) != -L_ENOMEM) << 9;
	bad |= (madvise_raw(big + 46 * PG, PG, MADV_DONTNEED) != 0 || peek(big + 46 * PG) != 0) << 10;
	bad |= (SYSCALL(__NR_brk, brk + PG) != (long)brk) << 11;
	/* What makes no region more is done. */
	bad |= (munmap_raw(big + 63 * PG, PG) != 0 || there(big + 63 * PG)) << 12;
	bad |= (munmap_raw(big, PG) != 0 || there(big) || peek(big + PG) != 2) << 13;
	bad |= (mremap_raw(big + PG, 62 * PG, 61 * PG, 0) != (long)(big + PG) || there(big + 62 * PG)) << 14;
	bad |= (mprotect_raw(a + PG, 2 * PG, PROT_EXEC) != 0 || mprotect_raw(a + 6 * PG, PG, PROT_NONE) != 0 || peek(a + 5 * PG)) << 15;
	bad |= (peek(a + 2 * PG) != peek(a) || peek(a + 6 * PG) != -1) << 16;
	bad |= (mremap_raw(big + PG, 61 * PG, 62 * PG, 0) != (long)(big + PG) || !there(big + 62 * PG)) << 17;
	pid = fork();
	if (!pid)
		_exit(0);
	waitpid(pid, &status, 0);
	bad |= (pid <= 0 || status != 0) << 18;
	_exit(failed(bad));
}

/* ---- At random: what a failed call leaves ---- */

#define WINDOW 32
static struct page { short value, prot; } model[WINDOW];	/* prot -1: not mapped */
static char *window;
static uint32_t seed = 4711;

static unsigned int dice(unsigned int n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* Is the window as the model has it? Pages with @prot_unsure may have changed their protection: then that is noted. */
static bool as_modelled(const bool *prot_unsure)
{
	for (int i = 0; i < WINDOW; i++) {
		int c = peek(window + i * PG), prot = c < 0 ? PROT_NONE : pokes(window + i * PG) ? RW : PROT_READ;
		struct page *m = &model[i];

		if (there(window + i * PG) != (m->prot >= 0))
			return false;
		if (prot_unsure && prot_unsure[i] && m->prot >= 0)
			m->prot = prot;
		if (m->prot > 0 && (prot != m->prot || c != m->value))
			return false;
	}
	return true;
}

/* One call with @arm before it. Return: its result; the model follows a success. *@unsure: what a failure may change. */
static long random_call(void (*arm)(int), int nth, bool *unsure)
{
	static const int prots[] = { PROT_NONE, PROT_READ, RW };
	int at = dice(WINDOW), n = 1 + dice(WINDOW - at < 12 ? WINDOW - at : 12), to = dice(WINDOW - n + 1), prot = prots[dice(3)];
	char *p = window + at * PG, *q = window + to * PG;
	long r = 0;

	memset(unsure, 0, WINDOW);
	switch (dice(6)) {
	case 0:
		arm(nth);
		r = mmap_raw(p, n * PG, prot, ANON | MAP_FIXED, -1, 0);
		for (int i = at; r >= 0 && i < at + n; i++)
			model[i] = (struct page){ 0, prot };
		break;
	case 1:
		arm(nth);
		r = munmap_raw(p, n * PG);
		for (int i = at; r >= 0 && i < at + n; i++)
			model[i].prot = -1;
		break;
	case 2:
		for (int i = at; i < at + n; i++)
			if (model[i].prot < 0)
				return 0;
		arm(nth);
		r = mprotect_raw(p, n * PG, prot);
		memset(unsure + at, r < 0, n);
		for (int i = at; r >= 0 && i < at + n; i++)
			model[i].prot = prot;
		break;
	case 3:
		if ((to < at + n && at < to + n) || model[at].prot < 0)
			return 0;
		/* The new place first, for that may be lost. */
		r = munmap_raw(q, n * PG);
		if (r < 0)
			return r;
		for (int i = to; i < to + n; i++)
			model[i].prot = -1;
		arm(nth);
		r = mremap_raw(p, n * PG, n * PG, MREMAP_MAYMOVE | MREMAP_FIXED, q);
		for (int i = 0; r >= 0 && i < n; i++) {
			model[to + i] = model[at + i];
			model[at + i].prot = -1;
		}
		break;
	case 4:
		arm(nth);
		r = mlock_raw(p, n * PG);
		arm(0);
		munlock_raw(window, WINDOW * PG);
		break;
	case 5:
		if (pokes(p))
			*p = model[at].value = 1 + dice(250);
		break;
	}
	arm(0);
	return r;
}

static void arm_nothing(int n)
{
	(void)n;
}

static int fail_nth = -1;	/* /proc/PID/fail-nth, open */

static void arm_failure(int n)
{
	char text[12];
	int len = snprintf(text, sizeof(text), "%d", n);

	while (SYSCALL(__NR_write, fail_nth, text, len) != len)
		;	/* what was armed hit this call */
}

static bool open_fail_nth(void)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%d/fail-nth", getpid());
	fail_nth = open(path, O_WRONLY);
	return fail_nth >= 0 && write(fail_nth, "0", 1) == 1;
}

/* @calls calls, of which some fail. Return: how many did; -1: one changed something. */
static int random_calls(int calls, void (*arm)(int))
{
	int failures = 0;
	bool unsure[WINDOW];

	for (int i = 0; i < WINDOW; i++)
		model[i] = (struct page){ window[i * PG] = i + 1, RW };
	for (int i = 0; i < calls; i++) {
		long r;

		if (arm == arm_nothing && i % 8 == 0)
			fill_regions(dice(8));
		r = random_call(arm, 1 + dice(6), unsure);
		if (r < 0 && r != -L_ENOMEM && r != -L_EFAULT && r != -L_EAGAIN)
			printf("# call %d: %ld\n", i, r);
		if (!as_modelled(r < 0 ? unsure : NULL)) {
			printf("# call %d, which returned %ld, left something else\n", i, r);
			return -1;
		}
		failures += r == -L_ENOMEM;
	}
	return failures;
}

static void random_at_limit(void)
{
	int n;

	window = amap(WINDOW, RW);
	fill_regions(0);
	n = random_calls(1000, arm_nothing);
	printf("# %d failed\n", n);
	fflush(stdout);
	_exit(n < 10);
}

static void random_out_of_memory(void)
{
	int n;

	window = amap(WINDOW, RW);
	open_fail_nth();
	n = random_calls(1500, arm_failure);
	printf("# %d failed\n", n);
	fflush(stdout);
	_exit(n < 10);
}

int main(void)
{
	pipe(tube);
	test_mremap();
	test_overflow();
	test_grows_down();
	test_limits();
	filler = amap(MAX_MAPS + 100, PROT_NONE);
	ok_is(in_child(at_limit), 0, "at the limit of regions: what fails changes nothing, what adds none works");
	ok_is(in_child(random_at_limit), 0, "calls at random near the limit of regions");
	if (open_fail_nth())
		ok_is(in_child(random_out_of_memory), 0, "calls at random without memory");
	else
		ok(true, "calls at random without memory # SKIP no failure injection in this kernel");
	return tap_done();
}
