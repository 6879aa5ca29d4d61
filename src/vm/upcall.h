/* SPDX-License-Identifier: MIT */
/* Calls that memory makes upwards; defined once above. */
#ifndef VM_UPCALL_H
#define VM_UPCALL_H

struct file;
struct shmem_account;

/** fs_get_file, fs_put_file - A region holds its file (src/fs). Context: task. */
void fs_get_file(struct file *file);
void fs_put_file(struct file *file);
/** vm_account_get - Who pays for what the current task makes, with a reference. vm_account_put - One less; NULL is fine (src/proc). */
struct shmem_account *vm_account_get(void);
void vm_account_put(struct shmem_account *account);
/** vm_lock_limit - Pages that the current process may lock; all, if it is capable (src/proc). Context: task. */
unsigned long vm_lock_limit(void);
/** vm_reserve_right - How much of the memory that is kept back may the current task take (src/proc)? Context: any but interrupts. */
enum vm_reserve { VM_RESERVE_NONE, VM_RESERVE_KILLED, VM_RESERVE_ADMIN, VM_RESERVE_EXITING, VM_RESERVE_ALL };
enum vm_reserve vm_reserve_right(void);
#endif
