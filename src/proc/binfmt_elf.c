/* SPDX-License-Identifier: MIT */
/*
 * ELF: static programs at a fixed address, static PIE, and dynamic ones through
 * PT_INTERP. Nothing of the file is trusted: every offset, size and address is
 * checked before the old program is given up. Ref: System V ABI, chapters 4 and 5.
 */
#include "proc/proc.h"

#include <elf.h>
#include <string.h>

#include "proc/vdso.h"
#include "vm/slab.h"

#define MAX_PHDRS	64
#define ELF_ET_DYN_BASE	ALIGN_DOWN(TASK_SIZE / 3 * 2, PAGE_SIZE)
#define ELF_HWCAP	((1u << ('I' - 'A')) | (1u << ('M' - 'A')) | (1u << ('A' - 'A')) | \
			 (1u << ('F' - 'A')) | (1u << ('D' - 'A')) | (1u << ('C' - 'A')))

struct elf_image {
	struct file *file;
	Elf64_Ehdr eh;
	Elf64_Phdr *ph;
	unsigned long lo, hi;	/* of the PT_LOADs, page aligned; before the bias */
	unsigned long phdr;	/* address of the program headers, before the bias */
	unsigned long align;	/* the largest that a PT_LOAD asks for, a power of two, at least a page */
};

static bool elf_header_ok(const Elf64_Ehdr *eh)
{
	return !memcmp(eh->e_ident, ELFMAG, SELFMAG) && eh->e_ident[EI_CLASS] == ELFCLASS64 &&
	       eh->e_machine == EM_RISCV &&
	       (eh->e_type == ET_EXEC || eh->e_type == ET_DYN) &&
	       eh->e_phentsize == sizeof(Elf64_Phdr) && eh->e_phnum >= 1 && eh->e_phnum <= MAX_PHDRS;
}

/* Read and check headers. Return: 0, -ENOEXEC, -ENOMEM; the caller frees img->ph. */
static int elf_read(struct elf_image *img)
{
	Elf64_Ehdr *eh = &img->eh;
	size_t n;
	bool any = false;

	if (kernel_read(img->file, eh, sizeof(*eh), 0) != sizeof(*eh) || !elf_header_ok(eh))
		return -ENOEXEC;
	n = eh->e_phnum * sizeof(Elf64_Phdr);
	img->ph = kmalloc(n, GFP_KERNEL);
	if (!img->ph)
		return -ENOMEM;
	if ((s64)eh->e_phoff < 0 || kernel_read(img->file, img->ph, n, eh->e_phoff) != (s64)n)
		return -ENOEXEC;
	img->lo = ~0UL;
	img->hi = 0;
	img->align = PAGE_SIZE;
	for (int i = 0; i < eh->e_phnum; i++) {
		Elf64_Phdr *p = &img->ph[i];

		if (p->p_type != PT_LOAD)
			continue;
		if (p->p_filesz > p->p_memsz || p->p_memsz > TASK_SIZE || p->p_vaddr > TASK_SIZE - p->p_memsz ||
		    ((p->p_vaddr - p->p_offset) & ~PAGE_MASK) || (s64)p->p_offset < 0 ||
		    p->p_offset + p->p_filesz < p->p_offset)
			return -ENOEXEC;
		if (!p->p_memsz)
			continue;
		/* In ascending order and without overlap, as the ABI demands. */
		if (any && (p->p_vaddr & PAGE_MASK) < ALIGN_DOWN(img->hi - 1, (unsigned long)PAGE_SIZE))
			return -ENOEXEC;
		if (any && p->p_vaddr < img->hi)
			return -ENOEXEC;
		img->lo = min(img->lo, (unsigned long)p->p_vaddr & PAGE_MASK);
		img->hi = p->p_vaddr + p->p_memsz;
		if (p->p_align > img->align && !(p->p_align & (p->p_align - 1)))
			img->align = p->p_align;
		any = true;
		if (eh->e_phoff >= p->p_offset && eh->e_phoff < p->p_offset + p->p_filesz)
			img->phdr = p->p_vaddr + (eh->e_phoff - p->p_offset);
	}
	if (!any)
		return -ENOEXEC;
	img->hi = PAGE_ALIGN(img->hi);
	if (eh->e_type == ET_EXEC && img->lo < MMAP_MIN_ADDR)
		return -EPERM;
	return 0;
}

/* Map one PT_LOAD at @bias. Context: mmap_lock exclusive. */
static int elf_map(struct mm_struct *mm, struct elf_image *img, const Elf64_Phdr *p, unsigned long bias)
{
	unsigned long addr = p->p_vaddr + bias, start = addr & PAGE_MASK, off = addr - start;
	unsigned long file_end = PAGE_ALIGN(addr + p->p_filesz), end = PAGE_ALIGN(addr + p->p_memsz), got;
	int prot = (p->p_flags & PF_R ? PROT_READ : 0) | (p->p_flags & PF_W ? PROT_WRITE : 0) |
		   (p->p_flags & PF_X ? PROT_EXEC : 0);

	if (p->p_filesz) {
		got = do_mmap(mm, img->file, &img->file->inode->mapping, start, p->p_filesz + off, prot,
			      MAP_PRIVATE | MAP_FIXED, VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC,
			      (p->p_offset - off) >> PAGE_SHIFT);
		if (IS_ERR_VALUE(got))
			return got;
	} else {
		file_end = start;
	}
	return end > file_end ? vm_brk(mm, file_end, end - file_end, prot) : 0;
}

/* Zero what follows the file's bytes in their last page: .bss begins there. */
static int elf_zero_tails(struct mm_struct *mm, struct elf_image *img, unsigned long bias)
{
	static const char zeroes[256];

	for (int i = 0; i < img->eh.e_phnum; i++) {
		const Elf64_Phdr *p = &img->ph[i];
		unsigned long at = p->p_vaddr + bias + p->p_filesz, end = min(PAGE_ALIGN(at), p->p_vaddr + bias + p->p_memsz);

		if (p->p_type != PT_LOAD || !p->p_filesz || p->p_memsz <= p->p_filesz)
			continue;
		while (at < end) {
			size_t n = min(end - at, sizeof(zeroes));

			if (!(p->p_flags & PF_W))
				return -ENOEXEC;
			if (access_process_vm(mm, at, (void *)zeroes, n, true) != n)
				return -ENOMEM;
			at += n;
		}
	}
	return 0;
}

static int elf_map_all(struct mm_struct *mm, struct elf_image *img, unsigned long bias)
{
	int err = 0;

	down_write(&mm->mmap_lock);
	for (int i = 0; !err && i < img->eh.e_phnum; i++)
		if (img->ph[i].p_type == PT_LOAD && img->ph[i].p_memsz)
			err = elf_map(mm, img, &img->ph[i], bias);
	up_write(&mm->mmap_lock);
	return err ? err : elf_zero_tails(mm, img, bias);
}

#define NR_IDS 5

/* The stack as a program finds it: argc, argv, envp, auxv, upwards from sp. */
static int create_elf_tables(struct linux_binprm *bprm, struct elf_image *img, unsigned long bias,
			     unsigned long interp_base)
{
	struct mm_struct *mm = bprm->mm;
	extern u64 get_random_u64(void);
	u64 rnd[2] = { get_random_u64(), get_random_u64() };
	unsigned long platform, random, p, strings = bprm->p, *vec;
	int words, k = 0, aux, err;

	bprm->argmin = 0;	/* what comes now is not the caller's */
	err = copy_string_kernel("riscv64", bprm);
	platform = bprm->p;
	bprm->p = (bprm->p - sizeof(rnd)) & ~15UL;
	random = bprm->p;
	if (err)
		return err;
	words = 1 + bprm->argc + 1 + bprm->envc + 1 + 2 * 20;
	p = (bprm->p - words * 8) & ~15UL;
	vec = kmalloc(words * 8, GFP_KERNEL);
	if (!vec)
		return -ENOMEM;
	/* Grow the stack once, for all that follows. */
	down_write(&mm->mmap_lock);
	err = expand_stack(find_vma(mm, STACK_TOP - 1), p);
	up_write(&mm->mmap_lock);
	if (!err)
		err = bprm_write(bprm, random, rnd, sizeof(rnd));
	if (err) {
		kfree(vec);
		return -E2BIG;
	}
	vec[k++] = bprm->argc;
	mm->arg_start = strings;
	for (int i = 0; i < bprm->argc + bprm->envc; i++) {
		long len = fatal_signal_pending(current) ? -EINTR : bprm_strlen(bprm, strings);

		if (len < 0) {
			kfree(vec);
			return len;
		}
		if (i == bprm->argc) {
			vec[k++] = 0;
			mm->arg_end = mm->env_start = strings;
		}
		vec[k++] = strings;
		strings += len;		/* our own, in pages that are there */
		cond_resched();
	}
	if (!bprm->envc) {
		vec[k++] = 0;
		mm->arg_end = mm->env_start = strings;
	}
	vec[k++] = 0;
	mm->env_end = strings;
	aux = k;
#define AUX(id, val) (vec[k++] = (id), vec[k++] = (unsigned long)(val))
	AUX(AT_SYSINFO_EHDR, mm->vdso);
	AUX(AT_HWCAP, ELF_HWCAP);
	AUX(AT_PAGESZ, PAGE_SIZE);
	AUX(AT_CLKTCK, 100);
	AUX(AT_PHDR, img->phdr + bias);
	AUX(AT_PHENT, sizeof(Elf64_Phdr));
	AUX(AT_PHNUM, img->eh.e_phnum);
	AUX(AT_BASE, interp_base);
	AUX(AT_FLAGS, 0);
	AUX(AT_ENTRY, img->eh.e_entry + bias);
	bprm->ids = p + k * 8;	/* known when the other threads are gone: put_ids() */
	for (int i = 0; i < NR_IDS; i++)
		AUX(AT_IGNORE, 0);
	AUX(AT_RANDOM, random);
	AUX(AT_EXECFN, bprm->exec);
	AUX(AT_PLATFORM, platform);
	AUX(AT_NULL, 0);
#undef AUX
	memcpy(mm->saved_auxv, vec + aux, (k - aux) * 8);
	err = bprm_write(bprm, p, vec, k * 8);
	kfree(vec);
	bprm->p = p;
	mm->start_stack = p;
	return err;
}

/* What the stack tells of the ids. Context: the program is the task's, its credentials too. */
static int put_ids(const struct linux_binprm *bprm)
{
	const struct cred *c = current_cred();
	u64 v[2 * NR_IDS] = { AT_UID, c->uid, AT_EUID, c->euid, AT_GID, c->gid, AT_EGID, c->egid, AT_SECURE, bprm->secureexec };

	return copy_to_user((void __user *)bprm->ids, v, sizeof(v)) ? -EFAULT : 0;
}

static int load_interp(struct linux_binprm *bprm, struct elf_image *img, struct elf_image *interp)
{
	for (int i = 0; i < img->eh.e_phnum; i++) {
		const Elf64_Phdr *p = &img->ph[i];
		char name[256];
		struct file *f;

		if (p->p_type != PT_INTERP)
			continue;
		if (p->p_filesz < 2 || p->p_filesz > sizeof(name) ||
		    kernel_read(bprm->file, name, p->p_filesz, p->p_offset) != (s64)p->p_filesz ||
		    name[p->p_filesz - 1])
			return -ENOEXEC;
		f = do_open(NULL, name, O_RDONLY | O_NONBLOCK | FMODE_EXEC, 0);
		if (IS_ERR(f))
			return PTR_ERR(f);
		interp->file = f;
		if (!S_ISREG(f->inode->mode))
			return -EACCES;
		return elf_read(interp) ? -ELIBBAD : 0;
	}
	return 0;
}

static int load_elf_binary(struct linux_binprm *bprm, struct pt_regs *regs)
{
	struct elf_image img = { .file = bprm->file }, interp = { 0 };
	unsigned long bias = 0, interp_bias = 0, entry;
	struct mm_struct *mm = bprm->mm;
	int err = elf_read(&img);

	if (!err)
		err = load_interp(bprm, &img, &interp);
	if (err)
		goto out;
	if (img.eh.e_type == ET_DYN)
		bias = ALIGN_DOWN((interp.file ? ELF_ET_DYN_BASE : mm->mmap_base - (img.hi - img.lo)) - img.lo, img.align);
	if (img.hi + bias > mm->mmap_base) {
		err = -ENOMEM;	/* would lie where the stack is */
		goto out;
	}
	err = elf_map_all(mm, &img, bias);
	if (err)
		goto out;
	entry = img.eh.e_entry + bias;
	if (interp.file) {
		unsigned long base = interp.lo;

		if (interp.eh.e_type == ET_DYN)
			base = vma_find_gap(mm, interp.hi - interp.lo, MMAP_MIN_ADDR, mm->mmap_base);
		else if (interp.hi > mm->mmap_base || find_vma_intersection(mm, interp.lo, interp.hi))
			base = -ENOMEM;		/* the stack, or the program, is there */
		err = IS_ERR_VALUE(base) ? -ENOMEM : 0;
		interp_bias = base - interp.lo;
		if (!err)
			err = elf_map_all(mm, &interp, interp_bias);
		if (err)
			goto out;
		entry = interp.eh.e_entry + interp_bias;
	}
	err = entry >= TASK_SIZE ? -ENOEXEC : map_vdso(mm);
	if (err)
		goto out;
	for (int i = 0; i < img.eh.e_phnum; i++) {
		const Elf64_Phdr *p = &img.ph[i];
		unsigned long s = p->p_vaddr + bias;

		if (p->p_type != PT_LOAD || !p->p_memsz)
			continue;
		if (!mm->start_code || s < mm->start_code)
			mm->start_code = s;
		if (p->p_flags & PF_X)
			mm->end_code = s + p->p_filesz;
		mm->start_data = s;
		mm->end_data = s + p->p_filesz;
	}
	mm->start_brk = mm->brk = img.hi + bias;
	if (img.eh.e_type == ET_DYN && !interp.file)
		mm->start_brk = mm->brk = TASK_UNMAPPED_BASE;	/* above it there is only the mapping area */
	err = create_elf_tables(bprm, &img, bias, interp.file ? interp_bias : 0);
	if (err)
		goto out;
	err = begin_new_exec(bprm);
	if (!err)
		err = put_ids(bprm);
	if (err)
		goto out;
	flush_icache_mm(mm);
	memset(regs, 0, sizeof(*regs));
	regs->epc = entry;
	regs->sp = bprm->p;
	regs->status = SR_SPIE | SR_UXL_64;	/* floating point off until first used */
	regs->cause = ~0UL;
	memset(&current->thread.fp, 0, sizeof(current->thread.fp));
out:
	kfree(img.ph);
	kfree(interp.ph);
	if (interp.file)
		fput(interp.file);
	return err;
}

const struct linux_binfmt elf_format = { .load_binary = load_elf_binary };
