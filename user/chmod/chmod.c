/* SPDX-License-Identifier: MIT */
/* chmod: who may read, write and execute a file. */
#include "tool.h"

#define HELP "chmod [-Rv] MODE FILE...\n" \
	"  -R    folders, and all that is in them\n" \
	"  -v    tell what is done\n" \
	"  MODE  octal, or words like u+x,go-w,a=rX: whom, how, what"

static const char *wanted;
static unsigned int mask;
static bool deep, tell;

static unsigned int whom(const char **p)
{
	unsigned int who = 0;

	for (;; (*p)++)
		switch (**p) {
		case 'u': who |= 04700; break;
		case 'g': who |= 02070; break;
		case 'o': who |= 01007; break;
		case 'a': who |= 07777; break;
		default: return who;
		}
}

/* The bits that the letters behind + - = stand for, for all. */
static unsigned int what(const char **p, unsigned int mode, unsigned int who)
{
	unsigned int bits = 0, copied;

	for (;; (*p)++)
		switch (**p) {
		case 'r': bits |= 0444; break;
		case 'w': bits |= 0222; break;
		case 'x': bits |= 0111; break;
		case 'X': bits |= S_ISDIR(mode) || mode & 0111 ? 0111 : 0; break;
		case 's': bits |= 06000; break;
		case 't': bits |= who ? who & 01000 : 01000; break;
		case 'u': case 'g': case 'o':
			copied = mode >> (**p == 'u' ? 6 : **p == 'g' ? 3 : 0) & 7;
			bits |= copied * 0111;
			break;
		default: return bits;
		}
}

/* @mode after what @text says; -1: it is not understood. */
static int change(const char *text, unsigned int mode)
{
	char *end;
	unsigned long octal = strtoul(text, &end, 8);

	/* A folder's s is not taken away by what looks as if it were not meant. */
	if (*text >= '0' && *text <= '7')
		return *end || octal > 07777 ? -1 : (int)((mode & (S_IFMT | (S_ISDIR(mode) && strlen(text) < 5 ? 06000 : 0))) | octal);
	for (const char *p = text; ; p++) {
		unsigned int who = whom(&p), allowed = who ? who : ~mask & 07777;

		if (!strchr("+-=", *p) || !*p)
			return -1;
		while (*p && strchr("+-=", *p)) {
			char how = *p++;
			unsigned int bits = what(&p, mode, who) & allowed;

			if (how == '=')
				mode &= ~(who ? who : 0777) | (S_ISDIR(mode) ? 06000 : 0) | S_IFMT;
			mode = how == '-' ? mode & ~bits : mode | bits;
		}
		if (!*p)
			return mode;
		if (*p != ',')
			return -1;
	}
}

static bool one(const char *path, const struct k_stat *st, enum walk_when when, int depth)
{
	unsigned int mode = change(wanted, st->st_mode) & 07777;
	char was[11], is[11];

	if (when == WALK_AFTER || (S_ISLNK(st->st_mode) && depth))
		return false;
	if (chmod(path, mode) < 0) {
		complain(path);
	} else if (tell) {
		mode_text(st->st_mode, was);
		mode_text(mode, is);
		if (mode == (st->st_mode & 07777))
			printf("mode of '%s' retained as %04o (%s)\n", path, mode, is + 1);
		else
			printf("mode of '%s' changed from %04o (%s) to %04o (%s)\n", path, st->st_mode & 07777, was + 1, mode, is + 1);
	}
	return deep;
}

int main(int argc, char **argv)
{
	int c, at = 1;

	/* By hand: -x and -w are modes, not options. */
	for (; at < argc && argv[at][0] == '-' && !strchr("rwxXst", argv[at][1]); at++) {
		if (!strcmp(argv[at], "--")) {
			at++;
			break;
		}
		for (c = 1; argv[at][c]; c++) {
			deep |= argv[at][c] == 'R';
			tell |= argv[at][c] == 'v';
			if (!strchr("Rvf", argv[at][c]))
				usage(HELP);
		}
	}
	if (argc - at < 2)
		usage(HELP);
	wanted = argv[at++];
	mask = SYSCALL(__NR_umask, 0);
	SYSCALL(__NR_umask, mask);
	if (change(wanted, 0) < 0)
		usage(HELP);
	for (; at < argc; at++)
		walk(argv[at], WALK_FOLLOW_TOP, one);
	return end_output();
}
