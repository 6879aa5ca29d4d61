/* SPDX-License-Identifier: MIT */
/* Types of file systems and their instances. */
#include "fs/super.h"

#include <string.h>

#include "fs/inode.h"
#include "lib/err.h"
#include "locks/mutex.h"
#include "vm/slab.h"

static struct file_system_type *types;
static atomic_t last_dev;
static mutex_t single_lock;	/* type->only: two mounts at a time find, or make, one */

void __init super_init(void)
{
	mutex_init(&single_lock, LOCK_SUPER);
}

void __init register_filesystem(struct file_system_type *type)
{
	struct file_system_type **p = &types;

	while (*p)
		p = &(*p)->next;
	*p = type;
}

struct file_system_type *get_fs_type(const char *name)
{
	struct file_system_type *t = types;

	while (t && (strcmp(t->name, name) || t->flags & FS_NOMOUNT))
		t = t->next;
	return t;
}

const struct file_system_type *next_fs_type(const struct file_system_type *type)
{
	return type ? type->next : types;
}

static const struct super_operations no_operations;

static void super_free(struct super_block *sb)
{
	if (sb->s_root) {
		d_genocide(sb->s_root);
		dput(sb->s_root);
	}
	if (sb->s_op->put_super)
		sb->s_op->put_super(sb);
	kfree(sb);
}

static struct super_block *new_super(struct file_system_type *type, char *data)
{
	struct super_block *sb = kzalloc(sizeof(*sb), GFP_KERNEL);
	int err;

	if (!sb)
		return ERR_PTR(-ENOMEM);
	atomic_set(&sb->s_active, 1);
	atomic_set(&sb->s_writers, 1);
	sb->s_dev = (u32)atomic_inc_return(&last_dev);
	sb->s_type = type;
	sb->s_op = &no_operations;
	err = type->fill_super(sb, data);
	if (err) {
		super_free(sb);
		return ERR_PTR(err);
	}
	return sb;
}

struct super_block *get_super(struct file_system_type *type, char *data)
{
	struct super_block *sb;

	if (!(type->flags & FS_SINGLE))
		return new_super(type, data);
	mutex_lock(&single_lock);
	sb = type->only;
	if (!sb) {
		sb = new_super(type, data);
		if (!IS_ERR(sb))
			type->only = sb;
	}
	if (!IS_ERR(sb))
		atomic_inc(&sb->s_active);	/* the type keeps its own reference, so the instance never goes */
	mutex_unlock(&single_lock);
	return sb;
}

void deactivate_super(struct super_block *sb)
{
	if (atomic_dec_and_test(&sb->s_active))
		super_free(sb);
}
