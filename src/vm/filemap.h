/* SPDX-License-Identifier: MIT */
/*
 * The page cache: pages of files and of shared memory, by offset. Ref: Linux
 * mm/filemap.c, mm/shmem.c.
 */
#ifndef VM_FILEMAP_H
#define VM_FILEMAP_H

#include "vm/page.h"
#include "vm/vma.h"
#include "vm/xarray.h"

struct shmem_account;
struct vm_fault;

struct address_space {
	spinlock_t i_lock;
	struct xarray i_pages __guarded_by(i_lock);
	unsigned long nrpages __guarded_by(i_lock);
	/* Regions, those that unmap_mapping_range() has still to look at first. */
	TAILQ_HEAD(, vm_area_struct) i_mmap __guarded_by(i_lock);
	unsigned long unmap_pass;	/* its passes so far; i_lock */
	u64 size;		/* bytes; faults beyond the last page are -EIO. Shared memory: ~0 */
	atomic_t refcount;	/* of shared memory without a file; its regions */
	bool shmem;		/* [I] */
	u64 id;			/* [I] vm_unique_id() */
	struct shmem_account *account; /* [I] who pays for the pages, a reference; NULL: they are counted elsewhere */
};

extern const struct vm_operations_struct file_vm_ops;
int filemap_fault(struct vm_fault *vmf);
void filemap_map_pages(struct vm_fault *vmf, unsigned long start, unsigned long end, pte_t *pte);

/** nr_file_pages - Pages in all page caches, shared memory among them. */
unsigned long nr_file_pages(void);
/** mapping_init - An empty cache. */
void mapping_init(struct address_space *m, bool shmem);
/** mapping_is_shmem - Is @m shared memory rather than a file? */
static inline bool mapping_is_shmem(const struct address_space *m)
{
	return m && m->shmem;
}
/** mapping_add_vma - @vma, new and without pages, maps its vm_mapping. mapping_link_vma - So does a copy. mapping_unlink_vma - No more. */
void mapping_add_vma(struct vm_area_struct *vma);
void mapping_link_vma(struct vm_area_struct *vma);
void mapping_unlink_vma(struct vm_area_struct *vma);
/** mapping_adopt_vma - @to takes pages over from @from, of the same vm_mapping. Context: mmap_lock exclusive. */
void mapping_adopt_vma(struct vm_area_struct *to, const struct vm_area_struct *from);
/** find_get_page - The cached page at @index with a reference, or NULL. */
struct page *find_get_page(struct address_space *m, unsigned long index);
/** grab_cache_page - The same, made and zeroed when missing. ERR_PTR: -ENOMEM; -ENOSPC, more than who pays may have. */
struct page *grab_cache_page(struct address_space *m, unsigned long index) __must_check;
/**
 * truncate_pages - Drop what lies at @size bytes and beyond, from page tables too; m->size says so already. Context: task, one
 * at a time (i_rwsem, or nobody else knows @m).
 */
void truncate_pages(struct address_space *m, u64 size);
/** page_is_truncated - Has it left the cache? Context: the lock of the page table that is to map it. */
static inline bool page_is_truncated(const struct page *page)
{
	return READ_ONCE(page->flags) & 1u << PG_truncated;
}
/** set_page_dirty - Its contents differ from the disk's, if there is one. */
static inline void set_page_dirty(struct page *page)
{
	if (!(READ_ONCE(page->flags) & 1u << PG_dirty))
		__atomic_fetch_or(&page->flags, 1u << PG_dirty, __ATOMIC_RELAXED);
}

#endif
