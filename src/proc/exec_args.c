/* SPDX-License-Identifier: MIT */
/*
 * The stack of a program that is to be: it is made in an address space that nobody runs in yet, and the strings of
 * arguments and environment are pushed on it, the last one first. Ref: Linux fs/exec.c.
 */
#include "proc/exec_args.h"

#include <string.h>

#include "proc/exec.h"
#include "sched/sched.h"
#include "task/rlimit.h"
#include "vm/brk.h"
#include "vm/gup.h"
#include "vm/mm.h"
#include "vm/mmap.h"
#include "vm/page_alloc.h"
#include "vm/uaccess.h"
#include "vm/vm_area.h"

#define MAX_ARG_STRLEN	(32 * PAGE_SIZE)

/* Arguments and environment may take a quarter of the stack limit: strings, and the pointers to them. */
static unsigned long arg_limit(struct linux_binprm *bprm)
{
	return max(min(bprm->mm->rlim_stack, 24UL << 20) / 4, 32UL * PAGE_SIZE);
}

int set_arg_limit(struct linux_binprm *bprm)
{
	unsigned long limit = arg_limit(bprm);
	unsigned long pointers = ((unsigned long)max(bprm->argc, 1) + bprm->envc) * sizeof(void *);

	if (limit <= pointers)
		return -E2BIG;
	bprm->argmin = bprm->p - (limit - pointers);
	return 0;
}

/* Write into the new stack, which is not mapped here: through its pages. */
int bprm_write(struct linux_binprm *bprm, unsigned long at, const void *data, size_t n)
{
	return access_process_vm(bprm->mm, at, (void *)data, n, true) == n ? 0 : -E2BIG;
}

/* The page of the new stack that holds @at, grown and faulted in. Context: new mm, ours alone. */
static struct page *stack_page(struct linux_binprm *bprm, unsigned long at)
{
	struct mm_struct *mm = bprm->mm;
	struct page *page;
	struct vm_area_struct *vma;

	down_write(&mm->mmap_lock);
	vma = find_vma(mm, at);
	if (!vma || expand_stack(vma, at))
		page = ERR_PTR(-E2BIG);
	else
		page = get_user_page(mm, at, true);
	up_write(&mm->mmap_lock);
	return page;
}

void acct_arg_size(struct linux_binprm *bprm, unsigned long pages)
{
	if (!current->mm || pages == bprm->arg_pages)
		return;
	atomic_add((long)(pages - bprm->arg_pages), &current->mm->rss[MM_ANONPAGES]);
	bprm->arg_pages = pages;
}

/* Push @n bytes of @kern, or else of @user, as one string. */
static int push_bytes(struct linux_binprm *bprm, const char *kern, const char __user *user, size_t n)
{
	if (bprm->p - n < bprm->argmin)
		return -E2BIG;
	bprm->p -= n;
	acct_arg_size(bprm, (STACK_TOP - bprm->p + PAGE_SIZE - 1) >> PAGE_SHIFT);
	for (size_t done = 0; done < n; ) {
		unsigned long at = bprm->p + done, off = at & ~PAGE_MASK;
		size_t part = min(n - done, PAGE_SIZE - off);
		struct page *page = fatal_signal_pending(current) ? ERR_PTR(-EINTR) : stack_page(bprm, at);
		int err = 0;

		if (IS_ERR(page))
			return PTR_ERR(page);
		if (kern)
			memcpy((char *)page_address(page) + off, kern + done, part);
		else if (copy_from_user((char *)page_address(page) + off, user + done, part))
			err = -EFAULT;
		put_page(page);
		if (err)
			return err;
		done += part;
	}
	return 0;
}

int copy_string_kernel(const char *s, struct linux_binprm *bprm)
{
	return push_bytes(bprm, s, NULL, strlen(s) + 1);
}

/* Length of a user string with its NUL; -EFAULT, -E2BIG. */
static long strlen_user(const char __user *s)
{
	char chunk[64];
	long n = 0;

	for (;;) {
		long got = strncpy_from_user(chunk, s + n, sizeof(chunk));

		if (got < 0)
			return got;
		n += got;
		if (got < (long)sizeof(chunk))
			return n + 1;
		if (n >= (long)MAX_ARG_STRLEN)
			return -E2BIG;
	}
}

int count_strings(struct linux_binprm *bprm, const char __user *const __user *argv, bool kernel)
{
	unsigned long most = arg_limit(bprm) / sizeof(void *);	/* there is no use in counting further */

	for (int n = 0; argv && (unsigned long)n < most; n++) {
		const char __user *s;

		if (kernel)
			s = (__force const char __user *)((__force const char *const *)argv)[n];
		else if (get_user(s, &argv[n]))
			return -EFAULT;
		if (!s)
			return n;
		if (fatal_signal_pending(current))
			return -ERESTARTNOHAND;
		cond_resched();
	}
	return argv ? -E2BIG : 0;
}

int copy_strings(int n, const char __user *const __user *argv, bool kernel, struct linux_binprm *bprm)
{
	while (n--) {
		const char __user *s;
		long len;
		int err;

		if (kernel) {
			err = copy_string_kernel(((__force const char *const *)argv)[n], bprm);
		} else {
			if (get_user(s, &argv[n]))
				return -EFAULT;
			len = strlen_user(s);
			if (len < 0)
				return (int)len;
			err = push_bytes(bprm, NULL, s, len);
		}
		if (err)
			return err;
		if (fatal_signal_pending(current))
			return -ERESTARTNOHAND;
		cond_resched();
	}
	return 0;
}

long bprm_strlen(struct linux_binprm *bprm, unsigned long at)
{
	char chunk[64], *end;
	long n = 0;

	for (;;) {
		size_t got = access_process_vm(bprm->mm, at + n, chunk, sizeof(chunk), false);

		end = memchr(chunk, '\0', got);
		if (end)
			return n + (end - chunk) + 1;
		if (got < sizeof(chunk))
			return -EFAULT;
		n += got;
	}
}

int remove_arg_zero(struct linux_binprm *bprm)
{
	long n;

	if (!bprm->argc)
		return 0;
	n = bprm_strlen(bprm, bprm->p);
	if (n < 0)
		return (int)n;
	bprm->p += n;
	bprm->argc--;
	return 0;
}

int bprm_mm_init(struct linux_binprm *bprm)
{
	struct mm_struct *mm = mm_alloc();
	struct vm_area_struct *vma;
	int err;

	if (!mm)
		return -ENOMEM;
	bprm->mm = mm;
	rlimits_to_mm(current->signal, mm);
	mm->mmap_base = STACK_TOP - PAGE_ALIGN(min(max(mm->rlim_stack, 128UL << 20), TASK_SIZE / 6 * 5)) -
			STACK_GUARD_GAP;
	vma = vm_area_alloc(mm);
	if (!vma)
		return -ENOMEM;
	vma->vm_flags = VM_DATA_DEFAULT | VM_GROWSDOWN;
	vma->vm_start = STACK_TOP - PAGE_SIZE;
	vma->vm_end = STACK_TOP;
	vma->vm_pgoff = vma->vm_start >> PAGE_SHIFT;
	vma->vm_page_prot = vm_get_page_prot(vma->vm_flags);
	down_write(&mm->mmap_lock);
	err = insert_vm_area(mm, vma);
	up_write(&mm->mmap_lock);
	if (err)
		vm_area_free(vma);
	bprm->p = STACK_TOP - 16;
	return err;
}
