/* SPDX-License-Identifier: MIT */
/* env: the environment, or a program with another one. */
#include "tool.h"

#define HELP "env [-i] [-u NAME]... [NAME=VALUE]... [PROGRAM ARGS...]\n" \
	"  -i  begin with an empty environment\n" \
	"  -u  without NAME\n" \
	"  -0  a zero byte behind each instead of a newline"

int main(int argc, char **argv)
{
	char end = '\n';
	int c;

	trouble = 125;
	/* +: what is behind the program is its own. */
	while ((c = next_option(argc, argv, "+iu:0", HELP)) != -1)
		if (c == 'i')
			environ = need(calloc(1, sizeof(*environ)));
		else if (c == '0')
			end = '\0';
		else if (unsetenv(optarg))
			usage(HELP);
	for (; optind < argc && strchr(argv[optind], '='); optind++)
		if (putenv(argv[optind]))
			die("env");
	if (optind == argc) {
		for (char **e = environ; *e; e++)
			printf("%s%c", *e, end);
		return end_output();
	}
	execvp(argv[optind], argv + optind);
	trouble = errno == ENOENT ? 127 : 126;
	die(argv[optind]);
}
