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
#include "vm/mm.h"

#include <string.h>

#include "perf/trace.h"
#include "vm/filemap.h"

struct page *zero_page;

static pte_t *table_of(pte_t entry)
{
	return __va(pte_pa(entry));
}

/* The last-level table for @addr, or NULL when there is none. Lock-free: tables only go with mmap_lock exclusive. */
static pte_t *pte_table(struct mm_struct *mm, unsigned long addr)
{
	pte_t e = READ_ONCE(mm->pgd[pt_index(addr, 2)]);

	if (!pte_present(e))
		return NULL;
	e = READ_ONCE(table_of(e)[pt_index(addr, 1)]);
	return pte_present(e) ? table_of(e) : NULL;
}

/* Make sure that @entry, in a table of @mm, points at a table. */
static int table_alloc(struct mm_struct *mm, pte_t *entry)
{
	struct page *p = alloc_page(__GFP_ZERO);

	if (!p)
		return -ENOMEM;
	p->flags |= 1u << PG_table;
	spin_lock_init(&p->ptl, LOCK_PTL);
	spin_lock(&mm->page_table_lock);
	if (!pte_present(*entry)) {
		smp_wmb();	/* the zeroes before the pointer */
		WRITE_ONCE(*entry, mk_pte_pfn(page_to_pfn(p), _PAGE_PRESENT));
		atomic_add(PAGE_SIZE, &mm->pgtables);
		p = NULL;
	}
	spin_unlock(&mm->page_table_lock);
	if (p)
		put_page(p);
	return 0;
}

static pte_t *pte_table_alloc(struct mm_struct *mm, unsigned long addr)
{
	pte_t *e = &mm->pgd[pt_index(addr, 2)];

	if (unlikely(!pte_present(READ_ONCE(*e))) && table_alloc(mm, e))
		return NULL;
	e = &table_of(READ_ONCE(*e))[pt_index(addr, 1)];
	if (unlikely(!pte_present(READ_ONCE(*e))) && table_alloc(mm, e))
		return NULL;
	return table_of(READ_ONCE(*e));
}

static spinlock_t *ptl_of(pte_t *table)
{
	return &virt_to_page(table)->ptl;
}

/* Lock the entry for @addr, if its table exists: taken only then, which the analysis cannot follow. Unlock *@ptl. */
static pte_t *pte_lock(struct mm_struct *mm, unsigned long addr, spinlock_t **ptl) __no_lock_analysis
{
	pte_t *t = pte_table(mm, addr);

	if (!t)
		return NULL;
	*ptl = ptl_of(t);
	spin_lock(*ptl);
	return &t[pt_index(addr, 0)];
}

static int rss_kind(const struct page *page)
{
	return PageAnon(page) ? MM_ANONPAGES :
	       mapping_is_shmem(page->mapping) ? MM_SHMEMPAGES : MM_FILEPAGES;
}

static pte_t mk_pte(const struct page *page, pte_t prot)
{
	return mk_pte_pfn(page_to_pfn(page), prot);
}

/* Writable now: dirty too, for machines that fault to set the bit. */
static pte_t pte_mkwrite(pte_t pte)
{
	return pte | _PAGE_WRITE | _PAGE_DIRTY;
}

/* An exchange that no store of another hart's walker can slip between. */
static pte_t ptep_get_and_clear(pte_t *pte)
{
	return __atomic_exchange_n(pte, 0, __ATOMIC_RELAXED);
}

/* ---- Removal ---- */

#define GATHER 128

/* Pages taken out of page tables, to be freed after the TLBs forgot them. */
struct mmu_gather {
	struct mm_struct *mm;
	unsigned long start, end;	/* to flush */
	unsigned int nr;
	long rss[NR_MM_COUNTERS];
	struct page *pages[GATHER];
};

static void tlb_gather(struct mmu_gather *tlb, struct mm_struct *mm)
{
	tlb->mm = mm;
	tlb->start = ~0UL;
	tlb->end = 0;
	tlb->nr = 0;
	memset(tlb->rss, 0, sizeof(tlb->rss));
}

static void tlb_flush(struct mmu_gather *tlb)
{
	if (tlb->end > tlb->start)
		flush_tlb_range(tlb->mm, tlb->start, tlb->end);
	for (unsigned int i = 0; i < tlb->nr; i++)
		put_page(tlb->pages[i]);
	for (int i = 0; i < NR_MM_COUNTERS; i++)
		if (tlb->rss[i])
			atomic_add(tlb->rss[i], &tlb->mm->rss[i]);
	tlb_gather(tlb, tlb->mm);
}

static void zap_pte(struct mmu_gather *tlb, pte_t pte)
{
	struct page *page = pfn_to_page(pte_pfn(pte));

	tlb->rss[rss_kind(page)]--;
	if ((pte & (_PAGE_DIRTY | _PAGE_WRITE)) == (_PAGE_DIRTY | _PAGE_WRITE) && !PageAnon(page))
		set_page_dirty(page);
	atomic_dec(&page->_mapcount);
	tlb->pages[tlb->nr++] = page;
}

static void zap_range(struct mmu_gather *tlb, unsigned long start, unsigned long end) __no_lock_analysis
{
	struct mm_struct *mm = tlb->mm;

	while (start < end) {
		unsigned long next = min(ALIGN_DOWN(start, pt_span(1)) + pt_span(1), end);
		spinlock_t *ptl;
		pte_t *pte = pte_lock(mm, start, &ptl);

		if (!pte) {
			start = next;
			continue;
		}
		for (; start < next && tlb->nr < GATHER; start += PAGE_SIZE, pte++) {
			pte_t old = *pte;

			if (!old)
				continue;
			old = ptep_get_and_clear(pte);
			tlb->start = min(tlb->start, start);
			tlb->end = start + PAGE_SIZE;
			if (!(old & _PAGE_SPECIAL))
				zap_pte(tlb, old);
		}
		spin_unlock(ptl);
		if (tlb->nr == GATHER)
			tlb_flush(tlb);
	}
}

void zap_page_range(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	struct mmu_gather tlb;

	tlb_gather(&tlb, vma->vm_mm);
	zap_range(&tlb, start, end);
	tlb_flush(&tlb);
}

/*
 * Free the tables that cover [start, end) and nothing outside it but the free
 * space between @floor and @ceiling. All entries are clear. The TLB flush comes
 * between unlinking and freeing: a walker may hold an upper level cached.
 */
static void free_pgtables(struct mm_struct *mm, unsigned long start, unsigned long end,
			  unsigned long floor, unsigned long ceiling)
{
	struct page *freed[16];
	unsigned int nr = 0;
	unsigned long a;
	int level;

	for (level = 1; level <= 2; level++) {
		unsigned long span = pt_span(level);	/* what one table of the level below covers */

		for (a = ALIGN_DOWN(start, span); a < end; a += span) {
			pte_t *top = &mm->pgd[pt_index(a, 2)], *e = top;

			if (a < floor || a + span > ceiling || !pte_present(*top))
				continue;
			if (level == 1)
				e = &table_of(*top)[pt_index(a, 1)];
			if (!pte_present(*e))
				continue;
			freed[nr++] = pfn_to_page(pte_pfn(*e));
			WRITE_ONCE(*e, 0);
			atomic_sub(PAGE_SIZE, &mm->pgtables);
			if (nr == ARRAY_SIZE(freed)) {
				flush_tlb_mm(mm);
				while (nr)
					put_page(freed[--nr]);
			}
		}
	}
	if (nr) {
		flush_tlb_mm(mm);
		while (nr)
			put_page(freed[--nr]);
	}
}

void unmap_region(struct mm_struct *mm, struct vma_list *detached, unsigned long start,
		  unsigned long end)
{
	struct vm_area_struct *vma, *next = find_vma(mm, start), *prev;
	struct mmu_gather tlb;

	prev = next ? TAILQ_PREV(next, vma_list, vm_list) : TAILQ_LAST(&mm->mmap, vma_list);
	tlb_gather(&tlb, mm);
	TAILQ_FOREACH(vma, detached, vm_list)
		zap_range(&tlb, vma->vm_start, vma->vm_end);
	tlb_flush(&tlb);
	free_pgtables(mm, start, end, prev ? prev->vm_end : 0, next ? next->vm_start : TASK_SIZE);
}

void exit_mmap(struct mm_struct *mm) __no_lock_analysis
{
	struct vm_area_struct *vma;
	struct mmu_gather tlb;

	/* Nobody else is in here: the last user is leaving. */
	tlb_gather(&tlb, mm);
	TAILQ_FOREACH(vma, &mm->mmap, vm_list)
		zap_range(&tlb, vma->vm_start, vma->vm_end);
	tlb_flush(&tlb);
	/* All tables in one pass, then one flush for the harts that still borrow us. */
	for (unsigned int i = 0; i < PTRS_PER_TABLE / 2; i++) {
		pte_t top = mm->pgd[i], *mid;

		if (!pte_present(top))
			continue;
		WRITE_ONCE(mm->pgd[i], 0);
		flush_tlb_mm(mm);
		mid = table_of(top);
		for (unsigned int k = 0; k < PTRS_PER_TABLE; k++)
			if (pte_present(mid[k])) {
				put_page(pfn_to_page(pte_pfn(mid[k])));
				atomic_sub(PAGE_SIZE, &mm->pgtables);
			}
		put_page(virt_to_page(mid));
		atomic_sub(PAGE_SIZE, &mm->pgtables);
	}
	while ((vma = TAILQ_FIRST(&mm->mmap))) {
		TAILQ_REMOVE(&mm->mmap, vma, vm_list);
		vm_area_free(vma);
	}
	RB_INIT(&mm->mm_rb);
	mm->map_count = 0;
	mm->mmap_cache = NULL;
}

/* ---- Copy at fork ---- */

static bool is_cow(unsigned long flags)
{
	return (flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE;
}

int copy_page_range(struct vm_area_struct *dst, struct vm_area_struct *src)
{
	unsigned long addr = src->vm_start, end = src->vm_end;
	bool cow = is_cow(src->vm_flags);
	long rss[NR_MM_COUNTERS] = { 0 };
	int err = 0;

	/* File pages that are not ours yet come back by faults. */
	if (!(src->vm_flags & VM_SPECIAL) && src->vm_mapping && !src->anon_vma)
		return 0;
	while (addr < end) {
		unsigned long next = min(ALIGN_DOWN(addr, pt_span(1)) + pt_span(1), end);
		pte_t *st = pte_table(src->vm_mm, addr), *dt, *s, *d;

		if (!st) {
			addr = next;
			continue;
		}
		dt = pte_table_alloc(dst->vm_mm, addr);
		if (!dt) {
			err = -ENOMEM;
			break;
		}
		spin_lock(ptl_of(st));
		s = &st[pt_index(addr, 0)];
		d = &dt[pt_index(addr, 0)];
		/* The new table is not shared with anyone yet: no lock. */
		for (; addr < next; addr += PAGE_SIZE, s++, d++) {
			pte_t pte = *s;
			struct page *page;

			if (!pte)
				continue;
			if (!(pte & _PAGE_SPECIAL)) {
				page = pfn_to_page(pte_pfn(pte));
				atomic_inc(&page->_refcount);
				atomic_inc(&page->_mapcount);
				rss[rss_kind(page)]++;
			}
			if (cow && (pte & _PAGE_WRITE)) {
				__atomic_fetch_and(s, ~_PAGE_WRITE, __ATOMIC_RELAXED);
				pte &= ~_PAGE_WRITE;
			}
			*d = pte;
		}
		spin_unlock(ptl_of(st));
	}
	for (int i = 0; i < NR_MM_COUNTERS; i++)
		atomic_add(rss[i], &dst->vm_mm->rss[i]);
	return err;
}

/* ---- Faults ---- */

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
		if (!*pte)
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
	if (likely(!*pte)) {
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

	if (old & _PAGE_SPECIAL)
		return wp_page_copy(vma, addr, table, old, NULL);
	spin_lock(ptl);
	if (*pte != old) {
		spin_unlock(ptl);
		return 0;	/* changed meanwhile: the access is tried again */
	}
	page = pfn_to_page(pte_pfn(old));
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
		done = *pte;
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
	used = likely(!*pte && !page_is_truncated(cached));
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
	if (!old)
		return vma->vm_ops ? do_fault(vma, addr, table, write) :
		       vma->vm_flags & VM_SPECIAL ? -EIO : do_anonymous_page(vma, addr, table, write);
	if (!pte_present(old)) {
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

static bool access_allowed(const struct vm_area_struct *vma, enum fault_access access)
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

/* ---- Protection, moves, foreign access ---- */

void change_protection(struct vm_area_struct *vma, unsigned long start, unsigned long end) __no_lock_analysis
{
	struct mm_struct *mm = vma->vm_mm;
	pte_t prot = vma->vm_page_prot;
	unsigned long from = start;

	while (start < end) {
		unsigned long next = min(ALIGN_DOWN(start, pt_span(1)) + pt_span(1), end);
		spinlock_t *ptl;
		pte_t *pte = pte_lock(mm, start, &ptl);

		for (; pte && start < next; start += PAGE_SIZE, pte++) {
			pte_t old, new;

			if (!*pte)
				continue;
			old = ptep_get_and_clear(pte);
			/* Write permission comes back by a fault, which knows who shares the page. */
			new = (old & ~(_PAGE_LEAF | _PAGE_PRESENT)) | prot;
			if ((old & _PAGE_DIRTY) && !(old & _PAGE_SPECIAL) &&
			    !PageAnon(pfn_to_page(pte_pfn(old))))
				set_page_dirty(pfn_to_page(pte_pfn(old)));
			WRITE_ONCE(*pte, new);
		}
		if (pte)
			spin_unlock(ptl);
		start = next;
	}
	flush_tlb_range(mm, from, end);
}

bool page_is_resident(struct vm_area_struct *vma, unsigned long addr)
{
	pte_t *table = pte_table(vma->vm_mm, addr);
	struct page *page;

	if (table && READ_ONCE(table[pt_index(addr, 0)]))
		return true;
	if (!vma->vm_mapping)
		return false;
	page = find_get_page(vma->vm_mapping, ((addr - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff);
	if (page)
		put_page(page);
	return page;
}

/* Bytes from @a to the end of the last-level tables that cover @old + @a and @new + @a. */
static unsigned long table_chunk(unsigned long old, unsigned long new, unsigned long len)
{
	unsigned long mask = pt_span(1) - 1;

	return min(len, min(pt_span(1) - (old & mask), pt_span(1) - (new & mask)));
}

int move_prepare_tables(struct mm_struct *mm, unsigned long old, unsigned long new, unsigned long len)
{
	unsigned long n;

	for (unsigned long done = 0; done < len; done += n) {
		n = table_chunk(old + done, new + done, len - done);
		if (pte_table(mm, old + done) && !pte_table_alloc(mm, new + done))
			return -ENOMEM;
	}
	return 0;
}

/* mmap_lock is exclusive, so no fault runs: no page-table lock is needed. */
void move_page_tables(struct mm_struct *mm, unsigned long old, unsigned long new, unsigned long len)
{
	unsigned long n;

	for (unsigned long done = 0; done < len; done += n) {
		pte_t *from = pte_table(mm, old + done), *to = pte_table(mm, new + done);

		n = table_chunk(old + done, new + done, len - done);
		if (!from)
			continue;
		from += pt_index(old + done, 0);
		to += pt_index(new + done, 0);
		for (unsigned long i = 0; i < n >> PAGE_SHIFT; i++)
			if (from[i])
				WRITE_ONCE(to[i], ptep_get_and_clear(&from[i]));
	}
	flush_tlb_range(mm, old, old + len);
}

struct page *get_user_page(struct mm_struct *mm, unsigned long uaddr, bool write) __no_lock_analysis
{
	for (;;) {
		struct vm_area_struct *vma = find_vma(mm, uaddr);
		enum fault_access access = write ? FAULT_WRITE : FAULT_READ;
		spinlock_t *ptl;
		pte_t *pte;
		int err;

		if (!vma || vma->vm_start > uaddr || !access_allowed(vma, access))
			return ERR_PTR(-EFAULT);
		pte = pte_lock(mm, uaddr, &ptl);
		if (pte) {
			if (pte_present(*pte) && (!write || pte_write(*pte))) {
				struct page *page = get_page(pfn_to_page(pte_pfn(*pte)));

				spin_unlock(ptl);
				return page;
			}
			spin_unlock(ptl);
		}
		err = handle_mm_fault(vma, uaddr, access);
		if (err)
			return ERR_PTR(err);
	}
}

size_t access_process_vm(struct mm_struct *mm, unsigned long uaddr, void *buf, size_t len, bool write)
{
	size_t done = 0;

	down_read(&mm->mmap_lock);
	while (done < len && uaddr + done < TASK_SIZE) {
		unsigned long at = uaddr + done, off = at & ~PAGE_MASK;
		size_t n = min(len - done, PAGE_SIZE - off);
		struct page *page = get_user_page(mm, at, write);
		char *k;

		if (IS_ERR(page))
			break;
		k = (char *)page_address(page) + off;
		if (write)
			memcpy(k, (char *)buf + done, n);
		else
			memcpy((char *)buf + done, k, n);
		put_page(page);
		done += n;
	}
	up_read(&mm->mmap_lock);
	return done;
}

int insert_special_page(struct vm_area_struct *vma, unsigned long addr, struct page *page)
{
	pte_t *t = pte_table_alloc(vma->vm_mm, addr);

	if (!t)
		return -ENOMEM;
	WRITE_ONCE(t[pt_index(addr, 0)], mk_pte(page, vma->vm_page_prot | _PAGE_SPECIAL));
	return 0;
}
