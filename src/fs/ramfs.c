/* SPDX-License-Identifier: MIT */
/*
 * File systems in memory. Names are linked dentries, contents are pages of the page cache, and nothing is behind them.
 *
 * Names and pages are counted to the user who made them, and limited as vm/shmem.h says. An instance of tmpfs may have limits of
 * its own besides. Ref: Linux fs/ramfs, mm/shmem.c; tmpfs(5).
 */
#include "fs/ramfs.h"

#include <stdio.h>
#include <string.h>

#include "abi/mount.h"
#include "fs/chrdev.h"
#include "fs/generic_file.h"
#include "fs/inode.h"
#include "fs/libfs.h"
#include "fs/pipe.h"
#include "lib/err.h"
#include "lib/parse.h"
#include "task/cred.h"
#include "task/user.h"
#include "vm/shmem.h"
#include "vm/slab.h"
#include "vm/upcall.h"

/* How many pages and inodes an instance has, and may have. */
struct ramfs_info {
	atomic_long_t used[NR_SHMEM_KINDS];
	long max[NR_SHMEM_KINDS];	/* __LONG_MAX__: as many as the user */
	u32 mode, uid, gid;		/* of the root directory, as mounted */
};

static struct ramfs_info *info_of(const struct super_block *sb)
{
	return sb->s_fs_info;
}

static int info_charge(struct ramfs_info *info, enum shmem_kind kind)
{
	if (atomic_inc_return(&info->used[kind]) <= READ_ONCE(info->max[kind]))
		return 0;
	atomic_dec(&info->used[kind]);
	return -ENOSPC;
}

/* ---- Pages. ---- */

static struct ramfs_info *info_of_mapping(struct address_space *m)
{
	return info_of(container_of(m, struct inode, mapping)->i_sb);
}

static int ramfs_charge_page(struct address_space *m)
{
	struct ramfs_info *info = info_of_mapping(m);
	int err = info_charge(info, SHMEM_PAGES);

	if (err)
		return err;
	err = shmem_charge(m->account, SHMEM_PAGES);
	if (err)
		atomic_dec(&info->used[SHMEM_PAGES]);
	return err;
}

static void ramfs_uncharge_pages(struct address_space *m, unsigned long n)
{
	atomic_sub((long)n, &info_of_mapping(m)->used[SHMEM_PAGES]);
	shmem_uncharge(m->account, SHMEM_PAGES, (long)n);
}

static const struct address_space_operations ramfs_aops = {
	.charge_page = ramfs_charge_page,
	.uncharge_pages = ramfs_uncharge_pages,
};

/* ---- Inodes. ---- */

static void ramfs_evict_inode(struct inode *i)
{
	atomic_dec(&info_of(i->i_sb)->used[SHMEM_NAMES]);
}

static struct inode *ramfs_new_inode(struct super_block *sb, u32 mode)
{
	struct inode *i;

	if (info_charge(info_of(sb), SHMEM_NAMES))
		return ERR_PTR(-ENOSPC);
	i = new_inode(sb, mode);
	if (!i) {
		atomic_dec(&info_of(sb)->used[SHMEM_NAMES]);
		return ERR_PTR(-ENOMEM);
	}
	i->mapping.account = vm_account_get();
	return i;
}

/* @i, new, gets the name @name in @dir, which then has the reference to it. Return: the dentry with a reference, or ERR_PTR. */
static struct dentry *add_name(struct dentry *dir, const char *name, struct inode *i)
{
	struct dentry *d = d_alloc(dir, name, i);
	int err;

	if (!d) {
		iput(i);
		return ERR_PTR(-ENOMEM);
	}
	err = d_charge(d);
	if (err) {
		dput(d);
		return ERR_PTR(err);
	}
	d_link(dget(d));
	inode_touch(dir->inode);
	return d;
}

static struct inode *child_inode(const struct dentry *dir, u32 mode)
{
	struct inode *i = ramfs_new_inode(dir->inode->i_sb, mode);

	if (!IS_ERR(i) && dir->inode->mode & S_ISGID) {
		i->gid = dir->inode->gid;	/* the directory is a group's */
		i->mode |= S_ISDIR(mode) ? S_ISGID : 0;
	}
	return i;
}

static struct dentry *ramfs_create(struct dentry *dir, const char *name, u32 mode)
{
	struct inode *i = child_inode(dir, mode);

	if (IS_ERR(i))
		return ERR_CAST(i);
	i->i_fop = &generic_file_ops;
	i->mapping.a_ops = &ramfs_aops;
	return add_name(dir, name, i);
}

static struct dentry *ramfs_mknod(struct dentry *dir, const char *name, u32 mode, u64 rdev)
{
	struct inode *i = child_inode(dir, mode);
	int err;

	if (IS_ERR(i))
		return ERR_CAST(i);
	if (S_ISFIFO(mode)) {
		err = fifo_init(i);
		if (err) {
			iput(i);
			return ERR_PTR(err);
		}
	} else {
		i->rdev = rdev;
		i->i_fop = S_ISCHR(mode) ? chrdev_ops(rdev) : NULL;
	}
	return add_name(dir, name, i);
}

static const struct inode_operations ramfs_dir_ops;

static void init_dir(struct inode *i)
{
	i->i_op = &ramfs_dir_ops;
	i->i_fop = &dcache_dir_ops;
	i->nlink = 2;
}

static struct dentry *ramfs_mkdir(struct dentry *dir, const char *name, u32 mode)
{
	struct inode *i = child_inode(dir, mode);
	struct dentry *d;

	if (IS_ERR(i))
		return ERR_CAST(i);
	init_dir(i);
	d = add_name(dir, name, i);
	if (!IS_ERR(d))
		dir->inode->nlink++;
	return d;
}

/* ---- Symbolic links. ---- */

/* Text longer than this counts as a page. Ref: Linux SHORT_SYMLINK_LEN. */
#define SHORT_SYMLINK_LEN 128

static int symlink_readlink(struct inode *i, char *buf, size_t n)
{
	n = min(n, strlen(i->private));
	memcpy(buf, i->private, n);
	return (int)n;
}

static void symlink_evict(struct inode *i)
{
	if (i->mapping.size >= SHORT_SYMLINK_LEN)
		shmem_uncharge(i->mapping.account, SHMEM_PAGES, 1);
	kfree(i->private);
}

static const struct inode_operations symlink_ops = {
	.readlink = symlink_readlink,
	.evict = symlink_evict,
};

static int symlink_init(struct inode *i, const char *text)
{
	size_t n = strlen(text) + 1;

	if (n > SHORT_SYMLINK_LEN && shmem_charge(i->mapping.account, SHMEM_PAGES))
		return -ENOSPC;
	i->private = kmalloc(n, GFP_KERNEL);
	if (!i->private) {
		if (n > SHORT_SYMLINK_LEN)
			shmem_uncharge(i->mapping.account, SHMEM_PAGES, 1);
		return -ENOMEM;
	}
	memcpy(i->private, text, n);
	i->mapping.size = n - 1;
	i->i_op = &symlink_ops;
	return 0;
}

static struct dentry *ramfs_symlink(struct dentry *dir, const char *name, const char *text)
{
	struct inode *i = child_inode(dir, S_IFLNK | 0777);
	int err;

	if (IS_ERR(i))
		return ERR_CAST(i);
	err = symlink_init(i, text);
	if (err) {
		iput(i);
		return ERR_PTR(err);
	}
	return add_name(dir, name, i);
}

/* ---- Other changes of names. ---- */

static int ramfs_link(struct inode *i, struct dentry *dir, const char *name)
{
	struct dentry *d = add_name(dir, name, iget(i));

	if (IS_ERR(d))
		return PTR_ERR(d);
	i->nlink++;
	i->ctime = i->i_sb == dir->inode->i_sb ? dir->inode->ctime : i->ctime;
	dput(d);
	return 0;
}

static int ramfs_unlink(struct dentry *dir, struct dentry *d)
{
	d->inode->nlink--;
	inode_touch(dir->inode);
	return 0;
}

static int ramfs_rmdir(struct dentry *dir, struct dentry *d)
{
	if (RB_ROOT(&d->children))
		return -ENOTEMPTY;
	d->inode->nlink = 0;
	dir->inode->nlink--;
	inode_touch(dir->inode);
	return 0;
}

static void exchange(struct dentry *a, struct dentry *b, struct inode *dir_a, struct inode *dir_b)
{
	int more = S_ISDIR(a->inode->mode) - S_ISDIR(b->inode->mode);

	d_exchange(a, b);
	dir_a->nlink -= more;
	dir_b->nlink += more;
}

/* @victim, if there is one, goes. Return: 0, -ENOTEMPTY, -ENOMEM. */
static int replace(struct dentry *d, struct inode *old_dir, struct dentry *new_dir, const char *name, struct dentry *victim)
{
	bool dir = S_ISDIR(d->inode->mode);
	int err = victim && RB_ROOT(&victim->children) ? -ENOTEMPTY : d_move(d, new_dir, name, victim);

	if (err)
		return err;
	if (victim)
		victim->inode->nlink = dir ? 0 : victim->inode->nlink - 1;
	old_dir->nlink -= dir;
	new_dir->inode->nlink += dir && !victim;
	return 0;
}

static int ramfs_rename(struct dentry *d, struct dentry *new_dir, const char *name, struct dentry *victim, unsigned int flags)
{
	struct dentry *parent = dget_parent(d);		/* which d_move() may drop */
	struct inode *old_dir = parent->inode;
	int err = 0;

	if (flags & RENAME_EXCHANGE)
		exchange(d, victim, old_dir, new_dir->inode);
	else
		err = replace(d, old_dir, new_dir, name, victim);
	if (!err) {
		inode_touch(old_dir);
		inode_touch(new_dir->inode);
	}
	dput(parent);
	return err;
}

static const struct inode_operations ramfs_dir_ops = {
	.create = ramfs_create, .mknod = ramfs_mknod, .mkdir = ramfs_mkdir, .symlink = ramfs_symlink, .link = ramfs_link,
	.unlink = ramfs_unlink, .rmdir = ramfs_rmdir, .rename = ramfs_rename,
};

/* ---- Instances. ---- */

static void ramfs_statfs(struct super_block *sb, struct k_statfs *st)
{
	const struct shmem_account *who = &current_cred()->user->shmem;
	struct shmem_stat s[NR_SHMEM_KINDS];

	for (int kind = 0; kind < NR_SHMEM_KINDS; kind++) {
		unsigned long max = READ_ONCE(info_of(sb)->max[kind]), used = atomic_read(&info_of(sb)->used[kind]);

		s[kind] = shmem_stat(who, kind);
		s[kind].max = min(s[kind].max, max);
		s[kind].free = min(s[kind].free, max - min(used, max));
		s[kind].avail = min(s[kind].avail, s[kind].free);
	}
	st->f_blocks = s[SHMEM_PAGES].max;
	st->f_bfree = s[SHMEM_PAGES].free;
	st->f_bavail = s[SHMEM_PAGES].avail;
	st->f_files = s[SHMEM_NAMES].max;
	st->f_ffree = s[SHMEM_NAMES].free;
}

/* A number in @base with a unit behind it, k, m, g, or % of memory. Return: false: it is none. */
static bool parse_size(const char *text, u64 *bytes)
{
	static const char units[] = "kmg";
	const char *unit;

	if (!parse_u64(&text, 10, bytes))
		return false;
	unit = *text ? strchr(units, *text | 0x20) : NULL;
	if (unit && *bytes > ~0UL >> 30)
		return false;
	if (unit)
		*bytes <<= 10 * (unit - units + 1);
	else if (*text == '%')
		*bytes = totalram_pages() * PAGE_SIZE / 100 * min(*bytes, (u64)100);
	return !*text || ((unit || *text == '%') && !text[1]);
}

/* One of tmpfs's options. Return: is it one? */
static bool parse_option(struct ramfs_info *info, const char *name, const char *value)
{
	u64 n = 0;

	if (!value)
		return false;
	if (!strcmp(name, "mode")) {
		bool ok = parse_u64(&value, 8, &n) && !*value && n <= 07777;

		info->mode = (u32)n;
		return ok;
	}
	if (!parse_size(value, &n))
		return false;
	if (!strcmp(name, "size"))
		info->max[SHMEM_PAGES] = n ? (long)((n + PAGE_SIZE - 1) >> PAGE_SHIFT) : __LONG_MAX__;
	else if (!strcmp(name, "nr_blocks"))
		info->max[SHMEM_PAGES] = n ? (long)min(n, (u64)__LONG_MAX__) : __LONG_MAX__;
	else if (!strcmp(name, "nr_inodes"))
		info->max[SHMEM_NAMES] = n ? (long)min(n, (u64)__LONG_MAX__) : __LONG_MAX__;
	else if (!strcmp(name, "uid"))
		info->uid = (u32)n;
	else if (!strcmp(name, "gid"))
		info->gid = (u32)n;
	else
		return false;
	return true;
}

static int parse_options(struct ramfs_info *info, char *data)
{
	char *option;

	while ((option = strsep(&data, ","))) {
		char *value = strchr(option, '=');

		if (!*option)
			continue;
		if (value)
			*value++ = '\0';
		if (!parse_option(info, option, value))
			return -EINVAL;
	}
	return 0;
}

/* A limit below what there is now is refused. */
static int tmpfs_remount(struct super_block *sb, char *data)
{
	struct ramfs_info *info = info_of(sb), new;

	memcpy(new.max, info->max, sizeof(new.max));
	if (parse_options(&new, data))
		return -EINVAL;
	for (int kind = 0; kind < NR_SHMEM_KINDS; kind++)
		if (new.max[kind] < atomic_read(&info->used[kind]))
			return -EINVAL;
	for (int kind = 0; kind < NR_SHMEM_KINDS; kind++)
		WRITE_ONCE(info->max[kind], new.max[kind]);
	return 0;
}

static size_t tmpfs_show_options(struct super_block *sb, char *buf, size_t n)
{
	const struct ramfs_info *info = info_of(sb);
	size_t len = 0;

	if (info->max[SHMEM_PAGES] != __LONG_MAX__)
		len += snprintf(buf, n, ",size=%luk", info->max[SHMEM_PAGES] * (PAGE_SIZE / 1024));
	if (info->max[SHMEM_NAMES] != __LONG_MAX__)
		len += snprintf(buf + len, n - len, ",nr_inodes=%lu", info->max[SHMEM_NAMES]);
	if (info->mode != 01777)
		len += snprintf(buf + len, n - len, ",mode=%o", info->mode);
	if (info->uid)
		len += snprintf(buf + len, n - len, ",uid=%u", info->uid);
	if (info->gid)
		len += snprintf(buf + len, n - len, ",gid=%u", info->gid);
	return len;
}

static void ramfs_put_super(struct super_block *sb)
{
	kfree(sb->s_fs_info);
}

static const struct super_operations ramfs_super_ops = {
	.evict_inode = ramfs_evict_inode, .statfs = ramfs_statfs, .put_super = ramfs_put_super,
};
static const struct super_operations tmpfs_super_ops = {
	.evict_inode = ramfs_evict_inode, .statfs = ramfs_statfs, .put_super = ramfs_put_super,
	.remount = tmpfs_remount, .show_options = tmpfs_show_options,
};

static int make_root(struct super_block *sb, u32 mode, char *data)
{
	struct ramfs_info *info = kzalloc(sizeof(*info), GFP_KERNEL);
	struct inode *i;
	int err;

	if (!info)
		return -ENOMEM;
	sb->s_fs_info = info;
	info->max[SHMEM_PAGES] = info->max[SHMEM_NAMES] = __LONG_MAX__;
	info->mode = mode;
	err = parse_options(info, data);
	if (err)
		return err;
	i = ramfs_new_inode(sb, S_IFDIR | info->mode);
	if (IS_ERR(i))
		return PTR_ERR(i);
	i->uid = info->uid;
	i->gid = info->gid;
	init_dir(i);
	sb->s_root = d_alloc(NULL, "/", i);
	if (!sb->s_root)
		iput(i);
	return sb->s_root ? 0 : -ENOMEM;
}

static int ramfs_fill_super(struct super_block *sb, char *data)
{
	sb->s_op = &ramfs_super_ops;
	return make_root(sb, 0755, data);
}

static int tmpfs_fill_super(struct super_block *sb, char *data)
{
	sb->s_op = &tmpfs_super_ops;
	return make_root(sb, 01777, data);
}

struct file_system_type rootfs_type = { .name = "rootfs", .magic = RAMFS_MAGIC, .flags = FS_NOMOUNT, .fill_super = ramfs_fill_super };
static struct file_system_type ramfs_type = { .name = "ramfs", .magic = RAMFS_MAGIC, .fill_super = ramfs_fill_super };
static struct file_system_type tmpfs_type = { .name = "tmpfs", .magic = TMPFS_MAGIC, .fill_super = tmpfs_fill_super };
static struct file_system_type devtmpfs_type = {
	.name = "devtmpfs", .magic = TMPFS_MAGIC, .flags = FS_SINGLE, .fill_super = ramfs_fill_super,
};

void __init ramfs_init(void)
{
	register_filesystem(&ramfs_type);
	register_filesystem(&tmpfs_type);
	register_filesystem(&devtmpfs_type);
}
