/* SPDX-License-Identifier: MIT */
/*
 * Reverse map of anonymous pages. A region's first anonymous page gives it an
 * anon_vma; forked copies and splits share it. A page points at its anon_vma,
 * and the regions that may map it are those on the anon_vma's list that cover
 * its index.
 *
 * An anon_vma lives while a region is on its list, and a mapped page is mapped
 * by such a region.
 */
#include "vm/rmap.h"

#include "vm/mm.h"
#include "vm/slab.h"

struct anon_vma {
	spinlock_t lock;
	LIST_HEAD(, vm_area_struct) head __protected_by(lock);
	atomic_t refcount;	/* regions on the list */
};

static struct kmem_cache *anon_vma_cache;

void __init rmap_init(void)
{
	anon_vma_cache = kmem_cache_create("anon_vma", sizeof(struct anon_vma));
}

int __anon_vma_prepare(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;
	struct anon_vma *av;

	lockdep_assert_held(&vma->vm_mm->mmap_lock);
	av = kmem_cache_alloc(anon_vma_cache, GFP_KERNEL);
	if (!av)
		return -ENOMEM;
	spin_lock_init(&av->lock, LOCK_ANON_VMA);
	LIST_INIT(&av->head);
	atomic_set(&av->refcount, 1);
	spin_lock(&mm->page_table_lock);
	if (!vma->anon_vma) {	/* or else another thread's fault was first */
		LIST_INSERT_HEAD(&av->head, vma, anon_link);
		smp_store_release(&vma->anon_vma, av);
		av = NULL;
	}
	spin_unlock(&mm->page_table_lock);
	if (av)
		kmem_cache_free(anon_vma_cache, av);
	return 0;
}

void anon_vma_link(struct vm_area_struct *vma)
{
	struct anon_vma *av = vma->anon_vma;

	atomic_inc(&av->refcount);
	spin_lock(&av->lock);
	LIST_INSERT_HEAD(&av->head, vma, anon_link);
	spin_unlock(&av->lock);
}

void anon_vma_unlink(struct vm_area_struct *vma)
{
	struct anon_vma *av = vma->anon_vma;

	spin_lock(&av->lock);
	LIST_REMOVE(vma, anon_link);
	spin_unlock(&av->lock);
	if (atomic_dec_and_test(&av->refcount))
		kmem_cache_free(anon_vma_cache, av);
}

void rmap_walk(struct page *page, void (*fn)(struct vm_area_struct *vma, unsigned long addr, void *arg),
	       void *arg)
{
	struct anon_vma *av = (struct anon_vma *)((unsigned long)page->mapping & ~PAGE_MAPPING_ANON);
	struct vm_area_struct *vma;

	if (!PageAnon(page) || !av)
		return;
	spin_lock(&av->lock);
	LIST_FOREACH(vma, &av->head, anon_link) {
		unsigned long pages = (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;

		if (page->index >= vma->vm_pgoff && page->index < vma->vm_pgoff + pages)
			fn(vma, vma->vm_start + ((page->index - vma->vm_pgoff) << PAGE_SHIFT), arg);
	}
	spin_unlock(&av->lock);
}
