/* SPDX-License-Identifier: MIT */
/*
 * Changes of the tree of mounts.
 *
 * namespace_lock is held from the look at the tree to the change. A place that is mounted on is locked by its inode's i_rwsem while
 * the mount comes: it cannot be removed at that moment, and after it unlink and rmdir see d_mounted. Mounts that leave the tree are
 * put on a list, and dropped when no lock is held: the last reference may close files, and free what a file system holds.
 */
#include "fs/namespace.h"

#include <string.h>

#include "abi/mount.h"
#include "fs/fs_struct.h"
#include "fs/inode.h"
#include "fs/mount_priv.h"
#include "fs/namei.h"
#include "lib/err.h"
#include "locks/mutex.h"
#include "sched/sched.h"
#include "task/cred.h"
#include "vm/slab.h"

static mutex_t namespace_lock;

void __init namespace_init(void)
{
	mutex_init(&namespace_lock, LOCK_NAMESPACE);
}

/* ---- The tree. Context of all: namespace_lock. ---- */

static struct vfsmount *first_child(struct vfsmount *m)
{
	return TAILQ_FIRST(&m->mnt_mounts);
}

/* The mount after @m in the tree of @top, parents first; or NULL. */
static struct vfsmount *next_mount(struct vfsmount *m, const struct vfsmount *top)
{
	struct vfsmount *next = first_child(m);

	while (!next && m != top) {
		next = TAILQ_NEXT(m, mnt_child);
		m = m->mnt_parent;
	}
	return next;
}

/* Is @m in the tree of @top? */
static bool is_below(const struct vfsmount *m, const struct vfsmount *top)
{
	while (m != top && m->mnt_parent != m)
		m = m->mnt_parent;
	return m == top;
}

static bool in_namespace(const struct vfsmount *m)
{
	return is_below(m, root_path.mnt);
}

/* @m, with the tree's reference to it, lies on @place from now on. */
static void attach(struct vfsmount *m, const struct path *place)
{
	struct path p = path_get(place);

	spin_lock(&dcache_lock);
	m->mnt_parent = p.mnt;
	m->mnt_mountpoint = p.dentry;
	WRITE_ONCE(p.dentry->d_mounted, p.dentry->d_mounted + 1);
	TAILQ_INSERT_TAIL(&p.mnt->mnt_mounts, m, mnt_child);
	spin_unlock(&dcache_lock);
}

/* @m lies on nothing any more. Return: where it was; the references are the caller's. */
static struct path detach(struct vfsmount *m)
{
	struct path p = { m->mnt_parent, m->mnt_mountpoint };

	spin_lock(&dcache_lock);
	TAILQ_REMOVE(&p.mnt->mnt_mounts, m, mnt_child);
	WRITE_ONCE(p.dentry->d_mounted, p.dentry->d_mounted - 1);
	m->mnt_parent = m;
	m->mnt_mountpoint = NULL;
	spin_unlock(&dcache_lock);
	return p;
}

/* Mounts that have left the tree. They are linked by mnt_child, which nothing else uses then. */
TAILQ_HEAD(mount_list, vfsmount);

/* Take @top and all that is on it out of the tree, from the leaves on, to @gone. */
static void detach_tree(struct vfsmount *top, struct mount_list *gone)
{
	struct vfsmount *m = top, *below;

	do {
		while (first_child(m))
			m = first_child(m);
		below = m->mnt_parent;
		if (below != m) {
			dput(detach(m).dentry);	/* never the last: the mount below has its root, and a name is held by its directory */
			atomic_dec(&below->mnt_count);	/* nor this: the tree has one, or the caller */
		}
		TAILQ_INSERT_TAIL(gone, m, mnt_child);
		swap(m, below);
	} while (below != top);
}

static void drop_mounts(struct mount_list *gone)
{
	struct vfsmount *m;

	while ((m = TAILQ_FIRST(gone))) {
		TAILQ_REMOVE(gone, m, mnt_child);
		mntput(m);
	}
}

/* ---- Mounting. ---- */

/*
 * Mount @m on @target, or on the mount that is there already; *@was is where @m was mounted till now, for path_put().
 * @m leaves its place only when the new one is certain: in between the old one could be removed.
 * Return: 0 or errno, and @m is as it was. Context: namespace_lock.
 */
static int graft(struct vfsmount *m, const struct path *target, struct path *was)
{
	struct path place = path_get(target);
	struct inode *i;
	int err;

	follow_mount(&place);
	i = place.dentry->inode;
	*was = (struct path){ NULL, NULL };
	if (S_ISDIR(i->mode) != S_ISDIR(m->mnt_root->inode->mode))
		err = -ENOTDIR;
	else if (!in_namespace(place.mnt))
		err = -EINVAL;
	else if (is_below(place.mnt, m))
		err = -ELOOP;
	else if (path_mounted(&place) && place.mnt->mnt_sb == m->mnt_sb && place.mnt->mnt_root == m->mnt_root)
		err = -EBUSY;		/* the same, there already */
	else
		err = d_pin(place.dentry);
	if (!err) {
		down_write(&i->i_rwsem);
		if (place.dentry->removed) {
			err = -ENOENT;
		} else {
			if (m->mnt_parent != m)
				*was = detach(m);
			attach(m, &place);
		}
		up_write(&i->i_rwsem);
	}
	path_put(&place);
	return err;
}

static unsigned int mnt_flags_of(unsigned long flags)
{
	return (flags & MS_NOSUID ? MNT_NOSUID : 0) | (flags & MS_NODEV ? MNT_NODEV : 0) | (flags & MS_NOEXEC ? MNT_NOEXEC : 0);
}

/* Close the count @writers to new writers (@readonly), or open it. Return: 0, or -EBUSY: there are writers. */
static int set_readonly(atomic_t *writers, bool readonly)
{
	if (!atomic_read(writers) == readonly)
		return 0;
	if (!readonly)
		atomic_set(writers, 1);
	else if (cmpxchg(&writers->counter, 1, 0) != 1)
		return -EBUSY;
	return 0;
}

static int do_new_mount(const struct path *target, const char *devname, const char *type, unsigned long flags, char *data)
{
	struct file_system_type *t = type ? get_fs_type(type) : NULL;
	struct super_block *sb;
	struct vfsmount *m;
	struct path was;
	int err;

	if (!t)
		return type ? -ENODEV : -EINVAL;
	sb = get_super(t, data);
	if (IS_ERR(sb))
		return PTR_ERR(sb);
	m = mnt_alloc(sb, sb->s_root, devname ? devname : "none");
	if (!m) {
		deactivate_super(sb);
		return -ENOMEM;
	}
	m->mnt_flags = mnt_flags_of(flags);
	if (flags & MS_RDONLY) {
		atomic_set(&m->mnt_writers, 0);
		if (!(t->flags & FS_SINGLE))
			atomic_set(&sb->s_writers, 0);
	}
	mutex_lock(&namespace_lock);
	err = graft(m, target, &was);
	mutex_unlock(&namespace_lock);
	if (err)
		mntput(m);
	return err;
}

static struct vfsmount *clone_mount(struct vfsmount *old, struct dentry *root)
{
	struct vfsmount *m = mnt_alloc(old->mnt_sb, root, old->mnt_devname);

	if (!m)
		return NULL;
	atomic_inc(&old->mnt_sb->s_active);
	m->mnt_flags = old->mnt_flags;
	atomic_set(&m->mnt_writers, !!atomic_read(&old->mnt_writers));
	return m;
}

/* On the copy of @old's root, @copy, copies of all that is mounted below it. Return: 0 or -ENOMEM. Context: namespace_lock. */
static int copy_tree(struct vfsmount *copy, const struct path *old)
{
	struct vfsmount *m = old->mnt;

	m->mnt_copy = copy;
	while ((m = next_mount(m, old->mnt))) {
		struct vfsmount *to = m->mnt_parent->mnt_copy, *new;

		m->mnt_copy = NULL;
		if (!to || m->mnt_flags & MNT_UNBINDABLE ||
		    (m->mnt_parent == old->mnt && !d_is_ancestor(old->dentry, m->mnt_mountpoint)))
			continue;
		new = clone_mount(m, m->mnt_root);
		if (!new)
			return -ENOMEM;
		attach(new, &(struct path){ to, m->mnt_mountpoint });
		m->mnt_copy = new;
	}
	return 0;
}

static int do_bind(const struct path *target, const struct path *old, bool recursive)
{
	struct mount_list gone = TAILQ_HEAD_INITIALIZER(gone);
	struct vfsmount *m;
	struct path was;
	int err = 0;

	mutex_lock(&namespace_lock);
	if (!in_namespace(old->mnt) || old->mnt->mnt_flags & MNT_UNBINDABLE)
		err = -EINVAL;
	m = err ? NULL : clone_mount(old->mnt, old->dentry);
	if (!err && !m)
		err = -ENOMEM;
	if (!err && recursive)
		err = copy_tree(m, old);
	if (!err)
		err = graft(m, target, &was);
	if (err && m)
		detach_tree(m, &gone);
	mutex_unlock(&namespace_lock);
	drop_mounts(&gone);
	return err;
}

static int do_move(const struct path *target, const struct path *old)
{
	struct path was = { NULL, NULL };
	int err = 0;

	mutex_lock(&namespace_lock);
	if (!path_mounted(old) || !in_namespace(old->mnt) || old->mnt->mnt_parent == old->mnt)
		err = -EINVAL;
	else
		err = graft(old->mnt, target, &was);
	mutex_unlock(&namespace_lock);
	path_put(&was);
	return err;
}

/* Set the flags of this one mount. Context: namespace_lock. */
static int reconfigure_mount(const struct path *target, unsigned long flags)
{
	struct vfsmount *m = target->mnt;
	int err = set_readonly(&m->mnt_writers, flags & MS_RDONLY);

	if (!err)
		WRITE_ONCE(m->mnt_flags, mnt_flags_of(flags) | (m->mnt_flags & MNT_UNBINDABLE));
	return err;
}

/* The options of the file system, and whether it is read-only wherever it is mounted. Context: namespace_lock. */
static int reconfigure_super(struct super_block *sb, unsigned long flags, char *data)
{
	bool was = !atomic_read(&sb->s_writers);
	int err = set_readonly(&sb->s_writers, flags & MS_RDONLY);

	if (err || !data || !*data)
		return err;
	err = sb->s_op->remount ? sb->s_op->remount(sb, data) : -EINVAL;
	if (err && was != !atomic_read(&sb->s_writers))
		atomic_set(&sb->s_writers, !was);
	return err;
}

static int do_remount(const struct path *target, unsigned long flags, char *data)
{
	int err = 0;

	mutex_lock(&namespace_lock);
	if (!path_mounted(target) || !in_namespace(target->mnt))
		err = -EINVAL;
	else if (!(flags & MS_BIND))
		err = reconfigure_super(target->mnt->mnt_sb, flags, data);
	if (!err)
		err = reconfigure_mount(target, flags);
	mutex_unlock(&namespace_lock);
	return err;
}

/* There is one tree of mounts, which none receives changes from: all mounts are private. Return: 0, or -EINVAL: not as wanted. */
static int do_change_type(const struct path *target, unsigned long flags)
{
	unsigned long type = flags & (MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE);
	struct vfsmount *m;

	if (type & (type - 1) || flags & ~(type | MS_REC | MS_SILENT) || type == MS_SHARED || !path_mounted(target))
		return -EINVAL;
	mutex_lock(&namespace_lock);
	for (m = target->mnt; m; m = flags & MS_REC ? next_mount(m, target->mnt) : NULL)
		WRITE_ONCE(m->mnt_flags, (m->mnt_flags & ~MNT_UNBINDABLE) | (type == MS_UNBINDABLE ? MNT_UNBINDABLE : 0));
	mutex_unlock(&namespace_lock);
	return 0;
}

static int bind_or_move(const struct path *target, const char *devname, unsigned long flags)
{
	struct path old;
	int err;

	if (!devname || !*devname)
		return -EINVAL;
	err = path_lookup(NULL, devname, LOOKUP_FOLLOW, &old);
	if (err)
		return err;
	err = flags & MS_BIND ? do_bind(target, &old, flags & MS_REC) : do_move(target, &old);
	path_put(&old);
	return err;
}

int path_mount(const char *devname, const struct path *target, const char *type, unsigned long flags, char *data)
{
	if ((flags & MS_MGC_MSK) == MS_MGC_VAL)
		flags &= ~(unsigned long)MS_MGC_MSK;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (flags & MS_NOUSER)
		return -EINVAL;
	if (flags & MS_REMOUNT)
		return do_remount(target, flags, data);
	if (flags & MS_BIND)
		return bind_or_move(target, devname, flags);
	if (flags & (MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE))
		return do_change_type(target, flags);
	if (flags & MS_MOVE)
		return bind_or_move(target, devname, flags);
	return do_new_mount(target, devname, type, flags, data);
}

/* ---- Unmounting. ---- */

/* May @m, which the caller has one reference to, go? Context: namespace_lock. */
static int may_umount(struct vfsmount *m, unsigned int flags)
{
	long users = atomic_read(&m->mnt_count) - 2;	/* but the tree and the caller */

	if (!(flags & MNT_DETACH) && (users || first_child(m)))
		return -EBUSY;
	if (!(flags & MNT_EXPIRE) || m->mnt_expiring)
		return 0;
	WRITE_ONCE(m->mnt_expiring, true);	/* mntput() of whoever uses it takes that back */
	return -EAGAIN;
}

int path_umount(struct path target, unsigned int flags)
{
	struct mount_list gone = TAILQ_HEAD_INITIALIZER(gone);
	bool is_root = path_mounted(&target);
	struct vfsmount *m = target.mnt;
	int err;

	dput(target.dentry);
	mutex_lock(&namespace_lock);
	if (!is_root || !in_namespace(m) || (flags & MNT_EXPIRE && flags & (MNT_FORCE | MNT_DETACH)))
		err = -EINVAL;
	else if (m == root_path.mnt)
		err = flags & MNT_DETACH ? -EINVAL : set_readonly(&m->mnt_sb->s_writers, true);
	else
		err = may_umount(m, flags);
	if (!err && m != root_path.mnt)
		detach_tree(m, &gone);
	mutex_unlock(&namespace_lock);
	drop_mounts(&gone);
	mntput_no_expire(m);
	return err;
}

/* ---- Looking, and booting. ---- */

int for_each_mount(const struct path *root, bool (*fn)(struct vfsmount *m, const char *path, void *arg), void *arg)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL);
	bool go_on = true;

	if (!buf)
		return -ENOMEM;
	mutex_lock(&namespace_lock);
	for (struct vfsmount *m = root_path.mnt; m && go_on; m = next_mount(m, root_path.mnt)) {
		bool reached;
		char *path = d_path_from(&(struct path){ m, m->mnt_root }, root, buf, PATH_MAX, &reached);

		if (!IS_ERR(path) && reached)
			go_on = fn(m, path, arg);
	}
	mutex_unlock(&namespace_lock);
	kfree(buf);
	return 0;
}

void __init kern_mount_at(const char *type, const char *name)
{
	struct path target;
	int err = vfs_mknod(&root_path, name, S_IFDIR | 0755, 0, NULL);

	if (!err || err == -EEXIST)
		err = path_lookup(&root_path, name, LOOKUP_FOLLOW, &target);
	if (!err) {
		err = do_new_mount(&target, type, type, 0, NULL);
		path_put(&target);
	}
	if (err)
		panic("cannot mount %s on %s: %d", type, name, err);
}
