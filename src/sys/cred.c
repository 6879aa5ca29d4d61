/* SPDX-License-Identifier: MIT */
/* Calls on credentials. */
#include "sys/sys.h"

long sys_getuid(struct pt_regs *r)
{
	(void)r;
	return current_cred()->uid;
}

long sys_geteuid(struct pt_regs *r)
{
	(void)r;
	return current_cred()->euid;
}

long sys_getgid(struct pt_regs *r)
{
	(void)r;
	return current_cred()->gid;
}

long sys_getegid(struct pt_regs *r)
{
	(void)r;
	return current_cred()->egid;
}

static bool one_of(u32 id, u32 a, u32 b, u32 c)
{
	return id == ~0u || id == a || id == b || id == c;
}

static long set_res(bool group, u32 real, u32 eff, u32 saved)
{
	const struct cred *old = current_cred();
	u32 r0 = group ? old->gid : old->uid, e0 = group ? old->egid : old->euid, s0 = group ? old->sgid : old->suid;
	struct cred *c;

	if (!capable(group ? CAP_SETGID : CAP_SETUID) &&
	    !(one_of(real, r0, e0, s0) && one_of(eff, r0, e0, s0) && one_of(saved, r0, e0, s0)))
		return -EPERM;
	c = prepare_creds();
	if (!c)
		return -ENOMEM;
	if (real != ~0u && group) {
		c->gid = real;
	} else if (real != ~0u && set_cred_user(c, real)) {
		put_cred(c);
		return -ENOMEM;
	}
	if (eff != ~0u)
		*(group ? &c->egid : &c->euid) = eff;
	if (saved != ~0u)
		*(group ? &c->sgid : &c->suid) = saved;
	*(group ? &c->fsgid : &c->fsuid) = group ? c->egid : c->euid;
	commit_creds(c);
	return 0;
}

long sys_setresuid(struct pt_regs *r)
{
	return set_res(false, r->a0, r->a1, r->a2);
}

long sys_setresgid(struct pt_regs *r)
{
	return set_res(true, r->a0, r->a1, r->a2);
}

long sys_setuid(struct pt_regs *r)
{
	const struct cred *c = current_cred();
	u32 id = r->a0;

	if (id == ~0u)
		return -EINVAL;
	if (capable(CAP_SETUID))
		return set_res(false, id, id, id);
	return id == c->uid || id == c->suid ? set_res(false, ~0u, id, ~0u) : -EPERM;
}

long sys_setgid(struct pt_regs *r)
{
	const struct cred *c = current_cred();
	u32 id = r->a0;

	if (id == ~0u)
		return -EINVAL;
	if (capable(CAP_SETGID))
		return set_res(true, id, id, id);
	return id == c->gid || id == c->sgid ? set_res(true, ~0u, id, ~0u) : -EPERM;
}

static long put_ids(struct pt_regs *r, u32 a, u32 b, u32 c)
{
	return put_user(a, (u32 __user *)r->a0) || put_user(b, (u32 __user *)r->a1) ||
	       put_user(c, (u32 __user *)r->a2) ? -EFAULT : 0;
}

long sys_getresuid(struct pt_regs *r)
{
	return put_ids(r, current_cred()->uid, current_cred()->euid, current_cred()->suid);
}

long sys_getresgid(struct pt_regs *r)
{
	return put_ids(r, current_cred()->gid, current_cred()->egid, current_cred()->sgid);
}

long sys_getgroups(struct pt_regs *r)
{
	const struct cred *c = current_cred();
	int n = r->a0;

	if (n < 0 || (n && (u32)n < c->ngroups))
		return -EINVAL;
	if (n && copy_to_user((void __user *)r->a1, c->groups, c->ngroups * 4))
		return -EFAULT;
	return c->ngroups;
}

long sys_setgroups(struct pt_regs *r)
{
	u32 n = r->a0;
	struct cred *c;

	if (!capable(CAP_SETGID))
		return -EPERM;
	if (n > ARRAY_SIZE(current_cred()->groups))
		return -EINVAL;
	c = prepare_creds();
	if (!c)
		return -ENOMEM;
	if (copy_from_user(c->groups, (void __user *)r->a1, n * 4)) {
		put_cred(c);
		return -EFAULT;
	}
	c->ngroups = n;
	commit_creds(c);
	return 0;
}
