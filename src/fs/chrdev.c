/* SPDX-License-Identifier: MIT */
/* Character devices: null, zero, full, random, ports, and those that other code registers; and the files of /dev. */
#include "fs/chrdev.h"

#include <string.h>

#include "fs/namei.h"
#include "fs/namespace.h"
#include "fs/vport.h"
#include "sched/sched.h"
#include "vm/slab.h"

#define MAX_TABLES 4
#define VPORT_MAJOR 240	/* of those for local use: Linux gives it whatever is free */

static s64 null_read(struct file *f, char __user *buf, size_t n, s64 *pos)
{
	(void)f, (void)buf, (void)n, (void)pos;
	return 0;
}

static s64 null_write(struct file *f, const char __user *buf, size_t n, s64 *pos)
{
	(void)f, (void)buf, (void)pos;
	return n;
}

static s64 zero_read(struct file *f, char __user *buf, size_t n, s64 *pos)
{
	size_t done = 0;

	(void)f, (void)pos;
	while (done < n) {
		size_t part = min(n - done, (size_t)PAGE_SIZE * 16);
		size_t left = clear_user(buf + done, part);

		done += part - left;
		if (left)
			return done ? (s64)done : -EFAULT;
		if (done < n && signal_pending(current))
			break;
		cond_resched();
	}
	return done;
}

static s64 full_write(struct file *f, const char __user *buf, size_t n, s64 *pos)
{
	(void)f, (void)buf, (void)n, (void)pos;
	return -ENOSPC;
}

/*
 * Random numbers: a xorshift generator stirred by the clock at each use. Good
 * for hash seeds and test data; not for secrets, and docs say so.
 */
static u64 random_state = 0x9e3779b97f4a7c15;

u64 get_random_u64(void)
{
	u64 x = READ_ONCE(random_state) ^ (rdtime() * 0xbf58476d1ce4e5b9);

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	WRITE_ONCE(random_state, x ? x : 1);
	return x * 0x2545f4914f6cdd1d;
}

static s64 random_read(struct file *f, char __user *buf, size_t n, s64 *pos)
{
	size_t done = 0;

	(void)f, (void)pos;
	while (done < n) {
		u64 x = get_random_u64();
		size_t part = min(n - done, sizeof(x));

		if (copy_to_user(buf + done, &x, part))
			return done ? (s64)done : -EFAULT;
		done += part;
		if (done % PAGE_SIZE == 0 && signal_pending(current))
			break;
	}
	return done;
}

static s64 dev_llseek(struct file *f, s64 off, int whence)
{
	(void)off, (void)whence;
	return f->pos = 0;
}

static const struct file_operations null_ops = { .read = null_read, .write = null_write, .llseek = dev_llseek };
static const struct file_operations zero_ops = { .read = zero_read, .write = null_write, .llseek = dev_llseek };
static const struct file_operations full_ops = { .read = zero_read, .write = full_write, .llseek = dev_llseek };
static const struct file_operations random_ops = { .read = random_read, .write = null_write, .llseek = dev_llseek };

static const struct chrdev memory_devices[] = {
	{ "/dev/null", MKDEV(1, 3), 0666, &null_ops },
	{ "/dev/zero", MKDEV(1, 5), 0666, &zero_ops },
	{ "/dev/full", MKDEV(1, 7), 0666, &full_ops },
	{ "/dev/random", MKDEV(1, 8), 0666, &random_ops },
	{ "/dev/urandom", MKDEV(1, 9), 0666, &random_ops },
};

static struct {
	const struct chrdev *dev;
	size_t n;
} tables[MAX_TABLES] = { { memory_devices, ARRAY_SIZE(memory_devices) } };	/* [I] after boot */
static unsigned int nr_tables = 1;

void __init chrdev_register(const struct chrdev *table, size_t n)
{
	BUG_ON(nr_tables == MAX_TABLES);
	tables[nr_tables].dev = table;
	tables[nr_tables++].n = n;
}

const struct file_operations *chrdev_ops(u64 rdev)
{
	for (unsigned int t = 0; t < nr_tables; t++)
		for (size_t i = 0; i < tables[t].n; i++)
			if (tables[t].dev[i].rdev == rdev)
				return tables[t].dev[i].fop;
	return rdev >> 8 == VPORT_MAJOR ? &vport_ops : NULL;
}

/* A file for each of @table. Return: 0, or an errno but -EEXIST: an archive may have brought one. */
static int __init make_nodes(const struct chrdev *table, size_t n)
{
	int err = 0;

	for (size_t i = 0; (!err || err == -EEXIST) && i < n; i++)
		err = vfs_mknod(&root_path, table[i].path, S_IFCHR | table[i].mode, table[i].rdev, NULL);
	return err == -EEXIST ? 0 : err;
}

/* Names of a process's own open files. On Linux a program (udev) makes these links at boot. */
static int __init make_links(void)
{
	static const char *const links[][2] = {
		{ "/dev/fd", "/proc/self/fd" }, { "/dev/stdin", "fd/0" }, { "/dev/stdout", "fd/1" }, { "/dev/stderr", "fd/2" },
	};
	int err = 0;

	for (size_t i = 0; (!err || err == -EEXIST) && i < ARRAY_SIZE(links); i++)
		err = vfs_mknod(&root_path, links[i][0], S_IFLNK | 0777, 0, links[i][1]);
	return err == -EEXIST ? 0 : err;
}

void __init devfs_init(void)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < nr_tables; i++)
		err = make_nodes(tables[i].dev, tables[i].n);
	if (!err)
		err = make_links();
	if (!err)
		err = vport_make_nodes(VPORT_MAJOR);
	if (err && err != -EEXIST)
		panic("cannot make /dev: %d", err);
	kern_mount_at("tmpfs", "/dev/shm");
}
