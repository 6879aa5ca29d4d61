/* SPDX-License-Identifier: MIT */
/* execve(2). */
#include "sys/sys.h"

#include "sys/path.h"
#include "vm/slab.h"

long sys_execve(struct pt_regs *r)
{
	char *path = get_path((const void __user *)r->a0);
	unsigned int tries = 0;
	int err;

	if (IS_ERR(path))
		return PTR_ERR(path);
	do
		err = do_execve(NULL, path, (const char __user *const __user *)r->a1,
				(const char __user *const __user *)r->a2, false, r);
	while (err == -ENOMEM && oom_retry(&tries));
	kfree(path);
	/* On success the registers are the new program's: a0 among them. */
	return err ? err : (long)r->a0;
}
