/* SPDX-License-Identifier: MIT */
/* Files and directories in memory: the page cache is the store. */
#include "fs/ramfs.h"

#include <string.h>

#include "fs/dcache.h"
#include "fs/file.h"
#include "fs/inode.h"
#include "fs/upcall.h"
#include "sched/sched.h"

#define MAX_FILE_SIZE (~0ULL >> 1)

/* Move @n bytes between the pages at @pos and user memory. Return: bytes, or errno when none. */
static s64 ramfs_read(struct file *f, char __user *buf, size_t n, s64 *pos)
{
	struct address_space *m = &f->inode->mapping;
	size_t done = 0;

	while (done < n) {
		u64 at = *pos + done, size = READ_ONCE(m->size), off = at & ~PAGE_MASK, left;
		size_t part = min(n - done, (size_t)(PAGE_SIZE - off));
		struct page *page;

		if (at >= size)
			break;
		part = min(part, (size_t)(size - at));
		page = find_get_page(m, at >> PAGE_SHIFT);
		if (page) {
			left = copy_to_user(buf + done, (char *)page_address(page) + off, part);
			put_page(page);
		} else {
			left = clear_user(buf + done, part);	/* a hole */
		}
		done += part - left;
		if (left) {
			if (!done)
				return -EFAULT;
			break;
		}
		cond_resched();
	}
	*pos += done;
	return done;
}

static s64 ramfs_write(struct file *f, const char __user *buf, size_t n, s64 *pos)
{
	struct inode *i = f->inode;
	struct address_space *m = &i->mapping;
	size_t done = 0;
	s64 room, err = 0;

	if (!n)
		return 0;
	down_write(&i->i_rwsem);
	if (f->flags & O_APPEND)
		*pos = m->size;
	n = min((u64)n, MAX_FILE_SIZE - *pos);
	room = n ? proc_file_room(*pos, n) : -EFBIG;
	if (room < 0)
		err = room;
	else
		n = room;
	while (!err && done < n) {
		u64 at = *pos + done, off = at & ~PAGE_MASK, left;
		size_t part = min(n - done, (size_t)(PAGE_SIZE - off));
		struct page *page = fatal_signal_pending(current) ? ERR_PTR(-EINTR) : grab_cache_page(m, at >> PAGE_SHIFT);

		if (IS_ERR(page)) {
			err = PTR_ERR(page);
			break;
		}
		left = copy_from_user((char *)page_address(page) + off, buf + done, part);
		put_page(page);
		done += part - left;
		if (at + part - left > m->size)
			WRITE_ONCE(m->size, at + part - left);
		if (left)
			err = -EFAULT;
	}
	if (done) {
		inode_touch(i);
		inode_remove_privs(i);
	}
	up_write(&i->i_rwsem);
	*pos += done;
	return done ? (s64)done : err;
}

s64 generic_llseek(struct file *f, s64 off, int whence)
{
	s64 base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? f->pos : (s64)f->inode->mapping.size;

	if (whence < SEEK_SET || whence > SEEK_END || __builtin_add_overflow(base, off, &base) || base < 0)
		return -EINVAL;
	return f->pos = base;
}

s64 kernel_read(struct file *f, void *buf, size_t n, s64 pos)
{
	struct address_space *m = &f->inode->mapping;
	u64 size = READ_ONCE(m->size);
	size_t done = 0;

	if (!S_ISREG(f->inode->mode) || f->inode->i_op || pos < 0)
		return -EINVAL;
	while (done < n && pos + done < size) {
		u64 at = pos + done, off = at & ~PAGE_MASK;
		size_t part = min(min(n - done, (size_t)(PAGE_SIZE - off)), (size_t)(size - at));
		struct page *page = find_get_page(m, at >> PAGE_SHIFT);

		if (page) {
			memcpy((char *)buf + done, (char *)page_address(page) + off, part);
			put_page(page);
		} else {
			memset((char *)buf + done, 0, part);
		}
		done += part;
	}
	return done;
}

/* With a name it is nobody's, and limited as such. */
static size_t ramfs_held(const struct file *f)
{
	return READ_ONCE(f->inode->nlink) ? 0 : READ_ONCE(f->inode->mapping.nrpages) * PAGE_SIZE;
}

const struct file_operations ramfs_file_ops = {
	.held = ramfs_held,
	.read = ramfs_read,
	.write = ramfs_write,
	.llseek = generic_llseek,
};

/*
 * Directory positions: 0 ".", 1 "..", then each name's cookie, given when it was
 * linked and never used again: a position stays right while names come and go.
 */
static int dir_iterate(struct file *f, struct dir_context *ctx)
{
	struct dentry *dir = f->dentry, *d;

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

const struct file_operations dir_file_ops = {
	.read = dir_read,
	.llseek = dir_llseek,
	.iterate = dir_iterate,
};
