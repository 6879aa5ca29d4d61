/* SPDX-License-Identifier: MIT */
/* find's expressions: find.c reads them, test.c asks them. */
#ifndef FIND_H
#define FIND_H

#include "tool.h"

struct file {
	const char *path;
	const struct k_stat *st;
	bool pruned;		/* what is under it is left out */
};

struct expr {
	bool (*test)(const struct expr *e, const struct file *f);
	struct expr *left, *right;	/* of an operator */
	char *text, sign;		/* the argument; + - or / before it */
	long n, unit;
	char **argv;			/* -exec: the command's words */
	int argc;
	struct expr *next;		/* -exec +: the next of these */
	struct collected *files;
};

typedef bool find_test(const struct expr *e, const struct file *f);
find_test test_and, test_or, test_not, test_true, test_false, test_name, test_iname, test_path, test_type, test_size, test_perm,
	  test_user, test_links, test_inum, test_mtime, test_mmin, test_newer, test_empty, test_prune, test_quit, test_print,
	  test_print0, test_delete, test_exec, test_collect;
/** run_collected - The command of an -exec + with the files that are still to be given to it. */
void run_collected(struct expr *e);

#endif
