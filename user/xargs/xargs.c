/* SPDX-License-Identifier: MIT */
/* xargs: a program with the words of standard input as arguments, again and again until there are no more. */
#include "spawn.h"

#define HELP "xargs [-0rt] [-d CHAR] [-I WORD] [-L LINES] [-n WORDS] [-P JOBS] [PROGRAM ARGS...]\n" \
	"  -0, -d  words end with a zero byte, with CHAR; else with blanks and newlines, '' \"\" and \\ quote\n" \
	"  -I      once a line, which stands for WORD in ARGS\n" \
	"  -L, -n  at most so many lines, words at once\n" \
	"  -P      so many at the same time\n" \
	"  -r      do not run it if there is no word\n" \
	"  -t      tell what is run"

#define MAX_BYTES 65536		/* of words at once */
#define MAX_WORDS 4096

static int delimiter = -1, jobs = 1, running, quote;
static char *stands_for;
static bool tell, last_of_line, wrong_quotes;
static char **argv_now;

/* The next word, to be freed; NULL: there is none. */
static char *next_word(void)
{
	size_t n = 0, size = 64;
	char *word = need(malloc(size));
	bool any = false;
	int c;

	while ((c = getchar()) != EOF) {
		if (n + 1 == size)
			word = need(realloc(word, size *= 2));
		if (delimiter >= 0 ? c == delimiter : stands_for ? c == '\n' && !quote : !quote && (c == '\n' || c == ' ' || c == '\t')) {
			last_of_line = c == '\n';
			if (any || delimiter >= 0)
				break;
		} else if (delimiter >= 0) {
			word[n++] = c;
			any = true;
		} else if (quote ? c == quote : c == '\'' || c == '"') {
			quote = quote ? 0 : c;
			any = true;
		} else if (quote && c == '\n') {
			wrong_quotes = true;
			break;
		} else if (!(stands_for && !any && (c == ' ' || c == '\t'))) {
			word[n++] = c == '\\' && !quote ? getchar() : c;
			any = true;
		}
	}
	wrong_quotes |= c == EOF && quote;
	if (wrong_quotes || (!any && (c == EOF || delimiter < 0))) {
		free(word);
		return NULL;
	}
	word[n] = '\0';
	return word;
}

/* Any other status than 0 makes ours 123; what ends xargs itself is as POSIX has it. */
static void ended(int status)
{
	running--;
	if (status == 255 || status > 128) {
		fprintf(stderr, status == 255 ? "xargs: %s: status 255\n" : "xargs: %s: killed\n", argv_now[0]);
		exit(status == 255 ? 124 : 125);
	}
	if (status == 126 || status == 127)
		exit(status);
	if (status)
		exit_status = 123;
}

static void run(char **argv)
{
	argv_now = argv;
	if (tell) {
		for (char **a = argv; *a; a++)
			fprintf(stderr, "%s%s", a == argv ? "" : " ", *a);
		fprintf(stderr, "\n");
	}
	while (running >= jobs)
		ended(end_program(-1));
	start_program(argv);
	running++;
}

/* Each {} in a copy of @word is @by. */
static char *replaced(const char *word, const char *by)
{
	size_t size = 1, n = strlen(stands_for);
	char *out = need(calloc(1, size));

	while (*word) {
		const char *at = strstr(word, stands_for), *end = at ? at : word + strlen(word);

		size += end - word + (at ? strlen(by) : 0);
		out = need(realloc(out, size));
		strncat(out, word, end - word);
		if (at)
			strcat(out, by);
		word = at ? at + n : end;
	}
	return out;
}

static void one_a_line(char **words, int nr)
{
	char *line;

	while ((line = next_word())) {
		char **argv = need(calloc(nr + 1, sizeof(*argv)));

		for (int i = 0; i < nr; i++)
			argv[i] = i ? replaced(words[i], line) : words[i];
		run(argv);
		for (int i = 1; i < nr; i++)
			free(argv[i]);
		free(argv);
		free(line);
	}
}

static void many(char **words, int nr, long max_words, long max_lines, bool if_any)
{
	char **argv = need(calloc(nr + MAX_WORDS + 1, sizeof(*argv)));
	bool first = true;
	char *word = next_word();

	memcpy(argv, words, nr * sizeof(*argv));
	while (word || (first && !if_any && !wrong_quotes)) {
		long n = 0, lines = 0, bytes = 0;

		while (word && n < max_words && lines < max_lines && bytes + (long)strlen(word) < MAX_BYTES) {
			bytes += strlen(word) + 1;
			argv[nr + n++] = word;
			lines += last_of_line;
			word = next_word();
		}
		argv[nr + n] = NULL;
		if (word && !n)
			usage(HELP);		/* longer than all may be */
		run(argv);
		while (n)
			free(argv[nr + --n]);
		first = false;
	}
}

int main(int argc, char **argv)
{
	long max_words = MAX_WORDS, max_lines = MAX_BYTES;
	static char *echo[] = { "echo", NULL };
	bool if_any = false;
	char **words;
	int c, nr;

	while ((c = next_option(argc, argv, "+0rtd:I:L:n:P:", HELP)) != -1)
		switch (c) {
		case '0': delimiter = 0; break;
		case 'd': delimiter = !strcmp(optarg, "\\n") ? '\n' : !strcmp(optarg, "\\0") ? '\0' : (unsigned char)*optarg; break;
		case 'I': stands_for = optarg; break;
		case 'L': max_lines = number_of(optarg, 10, 1, HELP); break;
		case 'n': max_words = number_of(optarg, 10, 1, HELP); break;
		case 'P': jobs = number_of(optarg, 10, 0, HELP); break;
		case 'r': if_any = true; break;
		case 't': tell = true; break;
		}
	if (stands_for && !*stands_for)
		usage(HELP);
	jobs = jobs ? jobs : 0x7fffffff;
	max_words = max_words > MAX_WORDS ? MAX_WORDS : max_words;
	nr = argc - optind;
	words = nr ? argv + optind : echo;
	if (stands_for)
		one_a_line(words, nr ? nr : 1);
	else
		many(words, nr ? nr : 1, max_words, max_lines, if_any);
	while (running)
		ended(end_program(-1));
	if (wrong_quotes)
		complain_of("standard input", "a quote without its fellow");
	return exit_status;
}
