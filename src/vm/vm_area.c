/* SPDX-License-Identifier: MIT */
/* One region's life. What it refers to (file, mapping, anon_vma) is counted for each region. */
#include "vm/vm_area.h"

#include "vm/filemap.h"
#include "vm/rmap.h"
#include "vm/slab.h"
#include "vm/upcall.h"

static struct kmem_cache *vma_cache;

void __init vm_area_init(void)
{
	vma_cache = kmem_cache_create("vm_area_struct", sizeof(struct vm_area_struct));
}

pte_t vm_get_page_prot(unsigned long vm_flags)
{
	pte_t prot = PAGE_USER_BASE;

	if (!(vm_flags & VM_ACCESS_FLAGS))
		return _PAGE_USER | _PAGE_ACCESSED;	/* protection none: see pgtable.h */
	if (vm_flags & (VM_READ | VM_WRITE))
		prot |= _PAGE_READ;
	if (vm_flags & VM_EXEC)
		prot |= _PAGE_EXEC;
	return prot;	/* the first write faults, and gets write permission */
}

struct vm_area_struct *vm_area_alloc(struct mm_struct *mm)
{
	struct vm_area_struct *vma = kmem_cache_alloc(vma_cache, __GFP_ZERO);

	if (vma)
		vma->vm_mm = mm;
	return vma;
}

/* @vma, a copy, takes references of its own: file or shared memory, a place on the lists of mapping and anon_vma. */
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

	lockdep_assert_held_write(&vma->vm_mm->mmap_lock);
	BUG_ON(!upper);		/* vma_cuts_prepare() counted the ends that cut */
	cuts->spare[i] = NULL;
	vma_copy(upper, vma, vma->vm_mm);
	upper->vm_pgoff += (addr - vma->vm_start) >> PAGE_SHIFT;
	upper->vm_start = addr;
	vma_set_range(vma, vma->vm_start, addr, vma->vm_pgoff);
	vma_link(vma->vm_mm, upper);
}
