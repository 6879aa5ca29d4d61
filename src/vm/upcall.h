/* SPDX-License-Identifier: MIT */
/* Calls that memory makes upwards; defined once above. */
#ifndef VM_UPCALL_H
#define VM_UPCALL_H

struct file;

/** fs_get_file, fs_put_file - A region holds its file (src/fs). Context: task. */
void fs_get_file(struct file *file);
void fs_put_file(struct file *file);
/** vm_lock_limit - Pages that the current process may lock; all, if it is capable (src/proc). Context: task. */
unsigned long vm_lock_limit(void);
#endif
