/* SPDX-License-Identifier: MIT */
/* id: who this process is. */
#include "tool.h"
#include "users.h"

#define HELP "id [-u | -g | -G] [-nr]\n" \
	"  -u, -g, -G  the user, the group, all groups\n" \
	"  -n, -r      names, not numbers; the real one, not the effective one"

static void show(unsigned int nr, bool names, const char *(*name)(unsigned int))
{
	if (names)
		printf("%s", name(nr));
	else
		printf("%u", nr);
}

static void show_groups(const unsigned int *groups, long nr, unsigned int gid, bool names, bool both, const char *between)
{
	const char *space = "";

	/* Ours is first, whether or not it is among the others. */
	for (long i = -1; i < nr; i++) {
		unsigned int g = i < 0 ? gid : groups[i];

		if (i >= 0 && g == gid)
			continue;
		printf("%s", space);
		show(g, names, group_name);
		if (both)
			printf("(%s)", group_name(g));
		space = between;
	}
}

int main(int argc, char **argv)
{
	unsigned int ruid = SYSCALL(__NR_getuid), euid = SYSCALL(__NR_geteuid), rgid = SYSCALL(__NR_getgid),
		     egid = SYSCALL(__NR_getegid), groups[64];
	long nr = SYSCALL(__NR_getgroups, ARRAY_LEN(groups), groups);
	bool names = false, real = false;
	int c, what = 0;

	while ((c = next_option(argc, argv, "ugGnr", HELP)) != -1)
		if (c == 'n')
			names = true;
		else if (c == 'r')
			real = true;
		else if (what && what != c)
			usage(HELP);
		else
			what = c;
	if (optind < argc || (!what && (names || real)))
		usage(HELP);
	nr = nr < 0 ? 0 : nr;
	if (what == 'u') {
		show(real ? ruid : euid, names, user_name);
	} else if (what == 'g') {
		show(real ? rgid : egid, names, group_name);
	} else if (what == 'G') {
		show_groups(groups, nr, real ? rgid : egid, names, false, " ");
	} else {
		printf("uid=%u(%s)", ruid, user_name(ruid));
		printf(" gid=%u(%s)", rgid, group_name(rgid));
		if (euid != ruid)
			printf(" euid=%u(%s)", euid, user_name(euid));
		if (egid != rgid)
			printf(" egid=%u(%s)", egid, group_name(egid));
		printf(" groups=");
		show_groups(groups, nr, rgid, false, true, ",");
	}
	printf("\n");
	return end_output();
}
