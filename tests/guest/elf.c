/* SPDX-License-Identifier: MIT */
/*
 * Malformed programs: each is refused with an error, and the caller lives on;
 * or it is a program that dies at once. None may take the kernel with it.
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

/* Exec the image with one change. Return: raw error, or -1000 - status when it ran. */
static long try(const char *data, size_t n)
{
	char *argv[] = { "broken", "--child", NULL };
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

#define BROKEN(change, name) do {						\
	reset();								\
	change;									\
	long _e = try(copy, image_size);					\
	ok(_e == -L_ENOEXEC || _e == -L_EINVAL || _e == -L_ENOMEM || _e == -L_EPERM || _e == -L_ENOENT ||	\
	   _e == -L_EFAULT || (_e <= -1000 && ((-1000 - _e) & 0x7f)), "%s (%ld)", name, _e);	\
} while (0)

int main(int argc, char **argv)
{
	uint32_t seed = 12345;
	int survived = 0;

	if (argc > 1)
		_exit(66);
	load_self();
	reset();
	ok_is(try(copy, image_size), -1000 - (66 << 8), "unbroken, it runs");
	ok_is(try(copy, 0), -L_ENOEXEC, "empty: ENOEXEC");
	ok_is(try(copy, 10), -L_ENOEXEC, "ten bytes: ENOEXEC");
	ok_is(try(copy, 64), -L_ENOEXEC, "a header alone: ENOEXEC");
	ok(try(copy, 100) < 0, "cut off in the program headers");
	ok(try(copy, 4096) < 0, "cut off in a segment");
	BROKEN(EH->e_machine = 62, "another machine");
	BROKEN(copy[EI_CLASS] = 1, "32 bits");
	BROKEN(EH->e_type = ET_REL, "not executable");
	BROKEN(EH->e_phentsize = 8, "odd program header size");
	BROKEN(EH->e_phnum = 0, "no program headers");
	BROKEN(EH->e_phnum = 65535, "too many program headers");
	BROKEN(EH->e_phoff = ~0UL - 8, "program headers far away");
	BROKEN(PH(0)->p_vaddr = 0xffffffff80200000, "at a kernel address");
	BROKEN(PH(0)->p_vaddr = ~0UL & ~0xfffUL, "at the end of everything");
	BROKEN(PH(0)->p_memsz = ~0UL, "huge in memory");
	BROKEN(PH(0)->p_memsz = PH(0)->p_filesz - 1, "smaller in memory than in the file");
	BROKEN(PH(0)->p_offset += 1, "misaligned offset");
	BROKEN(PH(0)->p_filesz = 1UL << 40; PH(0)->p_memsz = 1UL << 40, "larger than the file");
	BROKEN(PH(1)->p_vaddr = PH(0)->p_vaddr; PH(1)->p_offset = PH(0)->p_offset, "overlapping segments");
	BROKEN(PH(0)->p_memsz = 0; PH(0)->p_filesz = 0, "a zero-sized segment");
	BROKEN(EH->e_entry = 0xffffffff80200000, "entry in the kernel");
	BROKEN(EH->e_entry = 8, "entry at nothing");
	BROKEN(PH(0)->p_type = PT_INTERP; PH(0)->p_filesz = 100, "an interpreter without a name");
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
