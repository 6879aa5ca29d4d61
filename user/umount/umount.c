/* SPDX-License-Identifier: MIT */
/* umount: what is mounted on a folder goes. */
#include "tool.h"

#include "abi/mount.h"

#define HELP "umount [-lf] FOLDER...\n" \
	"  -l  at once, with what is mounted in it; what is open stays so until it is closed\n" \
	"  -f  as without: there is no server that does not answer"

int main(int argc, char **argv)
{
	int c, flags = 0;

	while ((c = next_option(argc, argv, "lf", HELP)) != -1)
		flags |= c == 'l' ? MNT_DETACH : MNT_FORCE;
	if (optind == argc)
		usage(HELP);
	for (; optind < argc; optind++)
		if (sys_ret(SYSCALL(__NR_umount2, argv[optind], flags)) < 0)
			complain(argv[optind]);
	return end_output();
}
