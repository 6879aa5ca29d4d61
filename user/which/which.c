/* SPDX-License-Identifier: MIT */
/* which: where a command is that the shell finds by PATH. */
#include "tool.h"

#define HELP "which [-a] COMMAND...\n  -a  all, not just the first"
#define X_OK 1

static bool runs(const char *path)
{
	struct k_stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

static bool find(const char *name, bool all)
{
	const char *path = getenv("PATH");
	bool found = false;

	if (strchr(name, '/')) {
		if (runs(name))
			printf("%s\n", name);
		return runs(name);
	}
	for (path = path ? path : "/bin"; *path && (all || !found); ) {
		size_t n = strcspn(path, ":");
		char *dir = need(strndup(n ? path : ".", n ? n : 1)), *full = join_path(dir, name);

		if (runs(full)) {
			printf("%s\n", full);
			found = true;
		}
		free(full);
		free(dir);
		path += n + (path[n] == ':');
	}
	return found;
}

int main(int argc, char **argv)
{
	bool all = false;
	int missing = 0;

	while (next_option(argc, argv, "a", HELP) != -1)
		all = true;
	if (optind == argc)
		usage(HELP);
	for (; optind < argc; optind++)
		missing |= !find(argv[optind], all);
	return end_output() | missing;
}
