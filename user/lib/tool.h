/* SPDX-License-Identifier: MIT */
/* What the small programs share: options, complaints, lines of files, folders and what is under them. */
#ifndef USER_TOOL_H
#define USER_TOOL_H

#include "sys.h"

/**
 * next_option - As getopt(3) with @letters: options may stand behind other words, unless + is the first of these letters.
 * An option that is not known, and --help, end in usage(@help).
 * Return: the letter, optarg what belongs to it; -1: no more, and from optind on are the other words.
 */
int next_option(int argc, char **argv, const char *letters, const char *help);
extern int optind;
extern char *optarg;
/** number_of - @s as a whole number of @base (0: as C has it); anything else, or one below @min, ends in usage(@help). */
long number_of(const char *s, int base, long min, const char *help);

/** complain - "program: @what: " and errno's text to stderr; exit_status is then trouble. */
void complain(const char *what);
/** complain_of - The same with a text. */
void complain_of(const char *what, const char *why);
/* What main() returns in the end: 0, or trouble after a complaint. */
extern int exit_status;

/** need - @p, a result of malloc() and its kin; exits if that is NULL. */
void *need(void *p);
/** buffer_output - Standard output, unless it is a terminal, in blocks rather than lines. */
void buffer_output(void);
/** end_output - Flush standard output. Return: exit_status, trouble if not all was written. */
int end_output(void);
/** open_input - @name for reading, "-" is standard input. Return: -1 after a complaint. */
int open_input(const char *name);
void close_input(int fd);

/* Lines of any length, with any bytes. */
struct lines {
	int fd;
	size_t at, end, size;
	char *buf;
	bool ended;		/* the line given last had a newline */
};
/** next_line - The next one, NUL in the place of its newline, good up to the next call; NULL: no more (or a complaint). */
char *next_line(struct lines *in, const char *name, size_t *len);
/** each_input - @fn for each of @names, or standard input if there is none; those that cannot be opened are complained of. */
void each_input(char **names, int nr, void (*fn)(int fd, const char *name));

/** read_names - The names in @path but . and .., sorted; NULL with errno. free_names() it. */
char **read_names(const char *path, size_t *nr);
void free_names(char **names, size_t nr);
/** join_path - "@dir/@name", to be freed. */
char *join_path(const char *dir, const char *name);
/** base_name - What is behind the last slash of @path (those at its end left out of account). */
const char *base_name(const char *path);
/** in_folder - Where @path goes if @to is a folder: @to/base_name(@path), else @to. To be freed. */
char *in_folder(const char *to, const char *path);
bool is_folder(const char *path);

enum walk_when { WALK_FILE, WALK_BEFORE, WALK_AFTER };	/* a folder is met twice: before what is in it, and after */
enum { WALK_FOLLOW = 1, WALK_FOLLOW_TOP = 2 };		/* symbolic links: all, or just the path itself */
/** walk_fn - Return: false at WALK_BEFORE: do not go in (there is no WALK_AFTER then). */
typedef bool (*walk_fn)(const char *path, const struct k_stat *st, enum walk_when when, int depth);
/** walk - @fn for @path and all that is under it, in order of names. What cannot be read is complained of. */
void walk(const char *path, int flags, walk_fn fn);

/** unescape_field - A field of /proc/mounts as it is meant: \040 is a blank. Return: @s, changed. */
char *unescape_field(char *s);
/** mode_text - "-rwxr-xr-x" of @mode. */
void mode_text(unsigned int mode, char out[11]);
/** human - @n bytes as 512, 1.5K or 20M, rounded up. */
const char *human(uint64_t n, char out[8]);

#endif
