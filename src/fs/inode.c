/* SPDX-License-Identifier: MIT */
#include "fs/inode.h"

#include "fs/super.h"
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

static const struct inode_operations no_operations;

struct inode *new_inode(struct super_block *sb, u32 mode)
{
	struct inode *i = kmem_cache_alloc(inode_cache, __GFP_ZERO);

	if (!i)
		return NULL;
	atomic_set(&i->refcount, 1);
	i->i_sb = sb;
	i->i_op = &no_operations;
	i->mode = mode;
	i->nlink = 1;
	i->ino = next_ino();
	i->atime = i->mtime = i->ctime = ktime_get_real_ns();
	init_rwsem(&i->i_rwsem, LOCK_INODE);
	mapping_init(&i->mapping, NULL);
	proc_fs_ids(&i->uid, &i->gid);
	return i;
}

void iput(struct inode *i)
{
	if (!atomic_dec_and_test(&i->refcount))
		return;
	truncate_pages(&i->mapping, 0);
	if (i->i_op->evict)
		i->i_op->evict(i);
	if (i->i_sb->s_op->evict_inode)
		i->i_sb->s_op->evict_inode(i);
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
		.st_dev = new_encode_dev(0, i->i_sb->s_dev), .st_ino = i->ino, .st_mode = i->mode, .st_nlink = i->nlink,
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

	return i->i_op->permission ? i->i_op->permission(i, mask, err) : err;
}

int notify_change(struct inode *i, const struct iattr *attr)
{
	int err = i->i_op->setattr ? i->i_op->setattr(i, attr) : 0;

	lockdep_assert_held_write(&i->i_rwsem);
	if (err)
		return err;
	if (attr->valid & ATTR_MODE)
		i->mode = (i->mode & S_IFMT) | (attr->mode & 07777);
	if (attr->valid & ATTR_UID)
		i->uid = attr->uid;
	if (attr->valid & ATTR_GID)
		i->gid = attr->gid;
	if (attr->valid & ATTR_ATIME)
		i->atime = attr->atime;
	if (attr->valid & ATTR_MTIME)
		i->mtime = attr->mtime;
	i->ctime = ktime_get_real_ns();
	return 0;
}

void __init inode_init(void)
{
	inode_cache = kmem_cache_create("inode", sizeof(struct inode));
}
