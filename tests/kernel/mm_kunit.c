/* SPDX-License-Identifier: MIT */
/* Memory, from inside: the kernel's own map, the buddy system, object caches, the reverse map. */
#include "locks/mutex.h"
#include "locks/rwsem.h"
#include "tests/kernel/kunit.h"

#include <string.h>

#include "task/pid.h"
#include "time/hrtimer.h"
#include "vm/brk.h"
#include "vm/gup.h"
#include "vm/kernel_map.h"
#include "vm/mm.h"
#include "vm/mmap.h"
#include "vm/rmap.h"
#include "vm/slab.h"
#include "vm/vmalloc.h"

static int writable_and_executable, user_reachable;

static void check_leaf(unsigned long va, unsigned long size, pte_t pte, void *arg)
{
	(void)va, (void)size, (void)arg;
	writable_and_executable += (pte & _PAGE_WRITE) && (pte & _PAGE_EXEC);
	user_reachable += (pte & _PAGE_USER) != 0;
}

/* The same frame may be mapped twice: no alias of the kernel's text may be writable. */
static int text_aliases;

static void check_alias(unsigned long va, unsigned long size, pte_t pte, void *arg)
{
	phys_addr_t pa = pte_pa(pte), text = __pa(_start), end = __pa(_text_end);

	(void)va, (void)arg;
	text_aliases += (pte & _PAGE_WRITE) && pa < end && pa + size > text;
}

/* No kernel page is writable and executable, by whatever address; none is the user's. */
KUNIT_CASE(mm_wx)
{
	for_each_kernel_mapping(check_leaf, NULL);
	for_each_kernel_mapping(check_alias, NULL);
	KUNIT_EXPECT(writable_and_executable == 0);
	KUNIT_EXPECT(user_reachable == 0);
	KUNIT_EXPECT(text_aliases == 0);
}

/* Blocks of every order, freed in another order, coalesce back to the start state. */
KUNIT_CASE(mm_buddy)
{
	unsigned long before[MAX_ORDER], after[MAX_ORDER], free = nr_free_pages();
	static struct page *p[MAX_ORDER * 4];
	u64 seed = 42;

	drain_all_pages();
	buddyinfo_line(0, before);
	for (int round = 0; round < 20; round++) {
		size_t n = 0;

		for (unsigned int o = 1; o < MAX_ORDER; o++)
			for (int k = 0; k < 4; k++)
				if ((p[n] = alloc_pages(GFP_KERNEL, o))) {
					KUNIT_EXPECT(IS_ALIGNED(page_to_pfn(p[n]), 1UL << o));
					p[n++]->index = o;
				}
		zone_validate();
		while (n) {
			size_t i;

			seed = seed * 6364136223846793005 + 1;
			i = (seed >> 33) % n;
			__free_pages(p[i], p[i]->index);
			p[i] = p[--n];
		}
		zone_validate();
	}
	drain_all_pages();
	buddyinfo_line(0, after);
	KUNIT_EXPECT(!memcmp(before, after, sizeof(before)));
	KUNIT_EXPECT(nr_free_pages() == free);
}

/* All of memory in single pages, and back. */
KUNIT_CASE(mm_exhaust)
{
	unsigned long free, n = 0;
	struct page *list = NULL, *p;

	drain_all_pages();	/* what other harts hold back we cannot have */
	free = nr_free_pages();
	while ((p = alloc_page(GFP_KERNEL))) {
		p->mapping = (void *)list;
		list = p;
		n++;
	}
	KUNIT_EXPECT(n == free);
	while ((p = list)) {
		list = (void *)p->mapping;
		put_page(p);
	}
	KUNIT_EXPECT(nr_free_pages() == free);
	zone_validate();
}

/* Objects of all sizes do not overlap, and go back. */
KUNIT_CASE(mm_kmalloc)
{
	static unsigned char *obj[256];
	static size_t size[256];

	for (int i = 0; i < 256; i++) {
		size[i] = 1 + i * 37 % 5000;
		obj[i] = kmalloc(size[i], GFP_KERNEL);
		KUNIT_EXPECT(obj[i] != NULL);
		memset(obj[i], i, size[i]);
	}
	for (int i = 0; i < 256; i++) {
		for (size_t k = 0; k < size[i]; k++)
			if (obj[i][k] != (unsigned char)i) {
				KUNIT_EXPECT(!"an object was overwritten");
				break;
			}
		kfree(obj[i]);
	}
}

static unsigned long found_at;
static int found;

static void note_region(struct vm_area_struct *vma, unsigned long addr, void *arg)
{
	(void)arg;
	found++;
	found_at = addr;
	KUNIT_EXPECT(vma->vm_start <= addr && addr < vma->vm_end);
}

static int regions_of(struct page *page)
{
	found = 0;
	rmap_walk(page, note_region, NULL);
	return found;
}

/* An anonymous page leads to its regions: to one; to a forked copy too; to a region that was cut; not to one that was cut off. */
KUNIT_CASE(mm_rmap)
{
	struct mm_struct *mm = mm_alloc(), *child;
	unsigned long addr = 0x100000, second = addr + PAGE_SIZE;
	struct page *page;

	down_write(&mm->mmap_lock);
	KUNIT_EXPECT(!vm_brk(mm, addr, 4 * PAGE_SIZE, PROT_READ | PROT_WRITE));
	page = get_user_page(mm, second, true);
	up_write(&mm->mmap_lock);
	KUNIT_EXPECT(!IS_ERR(page) && PageAnon(page));
	KUNIT_EXPECT(regions_of(page) == 1 && found_at == second);
	child = dup_mm(mm);
	KUNIT_EXPECT(child && regions_of(page) == 2 && found_at == second);
	down_write(&child->mmap_lock);
	KUNIT_EXPECT(!do_munmap(child, addr, PAGE_SIZE));
	KUNIT_EXPECT(regions_of(page) == 2 && found_at == second);
	KUNIT_EXPECT(!do_munmap(child, second, PAGE_SIZE));
	KUNIT_EXPECT(regions_of(page) == 1 && found_at == second);
	up_write(&child->mmap_lock);
	mmput(child);
	KUNIT_EXPECT(regions_of(page) == 1);
	put_page(page);
	mmput(mm);
}

/* vmalloc: contents, a guard page behind, and everything returned. */
KUNIT_CASE(mm_vmalloc)
{
	char *a = vmalloc(10000), *b = vmalloc(10000);

	KUNIT_EXPECT(a && b && (a + 12288 < b || b + 12288 < a));
	memset(a, 1, 10000);
	memset(b, 2, 10000);
	KUNIT_EXPECT(a[9999] == 1 && b[0] == 2);
	vfree(a);
	vfree(b);
	KUNIT_EXPECT(vmalloc(0) == NULL);
}

static int dig_deep(volatile int n);
static int (*volatile dig)(volatile int) = dig_deep;	/* the compiler must not see the recursion */

static int dig_deep(volatile int n)
{
	volatile char frame[512];

	frame[0] = n;
	return dig(n + 1) + frame[0];
}

/* For the case that expects "kernel stack overflow". */
KUNIT_CASE(crash_stack)
{
	KUNIT_EXPECT(dig_deep(0));
}

/* For the case that expects a report of the lock checker's: two locks, the wrong way round. */
KUNIT_CASE(crash_lock_order)
{
	static DEFINE_SPINLOCK(outer, LOCK_FILES);
	static DEFINE_SPINLOCK(inner, LOCK_PTL);

	spin_lock(&inner);
	spin_lock(&outer);
	spin_unlock(&outer);
	spin_unlock(&inner);
}

static DEFINE_SPINLOCK(irq_lock, LOCK_FUTEX);

static u64 take_irq_lock(struct hrtimer *)
{
	spin_lock(&irq_lock);
	spin_unlock(&irq_lock);
	return 0;
}

/* The order is right, but who holds the inner lock may be in the interrupt that waits for the outer one. */
KUNIT_CASE(crash_lock_irq)
{
	static DEFINE_SPINLOCK(inner, LOCK_PTL);
	unsigned long flags;
	struct hrtimer t;

	spin_lock(&inner);
	spin_unlock(&inner);
	hrtimer_init(&t, take_irq_lock);
	hrtimer_start(&t, ktime_get_ns());
	while (READ_ONCE(t.queued))
		cpu_relax();
	spin_lock_irqsave(&irq_lock, flags);
	spin_lock(&inner);
	spin_unlock(&inner);
	spin_unlock_irqrestore(&irq_lock, flags);
}

static DEFINE_SPINLOCK(outer_irq_lock, LOCK_LDISC);

static u64 take_outer_irq_lock(struct hrtimer *)
{
	spin_lock(&outer_irq_lock);
	spin_unlock(&outer_irq_lock);
	return 0;
}

/* A reader may have to queue behind a writer that waits for another reader, who is in the interrupt that waits for us. */
KUNIT_CASE(crash_lock_irq_read)
{
	unsigned long flags;
	struct hrtimer t;

	read_lock(&tasklist_lock);
	read_unlock(&tasklist_lock);
	hrtimer_init(&t, take_outer_irq_lock);
	hrtimer_start(&t, ktime_get_ns());
	while (READ_ONCE(t.queued))
		cpu_relax();
	spin_lock_irqsave(&outer_irq_lock, flags);
	read_lock(&tasklist_lock);
	read_unlock(&tasklist_lock);
	spin_unlock_irqrestore(&outer_irq_lock, flags);
}

/* Who gives the inner lock back lets interrupts on, and does not know of the outer one. */
KUNIT_CASE(crash_irqs_on)
{
	static DEFINE_SPINLOCK(inner, LOCK_PTL);

	spin_lock_irq(&irq_lock);
	spin_lock_irq(&inner);
	spin_unlock_irq(&inner);
	spin_unlock_irq(&irq_lock);
}

/* The same of sleeping locks, which a task holds over switches. */
KUNIT_CASE(crash_sleeping_lock_order)
{
	static mutex_t outer, inner;

	mutex_init(&outer, LOCK_INODE);
	mutex_init(&inner, LOCK_PIPE);
	mutex_lock(&inner);
	schedule();
	mutex_lock(&outer);
	mutex_unlock(&outer);
	mutex_unlock(&inner);
}

/* For the case that expects a use after free to be caught. */
KUNIT_CASE(crash_use_after_free)
{
	char *p = kmalloc(100, GFP_KERNEL), *q;

	kfree(p);
	p[50] = 1;
	q = kmalloc(100, GFP_KERNEL);
	KUNIT_EXPECT(q == p);
}

static volatile int shift = 40;

/* For the case that expects UBSan's trap: a shift wider than the type. */
KUNIT_CASE(crash_ubsan)
{
	KUNIT_EXPECT((1 << shift) != 12345);
}

static noinline void overrun(volatile char *p, int n)
{
	while (n--)
		*p++ = 'x';
}

/* For the case that expects the canary above a frame to be found dead. */
KUNIT_CASE(crash_canary)
{
	char small[16];

	overrun(small, 40);
}

/* For the case that expects an oops with a backtrace. */
KUNIT_CASE(crash_oops)
{
	*(volatile int *)0xffffffffc0000000 = 1;
}
