/* SPDX-License-Identifier: MIT */
/*
 * Page faults of user space. handle_mm_fault() finds the entry and asks what
 * kind it is; a struct vm_fault goes on from there, so that nothing is computed
 * or looked up twice. Whoever sets the entry does so under its table's lock, and
 * only if it is still what it was: otherwise the access is tried again.
 *
 * Anonymous memory: a first read maps the zero page; a first write a fresh one.
 * fork() shares all private pages read-only. A write to a read-only entry of a
 * writable private region copies the page, or takes it over when no one else
 * refers to it.
 */
#include "vm/fault.h"

#include "trace/trace.h"
#include "vm/brk.h"
#include "vm/mm.h"
#include "vm/page_alloc.h"
#include "vm/pgtable.h"
#include "vm/tlb.h"

struct page *zero_page;

/* Map @page at the fault's entry, which is locked and none. Takes over the caller's reference. */
static void map_page(struct vm_fault *vmf, struct page *page, pte_t prot)
{
	atomic_inc(&vmf->vma->vm_mm->rss[rss_kind(page)]);
	WRITE_ONCE(*vmf->pte, mk_pte(page, prot));
}

/* A page that was to be mapped is not needed: another thread's fault was first. */
static void drop_page(struct page *page)
{
	atomic_dec(&page->_mapcount);
	put_page(page);
}

/* A new page for anonymous memory of @vma, contents undefined. Return: or NULL: no memory. */
static struct page *alloc_anon_page(struct vm_area_struct *vma)
{
	return anon_vma_prepare(vma) ? NULL : alloc_page(GFP_KERNEL);
}

static __named int do_anonymous_page(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct page *page;
	bool mapped;

	if (!vmf->write) {
		spin_lock(vmf->ptl);
		if (pte_none(*vmf->pte))
			WRITE_ONCE(*vmf->pte, mk_pte(zero_page, vma->vm_page_prot | _PAGE_SPECIAL));
		spin_unlock(vmf->ptl);
		return 0;
	}
	page = alloc_anon_page(vma);
	if (!page)
		return -ENOMEM;
	clear_page(page_address(page));
	page_add_anon_rmap(page, vma, vmf->address);
	smp_wmb();	/* contents before the entry */
	spin_lock(vmf->ptl);
	mapped = likely(pte_none(*vmf->pte));
	if (mapped)
		map_page(vmf, page, pte_mkwrite(vma->vm_page_prot));
	spin_unlock(vmf->ptl);
	if (!mapped)
		drop_page(page);
	return 0;
}

/* Map a private copy of @old, NULL for the zero page, in its place. Takes over the caller's reference to @old. */
static int wp_page_copy(struct vm_fault *vmf, struct page *old)
{
	struct vm_area_struct *vma = vmf->vma;
	struct page *page = alloc_anon_page(vma);
	bool mapped;

	if (!page) {
		if (old)
			put_page(old);
		return -ENOMEM;
	}
	if (old)
		copy_page(page_address(page), page_address(old));
	else
		clear_page(page_address(page));
	page_add_anon_rmap(page, vma, vmf->address);
	smp_wmb();	/* contents before the entry */
	spin_lock(vmf->ptl);
	mapped = likely(*vmf->pte == vmf->orig_pte);
	if (mapped) {
		/* Never two frames for one address in a TLB: clear, flush, set. */
		ptep_get_and_clear(vmf->pte);
		flush_tlb_page(vma, vmf->address);
		if (old) {
			atomic_dec(&vma->vm_mm->rss[rss_kind(old)]);
			atomic_dec(&old->_mapcount);
		}
		map_page(vmf, page, pte_mkwrite(vma->vm_page_prot));
	}
	spin_unlock(vmf->ptl);
	if (!mapped)
		drop_page(page);
	else if (old)
		put_page(old);	/* the mapping's reference */
	if (old)
		put_page(old);	/* the caller's */
	return 0;
}

/* A write to a present entry that is read-only. */
static __named int do_wp_page(struct vm_fault *vmf)
{
	bool shared = vmf->vma->vm_flags & VM_SHARED;
	struct page *page = pte_page(vmf->orig_pte);

	if (pte_special(vmf->orig_pte))
		return wp_page_copy(vmf, NULL);
	spin_lock(vmf->ptl);
	if (*vmf->pte != vmf->orig_pte) {
		spin_unlock(vmf->ptl);
		return 0;	/* changed meanwhile: the access is tried again */
	}
	/* The sole owner of an anonymous page writes to it: nobody can gain a reference but through this entry. */
	if (shared || (PageAnon(page) && atomic_read(&page->_refcount) == 1)) {
		if (shared)
			set_page_dirty(page);
		WRITE_ONCE(*vmf->pte, pte_mkwrite(vmf->orig_pte));
		spin_unlock(vmf->ptl);
		/* Harts with the read-only entry in their TLB fault and find it writable. */
		local_flush_tlb_page(vmf->address);
		return 0;
	}
	get_page(page);
	spin_unlock(vmf->ptl);
	return wp_page_copy(vmf, page);
}

#define FAULT_AROUND (16 * PAGE_SIZE)	/* bytes */

/* A read: map the pages around it that are in the page cache. Return: the page itself was among them. */
static bool do_fault_around(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long window = ALIGN_DOWN(vmf->address, FAULT_AROUND);
	unsigned long start = max(window, vma->vm_start), end = min(window + FAULT_AROUND, vma->vm_end);
	bool mapped;

	spin_lock(vmf->ptl);
	vma->vm_ops->map_pages(vmf, start, end, vmf->pte - ((vmf->address - start) >> PAGE_SHIFT));
	mapped = !pte_none(*vmf->pte);
	spin_unlock(vmf->ptl);
	return mapped;
}

/* A page of a file, or of shared memory. A private write gets a copy. */
static __named int do_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	bool copies = vmf->write && !(vma->vm_flags & VM_SHARED), mapped;
	pte_t prot = vmf->write ? pte_mkwrite(vma->vm_page_prot) : vma->vm_page_prot;
	struct page *page;
	int err;

	if (!vmf->write && vma->vm_ops->map_pages && !(vma->vm_flags & VM_RAND_READ) && do_fault_around(vmf))
		return 0;
	if (copies && anon_vma_prepare(vma))
		return -ENOMEM;
	vmf->pgoff = ((vmf->address - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
	err = vma->vm_ops->fault(vmf);
	if (err)
		return err;
	page = vmf->page;
	if (copies) {
		page = alloc_page(GFP_KERNEL);
		if (!page) {
			put_page(vmf->page);
			return -ENOMEM;
		}
		copy_page(page_address(page), page_address(vmf->page));
		page_add_anon_rmap(page, vma, vmf->address);
		smp_wmb();	/* contents before the entry */
	} else {
		atomic_inc(&page->_mapcount);
		if (vmf->write)
			set_page_dirty(page);
	}
	spin_lock(vmf->ptl);
	/* Another thread was first, or the file became shorter: the access is tried again. */
	mapped = likely(pte_none(*vmf->pte) && !page_is_truncated(vmf->page));
	if (mapped)
		map_page(vmf, page, prot);
	spin_unlock(vmf->ptl);
	if (!mapped)
		drop_page(page);
	if (copies)
		put_page(vmf->page);
	return 0;
}

/* Make the entry @new, unless it is not what it was any more: then the access is tried again. */
static void update_entry(struct vm_fault *vmf, pte_t new)
{
	spin_lock(vmf->ptl);
	if (*vmf->pte == vmf->orig_pte)
		WRITE_ONCE(*vmf->pte, new);
	spin_unlock(vmf->ptl);
}

int handle_mm_fault(struct vm_area_struct *vma, unsigned long addr, enum fault_access access)
{
	pte_t *table = pte_table_alloc(vma->vm_mm, addr), pte;
	struct vm_fault vmf;

	lockdep_assert_held(&vma->vm_mm->mmap_lock);
	if (!table)
		return -ENOMEM;
	vmf.vma = vma;
	vmf.address = addr & PAGE_MASK;
	vmf.write = access == FAULT_WRITE;
	vmf.pte = &table[pt_index(addr, 0)];
	vmf.ptl = ptl_of(table);
	vmf.orig_pte = pte = READ_ONCE(*vmf.pte);
	if (pte_none(pte))
		return vma->vm_ops ? do_fault(&vmf) : vma->vm_flags & VM_SPECIAL ? -EIO : do_anonymous_page(&vmf);
	if (pte_protnone(pte)) {
		/* Kept through PROT_NONE: valid again under the region's protection. */
		update_entry(&vmf, (pte & ~_PAGE_LEAF) | vma->vm_page_prot);
		return 0;
	}
	if (vmf.write && !pte_write(pte))
		return do_wp_page(&vmf);
	/* The entry allows the access: another hart has changed it, or the machine has software set A and D (Svade). */
	update_entry(&vmf, pte | _PAGE_ACCESSED | (vmf.write ? _PAGE_DIRTY : 0));
	local_flush_tlb_page(vmf.address);
	return 0;
}

bool access_allowed(const struct vm_area_struct *vma, enum fault_access access)
{
	static const unsigned long need[] = {
		[FAULT_READ] = VM_READ | VM_WRITE, [FAULT_WRITE] = VM_WRITE, [FAULT_EXEC] = VM_EXEC,
	};

	lockdep_assert_held(&vma->vm_mm->mmap_lock);
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

/*
 * The region of @mm for a fault at @addr, or NULL. mmap_lock is held shared. A stack that grows down to @addr changes, which wants
 * the lock exclusive: then it is held so afterwards, and *@exclusive is set.
 */
static struct vm_area_struct *find_region(struct mm_struct *mm, unsigned long addr, bool *exclusive) __no_lock_analysis
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	if (likely(vma && vma->vm_start <= addr))
		return vma;
	if (!vma || !(vma->vm_flags & VM_GROWSDOWN))
		return NULL;
	up_read(&mm->mmap_lock);
	down_write(&mm->mmap_lock);
	*exclusive = true;
	/* Regions may have changed in between. */
	vma = find_vma(mm, addr);
	if (vma && vma->vm_start > addr && (!(vma->vm_flags & VM_GROWSDOWN) || expand_stack(vma, addr)))
		return NULL;
	return vma;
}

static int user_fault(unsigned long uaddr, enum fault_access access) __no_lock_analysis
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	bool exclusive = false;
	int err = -EFAULT;

	if (!mm || uaddr >= TASK_SIZE)
		return -EFAULT;
	down_read(&mm->mmap_lock);
	vma = find_region(mm, uaddr, &exclusive);
	if (vma)
		err = likely(access_allowed(vma, access)) ? handle_mm_fault(vma, uaddr, access) : -EACCES;
	if (unlikely(exclusive))
		up_write(&mm->mmap_lock);
	else
		up_read(&mm->mmap_lock);
	if (!err)
		count_fault();
	return err;
}

int vm_on_fault(struct pt_regs *regs, unsigned long uaddr, enum fault_access access)
{
	int fail_nth = current->fail_nth, err;

	/* Failures are injected into system calls, which can report them. A program's own fault would end it. */
	if (CONFIG_DEBUG && user_mode(regs))
		current->fail_nth = 0;
	trace_event(TRACE_PAGE_FAULT_USER, uaddr, regs->epc, regs->cause);
	err = user_fault(uaddr, access);
	if (CONFIG_DEBUG && user_mode(regs))
		current->fail_nth = fail_nth;
	return err;
}
