/* SPDX-License-Identifier: MIT */
/* ls: names in folders, one a line and in order, and what is known of each. */
#include "when.h"
#include "users.h"

#define HELP "ls [-1aAdFgGhiLlnoprRsStu] [FILE...]\n" \
	"  -a, -A     names that begin with a dot, too; . and .. not with -A\n" \
	"  -d         a folder itself, not what is in it; -R what is in those in it, too\n" \
	"  -l         mode, names, owner, group, size, date; -n numbers for owner and group, -g, -o without the one, the other (as -G)\n" \
	"  -h         sizes as 1.5K; -i inode; -s KiB it takes\n" \
	"  -F, -p     a sign behind names of folders / and (-F) programs *, links @, pipes |\n" \
	"  -L         for a symbolic link what it leads to\n" \
	"  -t, -S     the last changed first (-u: last read), the largest first; -r the other way round"

struct entry {
	char *name, *path, *target;
	struct k_stat st;
};

static bool all, almost, itself, detail, numbers, no_owner, no_group, in_words, inodes, blocks, signs, slashes, follow, by_time,
	    by_size, reverse, read_time, deep;
static bool told;		/* something was printed: a blank line belongs before the next folder */

static int64_t time_of(const struct entry *e, bool ns)
{
	if (read_time)
		return ns ? e->st.st_atime_nsec : e->st.st_atime;
	return ns ? e->st.st_mtime_nsec : e->st.st_mtime;
}

static int before(int64_t a, int64_t b)
{
	return a > b ? -1 : a < b;
}

static int in_order(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;
	int d = 0;

	if (by_time && !(d = before(time_of(a, false), time_of(b, false))))
		d = before(time_of(a, true), time_of(b, true));
	if (by_size)
		d = before(a->st.st_size, b->st.st_size);
	if (!d)
		d = strcmp(a->name, b->name);
	return reverse ? -d : d;
}

/* Return: false, and a complaint: it is not there. */
static bool look(struct entry *e)
{
	char target[4096];
	ssize_t n;

	/* A link that leads nowhere is shown itself. */
	if ((!follow || stat(e->path, &e->st) < 0) && lstat(e->path, &e->st) < 0) {
		complain(e->path);
		return false;
	}
	if (detail && S_ISLNK(e->st.st_mode) && (n = readlink(e->path, target, sizeof(target))) >= 0)
		e->target = need(strndup(target, n));
	return true;
}

static int width_of(unsigned long n)
{
	return snprintf(NULL, 0, "%lu", n);
}

static const char *owner(const struct k_stat *st, bool group)
{
	static char text[2][16];

	if (!numbers)
		return group ? group_name(st->st_gid) : user_name(st->st_uid);
	sprintf(text[group], "%u", (unsigned int)(group ? st->st_gid : st->st_uid));
	return text[group];
}

static const char *size_text(const struct k_stat *st, char out[24])
{
	if (S_ISCHR(st->st_mode) || (st->st_mode & S_IFMT) == S_IFBLK)
		sprintf(out, "%lu, %lu", (unsigned long)st->st_rdev >> 8, (unsigned long)st->st_rdev & 255);
	else if (in_words)
		human(st->st_size, out);
	else
		sprintf(out, "%ld", (long)st->st_size);
	return out;
}

/* Half a year ago and more, and the future, have a year in the place of the time. */
static void show_date(const struct entry *e)
{
	int64_t when = time_of(e, false), now = time_now(NULL);
	char text[32];

	printf("%s ", format_time(text, sizeof(text), when > now || now - when > 15778476 ? "%b %e  %Y" : "%b %e %H:%M", when, 0));
}

static char sign_of(const struct k_stat *st)
{
	if (S_ISDIR(st->st_mode))
		return signs || slashes ? '/' : 0;
	return !signs ? 0 : S_ISLNK(st->st_mode) ? '@' : S_ISFIFO(st->st_mode) ? '|' : S_ISREG(st->st_mode) && st->st_mode & 0111 ? '*' : 0;
}

struct widths {
	int inode, blocks, links, user, group, size;
};

static void widen(int *w, int n)
{
	if (*w < n)
		*w = n;
}

static void measure(struct widths *w, const struct entry *e)
{
	char text[24];

	widen(&w->inode, width_of(e->st.st_ino));
	widen(&w->blocks, width_of(e->st.st_blocks / 2));
	widen(&w->links, width_of(e->st.st_nlink));
	widen(&w->user, strlen(owner(&e->st, false)));
	widen(&w->group, strlen(owner(&e->st, true)));
	widen(&w->size, strlen(size_text(&e->st, text)));
}

static void show(const struct entry *e, const struct widths *w)
{
	char text[24], mode[11], sign = sign_of(&e->st);

	if (inodes)
		printf("%*lu ", w->inode, (unsigned long)e->st.st_ino);
	if (blocks)
		printf("%*lu ", w->blocks, (unsigned long)e->st.st_blocks / 2);
	if (detail) {
		mode_text(e->st.st_mode, mode);
		printf("%s %*u ", mode, w->links, (unsigned int)e->st.st_nlink);
		if (!no_owner)
			printf("%-*s ", w->user, owner(&e->st, false));
		if (!no_group)
			printf("%-*s ", w->group, owner(&e->st, true));
		printf("%*s ", w->size, size_text(&e->st, text));
		show_date(e);
	}
	printf("%s", e->name);
	if (sign && !(detail && S_ISLNK(e->st.st_mode)))
		putchar(sign);
	if (e->target)
		printf(" -> %s", e->target);
	putchar('\n');
}

static void show_all(struct entry *entries, size_t nr)
{
	struct widths w = { 0 };

	qsort(entries, nr, sizeof(*entries), in_order);
	for (size_t i = 0; i < nr; i++)
		measure(&w, &entries[i]);
	for (size_t i = 0; i < nr; i++)
		show(&entries[i], &w);
	told |= nr > 0;
}

static void free_all(struct entry *entries, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		free(entries[i].target);
		free(entries[i].path);
		free(entries[i].name);
	}
	free(entries);
}

static void list(const char *path, bool title)
{
	size_t nr, n = 0;
	char **names = read_names(path, &nr);
	struct entry *entries;
	uint64_t sum = 0;

	if (!names) {
		complain(path);
		return;
	}
	entries = need(calloc(nr + 2, sizeof(*entries)));
	for (size_t i = 0; i < nr + (all ? 2 : 0); i++) {
		const char *name = i < nr ? names[i] : i == nr ? "." : "..";

		if (*name == '.' && !all && !almost)
			continue;
		entries[n].name = need(strdup(name));
		entries[n].path = join_path(path, name);
		if (look(&entries[n])) {
			sum += entries[n++].st.st_blocks;
			continue;
		}
		free(entries[n].path);
		free(entries[n].name);
	}
	free_names(names, nr);
	if (title)
		printf("%s%s:\n", told ? "\n" : "", path);
	told = true;
	if (detail || blocks)
		printf("total %lu\n", (unsigned long)sum / 2);
	show_all(entries, n);
	for (size_t i = 0; deep && i < n; i++)
		if (S_ISDIR(entries[i].st.st_mode) && strcmp(entries[i].name, ".") && strcmp(entries[i].name, ".."))
			list(entries[i].path, true);
	free_all(entries, n);
}

/* What is named on the command line: first what is no folder, then what is in the folders. */
static void list_named(char **names, int nr)
{
	struct entry *files = need(calloc(nr, sizeof(*files))), *folders = need(calloc(nr, sizeof(*folders)));
	size_t nr_files = 0, nr_folders = 0;

	for (int i = 0; i < nr; i++) {
		struct entry e = { .name = need(strdup(names[i])), .path = need(strdup(names[i])) };

		if (!look(&e))
			exit_status = 2;
		else if (!itself && (S_ISDIR(e.st.st_mode) || (S_ISLNK(e.st.st_mode) && !detail && is_folder(e.path))))
			folders[nr_folders++] = e;
		else
			files[nr_files++] = e;
	}
	show_all(files, nr_files);
	qsort(folders, nr_folders, sizeof(*folders), in_order);
	for (size_t i = 0; i < nr_folders; i++)
		list(folders[i].path, nr > 1 || deep);
}

int main(int argc, char **argv)
{
	static char *here[] = { "." };
	int c;

	trouble = 2;
	while ((c = next_option(argc, argv, "1aAdFgGhiLlnoprRsStu", HELP)) != -1)
		switch (c) {
		case 'a': all = true; break;
		case 'A': almost = true; break;
		case 'd': itself = true; break;
		case 'F': signs = true; break;
		case 'g': detail = no_owner = true; break;
		case 'G': no_group = true; break;
		case 'h': in_words = true; break;
		case 'i': inodes = true; break;
		case 'L': follow = true; break;
		case 'l': detail = true; break;
		case 'n': detail = numbers = true; break;
		case 'o': detail = no_group = true; break;
		case 'p': slashes = true; break;
		case 'r': reverse = true; break;
		case 'R': deep = true; break;
		case 's': blocks = true; break;
		case 'S': by_size = true; break;
		case 't': by_time = true; break;
		case 'u': read_time = true; break;
		}
	trouble = 1;		/* of a name in a folder; of one that was given, 2 */
	buffer_output();
	list_named(optind < argc ? argv + optind : here, optind < argc ? argc - optind : 1);
	return end_output();
}
