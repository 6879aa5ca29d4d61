/* SPDX-License-Identifier: MIT */
/* The table of built-in commands, and those that are short. */
#include "sh.h"

static const char help_text[] =
	"Commands of the shell's own; all others are programs (\"ls /bin\"):\n"
	"  . : [ alias bg break cd command continue echo eval exec exit export false fg getopts help history jobs kill local\n"
	"  printf pwd read readonly return set shift source test times trap true type ulimit umask unalias unset wait\n"
	"Language: a; b   a && b   a || b   ! a   a | b   a &   ( a; b )   { a; b; }   name() { ... }   time a\n"
	"  if a; then b; elif c; then d; else e; fi   while a; do b; done   until a; do b; done\n"
	"  for x in a b; do c; done   case x in a|b) c;; *) d;; esac\n"
	"Words: '...' \"...\" \\x   $x ${x} ${#x} ${x:-y} := :? :+ ${x#pattern} ## % %%   $(a) `a` $((1 + 2))   ~ ~user   * ? [a-z]\n"
	"  $0 $1 $# $@ $* $? $$ $! $-\n"
	"Redirection: < > >> >| <> 2> 2>&1 >&- << <<-\n"
	"Options: set -a -b -C -e -f -m -n -u -v -x\n"
	"Keys: arrows, Tab, Ctrl-A/B/D/E/F/K/L/N/P/U/W, Alt-B/F/D, Ctrl-R looks back; Ctrl-C ends a job, Ctrl-Z stops it,\n"
	"  Ctrl-D leaves\n";

static int do_help(int argc, char **argv)
{
	fputs(help_text, stdout);
	return 0;
}

static int do_true(int argc, char **argv)
{
	return 0;
}

static int do_false(int argc, char **argv)
{
	return 1;
}

int do_history(int argc, char **argv)
{
	history_show();
	return 0;
}

static int do_eval(int argc, char **argv)
{
	struct text t = { .arena = &scratch };
	int status;

	for (int i = 1; i < argc; i++) {
		if (i > 1)
			text_put(&t, ' ', 0);
		text_puts(&t, argv[i], 0);
	}
	command_name = NULL;
	status = run_string(text_end(&t), false);
	return status;
}

static int do_source(int argc, char **argv)
{
	int depth = input_depth(), status, fd;
	char *path;

	if (argc < 2)
		return error("usage: %s FILE", argv[0]);
	path = strchr(argv[1], '/') ? argv[1] : NULL;
	if (!path) {		/* by PATH, where it need not be executable */
		const char *at = var_get("PATH") ? var_get("PATH") : "";

		for (; !path; at++) {
			size_t n = strcspn(at, ":");
			struct text t = { .arena = &scratch };

			for (size_t i = 0; i < n; i++)
				text_put(&t, at[i], 0);
			text_puts(&t, n ? "/" : "", 0);
			text_puts(&t, argv[1], 0);
			if (access(text_end(&t), 4) == 0)
				path = t.s;
			at += n;
			if (!*at)
				break;
		}
	}
	fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return error("cannot open %s: %s", argv[1], path ? strerror(errno) : "not found");
	command_name = NULL;
	push_file(fd);
	status = run_source(depth, false);
	if (skip == SKIP_RETURN) {
		skip = SKIP_NONE;
		status = last_status;
	}
	return status;
}

/* The number that a command may be given. Return: false: it is none, and that was said. */
static bool operand(int argc, char **argv, long none, long least, long *n)
{
	*n = none;
	if (argc > 1 && (!parse_number(argv[1], n) || *n < least)) {
		error("illegal number: %s", argv[1]);
		return false;
	}
	return true;
}

int do_break(int argc, char **argv)
{
	long n;

	if (!operand(argc, argv, 1, 1, &n))
		return STATUS_ERROR;
	if (loop_depth) {
		skip = argv[0][0] == 'b' ? SKIP_BREAK : SKIP_CONTINUE;
		skip_count = n < loop_depth ? n : loop_depth;
	}
	return 0;
}

static int do_return(int argc, char **argv)
{
	long n;

	if (!operand(argc, argv, last_status, 0, &n))
		return STATUS_ERROR;
	skip = SKIP_RETURN;
	return last_status = n;
}

static int do_exit(int argc, char **argv)
{
	long n;

	if (!operand(argc, argv, last_status, 0, &n))
		return STATUS_ERROR;
	shell_exit(n & 0xff);
}

static int do_shift(int argc, char **argv)
{
	long n;

	if (!operand(argc, argv, 1, 0, &n))
		return STATUS_ERROR;
	if (n > params.n)
		return error("can't shift that many");
	params_set(params.n - n, params.list + n);
	return 0;
}

int do_exec(int argc, char **argv)
{
	int first = argc > 1 && !strcmp(argv[1], "--") ? 2 : 1;

	if (first >= argc)
		return 0;	/* its redirections stay */
	if (!path_find(argv[first], NULL)) {
		int why = errno;

		complain("%s: %s", argv[first], why == ENOENT ? "not found" : strerror(why));
		fail_status(why == ENOENT || why == ENOTDIR ? STATUS_NOT_FOUND : STATUS_NOT_RUN);
	}
	fflush(stdout);
	signals_exec();
	exec_program(argv + first, NULL);
}

/* NAME or NAME=VALUE. Return: the value, "" or NULL; false: it is no name. */
static bool take_name(char *word, char **value)
{
	size_t n = name_length(word);

	if (!n || (word[n] && word[n] != '=')) {
		error("%s: bad variable name", word);
		return false;
	}
	*value = word[n] ? word + n + 1 : NULL;
	word[n] = '\0';
	return true;
}

int do_export(int argc, char **argv)
{
	int flag = argv[0][0] == 'e' ? VAR_EXPORT : VAR_READONLY, c;
	char *value;

	option_index = 0;
	while ((c = next_option(argc, argv, "p")))
		if (c < 0)
			return STATUS_ERROR;
	if (option_index == argc)
		var_list(flag, argv[0]);
	for (int i = option_index; i < argc; i++) {
		if (!take_name(argv[i], &value))
			return STATUS_ERROR;
		if (value && !var_set(argv[i], value, 0)) {
			builtin_failed = true;
			return STATUS_ERROR;
		}
		var_mark(argv[i], flag);
	}
	return 0;
}

int do_local(int argc, char **argv)
{
	char *value;

	if (!function_depth)
		return error("not in a function");
	for (int i = 1; i < argc; i++) {
		if (!take_name(argv[i], &value))
			return STATUS_ERROR;
		local_declare(argv[i]);
		if (value && !var_set(argv[i], value, 0)) {
			builtin_failed = true;
			return STATUS_ERROR;
		}
	}
	return 0;
}

int do_unset(int argc, char **argv)
{
	bool function = false;
	int c;

	option_index = 0;
	while ((c = next_option(argc, argv, "fv"))) {
		if (c < 0)
			return STATUS_ERROR;
		function = c == 'f';
	}
	for (int i = option_index; i < argc; i++) {
		if (function) {
			function_unset(argv[i]);
		} else if (!*argv[i] || name_length(argv[i]) != strlen(argv[i])) {
			return error("%s: bad variable name", argv[i]);
		} else if (!var_unset(argv[i])) {
			builtin_failed = true;
			return STATUS_ERROR;
		}
	}
	return 0;
}

const struct builtin builtins[] = {
	{ ".", do_source, B_SPECIAL }, { ":", do_true, B_SPECIAL }, { "[", do_test, 0 }, { "alias", do_alias, 0 }, { "bg", do_bg, 0 },
	{ "break", do_break, B_SPECIAL }, { "cd", do_cd, 0 }, { "command", do_command, 0 }, { "continue", do_break, B_SPECIAL },
	{ "echo", do_echo, 0 }, { "eval", do_eval, B_SPECIAL }, { "exec", do_exec, B_SPECIAL }, { "exit", do_exit, B_SPECIAL },
	{ "export", do_export, B_SPECIAL | B_ASSIGN }, { "false", do_false, 0 }, { "fg", do_fg, 0 }, { "getopts", do_getopts, 0 },
	{ "help", do_help, 0 }, { "history", do_history, 0 }, { "jobs", do_jobs, 0 }, { "kill", do_kill, 0 },
	{ "local", do_local, B_SPECIAL | B_ASSIGN }, { "printf", do_printf, 0 }, { "pwd", do_pwd, 0 }, { "read", do_read, 0 },
	{ "readonly", do_export, B_SPECIAL | B_ASSIGN }, { "return", do_return, B_SPECIAL }, { "set", do_set, B_SPECIAL },
	{ "shift", do_shift, B_SPECIAL }, { "source", do_source, B_SPECIAL }, { "test", do_test, 0 },
	{ "times", do_times, B_SPECIAL }, { "trap", do_trap, B_SPECIAL }, { "true", do_true, 0 }, { "type", do_type, 0 },
	{ "ulimit", do_ulimit, 0 }, { "umask", do_umask, 0 }, { "unalias", do_unalias, 0 }, { "unset", do_unset, B_SPECIAL },
	{ "wait", do_wait, 0 }, { NULL, NULL, 0 },
};

const struct builtin *builtin_find(const char *name)
{
	for (const struct builtin *b = builtins; b->name; b++)
		if (!strcmp(b->name, name))
			return b;
	return NULL;
}
