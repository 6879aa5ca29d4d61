/* SPDX-License-Identifier: MIT */
/* mount: put a file system, or a part of one, on a folder; or tell what is mounted. */
#include "tool.h"

#include "abi/mount.h"

#define HELP "mount [-r] [-t TYPE] [-o OPTION,...] SOURCE FOLDER | mount -o remount,... FOLDER | mount [-t TYPE]\n" \
	"  -t TYPE     of file system: see /proc/filesystems; alone: what is mounted of it\n" \
	"  -o OPTIONS  ro rw nosuid suid nodev dev noexec exec remount bind rbind move unbindable private, and the file system's own\n" \
	"  -r          read-only\n" \
	"  -B, --bind  what SOURCE, a folder or file, holds is FOLDER's, too; -R, --rbind: with what is mounted in it\n" \
	"  -M, --move  what is mounted on SOURCE goes to FOLDER"

static unsigned long flags;
static char *own;		/* options of the file system itself */

static const struct {
	const char *name;
	unsigned long set, clear;
} words[] = {
	{ "ro", MS_RDONLY, 0 }, { "rw", 0, MS_RDONLY }, { "nosuid", MS_NOSUID, 0 }, { "suid", 0, MS_NOSUID }, { "nodev", MS_NODEV, 0 },
	{ "dev", 0, MS_NODEV }, { "noexec", MS_NOEXEC, 0 }, { "exec", 0, MS_NOEXEC }, { "remount", MS_REMOUNT, 0 }, { "bind", MS_BIND, 0 },
	{ "rbind", MS_BIND | MS_REC, 0 }, { "move", MS_MOVE, 0 }, { "unbindable", MS_UNBINDABLE, 0 }, { "private", MS_PRIVATE, 0 },
	{ "noatime", MS_NOATIME, 0 }, { "relatime", MS_RELATIME, 0 }, { "defaults", 0, MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC },
};

static void add_own(const char *option)
{
	size_t n = own ? strlen(own) : 0;

	own = need(realloc(own, n + strlen(option) + 2));
	sprintf(own + n, n ? ",%s" : "%s", option);
}

static void read_options(char *list)
{
	char *option;

	while ((option = strsep(&list, ","))) {
		size_t i = 0;

		while (i < sizeof(words) / sizeof(*words) && strcmp(words[i].name, option))
			i++;
		if (i < sizeof(words) / sizeof(*words))
			flags = (flags & ~words[i].clear) | words[i].set;
		else if (*option)
			add_own(option);
	}
}

static void list(const char *type)
{
	struct lines in = { .fd = open_input("/proc/self/mounts") };
	size_t len;
	char *line;

	while (in.fd >= 0 && (line = next_line(&in, "/proc/self/mounts", &len))) {
		char *source = strsep(&line, " "), *folder = strsep(&line, " "), *kind = strsep(&line, " "), *options = strsep(&line, " ");

		if (options && (!type || !strcmp(type, kind)))
			printf("%s on %s type %s (%s)\n", unescape_field(source), unescape_field(folder), kind, options);
	}
}

/* Words that are longer than a letter, as mount has them elsewhere. */
static void shorten(char **argv)
{
	static const char *const pairs[][2] = { { "--bind", "-B" }, { "--rbind", "-R" }, { "--move", "-M" } };

	for (; *argv; argv++)
		for (size_t i = 0; i < 3; i++)
			if (!strcmp(*argv, pairs[i][0]))
				*argv = (char *)pairs[i][1];
}

int main(int argc, char **argv)
{
	const char *type = NULL;
	char *source, *folder;
	int c;

	shorten(argv);
	while ((c = next_option(argc, argv, "rt:o:BRM", HELP)) != -1) {
		flags |= c == 'r' ? MS_RDONLY : c == 'B' ? MS_BIND : c == 'R' ? MS_BIND | MS_REC : c == 'M' ? MS_MOVE : 0;
		if (c == 't')
			type = optarg;
		if (c == 'o')
			read_options(optarg);
	}
	if (optind == argc && !flags && !own) {
		list(type);
		return end_output();
	}
	folder = argv[argc - 1];
	source = argc - optind == 2 ? argv[optind] : NULL;
	if (argc - optind > 2 || argc == optind || (!source && !(flags & (MS_REMOUNT | MS_UNBINDABLE | MS_PRIVATE))))
		usage(HELP);
	if (!type && !(flags & (MS_REMOUNT | MS_BIND | MS_MOVE | MS_UNBINDABLE | MS_PRIVATE)))
		usage(HELP);
	if (sys_ret(SYSCALL(__NR_mount, source, folder, type, flags, own)) < 0)
		complain(folder);
	return end_output();
}
