/* SPDX-License-Identifier: MIT */
/* ls [-la] [PATH...]: names in a directory, sorted; -l with mode, size and time. */
#include "sys.h"

static bool all, detail;

struct name {
	char *s;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->s, ((const struct name *)b)->s);
}

static void mode_text(unsigned int m, char *out)
{
	static const char bits[] = "rwxrwxrwx";

	out[0] = S_ISDIR(m) ? 'd' : S_ISLNK(m) ? 'l' : S_ISCHR(m) ? 'c' : (m & S_IFMT) == S_IFIFO ? 'p' : '-';
	for (int i = 0; i < 9; i++)
		out[i + 1] = m & (0400 >> i) ? bits[i] : '-';
	if (m & S_ISUID)
		out[3] = 's';
	if (m & S_ISVTX)
		out[9] = 't';
	out[10] = '\0';
}

static int show(const char *dir, const char *name)
{
	char path[512], mode[12], link[256];
	struct k_stat st;
	ssize_t n;

	if (!detail) {
		printf("%s\n", name);
		return 0;
	}
	snprintf(path, sizeof(path), "%s%s%s", dir, *dir && strcmp(dir, "/") ? "/" : "", name);
	if (lstat(path, &st) < 0) {
		fprintf(stderr, "ls: %s: %s\n", path, strerror(errno));
		return 1;
	}
	mode_text(st.st_mode, mode);
	printf("%s %3u %4u %4u %9ld %s", mode, st.st_nlink, st.st_uid, st.st_gid, (long)st.st_size, name);
	if (S_ISLNK(st.st_mode) && (n = readlink(path, link, sizeof(link))) >= 0)
		printf(" -> %.*s", (int)n, link);
	printf("\n");
	return 0;
}

static int list(const char *path)
{
	static char buf[8192];
	struct name *names = NULL;
	size_t nr = 0, size = 0;
	struct k_stat st;
	ssize_t n;
	int fd, ret = 0;

	if (lstat(path, &st) < 0) {
		fprintf(stderr, "ls: %s: %s\n", path, strerror(errno));
		return 1;
	}
	fd = open(path, O_RDONLY | O_DIRECTORY);
	if (fd < 0) {
		if (S_ISDIR(st.st_mode)) {
			fprintf(stderr, "ls: %s: %s\n", path, strerror(errno));
			return 1;
		}
		return show("", path);
	}
	while ((n = getdents64(fd, buf, sizeof(buf))) > 0)
		for (char *p = buf; p < buf + n; ) {
			struct k_dirent64 *d = (void *)p;

			p += d->d_reclen;
			if (d->d_name[0] == '.' && !all)
				continue;
			if (nr == size) {
				size = size ? size * 2 : 64;
				names = realloc(names, size * sizeof(*names));
			}
			if (!names || !(names[nr].s = malloc(strlen(d->d_name) + 1)))
				die("ls");
			strcpy(names[nr++].s, d->d_name);
		}
	close(fd);
	qsort(names, nr, sizeof(*names), by_name);
	for (size_t i = 0; i < nr; i++)
		ret |= show(path, names[i].s);
	free(names);
	return ret;
}

int main(int argc, char **argv)
{
	int i, ret = 0;

	for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++)
		for (char *o = argv[i] + 1; *o; o++) {
			if (*o == 'a')
				all = true;
			else if (*o == 'l')
				detail = true;
			else if (*o != '1')
				usage("ls [-la1] [PATH...]");
		}
	if (i == argc)
		return list(".");
	for (int first = i; i < argc; i++) {
		if (argc - first > 1)
			printf("%s%s:\n", i > first ? "\n" : "", argv[i]);
		ret |= list(argv[i]);
	}
	return ret;
}
