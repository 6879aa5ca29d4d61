/* SPDX-License-Identifier: MIT */
/* dmesg: what the kernel said. */
#include "tool.h"

#include "abi/syslog.h"

#define HELP "dmesg [-t] [-n LEVEL]\n" \
	"  -t  without the times\n" \
	"  -n  say what is below LEVEL (1 to 8) on the console from now on"

int main(int argc, char **argv)
{
	bool no_times = false;
	char *text, *line, *next;
	long size, n;
	int c;

	while ((c = next_option(argc, argv, "tn:", HELP)) != -1) {
		no_times |= c == 't';
		if (c == 'n') {
			if (sys_ret(SYSCALL(__NR_syslog, SYSLOG_CONSOLE_LEVEL, 0, number_of(optarg, 10, 1, HELP))) < 0)
				die("dmesg");
			return 0;
		}
	}
	if (optind < argc)
		usage(HELP);
	size = SYSCALL(__NR_syslog, SYSLOG_SIZE_BUFFER, 0, 0);
	text = need(calloc(1, size + 1));
	n = sys_ret(SYSCALL(__NR_syslog, SYSLOG_READ_ALL, text, size));
	if (n < 0)
		die("dmesg");
	text[n] = '\0';
	buffer_output();
	for (line = text; *line; line = next) {
		char *behind = no_times && *line == '[' ? strstr(line, "] ") : NULL;

		next = line + strcspn(line, "\n");
		next += *next == '\n';
		if (behind && behind < next)
			line = behind + 2;
		fwrite(line, 1, next - line, stdout);
	}
	return end_output();
}
