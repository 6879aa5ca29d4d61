/* SPDX-License-Identifier: MIT */
/*
 * What the host wants of this boot, if it says so: /run/session, from the archive that it passes. Words that a NUL ends each:
 *   arg=WORD           a word of the command, once for each
 *   env=NAME=VALUE     a variable, once for each
 *   cwd=DIR            where it runs
 *   fd0=PORT fd1= fd2= what it has open: a port of the host's by its name, or "tty", which is the terminal
 *   rows=N cols=N      that terminal's size
 */
#ifndef INIT_SESSION_H
#define INIT_SESSION_H

struct session {
	char **argv;		/* "init" and the command; NULL: no session */
	int argc;
	const char *cwd;	/* NULL: where we are */
	const char *port[3];	/* NULL: as we have it */
	int rows, cols;
};

/** session_read - /run/session into @s, its variables into ours. Dies of what it does not know. Return: is there one? */
int session_read(struct session *s);
/** session_enter - The caller, a session leader, gets what @s tells: descriptors, terminal, folder. If it cannot, it exits: 126. */
void session_enter(const struct session *s);

#endif
