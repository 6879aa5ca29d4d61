/* SPDX-License-Identifier: MIT */
/*
 * The only ways to user memory. Each checks that the range is the user's, turns
 * sstatus.SUM on for its duration, and survives faults through the exception
 * table. Context: task, may sleep, no spin lock.
 */
#ifndef VM_UACCESS_H
#define VM_UACCESS_H

#include "lib/err.h"
#include "riscv/memlayout.h"

/** access_ok - Does [@uaddr, @uaddr + @n) lie in user space? */
static inline bool access_ok(const void __user *uaddr, size_t n)
{
	unsigned long a = (__force unsigned long)uaddr;

	return n <= TASK_SIZE && a <= TASK_SIZE - n;
}

/**
 * __asm_copy_user, __asm_clear_user - uaccess.S: copy, or zero, @n bytes; the side that is user memory is known to lie in user space.
 * Return: bytes not done. Context: any; a page that is not there is brought in where the task may sleep.
 */
size_t __asm_copy_user(void *to, const void *from, size_t n);
size_t __asm_clear_user(void *to, size_t n);
/**
 * __asm_strncpy_user - uaccess.S: as strncpy_from_user(), of @n bytes that lie in user space.
 * Return: length, @n, or -EFAULT. Context: as __asm_copy_user().
 */
long __asm_strncpy_user(char *to, const char *from, size_t n);

/** copy_from_user, copy_to_user - Copy @n bytes. Return: bytes not copied; 0 is success. */
static inline size_t __must_check copy_from_user(void *to, const void __user *from, size_t n)
{
	return access_ok(from, n) ? __asm_copy_user(to, (__force const void *)from, n) : n;
}

static inline size_t __must_check copy_to_user(void __user *to, const void *from, size_t n)
{
	return access_ok(to, n) ? __asm_copy_user((__force void *)to, from, n) : n;
}

/** clear_user - Zero @n bytes. Return: bytes not zeroed. */
static inline size_t __must_check clear_user(void __user *to, size_t n)
{
	return access_ok(to, n) ? __asm_clear_user((__force void *)to, n) : n;
}

/**
 * strncpy_from_user - Copy a string of at most @n bytes, its NUL included.
 * Return: length without the NUL, which is there; @n when there was none so far; -EFAULT, also when user space ends first.
 */
static inline long __must_check strncpy_from_user(char *to, const char __user *from, size_t n)
{
	unsigned long a = (__force unsigned long)from, room = a < TASK_SIZE ? TASK_SIZE - a : 0;
	long len = __asm_strncpy_user(to, (__force const char *)from, n < room ? n : room);

	return len == (long)room && room < n ? -EFAULT : len;
}

/* One scalar. 0 or -EFAULT. */
#define put_user(v, p) ({						\
	__typeof__(*(p)) _pv = (v);					\
	copy_to_user((p), &_pv, sizeof(_pv)) ? -EFAULT : 0; })
#define get_user(v, p) ({						\
	copy_from_user(&(v), (p), sizeof(v)) ? -EFAULT : 0; })

/** __asm_cmpxchg_user - uaccess.S: as cmpxchg_user(), of a word that lies in user space. Return: 0 or -EFAULT. Context: any. */
int __asm_cmpxchg_user(u32 __user *p, u32 old, u32 new, u32 *seen);
/**
 * cmpxchg_user - If *@p, aligned, is @old it becomes @new, at once. @seen: what was there.
 * Return: 0 or -EFAULT. Context: any; with preemption off a page that is not there is -EFAULT too.
 */
static inline int cmpxchg_user(u32 __user *p, u32 old, u32 new, u32 *seen)
{
	return access_ok(p, sizeof(*p)) ? __asm_cmpxchg_user(p, old, new, seen) : -EFAULT;
}

#endif
