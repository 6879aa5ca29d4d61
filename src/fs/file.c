/* SPDX-License-Identifier: MIT */
/* Open files. */
#include "fs/file.h"

#include <string.h>

#include "fs/dcache.h"
#include "fs/fdtable.h"
#include "fs/fs_struct.h"
#include "fs/inode.h"
#include "fs/namei.h"
#include "fs/pipe.h"
#include "fs/upcall.h"
#include "task/cred.h"
#include "task/rlimit.h"
#include "vm/slab.h"
#include "vm/upcall.h"

static struct kmem_cache *file_cache;
static atomic_long_t files_open;
u64 sysctl_file_max = 8192;

void __init file_init(void)
{
	file_cache = kmem_cache_create("filp", sizeof(struct file));
	/* A tenth of memory, at a KiB each. */
	sysctl_file_max = max(sysctl_file_max, totalram_pages() * (PAGE_SIZE / 1024) / 10);
	sysctl_pipe_user_pages_soft = min(sysctl_pipe_user_pages_soft, totalram_pages() / 4);
}

struct file *alloc_file(struct inode *inode, const struct path *path, u32 flags, const struct file_operations *fop)
{
	struct file *f;

	if ((u64)atomic_inc_return(&files_open) > READ_ONCE(sysctl_file_max) && !proc_is_administrator()) {
		atomic_dec(&files_open);
		return ERR_PTR(-ENFILE);
	}
	f = kmem_cache_alloc(file_cache, GFP_KERNEL);
	if (!f) {
		atomic_dec(&files_open);
		return ERR_PTR(-ENOMEM);
	}
	*f = (struct file){ .flags = flags, .inode = inode, .f_op = fop };
	if (path)
		f->f_path = *path;
	atomic_set(&f->refcount, 1);
	mutex_init(&f->f_pos_lock, LOCK_FILE_POS);
	return f;
}

void fput(struct file *f)
{
	if (!atomic_dec_and_test(&f->refcount))
		return;
	if (f->f_op && f->f_op->release)
		f->f_op->release(f);
	iput(f->inode);
	if (f->f_writer)
		mnt_drop_write(f->f_path.mnt);
	path_put(&f->f_path);
	kmem_cache_free(file_cache, f);
	atomic_dec(&files_open);
}

int file_path(struct file *f, struct path *place)
{
	struct dentry *d;

	if (f->f_path.dentry) {
		*place = path_get(&f->f_path);
		return 0;
	}
	d = d_alloc(NULL, "", iget(f->inode));
	if (!d) {
		iput(f->inode);
		return -ENOMEM;
	}
	*place = (struct path){ mntget(f->inode->i_sb->s_mnt), d };
	return 0;
}

void fs_get_file(struct file *f)
{
	get_file(f);
}

void fs_put_file(struct file *f)
{
	fput(f);
}

unsigned long nr_files(void)
{
	return atomic_read(&files_open);
}
