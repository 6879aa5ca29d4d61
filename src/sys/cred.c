/* SPDX-License-Identifier: MIT */
/* Calls on credentials. */
#include "sys/sys.h"

#include "task/cred.h"
#include "vm/uaccess.h"

long sys_getuid(void)
{
	return current_cred()->uid;
}

long sys_geteuid(void)
{
	return current_cred()->euid;
}

long sys_getgid(void)
{
	return current_cred()->gid;
}

long sys_getegid(void)
{
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

long sys_setresuid(u32 ruid, u32 euid, u32 suid)
{
	return set_res(false, ruid, euid, suid);
}

long sys_setresgid(u32 rgid, u32 egid, u32 sgid)
{
	return set_res(true, rgid, egid, sgid);
}

long sys_setuid(u32 uid)
{
	const struct cred *c = current_cred();
	u32 id = uid;

	if (id == ~0u)
		return -EINVAL;
	if (capable(CAP_SETUID))
		return set_res(false, id, id, id);
	return id == c->uid || id == c->suid ? set_res(false, ~0u, id, ~0u) : -EPERM;
}

long sys_setgid(u32 gid)
{
	const struct cred *c = current_cred();
	u32 id = gid;

	if (id == ~0u)
		return -EINVAL;
	if (capable(CAP_SETGID))
		return set_res(true, id, id, id);
	return id == c->gid || id == c->sgid ? set_res(true, ~0u, id, ~0u) : -EPERM;
}

long sys_getresuid(u32 __user *ruidp, u32 __user *euidp, u32 __user *suidp)
{
	const struct cred *c = current_cred();

	return put_user(c->uid, ruidp) || put_user(c->euid, euidp) || put_user(c->suid, suidp) ? -EFAULT : 0;
}

long sys_getresgid(u32 __user *rgidp, u32 __user *egidp, u32 __user *sgidp)
{
	const struct cred *c = current_cred();

	return put_user(c->gid, rgidp) || put_user(c->egid, egidp) || put_user(c->sgid, sgidp) ? -EFAULT : 0;
}

long sys_getgroups(int gidsetsize, u32 __user *grouplist)
{
	const struct cred *c = current_cred();
	int n = gidsetsize;

	if (n < 0 || (n && (u32)n < c->ngroups))
		return -EINVAL;
	if (n && copy_to_user(grouplist, c->groups, c->ngroups * 4))
		return -EFAULT;
	return c->ngroups;
}

long sys_setgroups(int gidsetsize, const u32 __user *grouplist)
{
	u32 n = gidsetsize;
	struct cred *c;

	if (!capable(CAP_SETGID))
		return -EPERM;
	if (n > ARRAY_SIZE(current_cred()->groups))
		return -EINVAL;
	c = prepare_creds();
	if (!c)
		return -ENOMEM;
	if (copy_from_user(c->groups, grouplist, n * 4)) {
		put_cred(c);
		return -EFAULT;
	}
	c->ngroups = n;
	commit_creds(c);
	return 0;
}
