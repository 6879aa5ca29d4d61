/* SPDX-License-Identifier: MIT */
/* Regions that grow: the heap when it asks, a stack when it is touched below. Context of all: task, may sleep. */
#ifndef VM_BRK_H
#define VM_BRK_H

#include "lib/compiler.h"

struct mm_struct;
struct vm_area_struct;

/** do_brk - Move the heap's end to @brk, any byte. Return: the end as it is then; the old one if it could not. Takes mmap_lock. */
unsigned long do_brk(struct mm_struct *mm, unsigned long brk);
/**
 * vm_brk - Map private anonymous memory with protection @prot at [@start, @start + @len), over what is there: .bss, the heap.
 * Return: 0, or a negative errno as do_mmap(). Context: mmap_lock held exclusive.
 */
int vm_brk(struct mm_struct *mm, unsigned long start, unsigned long len, unsigned long prot) __must_check;
/**
 * expand_stack - Let @vma, which has VM_GROWSDOWN, begin at the page of @addr, if it does not begin lower.
 * Return: 0, or -ENOMEM: a limit, or a neighbour too near. Context: mmap_lock held exclusive. Ref: Linux expand_downwards().
 */
int expand_stack(struct vm_area_struct *vma, unsigned long addr) __must_check;

#endif
