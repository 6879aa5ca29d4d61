/* SPDX-License-Identifier: MIT */
/* perf: count what the hardware, the firmware and the kernel do, and see where it is done. */
#include "perf.h"

int start_command(char **argv, int *go_fd)
{
	int go[2], pid;
	char c;

	if (pipe(go) < 0)
		die("perf: pipe");
	pid = fork();
	if (pid < 0)
		die("perf: fork");
	if (!pid) {
		close(go[1]);
		signal_set(SIGINT, NULL, 0);
		if (read(go[0], &c, 1) != 1)
			_exit(1);
		fcntl(go[0], F_SETFD, FD_CLOEXEC);
		execvp(argv[0], argv);
		fprintf(stderr, "perf: %s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	close(go[0]);
	*go_fd = go[1];
	return pid;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} commands[] = {
		{ "annotate", cmd_annotate }, { "balance", cmd_balance }, { "list", cmd_list },
		{ "record", cmd_record }, { "report", cmd_report }, { "sched", cmd_sched }, { "script", cmd_script },
		{ "stat", cmd_stat }, { "top", cmd_top }, { "trace", cmd_trace },
	};

	for (size_t i = 0; argc > 1 && i < ARRAY_LEN(commands); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	usage("perf COMMAND [ARGS]\n"
	      "  annotate [OPTIONS]       where in its functions a program was, by instruction; -h: options\n"
	      "  balance CMD...           run a command and report how its work was balanced over harts; -h: options\n"
	      "  list [WORD]              events that can be counted here\n"
	      "  stat [OPTIONS] CMD...    run a command and count; perf stat -h tells the options\n"
	      "  record [OPTIONS] CMD...  run a command and note, many times a second, where it is; -h: options\n"
	      "  report [OPTIONS]         where that was, by command, program and function; -h: options\n"
	      "  script [OPTIONS]         each of those samples, a line each; -h: options\n"
	      "  sched record|latency|map|timehist   who ran and who waited; -h: options\n"
	      "  top [OPTIONS]            the same of all that runs now; -h: options\n"
	      "  trace [OPTIONS] CMD...   its system calls, their times and results; -h: options");
}
