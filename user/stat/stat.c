/* SPDX-License-Identifier: MIT */
/* stat: what the kernel knows of a file. */
#include "when.h"
#include "users.h"

#define HELP "stat [-L] [-c FORMAT] FILE...\n" \
	"  -L  of what a symbolic link leads to\n" \
	"  -c  %n name  %N name and link's target  %s size  %b blocks  %B their bytes  %o block size  %f raw mode  %F kind\n" \
	"      %a %A mode  %u %U owner  %g %G group  %d device  %t %T its numbers  %i inode  %h names\n" \
	"      %x %X read  %y %Y changed  %z %Z status changed  %%"

static const char *kind(const struct k_stat *st)
{
	switch (st->st_mode & S_IFMT) {
	case S_IFDIR: return "directory";
	case S_IFLNK: return "symbolic link";
	case S_IFCHR: return "character special file";
	case S_IFBLK: return "block special file";
	case S_IFIFO: return "fifo";
	case S_IFSOCK: return "socket";
	}
	return st->st_size ? "regular file" : "regular empty file";
}

static void show_name(const char *path, const struct k_stat *st, bool quoted)
{
	char target[4096];
	ssize_t n;

	printf(quoted ? "'%s'" : "%s", path);
	if (S_ISLNK(st->st_mode) && (n = readlink(path, target, sizeof(target))) >= 0)
		printf(quoted ? " -> '%.*s'" : " -> %.*s", (int)n, target);
}

static void show_time(int64_t when, long ns, bool seconds)
{
	char text[64];

	if (seconds)
		printf("%ld", (long)when);
	else
		printf("%s", format_time(text, sizeof(text), "%Y-%m-%d %H:%M:%S.%N %z", when, ns));
}

static bool show(char what, const char *path, const struct k_stat *st)
{
	char mode[11];

	mode_text(st->st_mode, mode);
	switch (what) {
	case 'n': printf("%s", path); break;
	case 'N': show_name(path, st, true); break;
	case 's': printf("%ld", (long)st->st_size); break;
	case 'b': printf("%ld", (long)st->st_blocks); break;
	case 'B': printf("512"); break;
	case 'o': printf("%d", (int)st->st_blksize); break;
	case 'f': printf("%x", (unsigned int)st->st_mode); break;
	case 'F': printf("%s", kind(st)); break;
	case 'a': printf("%o", (unsigned int)st->st_mode & 07777); break;
	case 'A': printf("%s", mode); break;
	case 'u': printf("%u", (unsigned int)st->st_uid); break;
	case 'U': printf("%s", user_name(st->st_uid)); break;
	case 'g': printf("%u", (unsigned int)st->st_gid); break;
	case 'G': printf("%s", group_name(st->st_gid)); break;
	case 'd': printf("%lu", (unsigned long)st->st_dev); break;
	case 't': printf("%lx", (unsigned long)st->st_rdev >> 8); break;
	case 'T': printf("%lx", (unsigned long)st->st_rdev & 255); break;
	case 'i': printf("%lu", (unsigned long)st->st_ino); break;
	case 'h': printf("%u", (unsigned int)st->st_nlink); break;
	case 'x': case 'X': show_time(st->st_atime, st->st_atime_nsec, what == 'X'); break;
	case 'y': case 'Y': show_time(st->st_mtime, st->st_mtime_nsec, what == 'Y'); break;
	case 'z': case 'Z': show_time(st->st_ctime, st->st_ctime_nsec, what == 'Z'); break;
	case '%': putchar('%'); break;
	default: return false;
	}
	return true;
}

static void show_all(const char *path, const struct k_stat *st)
{
	char mode[11];

	mode_text(st->st_mode, mode);
	printf("  File: ");
	show_name(path, st, false);
	printf("\n  Size: %-10ld\tBlocks: %-10ld IO Block: %-6d %s\n", (long)st->st_size, (long)st->st_blocks,
	       (int)st->st_blksize, kind(st));
	printf("Device: %lu,%lu\tInode: %-11lu Links: %u", (unsigned long)st->st_dev >> 8, (unsigned long)st->st_dev & 255,
	       (unsigned long)st->st_ino, (unsigned int)st->st_nlink);
	if (S_ISCHR(st->st_mode) || (st->st_mode & S_IFMT) == S_IFBLK)
		printf("     Device type: %lu,%lu", (unsigned long)st->st_rdev >> 8, (unsigned long)st->st_rdev & 255);
	printf("\nAccess: (%04o/%s)  Uid: (%5u/%8s)", (unsigned int)st->st_mode & 07777, mode, (unsigned int)st->st_uid,
	       user_name(st->st_uid));
	printf("   Gid: (%5u/%8s)\nAccess: ", (unsigned int)st->st_gid, group_name(st->st_gid));
	show_time(st->st_atime, st->st_atime_nsec, false);
	printf("\nModify: ");
	show_time(st->st_mtime, st->st_mtime_nsec, false);
	printf("\nChange: ");
	show_time(st->st_ctime, st->st_ctime_nsec, false);
	printf("\n Birth: -\n");
}

int main(int argc, char **argv)
{
	const char *format = NULL;
	bool follow = false;
	struct k_stat st;
	int c;

	while ((c = next_option(argc, argv, "Lc:", HELP)) != -1)
		if (c == 'c')
			format = optarg;
		else
			follow = true;
	if (optind == argc)
		usage(HELP);
	for (; optind < argc; optind++) {
		const char *path = argv[optind];

		if ((follow ? stat : lstat)(path, &st) < 0) {
			complain(path);
			continue;
		}
		if (!format) {
			show_all(path, &st);
			continue;
		}
		for (const char *p = format; *p; p++)
			if (*p != '%' || !p[1])
				putchar(*p);
			else if (!show(*++p, path, &st))
				usage(HELP);
		putchar('\n');
	}
	return end_output();
}
