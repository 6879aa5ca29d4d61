/* SPDX-License-Identifier: MIT */
/* mv: give files another name or folder. There is one file system, so that it is never a copy. */
#include "tool.h"

#define HELP "mv [-finv] OLD NEW | mv [-finv] OLD... FOLDER\n" \
	"  -f, -i, -n  what is there is replaced without a question, after one, or not at all\n" \
	"  -v          tell what is done"

static void move(const char *from, const char *to, int how, bool tell)
{
	char *path = in_folder(to, from), answer[64] = "";
	bool there = access(path, 0) == 0;

	if (there && how == 'i') {
		fprintf(stderr, "mv: overwrite '%s'? ", path);
		fflush(stderr);
		there = !fgets(answer, sizeof(answer), stdin) || (*answer != 'y' && *answer != 'Y');
	}
	if (there && (how == 'i' || how == 'n')) {
		free(path);
		return;
	}
	if (rename(from, path) < 0)
		complain(access(from, 0) < 0 ? from : path);
	else if (tell)
		printf("renamed '%s' -> '%s'\n", from, path);
	free(path);
}

int main(int argc, char **argv)
{
	bool tell = false;
	int c, how = 'f';

	while ((c = next_option(argc, argv, "finv", HELP)) != -1)
		if (c == 'v')
			tell = true;
		else
			how = c;
	if (argc - optind < 2)
		usage(HELP);
	if (argc - optind > 2 && !is_folder(argv[argc - 1])) {
		complain_of(argv[argc - 1], "Not a directory");
		return exit_status;
	}
	for (; optind < argc - 1; optind++)
		move(argv[optind], argv[argc - 1], how, tell);
	return end_output();
}
