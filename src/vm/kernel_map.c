/* SPDX-License-Identifier: MIT */
/*
 * The kernel's page tables. paging_init() builds them once, from memblock; later only the vmalloc area changes, whose root entries
 * are there from the start, so that every address space has them. Upper tables are never freed.
 */
#include "vm/kernel_map.h"

#include "sbi/sbi.h"
#include "smp/turns.h"
#include "trap/upcall.h"
#include "vm/memblock.h"
#include "vm/page_alloc.h"

__aligned(PAGE_SIZE) pte_t swapper_pg_dir[PTRS_PER_TABLE];
unsigned long secondary_satp __section(".data") = 0;	/* head.S */
extern char __init_text_end[];

unsigned long nr_kernel_tables;

static pte_t *new_table(void)
{
	struct page *p;

	if (!totalram_pages())	/* the page allocator is not up yet */
		return memblock_alloc(PAGE_SIZE, PAGE_SIZE);
	p = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (p)
		nr_kernel_tables++;
	return p ? page_address(p) : NULL;
}

pte_t *kernel_pte(unsigned long va, int level, bool create)
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

int map_range(unsigned long va, phys_addr_t pa, u64 size, pte_t prot)
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

/* Map [base, end) in the direct map. What is read-only of the image is read-only there too. */
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

/* Memory for the struct pages at [@va, @end), by 2 MiB leaves where they fit, to spare page tables. A bank before may have made some. */
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
	/* To the ends of the largest blocks: the buddy system looks at the struct pages of a block's other half, memory or not. */
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

static void flush_tlb_kernel_window(unsigned long mask, unsigned long base, void *arg)
{
	(void)arg;
	sbi_remote_sfence_vma(mask, base, VMALLOC_START, VMALLOC_END - VMALLOC_START);
}

void flush_tlb_kernel(void)
{
	struct cpumask others = cpu_online_mask;

	preempt_disable();
	cpumask_clear_cpu(smp_processor_id(), &others);
	local_flush_tlb_all();
	remote_fence(&others, flush_tlb_kernel_window, NULL);
	preempt_enable();
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
