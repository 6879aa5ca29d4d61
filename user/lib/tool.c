/* SPDX-License-Identifier: MIT */
#include "tool.h"

int exit_status, optind = 1;
char *optarg;

/* The word at @from to @to, and those between one on. */
static void move_word(char **argv, int from, int to)
{
	char *word = argv[from];

	memmove(argv + to + 1, argv + to, (from - to) * sizeof(*argv));
	argv[to] = word;
}

int next_option(int argc, char **argv, const char *letters, const char *help)
{
	static char *rest = "";		/* of a word of several letters */
	static int at;			/* where that word was */
	const char *letter;

	if (!*rest) {
		for (at = optind; at < argc && (argv[at][0] != '-' || !argv[at][1]); at++)
			if (*letters == '+')
				return -1;
		if (at == argc)
			return -1;
		move_word(argv, at, optind);
		rest = argv[optind++] + 1;
		if (!strcmp(rest, "-")) {
			rest = "";
			return -1;
		}
	}
	letter = strchr(letters, *rest);
	if (!letter || *rest == ':' || *rest == '+')
		usage(help);
	rest++;
	if (letter[1] == ':') {
		optarg = rest;
		if (!*rest) {
			if (++at >= argc)
				usage(help);
			move_word(argv, at, optind);
			optarg = argv[optind++];
		}
		rest = "";
	}
	return *letter;
}

long number_of(const char *s, int base, long min, const char *help)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(s, &end, base);
	if (*end || end == s || n < min || errno)
		usage(help);
	return n;
}

void complain_of(const char *what, const char *why)
{
	fflush(stdout);
	fprintf(stderr, "%s: %s: %s\n", program_name(), what, why);
	exit_status = trouble;
}

void complain(const char *what)
{
	complain_of(what, strerror(errno));
}

void *need(void *p)
{
	if (!p)
		die(program_name());
	return p;
}

void buffer_output(void)
{
	static char buf[4096];

	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, buf, _IOFBF, sizeof(buf));
}

int end_output(void)
{
	if (fflush(stdout) || ferror(stdout))
		complain("standard output");
	return exit_status;
}

int open_input(const char *name)
{
	int fd = strcmp(name, "-") ? open(name, O_RDONLY) : STDIN_FILENO;

	if (fd < 0)
		complain(name);
	return fd;
}

void close_input(int fd)
{
	if (fd != STDIN_FILENO)
		close(fd);
}

char *next_line(struct lines *in, const char *name, size_t *len)
{
	size_t seen = in->at;
	char *line, *nl;

	while (!(nl = memchr(in->buf + seen, '\n', in->end - seen))) {
		ssize_t n;

		seen = in->end;
		if (in->at) {
			memmove(in->buf, in->buf + in->at, in->end - in->at);
			in->end -= in->at;
			seen -= in->at;
			in->at = 0;
		}
		if (in->end + 1 >= in->size) {
			in->size = in->size ? in->size * 2 : 8192;
			in->buf = need(realloc(in->buf, in->size));
		}
		n = read(in->fd, in->buf + in->end, in->size - in->end - 1);
		if (n < 0)
			complain(name);
		if (n <= 0)
			break;
		in->end += n;
	}
	in->ended = nl;
	if (!nl && in->at == in->end)
		return NULL;
	nl = nl ? nl : in->buf + in->end;
	line = in->buf + in->at;
	*nl = '\0';
	*len = nl - line;
	in->at = nl - in->buf + in->ended;
	return line;
}

void each_input(char **names, int nr, void (*fn)(int fd, const char *name))
{
	char *standard = "-";

	if (!nr) {
		names = &standard;
		nr = 1;
	}
	for (int i = 0; i < nr; i++) {
		int fd = open_input(names[i]);

		if (fd < 0)
			continue;
		fn(fd, names[i]);
		close_input(fd);
	}
}

void mode_text(unsigned int m, char out[11])
{
	out[0] = S_ISDIR(m) ? 'd' : S_ISLNK(m) ? 'l' : S_ISCHR(m) ? 'c' : S_ISFIFO(m) ? 'p' :
		 (m & S_IFMT) == S_IFBLK ? 'b' : (m & S_IFMT) == S_IFSOCK ? 's' : '-';
	for (int i = 0; i < 9; i++)
		out[i + 1] = m & (0400 >> i) ? "rwx"[i % 3] : '-';
	if (m & S_ISUID)
		out[3] = m & 0100 ? 's' : 'S';
	if (m & S_ISGID)
		out[6] = m & 010 ? 's' : 'S';
	if (m & S_ISVTX)
		out[9] = m & 1 ? 't' : 'T';
	out[10] = '\0';
}

const char *human(uint64_t n, char out[8])
{
	const char *unit = "KMGTPE";
	uint64_t size = 1024;

	if (n < 1024) {
		snprintf(out, 8, "%lu", (unsigned long)n);
		return out;
	}
	while (n > size * 1023 && unit[1]) {
		size *= 1024;
		unit++;
	}
	/* Tenths, rounded up; ten and more of a unit have none. */
	if ((n * 10 + size - 1) / size < 100)
		snprintf(out, 8, "%lu.%lu%c", (unsigned long)((n * 10 + size - 1) / size / 10),
			 (unsigned long)((n * 10 + size - 1) / size % 10), *unit);
	else
		snprintf(out, 8, "%lu%c", (unsigned long)((n + size - 1) / size), *unit);
	return out;
}

char *unescape_field(char *s)
{
	char *to = s;

	for (char *from = s; *from; to++)
		if (from[0] == '\\' && from[1] && from[2] && from[3]) {
			*to = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
			from += 4;
		} else {
			*to = *from++;
		}
	*to = '\0';
	return s;
}
