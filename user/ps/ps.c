/* SPDX-License-Identifier: MIT */
/* ps: every process, with the hart it runs on (PSR) and its class (CLS). */
#include "sys.h"

static const char *policy_name(int policy)
{
	static const char *const names[] = { "TS", "FF", "RR", "B", "?", "IDL", "DLN" };

	return policy >= 0 && policy < 7 ? names[policy] : "?";
}

static void show(int pid)
{
	char path[64], buf[1024], *comm, *rest, state;
	long f[52];
	int n = 3;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (read_file(path, buf, sizeof(buf)) < 0)
		return;	/* it ended meanwhile */
	comm = strchr(buf, '(') + 1;
	rest = strrchr(buf, ')');
	*rest = '\0';
	state = rest[2];
	memset(f, 0, sizeof(f));
	for (char *p = rest + 3; *p && n < 52; n++)
		f[n] = strtol(p, &p, 10);
	/* f[i] is field i + 1 of proc(5): 3 ppid, 13 utime, 14 stime, 18 nice, 22 vsize, 23 rss. */
	printf("%5d %5ld %3ld %-3s %3ld %c %4ld:%02ld.%02ld %7ld %6ld %s\n", pid, f[3], f[38], policy_name(f[40]), f[18],
	       state, (f[13] + f[14]) / 6000, (f[13] + f[14]) / 100 % 60, (f[13] + f[14]) % 100, f[22] / 1024,
	       f[23] * 4, comm);
}

int main(int argc, char **argv)
{
	char buf[4096];
	ssize_t n;
	int fd = open("/proc", O_RDONLY | O_DIRECTORY);

	if (argc > 1 && strcmp(argv[1], "-e") && strcmp(argv[1], "aux") && strcmp(argv[1], "-ef"))
		usage("ps [-e]");
	if (fd < 0)
		die("ps: /proc");
	printf("  PID  PPID PSR CLS  NI S       TIME     VSZ    RSS COMMAND\n");
	while ((n = getdents64(fd, buf, sizeof(buf))) > 0)
		for (char *p = buf; p < buf + n; ) {
			struct k_dirent64 *d = (void *)p;

			p += d->d_reclen;
			if (d->d_name[0] >= '1' && d->d_name[0] <= '9')
				show(atoi(d->d_name));
		}
	return 0;
}
