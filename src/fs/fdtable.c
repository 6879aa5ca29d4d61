/* SPDX-License-Identifier: MIT */
/* Descriptor tables. */
#include "fs/fdtable.h"

#include <string.h>

#include "fs/file.h"
#include "task/rlimit.h"
#include "vm/slab.h"

static struct kmem_cache *files_cache;

void __init fdtable_init(void)
{
	files_cache = kmem_cache_create("files_cache", sizeof(struct files_struct));
}

struct files_struct *files_alloc(void)
{
	struct files_struct *fs = kmem_cache_alloc(files_cache, __GFP_ZERO);

	if (!fs)
		return NULL;
	atomic_set(&fs->count, 1);
	spin_lock_init(&fs->file_lock, LOCK_FILES);
	fs->fdt = (struct fdtable){ NR_OPEN_DEFAULT, fs->fd_array, &fs->open_fds_init,
				    &fs->close_on_exec_init };
	return fs;
}

static void fdtable_free(struct files_struct *files, struct fdtable *t)
{
	if (t->fd != files->fd_array)
		kfree(t->fd);	/* the bitmaps follow in the same block */
}

/* A table of @max descriptors, a multiple of 64. */
static int fdtable_alloc(struct fdtable *t, unsigned int max)
{
	char *p = kzalloc(max * sizeof(struct file *) + max / 64 * 16, GFP_KERNEL);

	if (!p)
		return -ENOMEM;
	t->max_fds = max;
	t->fd = (struct file **)p;
	t->open_fds = (unsigned long *)(p + max * sizeof(struct file *));
	t->close_on_exec = t->open_fds + max / 64;
	return 0;
}

static void fdtable_copy(struct fdtable *to, const struct fdtable *from)
{
	memcpy(to->fd, from->fd, from->max_fds * sizeof(struct file *));
	memcpy(to->open_fds, from->open_fds, from->max_fds / 8);
	memcpy(to->close_on_exec, from->close_on_exec, from->max_fds / 8);
}

/* Make room for descriptor @fd. Drops file_lock to allocate. */
static int expand_files(struct files_struct *files, unsigned int fd) __must_hold(files->file_lock)
{
	while (fd >= files->fdt.max_fds) {
		struct fdtable new, old;
		unsigned int want = ALIGN_UP(max(fd + 1, files->fdt.max_fds * 2), 64u);

		spin_unlock(&files->file_lock);
		if (fdtable_alloc(&new, want)) {
			spin_lock(&files->file_lock);
			return -ENOMEM;
		}
		spin_lock(&files->file_lock);
		if (new.max_fds <= files->fdt.max_fds) {
			kfree(new.fd);	/* another thread was first */
			continue;
		}
		fdtable_copy(&new, &files->fdt);
		old = files->fdt;
		files->fdt = new;
		fdtable_free(files, &old);
	}
	return 0;
}

struct files_struct *dup_files(struct files_struct *old)
{
	struct files_struct *new = files_alloc();

	if (!new)
		return NULL;
	spin_lock(&old->file_lock);
	while (old->fdt.max_fds > new->fdt.max_fds) {
		unsigned int want = old->fdt.max_fds;
		struct fdtable t;

		spin_unlock(&old->file_lock);
		fdtable_free(new, &new->fdt);
		if (fdtable_alloc(&t, want)) {
			kmem_cache_free(files_cache, new);
			return NULL;
		}
		new->fdt = t;
		spin_lock(&old->file_lock);
	}
	fdtable_copy(&new->fdt, &old->fdt);
	new->next_fd = old->next_fd;
	for (unsigned int w = 0; w < old->fdt.max_fds / 64; w++)
		for (unsigned long bits = old->fdt.open_fds[w]; bits; bits &= bits - 1)
			get_file(old->fdt.fd[w * 64 + __builtin_ctzl(bits)]);
	spin_unlock(&old->file_lock);
	return new;
}

void put_files(struct files_struct *files)
{
	if (!atomic_dec_and_test(&files->count))
		return;
	for (unsigned int w = 0; w < files->fdt.max_fds / 64; w++)
		for (unsigned long bits = files->fdt.open_fds[w]; bits; bits &= bits - 1)
			fput(files->fdt.fd[w * 64 + __builtin_ctzl(bits)]);
	fdtable_free(files, &files->fdt);
	kmem_cache_free(files_cache, files);
}

static void fd_set(struct files_struct *files, unsigned int fd, struct file *f, bool cloexec)
	__must_hold(files->file_lock)
{
	struct fdtable *t = &files->fdt;

	WRITE_ONCE(t->fd[fd], f);
	t->open_fds[fd / 64] |= BIT(fd % 64);
	if (cloexec)
		t->close_on_exec[fd / 64] |= BIT(fd % 64);
	else
		t->close_on_exec[fd / 64] &= ~BIT(fd % 64);
}

unsigned int proc_max_open(void)
{
	return (unsigned int)min(rlimit(RLIMIT_NOFILE), (u64)NR_OPEN_MAX);
}

int fd_install_new(struct files_struct *files, struct file *f, unsigned int min_fd, bool cloexec)
{
	unsigned int fd, limit = proc_max_open();
	int err;

	spin_lock(&files->file_lock);
	for (;;) {
		fd = max(min_fd, files->next_fd);
		while (fd < files->fdt.max_fds && files->fdt.open_fds[fd / 64] >> (fd % 64) & 1)
			fd++;
		if (fd >= limit) {
			err = -EMFILE;
			break;
		}
		if (fd < files->fdt.max_fds) {
			fd_set(files, fd, f, cloexec);
			if (min_fd <= files->next_fd)
				files->next_fd = fd + 1;
			spin_unlock(&files->file_lock);
			return fd;
		}
		err = expand_files(files, fd);
		if (err)
			break;
	}
	spin_unlock(&files->file_lock);
	return err;
}

int fd_replace(struct files_struct *files, unsigned int fd, struct file *f, bool cloexec)
{
	struct file *old = NULL;
	int err;

	if (fd >= proc_max_open())
		return -EBADF;
	spin_lock(&files->file_lock);
	err = expand_files(files, fd);
	if (!err) {
		old = files->fdt.fd[fd];
		fd_set(files, fd, get_file(f), cloexec);
	}
	spin_unlock(&files->file_lock);
	if (old)
		fput(old);
	return err ? err : (int)fd;
}

/* Take descriptor @fd out. */
static struct file *fd_take(struct files_struct *files, unsigned int fd) __must_hold(files->file_lock)
{
	struct fdtable *t = &files->fdt;
	struct file *f = fd < t->max_fds ? t->fd[fd] : NULL;

	if (f) {
		WRITE_ONCE(t->fd[fd], NULL);
		t->open_fds[fd / 64] &= ~BIT(fd % 64);
		t->close_on_exec[fd / 64] &= ~BIT(fd % 64);
		files->next_fd = min(files->next_fd, fd);
	}
	return f;
}

int fd_close(struct files_struct *files, unsigned int fd)
{
	struct file *f;

	spin_lock(&files->file_lock);
	f = fd_take(files, fd);
	spin_unlock(&files->file_lock);
	if (!f)
		return -EBADF;
	fput(f);
	return 0;
}

void fd_close_on_exec(struct files_struct *files)
{
	spin_lock(&files->file_lock);
	for (unsigned int w = 0; w < files->fdt.max_fds / 64; w++)
		while (files->fdt.close_on_exec[w]) {
			struct file *f = fd_take(files, w * 64 + __builtin_ctzl(files->fdt.close_on_exec[w]));

			spin_unlock(&files->file_lock);
			fput(f);
			spin_lock(&files->file_lock);
		}
	spin_unlock(&files->file_lock);
}

struct file *files_get(struct files_struct *files, unsigned int fd)
{
	struct file *f = NULL;

	spin_lock(&files->file_lock);
	if (likely(fd < files->fdt.max_fds) && (f = files->fdt.fd[fd]))
		get_file(f);
	spin_unlock(&files->file_lock);
	return f;
}

struct file *fget(unsigned int fd)
{
	return files_get(current->files, fd);
}

int fd_get_flags(unsigned int fd)
{
	struct files_struct *files = current->files;
	int ret = -EBADF;

	spin_lock(&files->file_lock);
	if (fd < files->fdt.max_fds && files->fdt.fd[fd])
		ret = files->fdt.close_on_exec[fd / 64] >> (fd % 64) & 1 ? FD_CLOEXEC : 0;
	spin_unlock(&files->file_lock);
	return ret;
}

int fd_set_flags(unsigned int fd, bool cloexec)
{
	struct files_struct *files = current->files;
	int ret = -EBADF;

	spin_lock(&files->file_lock);
	if (fd < files->fdt.max_fds && files->fdt.fd[fd]) {
		fd_set(files, fd, files->fdt.fd[fd], cloexec);
		ret = 0;
	}
	spin_unlock(&files->file_lock);
	return ret;
}

int files_next_fd(struct files_struct *files, s64 from)
{
	unsigned int fd = (unsigned int)min(max(from, 0L), (s64)NR_OPEN_MAX);
	int ret = -1;

	spin_lock(&files->file_lock);
	for (; fd < files->fdt.max_fds; fd++)
		if (files->fdt.fd[fd]) {
			ret = fd;
			break;
		}
	spin_unlock(&files->file_lock);
	return ret;
}
