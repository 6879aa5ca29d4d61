/* SPDX-License-Identifier: MIT */
/*
 * The small programs in one file, as busybox has them: /bin/NAME leads to it, and by the name it was called it goes on
 * in NAME's main(), which user/meson.build calls main_NAME() there. Each with a library of its own would be 0.6 MB more.
 */
#include "sys.h"

#define DECLARE(name) int main_##name(int argc, char **argv);
#define ENTRY(name) { #name, main_##name },

BOXED(DECLARE)

static const struct {
	const char *name;
	int (*main)(int argc, char **argv);
} programs[] = { BOXED(ENTRY) };

int main(int argc, char **argv)
{
	for (size_t i = 0; i < ARRAY_LEN(programs); i++)
		if (!strcmp(program_name(), programs[i].name))
			return programs[i].main(argc, argv);
	usage("NAME ARGS..., where /bin/NAME is a link to this file");
}
