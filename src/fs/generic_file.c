/* SPDX-License-Identifier: MIT */
/* Reading and writing files whose contents are in the page cache. Ref: Linux mm/filemap.c. */
#include "fs/generic_file.h"

#include <string.h>

#include "fs/namei.h"
#include "fs/upcall.h"
#include "sched/sched.h"

#define MAX_FILE_SIZE (~0ULL >> 1)

/* Move @n bytes between the pages at @pos and user memory. Return: bytes, or errno when none. */
static s64 generic_file_read(struct file *f, char __user *buf, size_t n, s64 *pos)
{
	struct address_space *m = &f->inode->mapping;
	size_t done = 0;

	while (done < n) {
		u64 at = *pos + done, size = READ_ONCE(m->size), off = at & ~PAGE_MASK, left;
		size_t part = min(n - done, (size_t)(PAGE_SIZE - off));
		struct page *page;

		if (at >= size)
			break;
		part = min(part, (size_t)(size - at));
		page = find_get_page(m, at >> PAGE_SHIFT);
		if (page) {
			left = copy_to_user(buf + done, (char *)page_address(page) + off, part);
			put_page(page);
		} else {
			left = clear_user(buf + done, part);	/* a hole */
		}
		done += part - left;
		if (left) {
			if (!done)
				return -EFAULT;
			break;
		}
		cond_resched();
	}
	*pos += done;
	return done;
}

static s64 generic_file_write(struct file *f, const char __user *buf, size_t n, s64 *pos)
{
	struct inode *i = f->inode;
	struct address_space *m = &i->mapping;
	size_t done = 0;
	s64 room, err = 0;

	if (!n)
		return 0;
	down_write(&i->i_rwsem);
	if (f->flags & O_APPEND)
		*pos = m->size;
	n = min((u64)n, MAX_FILE_SIZE - *pos);
	room = n ? proc_file_room(*pos, n) : -EFBIG;
	if (room < 0)
		err = room;
	else
		n = room;
	while (!err && done < n) {
		u64 at = *pos + done, off = at & ~PAGE_MASK, left;
		size_t part = min(n - done, (size_t)(PAGE_SIZE - off));
		struct page *page = fatal_signal_pending(current) ? ERR_PTR(-EINTR) : grab_cache_page(m, at >> PAGE_SHIFT);

		if (IS_ERR(page)) {
			err = PTR_ERR(page);
			break;
		}
		left = copy_from_user((char *)page_address(page) + off, buf + done, part);
		put_page(page);
		done += part - left;
		if (at + part - left > m->size)
			WRITE_ONCE(m->size, at + part - left);
		if (left)
			err = -EFAULT;
	}
	if (done) {
		inode_touch(i);
		inode_remove_privs(i);
	}
	up_write(&i->i_rwsem);
	*pos += done;
	return done ? (s64)done : err;
}

s64 generic_llseek(struct file *f, s64 off, int whence)
{
	s64 base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? f->pos : (s64)f->inode->mapping.size;

	if (whence < SEEK_SET || whence > SEEK_END || __builtin_add_overflow(base, off, &base) || base < 0)
		return -EINVAL;
	return f->pos = base;
}

s64 kernel_read(struct file *f, void *buf, size_t n, s64 pos)
{
	struct address_space *m = &f->inode->mapping;
	u64 size = READ_ONCE(m->size);
	size_t done = 0;

	if (!m->a_ops || pos < 0)
		return -EINVAL;
	while (done < n && pos + done < size) {
		u64 at = pos + done, off = at & ~PAGE_MASK;
		size_t part = min(min(n - done, (size_t)(PAGE_SIZE - off)), (size_t)(size - at));
		struct page *page = find_get_page(m, at >> PAGE_SHIFT);

		if (page) {
			memcpy((char *)buf + done, (char *)page_address(page) + off, part);
			put_page(page);
		} else {
			memset((char *)buf + done, 0, part);
		}
		done += part;
	}
	return done;
}

/* With a name it is nobody's, and limited as such. */
static size_t generic_file_held(const struct file *f)
{
	return READ_ONCE(f->inode->nlink) ? 0 : READ_ONCE(f->inode->mapping.nrpages) * PAGE_SIZE;
}

const struct file_operations generic_file_ops = {
	.held = generic_file_held,
	.read = generic_file_read,
	.write = generic_file_write,
	.llseek = generic_llseek,
};

int vfs_truncate(struct inode *i, u64 size)
{
	if (S_ISDIR(i->mode))
		return -EISDIR;
	if (!i->mapping.a_ops)
		return -EINVAL;
	down_write(&i->i_rwsem);
	if (size > i->mapping.size && proc_file_room(size - 1, 1) < 0) {
		up_write(&i->i_rwsem);
		return -EFBIG;
	}
	if (size < i->mapping.size) {
		WRITE_ONCE(i->mapping.size, size);
		truncate_pages(&i->mapping, size);
	} else {
		WRITE_ONCE(i->mapping.size, size);
	}
	inode_touch(i);
	inode_remove_privs(i);
	up_write(&i->i_rwsem);
	return 0;
}
