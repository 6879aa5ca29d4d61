/* SPDX-License-Identifier: MIT */
/* The shell's parts: edit.c reads lines, parse.c makes trees of them, run.c runs those, jobs.c watches. */
#ifndef SH_H
#define SH_H

#include "sys.h"

/* A command line as a tree. */
enum node_kind { NODE_CMD, NODE_PIPE, NODE_AND, NODE_OR, NODE_SEQ, NODE_BG, NODE_GROUP };

struct redir {
	struct redir *next;
	int fd, flags;		/* flags for open(); -1: duplicate */
	char *word;		/* unexpanded */
};

struct node {
	enum node_kind kind;
	struct node *left, *right;
	struct redir *redirs;
	char **words;		/* unexpanded, NULL at the end */
	int nr_words;
};

/* parse.c */
/** parse - @line to a tree; NULL with *@error set (or NULL for an empty line). */
struct node *parse(const char *line, const char **error);
void free_node(struct node *n);
/** expand_words - Variables, quotes, globs: the words as a program gets them. free_words() them. */
char **expand_words(char **words, int nr);
char *expand_one(const char *word);
void free_words(char **words);

/* edit.c */
/** read_line - A line from the terminal with editing; NULL at end of input. Not to be freed. */
char *read_line(const char *prompt);
void history_show(void);

/* run.c */
int run_node(struct node *n);
int run_line(const char *line);
int run_file(const char *path);
const char *const *builtin_names(void);
extern int last_status, shell_argc;
extern int last_background;	/* pid for $!; 0: none yet */
extern char **shell_argv;
extern bool interactive;

/* jobs.c */
void jobs_init(void);
/** job_run - Start the processes of a pipeline in a group of their own; waits unless @background. Return: status. */
int job_start(int *pids, int nr, int pgid, const char *text, bool background);
void jobs_notify(void);
int builtin_jobs(int argc, char **argv);
int builtin_fg(int argc, char **argv);
int builtin_wait(int argc, char **argv);

static inline void *xmalloc(size_t n)
{
	void *p = malloc(n);

	if (!p)
		die("sh");
	return p;
}

static inline char *xstrdup(const char *s)
{
	return strcpy(xmalloc(strlen(s) + 1), s);
}

#endif
