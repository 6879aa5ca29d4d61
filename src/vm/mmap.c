/* SPDX-License-Identifier: MIT */
/*
 * Calls that change regions. Each checks first, then allocates, then changes:
 * a failure leaves the address space as it was (splits apart, which change
 * nothing that a program can see).
 */
#include "vm/mm.h"

#include "vm/filemap.h"
#include "vm/slab.h"
#include "vm/upcall.h"

#define MAX_MAP_COUNT 65530

static struct kmem_cache *vma_cache;

void __init mmap_init(void)
{
	vma_cache = kmem_cache_create("vm_area_struct", sizeof(struct vm_area_struct));
}

pte_t vm_get_page_prot(unsigned long vm_flags)
{
	pte_t prot = PAGE_USER_BASE;

	if (!(vm_flags & VM_ACCESS_FLAGS))
		return _PAGE_USER | _PAGE_ACCESSED;	/* never valid */
	if (vm_flags & (VM_READ | VM_WRITE))
		prot |= _PAGE_READ;
	if (vm_flags & VM_EXEC)
		prot |= _PAGE_EXEC;
	return prot;	/* write permission comes with the first write */
}

struct vm_area_struct *vm_area_alloc(struct mm_struct *mm)
{
	struct vm_area_struct *vma = kmem_cache_alloc(vma_cache, __GFP_ZERO);

	if (vma)
		vma->vm_mm = mm;
	return vma;
}

/* A region's references: its file or shared memory, its place in i_mmap and anon_vma. */
static void vma_get_refs(struct vm_area_struct *vma)
{
	if (vma->vm_file)
		fs_get_file(vma->vm_file);
	if (vma->vm_ops && vma->vm_ops->open)
		vma->vm_ops->open(vma);
	if (vma->vm_mapping)
		mapping_link_vma(vma);
	if (vma->anon_vma)
		anon_vma_link(vma);
}

void vm_area_free(struct vm_area_struct *vma)
{
	if (vma->anon_vma)
		anon_vma_unlink(vma);
	if (vma->vm_mapping)
		mapping_unlink_vma(vma);
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	if (vma->vm_file)
		fs_put_file(vma->vm_file);
	kmem_cache_free(vma_cache, vma);
}

struct vm_area_struct *vm_area_dup(struct vm_area_struct *orig, struct mm_struct *mm)
{
	struct vm_area_struct *vma = kmem_cache_alloc(vma_cache, GFP_KERNEL);

	if (!vma)
		return NULL;
	*vma = *orig;
	vma->vm_mm = mm;
	vma_get_refs(vma);
	return vma;
}

static void vm_stat_account(struct mm_struct *mm, unsigned long flags, long pages)
{
	mm->total_vm += pages;
	if ((flags & (VM_EXEC | VM_WRITE)) == VM_EXEC)
		mm->exec_vm += pages;
	else if (flags & VM_GROWSDOWN)
		mm->stack_vm += pages;
	else if ((flags & (VM_WRITE | VM_SHARED)) == VM_WRITE)
		mm->data_vm += pages;
	if (flags & VM_LOCKED)
		mm->locked_vm += pages;
}

static unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

/* Would @pages more break RLIMIT_AS or RLIMIT_DATA? */
static bool may_expand_vm(struct mm_struct *mm, unsigned long flags, unsigned long pages)
{
	if (pages > TASK_SIZE >> PAGE_SHIFT ||
	    (mm->total_vm + pages) > mm->rlim_as >> PAGE_SHIFT)
		return false;
	if ((flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) == VM_WRITE &&
	    mm->data_vm + pages > mm->rlim_data >> PAGE_SHIFT)
		return false;
	return true;
}

/* May @pages more be locked, if @flags say so? */
static bool may_lock(const struct mm_struct *mm, unsigned long flags, unsigned long pages)
{
	return likely(!(flags & VM_LOCKED)) || mm->locked_vm + pages <= vm_lock_limit();
}

/* Could @vma be one region with what has these attributes and follows (or precedes) it? */
static bool vma_is_alike(const struct vm_area_struct *vma, unsigned long flags, const struct file *file,
			 const struct address_space *mapping, const struct anon_vma *anon_vma)
{
	return vma->vm_flags == flags && vma->vm_file == file && vma->vm_mapping == mapping &&
	       !(flags & (VM_SPECIAL | VM_GROWSDOWN)) &&
	       (!mapping || file) &&	/* shared memory objects are counted by region */
	       (!anon_vma || !vma->anon_vma || vma->anon_vma == anon_vma);
}

/* Make one region of @prev and @next (NULL: there is none), if they touch and are alike. Return: it is done. */
static bool vma_join(struct mm_struct *mm, struct vm_area_struct *prev, struct vm_area_struct *next)
{
	unsigned long end;

	if (!prev || !next || prev->vm_end != next->vm_start || prev->vm_pgoff + vma_pages(prev) != next->vm_pgoff ||
	    !vma_is_alike(prev, next->vm_flags, next->vm_file, next->vm_mapping, next->anon_vma))
		return false;
	if (!prev->anon_vma && next->anon_vma) {
		prev->anon_vma = next->anon_vma;
		anon_vma_link(prev);
	}
	end = next->vm_end;
	vma_unlink(mm, next);
	vm_area_free(next);
	vma_set_range(prev, prev->vm_start, end, prev->vm_pgoff);
	return true;
}

/*
 * Cover [@start, @end), which is free, by growing a neighbour alike; joins both
 * neighbours when it closes the gap between them. Return: the region or NULL.
 */
static struct vm_area_struct *vma_merge(struct mm_struct *mm, unsigned long start, unsigned long end,
					unsigned long flags, struct file *file,
					struct address_space *mapping, unsigned long pgoff)
{
	struct vm_area_struct *next = find_vma(mm, start), *prev;

	prev = next ? TAILQ_PREV(next, vma_list, vm_list) : TAILQ_LAST(&mm->mmap, vma_list);
	if (prev && (prev->vm_end != start || !vma_is_alike(prev, flags, file, mapping, NULL) ||
		     prev->vm_pgoff + vma_pages(prev) != pgoff))
		prev = NULL;
	if (next && (next->vm_start != end || !vma_is_alike(next, flags, file, mapping, NULL) ||
		     pgoff + ((end - start) >> PAGE_SHIFT) != next->vm_pgoff))
		next = NULL;
	if (prev) {
		vma_set_range(prev, prev->vm_start, end, prev->vm_pgoff);
		vma_join(mm, prev, next);
		return prev;
	}
	if (next)
		vma_set_range(next, start, next->vm_end, pgoff);
	return next;
}

/* Cut @vma in two at @addr; @vma keeps the lower part. */
static int split_vma(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr)
{
	struct vm_area_struct *upper;

	if (mm->map_count >= MAX_MAP_COUNT)
		return -ENOMEM;
	upper = vm_area_dup(vma, mm);
	if (!upper)
		return -ENOMEM;
	upper->vm_pgoff += (addr - vma->vm_start) >> PAGE_SHIFT;
	upper->vm_start = addr;
	vma_set_range(vma, vma->vm_start, addr, vma->vm_pgoff);
	vma_link(mm, upper);
	return 0;
}

int insert_vm_area(struct mm_struct *mm, struct vm_area_struct *vma)
{
	if (vma->vm_end > TASK_SIZE || find_vma_intersection(mm, vma->vm_start, vma->vm_end))
		return -ENOMEM;
	vma_link(mm, vma);
	vm_stat_account(mm, vma->vm_flags, vma_pages(vma));
	return 0;
}

static unsigned long get_unmapped_area(struct mm_struct *mm, unsigned long addr, unsigned long len,
				       int flags)
{
	unsigned long found;

	if (len > TASK_SIZE - MMAP_MIN_ADDR)
		return -ENOMEM;
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (!IS_ALIGNED(addr, (unsigned long)PAGE_SIZE))
			return -EINVAL;
		if (addr > TASK_SIZE - len)
			return -ENOMEM;
		if (addr < MMAP_MIN_ADDR)
			return -EPERM;
		if ((flags & MAP_FIXED_NOREPLACE) && find_vma_intersection(mm, addr, addr + len))
			return -EEXIST;
		return addr;
	}
	addr = PAGE_ALIGN(addr);
	if (addr >= MMAP_MIN_ADDR && addr <= TASK_SIZE - len &&
	    !find_vma_intersection(mm, addr, addr + len))
		return addr;
	found = vma_find_gap(mm, len, MMAP_MIN_ADDR, mm->mmap_base);
	if (IS_ERR_VALUE(found))	/* bottom-up above, as a last resort */
		found = vma_find_gap(mm, len, MMAP_MIN_ADDR, TASK_SIZE - PAGE_SIZE);
	return found;
}

static unsigned long prot_to_flags(int prot)
{
	return (prot & PROT_READ ? VM_READ : 0) | (prot & PROT_WRITE ? VM_WRITE : 0) |
	       (prot & PROT_EXEC ? VM_EXEC : 0);
}

/* The check takes time in proportion to the regions: with very many, now and then. */
static void debug_validate(struct mm_struct *mm)
{
	if (CONFIG_DEBUG && (mm->map_count < 1024 || mm->map_count % 1024 == 0))
		mm_validate(mm);
}

static unsigned long mmap_region(struct mm_struct *mm, struct file *file,
				 struct address_space *mapping, unsigned long addr,
				 unsigned long len, unsigned long vm_flags, unsigned long pgoff)
{
	bool shmem = !file && (vm_flags & VM_SHARED);
	struct vm_area_struct *vma;
	int err;

	if (!may_expand_vm(mm, vm_flags, len >> PAGE_SHIFT))
		return -ENOMEM;
	err = do_munmap(mm, addr, len);
	if (err)
		return err;
	if (!shmem && (vma = vma_merge(mm, addr, addr + len, vm_flags, file, mapping, pgoff))) {
		vm_stat_account(mm, vm_flags, len >> PAGE_SHIFT);
		debug_validate(mm);
		return addr;
	}
	if (mm->map_count >= MAX_MAP_COUNT)
		return -ENOMEM;
	vma = vm_area_alloc(mm);
	if (!vma)
		return -ENOMEM;
	vma->vm_start = addr;
	vma->vm_end = addr + len;
	vma->vm_flags = vm_flags;
	vma->vm_page_prot = vm_get_page_prot(vm_flags);
	vma->vm_pgoff = pgoff;
	if (shmem) {
		mapping = shmem_mapping_create();
		if (!mapping) {
			vm_area_free(vma);
			return -ENOMEM;
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
		mapping_link_vma(vma);
	vma_link(mm, vma);
	vm_stat_account(mm, vm_flags, len >> PAGE_SHIFT);
	debug_validate(mm);
	return addr;
}

unsigned long do_mmap(struct mm_struct *mm, struct file *file, struct address_space *mapping,
		      unsigned long addr, unsigned long len, int prot, int flags,
		      unsigned long vm_may, unsigned long pgoff)
{
	unsigned long vm_flags = prot_to_flags(prot);

	if (!len)
		return -EINVAL;
	len = PAGE_ALIGN(len);
	if (!len || pgoff + (len >> PAGE_SHIFT) < pgoff)
		return len ? -EOVERFLOW : -ENOMEM;
	addr = get_unmapped_area(mm, addr, len, flags);
	if (IS_ERR_VALUE(addr))
		return addr;
	vm_flags |= mm->def_flags;
	if (flags & MAP_LOCKED) {
		vm_flags |= VM_LOCKED;
		if (!vm_lock_limit())
			return -EPERM;
	}
	if (!may_lock(mm, vm_flags, len >> PAGE_SHIFT))
		return -EAGAIN;
	switch (flags & MAP_TYPE) {
	case MAP_SHARED:
	case MAP_SHARED_VALIDATE:
		vm_flags |= VM_SHARED | VM_MAYSHARE;
		if ((flags & MAP_GROWSDOWN) || ((flags & MAP_TYPE) == MAP_SHARED_VALIDATE && !file))
			return -EINVAL;
		break;
	case MAP_PRIVATE:
		vm_may |= VM_MAYWRITE;
		break;
	default:
		return -EINVAL;
	}
	vm_flags |= vm_may;
	if ((vm_flags & VM_ACCESS_FLAGS) & ~(vm_may >> 4))
		return -EACCES;
	if (flags & MAP_GROWSDOWN)
		vm_flags |= VM_GROWSDOWN;
	if (!file)
		pgoff = addr >> PAGE_SHIFT;
	return mmap_region(mm, file, mapping, addr, len, vm_flags, pgoff);
}

int do_munmap(struct mm_struct *mm, unsigned long start, unsigned long len)
{
	unsigned long end = start + PAGE_ALIGN(len);
	struct vma_list detached = TAILQ_HEAD_INITIALIZER(detached);
	struct vm_area_struct *vma, *next;
	int err;

	if (!IS_ALIGNED(start, (unsigned long)PAGE_SIZE) || start > TASK_SIZE ||
	    len > TASK_SIZE - start || end == start)
		return -EINVAL;
	vma = find_vma_intersection(mm, start, end);
	if (!vma)
		return 0;
	if (start > vma->vm_start) {
		err = split_vma(mm, vma, start);
		if (err)
			return err;
		vma = TAILQ_NEXT(vma, vm_list);
	}
	next = find_vma(mm, end - 1);
	if (next && next->vm_start < end && next->vm_end > end) {
		err = split_vma(mm, next, end);
		if (err)
			return err;
	}
	for (; vma && vma->vm_start < end; vma = next) {
		next = TAILQ_NEXT(vma, vm_list);
		vma_unlink(mm, vma);
		vm_stat_account(mm, vma->vm_flags, -(long)vma_pages(vma));
		TAILQ_INSERT_TAIL(&detached, vma, vm_list);
	}
	unmap_region(mm, &detached, start, end);
	while ((vma = TAILQ_FIRST(&detached))) {
		TAILQ_REMOVE(&detached, vma, vm_list);
		vm_area_free(vma);
	}
	debug_validate(mm);
	return 0;
}

int vm_brk(struct mm_struct *mm, unsigned long start, unsigned long len, unsigned long prot)
{
	unsigned long addr = do_mmap(mm, NULL, NULL, start, len, prot,
				     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
				     VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC, 0);

	return IS_ERR_VALUE(addr) ? (int)addr : 0;
}

unsigned long do_brk(struct mm_struct *mm, unsigned long brk)
{
	unsigned long old, new, ret, grown = 0;

	down_write(&mm->mmap_lock);
	if (brk < mm->start_brk || brk > TASK_SIZE)
		goto out;
	if (brk - mm->start_brk + (mm->end_data - mm->start_data) > mm->rlim_data)
		goto out;
	old = PAGE_ALIGN(mm->brk);
	new = PAGE_ALIGN(brk);
	if (new < old) {
		if (do_munmap(mm, new, old - new))
			goto out;
	} else if (new > old) {
		struct vm_area_struct *next = find_vma(mm, old);

		/* A stack below which we would grow keeps its gap. */
		if (next && new + (next->vm_flags & VM_GROWSDOWN ? STACK_GUARD_GAP : 0) > next->vm_start)
			goto out;
		if (vm_brk(mm, old, new - old, PROT_READ | PROT_WRITE))
			goto out;
		if (mm->def_flags & VM_LOCKED)
			grown = new - old;
	}
	mm->brk = brk;
out:
	ret = mm->brk;
	up_write(&mm->mmap_lock);
	if (unlikely(grown))
		mm_populate(mm, old, grown);
	return ret;
}

int change_vma_flags(struct mm_struct *mm, unsigned long start, unsigned long end, unsigned long clear, unsigned long set)
{
	struct vm_area_struct *vma = find_vma_intersection(mm, start, end), *prev;
	int err;

	while (start < end) {
		unsigned long flags, to;
		bool access;

		if (!vma || vma->vm_start > start)
			return -ENOMEM;		/* a hole; what comes before it is changed */
		flags = (vma->vm_flags & ~clear) | set;
		access = (flags ^ vma->vm_flags) & VM_ACCESS_FLAGS;
		if ((set & ~(vma->vm_flags >> 4)) & VM_ACCESS_FLAGS)
			return -EACCES;
		to = min(vma->vm_end, end);
		if (vma->vm_flags & VM_SPECIAL && !access)
			flags = vma->vm_flags;
		if (flags != vma->vm_flags) {
			if (start > vma->vm_start) {
				err = split_vma(mm, vma, start);
				if (err)
					return err;
				vma = TAILQ_NEXT(vma, vm_list);
			}
			if (to < vma->vm_end) {
				err = split_vma(mm, vma, to);
				if (err)
					return err;
			}
			vm_stat_account(mm, vma->vm_flags, -(long)vma_pages(vma));
			vma->vm_flags = flags;
			vm_stat_account(mm, flags, vma_pages(vma));
		}
		if (access) {
			vma->vm_page_prot = vm_get_page_prot(flags);
			change_protection(vma, start, to);
		}
		prev = TAILQ_PREV(vma, vma_list, vm_list);
		if (vma_join(mm, prev, vma))
			vma = prev;
		start = to;
		vma = TAILQ_NEXT(vma, vm_list);
	}
	vma = find_vma(mm, end - 1);
	vma_join(mm, vma, TAILQ_NEXT(vma, vm_list));
	return 0;
}

int do_mprotect(struct mm_struct *mm, unsigned long start, unsigned long len, int prot)
{
	unsigned long end = start + PAGE_ALIGN(len);
	int err;

	if (!IS_ALIGNED(start, (unsigned long)PAGE_SIZE) ||
	    (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC)))
		return -EINVAL;
	if (!len)
		return 0;
	if (end <= start || end > TASK_SIZE)
		return -ENOMEM;
	down_write(&mm->mmap_lock);
	err = change_vma_flags(mm, start, end, VM_ACCESS_FLAGS, prot_to_flags(prot));
	debug_validate(mm);
	up_write(&mm->mmap_lock);
	/* Locked memory that may be written now gets its copies now. */
	if (unlikely(mm->locked_vm) && !err && prot & PROT_WRITE)
		mm_populate_locked(mm, start, len);
	return err;
}

#define MREMAP_MAYMOVE	1
#define MREMAP_FIXED	2

static unsigned long mremap_locked(struct mm_struct *mm, unsigned long addr, unsigned long old_len,
				   unsigned long new_len, unsigned long flags, unsigned long new_addr)
{
	struct vm_area_struct *vma, *new;
	unsigned long to;
	int err;

	if (flags & MREMAP_FIXED) {
		if (!IS_ALIGNED(new_addr, (unsigned long)PAGE_SIZE) || new_len > TASK_SIZE ||
		    new_addr > TASK_SIZE - new_len ||
		    (addr + old_len > new_addr && new_addr + new_len > addr))
			return -EINVAL;
		err = do_munmap(mm, new_addr, new_len);
		if (err)
			return err;
	}
	if (old_len > new_len) {
		err = do_munmap(mm, addr + new_len, old_len - new_len);
		if (err)
			return err;
		old_len = new_len;
	}
	vma = find_vma(mm, addr);
	if (!vma || vma->vm_start > addr || old_len > vma->vm_end - addr)
		return -EFAULT;
	if (vma->vm_flags & (VM_SPECIAL | VM_DONTEXPAND))
		return -EFAULT;
	if (old_len == new_len && !(flags & MREMAP_FIXED))
		return addr;
	if (!may_lock(mm, vma->vm_flags, (new_len - old_len) >> PAGE_SHIFT))
		return -EAGAIN;
	if (!may_expand_vm(mm, vma->vm_flags, (new_len - old_len) >> PAGE_SHIFT))
		return -ENOMEM;
	if (!(flags & MREMAP_FIXED) && old_len == vma->vm_end - addr) {
		struct vm_area_struct *next = TAILQ_NEXT(vma, vm_list);

		if (new_len <= TASK_SIZE - addr && (!next || addr + new_len <= next->vm_start)) {
			vm_stat_account(mm, vma->vm_flags, (new_len - old_len) >> PAGE_SHIFT);
			vma_set_range(vma, vma->vm_start, addr + new_len, vma->vm_pgoff);
			return addr;
		}
	}
	if (!(flags & MREMAP_MAYMOVE))
		return -ENOMEM;
	to = flags & MREMAP_FIXED ? new_addr : get_unmapped_area(mm, 0, new_len, 0);
	if (IS_ERR_VALUE(to))
		return to;
	/* rmap needs the region's anon_vma before pages move into the copy. */
	new = vm_area_dup(vma, mm);
	if (!new)
		return -ENOMEM;
	new->vm_start = to;
	new->vm_end = to + new_len;
	new->vm_pgoff += (addr - vma->vm_start) >> PAGE_SHIFT;
	vma_link(mm, new);
	vm_stat_account(mm, new->vm_flags, new_len >> PAGE_SHIFT);
	err = move_page_tables(vma, addr, new, to, old_len);
	if (err) {
		int back = move_page_tables(new, to, vma, addr, old_len);

		BUG_ON(back);	/* the tables to move back into are still there */
		BUG_ON(do_munmap(mm, to, new_len));	/* a whole region: nothing is split */
		return err;
	}
	err = do_munmap(mm, addr, old_len);
	return err ? (unsigned long)err : to;
}

unsigned long do_mremap(struct mm_struct *mm, unsigned long addr, unsigned long old_len,
			unsigned long new_len, unsigned long flags, unsigned long new_addr)
{
	unsigned long ret;
	bool locked;

	if ((flags & ~(MREMAP_FIXED | MREMAP_MAYMOVE)) ||
	    ((flags & MREMAP_FIXED) && !(flags & MREMAP_MAYMOVE)) ||
	    !IS_ALIGNED(addr, (unsigned long)PAGE_SIZE))
		return -EINVAL;
	old_len = PAGE_ALIGN(old_len);
	new_len = PAGE_ALIGN(new_len);
	if (!new_len || !old_len || addr > TASK_SIZE || old_len > TASK_SIZE - addr)
		return -EINVAL;
	if (new_len > TASK_SIZE)
		return -ENOMEM;
	down_write(&mm->mmap_lock);
	ret = mremap_locked(mm, addr, old_len, new_len, flags, new_addr);
	locked = !IS_ERR_VALUE(ret) && find_vma(mm, ret)->vm_flags & VM_LOCKED;
	debug_validate(mm);
	up_write(&mm->mmap_lock);
	if (locked && new_len > old_len)
		mm_populate(mm, ret + old_len, new_len - old_len);
	return ret;
}

int do_madvise(struct mm_struct *mm, unsigned long start, unsigned long len, int advice)
{
	unsigned long end = start + PAGE_ALIGN(len);
	struct vm_area_struct *vma;
	int err = 0;

	if (!IS_ALIGNED(start, (unsigned long)PAGE_SIZE) || advice < MADV_NORMAL ||
	    advice > MADV_DONTNEED || end < start)
		return -EINVAL;
	if (end == start)
		return 0;
	down_write(&mm->mmap_lock);
	for (vma = find_vma(mm, start); start < end; vma = TAILQ_NEXT(vma, vm_list)) {
		unsigned long to;

		if (!vma || vma->vm_start >= end) {
			err = -ENOMEM;
			break;
		}
		if (vma->vm_start > start) {
			start = vma->vm_start;
			err = -ENOMEM;	/* a hole: reported, the rest is still done */
		}
		to = min(vma->vm_end, end);
		if (advice == MADV_DONTNEED) {
			if (vma->vm_flags & (VM_LOCKED | VM_SPECIAL)) {
				err = -EINVAL;
				break;
			}
			zap_page_range(vma, start, to);
		}
		start = to;
	}
	up_write(&mm->mmap_lock);
	return err;
}

int expand_stack(struct vm_area_struct *vma, unsigned long addr)
{
	struct mm_struct *mm = vma->vm_mm;
	struct vm_area_struct *prev = TAILQ_PREV(vma, vma_list, vm_list);
	unsigned long grow;

	addr &= PAGE_MASK;
	if (addr >= vma->vm_start)
		return 0;	/* another thread was first */
	if (addr < MMAP_MIN_ADDR || (prev && prev->vm_end + STACK_GUARD_GAP > addr &&
				     (prev->vm_flags & VM_ACCESS_FLAGS)))
		return -ENOMEM;
	grow = (vma->vm_start - addr) >> PAGE_SHIFT;
	if (vma->vm_end - addr > mm->rlim_stack || grow > vma->vm_pgoff ||
	    !may_expand_vm(mm, vma->vm_flags, grow) || !may_lock(mm, vma->vm_flags, grow))
		return -ENOMEM;
	vm_stat_account(mm, vma->vm_flags, grow);
	vma_set_range(vma, addr, vma->vm_end, vma->vm_pgoff - grow);
	debug_validate(mm);
	return 0;
}
