/* SPDX-License-Identifier: MIT */
/* Calls on the address space. */
#include "sys/sys.h"

#include "proc/perf_event.h"

#define MAX_OFFSET 0x7fffffffffffffffUL	/* in a file: loff_t */

long sys_brk(struct pt_regs *r)
{
	return do_brk(current->mm, r->a0);
}

/* May @f be mapped so? In Linux's order. 0 or a negative errno; *@may loses what the file does not allow. */
static int mmap_check_file(const struct file *f, unsigned long off, unsigned long len, unsigned long prot, unsigned long flags,
			   unsigned long *may)
{
	bool shared = (flags & MAP_TYPE) != MAP_PRIVATE;

	if (S_ISREG(f->inode->mode) && (len > MAX_OFFSET || off > MAX_OFFSET - len))
		return -EOVERFLOW;
	if (flags & MAP_HUGETLB)
		return -EINVAL;
	if ((flags & MAP_TYPE) == MAP_SHARED_VALIDATE && flags & ~(unsigned long)LEGACY_MAP_MASK)
		return -EOPNOTSUPP;
	if (shared && (f->flags & O_ACCMODE) != O_RDWR)
		*may &= ~VM_MAYWRITE;
	if ((f->flags & O_ACCMODE) == O_WRONLY || (shared && prot & PROT_WRITE && !(*may & VM_MAYWRITE)))
		return -EACCES;
	if ((!S_ISREG(f->inode->mode) && !f->f_op->mmap) || f->inode->i_op)
		return -ENODEV;
	return 0;
}

long sys_mmap(struct pt_regs *r)
{
	unsigned long len = r->a1, prot = r->a2, flags = r->a3, off = r->a5, addr;
	unsigned long may = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
	struct mm_struct *mm = current->mm;
	struct address_space *mapping = NULL;
	struct file *f = NULL;
	int err = 0;

	if (off & ~PAGE_MASK)
		return -EINVAL;
	if (!(flags & MAP_ANONYMOUS)) {
		f = fget(r->a4);
		if (!f)
			return -EBADF;
		if (!len)
			err = -EINVAL;
		else if (!PAGE_ALIGN(len))
			err = -ENOMEM;
		else
			err = mmap_check_file(f, off, len, prot, flags, &may);
		if (!err && f->f_op->mmap)
			err = f->f_op->mmap(f, off, len, prot, flags);
		if (err) {
			fput(f);
			return err;
		}
		mapping = &f->inode->mapping;
	} else if (flags & MAP_HUGETLB) {
		return -ENOMEM;		/* there are none */
	}
	down_write(&mm->mmap_lock);
	addr = do_mmap(mm, f, mapping, r->a0, len, prot, flags, may, off >> PAGE_SHIFT);
	up_write(&mm->mmap_lock);
	if (f && prot & PROT_EXEC && !IS_ERR_VALUE(addr))
		perf_event_mmap(f, addr, len, off >> PAGE_SHIFT);
	if (f)
		fput(f);
	if (!IS_ERR_VALUE(addr) && (flags & (MAP_POPULATE | MAP_LOCKED) || unlikely(READ_ONCE(mm->def_flags))))
		mm_populate(mm, addr, len);
	return addr;
}

long sys_munmap(struct pt_regs *r)
{
	struct mm_struct *mm = current->mm;
	long err;

	down_write(&mm->mmap_lock);
	err = do_munmap(mm, r->a0, r->a1);
	up_write(&mm->mmap_lock);
	return err;
}

long sys_mremap(struct pt_regs *r)
{
	return do_mremap(current->mm, r->a0, r->a1, r->a2, r->a3, r->a4);
}

long sys_mprotect(struct pt_regs *r)
{
	return do_mprotect(current->mm, r->a0, r->a1, r->a2);
}

long sys_madvise(struct pt_regs *r)
{
	return do_madvise(current->mm, r->a0, r->a1, r->a2);
}

long sys_mlock(struct pt_regs *r)
{
	return do_mlock(current->mm, r->a0, r->a1, VM_LOCKED);
}

long sys_mlock2(struct pt_regs *r)
{
	int flags = r->a2;

	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	return do_mlock(current->mm, r->a0, r->a1, VM_LOCKED | (flags ? VM_LOCKONFAULT : 0));
}

long sys_munlock(struct pt_regs *r)
{
	return do_mlock(current->mm, r->a0, r->a1, 0);
}

long sys_mlockall(struct pt_regs *r)
{
	int flags = r->a0;

	if (!flags || flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) || flags == MCL_ONFAULT)
		return -EINVAL;
	return do_mlockall(current->mm, flags);
}

long sys_munlockall(struct pt_regs *r)
{
	(void)r;
	return do_mlockall(current->mm, 0);
}

long sys_mincore(struct pt_regs *r)
{
	unsigned long start = r->a0, len = r->a1, nr = PAGE_ALIGN(len) >> PAGE_SHIFT, n;
	u8 __user *to = (u8 __user *)r->a2;
	int err = 0;
	u8 vec[256];

	if (start & ~PAGE_MASK)
		return -EINVAL;
	if (start > TASK_SIZE || len > TASK_SIZE - start)
		return -ENOMEM;
	if (!access_ok(to, nr))
		return -EFAULT;
	for (; !err && nr; nr -= n, to += n, start += n * PAGE_SIZE) {
		n = min(nr, sizeof(vec));
		err = do_mincore(current->mm, start, n, vec);
		if (!err && copy_to_user(to, vec, n))
			err = -EFAULT;
	}
	return err;
}

long sys_msync(struct pt_regs *r)
{
	int flags = r->a2;

	if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) || (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
		return -EINVAL;
	return do_msync(current->mm, r->a0, r->a1, flags);
}

long sys_riscv_flush_icache(struct pt_regs *r)
{
	if (r->a2 & ~1UL)
		return -EINVAL;
	flush_icache_mm(current->mm);
	return 0;
}
