/* SPDX-License-Identifier: MIT */
/*
 * Address spaces: mm_struct, its regions, and what faults do to them.
 * Ref: Linux include/linux/mm_types.h, mm/mmap.c, mm/memory.c.
 */
#ifndef VM_MM_H
#define VM_MM_H

#include <sys/tree.h>

#include "abi/mman.h"
#include "riscv/pte.h"
#include "sched/wait.h"
#include "trap/upcall.h"
#include "vm/page.h"

#define VM_READ		0x00000001UL
#define VM_WRITE	0x00000002UL
#define VM_EXEC		0x00000004UL
#define VM_SHARED	0x00000008UL
#define VM_MAYREAD	0x00000010UL
#define VM_MAYWRITE	0x00000020UL
#define VM_MAYEXEC	0x00000040UL
#define VM_MAYSHARE	0x00000080UL
#define VM_GROWSDOWN	0x00000100UL
#define VM_SPECIAL	0x00000400UL	/* pages without rmap: the vDSO */
#define VM_LOCKED	0x00002000UL
#define VM_LOCKONFAULT	0x00080000UL	/* with VM_LOCKED: nothing is brought in before it is touched */
#define VM_RAND_READ	0x00008000UL
#define VM_DONTEXPAND	0x00040000UL
#define VM_ACCESS_FLAGS	(VM_READ | VM_WRITE | VM_EXEC)
#define VM_DATA_DEFAULT	(VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)

#define MMAP_MIN_ADDR	0x1000UL	/* programs may be linked there */
#define STACK_TOP	(TASK_SIZE - PAGE_SIZE)
#define STACK_GUARD_GAP	(256UL << PAGE_SHIFT)
#define TASK_UNMAPPED_BASE PAGE_ALIGN(TASK_SIZE / 3)

struct vm_area_struct;
struct file;
struct address_space;
struct anon_vma;

/* One page to bring in; mm->mmap_lock held shared. */
struct vm_fault {
	struct vm_area_struct *vma;
	unsigned long address;		/* page aligned */
	unsigned long pgoff;		/* in the file */
	bool write;
	struct page *page;		/* result: a reference to a page with the contents */
};

struct vm_operations_struct {
	void (*open)(struct vm_area_struct *vma);	/* a copy or a split was made */
	void (*close)(struct vm_area_struct *vma);	/* it goes */
	int (*fault)(struct vm_fault *vmf);		/* 0 and vmf->page, or -EIO, -ENOMEM */
	/* Map cached pages of [start, end) around the fault; may be NULL. Page-table lock held. */
	void (*map_pages)(struct vm_fault *vmf, unsigned long start, unsigned long end, pte_t *pte);
};

struct vm_area_struct {
	unsigned long vm_start, vm_end;	/* [start, end), mmap_lock */
	struct mm_struct *vm_mm;
	unsigned long vm_flags;		/* VM_* */
	pte_t vm_page_prot;		/* without write permission where the first write must fault */
	RB_ENTRY(vm_area_struct) vm_rb;
	TAILQ_ENTRY(vm_area_struct) vm_list;	/* by address */
	unsigned long rb_subtree_gap;	/* largest gap below any region of this subtree */
	unsigned long vm_pgoff;		/* pages; address / PAGE_SIZE for anonymous ones */
	struct file *vm_file;		/* or NULL */
	struct address_space *vm_mapping; /* the file's, or shared memory's; or NULL */
	const struct vm_operations_struct *vm_ops;
	struct anon_vma *anon_vma;	/* set once, under page_table_lock */
	LIST_ENTRY(vm_area_struct) anon_link;	/* anon_vma->lock */
	TAILQ_ENTRY(vm_area_struct) mapping_link; /* mapping->i_lock */
	unsigned long unmap_seen;	/* the last pass of unmap_mapping_range() that was here; mapping->i_lock */
};

RB_HEAD(vma_tree, vm_area_struct);
TAILQ_HEAD(vma_list, vm_area_struct);

enum { MM_FILEPAGES, MM_ANONPAGES, MM_SHMEMPAGES, NR_MM_COUNTERS };

struct mm_struct {
	struct rw_semaphore mmap_lock;
	u64 id;				/* [I] vm_unique_id() */
	struct vma_tree mm_rb __guarded_by(mmap_lock);
	struct vma_list mmap __guarded_by(mmap_lock);	/* by address */
	struct vm_area_struct *mmap_cache; /* last hit of find_vma(); racy, checked */
	unsigned long mmap_base;	/* [I] top of the mapping area, grows down */
	pte_t *pgd;			/* [I] */
	atomic_t mm_users;		/* threads; regions live while > 0 */
	u32 dumpable;			/* [a] others of the user it runs as may look into it; not before exec is done */
	atomic_t mm_count;		/* mm_users as one, plus lazy borrowers; the structure and pgd */
	int map_count;			/* mmap_lock */
	unsigned long map_seq;		/* debug builds: changes of the set of regions; mmap_lock */
	spinlock_t page_table_lock;	/* upper page tables, anon_vma of regions */
	struct cpumask cpumask;		/* [a] harts whose satp is this pgd */
	atomic_long_t rss[NR_MM_COUNTERS];
	atomic_long_t pgtables;		/* bytes */
	unsigned long total_vm, locked_vm, data_vm, exec_vm, stack_vm; /* pages, mmap_lock */
	atomic_long_t pinned_vm;	/* pages of rings, beyond what their user may have: RLIMIT_MEMLOCK */
	unsigned long start_code, end_code, start_data, end_data;
	unsigned long start_brk, brk, start_stack;
	unsigned long arg_start, arg_end, env_start, env_end;
	unsigned long def_flags;	/* of regions to come: VM_LOCKED, VM_LOCKONFAULT; mmap_lock */
	unsigned long rlim_as, rlim_data, rlim_stack; /* copies of the process's limits, bytes */
	unsigned long saved_auxv[48];
	struct file *exe_file;
	unsigned long vdso;
};

/* ---- vma.c: the set of regions. Context: mmap_lock, exclusive to change. ---- */

/** find_vma - First region that ends above @addr, or NULL. O(log n). Ref: Linux find_vma(). */
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);
/** find_vma_intersection - First region that meets [@start, @end), or NULL. */
struct vm_area_struct *find_vma_intersection(struct mm_struct *mm, unsigned long start, unsigned long end);
/** vma_link - Put @vma, which overlaps none, in. vma_unlink - Take it out. */
void vma_link(struct mm_struct *mm, struct vm_area_struct *vma);
void vma_unlink(struct mm_struct *mm, struct vm_area_struct *vma);
/** vma_set_range - Change a linked region's limits, overlapping nothing. */
void vma_set_range(struct vm_area_struct *vma, unsigned long start, unsigned long end, unsigned long pgoff);
/** vma_find_gap - Highest gap of @len bytes within [@low, @high), or -ENOMEM. O(log n). */
unsigned long vma_find_gap(struct mm_struct *mm, unsigned long len, unsigned long low, unsigned long high);
/** mm_validate - Check every invariant of the set; panics. O(n). */
void mm_validate(struct mm_struct *mm);

/* ---- mmap.c: calls that change regions. Context: task, may sleep. ---- */

/** vm_area_alloc - A blank region of @mm, or NULL. vm_area_free - after its references went. */
struct vm_area_struct *vm_area_alloc(struct mm_struct *mm) __must_check;
void vm_area_free(struct vm_area_struct *vma);
/** vm_area_dup - A copy that holds references of its own, in the same anon_vma. NULL: no memory. */
struct vm_area_struct *vm_area_dup(struct vm_area_struct *orig, struct mm_struct *mm) __must_check;
/** insert_vm_area - Link @vma and count it. -ENOMEM: over a limit, or space taken. */
int insert_vm_area(struct mm_struct *mm, struct vm_area_struct *vma) __must_check;
/**
 * do_mmap - Map @len bytes. @file NULL: anonymous. @pgoff in pages.
 * Return: address, or a negative errno and nothing has changed. Context: mmap_lock exclusive.
 */
unsigned long do_mmap(struct mm_struct *mm, struct file *file, struct address_space *mapping,
		      unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags,
		      unsigned long vm_may, unsigned long pgoff);
/**
 * do_munmap - Unmap whatever lies in [@start, @start + @len). Return: 0, or -EINVAL, -ENOMEM and nothing has changed.
 * Context: mmap_lock exclusive.
 */
int do_munmap(struct mm_struct *mm, unsigned long start, unsigned long len) __must_check;
/** do_brk - Move the heap's end. Return: the end as it is then. Takes mmap_lock. */
unsigned long do_brk(struct mm_struct *mm, unsigned long brk);
/** vm_brk - Make [@start, @start + @len) anonymous memory of protection @prot, whatever was there: .bss. Context: mmap_lock exclusive. */
int vm_brk(struct mm_struct *mm, unsigned long start, unsigned long len, unsigned long prot) __must_check;

/* ---- mprotect.c, mremap.c, madvise.c: what changes of regions that stay. ---- */

/**
 * change_vma_flags - The regions of [@start, @end), page aligned, lose the flags @clear and get @set; but VM_SPECIAL ones only
 * those of access. Return: 0, -ENOMEM (also: a hole; what comes before it is changed), -EACCES. Context: mmap_lock exclusive.
 */
int change_vma_flags(struct mm_struct *mm, unsigned long start, unsigned long end, unsigned long clear, unsigned long set) __must_check;
/**
 * do_mprotect - New protection for [@start, @start + @len). Return: 0, or -EINVAL; -ENOMEM (a hole, a limit) and -EACCES, and
 * the regions before the one at fault are changed. Takes mmap_lock.
 */
int do_mprotect(struct mm_struct *mm, unsigned long start, unsigned long len, unsigned long prot) __must_check;
/**
 * do_mremap - Grow, shrink or move (mremap.c). Return: the address, or a negative errno: the old pages are where they were; but
 * with MREMAP_FIXED what was at the new place may be gone. Takes mmap_lock.
 */
unsigned long do_mremap(struct mm_struct *mm, unsigned long addr, unsigned long old_len,
			unsigned long new_len, unsigned long flags, unsigned long new_addr);
/** do_madvise - Advice (madvise.c); DONTNEED drops the pages. -ENOMEM: a hole, the rest is done. Takes mmap_lock. */
int do_madvise(struct mm_struct *mm, unsigned long start, unsigned long len, int advice) __must_check;
/** expand_stack - Grow a VM_GROWSDOWN region down to @addr. Context: mmap_lock exclusive. */
int expand_stack(struct vm_area_struct *vma, unsigned long addr) __must_check;
/** vm_get_page_prot - PTE bits for region flags. */
pte_t vm_get_page_prot(unsigned long vm_flags);

/* ---- mlock.c: memory that is to be there. Context: task; they take mmap_lock. ---- */

/**
 * mm_populate - Fault in what regions have of [@start, @start + @len), all that can be; not of those with VM_LOCKONFAULT.
 * Return: 0, or why something could not: -EFAULT (no access, beyond a file, a hole), -ENOMEM, -EINTR (we are to die).
 */
int mm_populate(struct mm_struct *mm, unsigned long start, unsigned long len);
/** mm_populate_locked - Fault in what locked regions have of [@start, @start + @len), as far as it goes. */
void mm_populate_locked(struct mm_struct *mm, unsigned long start, unsigned long len);
/** do_mlock - Lock the pages of [@start, @start + @len), with VM_LOCKED and maybe VM_LOCKONFAULT, or (0) unlock them. */
int do_mlock(struct mm_struct *mm, unsigned long start, unsigned long len, unsigned long flags) __must_check;
/** do_mlockall - @flags: MCL_*; 0: unlock all. */
int do_mlockall(struct mm_struct *mm, int flags) __must_check;
/** do_mincore - Per page of [@start, @start + @nr pages), in @vec: is it in memory? -ENOMEM: a hole. Context: nobody else sees @vec. */
int do_mincore(struct mm_struct *mm, unsigned long start, unsigned long nr, u8 *vec) __must_check;
/** do_msync - What was written is where read() finds it, which is so at any time. -EBUSY: locked, and @flags & MS_INVALIDATE. */
int do_msync(struct mm_struct *mm, unsigned long start, unsigned long len, int flags) __must_check;

/* ---- mm.c: life of an address space ---- */

/** vm_unique_id - Of an address space or a page cache: never the same twice, so that it may outlive what it names. */
u64 vm_unique_id(void);
/** mm_alloc - An empty one, mm_users = mm_count = 1, or NULL. */
struct mm_struct *mm_alloc(void) __must_check;
/** dup_mm - A copy for fork, pages shared copy-on-write. Return: or NULL. Takes both mmap_locks. */
struct mm_struct *dup_mm(struct mm_struct *old) __must_check;
/** mmput - One user less; the last takes all regions down. Context: task, may sleep. */
void mmput(struct mm_struct *mm);
static inline void mmget(struct mm_struct *mm)
{
	atomic_inc(&mm->mm_users);
}
/** mmdrop - One holder less; the last frees structure and root table. Context: any but interrupts. */
void __mmdrop(struct mm_struct *mm);
static inline void mmdrop(struct mm_struct *mm)
{
	if (atomic_dec_and_test(&mm->mm_count))
		__mmdrop(mm);
}
/** get_task_mm - @p's mm with a reference, or NULL. mmput() it. */
struct mm_struct *get_task_mm(struct task_struct *p);
/** exec_mmap - The current task uses @mm from now on; the old one is put. */
void exec_mmap(struct mm_struct *mm);
/** exit_mm - The current task uses none from now on. */
void exit_mm(void);
/** mm_cache_init, mmap_init - Caches. init_mm: the kernel's own space, what idle tasks borrow. Context: boot. */
void mm_cache_init(void);
void mmap_init(void);
extern struct mm_struct init_mm;

/* ---- memory.c: page tables ---- */

/** vm_nr_faults - User pages brought in on hart @cpu. Context: any. */
u64 vm_nr_faults(unsigned int cpu);
/**
 * handle_mm_fault - Bring the page at @addr in, for the access.
 * Return: 0, -EIO (beyond the file), -ENOMEM. Context: mmap_lock, access allowed by the region.
 */
int handle_mm_fault(struct vm_area_struct *vma, unsigned long addr, enum fault_access access);
/** access_allowed - Does the region allow the access? */
bool access_allowed(const struct vm_area_struct *vma, enum fault_access access);
/** copy_page_range - Share @src's private pages with @dst at fork. -ENOMEM. Context: both mmap_locks. */
int copy_page_range(struct vm_area_struct *dst, struct vm_area_struct *src) __must_check;
/**
 * unmap_region - Drop the pages of the regions in @detached (maybe none), taken out of @mm, and the tables of [@start, @end)
 * that nobody needs.
 */
void unmap_region(struct mm_struct *mm, struct vma_list *detached, unsigned long start, unsigned long end);
/** zap_page_range - Drop the pages, keep the region. */
void zap_page_range(struct vm_area_struct *vma, unsigned long start, unsigned long end);
/** exit_mmap - Drop everything. Context: last user. */
void exit_mmap(struct mm_struct *mm);
/** get_user_page - A reference to the page at @uaddr of another mm, faulted in for the access. Or ERR_PTR. */
struct page *get_user_page(struct mm_struct *mm, unsigned long uaddr, bool write);
/** access_process_vm - Read @len bytes at @uaddr of @mm. Return: bytes read. Takes mmap_lock. */
size_t access_process_vm(struct mm_struct *mm, unsigned long uaddr, void *buf, size_t len, bool write);
/** insert_special_page - Map a kernel-owned page into a VM_SPECIAL region. */
int insert_special_page(struct vm_area_struct *vma, unsigned long addr, struct page *page) __must_check;
extern struct page *zero_page;

/* ---- rmap.c ---- */

/** anon_vma_prepare - Make sure that @vma has an anon_vma. 0 or -ENOMEM. Context: mmap_lock. */
int anon_vma_prepare(struct vm_area_struct *vma) __must_check;
void anon_vma_link(struct vm_area_struct *vma);
void anon_vma_unlink(struct vm_area_struct *vma);
/** page_add_anon_rmap - @page, new, is mapped at @addr of @vma. */
static inline void page_add_anon_rmap(struct page *page, struct vm_area_struct *vma, unsigned long addr)
{
	page->index = ((addr - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
	page->mapping = (struct address_space *)((unsigned long)vma->anon_vma | PAGE_MAPPING_ANON);
	atomic_set(&page->_mapcount, 1);
}
static inline bool PageAnon(const struct page *page)
{
	return (unsigned long)page->mapping & PAGE_MAPPING_ANON;
}
/** rmap_walk - Call @fn for each region of @page's family that covers its index. Context: page referenced. */
void rmap_walk(struct page *page, void (*fn)(struct vm_area_struct *vma, unsigned long addr, void *arg), void *arg);
void rmap_init(void);

/* ---- tlb.c ---- */

/** flush_tlb_range - Nobody uses stale entries of [@start, @end) of @mm after this. Context: interrupts on. */
void flush_tlb_range(struct mm_struct *mm, unsigned long start, unsigned long end);
void flush_tlb_mm(struct mm_struct *mm);
/** drop_lazy_mms - No other hart borrows an address space after this. Context: task. */
void drop_lazy_mms(void);
static inline void flush_tlb_page(struct vm_area_struct *vma, unsigned long addr)
{
	flush_tlb_range(vma->vm_mm, addr, addr + PAGE_SIZE);
}
/** flush_icache_mm - Instructions written by stores are seen on all harts that run @mm. */
void flush_icache_mm(struct mm_struct *mm);

#endif
