/* SPDX-License-Identifier: MIT */
/* Completion: what a word may be the beginning of. */
#include "sh.h"

struct matches {
	char common[256];
	int n;
	bool show;	/* second Tab: list them */
};

static void candidate(struct matches *m, const char *name, bool dir)
{
	char full[256];
	size_t i;

	snprintf(full, sizeof(full), "%s%s", name, dir ? "/" : "");
	if (m->show)
		printf("%s  ", full);
	if (!m->n++) {
		strcpy(m->common, full);
		return;
	}
	for (i = 0; m->common[i] && m->common[i] == full[i]; i++)
		;
	m->common[i] = '\0';
}

static void match_dir(struct matches *m, const char *dir, const char *prefix, bool programs)
{
	char buf[2048], path[512];
	struct k_stat st;
	ssize_t got;
	int fd = open(*dir ? dir : ".", O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return;
	while ((got = getdents64(fd, buf, sizeof(buf))) > 0)
		for (char *at = buf; at < buf + got; ) {
			struct k_dirent64 *d = (void *)at;

			at += d->d_reclen;
			if (strncmp(d->d_name, prefix, strlen(prefix)) || (d->d_name[0] == '.' && prefix[0] != '.'))
				continue;
			snprintf(path, sizeof(path), "%s%s", *dir ? dir : "./", d->d_name);
			if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, "..") || stat(path, &st) < 0)
				continue;
			if (programs && (S_ISDIR(st.st_mode) || !(st.st_mode & 0111)))
				continue;
			candidate(m, d->d_name, S_ISDIR(st.st_mode));
		}
	close(fd);
}

/* Where a command's name may stand: built-ins, and programs of PATH. */
static void match_commands(struct matches *m, const char *prefix)
{
	const char *path = var_get("PATH");
	char dir[256];

	for (const struct builtin *b = builtins; b->name; b++)
		if (!strncmp(b->name, prefix, strlen(prefix)))
			candidate(m, b->name, false);
	for (path = path ? path : ""; *path; ) {
		size_t n = strcspn(path, ":");

		if (n && n + 2 < sizeof(dir)) {
			snprintf(dir, sizeof(dir), "%.*s/", (int)n, path);
			match_dir(m, dir, prefix, true);
		}
		path += n + (path[n] == ':');
	}
}

size_t complete(const char *line, size_t pos, bool show, char *out, size_t size)
{
	struct matches m = { .show = show };
	char word[256], dir[256] = "";
	size_t start = pos, n;
	char *slash;
	bool first = true;

	while (start && !strchr(" \t;|&<>(`", line[start - 1]))
		start--;
	for (size_t i = 0; i < start; i++)
		first = line[i] == ' ' ? first : strchr(";|&(`", line[i]) != NULL;
	n = pos - start;
	if (n >= sizeof(word) || (!n && first))
		return 0;	/* nothing typed: nothing to complete */
	memcpy(word, line + start, n);
	word[n] = '\0';
	if (show)
		printf("\r\n");
	slash = strrchr(word, '/');
	if (slash) {
		memcpy(dir, word, slash + 1 - word);
		dir[slash + 1 - word] = '\0';
		match_dir(&m, dir, slash + 1, false);
		n -= slash + 1 - word;
	} else if (first) {
		match_commands(&m, word);
	} else {
		match_dir(&m, "", word, false);
	}
	if (show)
		printf("\r\n");
	if (!m.n || strlen(m.common) + 2 > size + n)
		return 0;
	strcpy(out, m.common + n);
	n = strlen(out);
	if (m.n == 1 && !(n ? out[n - 1] == '/' : pos && line[pos - 1] == '/'))
		out[n++] = ' ';
	return n;
}
