/* SPDX-License-Identifier: MIT */
/* tee: standard input to standard output and to files. */
#include "tool.h"

#define HELP "tee [-ai] [FILE...]\n  -a  add to the files\n  -i  take no notice of Ctrl-C"

int main(int argc, char **argv)
{
	int c, flags = O_TRUNC, nr = 1, *fds = need(malloc((argc + 1) * sizeof(*fds)));
	static char buf[4096];
	const char **names = need(malloc((argc + 1) * sizeof(*names)));
	ssize_t n;

	while ((c = next_option(argc, argv, "ai", HELP)) != -1)
		if (c == 'a')
			flags = O_APPEND;
		else
			signal_set(SIGINT, (handler_t)SIG_IGN, 0);
	fds[0] = STDOUT_FILENO;
	names[0] = "standard output";
	for (; optind < argc; optind++) {
		names[nr] = argv[optind];
		fds[nr] = open(argv[optind], O_WRONLY | O_CREAT | flags, 0666);
		if (fds[nr++] < 0)
			complain(argv[optind]);
	}
	while ((n = read(STDIN_FILENO, buf, sizeof(buf))) > 0)
		for (int i = 0; i < nr; i++)
			if (fds[i] >= 0 && write_all(fds[i], buf, n) < 0) {
				complain(names[i]);
				fds[i] = -1;
			}
	if (n < 0)
		complain("standard input");
	return exit_status;
}
