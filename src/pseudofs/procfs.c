/* SPDX-License-Identifier: MIT */
#include "pseudofs/procfs.h"

#include <stdio.h>
#include <string.h>

#include "vm/slab.h"

void seq_write(struct seq_file *m, const void *data, size_t n)
{
	if (n > m->size - m->count) {
		m->overflow = true;
		return;
	}
	memcpy(m->buf + m->count, data, n);
	m->count += n;
}

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(m->buf + m->count, m->size - m->count, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= m->size - m->count)
		m->overflow = true;
	else
		m->count += n;
}

static const struct proc_entry *entry_of(const struct inode *i)
{
	return i->private;
}

/* The text of an open file, which is made anew each time that it is read from the start. */
struct proc_text {
	mutex_t lock;			/* all of it: pread() takes no lock of the file's */
	struct seq_file m;
};

static int proc_open(struct inode *i, struct file *f)
{
	struct proc_text *t;

	if (!entry_of(i)->show)
		return 0;
	t = kzalloc(sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	mutex_init(&t->lock, LOCK_SEQ);
	f->private = t;
	return 0;
}

/* Context: the text's lock. */
static int proc_make_text(const struct inode *i, struct seq_file *m)
{
	for (size_t size = PAGE_SIZE; ; size *= 2) {
		int err;

		kfree(m->buf);
		*m = (struct seq_file){ .size = size };
		m->buf = kmalloc(size, GFP_KERNEL);
		if (!m->buf)
			return -ENOMEM;
		err = entry_of(i)->show(m, i->private_data);
		if (err) {
			m->count = 0;
			return err;
		}
		if (!m->overflow)
			return 0;
	}
}

static s64 proc_read(struct file *f, char __user *buf, size_t n, s64 *pos)
{
	struct proc_text *t = f->private;
	struct seq_file *m = &t->m;
	s64 ret = 0;

	if (!t)
		return -EINVAL;
	mutex_lock(&t->lock);
	if (*pos == 0 || !m->buf)
		ret = proc_make_text(f->inode, m);
	if (!ret && (u64)*pos < m->count) {
		n = min(n, (size_t)(m->count - *pos));
		ret = copy_to_user(buf, m->buf + *pos, n) ? -EFAULT : (s64)n;
	}
	mutex_unlock(&t->lock);
	if (ret > 0)
		*pos += ret;
	return ret;
}

static s64 proc_write(struct file *f, const char __user *buf, size_t n, s64 *pos)
{
	const struct proc_entry *e = entry_of(f->inode);
	char text[128];
	int err;

	(void)pos;
	if (!e->write)
		return -EIO;
	if (n >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, n))
		return -EFAULT;
	text[n] = '\0';
	err = e->write(f->inode->private_data, text, n);
	return err ? err : (s64)n;
}

static void proc_truncate(struct file *f)
{
	const struct proc_entry *e = entry_of(f->inode);

	if (e->truncate)
		e->truncate(f->inode->private_data);
}

static void proc_release(struct file *f)
{
	struct proc_text *t = f->private;

	if (t)
		kfree(t->m.buf);
	kfree(t);
}

static size_t proc_held(const struct file *f)
{
	const struct proc_text *t = f->private;

	return t ? sizeof(*t) + READ_ONCE(t->m.size) : 0;
}

static s64 proc_llseek(struct file *f, s64 off, int whence)
{
	if (whence == SEEK_CUR)
		off += f->pos;
	if (whence > SEEK_CUR || off < 0)
		return -EINVAL;
	return f->pos = off;
}

static const struct file_operations proc_file_ops = {
	.open = proc_open, .release = proc_release, .read = proc_read, .write = proc_write, .truncate = proc_truncate,
	.llseek = proc_llseek, .held = proc_held,
};

/*
 * Positions: ".", "..", the table's entries; then the owner's listing takes over from 256 on. It counts with an int:
 * a position beyond is after the last name, and would be another number to it.
 */
static int proc_iterate(struct file *f, struct dir_context *ctx)
{
	const struct proc_entry *e = entry_of(f->inode);
	s64 nr = 0;

	while (e->entries && e->entries[nr].name)
		nr++;
	for (; ctx->pos < nr + 2; ctx->pos++) {
		const char *name = ctx->pos == 0 ? "." : ctx->pos == 1 ? ".." : e->entries[ctx->pos - 2].name;
		u32 mode = ctx->pos < 2 ? S_IFDIR : e->entries[ctx->pos - 2].mode;

		if (!ctx->emit(ctx, name, f->inode->ino, mode))
			return 0;
	}
	if (ctx->pos < 256)
		ctx->pos = 256;
	if (e->list && ctx->pos - 256 <= PROC_LIST_MAX)
		e->list(ctx, f->inode->private_data);
	return 0;
}

static const struct file_operations proc_dir_ops = { .iterate = proc_iterate, .llseek = proc_llseek };

/* A name of a table stays as long as its directory's. */
static struct dentry *stable(struct dentry *d, const struct dentry *dir)
{
	if (!IS_ERR(d))
		d->stable = dir->stable;
	return d;
}

static struct dentry *proc_lookup(struct dentry *dir, const char *name)
{
	const struct proc_entry *e = entry_of(dir->inode);

	for (const struct proc_entry *c = e->entries; c && c->name; c++)
		if (!strcmp(c->name, name))
			return stable(proc_new_dentry(dir, c, name, dir->inode->private_data), dir);
	return e->lookup ? e->lookup(dir, name, dir->inode->private_data) : ERR_PTR(-ENOENT);
}

static int proc_readlink(struct inode *i, char *buf, size_t n)
{
	return entry_of(i)->readlink(i->private_data, buf, n);
}

static int proc_follow(struct inode *i, struct path *place)
{
	return entry_of(i)->follow ? entry_of(i)->follow(i->private_data, place) : -EOPNOTSUPP;
}

static struct dentry *proc_mkdir(struct dentry *dir, const char *name, u32 mode)
{
	const struct proc_entry *e = entry_of(dir->inode);
	int err = e->mkdir ? e->mkdir(dir->inode->private_data, name) : -EPERM;

	(void)mode;
	return err ? ERR_PTR(err) : proc_lookup(dir, name);
}

static int proc_rmdir(struct dentry *dir, struct dentry *d)
{
	const struct proc_entry *e = entry_of(dir->inode);

	return e->rmdir ? e->rmdir(dir->inode->private_data, d->name) : -EPERM;
}

/* An inode lives as long as it is used, and the next is as the entry says: it would forget. */
static int proc_setattr(struct inode *i, const struct iattr *attr)
{
	(void)i, (void)attr;
	return -EPERM;
}

static int proc_inode_permission(struct inode *i, int mask, int err)
{
	return entry_of(i)->permission ? entry_of(i)->permission(i->private_data, mask, err) : err;
}

static const struct inode_operations proc_inode_ops = {
	.permission = proc_inode_permission, .lookup = proc_lookup, .readlink = proc_readlink, .follow = proc_follow,
	.mkdir = proc_mkdir, .rmdir = proc_rmdir, .setattr = proc_setattr,
};

static struct inode *proc_inode(struct super_block *sb, const struct proc_entry *e, const struct inode *dir, long data)
{
	struct inode *i = new_inode(sb, e->mode);
	void (*owner)(long, u32, u32 *, u32 *) = e->owner;

	if (!owner && dir)
		owner = entry_of(dir)->owner;
	if (i) {
		i->uid = i->gid = 0;
		if (owner)
			owner(data, e->mode, &i->uid, &i->gid);
		i->i_op = &proc_inode_ops;
		i->i_fop = S_ISDIR(e->mode) ? &proc_dir_ops : e->stream ? e->stream : &proc_file_ops;
		i->private = (void *)e;
		i->private_data = data;
	}
	return i;
}

/* The name @name for @e in @dir, or the root, NULL. */
static struct dentry *new_dentry(struct super_block *sb, struct dentry *dir, const struct proc_entry *e, const char *name, long data)
{
	struct inode *i = proc_inode(sb, e, dir ? dir->inode : NULL, data);
	struct dentry *d = i ? d_alloc(dir, name, i) : NULL;

	if (!d && i)
		iput(i);
	return d ? d : ERR_PTR(-ENOMEM);
}

struct dentry *proc_new_dentry(struct dentry *dir, const struct proc_entry *e, const char *name, long data)
{
	return new_dentry(dir->inode->i_sb, dir, e, name, data);
}

int pseudo_fill_super(struct super_block *sb, char *data)
{
	const struct pseudo_fs *fs = container_of(sb->s_type, struct pseudo_fs, type);
	struct dentry *root;

	if (data && *data)
		return -EINVAL;
	root = new_dentry(sb, NULL, fs->root, "/", 0);
	if (IS_ERR(root))
		return PTR_ERR(root);
	root->stable = true;
	sb->s_root = root;
	return 0;
}
