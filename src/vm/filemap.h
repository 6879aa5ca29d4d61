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

struct address_space;
struct shmem_account;
struct vm_fault;

/* What the owner of a page cache does for it. */
struct address_space_operations {
	/* One more page is to come to @m. Return: 0 or -ENOSPC. Context: task. */
	int (*charge_page)(struct address_space *m);
	/* @n pages less are in @m, or to come. Context: task. */
	void (*uncharge_pages)(struct address_space *m, unsigned long n);
};

/* The pages of a file, or of a shared memory object. */
struct address_space {
	spinlock_t i_lock;
	struct xarray i_pages __protected_by(i_lock);
	unsigned long nrpages __protected_by(i_lock);
	/* Regions that map it; first those that unmap_mapping_range() has not seen yet. */
	TAILQ_HEAD(, vm_area_struct) i_mmap __protected_by(i_lock);
	unsigned long unmap_pass;	/* passes of unmap_mapping_range() so far; i_lock */
	u64 size;			/* bytes: a fault beyond the last page is -EIO; without a file, no limit; i_rwsem */
	atomic_t refcount;		/* without a file: regions that map it */
	const struct address_space_operations *a_ops;	/* [I] NULL: whoever made the pages counts them */
	u64 id;				/* [I] vm_unique_id() */
	struct shmem_account *account;	/* [I] who pays for the pages, a reference; NULL: they are counted elsewhere */
};

extern const struct vm_operations_struct file_vm_ops;
/** filemap_fault, filemap_map_pages - Handlers (vm_operations_struct) for what is in the page cache, or comes there by being touched. */
int filemap_fault(struct vm_fault *vmf);
void filemap_map_pages(struct vm_fault *vmf, unsigned long start, unsigned long end, pte_t *pte);

/** nr_file_pages - Return: pages in all page caches, shared memory among them. Context: any. */
unsigned long nr_file_pages(void);
/** mapping_init - Make @m an empty cache, with one reference. Context: any. */
void mapping_init(struct address_space *m, const struct address_space_operations *a_ops);
/** mapping_add_vma - @vma, which is new and has no pages, comes to the list of its vm_mapping. Context: task. */
void mapping_add_vma(struct vm_area_struct *vma);
/** mapping_link_vma - The same for a copy of a region, which may have pages. Context: the region's mmap_lock exclusive. */
void mapping_link_vma(struct vm_area_struct *vma);
/** mapping_unlink_vma - @vma, which goes, leaves the list. Context: task. */
void mapping_unlink_vma(struct vm_area_struct *vma);
/** mapping_adopt_vma - @to takes pages over from @from, of the same mapping and mm. Context: mmap_lock held exclusive. */
void mapping_adopt_vma(struct vm_area_struct *to, const struct vm_area_struct *from);
/** find_get_page - A reference to the cached page at @index, pages. Return: or NULL: it is not cached. Context: any but interrupts. */
struct page *find_get_page(struct address_space *m, unsigned long index);
/**
 * grab_cache_page - The same, but a page that is missing is made, of zeroes.
 * Return: or ERR_PTR(): -ENOMEM; -ENOSPC, the user who pays may have no more. Context: task.
 */
struct page *grab_cache_page(struct address_space *m, unsigned long index) __must_check;
/**
 * truncate_pages - Drop what lies at @size bytes and behind, from page tables too. m->size has been set before.
 * Context: task, may sleep; one at a time for @m (i_rwsem, or nobody else knows it).
 */
void truncate_pages(struct address_space *m, u64 size);
/** page_is_truncated - Has @page left the cache? Context: the lock of the table that is to map it, or the answer is old. */
static inline bool page_is_truncated(const struct page *page)
{
	return READ_ONCE(page->flags) & 1u << PG_truncated;
}
/** set_page_dirty - The contents of @page differ from the disk's, if there is one. Context: any. */
static inline void set_page_dirty(struct page *page)
{
	if (!(READ_ONCE(page->flags) & 1u << PG_dirty))
		__atomic_fetch_or(&page->flags, 1u << PG_dirty, __ATOMIC_RELAXED);
}

#endif
