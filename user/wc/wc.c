/* SPDX-License-Identifier: MIT */
/* wc [-lwc] [FILE...]: lines, words, bytes. */
#include "sys.h"

static bool lines, words, bytes;
static unsigned long total[3];

static void show(const unsigned long n[3], const char *name)
{
	int width = lines + words + bytes > 1 ? 7 : 1;
	const char *space = "";

	for (int i = 0; i < 3; i++)
		if (i == 0 ? lines : i == 1 ? words : bytes) {
			printf("%s%*lu", space, width, n[i]);
			space = " ";
		}
	printf("%s%s\n", *name ? " " : "", name);
}

static int count(int fd, const char *name)
{
	static char buf[4096];
	unsigned long n[3] = { 0 };
	bool in_word = false;
	ssize_t got;

	while ((got = read(fd, buf, sizeof(buf))) > 0)
		for (ssize_t i = 0; i < got; i++) {
			bool blank = buf[i] == ' ' || (buf[i] >= '\t' && buf[i] <= '\r');

			n[0] += buf[i] == '\n';
			n[1] += !blank && !in_word;
			n[2]++;
			in_word = !blank;
		}
	if (got < 0) {
		fprintf(stderr, "wc: %s: %s\n", name, strerror(errno));
		return 1;
	}
	for (int i = 0; i < 3; i++)
		total[i] += n[i];
	show(n, name);
	return 0;
}

int main(int argc, char **argv)
{
	int i, ret = 0;

	for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++)
		for (char *o = argv[i] + 1; *o; o++) {
			lines |= *o == 'l';
			words |= *o == 'w';
			bytes |= *o == 'c';
			if (!strchr("lwc", *o))
				usage("wc [-lwc] [FILE...]");
		}
	if (!lines && !words && !bytes)
		lines = words = bytes = true;
	if (i == argc)
		return count(0, "");
	for (int first = i; i < argc; i++) {
		int fd = open(argv[i], O_RDONLY);

		if (fd < 0) {
			fprintf(stderr, "wc: %s: %s\n", argv[i], strerror(errno));
			ret = 1;
		} else {
			ret |= count(fd, argv[i]);
			close(fd);
		}
		if (i == argc - 1 && argc - first > 1)
			show(total, "total");
	}
	return ret;
}
