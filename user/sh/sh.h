/* SPDX-License-Identifier: MIT */
/*
 * The shell. What is typed goes from input.c (characters) by lex.c (words) and parse.c (trees) to run.c, which has
 * expand.c make arguments of words; builtin.c, and the files that builtin.c names, are the commands of its own.
 *
 * Memory is of three kinds. A command's tree lives in an arena of its own, counted: a function keeps the arena that it
 * was defined in. What expansion makes lives in "scratch", which each command gives back to where it was. Variables,
 * functions, aliases and jobs are malloc()ed one by one.
 *
 * Words of which the language has no meaning are errors, never guesses. Ref: POSIX.1-2017, XCU chapter 2; dash(1).
 */
#ifndef SH_H
#define SH_H

#include <setjmp.h>

#include "sys.h"

#define STATUS_ERROR 2		/* of the shell itself */
#define STATUS_NOT_RUN 126
#define STATUS_NOT_FOUND 127

/* ---- memory.c ---- */

struct chunk;
struct arena {
	struct chunk *top;
};
struct mark {
	struct chunk *chunk;
	size_t used;
};

extern struct arena scratch;

void *arena_alloc(struct arena *a, size_t n);
char *arena_copy(struct arena *a, const char *s, size_t n);
struct mark arena_mark(struct arena *a);
/** arena_release - Give back what was allocated since @m; all of it for a zero mark. */
void arena_release(struct arena *a, struct mark m);
void *xmalloc(size_t n);
void *xrealloc(void *p, size_t n);
char *xstrdup(const char *s);

/* Bytes in the making, in an arena; each with flags of its user's. */
struct text {
	struct arena *arena;
	char *s;
	unsigned char *flags;
	size_t n, size;
};
void text_put(struct text *t, char c, unsigned char flags);
void text_puts(struct text *t, const char *s, unsigned char flags);
/** text_end - The bytes as a string. */
char *text_end(struct text *t);

/* ---- The tree ---- */

enum part_kind { PART_TEXT, PART_PARAM, PART_COMMAND, PART_ARITH };
enum param_op {
	OP_NONE, OP_LENGTH, OP_DEFAULT, OP_ASSIGN, OP_ERROR, OP_ALTERNATE, OP_CUT_PREFIX, OP_CUT_PREFIX_MOST, OP_CUT_SUFFIX,
	OP_CUT_SUFFIX_MOST, OP_BAD
};

/* A piece of a word. */
struct part {
	struct part *next;
	enum part_kind kind;
	enum param_op op;
	bool quoted, colon;	/* colon: empty is as unset */
	char *text;		/* the bytes, or the parameter's name */
	struct part *operand;	/* of a parameter's operation; the expression */
	struct node *list;	/* of a command substitution */
};

struct word {
	struct word *next;
	struct part *parts;
};

enum redir_kind { REDIR_IN, REDIR_OUT, REDIR_CLOBBER, REDIR_APPEND, REDIR_BOTH, REDIR_DUP, REDIR_HERE };

struct redir {
	struct redir *next;
	enum redir_kind kind;
	int fd;
	struct word *word;	/* REDIR_HERE: the text */
	char *target;		/* it, expanded just now */
};

enum node_kind {
	NODE_CMD, NODE_PIPE, NODE_NOT, NODE_TIME, NODE_AND, NODE_OR, NODE_SEQ, NODE_BG, NODE_SUBSHELL, NODE_BRACE, NODE_IF,
	NODE_WHILE, NODE_UNTIL, NODE_FOR, NODE_CASE, NODE_FUNCTION
};

struct node {
	enum node_kind kind;
	int line;
	struct node *left, *right;	/* IF: the condition and what then; CASE: items; loops: condition and body */
	struct node *other;		/* IF: else; an item of CASE: the next one */
	struct word *assigns, *words;	/* CMD; FOR: what to go over; CASE: of an item, its patterns, else its subject */
	struct redir *redirs;
	char *text;			/* FOR and FUNCTION: the name; PIPE, BG and CMD: how it was typed, for jobs */
	bool flag;			/* FOR: "in" was there; TIME: -p */
	struct tree *tree;		/* FUNCTION: what it lives in */
};

struct tree {
	struct arena arena;
	int refs;
	struct node *root;
};
void tree_put(struct tree *t);
/** tree_hold - A reference of its own, until holds_release() to where holds_mark() was before. */
int holds_mark(void);
void tree_hold(struct tree *t);
void holds_release(int mark);

/* ---- input.c ---- */

#define END (-1)

/** push_string - Read @s next. Its end is the end of input; but an alias (@alias: its name) goes over into what follows. */
void push_string(const char *s, const char *alias);
void push_fd(int fd);		/* closed at its end, unless it is a standard one */
void push_file(int fd);		/* the same after moving it out of the script's way */
void push_terminal(void);
/** pop_to - Leave what was pushed since @depth = input_depth(). */
int input_depth(void);
void pop_to(int depth);
int next_char(void);
int next_char_joined(void);	/* a backslash and newline are not there */
int peek_char(void);		/* joined as well */
void unget_char(int c);
void input_fresh(void);		/* a new command: the next line of a terminal is its first */
bool input_interrupted(void);	/* Ctrl-C was typed in the midst of the command; asked once */
/** alias_active - Is what is read now the text of this alias? Then it is a word like others. */
bool alias_active(const char *name);
/** alias_ended - At the start of a word. Return: an alias ended just before, and in a blank. */
bool alias_ended(void);
bool input_is_terminal(void);
bool input_at_end(void);	/* of a string: nothing but blanks is left */
extern int line_number;
/* What was read of this command, for the text of jobs. */
void record_reset(void);
size_t record_position(void);
void record_cut(size_t at);
void record_pause(bool on);
char *record_text(struct arena *a, size_t from, size_t to);

/* ---- lex.c ---- */

enum token_kind {
	T_EOF, T_NEWLINE, T_WORD, T_REDIR, T_SEMI, T_DSEMI, T_AMP, T_AND, T_PIPE, T_OR, T_OPEN, T_CLOSE
};
struct token {
	enum token_kind kind;
	struct part *parts;
	const char *literal;	/* of a word without quotes and expansions */
	enum redir_kind redir;
	int fd;
	bool strip;		/* <<- */
	bool after_alias;	/* the alias before it ended in a blank */
	size_t from;		/* in the record */
	int line;
};
enum lex_mode { LEX_WORD, LEX_DQUOTE, LEX_BRACE, LEX_BRACE_DQUOTE, LEX_ARITH, LEX_HERE };
void lex_token(struct token *t);
/** lex_text - The parts of @s, as in a here-document. */
struct part *lex_text(const char *s);
/** lex_here - The text of @r follows after this line, up to the line @delimiter. */
void lex_here(struct redir *r, const struct part *delimiter, bool strip);
/** lex_heres - Replace what lex_here() was told of; return what it was. */
struct here *lex_heres(struct here *other);
bool is_name_start(int c);
bool is_name_char(int c);
size_t name_length(const char *s);

/* ---- parse.c ---- */

enum parsed { PARSED, PARSED_NOTHING, PARSED_END, PARSED_ERROR };
/** parse_command - The next line, or more of them if they belong together. PARSED: a reference to *@tree is the caller's. */
enum parsed parse_command(struct tree **tree);
void parse_fail(const char *what) __attribute__((noreturn));
/* One list, word or expansion in another, and out again: a script may nest MAX_NESTING of them. */
#define MAX_NESTING 1000
void parse_deeper(void);
void parse_shallower(void);
/* For lex.c: what stands in $( ), up to the parenthesis, or up to the end of input. */
struct node *parse_substitution(bool parenthesis);
/** parse_prompt - The parts of @s, in scratch; also in the midst of a command. NULL: it is no text of the language. */
struct part *parse_prompt(const char *s);
bool is_reserved(const char *name);
bool is_assignment(const struct part *p);	/* do a word's parts begin with NAME=? */
extern struct arena *parse_arena;

/* ---- vars.c ---- */

#define VAR_EXPORT 1
#define VAR_READONLY 2

char *var_get(const char *name);
/** var_set - Malloc a copy of @value (NULL: unset). Return: false: it is read only, and that was said. */
bool var_set(const char *name, const char *value, int flags);
void var_set_int(const char *name, long value);
bool var_unset(const char *name);
void var_mark(const char *name, int flags);	/* also if it is read only, or unset */
void var_list(int flags, const char *prefix);
char **var_environment(void);		/* in scratch */
void vars_init(void);
/** frame_push - Names are local from now on, and so are parameters if @argv is given ($1 is argv[1]). */
void frame_push(int argc, char **argv);
void frame_pop(void);
void local_declare(const char *name);	/* frame_pop() brings back what it is now */
int frames_depth(void);
/** print_quoted - So that the shell reads it again as it is. */
void print_quoted(const char *s);
struct params {
	char *name;		/* $0 */
	char **list;		/* malloc()ed, as its strings are */
	int n;
};
extern struct params params;
void params_set(int n, char **list);

/* ---- expand.c, glob.c, arith.c ---- */

/* Arguments in the making, in scratch; NULL after the last. */
struct fields {
	char **list;
	int n, size;
};
void fields_add(struct fields *f, char *s);
/** expand_words - With splitting and globs; but words like x=y as assignments, if @assignments. */
void expand_words(struct word *words, bool assignments, struct fields *f);
char *expand_string(struct part *parts);	/* no splitting, no globs; in scratch */
char *expand_assigned(struct part *parts);	/* the same with ~ after = and : */
char *expand_prompt(const char *s);

/* What flags of a text's bytes say. */
#define QUOTED 1	/* literal */
#define SPLIT 2		/* of an expansion: IFS applies */
#define MARK 4		/* no byte: here is something, if only an empty string */
#define BREAK 8		/* no byte: a new field */

struct pattern {
	const char *s;
	const unsigned char *flags;
	size_t n;
};
struct pattern expand_pattern(struct part *parts);
bool pattern_match(struct pattern p, const char *s, size_t len);
bool has_pattern(struct pattern p);
/** glob - Add the paths that match, in order. Return: how many did. */
int glob(struct pattern p, struct fields *f);
int64_t arith(const char *expression);

/* ---- run.c, source.c, redir.c, command.c ---- */

struct job;

enum skip { SKIP_NONE, SKIP_BREAK, SKIP_CONTINUE, SKIP_RETURN };
extern enum skip skip;			/* what is being left, and (loops) how many of it */
extern int skip_count, loop_depth, function_depth;
extern int last_status, substitution_status, shell_pid;
extern int tested;			/* somebody looks at the status: set -e does not */
extern bool interactive;
extern const char *command_name;	/* of the built-in that runs, for what it complains of */
extern int command_line;

/** run_tree - Return: its status. @last: nothing follows in this process, a program may take its place. */
int run_tree(struct node *n, bool last);
int run_string(const char *s, bool last);
/** fork_shell - As fork(), for a piece of this shell's own program; see job_fork(). */
int fork_shell(struct job *j, bool background);
/** run_source - What push_...() put there since input_depth() was @depth, to its end. */
int run_source(int depth, bool last);
int run_argv(int argc, char **argv, bool functions, bool last, const char *path);
void shell_exit(int status) __attribute__((noreturn));
/** fail - An error of the shell: to the next prompt, or the end of a shell that has none. */
void fail(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));
void fail_status(int status) __attribute__((noreturn));
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/** start_substitution - Return: the descriptor to read from. */
int start_substitution(struct node *list, int *pid);

void expand_redirs(struct redir *r);	/* in this process, then redirect(), perhaps in a child */
/** redirect - Return: false: it was told why. restore_fds() brings back what was there, if @save. */
bool redirect(struct redir *r, bool save);
int fds_mark(void);
void restore_fds(int mark);
void keep_fds(int mark);	/* what is, stays */

struct function {
	struct function *next;
	char *name;
	struct node *body;
	struct tree *tree;
};
struct function *function_find(const char *name);
void function_define(struct node *n);
bool function_unset(const char *name);
const char *alias_find(const char *name);	/* its text, or NULL */
/** path_find - Where @name is by PATH, or by @path: in scratch; or NULL with errno. */
char *path_find(const char *name, const char *path);
void exec_program(char **argv, const char *path) __attribute__((noreturn));

/* ---- jobs.c ---- */

struct process {
	int pid, status;
	bool done;
};
struct job {
	struct job *next;	/* later ones first */
	int number, pgid;
	struct process *processes;
	int n;
	bool stopped, told, background;
	bool waited;		/* for: it goes when the next job comes */
	int stop_status;
	char *text;
};
extern struct job *jobs;
extern int last_background;

void monitor_set(bool on);
struct job *job_new(const char *text);
/** job_fork - fork() for @j, or for none: a child is in its group, with signals as it expects them. Return: as fork(). */
int job_fork(struct job *j, bool background);
int job_wait(struct job *j);	/* in the foreground */
void job_tell_signal(const struct job *j);	/* that one ended it, if so */
void job_background(struct job *j);
bool job_done(const struct job *j);
int job_status(const struct job *j);
void job_print(const struct job *j, bool pids);
/** job_find - By %N, %text and so on; NULL: none, or more than one. */
struct job *job_find(const char *spec);
void jobs_reap(void);
void jobs_purge(void);		/* those that were waited for */
void jobs_notify(void);
int wait_child(int pid);	/* of a substitution */
int status_code(int status);

/* ---- trap.c ---- */

void signals_init(void);
void signals_monitor(bool on);
void signals_child(bool background);	/* in a child, as it expects them */
void signals_exec(void);	/* a program takes this process over */
void traps_run(void);
bool traps_pending(void);
void trap_exit(void);
bool have_traps(void);
int signal_by_name(const char *name);	/* 0: EXIT; -1: none */
/** wait_signal - Sleep until a child changes or a trap is due. Return: the signal of a trap, or 0. */
int wait_signal(void);
/** wait_key - Sleep until standard input has something. Return: false: a child has changed first. */
bool wait_key(void);
extern volatile bool interrupted;	/* Ctrl-C in an interactive shell */

/* ---- options.c ---- */

extern bool opt_allexport, opt_errexit, opt_interactive, opt_monitor, opt_noclobber, opt_noexec, opt_noglob, opt_notify,
	opt_nounset, opt_stdin, opt_verbose, opt_xtrace;
/** options_parse - Of "set", or (@invocation) of sh, where @c and @l say so too. Return: the first operand's index, -1: told why. */
int options_parse(int argc, char **argv, bool invocation, bool *c, bool *l);
char *options_string(void);	/* $-, in scratch */

/* ---- Commands of its own: builtin.c has the table ---- */

#define B_SPECIAL 1	/* an error ends the shell, an assignment stays */
#define B_ASSIGN 2	/* its arguments are assigned to, so not split */
struct builtin {
	const char *name;
	int (*run)(int argc, char **argv);
	int flags;
};
extern const struct builtin builtins[];	/* the last has no name */
const struct builtin *builtin_find(const char *name);
/** error - Say it, and return STATUS_ERROR: the end of a shell whose special built-in it is. */
int error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
extern bool builtin_failed;
/** next_option - As getopt(): a letter of @letters, 0 at the end, -1 for another, which it says. */
int next_option(int argc, char **argv, const char *letters);
extern int option_index;
extern char *option_value;
bool parse_number(const char *s, long *n);
void getopts_reset(void);

int do_alias(int argc, char **argv), do_bg(int argc, char **argv), do_break(int argc, char **argv);
int do_cd(int argc, char **argv), do_command(int argc, char **argv), do_echo(int argc, char **argv);
int do_exec(int argc, char **argv), do_export(int argc, char **argv), do_fg(int argc, char **argv);
int do_getopts(int argc, char **argv), do_history(int argc, char **argv), do_jobs(int argc, char **argv);
int do_kill(int argc, char **argv), do_local(int argc, char **argv), do_printf(int argc, char **argv);
int do_pwd(int argc, char **argv), do_read(int argc, char **argv), do_set(int argc, char **argv);
int do_test(int argc, char **argv), do_times(int argc, char **argv), do_trap(int argc, char **argv);
int do_type(int argc, char **argv), do_ulimit(int argc, char **argv), do_umask(int argc, char **argv);
int do_unalias(int argc, char **argv), do_unset(int argc, char **argv), do_wait(int argc, char **argv);

/* ---- edit.c, complete.c ---- */

/** read_line - A line with its newline from the terminal; NULL at end of input, or with *@broken on Ctrl-C. */
char *read_line(const char *prompt, bool *broken);
void history_show(void);
/** complete - The word that ends at @pos of @line: what can be added to it, in @out; lists all if @show. */
size_t complete(const char *line, size_t pos, bool show, char *out, size_t size);

#endif
