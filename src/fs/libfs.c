/* SPDX-License-Identifier: MIT */
/* Operations that several file systems share. Ref: Linux fs/libfs.c. */
#include "fs/libfs.h"

#include "fs/file.h"
#include "fs/inode.h"
#include "fs/super.h"

/*
 * Directory positions: 0 ".", 1 "..", then each name's cookie, given when it was
 * linked and never used again: a position stays right while names come and go.
 */
static int dcache_iterate(struct file *f, struct dir_context *ctx)
{
	struct dentry *dir = f->f_path.dentry, *d;

	if (READ_ONCE(dir->removed))
		return -ENOENT;
	if (ctx->pos == 0) {
		if (!ctx->emit(ctx, ".", dir->inode->ino, S_IFDIR))
			return 0;
		ctx->pos = 1;
	}
	if (ctx->pos == 1) {
		struct dentry *parent = dget_parent(dir);
		bool room = ctx->emit(ctx, "..", parent->inode->ino, S_IFDIR);

		dput(parent);
		if (!room)
			return 0;
		ctx->pos = 2;
	}
	down_read(&dir->inode->i_rwsem);
	for (d = d_list_from(dir, ctx->pos); d && ctx->emit(ctx, d->name, d->inode->ino, d->inode->mode); d = TAILQ_NEXT(d, order))
		ctx->pos = d->cookie + 1;
	up_read(&dir->inode->i_rwsem);
	return 0;
}

static s64 dir_read(struct file *f, char __user *buf, size_t n, s64 *pos)
{
	(void)f, (void)buf, (void)n, (void)pos;
	return -EISDIR;
}

static s64 dir_llseek(struct file *f, s64 off, int whence)
{
	if (whence != SEEK_SET || off < 0)
		return -EINVAL;
	return f->pos = off;
}

const struct file_operations dcache_dir_ops = {
	.read = dir_read,
	.llseek = dir_llseek,
	.iterate = dcache_iterate,
};

int __init nameless_fill_super(struct super_block *sb, char *data)
{
	struct inode *i = new_inode(sb, S_IFDIR | 0500);

	(void)data;
	sb->s_root = i ? d_alloc(NULL, "/", i) : NULL;
	return sb->s_root ? 0 : -ENOMEM;
}
