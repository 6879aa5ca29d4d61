/* SPDX-License-Identifier: MIT */
/* head [-n LINES] [FILE...]: the first lines, ten unless told otherwise. */
#include "sys.h"

static int head(int fd, long lines)
{
	char buf[1024];
	ssize_t n;

	while (lines > 0 && (n = read(fd, buf, sizeof(buf))) > 0) {
		ssize_t i = 0;

		while (i < n && lines > 0)
			lines -= buf[i++] == '\n';
		if (write_all(1, buf, i) < 0)
			die("head: write");
	}
	return 0;
}

int main(int argc, char **argv)
{
	long lines = 10;
	int i = 1, ret = 0;

	if (argc > 2 && !strcmp(argv[1], "-n")) {
		lines = atol(argv[2]);
		i = 3;
	} else if (argc > 1 && argv[1][0] == '-' && argv[1][1] >= '0' && argv[1][1] <= '9') {
		lines = atol(argv[1] + 1);
		i = 2;
	} else if (argc > 1 && argv[1][0] == '-' && argv[1][1]) {
		usage("head [-n LINES] [FILE...]");
	}
	if (i == argc)
		return head(0, lines);
	for (; i < argc; i++) {
		int fd = open(argv[i], O_RDONLY);

		if (fd < 0) {
			fprintf(stderr, "head: %s: %s\n", argv[i], strerror(errno));
			ret = 1;
			continue;
		}
		head(fd, lines);
		close(fd);
	}
	return ret;
}
