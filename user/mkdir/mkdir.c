/* SPDX-License-Identifier: MIT */
/* mkdir [-p] DIRECTORY...: make directories; -p: those above too, and none is an error that is there. */
#include "sys.h"

static bool is_directory(const char *path)
{
	struct k_stat st;

	return stat(path, &st) == 0 && (st.st_mode & 0170000) == 0040000;
}

static bool make(char *path, bool parents)
{
	for (char *p = path + 1; parents && *p; p++)
		if (*p == '/' && p[1]) {
			bool made;

			*p = '\0';
			made = mkdir(path, 0777) == 0 || is_directory(path);
			*p = '/';
			if (!made)
				return false;
		}
	return mkdir(path, 0777) == 0 || (parents && is_directory(path));
}

int main(int argc, char **argv)
{
	bool parents = argc > 1 && !strcmp(argv[1], "-p");
	int i = 1 + parents, bad = 0;

	if (i >= argc || argv[i][0] == '-')
		usage("mkdir [-p] DIRECTORY...");
	for (; i < argc; i++)
		if (!make(argv[i], parents)) {
			fprintf(stderr, "mkdir: %s: %s\n", argv[i], strerror(errno));
			bad = 1;
		}
	return bad;
}
