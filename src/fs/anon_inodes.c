/* SPDX-License-Identifier: MIT */
#include "fs/anon_inodes.h"

#include "abi/mount.h"
#include "fs/inode.h"
#include "fs/libfs.h"
#include "fs/super.h"
#include "lib/err.h"

static struct super_block *anon_sb;

struct file *anon_inode_getfile(const char *name, const struct file_operations *fop, void *private)
{
	struct inode *i = new_inode(anon_sb, 0600);
	struct file *f = i ? alloc_file(i, NULL, O_RDWR, fop) : ERR_PTR(-ENOMEM);

	if (IS_ERR(f)) {
		if (i)
			iput(i);
		return f;
	}
	i->private = (void *)name;
	f->private = private;
	return f;
}

const char *anon_inode_name(const struct file *f)
{
	return f->inode->i_sb == anon_sb ? f->inode->private : NULL;
}

static struct file_system_type anon_inode_fs_type = {
	.name = "anon_inodefs", .magic = ANON_INODE_FS_MAGIC, .flags = FS_NOMOUNT, .fill_super = nameless_fill_super,
};

void __init anon_inodes_init(void)
{
	anon_sb = kern_mount(&anon_inode_fs_type)->mnt_sb;
}
