/* SPDX-License-Identifier: MIT */
#include "vm/filemap.h"

#include <string.h>

#include "vm/slab.h"

static atomic_long_t file_pages;

unsigned long nr_file_pages(void)
{
	return atomic_read(&file_pages);
}

void mapping_init(struct address_space *m, bool shmem)
{
	*m = (struct address_space){ .shmem = shmem, .id = vm_unique_id() };
	spin_lock_init(&m->i_lock, LOCK_MAPPING);
	LIST_INIT(&m->i_mmap);
	atomic_set(&m->refcount, 1);
}

bool mapping_is_shmem(const struct address_space *m)
{
	return m && m->shmem;
}

void mapping_link_vma(struct vm_area_struct *vma)
{
	struct address_space *m = vma->vm_mapping;

	spin_lock(&m->i_lock);
	LIST_INSERT_HEAD(&m->i_mmap, vma, mapping_link);
	spin_unlock(&m->i_lock);
}

void mapping_unlink_vma(struct vm_area_struct *vma)
{
	struct address_space *m = vma->vm_mapping;

	spin_lock(&m->i_lock);
	LIST_REMOVE(vma, mapping_link);
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
	new = alloc_page(__GFP_ZERO);
	if (!new)
		return NULL;
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
	if (new)
		put_page(new);
	return page;
}

/* Pages that processes have mapped beyond the new end leave their page tables. */
static void unmap_mapping_range(struct address_space *m, unsigned long first)
{
	struct vm_area_struct *vma;
	struct mm_struct *mm = NULL;
	unsigned long start = 0, end = 0;

	/*
	 * One region at a time: its mm is pinned by the count, its page tables by
	 * mmap_lock, which cannot be taken under i_lock.
	 */
	for (unsigned int skip = 0; ; skip++) {
		unsigned int i = 0;

		mm = NULL;
		spin_lock(&m->i_lock);
		LIST_FOREACH(vma, &m->i_mmap, mapping_link) {
			if (i++ < skip)
				continue;
			if (atomic_inc_not_zero(&vma->vm_mm->mm_users)) {
				mm = vma->vm_mm;
				start = vma->vm_start;
				end = vma->vm_end;
			} else {
				skip++;
				continue;
			}
			break;
		}
		spin_unlock(&m->i_lock);
		if (!mm)
			return;
		down_read(&mm->mmap_lock);
		vma = find_vma(mm, start);
		if (vma && vma->vm_mapping == m && vma->vm_start < end) {
			unsigned long from = vma->vm_start;

			if (first > vma->vm_pgoff)
				from += (first - vma->vm_pgoff) << PAGE_SHIFT;
			if (from < vma->vm_end)
				zap_page_range(vma, from, vma->vm_end);
		}
		up_read(&mm->mmap_lock);
		mmput(mm);
	}
}

void truncate_pages(struct address_space *m, u64 size)
{
	unsigned long first = (size + PAGE_SIZE - 1) >> PAGE_SHIFT, index = first;
	struct page *page;
	bool mapped;

	spin_lock(&m->i_lock);
	mapped = !LIST_EMPTY(&m->i_mmap);
	spin_unlock(&m->i_lock);
	if (mapped)
		unmap_mapping_range(m, first);
	for (;;) {
		spin_lock(&m->i_lock);
		page = xa_find(&m->i_pages, &index);
		if (page) {
			xa_erase(&m->i_pages, index);
			m->nrpages--;
			atomic_dec(&file_pages);
		}
		spin_unlock(&m->i_lock);
		if (!page)
			break;
		put_page(page);
	}
	/* The rest of the last page reads as zeroes if the file grows again. */
	if (size & ~PAGE_MASK && (page = find_get_page(m, size >> PAGE_SHIFT))) {
		memset((char *)page_address(page) + (size & ~PAGE_MASK), 0,
		       PAGE_SIZE - (size & ~PAGE_MASK));
		put_page(page);
	}
}

static int filemap_fault(struct vm_fault *vmf)
{
	struct address_space *m = vmf->vma->vm_mapping;

	if (vmf->pgoff >= (READ_ONCE(m->size) + PAGE_SIZE - 1) >> PAGE_SHIFT)
		return -EIO;
	vmf->page = grab_cache_page(m, vmf->pgoff);
	return vmf->page ? 0 : -ENOMEM;
}

/* Fault-around: what is in the cache anyway costs no further fault. */
static void filemap_map_pages(struct vm_fault *vmf, unsigned long start, unsigned long end, pte_t *pte)
{
	struct vm_area_struct *vma = vmf->vma;
	struct address_space *m = vma->vm_mapping;
	unsigned long index = ((start - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
	unsigned long last = (READ_ONCE(m->size) + PAGE_SIZE - 1) >> PAGE_SHIFT;
	long n = 0;

	/* LOCK_MAPPING comes before the page table's lock, which is held: only try. */
	if (!spin_trylock(&m->i_lock))
		return;
	for (; start < end && index < last; start += PAGE_SIZE, pte++, index++) {
		struct page *page;

		if (*pte || !(page = xa_load(&m->i_pages, index)))
			continue;
		get_page(page);
		atomic_inc(&page->_mapcount);
		WRITE_ONCE(*pte, mk_pte_pfn(page_to_pfn(page), vma->vm_page_prot));
		n++;
	}
	spin_unlock(&m->i_lock);
	atomic_add(n, &vma->vm_mm->rss[m->shmem ? MM_SHMEMPAGES : MM_FILEPAGES]);
}

const struct vm_operations_struct file_vm_ops = {
	.fault = filemap_fault,
	.map_pages = filemap_map_pages,
};

struct address_space *shmem_mapping_create(void)
{
	struct address_space *m = kmalloc(sizeof(*m), GFP_KERNEL);

	if (m) {
		mapping_init(m, true);
		m->size = ~0ULL >> 1;
	}
	return m;
}

static void shmem_open(struct vm_area_struct *vma)
{
	atomic_inc(&vma->vm_mapping->refcount);
}

static void shmem_close(struct vm_area_struct *vma)
{
	if (atomic_dec_and_test(&vma->vm_mapping->refcount)) {
		truncate_pages(vma->vm_mapping, 0);
		kfree(vma->vm_mapping);
	}
}

const struct vm_operations_struct shmem_vm_ops = {
	.open = shmem_open,
	.close = shmem_close,
	.fault = filemap_fault,
	.map_pages = filemap_map_pages,
};
