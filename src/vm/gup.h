/* SPDX-License-Identifier: MIT */
/* Pages of another address space. */
#ifndef VM_GUP_H
#define VM_GUP_H

#include "lib/compiler.h"

struct mm_struct;
struct page;

/**
 * get_user_page - The page at @uaddr of @mm, brought in for reading or writing. Return: a reference; or ERR_PTR(-EFAULT): the region
 * forbids it, or there is none; or as handle_mm_fault(). Context: task, may sleep; mm->mmap_lock held, shared or exclusive.
 */
struct page *get_user_page(struct mm_struct *mm, unsigned long uaddr, bool write);
/**
 * access_process_vm - Copy @len bytes at @uaddr of @mm to @buf, or (@write) from it. Return: bytes copied, less than @len where a
 * page cannot be had. Context: task, may sleep. Takes mmap_lock. Ref: Linux access_process_vm(), without FOLL_FORCE.
 */
size_t access_process_vm(struct mm_struct *mm, unsigned long uaddr, void *buf, size_t len, bool write);

#endif
