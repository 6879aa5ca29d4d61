/* SPDX-License-Identifier: MIT */
/*
 * The page cache. A page in it has one reference for the cache and one for each page-table entry. Ref: Linux mm/filemap.c,
 * mm/truncate.c.
 */
#include "vm/filemap.h"

#include <string.h>

#include "vm/fault.h"
#include "vm/mm.h"
#include "vm/page_alloc.h"
#include "vm/pgtable.h"
#include "vm/shmem.h"
#include "vm/zap.h"

static atomic_long_t file_pages;

unsigned long nr_file_pages(void)
{
	return atomic_read(&file_pages);
}

void mapping_init(struct address_space *m, const struct address_space_operations *a_ops)
{
	*m = (struct address_space){ .a_ops = a_ops, .id = vm_unique_id() };
	spin_lock_init(&m->i_lock, LOCK_MAPPING);
	TAILQ_INIT(&m->i_mmap);
	atomic_set(&m->refcount, 1);
}

void mapping_link_vma(struct vm_area_struct *vma)
{
	struct address_space *m = vma->vm_mapping;

	spin_lock(&m->i_lock);
	if (vma->unmap_seen < m->unmap_pass)
		TAILQ_INSERT_HEAD(&m->i_mmap, vma, mapping_link);
	else
		TAILQ_INSERT_TAIL(&m->i_mmap, vma, mapping_link);
	spin_unlock(&m->i_lock);
}

void mapping_add_vma(struct vm_area_struct *vma)
{
	vma->unmap_seen = READ_ONCE(vma->vm_mapping->unmap_pass);
	mapping_link_vma(vma);
}

void mapping_unlink_vma(struct vm_area_struct *vma)
{
	struct address_space *m = vma->vm_mapping;

	spin_lock(&m->i_lock);
	TAILQ_REMOVE(&m->i_mmap, vma, mapping_link);
	spin_unlock(&m->i_lock);
}

void mapping_adopt_vma(struct vm_area_struct *to, const struct vm_area_struct *from)
{
	struct address_space *m = to->vm_mapping;

	lockdep_assert_held_write(&to->vm_mm->mmap_lock);
	spin_lock(&m->i_lock);
	if (from->unmap_seen < to->unmap_seen) {
		to->unmap_seen = from->unmap_seen;
		TAILQ_REMOVE(&m->i_mmap, to, mapping_link);
		TAILQ_INSERT_HEAD(&m->i_mmap, to, mapping_link);
	}
	spin_unlock(&m->i_lock);
}

struct page *find_get_page(struct address_space *m, unsigned long index)
{
	struct page *page;

	spin_lock(&m->i_lock);
	page = xa_load(&m->i_pages, index);
	if (page)
		get_page(page);
	spin_unlock(&m->i_lock);
	return page;
}

struct page *grab_cache_page(struct address_space *m, unsigned long index)
{
	struct page *page = find_get_page(m, index), *new;

	if (likely(page))
		return page;
	if (m->a_ops && m->a_ops->charge_page(m))
		return ERR_PTR(-ENOSPC);
	new = alloc_page(__GFP_ZERO);
	if (!new)
		goto out;
	spin_lock(&m->i_lock);
	page = xa_load(&m->i_pages, index);
	if (!page && !xa_store(&m->i_pages, index, new)) {
		new->mapping = m;
		new->index = index;
		m->nrpages++;
		atomic_inc(&file_pages);
		page = new;	/* one reference is the cache's */
		new = NULL;
	}
	if (page)
		get_page(page);
	spin_unlock(&m->i_lock);
	if (!new)
		return page;
	put_page(new);	/* another task was first, or there is no memory for the array */
out:
	if (m->a_ops)
		m->a_ops->uncharge_pages(m, 1);
	return page ? page : ERR_PTR(-ENOMEM);
}

/*
 * An address space with a region of @m that pass @pass has not seen, with a user more; or NULL: there is none. One without users
 * is passed over: exit_mmap() drops all its pages.
 */
static struct mm_struct *next_unseen_mm(struct address_space *m, unsigned long pass)
{
	struct mm_struct *mm = NULL;
	struct vm_area_struct *vma;

	spin_lock(&m->i_lock);
	TAILQ_FOREACH(vma, &m->i_mmap, mapping_link) {
		if (vma->unmap_seen >= pass)
			break;
		if (atomic_inc_not_zero(&vma->vm_mm->mm_users)) {
			mm = vma->vm_mm;
			break;
		}
	}
	spin_unlock(&m->i_lock);
	return mm;
}

/*
 * Pages that processes have mapped beyond the new end leave their page tables.
 *
 * mmap_lock cannot be taken under i_lock, so the list of regions changes while
 * one is worked on. No place in it is remembered: a region says which pass saw
 * it last. An address space is done as a whole, under its mmap_lock; copies of
 * its regions, which take that lock exclusive, then say as they do, for they
 * have no such page either. A copy of a region not yet seen is not seen: it
 * comes to the list's head. So each address space is met once, and none missed.
 */
static void unmap_mapping_range(struct address_space *m, unsigned long first)
{
	unsigned long pass;
	struct mm_struct *mm;

	spin_lock(&m->i_lock);
	pass = ++m->unmap_pass;
	spin_unlock(&m->i_lock);
	while ((mm = next_unseen_mm(m, pass))) {
		struct vm_area_struct *vma;

		down_read(&mm->mmap_lock);
		TAILQ_FOREACH(vma, &mm->mmap, vm_list) {
			unsigned long from = vma->vm_start;

			if (vma->vm_mapping != m)
				continue;
			if (first > vma->vm_pgoff)
				from += min((first - vma->vm_pgoff) << PAGE_SHIFT, vma->vm_end - vma->vm_start);
			if (from < vma->vm_end)
				zap_page_range(vma, from, vma->vm_end);
			spin_lock(&m->i_lock);
			vma->unmap_seen = pass;
			TAILQ_REMOVE(&m->i_mmap, vma, mapping_link);
			TAILQ_INSERT_TAIL(&m->i_mmap, vma, mapping_link);
			spin_unlock(&m->i_lock);
		}
		up_read(&mm->mmap_lock);
		mmput(mm);
	}
}

/*
 * First out of the cache, then out of page tables. A fault that had its page
 * before sees under the page table's lock that it is truncated, or is in time
 * for its entry to be found; one that comes later finds m->size below it, which
 * was stored before the lock of the cache was taken here.
 */
void truncate_pages(struct address_space *m, u64 size)
{
	unsigned long first = (size + PAGE_SIZE - 1) >> PAGE_SHIFT, index = first;
	struct page *page;
	unsigned long dropped = 0;
	bool mapped;

	for (;;) {
		spin_lock(&m->i_lock);
		mapped = !TAILQ_EMPTY(&m->i_mmap);
		page = xa_find(&m->i_pages, &index);
		if (page) {
			__atomic_fetch_or(&page->flags, 1u << PG_truncated, __ATOMIC_RELAXED);
			xa_erase(&m->i_pages, index);
			m->nrpages--;
			atomic_dec(&file_pages);
		}
		spin_unlock(&m->i_lock);
		if (!page)
			break;
		put_page(page);
		dropped++;
	}
	if (mapped)
		unmap_mapping_range(m, first);
	if (m->a_ops && dropped)
		m->a_ops->uncharge_pages(m, dropped);
	/* The rest of the last page reads as zeroes if the file grows again. */
	if (size & ~PAGE_MASK && (page = find_get_page(m, size >> PAGE_SHIFT))) {
		memset((char *)page_address(page) + (size & ~PAGE_MASK), 0,
		       PAGE_SIZE - (size & ~PAGE_MASK));
		put_page(page);
	}
}

static bool beyond_end(const struct address_space *m, unsigned long pgoff)
{
	return pgoff >= (READ_ONCE(m->size) + PAGE_SIZE - 1) >> PAGE_SHIFT;
}

int filemap_fault(struct vm_fault *vmf)
{
	struct address_space *m = vmf->vma->vm_mapping;

	if (beyond_end(m, vmf->pgoff))
		return -EIO;
	vmf->page = grab_cache_page(m, vmf->pgoff);
	if (IS_ERR(vmf->page))
		return PTR_ERR(vmf->page) == -ENOSPC ? -EIO : -ENOMEM;
	if (unlikely(beyond_end(m, vmf->pgoff))) {	/* truncate_pages() may have been here before us */
		put_page(vmf->page);
		return -EIO;
	}
	return 0;
}

/* Map the neighbours that are cached, so that they cost no fault of their own. */
void filemap_map_pages(struct vm_fault *vmf, unsigned long start, unsigned long end, pte_t *pte)
{
	struct vm_area_struct *vma = vmf->vma;
	struct address_space *m = vma->vm_mapping;
	unsigned long index = ((start - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
	unsigned long last = (READ_ONCE(m->size) + PAGE_SIZE - 1) >> PAGE_SHIFT;
	long n = 0;

	lockdep_assert_held(vmf->ptl);
	/* By the order of locks i_lock comes before vmf->ptl, which is held: so only try. */
	if (!spin_trylock(&m->i_lock))
		return;
	for (; start < end && index < last; start += PAGE_SIZE, pte++, index++) {
		struct page *page;

		if (!pte_none(*pte) || !(page = xa_load(&m->i_pages, index)))
			continue;
		get_page(page);
		atomic_inc(&page->_mapcount);
		WRITE_ONCE(*pte, mk_pte_pfn(page_to_pfn(page), vma->vm_page_prot));
		n++;
	}
	spin_unlock(&m->i_lock);
	atomic_add(n, &vma->vm_mm->rss[mapping_is_shmem(m) ? MM_SHMEMPAGES : MM_FILEPAGES]);
}

const struct vm_operations_struct file_vm_ops = {
	.fault = filemap_fault,
	.map_pages = filemap_map_pages,
};
