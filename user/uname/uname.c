/* SPDX-License-Identifier: MIT */
/* uname: what system this is. */
#include "tool.h"

#define HELP "uname [-asnrvmo]\n" \
	"  -s  the kernel's name, -n the host's, -r release, -v version, -m machine, -o operating system, -a all"

int main(int argc, char **argv)
{
	static char field[6][65];	/* as uname(2) fills them: s n r v m, and the domain */
	static const char letters[] = "snrvm";
	bool want[6] = { false };
	const char *space = "";
	int c;

	while ((c = next_option(argc, argv, "asnrvmo", HELP)) != -1)
		for (int i = 0; i < 6; i++)
			want[i] |= c == 'a' || c == "snrvmo"[i];
	if (optind < argc)
		usage(HELP);
	if (argc == 1)
		want[0] = true;
	if (sys_ret(SYSCALL(__NR_uname, field)) < 0)
		die("uname");
	for (size_t i = 0; i < strlen(letters); i++)
		if (want[i]) {
			printf("%s%s", space, field[i]);
			space = " ";
		}
	if (want[5])
		printf("%sHartwood", space);
	printf("\n");
	return end_output();
}
