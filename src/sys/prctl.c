/* SPDX-License-Identifier: MIT */
/* prctl(2). */
#include "sys/sys.h"

#include <string.h>

#include "abi/prctl.h"
#include "events/event.h"
#include "proc/reaper.h"
#include "task/signal_struct.h"
#include "vm/mm.h"
#include "vm/uaccess.h"

long sys_prctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5)
{
	char name[TASK_COMM_LEN] = { 0 };
	long n;

	switch (option) {
	case PR_SET_PDEATHSIG:
		if (arg2 > _NSIG)
			return -EINVAL;
		current->pdeath_signal = (int)arg2;
		return 0;
	case PR_GET_PDEATHSIG:
		return put_user(current->pdeath_signal, (int __user *)arg2);
	case PR_GET_DUMPABLE:
		return READ_ONCE(current->mm->dumpable);
	case PR_SET_DUMPABLE:
		if (arg2 > 1)
			return -EINVAL;
		WRITE_ONCE(current->mm->dumpable, (unsigned int)arg2);
		return 0;
	case PR_SET_NAME:
		n = strncpy_from_user(name, (const char __user *)arg2, sizeof(name) - 1);
		if (n < 0)
			return n;
		spin_lock(&current->alloc_lock);
		memcpy(current->comm, name, sizeof(name));
		spin_unlock(&current->alloc_lock);
		perf_event_comm(false);
		return 0;
	case PR_GET_NAME:
		return copy_to_user((void __user *)arg2, current->comm, TASK_COMM_LEN) ? -EFAULT : 0;
	case PR_SET_CHILD_SUBREAPER:
		set_child_subreaper(arg2);
		return 0;
	case PR_GET_CHILD_SUBREAPER:
		return put_user((int)current->signal->is_child_subreaper, (int __user *)arg2);
	case PR_SET_NO_NEW_PRIVS:
		if (arg2 != 1 || arg3 || arg4 || arg5)
			return -EINVAL;
		current->no_new_privs = true;
		return 0;
	case PR_GET_NO_NEW_PRIVS:
		return arg2 || arg3 || arg4 || arg5 ? -EINVAL : current->no_new_privs;
	}
	return -EINVAL;
}
