/* SPDX-License-Identifier: MIT */
/* cp: copy files, and with -r folders and all that is in them. */
#include "tool.h"

#define HELP "cp [-adfinprRuvLPT] FROM TO | cp [-adfinprRuvLP] FROM... FOLDER\n" \
	"  -r, -R      folders too, with all that is in them\n" \
	"  -p          keep mode, owner and times; -a is -dpr\n" \
	"  -d, -P, -L  symbolic links as such, -L what they lead to (-P with -r is what is done if none is said)\n" \
	"  -f, -i, -n  what is there is replaced, after a question, or not at all; -u if it is older\n" \
	"  -T          TO is the copy's name, though it is a folder\n" \
	"  -v          tell what is copied"

static bool folders, keep, force, tell, newer, itself;
static int links;		/* 'P', 'L', or 0: as -r says */
static int replace;		/* 'i', 'n' or 0 */
static const char *top_from;
static char *top_to;

/* FROM/a/b to TO/a/b. */
static char *target_of(const char *path)
{
	const char *rest = path + strlen(top_from);

	while (*rest == '/')
		rest++;
	return *rest ? join_path(top_to, rest) : need(strdup(top_to));
}

static void keep_all(const char *path, const struct k_stat *st)
{
	int64_t times[4] = { st->st_atime, st->st_atime_nsec, st->st_mtime, st->st_mtime_nsec };

	SYSCALL(__NR_fchownat, AT_FDCWD, path, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW);
	if (sys_ret(SYSCALL(__NR_utimensat, AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW)) < 0 ||
	    (!S_ISLNK(st->st_mode) && chmod(path, st->st_mode & 07777) < 0))
		complain(path);
}

static bool copy_data(const char *from, const char *to, unsigned int mode)
{
	static char buf[16384];
	int in = open(from, O_RDONLY), out = -1;
	ssize_t n = -1;
	bool ok = false;

	if (in < 0) {
		complain(from);
		return false;
	}
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC, mode);
	if (out < 0 && force && unlink(to) == 0)
		out = open(to, O_WRONLY | O_CREAT | O_TRUNC, mode);
	while (out >= 0 && (n = read(in, buf, sizeof(buf))) > 0)
		if (write_all(out, buf, n) < 0) {
			close(out);
			out = -1;
		}
	if (out < 0)
		complain(to);
	else if (n < 0)
		complain(from);
	else
		ok = true;
	close(in);
	if (out >= 0)
		close(out);
	return ok;
}

static bool copy_link(const char *from, const char *to)
{
	char target[4096];
	ssize_t n = readlink(from, target, sizeof(target) - 1);

	target[n < 0 ? 0 : n] = '\0';
	unlink(to);
	if (n >= 0 && symlink(target, to) == 0)
		return true;
	complain(to);
	return false;
}

static bool copy_special(const struct k_stat *st, const char *to)
{
	if (sys_ret(SYSCALL(__NR_mknodat, AT_FDCWD, to, st->st_mode, st->st_rdev)) == 0)
		return true;
	complain(to);
	return false;
}

/* Whether what is at @to may be replaced by what @st is of. */
static bool may_replace(const char *from, const struct k_stat *st, const char *to)
{
	char answer[64] = "";
	struct k_stat old;

	if (lstat(to, &old) < 0)
		return true;
	if (replace == 'n' || (newer && (old.st_mtime > st->st_mtime ||
			(old.st_mtime == st->st_mtime && old.st_mtime_nsec >= st->st_mtime_nsec))))
		return false;
	if (stat(to, &old) == 0 && old.st_dev == st->st_dev && old.st_ino == st->st_ino) {
		complain_of(from, "is the file itself");
		return false;
	}
	if (replace != 'i')
		return true;
	fprintf(stderr, "cp: overwrite '%s'? ", to);
	fflush(stderr);
	return fgets(answer, sizeof(answer), stdin) && (*answer == 'y' || *answer == 'Y');
}

static bool copy_folder(const char *from, const struct k_stat *st, const char *to)
{
	if (!folders) {
		complain_of(from, "is a directory (-r copies those, too)");
		return false;
	}
	/* Ours to write in, whatever its mode will be in the end. */
	if (!is_folder(to) && mkdir(to, st->st_mode | 0700) < 0) {
		complain(to);
		return false;
	}
	return true;
}

static bool one(const char *path, const struct k_stat *st, enum walk_when when, int depth)
{
	char *to = target_of(path);
	bool ok = false;

	(void)depth;
	if (when == WALK_BEFORE)
		ok = copy_folder(path, st, to);
	else if (when == WALK_AFTER)
		ok = true;
	else if (may_replace(path, st, to))
		ok = S_ISLNK(st->st_mode) ? copy_link(path, to) : S_ISREG(st->st_mode) || !folders ?
		     copy_data(path, to, st->st_mode & 0777) : copy_special(st, to);
	if (ok && tell && when != WALK_AFTER)
		printf("'%s' -> '%s'\n", path, to);
	if (ok && keep && when != WALK_BEFORE)
		keep_all(to, st);
	free(to);
	return ok;
}

/* A folder into itself would never end. */
static bool inside(const char *from, const char *to)
{
	struct k_stat top, st;
	char *up = need(strdup(to));
	bool in = false;

	if (stat(from, &top) == 0 && S_ISDIR(top.st_mode))
		for (int i = 0; i < 100 && !in; i++) {
			char *above = join_path(up, "..");

			in = stat(up, &st) == 0 && st.st_dev == top.st_dev && st.st_ino == top.st_ino;
			free(up);
			up = above;
		}
	free(up);
	return in;
}

static void copy(const char *from, const char *to)
{
	top_from = from;
	top_to = itself ? need(strdup(to)) : in_folder(to, from);
	if (folders && inside(from, to))
		complain_of(from, "cannot be copied into itself");
	else
		walk(from, links == 'L' || (!links && !folders) ? WALK_FOLLOW : 0, one);
	free(top_to);
}

int main(int argc, char **argv)
{
	int c;

	while ((c = next_option(argc, argv, "adfinprRuvLPT", HELP)) != -1) {
		folders |= strchr("arR", c) != NULL;
		keep |= c == 'a' || c == 'p';
		force |= c == 'f';
		tell |= c == 'v';
		newer |= c == 'u';
		itself |= c == 'T';
		if (strchr("adPL", c))
			links = c == 'L' ? 'L' : 'P';
		if (c == 'i' || c == 'n')
			replace = c;
	}
	if (argc - optind < 2 || (itself && argc - optind != 2))
		usage(HELP);
	if (argc - optind > 2 && !is_folder(argv[argc - 1])) {
		complain_of(argv[argc - 1], "Not a directory");
		return exit_status;
	}
	for (; optind < argc - 1; optind++)
		copy(argv[optind], argv[argc - 1]);
	return end_output();
}
