/* SPDX-License-Identifier: MIT */
/* execve(2). */
#include "sys/sys.h"

#include "proc/exec.h"
#include "proc/oom.h"
#include "sys/path.h"
#include "vm/slab.h"

long sys_execve(const char __user *filename, const char __user *const __user *argv, const char __user *const __user *envp)
{
	struct pt_regs *regs = task_pt_regs(current);
	char *path = get_path(filename);
	unsigned int tries = 0;
	int err;

	if (IS_ERR(path))
		return PTR_ERR(path);
	do
		err = do_execve(NULL, path, argv, envp, false, regs);
	while (err == -ENOMEM && oom_retry(&tries));
	kfree(path);
	/* On success the registers are the new program's: a0 among them. */
	return err ? err : (long)regs->a0;
}
