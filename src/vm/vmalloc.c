/* SPDX-License-Identifier: MIT */
#include "vm/vmalloc.h"

#include <string.h>

#include "sbi/sbi.h"
#include "sched/wait.h"
#include "smp/turns.h"
#include "trap/upcall.h"
#include "vm/slab.h"

__aligned(PAGE_SIZE) pte_t swapper_pg_dir[PTRS_PER_TABLE];
unsigned long secondary_satp __section(".data") = 0;	/* head.S */
extern char __init_text_end[];

unsigned long nr_kernel_tables;	/* vmalloc_lock; they are never freed */
static bool slab_up;	/* page tables come from the allocator, not from memblock */

static pte_t *new_table(void)
{
	struct page *p;

	if (!slab_up)
		return memblock_alloc(PAGE_SIZE, PAGE_SIZE);
	p = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (p)
		nr_kernel_tables++;
	return p ? page_address(p) : NULL;
}

/* The entry for @va at @level, tables above it made as needed; NULL: no memory. */
static pte_t *kernel_pte(unsigned long va, int level, bool create)
{
	pte_t *t = swapper_pg_dir;

	for (int l = 2; l > level; l--) {
		pte_t *e = &t[pt_index(va, l)];

		if (!pte_present(*e)) {
			pte_t *n;

			if (!create || !(n = new_table()))
				return NULL;
			smp_wmb();
			WRITE_ONCE(*e, mk_pte_pfn(__pa(n) >> PAGE_SHIFT, _PAGE_PRESENT));
		}
		t = __va(pte_pa(*e));
	}
	return &t[pt_index(va, level)];
}

/* Map [va, va + size) with the largest pages that fit. */
static int map_range(unsigned long va, phys_addr_t pa, u64 size, pte_t prot)
{
	while (size) {
		int level = size >= pt_span(1) && IS_ALIGNED(va | pa, pt_span(1)) ? 1 : 0;
		pte_t *e;

		if (size >= pt_span(2) && IS_ALIGNED(va | pa, pt_span(2)))
			level = 2;
		e = kernel_pte(va, level, true);
		if (!e)
			return -ENOMEM;
		WRITE_ONCE(*e, mk_pte_pfn(pa >> PAGE_SHIFT, prot));
		va += pt_span(level);
		pa += pt_span(level);
		size -= pt_span(level);
	}
	return 0;
}

static void __init map_image(char *start, char *end, pte_t prot)
{
	BUG_ON(map_range((unsigned long)start, __pa(start), PAGE_ALIGN(end - start), prot));
}

/* The direct map of [base, end), the image's read-only parts read-only there too. */
static void __init map_direct(phys_addr_t base, phys_addr_t end)
{
	struct {
		phys_addr_t s, e;
	} ro[2] = {
		{ __pa(_start), __pa(_text_end) }, { __pa(_rodata_start), __pa(_rodata_end) },
	};

	for (int i = 0; i < 2; i++) {
		phys_addr_t s = max(ro[i].s, base), e = min(ro[i].e, end);

		if (s >= e)
			continue;
		BUG_ON(map_range((unsigned long)__va(base), base, s - base, PAGE_KERNEL));
		BUG_ON(map_range((unsigned long)__va(s), s, e - s, PAGE_KERNEL_RO));
		base = e;
	}
	BUG_ON(map_range((unsigned long)__va(base), base, end - base, PAGE_KERNEL));
}

/* struct pages at [@va, @end): of 2 MiB leaves where they fit whole, or page tables would cost memory. Banks may share some. */
static void __init map_struct_pages(unsigned long va, unsigned long end)
{
	unsigned long step;

	for (; va < end; va += step) {
		pte_t *e = kernel_pte(va, 1, true);
		bool whole = IS_ALIGNED(va, pt_span(1)) && end - va >= pt_span(1);

		step = PAGE_SIZE;
		if (pte_present(*e) && pte_is_leaf(*e)) {
			step = pt_span(1) - (va & (pt_span(1) - 1));
			continue;
		}
		if (whole && !pte_present(*e))
			step = pt_span(1);
		else
			e = kernel_pte(va, 0, true);
		if (!pte_present(*e))
			WRITE_ONCE(*e, mk_pte_pfn(__pa(memblock_alloc(step, step)) >> PAGE_SHIFT, PAGE_KERNEL));
	}
}

void __init paging_init(void)
{
	/* To the ends of the largest blocks: the other half of a block has struct pages, memory or not. */
	for (unsigned int i = 0; i < nr_memblock_memory; i++) {
		phys_addr_t base = memblock_memory[i].base, end = base + memblock_memory[i].size;
		unsigned long first = ALIGN_DOWN(base >> PAGE_SHIFT, MAX_ORDER_PAGES);
		unsigned long last = ALIGN_UP(end >> PAGE_SHIFT, MAX_ORDER_PAGES);

		map_struct_pages((unsigned long)pfn_to_page(first), (unsigned long)pfn_to_page(last));
		map_direct(base, end);
	}
	map_image(_start, _text_end, PAGE_KERNEL_RX);
	map_image(__init_begin, __init_text_end, PAGE_KERNEL_RX);
	map_image(__init_text_end, __init_end, PAGE_KERNEL);
	map_image(_rodata_start, _rodata_end, PAGE_KERNEL_RO);
	map_image(_data_start, _end, PAGE_KERNEL);
	/* The vmalloc area's root entries exist from the start: every mm copies them once. */
	for (unsigned long va = VMALLOC_START; va < VMALLOC_END; va += pt_span(2))
		BUG_ON(!kernel_pte(va, 1, true));

	secondary_satp = SATP_MODE_SV39 | __pa(swapper_pg_dir) >> PAGE_SHIFT;
	csr_write(satp, secondary_satp);
	local_flush_tlb_all();
}

/* Areas of the vmalloc range, by address. */
struct vm_area {
	TAILQ_ENTRY(vm_area) list;
	unsigned long start, size;	/* size includes the guard page */
	unsigned int nr_pages;		/* pages owned; 0 for MMIO */
};

static TAILQ_HEAD(, vm_area) areas = TAILQ_HEAD_INITIALIZER(areas);
static mutex_t vmalloc_lock;

static void flush_tlb_kernel_window(unsigned long mask, unsigned long base, void *arg)
{
	(void)arg;
	sbi_remote_sfence_vma(mask, base, VMALLOC_START, VMALLOC_END - VMALLOC_START);
}

static void flush_tlb_kernel(void)
{
	struct cpumask others = cpu_online_mask;

	preempt_disable();
	cpumask_clear_cpu(smp_processor_id(), &others);
	local_flush_tlb_all();
	remote_fence(&others, flush_tlb_kernel_window, NULL);
	preempt_enable();
}

/* First fit; @align is a power of two, and a gap of a page is kept below each area. */
static struct vm_area *get_area(size_t size, size_t align)
{
	struct vm_area *a, *n = kmalloc(sizeof(*n), GFP_KERNEL);
	unsigned long start = VMALLOC_START + align;

	if (!n)
		return NULL;
	mutex_lock(&vmalloc_lock);
	TAILQ_FOREACH(a, &areas, list) {
		if (start + size <= a->start)
			break;
		start = ALIGN_UP(a->start + a->size, align);
	}
	if (!a && (start + size > VMALLOC_END || start + size < start)) {
		mutex_unlock(&vmalloc_lock);
		kfree(n);
		return NULL;
	}
	n->start = start;
	n->size = size;
	n->nr_pages = 0;
	if (a)
		TAILQ_INSERT_BEFORE(a, n, list);
	else
		TAILQ_INSERT_TAIL(&areas, n, list);
	mutex_unlock(&vmalloc_lock);
	return n;
}

/* Unmap and free what is mapped of @a, then forget it. */
static void put_area(struct vm_area *a)
{
	for (unsigned int i = 0; i < a->nr_pages; i++) {
		pte_t *e = kernel_pte(a->start + i * PAGE_SIZE, 0, false);

		/* Not present, but the frame stays noted: freed after the flush. */
		WRITE_ONCE(*e, *e & ~_PAGE_PRESENT);
	}
	flush_tlb_kernel();
	for (unsigned int i = 0; i < a->nr_pages; i++) {
		pte_t *e = kernel_pte(a->start + i * PAGE_SIZE, 0, false);
		struct page *p = pfn_to_page(pte_pfn(*e));

		WRITE_ONCE(*e, 0);
		put_page(p);
	}
	mutex_lock(&vmalloc_lock);
	TAILQ_REMOVE(&areas, a, list);
	mutex_unlock(&vmalloc_lock);
	kfree(a);
}

static void *vmalloc_aligned(size_t size, size_t align, size_t guard)
{
	unsigned long n = PAGE_ALIGN(size) >> PAGE_SHIFT;
	struct vm_area *a = get_area(n * PAGE_SIZE + guard, align);

	if (!a)
		return NULL;
	while (a->nr_pages < n) {
		unsigned long va = a->start + a->nr_pages * PAGE_SIZE;
		struct page *p = alloc_page(GFP_KERNEL);
		pte_t *e;

		mutex_lock(&vmalloc_lock);	/* two areas may share a table */
		e = p ? kernel_pte(va, 0, true) : NULL;
		mutex_unlock(&vmalloc_lock);
		if (!e) {
			if (p)
				put_page(p);
			put_area(a);
			return NULL;
		}
		WRITE_ONCE(*e, mk_pte_pfn(page_to_pfn(p), PAGE_KERNEL));
		a->nr_pages++;
	}
	smp_wmb();	/* entries before the address is known; a stale walk faults and retries */
	return (void *)a->start;
}

void *vmalloc(size_t size)
{
	return size ? vmalloc_aligned(size, PAGE_SIZE, PAGE_SIZE) : NULL;
}

void vfree(void *p)
{
	struct vm_area *a;

	if (!p)
		return;
	mutex_lock(&vmalloc_lock);
	TAILQ_FOREACH(a, &areas, list)
		if (a->start == (unsigned long)p)
			break;
	mutex_unlock(&vmalloc_lock);
	BUG_ON(!a);
	put_area(a);
}

void *ioremap(phys_addr_t pa, u64 size)
{
	unsigned long off = pa & ~PAGE_MASK;
	struct vm_area *a;

	size = PAGE_ALIGN(size + off);
	a = get_area(size + PAGE_SIZE, PAGE_SIZE);
	if (!a || map_range(a->start, pa - off, size, PAGE_KERNEL))
		return NULL;
	local_flush_tlb_all();
	return (void *)(a->start + off);
}

/*
 * Free stacks stay mapped, for unmapping one costs a flush on every hart: a few
 * a hart, the rest in a pool that is cut back from task context. A free stack
 * may be put here by the switch that left it for the last time, which may not
 * sleep.
 */
#define STACK_CACHE 4
#define STACK_POOL  16

struct stack_cache {
	u32 count;
	void *stacks[STACK_CACHE];
};
static DEFINE_PER_CPU(struct stack_cache, stack_caches);
static DEFINE_SPINLOCK(stack_lock, LOCK_SLAB);
static void *stack_pool __guarded_by(stack_lock);	/* chained through their first word */
static unsigned int stack_pool_size __guarded_by(stack_lock);

static void *pool_take(unsigned int leave)
{
	void *s = NULL;
	unsigned long flags;

	spin_lock_irqsave(&stack_lock, flags);
	if (stack_pool_size > leave) {
		s = stack_pool;
		stack_pool = *(void **)s;
		stack_pool_size--;
	}
	spin_unlock_irqrestore(&stack_lock, flags);
	return s;
}

static void pool_put(void *s)
{
	unsigned long flags;

	spin_lock_irqsave(&stack_lock, flags);
	*(void **)s = stack_pool;
	stack_pool = s;
	stack_pool_size++;
	spin_unlock_irqrestore(&stack_lock, flags);
}

void *alloc_kernel_stack(void)
{
	struct stack_cache *c;
	unsigned long flags;
	void *s = NULL;

	flags = local_irq_save();	/* drain_local_stacks() comes as an interrupt */
	c = this_cpu_ptr(&stack_caches);
	if (c->count)
		s = c->stacks[--c->count];
	local_irq_restore(flags);
	if (!s && READ_ONCE(stack_pool_size))
		s = pool_take(0);
	return s ? s : vmalloc_aligned(THREAD_SIZE, 2 * THREAD_SIZE, THREAD_SIZE);
}

void free_kernel_stack(void *stack)
{
	unsigned long flags = local_irq_save();
	struct stack_cache *c = this_cpu_ptr(&stack_caches);

	if (c->count < STACK_CACHE) {
		c->stacks[c->count++] = stack;
		stack = NULL;
	}
	local_irq_restore(flags);
	if (stack)
		pool_put(stack);
}

void kernel_stacks_trim(void)
{
	void *s;

	while (unlikely(READ_ONCE(stack_pool_size) > STACK_POOL) && (s = pool_take(STACK_POOL)))
		vfree(s);
}

void kernel_stacks_drain_local(void)
{
	struct stack_cache *c = this_cpu_ptr(&stack_caches);

	while (c->count)
		pool_put(c->stacks[--c->count]);
}

static void drain_local_stacks(void *unused)
{
	(void)unused;
	kernel_stacks_drain_local();
}

void kernel_stacks_drain(void)
{
	unsigned long flags;
	void *s;

	preempt_disable();
	flags = local_irq_save();
	kernel_stacks_drain_local();
	local_irq_restore(flags);
	smp_call_function_many(&cpu_online_mask, drain_local_stacks, NULL);
	preempt_enable();
	while ((s = pool_take(0)))
		vfree(s);
}

void __init vmalloc_init(void)
{
	mutex_init(&vmalloc_lock, LOCK_VMALLOC);
	slab_up = true;
}

void free_initmem(void)
{
	for (char *p = __init_begin; p < __init_end; p += PAGE_SIZE)
		WRITE_ONCE(*kernel_pte((unsigned long)p, 0, false), 0);
	flush_tlb_kernel();
	free_reserved_area(__init_begin, __init_end);
}

bool vm_kernel_access_ok(unsigned long addr, enum fault_access access)
{
	static const pte_t needed[] = {
		[FAULT_READ] = _PAGE_READ, [FAULT_WRITE] = _PAGE_WRITE, [FAULT_EXEC] = _PAGE_EXEC,
	};
	const pte_t *t = swapper_pg_dir;

	for (int level = 2; level >= 0; level--) {
		pte_t e = READ_ONCE(t[pt_index(addr, level)]);

		if (!pte_present(e))
			return false;
		if (pte_is_leaf(e))
			return e & needed[access];
		t = __va(pte_pa(e));
	}
	return false;
}

static void walk(pte_t *t, unsigned long va, int level,
		 void (*fn)(unsigned long, unsigned long, pte_t, void *), void *arg)
{
	for (unsigned int i = level == 2 ? PTRS_PER_TABLE / 2 : 0; i < PTRS_PER_TABLE; i++) {
		unsigned long a = va + i * pt_span(level);
		pte_t e = READ_ONCE(t[i]);

		if (level == 2)
			a = (unsigned long)((long)(a << 25) >> 25);	/* sign of bit 38 */
		if (!pte_present(e))
			continue;
		if (pte_is_leaf(e))
			fn(a, pt_span(level), e, arg);
		else
			walk(__va(pte_pa(e)), a, level - 1, fn, arg);
	}
}

void for_each_kernel_mapping(void (*fn)(unsigned long va, unsigned long size, pte_t pte, void *arg),
			     void *arg)
{
	walk(swapper_pg_dir, 0, 2, fn, arg);
}
