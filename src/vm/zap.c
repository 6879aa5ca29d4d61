/* SPDX-License-Identifier: MIT */
/*
 * Pages leave page tables, and page tables go. What was taken out is gathered and freed only when no TLB leads there any more.
 */
#include "vm/zap.h"

#include <string.h>

#include "vm/pgtable.h"
#include "vm/tlb.h"
#include "vm/vm_area.h"

#define GATHER 128

/* Pages and page tables that were taken out; tlb_flush() flushes, then frees them. */
struct mmu_gather {
	struct mm_struct *mm;
	unsigned long start, end;	/* of the entries that went, to flush */
	bool freed_tables;		/* flush all: a walker may hold upper levels cached */
	unsigned int nr;
	long rss[NR_MM_COUNTERS];
	struct page *pages[GATHER];
};

static void tlb_gather(struct mmu_gather *tlb, struct mm_struct *mm)
{
	tlb->mm = mm;
	tlb->start = ~0UL;
	tlb->end = 0;
	tlb->freed_tables = false;
	tlb->nr = 0;
	memset(tlb->rss, 0, sizeof(tlb->rss));
}

static void tlb_flush(struct mmu_gather *tlb)
{
	if (tlb->freed_tables)
		flush_tlb_mm(tlb->mm);
	else if (tlb->end > tlb->start)
		flush_tlb_range(tlb->mm, tlb->start, tlb->end);
	for (unsigned int i = 0; i < tlb->nr; i++)
		put_page(tlb->pages[i]);
	for (int i = 0; i < NR_MM_COUNTERS; i++)
		if (tlb->rss[i])
			atomic_add(tlb->rss[i], &tlb->mm->rss[i]);
	tlb_gather(tlb, tlb->mm);
}

static void zap_page(struct mmu_gather *tlb, pte_t pte)
{
	struct page *page = pte_page(pte);
	int kind = rss_kind(page);

	tlb->rss[kind]--;
	if (kind != MM_ANONPAGES && (pte & (_PAGE_DIRTY | _PAGE_WRITE)) == (_PAGE_DIRTY | _PAGE_WRITE))
		set_page_dirty(page);
	atomic_dec(&page->_mapcount);
	tlb->pages[tlb->nr++] = page;
}

/* Clear entries of one table, for [@start, @end), as far as there is room for their pages. Return: how far. */
static unsigned long zap_entries(struct mmu_gather *tlb, pte_t *pte, unsigned long start, unsigned long end)
{
	unsigned long first = tlb->start, last = tlb->end;

	for (; start < end && tlb->nr < GATHER; start += PAGE_SIZE, pte++) {
		pte_t old = *pte;

		if (!pte_has_page(old))
			continue;
		old = ptep_get_and_clear(pte);
		first = min(first, start);
		last = start + PAGE_SIZE;
		if (!pte_special(old))
			zap_page(tlb, old);
	}
	tlb->start = first;
	tlb->end = last;
	return start;
}

static void zap_range(struct mmu_gather *tlb, unsigned long start, unsigned long end) __no_lock_analysis
{
	while (start < end) {
		unsigned long next = pmd_addr_end(start, end);
		spinlock_t *ptl;
		pte_t *pte = pte_lock(tlb->mm, start, &ptl);

		if (!pte) {
			start = next;
			continue;
		}
		start = zap_entries(tlb, pte, start, next);
		spin_unlock(ptl);
		if (tlb->nr == GATHER)
			tlb_flush(tlb);
	}
}

void zap_page_range(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	struct mmu_gather tlb;

	lockdep_assert_held(&vma->vm_mm->mmap_lock);
	tlb_gather(&tlb, vma->vm_mm);
	zap_range(&tlb, start, end);
	tlb_flush(&tlb);
}

/* Unlink the table that @entry points at. */
static void unlink_table(struct mmu_gather *tlb, pte_t *entry)
{
	if (tlb->nr == GATHER)
		tlb_flush(tlb);
	tlb->pages[tlb->nr++] = pte_page(*entry);
	tlb->freed_tables = true;
	WRITE_ONCE(*entry, 0);
	atomic_sub(PAGE_SIZE, &tlb->mm->pgtables);
}

/* Unlink the tables below @table, a table of @level, that cover a part of [@start, @end) and nothing beyond @floor and @ceiling. */
static void unlink_tables(struct mmu_gather *tlb, pte_t *table, int level, unsigned long start, unsigned long end,
			  unsigned long floor, unsigned long ceiling)
{
	unsigned long span = pt_span(level), next;

	for (unsigned long a = ALIGN_DOWN(start, span); a < end; a = next) {
		pte_t *entry = &table[pt_index(a, level)];

		next = a + span;
		if (!pte_present(*entry))
			continue;
		if (level > 1)
			unlink_tables(tlb, table_of(*entry), level - 1, max(a, start), min(next, end), floor, ceiling);
		if (a >= floor && next <= ceiling)
			unlink_table(tlb, entry);
	}
}

/*
 * The tables that [@start, @end) needed go, but for those that cover something else too. All their entries are none, and between
 * @floor and @ceiling nothing else is mapped.
 */
static void free_pgtables(struct mmu_gather *tlb, unsigned long start, unsigned long end, unsigned long floor,
			  unsigned long ceiling)
{
	unsigned long span = pt_span(1);

	/* Mostly there is no whole last-level table to free, and so none above it. */
	start = max(ALIGN_DOWN(start, span), ALIGN_UP(floor, span));
	end = min(ALIGN_UP(end, span), ALIGN_DOWN(ceiling, span));
	if (start < end)
		unlink_tables(tlb, tlb->mm->pgd, 2, start, end, floor, ceiling);
}

void unmap_region(struct mm_struct *mm, struct vma_list *detached, struct vm_area_struct *next, unsigned long start,
		  unsigned long end)
{
	struct vm_area_struct *vma, *prev = next ? TAILQ_PREV(next, vma_list, vm_list) : TAILQ_LAST(&mm->mmap, vma_list);
	struct mmu_gather tlb;

	lockdep_assert_held_write(&mm->mmap_lock);
	tlb_gather(&tlb, mm);
	TAILQ_FOREACH(vma, detached, vm_list)
		zap_range(&tlb, vma->vm_start, vma->vm_end);
	free_pgtables(&tlb, start, end, prev ? prev->vm_end : 0, next ? next->vm_start : TASK_SIZE);
	tlb_flush(&tlb);
}

/* The last user is leaving, so no lock is needed. But harts may still borrow the page table. */
void exit_mmap(struct mm_struct *mm)
{
	struct vm_area_struct *vma, *next;
	struct mmu_gather tlb;

	tlb_gather(&tlb, mm);
	TAILQ_FOREACH(vma, &mm->mmap, vm_list)
		zap_range(&tlb, vma->vm_start, vma->vm_end);
	/* A table that two regions share goes with the last of them. */
	TAILQ_FOREACH(vma, &mm->mmap, vm_list) {
		next = TAILQ_NEXT(vma, vm_list);
		free_pgtables(&tlb, vma->vm_start, vma->vm_end, 0, next ? next->vm_start : TASK_SIZE);
	}
	tlb_flush(&tlb);
	while ((vma = TAILQ_FIRST(&mm->mmap))) {
		TAILQ_REMOVE(&mm->mmap, vma, vm_list);
		vm_area_free(vma);
	}
	RB_INIT(&mm->mm_rb);
	mm->map_count = 0;
	mm->mmap_cache = NULL;
}
