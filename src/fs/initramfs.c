/* SPDX-License-Identifier: MIT */
/* Unpack a cpio archive ("newc") into the root: the linked-in programs, and an initrd over them. */
#include "fs/initramfs.h"

#include <string.h>

#include "fs/dcache.h"
#include "fs/inode.h"
#include "fs/namei.h"
#include "smp/printk.h"

#define CPIO_HEADER 110

/* Field @i of a header: eight hexadecimal digits. */
static u32 cpio_field(const char *h, int i)
{
	u32 v = 0;

	for (const char *p = h + 6 + 8 * i; p < h + 14 + 8 * i; p++)
		v = v << 4 | ((*p >= '0' && *p <= '9') ? *p - '0' : ((*p | 32) - 'a' + 10) & 15);
	return v;
}

enum { C_INO, C_MODE, C_UID, C_GID, C_NLINK, C_MTIME, C_FILESIZE, C_MAJ, C_MIN, C_RMAJ, C_RMIN, C_NAMESIZE };

static int write_pages(struct inode *inode, const char *data, size_t n)
{
	for (size_t at = 0; at < n; at += PAGE_SIZE) {
		struct page *page = grab_cache_page(&inode->mapping, at >> PAGE_SHIFT);

		if (IS_ERR(page))
			return PTR_ERR(page);
		memcpy(page_address(page), data + at, min(n - at, (size_t)PAGE_SIZE));
		put_page(page);
	}
	inode->mapping.size = n;
	return 0;
}

/* The folders that lead to @path, which is relative to @base if it does not begin with a slash. */
static int make_parents(const struct path *base, char *path)
{
	int err = 0;

	for (char *slash = strchr(path + 1, '/'); slash && (!err || err == -EEXIST); slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		err = vfs_mknod(base, path, S_IFDIR | 0755, 0, NULL);
		*slash = '/';
	}
	return err == -EEXIST ? 0 : err;
}

/* A directory becomes a link to @target (bin -> usr/bin). Its contents move there; later entries of the archive replace them. */
static int move_folder(char *path, char *target)
{
	char *slash = strrchr(path, '/');
	struct path base;
	int err;

	*slash = '\0';
	err = path_lookup(&root_path, *path ? path : "/", 0, &base);
	*slash = '/';
	if (err)
		return err;
	err = make_parents(&base, target);
	err = err ? err : vfs_rename(&root_path, path, &base, target, 0);
	path_put(&base);
	return err;
}

static int make_link(char *path, u32 mode, const char *data, size_t n)
{
	char target[256];
	int err;

	if (n >= sizeof(target))
		return -ENAMETOOLONG;
	memcpy(target, data, n);
	target[n] = '\0';
	err = vfs_unlink(&root_path, path, false);	/* a later archive wins */
	if (err == -EISDIR) {
		err = move_folder(path, target);
		if (err)
			return err;
	}
	return vfs_mknod(&root_path, path, mode, 0, target);
}

/* One entry; its parent directories are made as needed. */
static int make_entry(char *path, u32 mode, const char *data, size_t n, u64 rdev)
{
	struct path p;
	int err = make_parents(&root_path, path);

	if (err)
		return err;
	if (S_ISLNK(mode))
		return make_link(path, mode, data, n);
	if (S_ISREG(mode))
		(void)!vfs_unlink(&root_path, path, false);
	err = vfs_mknod(&root_path, path, mode, rdev, NULL);
	if (err == -EEXIST && S_ISDIR(mode))
		return 0;
	if (err || !S_ISREG(mode))
		return err;
	err = path_lookup(&root_path, path, 0, &p);
	if (err)
		return err;
	err = write_pages(p.dentry->inode, data, n);
	path_put(&p);
	return err;
}

int __init populate_rootfs(const char *p, size_t size)
{
	const char *end = p + size;

	while (end - p >= CPIO_HEADER) {
		u32 mode, n, namesize;
		char path[256];
		const char *data;
		int err;

		if (*p == '\0') {	/* padding between archives */
			p++;
			continue;
		}
		if (memcmp(p, "070701", 6))
			return -EINVAL;
		mode = cpio_field(p, C_MODE);
		n = cpio_field(p, C_FILESIZE);
		namesize = cpio_field(p, C_NAMESIZE);
		if (namesize < 2 || namesize >= sizeof(path) - 1 ||
		    ALIGN_UP((u64)CPIO_HEADER + namesize, 4ULL) + n > (u64)(end - p))
			return -EINVAL;
		path[0] = '/';
		memcpy(path + 1, p + CPIO_HEADER, namesize);
		path[namesize] = '\0';
		data = p + ALIGN_UP(CPIO_HEADER + namesize, 4u);
		if (!strcmp(path, "/TRAILER!!!")) {
			p = data;
			continue;
		}
		if (strcmp(path, "/.")) {
			err = make_entry(path, mode, data, n,
					 (u64)cpio_field(p, C_RMAJ) << 8 | cpio_field(p, C_RMIN));
			if (err) {
				pr_err("initramfs: %s: error %d\n", path, -err);
				if (err == -ENOMEM)
					return err;
			}
		}
		p = data + ALIGN_UP((size_t)n, 4UL);
	}
	return 0;
}
