/* SPDX-License-Identifier: MIT */
/* The heap and the stack grow. */
#ifndef VM_BRK_H
#define VM_BRK_H

#include "lib/compiler.h"

struct mm_struct;
struct vm_area_struct;

/** do_brk - Move the heap's end. Return: the end as it is then. Takes mmap_lock. */
unsigned long do_brk(struct mm_struct *mm, unsigned long brk);
/** vm_brk - Make [@start, @start + @len) anonymous memory of protection @prot, whatever was there: .bss. Context: mmap_lock exclusive. */
int vm_brk(struct mm_struct *mm, unsigned long start, unsigned long len, unsigned long prot) __must_check;
/** expand_stack - Grow a VM_GROWSDOWN region down to @addr. Context: mmap_lock exclusive. */
int expand_stack(struct vm_area_struct *vma, unsigned long addr) __must_check;

#endif
