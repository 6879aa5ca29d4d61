/* SPDX-License-Identifier: MIT */
/* df: how much of the file systems is in use. */
#include "tool.h"

#define HELP "df [-hkmaPT] [FILE...]\n" \
	"  -k, -m, -h  in KiB, MiB, in words\n" \
	"  -a          those that hold nothing, too\n" \
	"  -T          their kinds"

static bool all, kinds, words;
static uint64_t unit = 1024;

struct mount {
	char *dev, *dir, *type;
};

static const char *amount(uint64_t bytes, char out[24])
{
	if (words)
		return human(bytes, out);
	sprintf(out, "%lu", (unsigned long)((bytes + unit - 1) / unit));
	return out;
}

static void show(const struct mount *m, bool asked)
{
	char size[24], used_text[24], free[24], share[8] = "-";
	struct k_statfs st;
	uint64_t used;

	if (sys_ret(SYSCALL(__NR_statfs, m->dir, &st)) < 0) {
		complain(m->dir);
		return;
	}
	if (!st.f_blocks && !asked)
		return;		/* what is in it is made when it is asked for */
	used = st.f_blocks - st.f_bfree;
	if (used + st.f_bavail)
		sprintf(share, "%lu%%", (unsigned long)((used * 100 + used + st.f_bavail - 1) / (used + st.f_bavail)));
	printf("%-14s ", m->dev);
	if (kinds)
		printf("%-8s ", m->type);
	printf("%10s %10s %10s %4s %s\n", amount(st.f_blocks * st.f_bsize, size), amount(used * st.f_bsize, used_text),
	       amount(st.f_bavail * st.f_bsize, free), share, m->dir);
}

/* The fields of a line of /proc/mounts. Return: the next line. */
static char *read_mount(char *line, struct mount *m)
{
	char *next = line + strcspn(line, "\n"), *rest = line;

	next += *next ? 1 : 0;
	if (next > line && next[-1] == '\n')
		next[-1] = '\0';
	m->dev = strsep(&rest, " ");
	m->dir = strsep(&rest, " ");
	if (m->dir)
		unescape_field(m->dir);
	m->type = strsep(&rest, " ");
	return next;
}

/* The mount that @file is on is the one with the longest name that its own, without links, begins with. */
static bool holds(const struct mount *m, const char *path)
{
	size_t n = strlen(m->dir);

	return !strcmp(m->dir, "/") || (!strncmp(path, m->dir, n) && (!path[n] || path[n] == '/'));
}

static void show_of(const char *file, const char *mounts)
{
	char *copy = need(strdup(mounts)), *folder = need(strdup(file)), *slash, cwd[1024], path[1024] = "/";
	struct mount m, best = { .dir = "" };
	struct k_stat st;

	if (stat(file, &st) < 0) {
		complain(file);
		return;
	}
	/* Of a file, its folder; and where that is, the kernel tells who is in it. */
	slash = strrchr(folder, '/');
	if (!S_ISDIR(st.st_mode))
		strcpy(slash ? slash + 1 : folder, slash ? "" : ".");
	if (getcwd(cwd, sizeof(cwd)) && chdir(folder) == 0) {
		getcwd(path, sizeof(path));
		chdir(cwd);
	}
	for (char *line = copy; *line; ) {
		line = read_mount(line, &m);
		if (m.type && holds(&m, path) && strlen(m.dir) >= strlen(best.dir))
			best = m;
	}
	if (*best.dir)
		show(&best, true);
}

int main(int argc, char **argv)
{
	static char mounts[65536];
	struct mount m;
	int c;

	while ((c = next_option(argc, argv, "hkmaPT", HELP)) != -1) {
		words |= c == 'h';
		all |= c == 'a';
		kinds |= c == 'T';
		if (c == 'k' || c == 'm')
			unit = c == 'k' ? 1024 : 1048576;
	}
	if (read_file("/proc/mounts", mounts, sizeof(mounts)) < 0)
		die("/proc/mounts");
	printf("%-14s ", "Filesystem");
	if (kinds)
		printf("%-8s ", "Type");
	printf("%10s %10s %10s %4s Mounted on\n", words ? "Size" : unit == 1024 ? "1K-blocks" : "1M-blocks", "Used",
	       words ? "Avail" : "Available", "Use%");
	for (int i = optind; i < argc; i++)
		show_of(argv[i], mounts);
	for (char *line = mounts; *line && optind == argc; ) {
		line = read_mount(line, &m);
		if (m.type)
			show(&m, all);
	}
	return end_output();
}
