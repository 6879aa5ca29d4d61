/* SPDX-License-Identifier: MIT */
/* kill: send a signal, TERM unless another is named. */
#include "tool.h"

#define HELP "kill [-s SIGNAL | -SIGNAL] PID... | kill -l [SIGNAL...]\n" \
	"  SIGNAL  a name, with SIG or without, or a number\n" \
	"  -l      what signals there are; the number of a name, the name of a number or of a status above 128"

static void list_all(void)
{
	for (int s = 1; s < 32; s++)
		printf("%2d) SIG%s%c", s, signal_name(s), s % 5 && s < 31 ? '\t' : '\n');
}

static void list_one(const char *word)
{
	int sig = signal_number(word), status = atoi(word);

	if (status > 128)
		sig = status - 128;
	if (sig <= 0 || !signal_name(sig))
		complain_of(word, "not a signal");
	else if (*word >= '0' && *word <= '9')
		printf("%s\n", signal_name(sig));
	else
		printf("%d\n", sig);
}

static void send_to(const char *word, int sig)
{
	char *end;
	long pid = strtol(word, &end, 10);

	if (*end || end == word)
		complain_of(word, "not a process number");
	else if (kill(pid, sig) < 0)
		complain(word);
}

int main(int argc, char **argv)
{
	int sig = SIGTERM, i = 1;

	if (i < argc && !strcmp(argv[i], "-l")) {
		if (argc == 2)
			list_all();
		for (i = 2; i < argc; i++)
			list_one(argv[i]);
		return end_output();
	}
	/* By hand: a signal may look like an option, and a group of processes like one as well. */
	if (i < argc && argv[i][0] == '-' && argv[i][1]) {
		const char *name = argv[i++] + 1;

		if (!strcmp(name, "s") && i < argc)
			name = argv[i++];
		sig = strcmp(name, "-") ? signal_number(name) : sig;
	}
	if (sig < 0 || i == argc)
		usage(HELP);
	for (; i < argc; i++)
		send_to(argv[i], sig);
	return end_output();
}
