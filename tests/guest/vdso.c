/* SPDX-License-Identifier: MIT */
/* The vDSO: found by the auxiliary vector, an ELF object with Linux's names, and it tells what the calls tell. True of Linux too. */
#include <elf.h>

#include "tap.h"

#include "abi/time.h"

struct stamp {
	int64_t sec, part;	/* ns, or of gettimeofday() us */
};

static char *vdso;
static const Elf64_Sym *syms;
static const char *strings;
static const Elf64_Half *versions;
static const Elf64_Verdef *verdef;
static uint32_t nr_syms;

static uint64_t auxv(uint64_t type)
{
	char **e = environ;
	const uint64_t *a;

	while (*e)
		e++;
	for (a = (const uint64_t *)(e + 1); a[0]; a += 2)
		if (a[0] == type)
			return a[1];
	return 0;
}

/* Where the object has its tables. Return: all were found. */
static bool open_vdso(void)
{
	const Elf64_Ehdr *eh = (const Elf64_Ehdr *)vdso;
	const Elf64_Phdr *ph = (const Elf64_Phdr *)(vdso + eh->e_phoff);
	uint64_t load = 0;
	const Elf64_Dyn *d = NULL;

	for (int i = 0; i < eh->e_phnum; i++) {
		if (ph[i].p_type == PT_LOAD)
			load = ph[i].p_offset - ph[i].p_vaddr;
		if (ph[i].p_type == PT_DYNAMIC)
			d = (const Elf64_Dyn *)(vdso + ph[i].p_offset);
	}
	for (; d && d->d_tag; d++) {
		char *at = vdso + d->d_un.d_ptr + load;

		if (d->d_tag == DT_SYMTAB)
			syms = (const Elf64_Sym *)at;
		if (d->d_tag == DT_STRTAB)
			strings = at;
		if (d->d_tag == DT_HASH)
			nr_syms = ((const uint32_t *)at)[1];
		if (d->d_tag == DT_VERSYM)
			versions = (const Elf64_Half *)at;
		if (d->d_tag == DT_VERDEF)
			verdef = (const Elf64_Verdef *)at;
	}
	return !memcmp(eh->e_ident, ELFMAG, 4) && eh->e_type == ET_DYN && eh->e_machine == EM_RISCV && syms && strings && nr_syms &&
	       versions && verdef;
}

/* The function @name of version LINUX_4.15, or NULL. */
static void *function(const char *name)
{
	for (uint32_t i = 1; i < nr_syms; i++) {
		const Elf64_Verdef *v = verdef;

		if (!syms[i].st_shndx || ELF64_ST_TYPE(syms[i].st_info) != STT_FUNC || strcmp(strings + syms[i].st_name, name))
			continue;
		while ((v->vd_ndx & 0x7fff) != (versions[i] & 0x7fff) && v->vd_next)
			v = (const Elf64_Verdef *)((const char *)v + v->vd_next);
		if (!strcmp(strings + ((const Elf64_Verdaux *)((const char *)v + v->vd_aux))->vda_name, "LINUX_4.15"))
			return vdso + syms[i].st_value;
	}
	return NULL;
}

static bool before(const struct stamp *a, const struct stamp *b)
{
	return a->sec < b->sec || (a->sec == b->sec && a->part <= b->part);
}

/* Each hart in turn; and never back. */
static void test_clocks(int (*get)(int, struct stamp *))
{
	static const struct {
		int id;
		const char *name;
		bool coarse;
	} clocks[] = {
		{ CLOCK_REALTIME, "CLOCK_REALTIME", false }, { CLOCK_MONOTONIC, "CLOCK_MONOTONIC", false },
		{ CLOCK_MONOTONIC_RAW, "CLOCK_MONOTONIC_RAW", false }, { CLOCK_BOOTTIME, "CLOCK_BOOTTIME", false },
		{ CLOCK_REALTIME_COARSE, "CLOCK_REALTIME_COARSE", true }, { CLOCK_MONOTONIC_COARSE, "CLOCK_MONOTONIC_COARSE", true },
		{ CLOCK_PROCESS_CPUTIME_ID, "CLOCK_PROCESS_CPUTIME_ID", false },
		{ CLOCK_THREAD_CPUTIME_ID, "CLOCK_THREAD_CPUTIME_ID", false },
	};

	for (size_t c = 0; c < ARRAY_LEN(clocks); c++) {
		struct stamp a, b, last = { 0 };
		bool right = true;

		for (int i = 0; i < 200; i++) {
			uint64_t one = 1UL << i % 8;

			SYSCALL(__NR_sched_setaffinity, 0, sizeof(one), &one);	/* or it stays, where there is no such hart */
			SYSCALL(__NR_clock_gettime, clocks[c].id, &a);
			right &= get(clocks[c].id, &b) == 0 && b.part >= 0 && b.part < 1000000000 && before(&last, &b) && before(&a, &b);
			last = b;
			SYSCALL(__NR_clock_gettime, clocks[c].id, &a);
			right &= before(&b, &a);
		}
		ok(right, "%s lies between two calls of the kernel's", clocks[c].name);
	}
}

static uintptr_t returns_to;

static void note_return(int sig)
{
	(void)sig;
	returns_to = (uintptr_t)__builtin_return_address(0);
}

static void write_there(void)
{
	*(volatile char *)vdso = 0;
}

int main(void)
{
	uint64_t all = ~0UL, one = 1;
	struct stamp t = { 0 }, before_it, after_it;
	int (*gettime)(int, struct stamp *), (*gettimeofday)(struct stamp *, void *), (*getres)(int, struct stamp *);
	int (*getcpu)(unsigned int *, unsigned int *, void *), (*flush)(void *, void *, unsigned long);
	unsigned int cpu = 99;
	int32_t zone[2] = { 1, 1 };

	vdso = (char *)auxv(AT_SYSINFO_EHDR);
	if (!ok(vdso && !((uintptr_t)vdso & 4095), "the auxiliary vector says where it is"))
		return tap_done();
	if (!ok(open_vdso(), "a shared object, with versions"))
		return tap_done();
	gettime = function("__vdso_clock_gettime");
	gettimeofday = function("__vdso_gettimeofday");
	getres = function("__vdso_clock_getres");
	getcpu = function("__vdso_getcpu");
	flush = function("__vdso_flush_icache");
	if (!ok(gettime && gettimeofday && getres && getcpu && flush && function("__vdso_rt_sigreturn"), "it has Linux's functions"))
		return tap_done();
	test_clocks(gettime);
	ok_is(gettime(99, &t), -L_EINVAL, "a clock that is none: EINVAL");
	ok_is(gettime(-1, &t), -L_EINVAL, "nor this");
	SYSCALL(__NR_gettimeofday, &before_it, 0);
	ok_is(gettimeofday(&t, zone), 0, "gettimeofday()");
	SYSCALL(__NR_gettimeofday, &after_it, 0);
	ok(before(&before_it, &t) && before(&t, &after_it) && t.part < 1000000 && !zone[0] && !zone[1],
	   "lies between two of the kernel's, without a zone");
	ok_is(gettimeofday(NULL, NULL), 0, "of nothing");
	ok(getres(1, &t) == 0 && !t.sec && t.part == 1 && getres(0, NULL) == 0, "clock_getres()");
	ok_is(getres(99, &t), -L_EINVAL, "of a clock that is none: EINVAL");
	SYSCALL(__NR_sched_setaffinity, 0, sizeof(one), &one);
	ok(getcpu(&cpu, NULL, NULL) == 0 && cpu == 0, "getcpu()");
	SYSCALL(__NR_sched_setaffinity, 0, sizeof(all), &all);
	ok_is(flush(vdso, vdso + 64, 0), 0, "flush_icache()");
	signal_set(SIGUSR1, note_return, 0);
	SYSCALL(__NR_kill, getpid(), SIGUSR1);
	ok(returns_to == (uintptr_t)function("__vdso_rt_sigreturn"), "a handler returns to rt_sigreturn()");
	ok_is(in_child(write_there), 11, "who writes to it dies by SIGSEGV");
	return tap_done();
}
