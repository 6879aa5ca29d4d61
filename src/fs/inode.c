/* SPDX-License-Identifier: MIT */
#include "fs/inode.h"

#include "fs/dcache.h"
#include "fs/file.h"
#include "fs/ramfs.h"
#include "fs/upcall.h"
#include "task/cred.h"
#include "time/clock.h"
#include "vm/slab.h"
#include "vm/upcall.h"

static struct kmem_cache *inode_cache;
static atomic_long_t ino_counter = ATOMIC_INIT(1);

u64 next_ino(void)
{
	return atomic_add_return(1, &ino_counter);
}

struct inode *new_inode(u32 mode)
{
	struct inode *i = kmem_cache_alloc(inode_cache, __GFP_ZERO);

	if (!i)
		return NULL;
	atomic_set(&i->refcount, 1);
	i->mode = mode;
	i->nlink = 1;
	i->ino = next_ino();
	i->atime = i->mtime = i->ctime = ktime_get_real_ns();
	init_rwsem(&i->i_rwsem, LOCK_INODE);
	mapping_init(&i->mapping, false);
	proc_fs_ids(&i->uid, &i->gid);
	return i;
}

void iput(struct inode *i)
{
	if (!atomic_dec_and_test(&i->refcount))
		return;
	truncate_pages(&i->mapping, 0);
	if (i->i_op && i->i_op->evict)
		i->i_op->evict(i);
	vm_account_put(i->mapping.account);
	kmem_cache_free(inode_cache, i);
}

void inode_touch(struct inode *i)
{
	i->mtime = i->ctime = ktime_get_real_ns();
}

void fill_stat(const struct inode *i, struct k_stat *st)
{
	*st = (struct k_stat){
		.st_dev = 1, .st_ino = i->ino, .st_mode = i->mode, .st_nlink = i->nlink,
		.st_uid = i->uid, .st_gid = i->gid, .st_rdev = i->rdev,
		.st_size = i->mapping.size, .st_blksize = PAGE_SIZE,
		.st_blocks = i->mapping.nrpages * (PAGE_SIZE / 512),
		.st_atime = i->atime / NSEC_PER_SEC, .st_atime_nsec = i->atime % NSEC_PER_SEC,
		.st_mtime = i->mtime / NSEC_PER_SEC, .st_mtime_nsec = i->mtime % NSEC_PER_SEC,
		.st_ctime = i->ctime / NSEC_PER_SEC, .st_ctime_nsec = i->ctime % NSEC_PER_SEC,
	};
}

void inode_remove_privs(struct inode *i)
{
	u32 bits = i->mode & S_ISUID;

	lockdep_assert_held_write(&i->i_rwsem);
	if ((i->mode & (S_ISGID | 0010)) == (S_ISGID | 0010))
		bits |= S_ISGID;
	if (unlikely(bits) && S_ISREG(i->mode) && !proc_fs_capable())
		i->mode &= ~bits;
}

int inode_permission(struct inode *i, int mask)
{
	int err = proc_permission(i->mode, i->uid, i->gid, mask);

	return i->i_op && i->i_op->permission ? i->i_op->permission(i, mask, err) : err;
}

void __init fs_init(void)
{
	struct inode *root;

	inode_cache = kmem_cache_create("inode", sizeof(struct inode));
	dcache_init();
	file_init();
	root = new_inode(S_IFDIR | 0755);
	BUG_ON(!root);
	root->i_fop = &dir_file_ops;
	root->nlink = 2;
	root_dentry = d_alloc(NULL, "/", root);
	BUG_ON(!root_dentry);
}
