/* SPDX-License-Identifier: MIT */
/* Calls that memory makes upwards; defined once above. */
#ifndef VM_UPCALL_H
#define VM_UPCALL_H

struct file;
struct shmem_account;

/** fs_get_file, fs_put_file - One reference more, or less, to @file, which a region or an address space holds (src/fs). Context: task. */
void fs_get_file(struct file *file);
void fs_put_file(struct file *file);
/** vm_account_get - A reference to the account of the current task's user, who pays for what it makes (src/task). Context: task. */
struct shmem_account *vm_account_get(void);
/** vm_account_put - Drop a reference of vm_account_get(); NULL is fine (src/task). Context: task. */
void vm_account_put(struct shmem_account *account);
/** vm_lock_limit - Return: how many pages the current process may lock; ~0 if it has CAP_IPC_LOCK (src/task). Context: task. */
unsigned long vm_lock_limit(void);
/* How much the current task may take of the memory that is kept back, least first (page_alloc.c). */
enum vm_reserve { VM_RESERVE_NONE, VM_RESERVE_KILLED, VM_RESERVE_ADMIN, VM_RESERVE_EXITING, VM_RESERVE_ALL };
/** vm_reserve_right - Return: the current task's right (src/task). Context: any but interrupts. */
enum vm_reserve vm_reserve_right(void);

#endif
