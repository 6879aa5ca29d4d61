/* SPDX-License-Identifier: MIT */
/* Mounts as a walk meets them. */
#include "fs/mount.h"

#include <string.h>

#include "abi/mount.h"
#include "fs/fs_struct.h"
#include "fs/inode.h"
#include "fs/mount_priv.h"
#include "fs/namei.h"
#include "lib/err.h"
#include "sched/sched.h"
#include "vm/slab.h"

struct path root_path;
static struct kmem_cache *mnt_cache;
static atomic_t last_id;

struct vfsmount *mnt_alloc(struct super_block *sb, struct dentry *root, const char *devname)
{
	struct vfsmount *m = kmem_cache_alloc(mnt_cache, __GFP_ZERO);
	size_t n = strlen(devname) + 1;

	if (!m)
		return NULL;
	m->mnt_devname = kmalloc(n, GFP_KERNEL);
	if (!m->mnt_devname) {
		kmem_cache_free(mnt_cache, m);
		return NULL;
	}
	memcpy(m->mnt_devname, devname, n);
	atomic_set(&m->mnt_count, 1);
	atomic_set(&m->mnt_writers, 1);
	m->mnt_id = (int)atomic_inc_return(&last_id);
	m->mnt_sb = sb;
	m->mnt_root = dget(root);
	m->mnt_parent = m;
	TAILQ_INIT(&m->mnt_mounts);
	return m;
}

void mntput_no_expire(struct vfsmount *m)
{
	if (!atomic_dec_and_test(&m->mnt_count))
		return;
	dput(m->mnt_root);
	deactivate_super(m->mnt_sb);
	kfree(m->mnt_devname);
	kmem_cache_free(mnt_cache, m);
}

struct vfsmount *find_mount(const struct path *p)
{
	struct vfsmount *m;

	lockdep_assert_held(&dcache_lock);
	TAILQ_FOREACH(m, &p->mnt->mnt_mounts, mnt_child)
		if (m->mnt_mountpoint == p->dentry)
			return m;
	return NULL;
}

void __follow_mount(struct path *p)
{
	struct vfsmount *m;

	do {
		spin_lock(&dcache_lock);
		m = find_mount(p);
		if (m)
			mntget(m);
		spin_unlock(&dcache_lock);
		if (!m)
			return;
		path_put(p);
		*p = (struct path){ m, dget(m->mnt_root) };
	} while (READ_ONCE(p->dentry->d_mounted));
}

void follow_dotdot(struct path *p, const struct path *root)
{
	while (!path_equal(p, root)) {
		struct path up;

		if (!path_mounted(p)) {
			struct dentry *parent = dget_parent(p->dentry);

			dput(p->dentry);
			p->dentry = parent;
			break;
		}
		spin_lock(&dcache_lock);
		if (p->mnt->mnt_parent == p->mnt) {
			spin_unlock(&dcache_lock);
			break;
		}
		up = (struct path){ mntget(p->mnt->mnt_parent), dget(p->mnt->mnt_mountpoint) };
		spin_unlock(&dcache_lock);
		path_put(p);
		*p = up;
	}
	follow_mount(p);
}

bool mnt_is_readonly(const struct vfsmount *m)
{
	return !atomic_read(&m->mnt_writers) || !atomic_read(&m->mnt_sb->s_writers);
}

int mnt_want_write(struct vfsmount *m)
{
	if (!atomic_inc_not_zero(&m->mnt_writers))
		return -EROFS;
	if (atomic_inc_not_zero(&m->mnt_sb->s_writers))
		return 0;
	atomic_dec(&m->mnt_writers);
	return -EROFS;
}

void mnt_drop_write(struct vfsmount *m)
{
	atomic_dec(&m->mnt_sb->s_writers);
	atomic_dec(&m->mnt_writers);
}

/* Put @name before *@p, which is in @buf. Return: is there room for it, and for a slash before it? */
static bool prepend(char **p, const char *buf, const char *name)
{
	size_t len = strlen(name);

	if (len + 1 > (size_t)(*p - buf))
		return false;
	*p -= len;
	memcpy(*p, name, len);
	return true;
}

/* Context: dcache_lock. */
static bool prepend_name(char **p, const char *buf, const struct dentry *d)
{
	if (!prepend(p, buf, d->name))
		return false;
	*--*p = '/';
	return true;
}

char *d_path_within(struct dentry *d, char *buf, size_t n)
{
	char *p = buf + n;
	struct dentry *up;
	bool fits = true;

	*--p = '\0';
	spin_lock(&dcache_lock);
	for (; fits && (up = d_parent(d)) != d; d = up)
		fits = prepend_name(&p, buf, d);
	spin_unlock(&dcache_lock);
	if (!fits)
		return ERR_PTR(-ENAMETOOLONG);
	if (!*p)
		*--p = '/';
	return p;
}

char *d_path_from(const struct path *path, const struct path *root, char *buf, size_t n, bool *reached)
{
	struct path at = *path;
	char *p = buf + n, *end;
	bool fits = true;

	*--p = '\0';
	if (READ_ONCE(at.dentry->removed))
		fits = prepend(&p, buf, " (deleted)");
	end = p;
	spin_lock(&dcache_lock);
	while (fits && !path_equal(&at, root)) {
		struct dentry *up = path_mounted(&at) ? at.dentry : d_parent(at.dentry);

		if (up == at.dentry) {		/* the root of a mount, or of what has been taken out of the tree of mounts */
			if (at.mnt->mnt_parent == at.mnt)
				break;
			at = (struct path){ at.mnt->mnt_parent, at.mnt->mnt_mountpoint };
			continue;
		}
		fits = prepend_name(&p, buf, at.dentry);
		at.dentry = up;
	}
	spin_unlock(&dcache_lock);
	if (!fits)
		return ERR_PTR(-ENAMETOOLONG);
	if (p == end)
		*--p = '/';
	if (reached)
		*reached = path_equal(&at, root);
	return p;
}

char *d_path(const struct path *path, char *buf, size_t n)
{
	struct path root = get_root(current->fs);
	char *p = d_path_from(path, &root, buf, n, NULL);

	path_put(&root);
	return p;
}

void vfs_statfs(struct super_block *sb, const struct vfsmount *mnt, struct k_statfs *st)
{
	unsigned int flags = mnt ? READ_ONCE(mnt->mnt_flags) : 0;

	*st = (struct k_statfs){ .f_type = sb->s_type->magic, .f_bsize = PAGE_SIZE, .f_frsize = PAGE_SIZE, .f_namelen = NAME_MAX,
				 .f_fsid = { (s32)sb->s_dev } };
	if (sb->s_op->statfs)
		sb->s_op->statfs(sb, st);
	st->f_flags = ST_VALID | ST_NOATIME | (mnt && mnt_is_readonly(mnt) ? ST_RDONLY : 0) | (flags & MNT_NOSUID ? ST_NOSUID : 0) |
		      (flags & MNT_NODEV ? ST_NODEV : 0) | (flags & MNT_NOEXEC ? ST_NOEXEC : 0);
}

struct vfsmount *__init kern_mount(struct file_system_type *type)
{
	struct super_block *sb = get_super(type, NULL);
	struct vfsmount *m = IS_ERR(sb) ? NULL : mnt_alloc(sb, sb->s_root, type->name);

	BUG_ON(!m);
	sb->s_mnt = m;
	return m;
}

void __init mount_init(struct file_system_type *type)
{
	mnt_cache = kmem_cache_create("mnt_cache", sizeof(struct vfsmount));
	root_path.mnt = kern_mount(type);
	root_path.dentry = dget(root_path.mnt->mnt_root);
}
