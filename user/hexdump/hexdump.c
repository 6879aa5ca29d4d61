/* SPDX-License-Identifier: MIT */
/* hexdump [-C] [FILE]: bytes in hexadecimal and as text. */
#include "sys.h"

int main(int argc, char **argv)
{
	int i = argc > 1 && !strcmp(argv[1], "-C") ? 2 : 1, fd = 0;
	unsigned long at = 0;
	uint8_t b[16];

	if (argc > i + 1 || (i < argc && argv[i][0] == '-'))
		usage("hexdump [-C] [FILE]");
	if (i < argc && (fd = open(argv[i], O_RDONLY)) < 0)
		die(argv[i]);
	for (;;) {
		size_t n = 0;
		ssize_t got;

		while (n < sizeof(b) && (got = read(fd, b + n, sizeof(b) - n)) > 0)
			n += got;
		if (!n)
			break;
		printf("%08lx ", at);
		for (size_t k = 0; k < 16; k++) {
			if (k < n)
				printf("%s%02x", k == 8 ? "  " : " ", b[k]);
			else
				printf("%s  ", k == 8 ? "  " : " ");
		}
		printf("  |");
		for (size_t k = 0; k < n; k++)
			putchar(b[k] >= 32 && b[k] < 127 ? b[k] : '.');
		printf("|\n");
		at += n;
		if (n < sizeof(b))
			break;
	}
	printf("%08lx\n", at);
	return 0;
}
