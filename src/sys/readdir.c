/* SPDX-License-Identifier: MIT */
/* Reading directories. */
#include "sys/sys.h"

#include <string.h>

#include "fs/fdtable.h"
#include "fs/file.h"
#include "vm/slab.h"

struct dents_context {
	struct dir_context ctx;
	char *buf;
	size_t size, used;
	size_t last;		/* offset of the last entry, whose d_off is the position after it */
	bool any, full;
};

static bool emit_dirent(struct dir_context *ctx, const char *name, u64 ino, u32 mode)
{
	struct dents_context *c = container_of(ctx, struct dents_context, ctx);
	size_t n = strlen(name), len = ALIGN_UP(offsetof(struct k_dirent64, d_name) + n + 1, 8UL);
	struct k_dirent64 *d = (struct k_dirent64 *)(c->buf + c->used);

	/* The entry before this one ends at the position that this one starts from. */
	if (c->any)
		((struct k_dirent64 *)(c->buf + c->last))->d_off = ctx->pos;
	if (c->size - c->used < len) {
		c->full = true;
		return false;
	}
	memset(d, 0, len);
	d->d_ino = ino;
	d->d_reclen = len;
	d->d_type = (mode & S_IFMT) >> 12;
	memcpy(d->d_name, name, n);
	c->last = c->used;
	c->used += len;
	c->any = true;
	return true;
}

long sys_getdents64(unsigned int fd, struct k_dirent64 __user *dirent, unsigned int count) __no_lock_analysis
{
	struct file *f = fget(fd);
	struct dents_context c = { .ctx = { .emit = emit_dirent }, .size = min(count, 32768U) };
	long ret;

	if (!f)
		return -EBADF;
	if (!f->f_op->iterate) {
		fput(f);
		return -ENOTDIR;
	}
	c.buf = kmalloc(max(c.size, 64UL), GFP_KERNEL);
	if (!c.buf) {
		fput(f);
		return -ENOMEM;
	}
	mutex_lock(&f->f_pos_lock);
	c.ctx.pos = f->pos;
	ret = f->f_op->iterate(f, &c.ctx);
	if (c.any)
		((struct k_dirent64 *)(c.buf + c.last))->d_off = c.ctx.pos;
	if (!ret)
		ret = c.any ? (long)c.used : c.full ? -EINVAL : 0;
	if (ret > 0 && copy_to_user(dirent, c.buf, ret))
		ret = -EFAULT;
	if (ret >= 0)
		f->pos = c.ctx.pos;
	mutex_unlock(&f->f_pos_lock);
	kfree(c.buf);
	fput(f);
	return ret;
}
