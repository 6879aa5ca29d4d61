/* SPDX-License-Identifier: MIT */
/*
 * Limits of a process. A limit is two numbers, read and set together under the
 * group's rlim_lock; who only asks whether there is room reads the first, one
 * word, when it needs it, and keeps no copy. Address spaces do: they are set
 * here, and at exec. Ref: Linux kernel/sys.c, do_prlimit().
 */
#include "proc/rlimit.h"

#include <string.h>

#include "fs/fs.h"
#include "fs/upcall.h"
#include "proc/cred.h"
#include "proc/itimer.h"
#include "proc/pid.h"
#include "vm/mm.h"
#include "vm/upcall.h"

/* Ref: Linux check_prlimit_permission(). */
int check_prlimit_permission(struct task_struct *p)
{
	const struct cred *c = current_cred(), *t;
	bool same;

	if (p == current)
		return 0;
	t = get_task_cred(p);
	same = c->uid == t->uid && c->uid == t->euid && c->uid == t->suid && c->gid == t->gid && c->gid == t->egid && c->gid == t->sgid;
	put_cred(t);
	return same || capable(CAP_SYS_RESOURCE) ? 0 : -EPERM;
}

/* The tick is to look at the new limit. */
static void cpu_limit_set(struct task_struct *p)
{
	read_lock(&tasklist_lock);
	if (p->sighand) {
		spin_lock_irq(&p->sighand->siglock);
		rlimit_cpu_changed(p->signal);
		spin_unlock_irq(&p->sighand->siglock);
	}
	read_unlock(&tasklist_lock);
}

void rlimits_to_mm(struct signal_struct *sig, struct mm_struct *mm)
{
	spin_lock(&sig->rlim_lock);
	WRITE_ONCE(mm->rlim_as, sig->rlim[RLIMIT_AS].cur);
	WRITE_ONCE(mm->rlim_data, sig->rlim[RLIMIT_DATA].cur);
	WRITE_ONCE(mm->rlim_stack, sig->rlim[RLIMIT_STACK].cur);
	spin_unlock(&sig->rlim_lock);
}

static void mm_limit_set(struct task_struct *p)
{
	struct mm_struct *mm = get_task_mm(p);

	if (mm) {
		rlimits_to_mm(p->signal, mm);
		mmput(mm);
	}
}

int do_prlimit(struct task_struct *p, unsigned int which, const struct rlimit64 *new, struct rlimit64 *old)
{
	struct signal_struct *sig = p->signal;
	bool able = new && capable(CAP_SYS_RESOURCE);
	int err = 0;

	if (which >= RLIM_NLIMITS)
		return -EINVAL;
	if (new && new->cur > new->max)
		return -EINVAL;
	if (new && which == RLIMIT_NOFILE && new->max > NR_OPEN_MAX)
		return -EPERM;
	spin_lock(&sig->rlim_lock);
	*old = sig->rlim[which];
	if (new && new->max > old->max && !able)
		err = -EPERM;
	else if (new)
		sig->rlim[which] = *new;
	spin_unlock(&sig->rlim_lock);
	if (err || !new)
		return err;
	if (which == RLIMIT_CPU || which == RLIMIT_RTTIME)
		cpu_limit_set(p);
	if (which == RLIMIT_AS || which == RLIMIT_DATA || which == RLIMIT_STACK)
		mm_limit_set(p);
	return 0;
}

void copy_rlimits(struct signal_struct *new, struct signal_struct *old)
{
	spin_lock(&old->rlim_lock);
	memcpy(new->rlim, old->rlim, sizeof(new->rlim));
	spin_unlock(&old->rlim_lock);
}

unsigned int proc_max_open(void)
{
	return (unsigned int)min(rlimit(RLIMIT_NOFILE), (u64)NR_OPEN_MAX);
}

unsigned long vm_lock_limit(void)
{
	return capable(CAP_IPC_LOCK) ? ~0UL : rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
}
