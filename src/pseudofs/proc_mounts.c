/* SPDX-License-Identifier: MIT */
/* The places of a process: mounts, working and root directories. Ref: proc_pid_mountinfo(5), fstab(5). */
#include "pseudofs/proc_mounts.h"

#include <string.h>

#include "fs/fs_struct.h"
#include "fs/namei.h"
#include "fs/namespace.h"
#include "lib/err.h"
#include "pseudofs/proc_access.h"
#include "pseudofs/procfs.h"
#include "sched/sched.h"
#include "task/access.h"
#include "task/pid.h"
#include "vm/slab.h"

/* The places of task @pid, with a reference; or ERR_PTR. */
static struct fs_struct *get_task_fs(long pid)
{
	struct task_struct *p = get_proc_task(pid);
	struct fs_struct *fs;

	if (!p)
		return ERR_PTR(-ESRCH);
	spin_lock(&p->alloc_lock);
	fs = p->fs;
	if (fs)
		atomic_inc(&fs->count);
	spin_unlock(&p->alloc_lock);
	put_task_struct(p);
	return fs ? fs : ERR_PTR(-EINVAL);
}

/* Blanks and backslashes as \ooo, so that a line has its fields. */
static void seq_escape(struct seq_file *m, const char *s)
{
	for (; *s; s++)
		if (strchr(" \t\n\\#", *s))
			seq_printf(m, "\\%03o", *s);
		else
			seq_write(m, s, 1);
}

static void show_flags(struct seq_file *m, const struct vfsmount *mnt, bool readonly)
{
	unsigned int flags = READ_ONCE(mnt->mnt_flags);

	seq_printf(m, "%s%s%s%s,noatime", readonly ? "ro" : "rw", flags & MNT_NOSUID ? ",nosuid" : "",
		   flags & MNT_NODEV ? ",nodev" : "", flags & MNT_NOEXEC ? ",noexec" : "");
}

static void show_options(struct seq_file *m, struct super_block *sb)
{
	char text[128];

	if (sb->s_op->show_options)
		seq_write(m, text, sb->s_op->show_options(sb, text, sizeof(text)));
}

static bool show_mount(struct vfsmount *mnt, const char *path, void *arg)
{
	struct seq_file *m = arg;
	struct super_block *sb = mnt->mnt_sb;

	seq_escape(m, mnt->mnt_devname);
	seq_printf(m, " ");
	seq_escape(m, path);
	seq_printf(m, " %s ", sb->s_type->name);
	show_flags(m, mnt, mnt_is_readonly(mnt));
	show_options(m, sb);
	seq_printf(m, " 0 0\n");
	return true;
}

static bool show_mountinfo_line(struct vfsmount *mnt, const char *path, void *arg)
{
	struct seq_file *m = arg;
	struct super_block *sb = mnt->mnt_sb;
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL), *root = buf;

	if (!buf)
		return false;
	/* Which part of the file system it shows: the way from the one's root to the other's. */
	root = d_path_within(mnt->mnt_root, buf, PATH_MAX);
	seq_printf(m, "%d %d 0:%u ", mnt->mnt_id, mnt->mnt_parent->mnt_id, sb->s_dev);
	seq_escape(m, IS_ERR(root) ? "?" : root);
	seq_printf(m, " ");
	seq_escape(m, path);
	seq_printf(m, " ");
	show_flags(m, mnt, !atomic_read(&mnt->mnt_writers));
	seq_printf(m, "%s - %s ", READ_ONCE(mnt->mnt_flags) & MNT_UNBINDABLE ? " unbindable" : "", sb->s_type->name);
	seq_escape(m, mnt->mnt_devname);
	seq_printf(m, " %s", atomic_read(&sb->s_writers) ? "rw" : "ro");
	show_options(m, sb);
	seq_printf(m, "\n");
	kfree(buf);
	return true;
}

static int show_all(struct seq_file *m, long pid, bool (*fn)(struct vfsmount *mnt, const char *path, void *arg))
{
	struct fs_struct *fs = get_task_fs(pid);
	struct path root;
	int err;

	if (IS_ERR(fs))
		return PTR_ERR(fs);
	root = get_root(fs);
	put_fs(fs);
	err = for_each_mount(&root, fn, m);
	path_put(&root);
	return err;
}

int proc_show_mounts(struct seq_file *m, long pid)
{
	return show_all(m, pid, show_mount);
}

int proc_show_mountinfo(struct seq_file *m, long pid)
{
	return show_all(m, pid, show_mountinfo_line);
}

int proc_link_of(const struct path *p, char *buf, size_t n)
{
	char *tmp = kmalloc(PATH_MAX, GFP_KERNEL), *path;
	int len = -ENOMEM;

	if (tmp) {
		path = d_path(p, tmp, PATH_MAX);
		len = IS_ERR(path) ? (int)PTR_ERR(path) : (int)min(strlen(path), n);
		if (len > 0)
			memcpy(buf, path, len);
		kfree(tmp);
	}
	return len;
}

static int follow_place(long pid, struct path (*place)(struct fs_struct *), struct path *found)
{
	struct task_struct *p = get_proc_task(pid);
	struct fs_struct *fs;
	bool may;

	if (!p)
		return -ESRCH;
	may = ptrace_may_access(p, PTRACE_MODE_READ_FSCREDS);
	put_task_struct(p);
	fs = may ? get_task_fs(pid) : ERR_PTR(-EACCES);
	if (IS_ERR(fs))
		return PTR_ERR(fs) == -EINVAL ? -ENOENT : (int)PTR_ERR(fs);
	*found = place(fs);
	put_fs(fs);
	return 0;
}

int proc_follow_cwd(long pid, struct path *found)
{
	return follow_place(pid, get_pwd, found);
}

int proc_follow_root(long pid, struct path *found)
{
	return follow_place(pid, get_root, found);
}

static int link_of_place(long pid, struct path (*place)(struct fs_struct *), char *buf, size_t n)
{
	struct path path;
	int ret = follow_place(pid, place, &path);

	if (ret)
		return ret;
	ret = proc_link_of(&path, buf, n);
	path_put(&path);
	return ret;
}

int proc_link_cwd(long pid, char *buf, size_t n)
{
	return link_of_place(pid, get_pwd, buf, n);
}

int proc_link_root(long pid, char *buf, size_t n)
{
	return link_of_place(pid, get_root, buf, n);
}
