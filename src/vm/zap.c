/* SPDX-License-Identifier: MIT */
/* Pages and page tables go. */

#include "vm/zap.h"

#include <string.h>

#include "vm/pgtable.h"
#include "vm/tlb.h"
#include "vm/vm_area.h"

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
	struct page *page = pte_page(pte);

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

			if (!pte_has_page(old))
				continue;
			old = ptep_get_and_clear(pte);
			tlb->start = min(tlb->start, start);
			tlb->end = start + PAGE_SIZE;
			if (!pte_special(old))
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
			freed[nr++] = pte_page(*e);
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
				put_page(pte_page(mid[k]));
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
