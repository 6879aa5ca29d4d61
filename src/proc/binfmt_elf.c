/* SPDX-License-Identifier: MIT */
/*
 * ELF: static programs at a fixed address, static PIE, and dynamic ones through
 * PT_INTERP. Nothing of the file is trusted: every offset, size and address is
 * checked. Headers that are none are an error of execve(); what is wrong with
 * segments ends the program by SIGSEGV, as on Linux, which has given up the old
 * one when it looks at them. Ref: System V ABI, chapters 4 and 5.
 */
#include "proc/elf_priv.h"

#include <string.h>

#include "fs/chrdev.h"
#include "fs/file.h"
#include "fs/inode.h"
#include "fs/namei.h"
#include "proc/exec.h"
#include "proc/exec_args.h"
#include "sched/sched.h"
#include "sched/task.h"
#include "sched/wait.h"
#include "task/cred.h"
#include "vm/brk.h"
#include "vm/gup.h"
#include "vm/mm.h"
#include "vm/mmap.h"
#include "vm/mprotect.h"
#include "vm/slab.h"
#include "vm/tlb.h"
#include "vm/uaccess.h"
#include "vm/vdso.h"

#define MAX_PHDRS	(PAGE_SIZE / (int)sizeof(Elf64_Phdr))
#define ELF_ET_DYN_BASE	ALIGN_DOWN(TASK_SIZE / 3 * 2, PAGE_SIZE)
static bool elf_header_ok(const Elf64_Ehdr *eh)
{
	return !memcmp(eh->e_ident, ELFMAG, SELFMAG) && eh->e_ident[EI_CLASS] == ELFCLASS64 &&
	       eh->e_machine == EM_RISCV &&
	       (eh->e_type == ET_EXEC || eh->e_type == ET_DYN) &&
	       eh->e_phentsize == sizeof(Elf64_Phdr) && eh->e_phnum >= 1 && eh->e_phnum <= MAX_PHDRS;
}

/* Read the headers. Return: 0, -ENOEXEC, -ENOMEM; the caller frees img->ph. */
static int elf_read(struct elf_image *img)
{
	Elf64_Ehdr *eh = &img->eh;
	size_t n;

	if (kernel_read(img->file, eh, sizeof(*eh), 0) != sizeof(*eh) || !elf_header_ok(eh))
		return -ENOEXEC;
	n = eh->e_phnum * sizeof(Elf64_Phdr);
	img->ph = kmalloc(n, GFP_KERNEL);
	if (!img->ph)
		return -ENOMEM;
	return (s64)eh->e_phoff < 0 || kernel_read(img->file, img->ph, n, eh->e_phoff) != (s64)n ? -ENOEXEC : 0;
}

/* Can @p be mapped, by its numbers? Bytes of the file lie where their page has them; without any, the offset says nothing. */
static bool elf_segment_ok(const Elf64_Phdr *p)
{
	if (p->p_filesz > p->p_memsz || p->p_memsz > TASK_SIZE || p->p_vaddr > TASK_SIZE - p->p_memsz)
		return false;
	return !p->p_filesz || (!((p->p_vaddr - p->p_offset) & ~PAGE_MASK) && (s64)p->p_offset >= 0 &&
				(s64)(p->p_offset + p->p_filesz) >= 0);
}

/* Where the segments lie, which may be in any order, and one upon another. Return: 0 or -EINVAL. */
static int elf_measure(struct elf_image *img)
{
	const Elf64_Ehdr *eh = &img->eh;

	img->lo = ~0UL;
	img->hi = 0;
	img->align = PAGE_SIZE;
	for (int i = 0; i < eh->e_phnum; i++) {
		const Elf64_Phdr *p = &img->ph[i];

		if (p->p_type != PT_LOAD)
			continue;
		if (!elf_segment_ok(p))
			return -EINVAL;
		if (!p->p_memsz)
			continue;
		img->lo = min(img->lo, (unsigned long)p->p_vaddr & PAGE_MASK);
		img->hi = max(img->hi, PAGE_ALIGN(p->p_vaddr + p->p_memsz));
		if (p->p_align > img->align && !(p->p_align & (p->p_align - 1)))
			img->align = p->p_align;
		if (eh->e_phoff >= p->p_offset && eh->e_phoff - p->p_offset < p->p_filesz)
			img->phdr = p->p_vaddr + (eh->e_phoff - p->p_offset);
	}
	return img->hi && (eh->e_type == ET_DYN || img->lo >= MMAP_MIN_ADDR) ? 0 : -EINVAL;
}

/* Zero what follows the file's bytes in their last page, to its end: the C library takes memory from there, too. */
static int elf_zero_tail(struct mm_struct *mm, unsigned long at)
{
	static const char zeroes[256];

	for (unsigned long end = PAGE_ALIGN(at), n; at < end; at += n) {
		n = min(end - at, sizeof(zeroes));
		if (access_process_vm(mm, at, (void *)zeroes, n, true) != n)
			return -EFAULT;
	}
	return 0;
}

/*
 * Map one PT_LOAD at @bias, over what is there: the file's bytes, then memory that may be written, whatever the segment may.
 * In a segment that may not, the rest of the last page is the file's.
 */
static int elf_map(struct mm_struct *mm, struct elf_image *img, const Elf64_Phdr *p, unsigned long bias)
{
	unsigned long addr = p->p_vaddr + bias, start = addr & PAGE_MASK, off = addr - start, got = start;
	unsigned long file_end = p->p_filesz ? PAGE_ALIGN(addr + p->p_filesz) : start, end = PAGE_ALIGN(addr + p->p_memsz);
	int exec = p->p_flags & PF_X ? PROT_EXEC : 0, err = 0;
	int prot = (p->p_flags & PF_R ? PROT_READ : 0) | (p->p_flags & PF_W ? PROT_WRITE : 0) | exec;

	if (p->p_filesz) {
		down_write(&mm->mmap_lock);
		got = do_mmap(mm, img->file, &img->file->inode->mapping, start, p->p_filesz + off, prot,
			      MAP_PRIVATE | MAP_FIXED, VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC,
			      (p->p_offset - off) >> PAGE_SHIFT);
		up_write(&mm->mmap_lock);
		if (IS_ERR_VALUE(got))
			return (int)got;
		if (p->p_memsz > p->p_filesz && p->p_flags & PF_W)
			err = elf_zero_tail(mm, addr + p->p_filesz);
	}
	if (!err && end > file_end) {
		down_write(&mm->mmap_lock);
		err = vm_brk(mm, file_end, end - file_end, PROT_READ | PROT_WRITE | exec);
		up_write(&mm->mmap_lock);
	}
	return err;
}

static int elf_map_all(struct mm_struct *mm, struct elf_image *img, unsigned long bias)
{
	int err = 0;

	for (int i = 0; !err && i < img->eh.e_phnum; i++)
		if (img->ph[i].p_type == PT_LOAD && img->ph[i].p_memsz)
			err = elf_map(mm, img, &img->ph[i], bias);
	return err;
}

/* A program with PT_GNU_STACK of flag X runs code on its stack: gcc's nested functions. */
static int elf_stack_exec(struct mm_struct *mm, const struct elf_image *img)
{
	bool exec = false;

	for (int i = 0; i < img->eh.e_phnum; i++)
		if (img->ph[i].p_type == PT_GNU_STACK)
			exec = img->ph[i].p_flags & PF_X;
	return exec ? do_mprotect(mm, STACK_TOP - PAGE_SIZE, PAGE_SIZE,
				  PROT_READ | PROT_WRITE | PROT_EXEC | PROT_GROWSDOWN) : 0;
}

/* The name that @p, a PT_INTERP, tells; kfree() it. Or ERR_PTR. */
static char *interp_name(const struct linux_binprm *bprm, const Elf64_Phdr *p)
{
	char *name;
	int err = 0;

	if (p->p_filesz < 2 || p->p_filesz > PATH_MAX)
		return ERR_PTR(-ENOEXEC);
	name = kmalloc(p->p_filesz, GFP_KERNEL);
	if (!name)
		return ERR_PTR(-ENOMEM);
	if (kernel_read(bprm->file, name, p->p_filesz, p->p_offset) != (s64)p->p_filesz)
		err = -EIO;
	else if (name[p->p_filesz - 1])
		err = -ENOEXEC;
	if (!err)
		return name;
	kfree(name);
	return ERR_PTR(err);
}

static int load_interp(struct linux_binprm *bprm, struct elf_image *img, struct elf_image *interp)
{
	for (int i = 0; i < img->eh.e_phnum; i++) {
		struct file *f;
		char *name;

		if (img->ph[i].p_type != PT_INTERP)
			continue;
		name = interp_name(bprm, &img->ph[i]);
		if (IS_ERR(name))
			return PTR_ERR(name);
		f = do_open(NULL, name, O_RDONLY | O_NONBLOCK | FMODE_EXEC, 0);
		kfree(name);
		if (IS_ERR(f))
			return PTR_ERR(f);
		interp->file = f;
		if (!S_ISREG(f->inode->mode))
			return -EACCES;
		return elf_read(interp) ? -ELIBBAD : 0;
	}
	return 0;
}

/* Where the program goes, and the one that loads the rest of it. */
struct elf_layout {
	unsigned long bias, interp_bias, entry;
};

/* Where the one that loads the rest goes. Return: its first address, or -ENOMEM: the stack, or the program, is there. */
static unsigned long interp_base(struct mm_struct *mm, const struct elf_image *interp)
{
	unsigned long base = interp->lo;

	down_read(&mm->mmap_lock);
	if (interp->eh.e_type == ET_DYN)
		base = vma_find_gap(mm, interp->hi - interp->lo, MMAP_MIN_ADDR, mm->mmap_base);
	else if (interp->hi > mm->mmap_base || find_vma_intersection(mm, interp->lo, interp->hi))
		base = -ENOMEM;
	up_read(&mm->mmap_lock);
	return base;
}

/* Fill the new address space but for the stack. Any error is the program's end. */
static int elf_map_images(struct mm_struct *mm, struct elf_image *img, struct elf_image *interp, struct elf_layout *l)
{
	unsigned long base;
	int err = elf_measure(img);

	if (!err && interp->file)
		err = elf_measure(interp);
	if (err)
		return err;
	if (img->eh.e_type == ET_DYN)
		l->bias = ALIGN_DOWN((interp->file ? ELF_ET_DYN_BASE : mm->mmap_base - (img->hi - img->lo)) - img->lo, img->align);
	if (img->hi + l->bias > mm->mmap_base)
		return -ENOMEM;		/* would lie where the stack is */
	err = elf_map_all(mm, img, l->bias);
	if (err)
		return err;
	l->entry = img->eh.e_entry + l->bias;
	if (interp->file) {
		base = interp_base(mm, interp);
		if (IS_ERR_VALUE(base))
			return -ENOMEM;
		l->interp_bias = base - interp->lo;
		err = elf_map_all(mm, interp, l->interp_bias);
		if (err)
			return err;
		l->entry = interp->eh.e_entry + l->interp_bias;
	}
	return l->entry >= TASK_SIZE ? -EINVAL : map_vdso(mm);
}

/* Where code, data and the heap lie, for /proc and brk(). */
static void elf_set_mm(struct mm_struct *mm, const struct elf_image *img, unsigned long bias, bool interp)
{
	for (int i = 0; i < img->eh.e_phnum; i++) {
		const Elf64_Phdr *p = &img->ph[i];
		unsigned long s = p->p_vaddr + bias;

		if (p->p_type != PT_LOAD || !p->p_memsz)
			continue;
		if (!mm->start_code || s < mm->start_code)
			mm->start_code = s;
		if (p->p_flags & PF_X)
			mm->end_code = max(mm->end_code, s + p->p_filesz);
		mm->start_data = max(mm->start_data, s);
		mm->end_data = max(mm->end_data, s + p->p_filesz);
	}
	mm->start_brk = mm->brk = img->hi + bias;
	if (img->eh.e_type == ET_DYN && !interp)
		mm->start_brk = mm->brk = TASK_UNMAPPED_BASE;	/* above it there is only the mapping area */
}

static int load_elf_binary(struct linux_binprm *bprm, struct pt_regs *regs)
{
	struct elf_image img = { .file = bprm->file }, interp = { 0 };
	struct elf_layout l = { 0, 0, 0 };
	struct mm_struct *mm = bprm->mm;
	int err = elf_read(&img), lost;

	if (!err)
		err = load_interp(bprm, &img, &interp);
	if (err)
		goto out;
	/* From here on the file's faults are its own: as on Linux, they kill it when the old program is gone. */
	lost = elf_map_images(mm, &img, &interp, &l);
	if (!lost)
		lost = elf_stack_exec(mm, &img);
	if (!lost) {
		elf_set_mm(mm, &img, l.bias, interp.file);
		lost = create_elf_tables(bprm, &img, l.bias, interp.file ? l.interp_bias : 0);
	}
	err = begin_new_exec(bprm);
	if (!err)
		err = lost ? lost : put_ids(bprm);
	if (err)
		goto out;
	flush_icache_mm(mm);
	memset(regs, 0, sizeof(*regs));
	regs->epc = l.entry;
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
