/* SPDX-License-Identifier: MIT */
/* Kernel threads. Ref: Linux kernel/kthread.c. */
#ifndef PROC_KTHREAD_H
#define PROC_KTHREAD_H

#include "lib/compiler.h"

struct task_struct;

/** kthread_create - A thread that will run @fn(@data) once woken. Return: it, or ERR_PTR. Context: task. */
struct task_struct *kthread_create(int (*fn)(void *), void *data, const char *fmt, ...) __printf(3, 4);
/** kthread_bind - @p, made and not yet woken, shall run on @cpu only. Context: task. */
void kthread_bind(struct task_struct *p, unsigned int cpu);
/** kthreadd - What pid 2 runs: makes the others. Does not return. */
int kthreadd(void *unused);
extern struct task_struct *kthreadd_task;

#endif
