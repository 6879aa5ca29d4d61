/* SPDX-License-Identifier: MIT */
/*
 * Page tables of user space: kinds of entries, the way to an entry, its lock, and what is written there.
 *
 * A table's own lock (ptl) guards the entries of last-level tables; page_table_lock guards the tables above, which only grow while
 * mmap_lock is held shared. Tables are freed with mmap_lock held exclusive, or by the last user.
 */
#ifndef VM_PGTABLE_H
#define VM_PGTABLE_H

#include "vm/shmem.h"
#include "vm/mm.h"
#include "vm/page.h"
#include "vm/rmap.h"

/*
 * What a last-level entry can be:
 *
 *   none                  0              nothing is there yet: a fault brings it in
 *   present               V              a page, under the protection in the entry
 *   protection none       U, not V       a page that no access reaches: mprotect(PROT_NONE)
 *   swap                  neither        where the contents are; not made by anything yet
 *
 * Entries of user space that name a page have U, whether valid or not. A walker asks for the kind that it means: what copies or
 * frees pages asks pte_has_page(), what moves entries asks pte_none().
 */
static inline bool pte_none(pte_t pte)
{
	return !pte;
}

static inline bool pte_protnone(pte_t pte)
{
	return (pte & (_PAGE_PRESENT | _PAGE_USER)) == _PAGE_USER;
}

static inline bool is_swap_pte(pte_t pte)
{
	return !pte_none(pte) && !(pte & (_PAGE_PRESENT | _PAGE_USER));
}

/* Does the entry name a page: present, or protection none? */
static inline bool pte_has_page(pte_t pte)
{
	DEBUG_BUG_ON(is_swap_pte(pte));		/* the callers have nothing for them yet */
	return pte & _PAGE_USER;
}

/* Is the page one that no count is kept of: the zero page, the vDSO? */
static inline bool pte_special(pte_t pte)
{
	return pte & _PAGE_SPECIAL;
}

static inline struct page *pte_page(pte_t pte)
{
	return pfn_to_page(pte_pfn(pte));
}

/* The end of what the last-level table for @addr covers, but no further than @end. Ref: Linux pmd_addr_end(). */
static inline unsigned long pmd_addr_end(unsigned long addr, unsigned long end)
{
	return min(ALIGN_DOWN(addr, pt_span(1)) + pt_span(1), end);
}

/* The table that @entry, of an upper level, points at. */
static inline pte_t *table_of(pte_t entry)
{
	return __va(pte_pa(entry));
}

/* The last-level table for @addr, or NULL: there is none. No lock: tables only go with mmap_lock held exclusive. */
static inline pte_t *pte_table(struct mm_struct *mm, unsigned long addr)
{
	pte_t e = READ_ONCE(mm->pgd[pt_index(addr, 2)]);

	if (!pte_present(e))
		return NULL;
	e = READ_ONCE(table_of(e)[pt_index(addr, 1)]);
	return pte_present(e) ? table_of(e) : NULL;
}

/** table_alloc - Make a table for @entry, of an upper level of @mm, unless it points at one by now. Return: 0 or -ENOMEM. */
int table_alloc(struct mm_struct *mm, pte_t *entry) __must_check;

/* The last-level table for @addr, made if there is none, or NULL: no memory. Context: mmap_lock held, shared or exclusive. */
static inline pte_t *pte_table_alloc(struct mm_struct *mm, unsigned long addr)
{
	pte_t *e = &mm->pgd[pt_index(addr, 2)];

	lockdep_assert_held(&mm->mmap_lock);
	if (unlikely(!pte_present(READ_ONCE(*e))) && table_alloc(mm, e))
		return NULL;
	e = &table_of(READ_ONCE(*e))[pt_index(addr, 1)];
	if (unlikely(!pte_present(READ_ONCE(*e))) && table_alloc(mm, e))
		return NULL;
	return table_of(READ_ONCE(*e));
}

/* The lock of @table, by the direct map, where all tables are. */
static inline spinlock_t *ptl_of(const pte_t *table)
{
	return &pfn_to_page(((unsigned long)table - PAGE_OFFSET) >> PAGE_SHIFT)->ptl;
}

/*
 * The entry for @addr, with its lock held, which is *@ptl; or NULL, and none is held: there is no table. (The analysis of locks
 * cannot follow that.)
 */
static inline pte_t *pte_lock(struct mm_struct *mm, unsigned long addr, spinlock_t **ptl) __no_lock_analysis
{
	pte_t *t = pte_table(mm, addr);

	if (!t)
		return NULL;
	*ptl = ptl_of(t);
	spin_lock(*ptl);
	return &t[pt_index(addr, 0)];
}

/* Which of mm->rss counts @page. */
static inline int rss_kind(const struct page *page)
{
	return PageAnon(page) ? MM_ANONPAGES :
	       mapping_is_shmem(page->mapping) ? MM_SHMEMPAGES : MM_FILEPAGES;
}

/* A present entry for @page. */
static inline pte_t mk_pte(const struct page *page, pte_t prot)
{
	return mk_pte_pfn(page_to_pfn(page), prot);
}

/* The same entry, writable: and dirty, for machines that would fault to set that bit. */
static inline pte_t pte_mkwrite(pte_t pte)
{
	return pte | _PAGE_WRITE | _PAGE_DIRTY;
}

/* By one exchange: the dirty bit that another hart's walker sets meanwhile is not lost. Return: what the entry was. */
static inline pte_t ptep_get_and_clear(pte_t *pte)
{
	return __atomic_exchange_n(pte, 0, __ATOMIC_RELAXED);
}

/**
 * insert_special_page - Map @page, which is the kernel's for good, at @addr of @vma, which is VM_SPECIAL. Return: 0 or -ENOMEM.
 * Context: mmap_lock held exclusive; nothing is mapped there.
 */
int insert_special_page(struct vm_area_struct *vma, unsigned long addr, struct page *page) __must_check;

#endif
