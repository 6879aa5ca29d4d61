/* SPDX-License-Identifier: MIT */
/* kill [-SIGNAL] PID...: send a signal, TERM unless another is named; kill -l lists them. */
#include "sys.h"

int main(int argc, char **argv)
{
	int sig = SIGTERM, i = 1, ret = 0;

	if (argc == 2 && !strcmp(argv[1], "-l")) {
		for (int s = 1; s < 32; s++)
			printf("%2d) SIG%s\n", s, signal_name(s));
		return 0;
	}
	if (i < argc && argv[i][0] == '-' && argv[i][1]) {
		sig = signal_number(argv[i++] + 1);
		if (sig < 0)
			usage("kill [-SIGNAL] PID...   (kill -l lists the signals)");
	}
	if (i == argc)
		usage("kill [-SIGNAL] PID...   (kill -l lists the signals)");
	for (; i < argc; i++) {
		char *end;
		long pid = strtol(argv[i], &end, 10);

		if (*end || end == argv[i]) {
			fprintf(stderr, "kill: %s: not a process number\n", argv[i]);
			ret = 1;
		} else if (kill(pid, sig) < 0) {
			fprintf(stderr, "kill: %ld: %s\n", pid, strerror(errno));
			ret = 1;
		}
	}
	return ret;
}
