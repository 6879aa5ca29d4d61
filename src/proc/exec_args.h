/* SPDX-License-Identifier: MIT */
/* What is on the stack of a program that is to be. Ref: Linux fs/exec.c. */
#ifndef PROC_EXEC_ARGS_H
#define PROC_EXEC_ARGS_H

#include "proc/exec.h"

/** bprm_mm_init - The new address space, with a stack and no more. Return: 0, -ENOMEM. Context: task. */
int bprm_mm_init(struct linux_binprm *bprm) __must_check;
/**
 * count_strings - How many strings has @argv, of user mode or (@kernel) of the kernel?
 * Return: that; -EFAULT, -E2BIG: the pointers alone are too many; or to be restarted. Context: task.
 */
int count_strings(struct linux_binprm *bprm, const char __user *const __user *argv, bool kernel);
/** set_arg_limit - Sets @bprm->argmin, by the counts. Return: 0; -E2BIG: the pointers alone take all. Context: any. */
int set_arg_limit(struct linux_binprm *bprm) __must_check;
/** copy_strings - Push the @n strings of @argv, last one first. Return: 0, -EFAULT, -E2BIG, -EINTR, -ENOMEM. Context: task. */
int copy_strings(int n, const char __user *const __user *argv, bool kernel, struct linux_binprm *bprm);
/**
 * acct_arg_size - The new stack has @pages: until it is the task's own they count as the old program's, for out_of_memory().
 * Context: task. Ref: Linux acct_arg_size().
 */
void acct_arg_size(struct linux_binprm *bprm, unsigned long pages);
/** copy_string_kernel - Push a string on the new stack. Return: 0, -E2BIG, -EINTR, -ENOMEM. Context: task. */
int copy_string_kernel(const char *s, struct linux_binprm *bprm);
/** bprm_strlen - Length, with its NUL, of the string at @at of the new stack, or -EFAULT. Context: task. */
long bprm_strlen(struct linux_binprm *bprm, unsigned long at);
/** remove_arg_zero - The first argument goes off the new stack. Return: 0, -EFAULT. Context: task. */
int remove_arg_zero(struct linux_binprm *bprm);
/** bprm_write - @n bytes of @data to @at of the new stack. Return: 0, -E2BIG. Context: task. */
int bprm_write(struct linux_binprm *bprm, unsigned long at, const void *data, size_t n);

#endif
