/* SPDX-License-Identifier: MIT */
/* rm: remove files, and with -r folders and all that is in them. */
#include "tool.h"

#define HELP "rm [-dfirRv] FILE...\n" \
	"  -r, -R  folders too, with all that is in them; -d empty ones\n" \
	"  -f      never ask, and what is not there is no error\n" \
	"  -i      ask before each\n" \
	"  -v      tell what is removed"

static bool folders, empty, force, ask, tell;

static bool agreed(const char *what, const char *path)
{
	char answer[64] = "";

	if (!ask)
		return true;
	fprintf(stderr, "rm: %s '%s'? ", what, path);
	fflush(stderr);
	return fgets(answer, sizeof(answer), stdin) && (*answer == 'y' || *answer == 'Y');
}

static bool one(const char *path, const struct k_stat *st, enum walk_when when, int depth)
{
	(void)depth;
	if (when == WALK_BEFORE && !folders && !empty) {
		complain_of(path, "Is a directory");
		return false;
	}
	if (when == WALK_BEFORE)
		return !folders || agreed("descend into directory", path);
	if (!agreed(S_ISDIR(st->st_mode) ? "remove directory" : "remove", path))
		return false;
	if ((S_ISDIR(st->st_mode) ? rmdir(path) : unlink(path)) < 0)
		complain(path);
	else if (tell)
		printf(S_ISDIR(st->st_mode) ? "removed directory '%s'\n" : "removed '%s'\n", path);
	return false;
}

int main(int argc, char **argv)
{
	struct k_stat st;
	int c;

	while ((c = next_option(argc, argv, "dfirRv", HELP)) != -1) {
		folders |= c == 'r' || c == 'R';
		empty |= c == 'd';
		tell |= c == 'v';
		if (c == 'f' || c == 'i')	/* the last one counts */
			ask = !(force = c == 'f');
	}
	if (optind == argc && !force)
		usage(HELP);
	for (; optind < argc; optind++) {
		const char *name = base_name(argv[optind]);

		if (!strcmp(name, ".") || !strcmp(name, "..") || !strcmp(name, "/"))
			complain_of(argv[optind], "is not removed");
		else if (lstat(argv[optind], &st) < 0) {
			if (!force || errno != ENOENT)
				complain(argv[optind]);
		} else if (empty && !folders && S_ISDIR(st.st_mode))
			one(argv[optind], &st, WALK_AFTER, 0);
		else
			walk(argv[optind], 0, one);
	}
	return end_output();
}
