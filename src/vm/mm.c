/* SPDX-License-Identifier: MIT */
/*
 * Life of an address space. mm_users counts the threads that run in it: at 0
 * its regions go. mm_count counts mm_users as one and each kernel thread that
 * borrows it: at 0 the structure and the root page table go.
 */
#include "vm/mm.h"

#include <string.h>

#include "vm/copy.h"
#include "vm/fault.h"
#include "vm/kernel_map.h"
#include "vm/rmap.h"
#include "vm/slab.h"
#include "vm/tlb.h"
#include "vm/upcall.h"
#include "vm/vm_area.h"
#include "vm/xarray.h"
#include "vm/zap.h"

static struct kmem_cache *mm_cache;

struct mm_struct init_mm = {
	.pgd = swapper_pg_dir,
	.mm_users = ATOMIC_INIT(1),
	.mm_count = ATOMIC_INIT(1),
	.mmap = TAILQ_HEAD_INITIALIZER(init_mm.mmap),
	.page_table_lock = SPIN_LOCK_INIT(LOCK_PAGE_TABLE),
};

void __init mm_cache_init(void)
{
	mm_cache = kmem_cache_create("mm_struct", sizeof(struct mm_struct));
	vm_area_init();
	rmap_init();
	xarray_init();
	init_rwsem(&init_mm.mmap_lock, LOCK_MMAP);
	zero_page = alloc_page(__GFP_ZERO);
}

static pte_t *pgd_alloc(void)
{
	pte_t *pgd = get_free_page(GFP_KERNEL);

	if (pgd) {
		memset(pgd, 0, PAGE_SIZE / 2);
		memcpy(pgd + PTRS_PER_TABLE / 2, swapper_pg_dir + PTRS_PER_TABLE / 2, PAGE_SIZE / 2);
	}
	return pgd;
}

u64 vm_unique_id(void)
{
	static atomic_long_t last;

	return atomic_inc_return(&last);
}

struct mm_struct *mm_alloc(void)
{
	struct mm_struct *mm = kmem_cache_alloc(mm_cache, __GFP_ZERO);

	if (!mm)
		return NULL;
	mm->pgd = pgd_alloc();
	if (!mm->pgd) {
		kmem_cache_free(mm_cache, mm);
		return NULL;
	}
	mm->id = vm_unique_id();
	init_rwsem(&mm->mmap_lock, LOCK_MMAP);
	spin_lock_init(&mm->page_table_lock, LOCK_PAGE_TABLE);
	RB_INIT(&mm->mm_rb);
	TAILQ_INIT(&mm->mmap);
	atomic_set(&mm->mm_users, 1);
	atomic_set(&mm->mm_count, 1);
	mm->rlim_as = mm->rlim_data = ~0UL;
	mm->rlim_stack = 8UL << 20;
	return mm;
}

struct mm_struct *dup_mm(struct mm_struct *old)
{
	struct mm_struct *mm = mm_alloc();
	struct vm_area_struct *vma;
	int err = 0;

	if (!mm)
		return NULL;
	down_write(&old->mmap_lock);
	down_write_nested(&mm->mmap_lock);	/* unmap_mapping_range() finds our regions before they have pages */
	mm->layout = old->layout;
	mm->dumpable = READ_ONCE(old->dumpable);
	if (old->exe_file)
		fs_get_file(old->exe_file);
	mm->exe_file = old->exe_file;
	TAILQ_FOREACH(vma, &old->mmap, vm_list) {
		struct vm_area_struct *new = fatal_signal_pending(current) ? NULL : vm_area_dup(vma, mm);

		if (!new) {
			err = -ENOMEM;
			break;
		}
		new->vm_flags &= ~(VM_LOCKED | VM_LOCKONFAULT);		/* locks are not inherited */
		vma_link(mm, new);
		err = copy_page_range(new, vma);
		if (err)
			break;
	}
	if (CONFIG_DEBUG && !err)
		mm_validate(mm);
	flush_tlb_mm(old);	/* pages that it could write are read-only now */
	up_write(&mm->mmap_lock);
	up_write(&old->mmap_lock);
	if (err) {
		mmput(mm);
		return NULL;
	}
	return mm;
}

void mmput(struct mm_struct *mm)
{
	if (!atomic_dec_and_test(&mm->mm_users))
		return;
	exit_mmap(mm);
	if (mm->exe_file)
		fs_put_file(mm->exe_file);
	mmdrop(mm);
}

void __mmdrop(struct mm_struct *mm)
{
	BUG_ON(mm == &init_mm);
	for (int i = 0; i < NR_MM_COUNTERS; i++)
		DEBUG_BUG_ON(atomic_read(&mm->rss[i]));
	DEBUG_BUG_ON(atomic_read(&mm->pgtables));
	free_page(mm->pgd);
	kmem_cache_free(mm_cache, mm);
}

struct mm_struct *get_task_mm(struct task_struct *p)
{
	struct mm_struct *mm;

	spin_lock(&p->alloc_lock);
	mm = p->mm;
	if (mm)
		mmget(mm);
	spin_unlock(&p->alloc_lock);
	return mm;
}
