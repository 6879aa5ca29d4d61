/* SPDX-License-Identifier: MIT */
/* du: how much files and folders take. */
#include "tool.h"

#define HELP "du [-abchkms] [-d DEPTH] [FILE...]\n" \
	"  -a      each file, not just folders; -s none but those named\n" \
	"  -b, -k, -m, -h  bytes that are in them; KiB they take, MiB, in words\n" \
	"  -c      and all together\n" \
	"  -d      folders down to this depth"

struct seen {
	uint64_t dev, ino;
};

static bool all, apparent, words;
static long max_depth = 0x7fffffff;
static uint64_t unit = 1024, sum[4096];	/* by depth: of what is below, so far */
static struct seen *seen;
static size_t nr_seen;

static void show(uint64_t bytes, const char *name)
{
	char text[8];

	if (words)
		printf("%s\t%s\n", human(bytes, text), name);
	else
		printf("%lu\t%s\n", (unsigned long)((bytes + unit - 1) / unit), name);
}

/* A file with several names counts once. */
static bool counted(const struct k_stat *st)
{
	if (st->st_nlink < 2 || S_ISDIR(st->st_mode))
		return false;
	for (size_t i = 0; i < nr_seen; i++)
		if (seen[i].dev == st->st_dev && seen[i].ino == st->st_ino)
			return true;
	seen = need(realloc(seen, (nr_seen + 1) * sizeof(*seen)));
	seen[nr_seen++] = (struct seen){ st->st_dev, st->st_ino };
	return false;
}

static bool one(const char *path, const struct k_stat *st, enum walk_when when, int depth)
{
	uint64_t own = apparent ? st->st_size : st->st_blocks * 512;

	if (depth + 1 >= (int)ARRAY_LEN(sum) || (when == WALK_FILE && counted(st)))
		return false;
	if (when == WALK_BEFORE) {
		sum[depth + 1] = 0;
		return true;
	}
	if (when == WALK_AFTER)
		own += sum[depth + 1];
	sum[depth] += own;
	if (depth <= max_depth && (when == WALK_AFTER || all || !depth))
		show(own, path);
	return true;
}

int main(int argc, char **argv)
{
	bool together = false;
	int c;

	while ((c = next_option(argc, argv, "abchkmsd:", HELP)) != -1)
		switch (c) {
		case 'a': all = true; break;
		case 'b': apparent = true; unit = 1; break;
		case 'c': together = true; break;
		case 'h': words = true; break;
		case 'k': unit = 1024; break;
		case 'm': unit = 1048576; break;
		case 's': max_depth = 0; break;
		case 'd': max_depth = number_of(optarg, 10, 0, HELP); break;
		}
	if (optind == argc)
		walk(".", 0, one);
	for (; optind < argc; optind++)
		walk(argv[optind], 0, one);
	if (together)
		show(sum[0], "total");
	return end_output();
}
