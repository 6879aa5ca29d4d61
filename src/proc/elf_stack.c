/* SPDX-License-Identifier: MIT */
/*
 * The stack as an ELF program finds it. From the top down: the strings of the environment and the arguments,
 * which are there already; the name of the platform; 16 random bytes; then, as one table that is made here and
 * written at once, auxv, envp, argv and argc, where sp is. Ref: System V ABI, "Process Initialization".
 */
#include "proc/elf_priv.h"

#include <string.h>

#include "fs/chrdev.h"
#include "proc/exec_args.h"
#include "sched/sched.h"
#include "task/cred.h"
#include "vm/brk.h"
#include "vm/mm.h"
#include "vm/mmap.h"
#include "vm/slab.h"
#include "vm/uaccess.h"

#define ELF_HWCAP	((1u << ('I' - 'A')) | (1u << ('M' - 'A')) | (1u << ('A' - 'A')) | \
			 (1u << ('F' - 'A')) | (1u << ('D' - 'A')) | (1u << ('C' - 'A')))
#define NR_AUX 20		/* entries of auxv, at most */
#define NR_IDS 5		/* of them, that put_ids() fills in */

struct elf_stack {
	unsigned long *table;
	int n;			/* words of it so far */
	unsigned long at;	/* address of the table */
	unsigned long platform, random; /* addresses */
};

/* Room for all that comes below the strings; the stack grows once. The caller frees @s->table. */
static int make_room(struct linux_binprm *bprm, struct elf_stack *s)
{
	int words = 1 + bprm->argc + 1 + bprm->envc + 1 + 2 * NR_AUX, err;
	u64 bytes[2] = { get_random_u64(), get_random_u64() };
	struct mm_struct *mm = bprm->mm;

	s->table = kmalloc(words * 8, GFP_KERNEL);
	if (!s->table)
		return -ENOMEM;
	bprm->argmin = 0;	/* what comes now is not the caller's */
	err = copy_string_kernel("riscv64", bprm);
	if (err)
		return err;
	s->platform = bprm->p;
	s->random = (s->platform - sizeof(bytes)) & ~15UL;
	s->at = (s->random - words * 8) & ~15UL;
	down_write(&mm->mmap_lock);
	err = expand_stack(find_vma(mm, STACK_TOP - 1), s->at);
	up_write(&mm->mmap_lock);
	return err || bprm_write(bprm, s->random, bytes, sizeof(bytes)) ? -E2BIG : 0;
}

/* The addresses of @n strings from *@string on, and a 0; *@string is behind the last. Return: 0, -EINTR, -EFAULT. */
static int put_pointers(struct linux_binprm *bprm, struct elf_stack *s, int n, unsigned long *string)
{
	while (n--) {
		long len = fatal_signal_pending(current) ? -EINTR : bprm_strlen(bprm, *string);

		if (len < 0)
			return (int)len;
		s->table[s->n++] = *string;
		*string += len;		/* our own, in pages that are there */
		cond_resched();
	}
	s->table[s->n++] = 0;
	return 0;
}

static inline void put_aux(struct elf_stack *s, unsigned long id, unsigned long value)
{
	s->table[s->n++] = id;
	s->table[s->n++] = value;
}

static void put_auxv(struct linux_binprm *bprm, struct elf_stack *s, const struct elf_image *img, unsigned long bias,
		     unsigned long interp_base)
{
	struct mm_struct *mm = bprm->mm;
	int begin = s->n;

	put_aux(s, AT_SYSINFO_EHDR, mm->vdso);
	put_aux(s, AT_HWCAP, ELF_HWCAP);
	put_aux(s, AT_PAGESZ, PAGE_SIZE);
	put_aux(s, AT_CLKTCK, 100);
	put_aux(s, AT_PHDR, img->phdr + bias);
	put_aux(s, AT_PHENT, sizeof(Elf64_Phdr));
	put_aux(s, AT_PHNUM, img->eh.e_phnum);
	put_aux(s, AT_BASE, interp_base);
	put_aux(s, AT_FLAGS, 0);
	put_aux(s, AT_ENTRY, img->eh.e_entry + bias);
	bprm->ids = s->at + s->n * 8;
	for (int i = 0; i < NR_IDS; i++)
		put_aux(s, AT_IGNORE, 0);
	put_aux(s, AT_RANDOM, s->random);
	put_aux(s, AT_EXECFN, bprm->exec);
	put_aux(s, AT_PLATFORM, s->platform);
	put_aux(s, AT_NULL, 0);
	memcpy(mm->saved_auxv, s->table + begin, (s->n - begin) * 8);
}

int create_elf_tables(struct linux_binprm *bprm, const struct elf_image *img, unsigned long bias, unsigned long interp_base)
{
	struct mm_struct *mm = bprm->mm;
	struct elf_stack s = { .n = 0 };
	unsigned long string = bprm->p;
	int err = make_room(bprm, &s);

	if (err)
		goto out;
	s.table[s.n++] = bprm->argc;
	mm->arg_start = string;
	err = put_pointers(bprm, &s, bprm->argc, &string);
	if (err)
		goto out;
	mm->arg_end = mm->env_start = string;
	err = put_pointers(bprm, &s, bprm->envc, &string);
	if (err)
		goto out;
	mm->env_end = string;
	put_auxv(bprm, &s, img, bias, interp_base);
	err = bprm_write(bprm, s.at, s.table, s.n * 8);
	bprm->p = mm->start_stack = s.at;
out:
	kfree(s.table);
	return err;
}

int put_ids(const struct linux_binprm *bprm)
{
	const struct cred *c = current_cred();
	u64 v[2 * NR_IDS] = { AT_UID, c->uid, AT_EUID, c->euid, AT_GID, c->gid, AT_EGID, c->egid, AT_SECURE, bprm->secureexec };

	return copy_to_user((void __user *)bprm->ids, v, sizeof(v)) ? -EFAULT : 0;
}
