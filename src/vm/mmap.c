/* SPDX-License-Identifier: MIT */
/*
 * Calls that make and remove regions. Each checks first, then allocates, then
 * changes: a failure leaves the address space as it was, down to where regions
 * end. In debug builds mm->map_seq counts the changes, and a call that fails must
 * not have moved it.
 */
#include "vm/mmap.h"

#include "vm/accounts.h"
#include "vm/filemap.h"
#include "vm/shmem.h"
#include "vm/upcall.h"
#include "vm/vma_merge.h"
#include "vm/zap.h"

int insert_vm_area(struct mm_struct *mm, struct vm_area_struct *vma)
{
	lockdep_assert_held_write(&mm->mmap_lock);
	if (vma->vm_end > TASK_SIZE || find_vma_intersection(mm, vma->vm_start, vma->vm_end))
		return -ENOMEM;
	vma_link(mm, vma);
	vm_stat_account(mm, vma->vm_flags, vma_pages(vma));
	return 0;
}

bool range_is_free(struct mm_struct *mm, unsigned long addr, unsigned long len)
{
	struct vm_area_struct *next = find_vma(mm, addr);
	unsigned long gap = next && next->vm_flags & VM_GROWSDOWN ? STACK_GUARD_GAP : 0;

	lockdep_assert_held_write(&mm->mmap_lock);
	return !next || addr + len + gap <= next->vm_start;
}

unsigned long get_unmapped_area(struct mm_struct *mm, unsigned long addr, unsigned long len, unsigned long flags)
{
	unsigned long found;

	lockdep_assert_held_write(&mm->mmap_lock);
	if (len > TASK_SIZE - MMAP_MIN_ADDR)
		return -ENOMEM;
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (addr > TASK_SIZE - len)
			return -ENOMEM;
		if (!IS_ALIGNED(addr, (unsigned long)PAGE_SIZE))
			return -EINVAL;
		if (addr < MMAP_MIN_ADDR)
			return -EPERM;
		if ((flags & MAP_FIXED_NOREPLACE) && find_vma_intersection(mm, addr, addr + len))
			return -EEXIST;
		return addr;
	}
	addr = PAGE_ALIGN(addr);
	if (addr >= MMAP_MIN_ADDR && addr <= TASK_SIZE - len && range_is_free(mm, addr, len))
		return addr;
	found = vma_find_gap(mm, len, MMAP_MIN_ADDR, mm->mmap_base);
	if (IS_ERR_VALUE(found))	/* above mmap_base then */
		found = vma_find_gap(mm, len, MMAP_MIN_ADDR, TASK_SIZE - PAGE_SIZE);
	return found;
}

/* How many pages of [@start, @end) regions cover. */
static unsigned long nr_mapped(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	unsigned long n = 0;

	for (struct vm_area_struct *vma = find_vma(mm, start); vma && vma->vm_start < end; vma = TAILQ_NEXT(vma, vm_list))
		n += (min(vma->vm_end, end) - max(vma->vm_start, start)) >> PAGE_SHIFT;
	return n;
}

/*
 * Fill @cuts for unmapping [@start, @end). Return: 0, and the caller has them; or -ENOMEM: no memory, or it would punch a hole into
 * one region, which makes one more, and there are MAX_MAP_COUNT.
 */
static int munmap_prepare(struct mm_struct *mm, unsigned long start, unsigned long end, struct vma_cuts *cuts)
{
	int err = vma_cuts_prepare(cuts, mm, start, end);

	if (err || !cuts->spare[1] || cuts->first->vm_end <= end || mm->map_count < MAX_MAP_COUNT)
		return err;
	vma_cuts_release(cuts);
	return -ENOMEM;
}

void munmap_commit(struct mm_struct *mm, unsigned long start, unsigned long end, struct vma_cuts *cuts)
{
	struct vma_list detached = TAILQ_HEAD_INITIALIZER(detached);
	struct vm_area_struct *vma = cuts->first, *next;

	lockdep_assert_held_write(&mm->mmap_lock);
	if (!vma)
		return;
	if (start > vma->vm_start) {
		split_vma(vma, start, cuts);
		vma = TAILQ_NEXT(vma, vm_list);
	}
	for (; vma && vma->vm_start < end; vma = next) {
		if (vma->vm_end > end)
			split_vma(vma, end, cuts);
		next = TAILQ_NEXT(vma, vm_list);
		vma_unlink(mm, vma);
		vm_stat_account(mm, vma->vm_flags, -(long)vma_pages(vma));
		TAILQ_INSERT_TAIL(&detached, vma, vm_list);
	}
	unmap_region(mm, &detached, vma, start, end);
	while ((vma = TAILQ_FIRST(&detached))) {
		TAILQ_REMOVE(&detached, vma, vm_list);
		vm_area_free(vma);
	}
}

/* A region as mmap() describes it, with its references, not in the set. Return: or NULL: no memory. */
static struct vm_area_struct *mmap_new_vma(struct mm_struct *mm, struct file *file, struct address_space *mapping,
					   unsigned long addr, unsigned long len, unsigned long vm_flags, unsigned long pgoff)
{
	struct vm_area_struct *vma = vm_area_alloc(mm);

	if (!vma)
		return NULL;
	vma->vm_start = addr;
	vma->vm_end = addr + len;
	vma->vm_flags = vm_flags;
	vma->vm_page_prot = vm_get_page_prot(vm_flags);
	vma->vm_pgoff = pgoff;
	if (!file && (vm_flags & VM_SHARED)) {
		mapping = shmem_mapping_create();
		if (!mapping) {
			vm_area_free(vma);
			return NULL;
		}
		vma->vm_pgoff = 0;
		vma->vm_ops = &shmem_vm_ops;
	} else if (mapping) {
		vma->vm_ops = &file_vm_ops;
	}
	vma->vm_mapping = mapping;
	vma->vm_file = file;
	if (file)
		fs_get_file(file);
	if (mapping)
		mapping_add_vma(vma);
	return vma;
}

/* Map @len bytes at @addr. @fixed: in place of what is there; else nothing is there. */
static unsigned long mmap_region(struct mm_struct *mm, struct file *file,
				 struct address_space *mapping, unsigned long addr,
				 unsigned long len, unsigned long vm_flags, unsigned long pgoff, bool fixed)
{
	bool shmem = !file && (vm_flags & VM_SHARED), occupied = fixed && find_vma_intersection(mm, addr, addr + len);
	unsigned long pages = len >> PAGE_SHIFT;
	struct vm_area_struct *vma;
	struct vma_cuts cuts;

	if (!may_expand_vm(mm, vm_flags, pages - (occupied ? nr_mapped(mm, addr, addr + len) : 0)))
		return -ENOMEM;
	if (occupied || shmem || !vma_merge(mm, addr, addr + len, vm_flags, file, mapping, pgoff)) {
		vma = mmap_new_vma(mm, file, mapping, addr, len, vm_flags, pgoff);
		if (!vma)
			return -ENOMEM;
		if (occupied && munmap_prepare(mm, addr, addr + len, &cuts)) {
			vm_area_free(vma);
			return -ENOMEM;
		}
		if (occupied)
			munmap_commit(mm, addr, addr + len, &cuts);
		if (occupied && !shmem && vma_merge(mm, addr, addr + len, vm_flags, file, mapping, pgoff))
			vm_area_free(vma);
		else
			vma_link(mm, vma);
	}
	vm_stat_account(mm, vm_flags, pages);
	debug_validate(mm);
	return addr;
}

/* Add to *@vm_flags what MAP_SHARED, MAP_PRIVATE and MAP_GROWSDOWN mean. @vm_may: what the file allows. Return: 0 or a negative errno. */
static int mmap_type(const struct file *file, unsigned long flags, unsigned long vm_may, unsigned long *vm_flags)
{
	switch (flags & MAP_TYPE) {
	case MAP_SHARED_VALIDATE:
		if (!file)
			return -EINVAL;
		fallthrough;
	case MAP_SHARED:
		*vm_flags |= VM_SHARED | VM_MAYSHARE;
		if (flags & MAP_GROWSDOWN)
			return -EINVAL;
		break;
	case MAP_PRIVATE:
		vm_may |= VM_MAYWRITE;
		if (flags & MAP_GROWSDOWN && file)
			return -EINVAL;
		break;
	default:
		return -EINVAL;
	}
	*vm_flags |= vm_may;
	if ((*vm_flags & VM_ACCESS_FLAGS) & ~(vm_may >> 4))
		return -EACCES;
	if (flags & MAP_GROWSDOWN)
		*vm_flags |= VM_GROWSDOWN;
	return 0;
}

unsigned long do_mmap(struct mm_struct *mm, struct file *file, struct address_space *mapping,
		      unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags,
		      unsigned long vm_may, unsigned long pgoff)
{
	unsigned long vm_flags = prot_to_flags(prot) | mm->def_flags, seq = mm->map_seq;
	int err;

	lockdep_assert_held_write(&mm->mmap_lock);
	if (!len)
		return -EINVAL;
	len = PAGE_ALIGN(len);
	if (!len)
		return -ENOMEM;
	if (pgoff + (len >> PAGE_SHIFT) < pgoff)
		return -EOVERFLOW;
	if (mm->map_count > MAX_MAP_COUNT)
		return -ENOMEM;
	addr = get_unmapped_area(mm, addr, len, flags);
	if (IS_ERR_VALUE(addr))
		return addr;
	if (flags & MAP_LOCKED) {
		vm_flags |= VM_LOCKED;
		if (!vm_lock_limit())
			return -EPERM;
	}
	if (!may_lock(mm, vm_flags, len >> PAGE_SHIFT))
		return -EAGAIN;
	err = mmap_type(file, flags, vm_may, &vm_flags);
	if (err)
		return err;
	addr = mmap_region(mm, file, mapping, addr, len, vm_flags, file ? pgoff : addr >> PAGE_SHIFT,
			   flags & MAP_FIXED);
	DEBUG_BUG_ON(IS_ERR_VALUE(addr) && mm->map_seq != seq);
	return addr;
}

int do_munmap(struct mm_struct *mm, unsigned long start, unsigned long len)
{
	unsigned long end = start + PAGE_ALIGN(len), seq = mm->map_seq;
	struct vma_cuts cuts;
	int err;

	lockdep_assert_held_write(&mm->mmap_lock);
	if (!IS_ALIGNED(start, (unsigned long)PAGE_SIZE) || start > TASK_SIZE ||
	    len > TASK_SIZE - start || end == start)
		return -EINVAL;
	err = munmap_prepare(mm, start, end, &cuts);
	if (err) {
		DEBUG_BUG_ON(mm->map_seq != seq);
		return err;
	}
	munmap_commit(mm, start, end, &cuts);
	debug_validate(mm);
	return 0;
}
