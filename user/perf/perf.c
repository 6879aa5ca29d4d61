/* SPDX-License-Identifier: MIT */
/* perf: count what the hardware, the firmware and the kernel do. */
#include "perf.h"

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} commands[] = { { "list", cmd_list }, { "stat", cmd_stat } };

	for (size_t i = 0; argc > 1 && i < ARRAY_LEN(commands); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	usage("perf COMMAND [ARGS]\n"
	      "  list [WORD]              events that can be counted here\n"
	      "  stat [OPTIONS] CMD...    run a command and count; perf stat -h tells the options");
}
