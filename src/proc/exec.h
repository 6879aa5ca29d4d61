/* SPDX-License-Identifier: MIT */
/* Another program in a process; what the binary formats need of it. Ref: Linux fs/exec.c, include/linux/binfmts.h. */
#ifndef PROC_EXEC_H
#define PROC_EXEC_H

#include "sched/task.h"

struct path;
struct file;
struct mm_struct;

struct linux_binprm {
	struct file *file;
	char buf[256];			/* first bytes of the file */
	struct mm_struct *mm;		/* the new one */
	unsigned long p;		/* top of what is on the new stack */
	unsigned long argmin;		/* it may not get lower by arguments and environment */
	unsigned long arg_pages;	/* of it, that are counted as the old program's */
	int argc, envc;
	unsigned long exec;		/* address of the file's name on the stack */
	const char *filename;		/* as called */
	char *interp;			/* what a script named; kmalloc'd; or NULL */
	int depth;			/* scripts so far */
	bool point_of_no_return;
	bool secureexec;		/* runs by other rights than its caller did: told as AT_SECURE */
	unsigned long ids;		/* where the stack tells ids, once they are known */
};
struct linux_binfmt {
	/* Return: 0 with @regs set up, -ENOEXEC: not of this format, or another errno. */
	int (*load_binary)(struct linux_binprm *bprm, struct pt_regs *regs);
};
extern const struct linux_binfmt elf_format, script_format;

/** do_execve - Replace the program. Return: 0 with @regs set up, or errno and nothing changed. Context: task. */
int do_execve(const struct path *base, const char *filename, const char __user *const __user *argv,
	      const char __user *const __user *envp, bool kernel_argv, struct pt_regs *regs);
/**
 * begin_new_exec - The point of no return: the process is one thread, with @bprm's memory, credentials and name.
 * Return: 0, or an errno and the old program goes on. Context: task; cred_guard_mutex held.
 */
int begin_new_exec(struct linux_binprm *bprm);
/** set_task_comm - @p's name is the last part of the path @name, cut to TASK_COMM_LEN - 1 bytes. Context: task, alloc_lock not held. */
void set_task_comm(struct task_struct *p, const char *name);

#endif
