/* SPDX-License-Identifier: MIT */
/*
 * Malformed programs: each is refused with an error, and the caller lives on;
 * or it is a program that dies at once. None may take the kernel with it. And
 * odd ones that run.
 */
#include <elf.h>

#include "tap.h"

static char image[65536];
static size_t image_size;

static void load_self(void)
{
	int fd = open("/proc/self/exe", O_RDONLY);
	ssize_t n;

	while (image_size < sizeof(image) && (n = read(fd, image + image_size, sizeof(image) - image_size)) > 0)
		image_size += n;
	close(fd);
}

static char *asked = "child";

/* Exec the image with one change. Return: raw error, or -1000 - status when it ran. */
static long try(const char *data, size_t n)
{
	char *argv[] = { "broken", asked, NULL };
	int fd = open("/tmp/broken", O_WRONLY | O_CREAT | O_TRUNC, 0755), pid, status, p[2];
	long err = -1;

	write_all(fd, data, n);
	close(fd);
	pipe(p);
	fcntl(p[1], F_SETFD, FD_CLOEXEC);
	pid = fork();
	if (!pid) {
		err = SYSCALL(__NR_execve, "/tmp/broken", argv, environ);
		write(p[1], &err, sizeof(err));
		_exit(0);
	}
	close(p[1]);
	if (read(p[0], &err, sizeof(err)) != sizeof(err)) {
		waitpid(pid, &status, 0);
		err = -1000 - status;
	} else {
		waitpid(pid, &status, 0);
	}
	close(p[0]);
	unlink("/tmp/broken");
	return err;
}

static char copy[65536];
#define EH ((Elf64_Ehdr *)copy)
#define PH(i) ((Elf64_Phdr *)(copy + EH->e_phoff) + (i))

static void reset(void)
{
	memcpy(copy, image, image_size);
}

#define KILLED (-1000 - SIGSEGV)
#define RAN (-1000 - (66 << 8))

/* What becomes of the image with @change: an error, KILLED or RAN. */
#define CASE(change, want, name) do {						\
	reset();								\
	change;									\
	ok_is(try(copy, image_size), want, name);				\
} while (0)

/* The third header, which is for thread-local storage, as a segment of its own. */
static void segment(uint64_t vaddr, uint64_t offset, uint64_t filesz, uint64_t memsz, int flags)
{
	*PH(2) = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = flags, .p_offset = offset, .p_vaddr = vaddr, .p_filesz = filesz,
			       .p_memsz = memsz, .p_align = 4096 };
}

#define SOMEWHERE 0x300000

/* Bytes from @from to @to of the page at SOMEWHERE that are not those of the file, or (@zero) not 0. */
static int differing(size_t from, size_t to, bool zero)
{
	const char *page = (const char *)SOMEWHERE;
	int n = 0;

	for (size_t i = from; i < to; i++)
		n += page[i] != (zero ? 0 : image[i]);
	return n;
}

/* What a changed image is asked, by its argument: is all well? */
static bool child(const char *what)
{
	uint32_t code[2] = { 0x02a00513, 0x00008067 };	/* li a0, 42; ret */
	volatile char *bss = (volatile char *)SOMEWHERE + 4096;

	load_self();
	if (!strcmp(what, "tail"))
		return !differing(0, 256, false) && !differing(256, 4096, true);
	if (!strcmp(what, "whole"))
		return !differing(0, 4096, false);
	if (!strcmp(what, "read-only")) {
		bss[0] = 1;
		return !differing(0, 256, false) && bss[1] == 0 && bss[8191] == 0;
	}
	if (!strcmp(what, "stack")) {
		__asm__ volatile("fence.i" ::: "memory");
		return ((int (*)(void))code)() == 42;
	}
	return true;
}

static void test_segments(void)
{
	Elf64_Phdr first;

	CASE(segment(SOMEWHERE, 0x123, 0, 0x2000, PF_R | PF_W), RAN, "no bytes of the file, whatever their offset");
	CASE((first = *PH(0), *PH(0) = *PH(1), *PH(1) = first), RAN, "segments in another order");
	CASE(*PH(2) = *PH(0), RAN, "one upon another");
	asked = "tail";
	CASE(segment(SOMEWHERE, 0, 256, 256 + 16, PF_R | PF_W), RAN, "behind a small .bss all of its page is zero");
	asked = "whole";
	CASE(segment(SOMEWHERE, 0, 256, 256, PF_R | PF_W), RAN, "without .bss it is the file's");
	asked = "read-only";
	CASE(segment(SOMEWHERE, 0, 256, 0x3000, PF_R), RAN, "a .bss that may only be read may be written from its next page on");
	asked = "stack";
	CASE(, KILLED, "the stack is not to run code");
	CASE((segment(0, 0, 0, 0, PF_R | PF_W | PF_X), PH(2)->p_type = PT_GNU_STACK), RAN, "but with PT_GNU_STACK that says so");
	CASE((segment(0, 0, 0, 0, PF_R | PF_W), PH(2)->p_type = PT_GNU_STACK), KILLED, "not with one that does not");
	asked = "child";
}

int main(int argc, char **argv)
{
	uint32_t seed = 12345;
	int survived = 0;

	if (argc > 1)
		_exit(child(argv[1]) ? 66 : 67);
	load_self();
	CASE(, RAN, "unbroken, it runs");
	ok_is(try(copy, 0), -L_ENOEXEC, "empty: ENOEXEC");
	ok_is(try(copy, 10), -L_ENOEXEC, "ten bytes: ENOEXEC");
	ok_is(try(copy, 64), -L_ENOEXEC, "a header alone: ENOEXEC");
	ok_is(try(copy, 100), -L_ENOEXEC, "cut off in the program headers: ENOEXEC");
	ok(try(copy, 4096) < -1000, "cut off in a segment: killed");
	CASE(EH->e_machine = 62, -L_ENOEXEC, "another machine: ENOEXEC");
	CASE(copy[EI_CLASS] = 1, -L_ENOEXEC, "32 bits: ENOEXEC");
	CASE(EH->e_type = ET_REL, -L_ENOEXEC, "not executable: ENOEXEC");
	CASE(EH->e_phentsize = 8, -L_ENOEXEC, "odd program header size: ENOEXEC");
	CASE(EH->e_phnum = 0, -L_ENOEXEC, "no program headers: ENOEXEC");
	CASE(EH->e_phnum = 74, -L_ENOEXEC, "more program headers than a page has: ENOEXEC");
	CASE(EH->e_phnum = 65535, -L_ENOEXEC, "too many program headers: ENOEXEC");
	CASE(EH->e_phoff = ~0UL - 8, -L_ENOEXEC, "program headers far away: ENOEXEC");
	CASE((PH(0)->p_type = PT_INTERP, PH(0)->p_filesz = 1), -L_ENOEXEC, "an interpreter without a name: ENOEXEC");
	CASE((PH(0)->p_type = PT_INTERP, PH(0)->p_filesz = 5000), -L_ENOEXEC, "an interpreter with too long a name: ENOEXEC");
	/* What is wrong with segments is seen when the old program is gone. */
	CASE(PH(0)->p_vaddr = 0xffffffff80200000, KILLED, "at a kernel address");
	CASE(PH(0)->p_vaddr = ~0UL & ~0xfffUL, KILLED, "at the end of everything");
	CASE(PH(0)->p_memsz = ~0UL, KILLED, "huge in memory");
	CASE(PH(0)->p_memsz = PH(0)->p_filesz - 1, KILLED, "smaller in memory than in the file");
	CASE(PH(0)->p_offset += 1, KILLED, "misaligned offset");
	CASE((PH(0)->p_filesz = 1UL << 40, PH(0)->p_memsz = 1UL << 40), KILLED, "larger than the file");
	CASE((PH(1)->p_vaddr = PH(0)->p_vaddr, PH(1)->p_offset = PH(0)->p_offset), KILLED, "data in the place of the text");
	CASE((PH(0)->p_memsz = 0, PH(0)->p_filesz = 0), KILLED, "a text of no size");
	CASE((PH(0)->p_type = PT_NULL, PH(1)->p_type = PT_NULL), KILLED, "no segment at all");
	CASE(EH->e_entry = 0xffffffff80200000, KILLED, "entry in the kernel");
	CASE(EH->e_entry = 8, KILLED, "entry at nothing");
	test_segments();
	/* Random damage to the headers. */
	for (int i = 0; i < 300; i++) {
		reset();
		for (int k = 0; k < 4; k++) {
			seed = seed * 1664525 + 1013904223;
			copy[(seed >> 8) % 300] = seed >> 24;
		}
		survived += try(copy, image_size) != -1;
	}
	ok(survived == 300, "300 images with random damage");
	return tap_done();
}
