/* SPDX-License-Identifier: MIT */
/*
 * Position-independent programs, alone and through an interpreter: where they lie, what their data holds, and what the
 * auxiliary vector says of it. The program is a page of machine code that this test wraps into ELF files; an interpreter, which
 * is the same code, goes on to the program's entry.
 */
#include <elf.h>

#include "tap.h"

#define CODE	0x1000	/* from the image's start; as pie_code.S has them */
#define DATA	0x12000

extern const char pie_begin[], pie_end[];

struct told {
	uint64_t pc, sp, data, tail, bss, brk;
	uint64_t aux[64];	/* by AT_ number */
};

/* An executable file with the code: linked at @base, with a segment that wants @align, @interp or NULL. */
static void make(const char *path, int type, uint64_t base, uint64_t align, const char *interp)
{
	static struct {
		Elf64_Ehdr eh;
		Elf64_Phdr ph[3];
		char interp[64];
	} head;
	static char page[4096];
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);

	memset(&head, 0, sizeof(head));
	memcpy(head.eh.e_ident, ELFMAG "\2\1\1", 7);
	head.eh.e_type = type;
	head.eh.e_machine = EM_RISCV;
	head.eh.e_version = 1;
	head.eh.e_entry = base + CODE;
	head.eh.e_phoff = sizeof(head.eh);
	head.eh.e_ehsize = sizeof(head.eh);
	head.eh.e_phentsize = sizeof(head.ph[0]);
	head.eh.e_phnum = 3;
	if (interp) {
		strcpy(head.interp, interp);
		head.ph[0] = (Elf64_Phdr){ PT_INTERP, PF_R, offsetof(typeof(head), interp), .p_filesz = strlen(interp) + 1 };
	}
	head.ph[1] = (Elf64_Phdr){ PT_LOAD, PF_R | PF_X, 0, base, base, 2 * CODE, 2 * CODE, align };
	head.ph[2] = (Elf64_Phdr){ PT_LOAD, PF_R | PF_W, 0x2000, base + DATA, base + DATA, 8, 0x2000, 4096 };
	memcpy(page, &head, sizeof(head));
	write_all(fd, page, sizeof(page));
	memcpy(page, pie_begin, pie_end - pie_begin);
	write_all(fd, page, sizeof(page));
	memset(page, 0xff, sizeof(page));	/* what follows the data in the file is not the program's */
	memcpy(page, "ABCDEFGH", 8);
	write_all(fd, page, sizeof(page));
	close(fd);
}

/* Run it. Return: what one image after the other told, at most two; or the negative error of exec; -100: another status than 7. */
static int run(const char *path, struct told *told)
{
	char *argv[] = { "pie", "an argument", NULL };
	int p[2], e[2], pid, status, n = 0;
	long err = 0;

	pipe(p);
	pipe(e);
	fcntl(e[1], F_SETFD, FD_CLOEXEC);
	pid = fork();
	if (!pid) {
		dup2(p[1], 1);
		close(p[0]);
		err = SYSCALL(__NR_execve, path, argv, environ);
		write(e[1], &err, sizeof(err));
		_exit(0);
	}
	close(p[1]);
	close(e[1]);
	memset(told, 0, 2 * sizeof(*told));
	for (; n < 2 && read(p[0], &told[n], 6 * 8) == 6 * 8; n++) {
		uint64_t pair[2];

		while (read(p[0], pair, sizeof(pair)) == sizeof(pair) && pair[0])
			if (pair[0] < 64)
				told[n].aux[pair[0]] = pair[1];
	}
	close(p[0]);
	if (read(e[0], &err, sizeof(err)) == sizeof(err))
		n = err;
	close(e[0]);
	waitpid(pid, &status, 0);
	return n > 0 && status != 7 << 8 ? -100 : n;
}

static bool data_right(const struct told *t)
{
	return !memcmp(&t->data, "ABCDEFGH", 8) && !t->tail && !t->bss;
}

/* Of an image linked at @base. */
static bool aux_right(const struct told *t, uint64_t pc, uint64_t base)
{
	return t->aux[AT_ENTRY] == pc && t->aux[AT_PHDR] == pc - CODE + sizeof(Elf64_Ehdr) && t->aux[AT_PHNUM] == 3 &&
	       t->aux[AT_PHENT] == sizeof(Elf64_Phdr) && t->aux[AT_PAGESZ] == 4096 && !((pc - CODE - base) & 4095);
}

static void alone(uint64_t base, uint64_t align, const char *name)
{
	struct told t[2];
	int n;

	make("/tmp/pie", ET_DYN, base, align, NULL);
	n = run("/tmp/pie", t);
	ok(n == 1 && data_right(t) && aux_right(t, t->pc, base) && !t->aux[AT_BASE], "alone, %s (%d)", name, n);
	ok(n == 1 && !(t->sp & 15) && !(t->brk & 4095) && (t->brk < t->pc - CODE || t->brk >= t->pc - CODE + DATA + 0x2000),
	   "its stack and break are aligned");
	if (align == 0x10000)
		ok(n == 1 && !((t->pc - CODE) & 0xffff), "it is aligned as it asks for");
}

static void interpreted(int type, uint64_t base, uint64_t align, const char *name)
{
	struct told t[2];
	int n;

	make("/tmp/pie", type, base, align, "/tmp/interp");
	n = run("/tmp/pie", t);
	ok(n == 2 && t[0].pc - t[0].aux[AT_BASE] == CODE && t[1].pc == t[0].aux[AT_ENTRY], "%s: the interpreter, then the program (%d)",
	   name, n);
	ok(n == 2 && data_right(&t[0]) && data_right(&t[1]) && t[0].sp == t[1].sp, "each with data of its own");
	ok(n == 2 && aux_right(&t[0], t[1].pc, base) && !(t[0].aux[AT_BASE] & 4095), "the vector is the program's");
	ok(n == 2 && !(t[1].brk & 4095) && t[1].brk >= t[1].pc - CODE + DATA + 0x2000, "the break lies behind it, aligned");
	if (type == ET_EXEC)
		ok(n == 2 && t[1].pc == base + CODE, "it is where it was linked");
	if (align == 0x10000)
		ok(n == 2 && !((t[1].pc - CODE) & 0xffff), "it is aligned as it asks for");
}

int main(void)
{
	struct told t[2];

	alone(0, 4096, "linked at 0");
	alone(0x100000, 4096, "linked at a megabyte");
	alone(0, 0x10000, "aligned to 64 KiB");
	alone(0, 3, "a senseless alignment");
	make("/tmp/interp", ET_DYN, 0, 4096, NULL);
	interpreted(ET_DYN, 0, 4096, "position-independent");
	interpreted(ET_DYN, 0x100000, 4096, "linked at a megabyte");
	interpreted(ET_DYN, 0, 0x10000, "aligned to 64 KiB");
	interpreted(ET_EXEC, 0x400000, 4096, "fixed");
	make("/tmp/interp", ET_EXEC, 0x10000000, 4096, NULL);
	make("/tmp/pie", ET_DYN, 0, 4096, "/tmp/interp");
	ok(run("/tmp/pie", t) >= 1 && t[0].pc == 0x10000000 + CODE && !t[0].aux[AT_BASE], "an interpreter may have a fixed place");
	SYSCALL(__NR_fchmodat, AT_FDCWD, "/tmp/interp", 0644);
	ok_is(run("/tmp/pie", t), -L_EACCES, "an interpreter that nobody may run: EACCES");
	unlink("/tmp/interp");
	ok_is(run("/tmp/pie", t), -L_ENOENT, "no interpreter: ENOENT");
	mkdir("/tmp/interp", 0755);
	ok_is(run("/tmp/pie", t), -L_EACCES, "a folder for an interpreter: EACCES");
	rmdir("/tmp/interp");
	close(open("/tmp/interp", O_WRONLY | O_CREAT | O_TRUNC, 0755));
	ok(run("/tmp/pie", t) < 0, "an empty interpreter");
	make("/tmp/interp", ET_DYN, 0, 4096, NULL);
	write_text("/tmp/interp", "This is no program, and no library, but a text with more than the sixty-four bytes of a header.");
	ok_is(run("/tmp/pie", t), -80, "a text for an interpreter: ELIBBAD");
	unlink("/tmp/interp");
	unlink("/tmp/pie");
	return tap_done();
}
