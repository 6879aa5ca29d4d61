/* SPDX-License-Identifier: MIT */
/* /proc/PID/fd: a link for each open file, which leads to the file itself, whatever has become of its name. Ref: proc_pid_fd(5). */
#include "pseudofs/proc_fd.h"

#include <stdio.h>

#include "fs/anon_inodes.h"
#include "fs/fdtable.h"
#include "fs/pipe.h"
#include "lib/err.h"
#include "lib/parse.h"
#include "pseudofs/proc_access.h"
#include "pseudofs/proc_mounts.h"
#include "pseudofs/procfs.h"
#include "task/access.h"

/* A link's data: the process and the descriptor. */
#define FD_BITS 32

/* The descriptors of task @pid, with a reference; NULL: it has none any more. */
static struct files_struct *get_task_files(long pid)
{
	struct task_struct *p = get_proc_task(pid);
	struct files_struct *files;

	if (!p)
		return NULL;
	spin_lock(&p->alloc_lock);
	files = p->files;
	if (files)
		atomic_inc(&files->count);
	spin_unlock(&p->alloc_lock);
	put_task_struct(p);
	return files;
}

/* The first open descriptor of @pid at @from or after, or -1. */
static int next_fd(long pid, s64 from)
{
	struct files_struct *files = get_task_files(pid);
	int fd = files ? files_next_fd(files, from) : -1;

	if (files)
		put_files(files);
	return fd;
}

static bool may_look(long pid)
{
	struct task_struct *p = get_proc_task(pid);
	bool may = p && ptrace_may_access(p, PTRACE_MODE_READ_FSCREDS);

	if (p)
		put_task_struct(p);
	return may;
}

/* The file of link @data, with a reference; or ERR_PTR. */
static struct file *get_link_file(long data)
{
	struct files_struct *files;
	struct file *f;

	if (!may_look(data >> FD_BITS))
		return ERR_PTR(-EACCES);
	files = get_task_files(data >> FD_BITS);
	if (!files)
		return ERR_PTR(-ENOENT);
	f = files_get(files, (unsigned int)data);
	put_files(files);
	return f ? f : ERR_PTR(-ENOENT);
}

static int link_fd(long data, char *buf, size_t n)
{
	struct file *f = get_link_file(data);
	int len;

	if (IS_ERR(f))
		return PTR_ERR(f);
	if (anon_inode_name(f))
		len = snprintf(buf, n, "anon_inode:%s", anon_inode_name(f));
	else if (pipe_is_nameless(f))
		len = snprintf(buf, n, "pipe:[%lu]", f->inode->ino);
	else
		len = proc_link_of(&f->f_path, buf, n);
	fput(f);
	return len;
}

static int follow_fd(long data, struct path *place)
{
	struct file *f = get_link_file(data);
	int err;

	if (IS_ERR(f))
		return PTR_ERR(f);
	err = file_path(f, place);
	fput(f);
	return err;
}

static void owner_of_fd(long data, u32 mode, u32 *uid, u32 *gid)
{
	proc_owner_of_task(data >> FD_BITS, mode, uid, gid);
}

static const struct proc_entry fd_entry = { .owner = owner_of_fd, .mode = S_IFLNK | 0700, .readlink = link_fd, .follow = follow_fd };

struct dentry *proc_fd_lookup(struct dentry *dir, const char *name, long pid)
{
	int fd = parse_uint(name);

	if (fd < 0 || next_fd(pid, fd) != fd)
		return ERR_PTR(-ENOENT);
	return proc_new_dentry(dir, &fd_entry, name, pid << FD_BITS | fd);
}

void proc_fd_list(struct dir_context *ctx, long pid)
{
	int fd;

	while ((fd = next_fd(pid, ctx->pos - 256)) >= 0) {
		char name[12];

		snprintf(name, sizeof(name), "%d", fd);
		if (!ctx->emit(ctx, name, 1, S_IFLNK))
			return;
		ctx->pos = 256 + fd + 1;
	}
}
