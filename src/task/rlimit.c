/* SPDX-License-Identifier: MIT */
/*
 * Limits of a process. A limit is two numbers, read and set together under the
 * group's rlim_lock; a caller that only asks whether there is room reads the first, one
 * word, when it needs it, and keeps no copy. Address spaces do: they are set
 * by do_prlimit() (src/proc), and at exec.
 */
#include "task/rlimit.h"

#include <string.h>

#include "task/cred.h"
#include "vm/mm.h"
#include "vm/upcall.h"

void rlimits_to_mm(struct signal_struct *sig, struct mm_struct *mm)
{
	spin_lock(&sig->rlim_lock);
	WRITE_ONCE(mm->rlim_as, sig->rlim[RLIMIT_AS].cur);
	WRITE_ONCE(mm->rlim_data, sig->rlim[RLIMIT_DATA].cur);
	WRITE_ONCE(mm->rlim_stack, sig->rlim[RLIMIT_STACK].cur);
	spin_unlock(&sig->rlim_lock);
}

void copy_rlimits(struct signal_struct *new, struct signal_struct *old)
{
	spin_lock(&old->rlim_lock);
	memcpy(new->rlim, old->rlim, sizeof(new->rlim));
	spin_unlock(&old->rlim_lock);
}

unsigned long vm_lock_limit(void)
{
	return capable(CAP_IPC_LOCK) ? ~0UL : rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
}
