/* SPDX-License-Identifier: MIT */
/* ln: another name for a file, or a symbolic link. */
#include "tool.h"

#define HELP "ln [-sfnvT] TARGET [NAME] | ln [-sfnv] TARGET... FOLDER\n" \
	"  -s      symbolic links\n" \
	"  -f      in the place of what has the name\n" \
	"  -n, -T  NAME is the link's, though it (-n: is a link that) leads to a folder\n" \
	"  -v      tell what is done"

static bool soft, force, no_follow, no_folder, tell;

static void make(const char *target, const char *to)
{
	struct k_stat st;
	bool itself = no_folder || (no_follow && lstat(to, &st) == 0 && S_ISLNK(st.st_mode));
	char *path = itself ? need(strdup(to)) : in_folder(to, target);

	if (force && lstat(path, &st) == 0 && !S_ISDIR(st.st_mode) && (soft || access(target, 0) == 0))
		unlink(path);
	if ((soft ? symlink(target, path) : link(target, path, 0)) < 0)
		complain(path);
	else if (tell)
		printf(soft ? "'%s' -> '%s'\n" : "'%s' => '%s'\n", path, target);
	free(path);
}

int main(int argc, char **argv)
{
	int c;

	while ((c = next_option(argc, argv, "sfnvT", HELP)) != -1) {
		soft |= c == 's';
		force |= c == 'f';
		no_follow |= c == 'n';
		no_folder |= c == 'T';
		tell |= c == 'v';
	}
	if (optind == argc || (no_folder && argc - optind != 2))
		usage(HELP);
	if (argc - optind == 1)
		make(argv[optind], ".");
	else if (argc - optind > 2 && !is_folder(argv[argc - 1]))
		complain_of(argv[argc - 1], "Not a directory");
	else
		for (; optind < argc - 1; optind++)
			make(argv[optind], argv[argc - 1]);
	return end_output();
}
