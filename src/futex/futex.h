/* SPDX-License-Identifier: MIT */
/* Futexes, and what a task that ends owes to their waiters. Ref: Linux kernel/futex, futex(2). */
#ifndef FUTEX_FUTEX_H
#define FUTEX_FUTEX_H

#include "lib/compiler.h"

struct task_struct;

/** futex_wake - Wake up to @nr that wait at @uaddr with a bit of @bitset. Return: how many, or -EFAULT, -EINVAL. Context: task. */
int futex_wake(u32 __user *uaddr, bool shared, int nr, u32 bitset);
/** do_futex - futex(2), @op with its flags; @expires: ns, ktime_get_ns() scale. Return: as the call. Context: task. */
long do_futex(u32 __user *uaddr, int op, u32 val, u64 expires, u32 __user *uaddr2, u32 val2, u32 val3);
/** futex_init - The table of waiters. Context: boot. */
void futex_init(void);
/** exit_robust_list - Locks on the current task's list are marked as a dead owner's, and waiters woken. Context: task. */
void exit_robust_list(struct task_struct *p);
/** exit_pi_state - @p, the current task, leaves its address space: its locks go to the tasks that wait for them. Context: task. */
void exit_pi_state(struct task_struct *p);

#endif
