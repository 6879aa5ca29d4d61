/* SPDX-License-Identifier: MIT */
/* Pages of another address space. */
#ifndef VM_GUP_H
#define VM_GUP_H

#include "lib/compiler.h"

struct mm_struct;
struct page;

/** get_user_page - A reference to the page at @uaddr of another mm, faulted in for the access. Or ERR_PTR. */
struct page *get_user_page(struct mm_struct *mm, unsigned long uaddr, bool write);
/** access_process_vm - Read @len bytes at @uaddr of @mm. Return: bytes read. Takes mmap_lock. */
size_t access_process_vm(struct mm_struct *mm, unsigned long uaddr, void *buf, size_t len, bool write);

#endif
