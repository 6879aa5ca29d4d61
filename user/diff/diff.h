/* SPDX-License-Identifier: MIT */
/* diff's parts: diff.c reads files and folders, compare.c finds what was changed, print.c tells it. */
#ifndef DIFF_H
#define DIFF_H

#include "tool.h"

struct line {
	const char *s;		/* as it is printed; len bytes and a zero */
	const char *key;	/* as it is compared */
	size_t len;
	uint32_t hash;		/* of the key */
	bool changed;
};

struct file {
	const char *name;
	char *data;
	struct line *line;	/* one more than there are: its changed is false */
	long nr;
	bool ended;		/* the last line has a newline */
	bool binary;
	struct k_stat st;
};

/** compare_files - Set changed in the lines of @a that are not in @b, and the other way round: as few as there can be. */
void compare_files(struct file *a, struct file *b);

/* Lines from to to, without it, of each; at least one of them some. */
struct change {
	long a, a_end, b, b_end;
};
/** next_change - The first at or behind @c's ends. Return: false: there is none. */
bool next_change(const struct file *a, const struct file *b, struct change *c);
void print_normal(const struct file *a, const struct file *b);
void print_unified(const struct file *a, const struct file *b, long context);

#endif
