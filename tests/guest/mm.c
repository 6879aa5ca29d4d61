/* SPDX-License-Identifier: MIT */
/*
 * Address spaces: what mmap, munmap, mprotect, brk, mremap, fork and the stack
 * promise, down to si_code and si_addr. True of Linux too.
 */
#include "tap.h"

#define PG 4096UL
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

static volatile struct k_siginfo seen;
static volatile int faults;

/* Note the fault and step over the instruction: loads and stores below are 4 bytes long. */
static void on_fault(int sig, struct k_siginfo *info, struct k_ucontext *uc)
{
	(void)sig;
	memcpy((void *)&seen, info, sizeof(seen));
	faults++;
	uc->uc_mcontext.regs[0] += 4;
}

static int probe_store(char *p)
{
	faults = 0;
	__asm__ volatile(".option push\n.option norvc\n sb zero, 0(%0)\n.option pop" :: "r"(p) : "memory");
	return faults;
}

static int probe_load(char *p)
{
	faults = 0;
	__asm__ volatile(".option push\n.option norvc\n lb t0, 0(%0)\n.option pop" :: "r"(p) : "t0", "memory");
	return faults;
}

static char *amap(size_t n)
{
	return mmap(NULL, n, RW, ANON, -1, 0);
}

static void test_mmap(void)
{
	char *p = amap(4 * PG), *q;

	ok(p != MAP_FAILED && p[0] == 0 && p[3 * PG] == 0, "anonymous memory reads as zeroes");
	p[PG] = 5;
	ok_is(munmap(p + PG, PG), 0, "a hole is punched");
	ok(probe_load(p + PG) && seen.si_signo == SIGSEGV && seen.si_code == SEGV_MAPERR &&
	   seen.fault.addr == (uintptr_t)p + PG, "the hole: SEGV_MAPERR at its address");
	ok(!probe_load(p) && !probe_load(p + 2 * PG), "both sides of the hole are there");
	q = mmap(p + PG, PG, RW, ANON | MAP_FIXED, -1, 0);
	ok(q == p + PG && q[0] == 0, "MAP_FIXED fills the hole with zeroes");
	ok_is(SYSCALL(__NR_mmap, p, PG, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0), -L_EEXIST, "MAP_FIXED_NOREPLACE: EEXIST");
	ok_is(SYSCALL(__NR_mmap, 0, 0, RW, ANON, -1, 0), -L_EINVAL, "length 0: EINVAL");
	ok_is(SYSCALL(__NR_mmap, p + 1, PG, RW, ANON | MAP_FIXED, -1, 0), -L_EINVAL, "unaligned MAP_FIXED: EINVAL");
	ok_is(SYSCALL(__NR_mmap, 0, PG, RW, MAP_ANONYMOUS, -1, 0), -L_EINVAL, "neither private nor shared: EINVAL");
	ok_is(SYSCALL(__NR_mmap, 0, 1UL << 40, RW, ANON, -1, 0), -L_ENOMEM, "more than the address space: ENOMEM");
	ok_is(SYSCALL(__NR_mmap, 0, PG, PROT_READ, MAP_PRIVATE, 99, 0), -L_EBADF, "no such file: EBADF");
	ok_is(SYSCALL(__NR_munmap, p + 1, PG), -L_EINVAL, "munmap unaligned: EINVAL");
	ok_is(SYSCALL(__NR_munmap, p, 0), -L_EINVAL, "munmap of nothing: EINVAL");
	ok_is(munmap(p, 4 * PG), 0, "munmap of several regions at once");
	ok_is(munmap(p, 4 * PG), 0, "munmap of nothing mapped is no error");
}

static void test_zero_page(void)
{
	char *a = amap(PG), *b = amap(PG);
	volatile char before = *(volatile char *)a + *(volatile char *)b;

	*(volatile char *)a = 1;
	ok(!before && *(volatile char *)b == 0 && a[1] == 0, "pages that were only read are not one page to write to");
	munmap(a, PG);
	munmap(b, PG);
	/* 40 pages, each under a page table of its own: the leak check counts what is left. */
	a = amap(40 << 21);
	for (int i = 0; i < 40; i++)
		a[(size_t)i << 21] = i;
	ok_is(munmap(a, 40 << 21), 0, "a sparse mapping goes with its tables");
}

static void test_mprotect(void)
{
	char *p = amap(3 * PG);

	p[PG] = 7;
	ok_is(mprotect(p + PG, PG, PROT_READ), 0, "the middle page becomes read-only");
	ok(probe_store(p + PG) && seen.si_code == SEGV_ACCERR && seen.fault.addr == (uintptr_t)p + PG, "a store: SEGV_ACCERR");
	ok(!probe_load(p + PG) && p[PG] == 7, "a load is fine, the contents too");
	ok(!probe_store(p) && !probe_store(p + 2 * PG), "its neighbours stay writable");
	mprotect(p + PG, PG, PROT_NONE);
	ok(probe_load(p + PG) && seen.si_code == SEGV_ACCERR, "PROT_NONE: a load faults too");
	mprotect(p + PG, PG, RW);
	ok(!probe_store(p + PG + 1) && p[PG] == 7, "back to writable, contents kept");
	ok_is(SYSCALL(__NR_mprotect, p + 1, PG, RW), -L_EINVAL, "mprotect unaligned: EINVAL");
	munmap(p + PG, PG);
	ok_is(SYSCALL(__NR_mprotect, p, 3 * PG, PROT_READ), -L_ENOMEM, "mprotect over a hole: ENOMEM");
	munmap(p, 3 * PG);
}

static char *hidden;

static void child_looks(void)
{
	char *p = hidden;

	if (mprotect(p, 4 * PG, RW) || p[0] != 1 || p[PG] != 2 || p[2 * PG] || p[3 * PG])
		_exit(1);
}

/* What a walk of page tables takes for nothing is lost, or left behind: the count of pages after the case tells. */
static void test_hidden_pages(void)
{
	char *p = hidden = amap(4 * PG), *to = amap(4 * PG);
	unsigned char vec[4];

	p[0] = 1;
	p[PG] = 2;
	probe_load(p + 2 * PG);
	mprotect(p, 4 * PG, PROT_NONE);
	ok(!SYSCALL(__NR_mincore, p, 4 * PG, vec) && (vec[0] & vec[1] & vec[2] & 1) && !(vec[3] & 1),
	   "behind PROT_NONE, pages that were written or read are in memory; one never touched is not");
	ok_is(in_child(child_looks), 0, "a child of fork finds their contents");
	ok_is(SYSCALL(__NR_mremap, p, 2 * PG, 2 * PG, MREMAP_MAYMOVE | MREMAP_FIXED, to), (long)to, "they are moved");
	mprotect(to, 2 * PG, RW);
	ok(to[0] == 1 && to[PG] == 2, "and their contents with them");
	munmap(p + 2 * PG, 2 * PG);
	munmap(to, 4 * PG);
}

static void test_brk(void)
{
	uintptr_t b = SYSCALL(__NR_brk, 0), up = (b + PG - 1) & ~(PG - 1);

	ok_is(SYSCALL(__NR_brk, up + 3 * PG), up + 3 * PG, "brk grows");
	((char *)up)[2 * PG] = 9;
	ok_is(SYSCALL(__NR_brk, up + PG), up + PG, "brk shrinks");
	ok(probe_load((char *)up + 2 * PG), "what it gave up is gone");
	SYSCALL(__NR_brk, up + 3 * PG);
	ok(((char *)up)[2 * PG] == 0, "grown again it is zeroes");
	ok_is(SYSCALL(__NR_brk, 0x1000), up + 3 * PG, "brk below the heap changes nothing");
	ok_is(SYSCALL(__NR_brk, ~0UL), up + 3 * PG, "brk to the moon changes nothing");
	SYSCALL(__NR_brk, b);
}

static char *shared, *priv;

static void child_writes(void)
{
	for (int i = 0; i < 16; i++) {
		shared[i * PG] = 'c';
		priv[i * PG] = 'c';
	}
}

static void test_fork_memory(void)
{
	bool all = true;

	shared = mmap(NULL, 16 * PG, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	priv = amap(16 * PG);
	memset(priv, 'p', 16 * PG);
	ok_is(in_child(child_writes), 0, "a child writes shared and private pages");
	for (int i = 0; i < 16; i++)
		all &= shared[i * PG] == 'c' && priv[i * PG] == 'p' && priv[i * PG + 1] == 'p';
	ok(all, "shared writes are seen, private ones are not");
	munmap(shared, 16 * PG);
	munmap(priv, 16 * PG);
}

static void test_mremap(void)
{
	char *p = amap(2 * PG), *q;

	p[PG] = 3;
	q = (char *)SYSCALL(__NR_mremap, p, 2 * PG, 64 * PG, 1, 0);
	ok((long)q > 0 && q[PG] == 3 && q[63 * PG] == 0, "mremap grows, contents kept");
	ok_is(SYSCALL(__NR_mremap, q, 64 * PG, PG, 0, 0), (long)q, "mremap shrinks in place");
	ok(probe_load(q + PG), "the rest is unmapped");
	ok_is(SYSCALL(__NR_mremap, q + 1, PG, PG, 0, 0), -L_EINVAL, "mremap unaligned: EINVAL");
	ok_is(SYSCALL(__NR_mremap, 0x200000000UL, PG, 2 * PG, 1, 0), -L_EFAULT, "mremap of nothing: EFAULT");
	munmap(q, PG);
}

static void test_file(void)
{
	int fd = open("/tmp/mm.dat", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *s, *p, buf[4];

	SYSCALL(__NR_ftruncate, fd, 2 * PG);
	write(fd, "abcd", 4);
	s = mmap(NULL, 3 * PG, RW, MAP_SHARED, fd, 0);
	p = mmap(NULL, 2 * PG, RW, MAP_PRIVATE, fd, 0);
	ok(s != MAP_FAILED && p != MAP_FAILED && !memcmp(s, "abcd", 4) && !memcmp(p, "abcd", 4), "a file is mapped twice");
	s[0] = 'S';
	p[1] = 'P';
	SYSCALL(__NR_pread64, fd, buf, 4, 0);
	ok(!memcmp(buf, "Sbcd", 4), "the shared write reaches the file, the private one does not");
	ok(probe_load(s + 2 * PG) && seen.si_signo == SIGBUS && seen.si_code == BUS_ADRERR, "beyond the end: SIGBUS");
	SYSCALL(__NR_ftruncate, fd, 0);
	ok(probe_load(s) && seen.si_signo == SIGBUS, "truncated under the mapping: SIGBUS");
	ok_is(SYSCALL(__NR_mmap, 0, PG, PROT_READ, MAP_PRIVATE, fd, 1), -L_EINVAL, "unaligned offset: EINVAL");
	munmap(s, 3 * PG);
	munmap(p, 2 * PG);
	close(fd);
	fd = open("/tmp/mm.dat", O_RDONLY);
	ok_is(SYSCALL(__NR_mmap, 0, PG, RW, MAP_SHARED, fd, 0), -L_EACCES, "shared and writable of a read-only file: EACCES");
	close(fd);
	unlink("/tmp/mm.dat");
}

static int dig(int n)
{
	volatile char frame[2048];

	frame[0] = n;
	return n ? dig(n - 1) + frame[0] : 0;
}

static void deep(void)
{
	_exit(dig(1000) == 0);	/* 2 MiB */
}

static void too_deep(void)
{
	signal_set(SIGSEGV, (handler_t)0, 0);
	dig(100000);
}

static void test_stack(void)
{
	int status;

	ok_is(in_child(deep), 0, "the stack grows by 2 MiB on demand");
	status = in_child(too_deep);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV, "past its limit: SIGSEGV");
}

int main(void)
{
	struct k_sigaction act = { (uintptr_t)on_fault, SA_SIGINFO | SA_NODEFER, 0 };

	SYSCALL(__NR_rt_sigaction, SIGSEGV, &act, 0, 8);
	SYSCALL(__NR_rt_sigaction, SIGBUS, &act, 0, 8);
	test_mmap();
	test_zero_page();
	test_mprotect();
	test_hidden_pages();
	test_brk();
	test_fork_memory();
	test_mremap();
	test_file();
	test_stack();
	ok(probe_load((char *)0xffffffd880000000UL) && seen.si_signo == SIGSEGV, "a kernel address: SIGSEGV");
	ok(probe_load(NULL) && seen.si_code == SEGV_MAPERR && seen.fault.addr == 0, "address 0: SEGV_MAPERR");
	return tap_done();
}
