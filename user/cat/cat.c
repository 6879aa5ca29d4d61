/* SPDX-License-Identifier: MIT */
/* cat [FILE...]: the files, or standard input, to standard output. */
#include "sys.h"

static char buf[8192];

static int cat(const char *name, int fd)
{
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		if (write_all(1, buf, n) < 0)
			die("cat: write");
	if (n < 0) {
		fprintf(stderr, "cat: %s: %s\n", name, strerror(errno));
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int ret = 0;

	if (argc == 1)
		return cat("-", 0);
	for (int i = 1; i < argc; i++) {
		int fd = strcmp(argv[i], "-") ? open(argv[i], O_RDONLY) : 0;

		if (fd < 0) {
			fprintf(stderr, "cat: %s: %s\n", argv[i], strerror(errno));
			ret = 1;
			continue;
		}
		ret |= cat(argv[i], fd);
		if (fd)
			close(fd);
	}
	return ret;
}
