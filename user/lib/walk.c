/* SPDX-License-Identifier: MIT */
/* Folders: their names, and the tree below. A folder is read whole and closed before its names are looked at. */
#include "tool.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **read_names(const char *path, size_t *nr)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY);
	size_t size = 16;
	char **names, buf[2048];
	ssize_t n;

	*nr = 0;
	if (fd < 0)
		return NULL;
	names = need(malloc(size * sizeof(*names)));
	while ((n = getdents64(fd, buf, sizeof(buf))) > 0)
		for (char *p = buf; p < buf + n; ) {
			struct k_dirent64 *d = (void *)p;

			p += d->d_reclen;
			if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, ".."))
				continue;
			if (*nr == size)
				names = need(realloc(names, (size *= 2) * sizeof(*names)));
			names[(*nr)++] = need(strdup(d->d_name));
		}
	close(fd);
	if (n < 0) {
		free_names(names, *nr);
		return NULL;
	}
	qsort(names, *nr, sizeof(*names), by_name);
	return names;
}

void free_names(char **names, size_t nr)
{
	while (nr)
		free(names[--nr]);
	free(names);
}

char *join_path(const char *dir, const char *name)
{
	size_t n = strlen(dir);
	char *path = need(malloc(n + strlen(name) + 2));

	sprintf(path, "%s%s%s", dir, n && dir[n - 1] == '/' ? "" : "/", name);
	return path;
}

const char *base_name(const char *path)
{
	static char name[256];
	size_t end = strlen(path), start;

	while (end > 1 && path[end - 1] == '/')
		end--;
	for (start = end; start && path[start - 1] != '/'; start--)
		;
	if (start == end)		/* the root */
		start--;
	snprintf(name, sizeof(name), "%.*s", (int)(end - start), path + start);
	return name;
}

bool is_folder(const char *path)
{
	struct k_stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *in_folder(const char *to, const char *path)
{
	return is_folder(to) ? join_path(to, base_name(path)) : need(strdup(to));
}

static void walk_at(const char *path, int flags, walk_fn fn, int depth)
{
	bool follow = flags & WALK_FOLLOW || (flags & WALK_FOLLOW_TOP && !depth);
	struct k_stat st;
	char **names;
	size_t nr;

	/* A link that leads nowhere is met as itself. */
	if ((!follow || stat(path, &st) < 0) && lstat(path, &st) < 0) {
		complain(path);
		return;
	}
	if (!S_ISDIR(st.st_mode)) {
		fn(path, &st, WALK_FILE, depth);
		return;
	}
	if (!fn(path, &st, WALK_BEFORE, depth))
		return;
	names = read_names(path, &nr);
	if (!names)
		complain(path);
	for (size_t i = 0; i < nr; i++) {
		char *under = join_path(path, names[i]);

		walk_at(under, flags, fn, depth + 1);
		free(under);
	}
	if (names)
		free_names(names, nr);
	fn(path, &st, WALK_AFTER, depth);
}

void walk(const char *path, int flags, walk_fn fn)
{
	walk_at(path, flags, fn, 0);
}
