/* SPDX-License-Identifier: MIT */
/* From paths to places. */
#include "fs/namei.h"

#include <string.h>

#include "fs/fs_struct.h"
#include "fs/inode.h"
#include "sched/sched.h"
#include "vm/slab.h"

#define MAX_SYMLINKS 40

/* A walk: where it is, what it may not leave, and how many symbolic links it has met. */
struct nameidata {
	struct path path, root;		/* references; root.dentry is NULL until it is asked for */
	int links;
};

struct component {
	char name[NAME_MAX + 1];
	bool last, slash;		/* nothing comes after it; it is followed by a slash: only a directory is meant */
};

static const struct path *walk_root(struct nameidata *nd)
{
	if (!nd->root.dentry)
		nd->root = get_root(current->fs);
	return &nd->root;
}

/* The next component of *@path, which is then behind it. Return: 1; 0: there is none; -ENAMETOOLONG. */
static int next_component(const char **path, struct component *c)
{
	const char *p = *path + strspn(*path, "/");
	size_t n = strcspn(p, "/");

	if (n > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(c->name, p, n);
	c->name[n] = '\0';
	p += n;
	c->slash = *p == '/';
	c->last = !p[strspn(p, "/")];
	*path = p;
	return n != 0;
}

struct dentry *lookup_name(struct dentry *dir, const char *name)
{
	struct dentry *d = d_find(dir, name);

	lockdep_assert_held(&dir->inode->i_rwsem);
	if (!d && dir->inode->i_op->lookup)
		d = dir->inode->i_op->lookup(dir, name);
	return d ? d : ERR_PTR(-ENOENT);
}

/* May the walk search the directory where it is? */
static int may_search(const struct nameidata *nd)
{
	struct inode *i = nd->path.dentry->inode;

	return S_ISDIR(i->mode) ? inode_permission(i, MAY_EXEC) : -ENOTDIR;
}

static int walk(struct nameidata *nd, const char *path, unsigned int flags, struct last_name *last);

/* Go where the symbolic link @link says, whose reference is taken over. */
static int follow_link(struct nameidata *nd, struct dentry *link)
{
	const struct inode_operations *op = link->inode->i_op;
	struct path place;
	char *target;
	int len;

	len = ++nd->links > MAX_SYMLINKS ? -ELOOP : op->follow ? op->follow(link->inode, &place) : -EOPNOTSUPP;
	if (len != -EOPNOTSUPP) {
		dput(link);
		if (!len) {
			path_put(&nd->path);
			nd->path = place;
		}
		return len;
	}
	target = kmalloc(PATH_MAX, GFP_KERNEL);
	len = target ? op->readlink(link->inode, target, PATH_MAX - 1) : -ENOMEM;
	dput(link);
	if (len >= 0) {
		target[len] = '\0';
		len = walk(nd, target, LOOKUP_FOLLOW, NULL);
	}
	kfree(target);
	return len;
}

/* Go to the name @c in the directory where the walk is. */
static int walk_component(struct nameidata *nd, const struct component *c, unsigned int flags)
{
	struct inode *dir = nd->path.dentry->inode;
	struct dentry *d;
	int err = may_search(nd);

	if (err || !strcmp(c->name, "."))
		return err;
	if (!strcmp(c->name, "..")) {
		follow_dotdot(&nd->path, walk_root(nd));
		return 0;
	}
	down_read(&dir->i_rwsem);
	d = lookup_name(nd->path.dentry, c->name);
	up_read(&dir->i_rwsem);
	if (IS_ERR(d))
		return PTR_ERR(d);
	if (S_ISLNK(d->inode->mode) && (!c->last || c->slash || flags & LOOKUP_FOLLOW)) {
		err = follow_link(nd, d);
	} else {
		dput(nd->path.dentry);
		nd->path.dentry = d;
		follow_mount(&nd->path);
	}
	return !err && c->slash && !S_ISDIR(nd->path.dentry->inode->mode) ? -ENOTDIR : err;
}

/* Go along @path. With @last, stay in the directory of the last component, which is told. */
static int walk(struct nameidata *nd, const char *path, unsigned int flags, struct last_name *last)
{
	struct component *c = kmalloc(sizeof(*c), GFP_KERNEL);
	int ret;

	if (!c)
		return -ENOMEM;
	if (*path == '/') {
		path_put(&nd->path);
		nd->path = path_get(walk_root(nd));
	}
	if (last)
		*last = (struct last_name){ ".", false };	/* of "/" */
	while ((ret = next_component(&path, c)) > 0) {
		if (c->last && last) {
			memcpy(last->name, c->name, sizeof(last->name));
			last->slash = c->slash;
			ret = may_search(nd);
			break;
		}
		ret = walk_component(nd, c, flags);
		if (ret || c->last)
			break;
	}
	kfree(c);
	return ret;
}

static int do_lookup(const struct path *base, const char *path, unsigned int flags, struct last_name *last, struct path *found)
{
	struct nameidata nd = { 0 };
	int err;

	if (!*path)
		return -ENOENT;
	if (base)
		nd.path = path_get(base);
	else
		nd.path = *path == '/' ? path_get(walk_root(&nd)) : get_pwd(current->fs);
	err = walk(&nd, path, flags, last);
	path_put(&nd.root);
	if (err)
		path_put(&nd.path);
	else
		*found = nd.path;
	return err;
}

int path_lookup(const struct path *base, const char *path, unsigned int flags, struct path *found)
{
	return do_lookup(base, path, flags, NULL, found);
}

int path_parent(const struct path *base, const char *path, struct last_name *last, struct path *dir)
{
	return do_lookup(base, path, 0, last, dir);
}

bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}
