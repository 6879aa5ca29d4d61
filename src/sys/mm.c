/* SPDX-License-Identifier: MIT */
/* Calls on the address space. */
#include "sys/sys.h"

#include "events/event.h"
#include "fs/fdtable.h"
#include "fs/file.h"
#include "fs/inode.h"
#include "vm/brk.h"
#include "vm/madvise.h"
#include "vm/mincore.h"
#include "vm/mlock.h"
#include "vm/mmap.h"
#include "vm/mprotect.h"
#include "vm/mremap.h"
#include "vm/msync.h"
#include "vm/tlb.h"

#define MAX_OFFSET 0x7fffffffffffffffUL	/* in a file: loff_t */

long sys_brk(unsigned long brk)
{
	return do_brk(current->mm, brk);
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
	if (!f->f_op->mmap && !f->inode->mapping.a_ops)
		return -ENODEV;
	if (f->f_path.mnt && f->f_path.mnt->mnt_flags & MNT_NOEXEC) {
		if (prot & PROT_EXEC)
			return -EPERM;
		*may &= ~VM_MAYEXEC;
	}
	return 0;
}

long sys_mmap(unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags, unsigned long fd,
	      unsigned long off)
{
	unsigned long may = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
	struct mm_struct *mm = current->mm;
	struct address_space *mapping = NULL;
	struct file *f = NULL;
	int err = 0;

	if (off & ~PAGE_MASK)
		return -EINVAL;
	if (!(flags & MAP_ANONYMOUS)) {
		f = fget((unsigned int)fd);
		if (!f)
			return -EBADF;
		if (!len)
			err = -EINVAL;
		else if (!PAGE_ALIGN(len))
			err = -ENOMEM;
		else
			err = mmap_check_file(f, off, len, prot, flags, &may);
		if (!err && f->f_op->mmap)
			err = f->f_op->mmap(f, off, len, (int)prot, (int)flags);
		if (err) {
			fput(f);
			return err;
		}
		mapping = &f->inode->mapping;
	} else if (flags & MAP_HUGETLB) {
		return -ENOMEM;		/* there are none */
	}
	down_write(&mm->mmap_lock);
	addr = do_mmap(mm, f, mapping, addr, len, prot, flags, may, off >> PAGE_SHIFT);
	up_write(&mm->mmap_lock);
	if (f && prot & PROT_EXEC && !IS_ERR_VALUE(addr))
		perf_event_mmap(f, addr, len, off >> PAGE_SHIFT);
	if (f)
		fput(f);
	if (!IS_ERR_VALUE(addr) && (flags & (MAP_POPULATE | MAP_LOCKED) || unlikely(READ_ONCE(mm->def_flags))))
		mm_populate(mm, addr, len);
	return addr;
}

long sys_munmap(unsigned long addr, size_t len)
{
	struct mm_struct *mm = current->mm;
	long err;

	down_write(&mm->mmap_lock);
	err = do_munmap(mm, addr, len);
	up_write(&mm->mmap_lock);
	return err;
}

long sys_mremap(unsigned long addr, unsigned long old_len, unsigned long new_len, unsigned long flags, unsigned long new_addr)
{
	return do_mremap(current->mm, addr, old_len, new_len, flags, new_addr);
}

long sys_mprotect(unsigned long start, size_t len, unsigned long prot)
{
	return do_mprotect(current->mm, start, len, prot);
}

long sys_madvise(unsigned long start, size_t len, int behavior)
{
	return do_madvise(current->mm, start, len, behavior);
}

long sys_mlock(unsigned long start, size_t len)
{
	return do_mlock(current->mm, start, len, VM_LOCKED);
}

long sys_mlock2(unsigned long start, size_t len, int flags)
{
	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	return do_mlock(current->mm, start, len, VM_LOCKED | (flags ? VM_LOCKONFAULT : 0));
}

long sys_munlock(unsigned long start, size_t len)
{
	return do_mlock(current->mm, start, len, 0);
}

long sys_mlockall(int flags)
{
	if (!flags || flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) || flags == MCL_ONFAULT)
		return -EINVAL;
	return do_mlockall(current->mm, flags);
}

long sys_munlockall(void)
{
	return do_mlockall(current->mm, 0);
}

long sys_mincore(unsigned long start, size_t len, u8 __user *vec)
{
	unsigned long nr = PAGE_ALIGN(len) >> PAGE_SHIFT, n;
	int err = 0;
	u8 some[256];

	if (start & ~PAGE_MASK)
		return -EINVAL;
	if (start > TASK_SIZE || len > TASK_SIZE - start)
		return -ENOMEM;
	if (!access_ok(vec, nr))
		return -EFAULT;
	for (; !err && nr; nr -= n, vec += n, start += n * PAGE_SIZE) {
		n = min(nr, sizeof(some));
		err = do_mincore(current->mm, start, n, some);
		if (!err && copy_to_user(vec, some, n))
			err = -EFAULT;
	}
	return err;
}

long sys_msync(unsigned long start, size_t len, int flags)
{
	if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) || (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
		return -EINVAL;
	return do_msync(current->mm, start, len, flags);
}

long sys_riscv_flush_icache(unsigned long start, unsigned long end, unsigned long flags)
{
	if (flags & ~1UL)
		return -EINVAL;
	flush_icache_mm(current->mm);
	return 0;
}
