/* SPDX-License-Identifier: MIT */
/* Limits are seen and set, of this process or another; the timers and the address space that go by them follow. */
#include "proc/prlimit.h"

#include "fs/fdtable.h"
#include "proc/itimer.h"
#include "task/cred.h"
#include "task/pid.h"
#include "task/rlimit.h"
#include "vm/mm.h"

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
