/* SPDX-License-Identifier: MIT */
/* Options: of the shell (set), of its commands, and getopts. */
#include "sh.h"

bool opt_allexport, opt_errexit, opt_interactive, opt_monitor, opt_noclobber, opt_noexec, opt_noglob, opt_notify, opt_nounset,
	opt_stdin, opt_verbose, opt_xtrace;
bool builtin_failed;

static const struct option {
	char letter;
	const char *name;
	bool *on;
} options[] = {
	{ 'e', "errexit", &opt_errexit }, { 'f', "noglob", &opt_noglob }, { 'i', "interactive", &opt_interactive },
	{ 'm', "monitor", &opt_monitor }, { 'n', "noexec", &opt_noexec }, { 's', "stdin", &opt_stdin },
	{ 'x', "xtrace", &opt_xtrace }, { 'v', "verbose", &opt_verbose }, { 'C', "noclobber", &opt_noclobber },
	{ 'a', "allexport", &opt_allexport }, { 'b', "notify", &opt_notify }, { 'u', "nounset", &opt_nounset },
};

static void set_option(const struct option *o, bool on)
{
	*o->on = on;
	if (o->on == &opt_monitor)
		monitor_set(on);
}

static bool set_letter(char letter, bool on, bool invocation)
{
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		if (options[i].letter == letter && (invocation || (letter != 'i' && letter != 's'))) {
			set_option(&options[i], on);
			return true;
		}
	error("illegal option %c%c", on ? '-' : '+', letter);
	return false;
}

static bool set_name(const char *name, bool on)
{
	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		if (name && !strcmp(options[i].name, name)) {
			set_option(&options[i], on);
			return true;
		}
		if (!name && on)
			printf("%-16s%s\n", options[i].name, *options[i].on ? "on" : "off");
		else if (!name)
			printf("set %s %s\n", *options[i].on ? "-o" : "+o", options[i].name);
	}
	if (!name && on)
		printf("\n");
	if (name)
		error("illegal option %co %s", on ? '-' : '+', name);
	return !name;
}

int options_parse(int argc, char **argv, bool invocation, bool *c, bool *l)
{
	int i = 1;

	for (; i < argc && (*argv[i] == '-' || *argv[i] == '+') && argv[i][1]; i++) {
		bool on = *argv[i] == '-';

		if (!strcmp(argv[i], "--"))
			return i + 1;
		for (const char *s = argv[i] + 1; *s; s++) {
			if (*s == 'o') {
				const char *name = argv[i + 1];

				if (!set_name(name, on))
					return -1;
				i += name != NULL;
				break;
			}
			if (invocation && *s == 'c')
				*c = true;
			else if (invocation && *s == 'l')
				*l = true;
			else if (!set_letter(*s, on, invocation))
				return -1;
		}
		if (i == argc)
			break;
	}
	if (i < argc && !strcmp(argv[i], "-")) {
		if (!invocation)
			opt_xtrace = opt_verbose = false;
		i++;
	}
	return i;
}

char *options_string(void)
{
	struct text t = { .arena = &scratch };

	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		if (*options[i].on)
			text_put(&t, options[i].letter, 0);
	return text_end(&t);
}

int do_set(int argc, char **argv)
{
	int i;

	if (argc == 1) {
		var_list(0, "");
		return 0;
	}
	i = options_parse(argc, argv, false, NULL, NULL);
	if (i < 0)
		return STATUS_ERROR;
	if (i < argc || (i > 1 && !strcmp(argv[i - 1], "--")))
		params_set(argc - i, argv + i);
	return 0;
}

/* ---- Options of commands ---- */

int option_index;
char *option_value;

/* option_index is 0 before the first call. */
int next_option(int argc, char **argv, const char *letters)
{
	static const char *at;
	const char *known;

	if (!option_index) {
		option_index = 1;
		at = "";
	}
	if (!*at) {
		if (option_index == argc || *argv[option_index] != '-' || !argv[option_index][1])
			return 0;
		if (!strcmp(argv[option_index++], "--"))
			return 0;
		at = argv[option_index - 1] + 1;
	}
	known = *at == ':' ? NULL : strchr(letters, *at);
	if (!known) {
		error("illegal option -%c", *at);
		return -1;
	}
	at++;
	if (known[1] == ':') {
		option_value = *at ? (char *)at : argv[option_index++];
		at = "";
		if (!option_value) {
			error("no argument for -%c", *known);
			return -1;
		}
	}
	return *known;
}

bool parse_number(const char *s, long *n)
{
	char *end;

	if (!*s)
		return false;
	errno = 0;
	*n = strtol(s, &end, 10);
	return end != s && !*end && !errno;
}

/* Where getopts is within a word like -abc; 0: it is done with that. */
static int offset;

void getopts_reset(void)
{
	offset = 0;
}

static void getopts_set(const char *name, char c, const char *argument, long index, int at)
{
	char letter[2] = { c, '\0' };

	if (argument)
		var_set("OPTARG", argument, 0);
	else
		var_unset("OPTARG");
	var_set(name, letter, 0);
	var_set_int("OPTIND", index);
	offset = at;
}

/* getopts LETTERS NAME [ARG...]. OPTIND is of the next word, also within one like -abc, as dash has it. */
int do_getopts(int argc, char **argv)
{
	const char *letters, *known, *word;
	char **list = argc > 3 ? argv + 3 : params.list, text[2] = "";
	int n = argc > 3 ? argc - 3 : params.n, at = offset;
	long index = 1;
	bool quiet;

	if (argc < 3)
		return error("usage: getopts LETTERS NAME [ARG...]");
	if (!var_get("OPTIND") || !parse_number(var_get("OPTIND"), &index) || index < 1)
		index = 1;
	letters = argv[1];
	quiet = *letters == ':';
	word = at && index >= 2 && index - 2 < n ? list[index - 2] : NULL;
	if (!word || at >= (int)strlen(word)) {
		word = index <= n ? list[index - 1] : NULL;
		at = 1;
		if (!word || *word != '-' || !word[1] || !strcmp(word, "--")) {
			getopts_set(argv[2], '?', NULL, index + (word && !strcmp(word, "--")), 0);
			return 1;
		}
		index++;
	}
	*text = word[at++];
	known = *text == ':' ? NULL : strchr(letters, *text);
	if (!known) {
		if (!quiet)
			fprintf(stderr, "Illegal option -%s\n", text);
		getopts_set(argv[2], '?', quiet ? text : NULL, index, at);
	} else if (known[1] != ':') {
		getopts_set(argv[2], *text, NULL, index, at);
	} else if (word[at]) {
		getopts_set(argv[2], *text, word + at, index, 0);
	} else if (index <= n) {
		getopts_set(argv[2], *text, list[index - 1], index + 1, 0);
	} else {
		if (!quiet)
			fprintf(stderr, "No arg for -%s option\n", text);
		getopts_set(argv[2], quiet ? ':' : '?', quiet ? text : NULL, index, 0);
	}
	return 0;
}
