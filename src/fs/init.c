/* SPDX-License-Identifier: MIT */
#include "fs/init.h"

#include "fs/anon_inodes.h"
#include "fs/fdtable.h"
#include "fs/file.h"
#include "fs/fs_struct.h"
#include "fs/inode.h"
#include "fs/namei.h"
#include "fs/namespace.h"
#include "fs/pipe.h"
#include "fs/ramfs.h"

void __init fs_init(void)
{
	inode_init();
	dcache_init();
	file_init();
	fdtable_init();
	fs_struct_init();
	rename_init();
	super_init();
	namespace_init();
	ramfs_init();
	mount_init(&rootfs_type);
	pipe_init();
	anon_inodes_init();
}
