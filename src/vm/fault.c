/* SPDX-License-Identifier: MIT */
/*
 * Page tables of user space: faults, copy at fork, removal.
 *
 * A page table's own lock guards its entries; page_table_lock guards the tables
 * above, which only grow while mmap_lock is held shared. Tables are freed with
 * mmap_lock exclusive, or by the last user.
 *
 * Anonymous memory: a first read maps the zero page; a first write a fresh one.
 * fork() shares all private pages read-only. A write to a read-only entry of a
 * writable private region copies the page, or takes it over when no one else
 * refers to it.
 */
#include "vm/fault.h"

#include "perf/trace.h"
#include "vm/brk.h"
#include "vm/mm.h"
#include "vm/page_alloc.h"
#include "vm/pgtable.h"
#include "vm/tlb.h"

struct page *zero_page;

/* Put @page at the locked, empty entry @pte. Takes over the caller's reference. */
static void set_page_pte(struct vm_area_struct *vma, pte_t *pte, struct page *page, pte_t prot)
{
	atomic_inc(&vma->vm_mm->rss[rss_kind(page)]);
	WRITE_ONCE(*pte, mk_pte(page, prot));
}

static __named int do_anonymous_page(struct vm_area_struct *vma, unsigned long addr, pte_t *table, bool write)
{
	pte_t *pte = &table[pt_index(addr, 0)];
	spinlock_t *ptl = ptl_of(table);
	struct page *page;

	if (!write) {
		spin_lock(ptl);
		if (pte_none(*pte))
			WRITE_ONCE(*pte, mk_pte(zero_page, vma->vm_page_prot | _PAGE_SPECIAL));
		spin_unlock(ptl);
		return 0;
	}
	if (anon_vma_prepare(vma))
		return -ENOMEM;
	page = alloc_page(GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	clear_page(page_address(page));
	page_add_anon_rmap(page, vma, addr);
	smp_wmb();	/* contents before the entry */
	spin_lock(ptl);
	if (likely(pte_none(*pte))) {
		set_page_pte(vma, pte, page, pte_mkwrite(vma->vm_page_prot));
		page = NULL;
	}
	spin_unlock(ptl);
	if (page) {	/* another thread's fault was first */
		atomic_set(&page->_mapcount, 0);
		put_page(page);
	}
	return 0;
}

/* Replace what @old maps at @addr by a private copy of it. */
static int wp_page_copy(struct vm_area_struct *vma, unsigned long addr, pte_t *table, pte_t old,
			struct page *old_page)
{
	pte_t *pte = &table[pt_index(addr, 0)];
	spinlock_t *ptl = ptl_of(table);
	struct page *page;

	if (anon_vma_prepare(vma) || !(page = alloc_page(GFP_KERNEL))) {
		if (old_page)
			put_page(old_page);
		return -ENOMEM;
	}
	if (old_page)
		copy_page(page_address(page), page_address(old_page));
	else
		clear_page(page_address(page));
	page_add_anon_rmap(page, vma, addr);
	smp_wmb();
	spin_lock(ptl);
	if (likely(*pte == old)) {
		/* Never two frames for one address in a TLB: clear, flush, set. */
		ptep_get_and_clear(pte);
		flush_tlb_page(vma, addr);
		if (old_page) {
			atomic_dec(&vma->vm_mm->rss[rss_kind(old_page)]);
			atomic_dec(&old_page->_mapcount);
		}
		set_page_pte(vma, pte, page, pte_mkwrite(vma->vm_page_prot));
		page = NULL;
	}
	spin_unlock(ptl);
	if (page) {
		atomic_set(&page->_mapcount, 0);
		put_page(page);
	} else if (old_page) {
		put_page(old_page);	/* the mapping's reference */
	}
	if (old_page)
		put_page(old_page);	/* ours */
	return 0;
}

/* A write to the present, read-only entry @old. */
static __named int do_wp_page(struct vm_area_struct *vma, unsigned long addr, pte_t *table, pte_t old)
{
	pte_t *pte = &table[pt_index(addr, 0)];
	spinlock_t *ptl = ptl_of(table);
	struct page *page;

	if (pte_special(old))
		return wp_page_copy(vma, addr, table, old, NULL);
	spin_lock(ptl);
	if (*pte != old) {
		spin_unlock(ptl);
		return 0;	/* changed meanwhile: the access is tried again */
	}
	page = pte_page(old);
	if (vma->vm_flags & VM_SHARED) {
		set_page_dirty(page);
		WRITE_ONCE(*pte, pte_mkwrite(old));
		spin_unlock(ptl);
		local_flush_tlb_page(addr);
		return 0;
	}
	/* The sole owner: nobody can gain a reference but through this entry. */
	if (PageAnon(page) && atomic_read(&page->_refcount) == 1) {
		WRITE_ONCE(*pte, pte_mkwrite(old));
		spin_unlock(ptl);
		/* Others with the read-only entry cached fault and find it writable. */
		local_flush_tlb_page(addr);
		return 0;
	}
	get_page(page);
	spin_unlock(ptl);
	return wp_page_copy(vma, addr, table, old, page);
}

#define FAULT_AROUND 16

static __named int do_fault(struct vm_area_struct *vma, unsigned long addr, pte_t *table, bool write)
{
	pte_t *pte = &table[pt_index(addr, 0)];
	spinlock_t *ptl = ptl_of(table);
	struct vm_fault vmf = {
		.vma = vma,
		.address = addr,
		.pgoff = ((addr - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff,
		.write = write,
	};
	bool shared = vma->vm_flags & VM_SHARED, used;
	struct page *page, *cached;
	int err;

	if (!write && vma->vm_ops->map_pages && !(vma->vm_flags & VM_RAND_READ)) {
		unsigned long start = max(ALIGN_DOWN(addr, (unsigned long)FAULT_AROUND * PAGE_SIZE), vma->vm_start);
		unsigned long end = min(ALIGN_DOWN(addr, (unsigned long)FAULT_AROUND * PAGE_SIZE) +
					(unsigned long)FAULT_AROUND * PAGE_SIZE, vma->vm_end);
		bool done;

		spin_lock(ptl);
		vma->vm_ops->map_pages(&vmf, start, end, &table[pt_index(start, 0)]);
		done = !pte_none(*pte);
		spin_unlock(ptl);
		if (done)
			return 0;
	}
	if (write && !shared && anon_vma_prepare(vma))
		return -ENOMEM;
	err = vma->vm_ops->fault(&vmf);
	if (err)
		return err;
	cached = page = vmf.page;
	if (write && !shared) {
		page = alloc_page(GFP_KERNEL);
		if (!page) {
			put_page(cached);
			return -ENOMEM;
		}
		copy_page(page_address(page), page_address(cached));
		page_add_anon_rmap(page, vma, addr);
		smp_wmb();
	} else {
		atomic_inc(&page->_mapcount);
		if (write)
			set_page_dirty(page);
	}
	spin_lock(ptl);
	/* Another thread was first, or the file became shorter: the access is tried again. */
	used = likely(pte_none(*pte) && !page_is_truncated(cached));
	if (used)
		set_page_pte(vma, pte, page, write ? pte_mkwrite(vma->vm_page_prot) : vma->vm_page_prot);
	spin_unlock(ptl);
	if (!used) {
		atomic_dec(&page->_mapcount);
		put_page(page);
	}
	if (page != cached)
		put_page(cached);
	return 0;
}

int handle_mm_fault(struct vm_area_struct *vma, unsigned long addr, enum fault_access access)
{
	bool write = access == FAULT_WRITE;
	pte_t *table, *pte, old;

	addr &= PAGE_MASK;
	table = pte_table_alloc(vma->vm_mm, addr);
	if (!table)
		return -ENOMEM;
	pte = &table[pt_index(addr, 0)];
	old = READ_ONCE(*pte);
	if (pte_none(old))
		return vma->vm_ops ? do_fault(vma, addr, table, write) :
		       vma->vm_flags & VM_SPECIAL ? -EIO : do_anonymous_page(vma, addr, table, write);
	if (pte_protnone(old)) {
		/* Kept through PROT_NONE: valid again under the region's protection. */
		spin_lock(ptl_of(table));
		if (*pte == old)
			WRITE_ONCE(*pte, (old & ~_PAGE_LEAF) | vma->vm_page_prot);
		spin_unlock(ptl_of(table));
		return 0;
	}
	if (write && !pte_write(old))
		return do_wp_page(vma, addr, table, old);
	/* Another hart was first, or the machine wants A and D set by software (Svade). */
	spin_lock(ptl_of(table));
	if (*pte == old)
		WRITE_ONCE(*pte, old | _PAGE_ACCESSED | (write ? _PAGE_DIRTY : 0));
	spin_unlock(ptl_of(table));
	local_flush_tlb_page(addr);
	return 0;
}

bool access_allowed(const struct vm_area_struct *vma, enum fault_access access)
{
	static const unsigned long need[] = {
		[FAULT_READ] = VM_READ | VM_WRITE, [FAULT_WRITE] = VM_WRITE, [FAULT_EXEC] = VM_EXEC,
	};

	return vma->vm_flags & need[access];
}

static DEFINE_PER_CPU(unsigned long, nr_faults);

static void count_fault(void)
{
	current->min_flt++;
	preempt_disable();
	this_cpu(nr_faults)++;
	preempt_enable();
}

u64 vm_nr_faults(unsigned int cpu)
{
	return READ_ONCE(per_cpu(nr_faults, cpu));
}

static int user_fault(unsigned long uaddr, enum fault_access access)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	int err;

	if (!mm || uaddr >= TASK_SIZE)
		return -EFAULT;
	down_read(&mm->mmap_lock);
	vma = find_vma(mm, uaddr);
	if (vma && unlikely(vma->vm_start > uaddr)) {
		if (!(vma->vm_flags & VM_GROWSDOWN)) {
			vma = NULL;
		} else {
			/* Growing changes the region: take the lock exclusive, look again. */
			up_read(&mm->mmap_lock);
			down_write(&mm->mmap_lock);
			vma = find_vma(mm, uaddr);
			if (vma && vma->vm_start > uaddr &&
			    (!(vma->vm_flags & VM_GROWSDOWN) || expand_stack(vma, uaddr)))
				vma = NULL;
			err = !vma ? -EFAULT : !access_allowed(vma, access) ? -EACCES :
			      handle_mm_fault(vma, uaddr, access);
			up_write(&mm->mmap_lock);
			goto out;
		}
	}
	err = !vma ? -EFAULT : unlikely(!access_allowed(vma, access)) ? -EACCES :
	      handle_mm_fault(vma, uaddr, access);
	up_read(&mm->mmap_lock);
out:
	if (!err)
		count_fault();
	return err;
}

int vm_on_fault(struct pt_regs *regs, unsigned long uaddr, enum fault_access access)
{
	int fail_nth = current->fail_nth, err;

	/* Failures are injected into system calls: a program cannot be told of one in its own fault. */
	if (CONFIG_DEBUG && user_mode(regs))
		current->fail_nth = 0;
	trace_event(TRACE_PAGE_FAULT_USER, uaddr, regs->epc, regs->cause);
	err = user_fault(uaddr, access);
	if (CONFIG_DEBUG && user_mode(regs))
		current->fail_nth = fail_nth;
	return err;
}
