/* SPDX-License-Identifier: MIT */
/*
 * Address spaces: mm_struct and its life. Two counts: mm_users, threads and who looks into it (mmget, mmput); mm_count, all users as
 * one and each task that borrows it (mmdrop). Ref: Linux include/linux/mm_types.h, kernel/fork.c.
 */
#ifndef VM_MM_H
#define VM_MM_H

#include "locks/rwsem.h"
#include "sched/sched.h"
#include "vm/vma.h"

enum { MM_FILEPAGES, MM_ANONPAGES, MM_SHMEMPAGES, NR_MM_COUNTERS };

/* @members, each by its own name and all together by @name. Ref: Linux struct_group(). */
#define struct_group(name, members...) union { struct { members }; struct { members } name; }

struct mm_struct {
	struct rw_semaphore mmap_lock;
	u64 id;				/* [I] vm_unique_id() */
	struct vma_tree mm_rb __protected_by(mmap_lock);
	struct vma_list mmap __protected_by(mmap_lock);	/* by address */
	struct vm_area_struct *mmap_cache; /* last hit of find_vma(); racy, checked */
	int map_count;			/* regions; mmap_lock */
	unsigned long map_seq;		/* debug builds: changes of the set of regions; mmap_lock */
	pte_t *pgd;			/* [I] */
	spinlock_t page_table_lock;	/* upper page tables, anon_vma of regions */
	atomic_t mm_users;		/* threads; regions live while > 0 */
	atomic_t mm_count;		/* mm_users as one, plus lazy borrowers; the structure and pgd live while > 0 */
	struct cpumask cpumask;		/* [a] harts whose satp is this pgd */
	atomic_long_t rss[NR_MM_COUNTERS];	/* pages */
	atomic_long_t pgtables;		/* bytes */
	atomic_long_t pinned_vm;	/* pages of rings, beyond what their user may have: RLIMIT_MEMLOCK */
	u32 dumpable;			/* [a] others of the user it runs as may look into it; not before exec is done */
	unsigned long locked_vm;	/* pages, mmap_lock */
	unsigned long def_flags;	/* of regions to come: VM_LOCKED, VM_LOCKONFAULT; mmap_lock */
	struct file *exe_file;		/* a reference, or NULL */
	/* A child of fork has these as its parent has them. mmap_lock. */
	struct_group(layout,
		unsigned long mmap_base;	/* [I] top of the mapping area, grows down */
		unsigned long total_vm, data_vm, exec_vm, stack_vm;	/* pages */
		unsigned long start_code, end_code, start_data, end_data;
		unsigned long start_brk, brk, start_stack;
		unsigned long arg_start, arg_end, env_start, env_end;
		unsigned long rlim_as, rlim_data, rlim_stack;	/* copies of the process's limits, bytes */
		unsigned long saved_auxv[48];
		unsigned long vdso;		/* its address */
	);
};

/** vm_unique_id - A number for an address space or a page cache, never the same twice: it may outlive what it names. Context: any. */
u64 vm_unique_id(void);
/** mm_alloc - An empty address space, for one user: mmput() it. Return: or NULL: no memory. Context: task. */
struct mm_struct *mm_alloc(void) __must_check;
/**
 * dup_mm - A copy of @old for fork: private pages are shared copy-on-write, locks (mlock) are not inherited.
 * Return: for one user; or NULL: no memory, or a fatal signal. Context: task, may sleep. Takes both mmap_locks.
 */
struct mm_struct *dup_mm(struct mm_struct *old) __must_check;
/** mmput - One user less; with the last all regions go. Context: task, may sleep. */
void mmput(struct mm_struct *mm);
/** mmget - One user more of @mm, which has one. mmput() it. Context: any. */
static inline void mmget(struct mm_struct *mm)
{
	atomic_inc(&mm->mm_users);
}
/** __mmdrop - As mmdrop(), with the last holder gone. Context: any but interrupts. */
void __mmdrop(struct mm_struct *mm);
/** mmdrop - One holder (mm_count) less; the last frees structure and root table. Context: any but interrupts. */
static inline void mmdrop(struct mm_struct *mm)
{
	if (atomic_dec_and_test(&mm->mm_count))
		__mmdrop(mm);
}
/** get_task_mm - The address space of @p, with a user more: mmput() it. Return: or NULL: it has none. Context: task. */
struct mm_struct *get_task_mm(struct task_struct *p);
/** mm_cache_init - The caches of this folder, but for those of kmem_cache_init(). Context: boot. */
void mm_cache_init(void);
extern struct mm_struct init_mm;	/* the kernel's: no user space; idle tasks borrow it */

#endif
