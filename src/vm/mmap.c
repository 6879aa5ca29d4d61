/* SPDX-License-Identifier: MIT */
/*
 * Calls that make and remove regions. Each checks first, then allocates, then
 * changes: a failure leaves the address space as it was, down to where regions
 * end. In debug builds mm->map_seq counts the changes, and who fails is asked.
 */
#include "vm/mmap_priv.h"

#include "vm/filemap.h"
#include "vm/slab.h"
#include "vm/upcall.h"

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

/* Make @vma, which is blank, a copy of @orig with references of its own. */
static void vma_copy(struct vm_area_struct *vma, const struct vm_area_struct *orig, struct mm_struct *mm)
{
	*vma = *orig;
	vma->vm_mm = mm;
	vma_get_refs(vma);
}

struct vm_area_struct *vm_area_dup(struct vm_area_struct *orig, struct mm_struct *mm)
{
	struct vm_area_struct *vma = kmem_cache_alloc(vma_cache, GFP_KERNEL);

	if (vma)
		vma_copy(vma, orig, mm);
	return vma;
}

bool may_expand_vm(const struct mm_struct *mm, unsigned long flags, unsigned long pages)
{
	if (pages > TASK_SIZE >> PAGE_SHIFT ||
	    (mm->total_vm + pages) > mm->rlim_as >> PAGE_SHIFT)
		return false;
	if ((flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) == VM_WRITE &&
	    mm->data_vm + pages > mm->rlim_data >> PAGE_SHIFT)
		return false;
	return true;
}

bool may_lock(const struct mm_struct *mm, unsigned long flags, unsigned long pages)
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

/* @to takes pages of @from over, which is alike and has pages that were written, maybe. */
static void vma_adopt(struct vm_area_struct *to, const struct vm_area_struct *from)
{
	if (!to->anon_vma && from->anon_vma) {
		to->anon_vma = from->anon_vma;
		anon_vma_link(to);
	}
	if (to->vm_mapping)
		mapping_adopt_vma(to, from);
}

bool __vma_join(struct mm_struct *mm, struct vm_area_struct *prev, struct vm_area_struct *next)
{
	unsigned long end;

	if (!vma_is_alike(prev, next->vm_flags, next->vm_file, next->vm_mapping, next->anon_vma))
		return false;
	vma_adopt(prev, next);
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

int __vma_cuts_prepare(struct vma_cuts *cuts, struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *first = cuts->first, *last = first;
	unsigned int need;

	if (first->vm_end < end)
		last = find_vma_intersection(mm, end - 1, end);
	need = (first->vm_start < start) + (last && last->vm_end > end);
	for (unsigned int i = 0; i < need; i++) {
		cuts->spare[i] = kmem_cache_alloc(vma_cache, GFP_KERNEL);
		if (!cuts->spare[i]) {
			vma_cuts_release(cuts);
			return -ENOMEM;
		}
	}
	return 0;
}

void vma_cuts_release(struct vma_cuts *cuts)
{
	for (int i = 0; i < 2; i++) {
		if (cuts->spare[i])
			kmem_cache_free(vma_cache, cuts->spare[i]);
		cuts->spare[i] = NULL;
	}
}

void split_vma(struct vm_area_struct *vma, unsigned long addr, struct vma_cuts *cuts)
{
	int i = cuts->spare[1] ? 1 : 0;
	struct vm_area_struct *upper = cuts->spare[i];

	BUG_ON(!upper);		/* each end of a range was counted */
	cuts->spare[i] = NULL;
	vma_copy(upper, vma, vma->vm_mm);
	upper->vm_pgoff += (addr - vma->vm_start) >> PAGE_SHIFT;
	upper->vm_start = addr;
	vma_set_range(vma, vma->vm_start, addr, vma->vm_pgoff);
	vma_link(vma->vm_mm, upper);
}

/* Move the boundary of @prev and @next, which touch, to @addr; @taker is the one that grows. */
static void vma_shift(struct vm_area_struct *prev, struct vm_area_struct *next, unsigned long addr, struct vm_area_struct *taker)
{
	unsigned long start = next->vm_start, end = next->vm_end, pgoff = next->vm_pgoff + ((long)(addr - start) >> PAGE_SHIFT);

	vma_adopt(taker, taker == prev ? next : prev);
	if (taker == prev) {
		vma_set_range(next, addr, end, pgoff);
		vma_set_range(prev, prev->vm_start, addr, prev->vm_pgoff);
	} else {
		vma_set_range(prev, prev->vm_start, addr, prev->vm_pgoff);
		vma_set_range(next, addr, end, pgoff);
	}
}

struct vm_area_struct *vma_modify(struct vm_area_struct *vma, unsigned long start, unsigned long end, unsigned long flags,
				  struct vma_cuts *cuts)
{
	struct vm_area_struct *prev = TAILQ_PREV(vma, vma_list, vm_list), *next = TAILQ_NEXT(vma, vm_list);
	bool low = start > vma->vm_start, high = end < vma->vm_end;

	if (!low && vma_touch(prev, vma) && vma_is_alike(prev, flags, vma->vm_file, vma->vm_mapping, vma->anon_vma)) {
		vma_shift(prev, vma, end, prev);
		return prev;
	}
	if (!high && vma_touch(vma, next) && vma_is_alike(next, flags, vma->vm_file, vma->vm_mapping, vma->anon_vma)) {
		vma_shift(vma, next, start, next);
		return next;
	}
	if (vma->vm_mm->map_count + low + high > MAX_MAP_COUNT)
		return ERR_PTR(-ENOMEM);
	if (low) {
		split_vma(vma, start, cuts);
		vma = TAILQ_NEXT(vma, vm_list);
	}
	if (high)
		split_vma(vma, end, cuts);
	vma_set_flags(vma, flags);
	return vma;
}

int insert_vm_area(struct mm_struct *mm, struct vm_area_struct *vma)
{
	if (vma->vm_end > TASK_SIZE || find_vma_intersection(mm, vma->vm_start, vma->vm_end))
		return -ENOMEM;
	vma_link(mm, vma);
	vm_stat_account(mm, vma->vm_flags, vma_pages(vma));
	return 0;
}

/* Is [@addr, @addr + @len) free, with the gap below a stack that follows? */
static bool range_is_free(struct mm_struct *mm, unsigned long addr, unsigned long len)
{
	struct vm_area_struct *next = find_vma(mm, addr);
	unsigned long gap = next && next->vm_flags & VM_GROWSDOWN ? STACK_GUARD_GAP : 0;

	return !next || addr + len + gap <= next->vm_start;
}

unsigned long get_unmapped_area(struct mm_struct *mm, unsigned long addr, unsigned long len, unsigned long flags)
{
	unsigned long found;

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
	if (IS_ERR_VALUE(found))	/* bottom-up above, as a last resort */
		found = vma_find_gap(mm, len, MMAP_MIN_ADDR, TASK_SIZE - PAGE_SIZE);
	return found;
}

void mm_validate_accounts(struct mm_struct *mm)
{
	unsigned long total = 0, locked = 0;
	struct vm_area_struct *vma;

	mm_validate(mm);
	TAILQ_FOREACH(vma, &mm->mmap, vm_list) {
		total += vma_pages(vma);
		locked += vma->vm_flags & VM_LOCKED ? vma_pages(vma) : 0;
	}
	BUG_ON(total != mm->total_vm || locked != mm->locked_vm);
}


/* Pages of [@start, @end) that are mapped. */
static unsigned long nr_mapped(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	unsigned long n = 0;

	for (struct vm_area_struct *vma = find_vma(mm, start); vma && vma->vm_start < end; vma = TAILQ_NEXT(vma, vm_list))
		n += (min(vma->vm_end, end) - max(vma->vm_start, start)) >> PAGE_SHIFT;
	return n;
}

/* May [@start, @end) be unmapped? Punching a hole into one region makes one more. @cuts: what it takes, then the caller's. */
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
	unmap_region(mm, &detached, start, end);
	while ((vma = TAILQ_FIRST(&detached))) {
		TAILQ_REMOVE(&detached, vma, vm_list);
		vm_area_free(vma);
	}
}

/* A region as mmap() wants it, not yet linked. Return: or NULL. */
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

/* Map @len bytes at @addr, over what is there if @fixed; else nothing is. */
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

/* What the kind of mapping (MAP_TYPE) makes of *@vm_flags. @vm_may: what the file allows. Return: 0 or a negative errno. */
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

int vm_brk(struct mm_struct *mm, unsigned long start, unsigned long len, unsigned long prot)
{
	unsigned long addr = do_mmap(mm, NULL, NULL, start, len, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
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
		/* A page stays free above the heap, and below a stack its gap. */
		if (!range_is_free(mm, old, new - old + PAGE_SIZE))
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

int expand_stack(struct vm_area_struct *vma, unsigned long addr)
{
	struct mm_struct *mm = vma->vm_mm;
	struct vm_area_struct *prev = TAILQ_PREV(vma, vma_list, vm_list);
	unsigned long grow;

	addr &= PAGE_MASK;
	if (addr >= vma->vm_start)
		return 0;	/* another thread was first */
	if (addr < MMAP_MIN_ADDR || (prev && prev->vm_end + STACK_GUARD_GAP > addr && !(prev->vm_flags & VM_GROWSDOWN) &&
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
