/* SPDX-License-Identifier: MIT */
/* wc: how many lines, words, bytes. */
#include "tool.h"

#define HELP "wc [-lwc] [FILE...]\n  -l, -w, -c  lines, words, bytes; else all three"

static bool lines, words, bytes;
static unsigned long total[3];
static int width = 1;

static void show(const unsigned long n[3], const char *name)
{
	const char *space = "";

	for (int i = 0; i < 3; i++)
		if (i == 0 ? lines : i == 1 ? words : bytes) {
			printf("%s%*lu", space, width, n[i]);
			space = " ";
		}
	printf("%s%s\n", *name ? " " : "", name);
}

static void count(int fd, const char *name)
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
	if (got < 0)
		complain(name);
	for (int i = 0; i < 3; i++)
		total[i] += n[i];
	show(n, name);
}

/* Wide enough for the bytes of all, as far as that is known beforehand. */
static void measure(char **names, int nr)
{
	unsigned long sum = 0;
	struct k_stat st;

	for (int i = 0; i < (nr ? nr : 1); i++) {
		bool known = nr && strcmp(names[i], "-") ? stat(names[i], &st) == 0 : fstat(STDIN_FILENO, &st) == 0;

		if (known && S_ISREG(st.st_mode))
			sum += st.st_size;
		else if (known)
			width = 7;
	}
	for (int digits = 1; sum || digits == 1; sum /= 10)
		width = width < digits ? digits : width, digits++;
}

int main(int argc, char **argv)
{
	int c, nr;

	while ((c = next_option(argc, argv, "lwc", HELP)) != -1) {
		lines |= c == 'l';
		words |= c == 'w';
		bytes |= c == 'c';
	}
	if (!lines && !words && !bytes)
		lines = words = bytes = true;
	nr = argc - optind;
	if (nr > 1 || lines + words + bytes > 1)
		measure(argv + optind, nr);
	if (!nr)
		count(STDIN_FILENO, "");
	else
		each_input(argv + optind, nr, count);
	if (nr > 1)
		show(total, "total");
	return end_output();
}
