/* SPDX-License-Identifier: MIT */
/* touch: make files, or give those that are there new times. */
#include "when.h"

#define HELP "touch [-acmh] [-r FILE | -d DATE | -t [[CC]YY]MMDDhhmm[.SS]] FILE...\n" \
	"  -a, -m  the time of last access, of last change; else both\n" \
	"  -c      make none\n" \
	"  -h      a symbolic link's own\n" \
	"  -r, -d  FILE's times; DATE's: 2026-01-31 12:00:00, or @SECONDS"

static bool access_only, change_only, no_new, no_follow;
static int64_t times[4] = { 0, UTIME_NOW, 0, UTIME_NOW };

static void times_of(const char *file)
{
	struct k_stat st;

	if (stat(file, &st) < 0)
		die(file);
	times[0] = st.st_atime;
	times[1] = st.st_atime_nsec;
	times[2] = st.st_mtime;
	times[3] = st.st_mtime_nsec;
}

static void touch(const char *path)
{
	int fd;

	if (!no_new && !no_follow && access(path, 0) < 0) {
		fd = open(path, O_WRONLY | O_CREAT, 0666);
		if (fd < 0) {
			complain(path);
			return;
		}
		close(fd);
	}
	if (sys_ret(SYSCALL(__NR_utimensat, AT_FDCWD, path, times, no_follow ? AT_SYMLINK_NOFOLLOW : 0)) < 0 &&
	    !(no_new && errno == ENOENT))
		complain(path);
}

int main(int argc, char **argv)
{
	int c;

	while ((c = next_option(argc, argv, "acmhr:d:t:", HELP)) != -1) {
		access_only |= c == 'a';
		change_only |= c == 'm';
		no_new |= c == 'c';
		no_follow |= c == 'h';
		if (c == 'r')
			times_of(optarg);
		if (c == 'd' || c == 't') {
			if (!(c == 'd' ? read_date(optarg, &times[0]) : read_stamp(optarg, &times[0])))
				usage(HELP);
			times[2] = times[0];
			times[1] = times[3] = 0;
		}
	}
	if (optind == argc)
		usage(HELP);
	if (access_only && !change_only)
		times[3] = UTIME_OMIT;
	if (change_only && !access_only)
		times[1] = UTIME_OMIT;
	for (; optind < argc; optind++)
		touch(argv[optind]);
	return end_output();
}
