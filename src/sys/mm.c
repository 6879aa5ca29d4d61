/* SPDX-License-Identifier: MIT */
/* Calls on the address space. */
#include "sys/sys.h"

#include "proc/perf_event.h"

long sys_brk(struct pt_regs *r)
{
	return do_brk(current->mm, r->a0);
}

long sys_mmap(struct pt_regs *r)
{
	unsigned long len = r->a1, off = r->a5, addr;
	int prot = r->a2, flags = r->a3;
	unsigned long may = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
	struct mm_struct *mm = current->mm;
	struct address_space *mapping = NULL;
	struct file *f = NULL;

	if (off & ~PAGE_MASK)
		return -EINVAL;
	if (!(flags & MAP_ANONYMOUS)) {
		int err = 0;

		f = fget(r->a4);
		if (!f)
			return -EBADF;
		if ((!S_ISREG(f->inode->mode) && !f->f_op->mmap) || f->inode->i_op)
			err = -ENODEV;
		else if ((f->flags & O_ACCMODE) == O_WRONLY)
			err = -EACCES;
		else if ((flags & MAP_TYPE) != MAP_PRIVATE && (prot & PROT_WRITE) && (f->flags & O_ACCMODE) != O_RDWR)
			err = -EACCES;
		else if (f->f_op->mmap)
			err = f->f_op->mmap(f, off, len, prot, flags);
		if (err) {
			fput(f);
			return err;
		}
		if ((flags & MAP_TYPE) != MAP_PRIVATE && (f->flags & O_ACCMODE) != O_RDWR)
			may &= ~VM_MAYWRITE;
		mapping = &f->inode->mapping;
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
	if (r->a2 & ~MLOCK_ONFAULT)
		return -EINVAL;
	return do_mlock(current->mm, r->a0, r->a1, VM_LOCKED | (r->a2 ? VM_LOCKONFAULT : 0));
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
