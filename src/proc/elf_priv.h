/* SPDX-License-Identifier: MIT */
/* What the files of the ELF format share. */
#ifndef PROC_ELF_PRIV_H
#define PROC_ELF_PRIV_H

#include <elf.h>

#include "proc/exec.h"

struct elf_image {
	struct file *file;
	Elf64_Ehdr eh;
	Elf64_Phdr *ph;
	unsigned long lo, hi;	/* of the PT_LOADs, page aligned, hi 0: none; before the bias */
	unsigned long phdr;	/* address of the program headers, before the bias */
	unsigned long align;	/* the largest that a PT_LOAD asks for, a power of two, at least a page */
};

/**
 * create_elf_tables - Put on the new stack what a program finds there: argc, argv, envp, auxv, upwards from sp.
 * @bias: what is added to the program's addresses; @interp_base: to those of the one that loads the rest of it, or 0.
 * Return: 0, -E2BIG, -EINTR, -ENOMEM. Context: task; @bprm has the strings.
 */
int create_elf_tables(struct linux_binprm *bprm, const struct elf_image *img, unsigned long bias, unsigned long interp_base) __must_check;
/**
 * put_ids - Fill in what the stack tells of the ids, which are known when the other threads are gone.
 * Return: 0, -EFAULT. Context: task; the program is its own, its credentials too.
 */
int put_ids(const struct linux_binprm *bprm) __must_check;

#endif
