/* SPDX-License-Identifier: MIT */
/* sh: runs what was parsed. Usage and built-ins are in help_text. */
#include "sh.h"

int last_status, shell_argc;
char **shell_argv;
bool interactive;

static const char help_text[] =
	"Built in: cd exit export unset source . set jobs fg bg wait history pwd exec umask help : true false\n"
	"Lists: a; b   a && b   a || b   a &   a | b   ( a; b )   { a; b; }\n"
	"Redirection: < > >> 2> 2>&1     Variables: NAME=value $NAME ${NAME} $? $$ $# $1 $@\n"
	"Quotes: '...' \"...\" \\x     Globs: * ? [a-z]\n"
	"Keys: arrows, Tab, Ctrl-A/E/K/U/W/L/P/N; Ctrl-C ends a job, Ctrl-Z stops it, Ctrl-D leaves\n";

static bool is_assignment(const char *w)
{
	const char *eq = strchr(w, '=');

	if (!eq || eq == w || (*w >= '0' && *w <= '9'))
		return false;
	for (; w < eq; w++)
		if (!((*w >= 'a' && *w <= 'z') || (*w >= 'A' && *w <= 'Z') || (*w >= '0' && *w <= '9') || *w == '_'))
			return false;
	return true;
}

static void assign(const char *w)
{
	char *copy = xstrdup(w), *eq = strchr(copy, '='), *value;

	*eq = '\0';
	value = expand_one(eq + 1);
	setenv(copy, value, 1);
	free(value);
	free(copy);
}

static int builtin_cd(int argc, char **argv)
{
	const char *to = argc > 1 ? argv[1] : getenv("HOME");

	if (!to || chdir(to) < 0) {
		fprintf(stderr, "cd: %s: %s\n", to ? to : "", strerror(errno));
		return 1;
	}
	return 0;
}

static int builtin_exit(int argc, char **argv)
{
	exit(argc > 1 ? atoi(argv[1]) : last_status);
}

static int builtin_export(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (is_assignment(argv[i]))
			assign(argv[i]);
	if (argc == 1)
		for (char **e = environ; *e; e++)
			printf("%s\n", *e);
	return 0;
}

static int builtin_unset(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		unsetenv(argv[i]);
	return 0;
}

static int builtin_source(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: source FILE\n");
		return 2;
	}
	return run_file(argv[1]);
}

static int builtin_history(int argc, char **argv)
{
	(void)argc, (void)argv;
	history_show();
	return 0;
}

static int builtin_pwd(int argc, char **argv)
{
	char buf[512];

	(void)argc, (void)argv;
	if (!getcwd(buf, sizeof(buf))) {
		fprintf(stderr, "pwd: %s\n", strerror(errno));
		return 1;
	}
	printf("%s\n", buf);
	return 0;
}

static int builtin_exec(int argc, char **argv)
{
	if (argc < 2)
		return 0;
	fflush(stdout);
	execvp(argv[1], argv + 1);
	fprintf(stderr, "exec: %s: %s\n", argv[1], strerror(errno));
	return 127;
}

static int builtin_umask(int argc, char **argv)
{
	if (argc > 1) {
		SYSCALL(__NR_umask, strtol(argv[1], NULL, 8));
	} else {
		long m = SYSCALL(__NR_umask, 0);

		SYSCALL(__NR_umask, m);
		printf("%04lo\n", m);
	}
	return 0;
}

static int builtin_help(int argc, char **argv)
{
	(void)argc, (void)argv;
	printf("%s", help_text);
	return 0;
}

static int builtin_true(int argc, char **argv)
{
	(void)argc, (void)argv;
	return 0;
}

static int builtin_false(int argc, char **argv)
{
	(void)argc, (void)argv;
	return 1;
}

static const char *const names[] = {
	"cd", "exit", "export", "unset", "source", ".", "set", "jobs", "fg", "bg", "wait", "history", "pwd", "exec",
	"umask", "help", ":", "true", "false", NULL,
};
static int (*const functions[])(int, char **) = {
	builtin_cd, builtin_exit, builtin_export, builtin_unset, builtin_source, builtin_source, builtin_export,
	builtin_jobs, builtin_fg, builtin_fg, builtin_wait, builtin_history, builtin_pwd, builtin_exec,
	builtin_umask, builtin_help, builtin_true, builtin_true, builtin_false,
};

const char *const *builtin_names(void)
{
	return names;
}

static int find_builtin(const char *name)
{
	for (int i = 0; names[i]; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

/* Open what @r names in place of its descriptors. Return: 0 or -1, told. */
static int redirect(struct redir *r)
{
	for (; r; r = r->next) {
		char *word = expand_one(r->word);
		int fd = r->flags == -1 ? atoi(word) : open(word, r->flags, 0666);

		if (fd < 0 || (fd != r->fd && dup2(fd, r->fd) < 0)) {
			fprintf(stderr, "sh: %s: %s\n", word, strerror(errno));
			free(word);
			return -1;
		}
		if (r->flags != -1 && fd != r->fd)
			close(fd);
		free(word);
	}
	return 0;
}

/* In the child: signals as a program expects them, then the program. */
static void child_signals(void)
{
	static const int reset[] = { SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU };

	for (size_t i = 0; i < ARRAY_LEN(reset); i++)
		signal_set(reset[i], (handler_t)0, 0);
}

static void exec_words(char **argv)
{
	int code;

	execvp(argv[0], argv);
	code = errno == ENOENT ? 127 : 126;
	/* A file that the kernel does not know: a script without #!. */
	if (errno == ENOEXEC) {
		shell_argv = argv;
		for (shell_argc = 0; argv[shell_argc]; shell_argc++)
			;
		exit(run_file(argv[0]));
	}
	fprintf(stderr, "sh: %s: %s\n", argv[0], code == 127 ? "not found" : strerror(errno));
	fflush(stderr);
	_exit(code);
}

/* Run @n in this process, which is a child, and leave. */
static void run_child(struct node *n)
{
	char **argv;
	int i = 0, b, argc;

	if (n->kind != NODE_CMD) {
		interactive = false;
		if (redirect(n->redirs) < 0)
			exit(1);
		exit(n->kind == NODE_GROUP ? run_node(n->left) : run_node(n));
	}
	if (redirect(n->redirs) < 0)
		exit(1);
	while (i < n->nr_words && is_assignment(n->words[i]))
		assign(n->words[i++]);
	argv = expand_words(n->words + i, n->nr_words - i);
	if (!argv[0])
		exit(0);
	b = find_builtin(argv[0]);
	if (b >= 0) {
		interactive = false;
		for (argc = 0; argv[argc]; argc++)
			;
		exit(functions[b](argc, argv));
	}
	exec_words(argv);
}

static void describe(struct node *n, char *buf, size_t size)
{
	size_t used = strlen(buf);

	if (n->kind == NODE_CMD) {
		for (int i = 0; i < n->nr_words; i++, used = strlen(buf))
			snprintf(buf + used, size - used, "%s%s", used && buf[used - 1] != ' ' ? " " : "", n->words[i]);
	} else if (n->kind == NODE_PIPE) {
		describe(n->left, buf, size);
		used = strlen(buf);
		snprintf(buf + used, size - used, " | ");
		describe(n->right, buf, size);
	} else {
		snprintf(buf + used, size - used, "( ... )");
	}
}

/* A pipeline of processes, in one group. */
static int run_processes(struct node *n, bool background)
{
	int pids[16], nr = 0, in = -1, pgid = 0;
	char text[64] = "";
	struct node *at = n;

	describe(n, text, sizeof(text));
	fflush(stdout);
	fflush(stderr);
	while (at) {
		struct node *cmd = at->kind == NODE_PIPE ? at->left : at;
		int fd[2] = { -1, -1 }, pid;

		if (at->kind == NODE_PIPE && (nr == 15 || pipe(fd) < 0)) {
			fprintf(stderr, "sh: pipe: %s\n", nr == 15 ? "too long" : strerror(errno));
			break;
		}
		pid = fork();
		if (pid < 0) {
			fprintf(stderr, "sh: fork: %s\n", strerror(errno));
			if (fd[0] >= 0) {
				close(fd[0]);
				close(fd[1]);
			}
			break;
		}
		if (!pid) {
			if (interactive) {
				setpgid(0, pgid);
				if (!background)
					tcsetpgrp(0, pgid ? pgid : getpid());
			}
			child_signals();
			if (in >= 0) {
				dup2(in, 0);
				close(in);
			}
			if (fd[1] >= 0) {
				dup2(fd[1], 1);
				close(fd[0]);
				close(fd[1]);
			}
			run_child(cmd);
		}
		if (!pgid)
			pgid = pid;
		if (interactive) {
			setpgid(pid, pgid);	/* both do it: whoever comes first */
			if (!background)
				tcsetpgrp(0, pgid);
		}
		pids[nr++] = pid;
		if (in >= 0)
			close(in);
		if (fd[1] >= 0)
			close(fd[1]);
		in = fd[0];
		at = at->kind == NODE_PIPE ? at->right : NULL;
	}
	if (in >= 0)
		close(in);
	return nr ? job_start(pids, nr, pgid, text, background) : 1;
}

/* A built-in changes the shell itself: it runs here, its redirections undone after. */
static int run_builtin(struct node *n, int b, char **argv)
{
	int saved[3], ret = 1, argc = 0;

	while (argv[argc])
		argc++;
	fflush(stdout);
	for (int i = 0; i < 3; i++)
		saved[i] = n->redirs ? fcntl(i, F_DUPFD_CLOEXEC, 10) : -1;
	if (redirect(n->redirs) == 0)
		ret = functions[b](argc, argv);
	fflush(stdout);
	fflush(stderr);
	for (int i = 0; i < 3; i++)
		if (saved[i] >= 0) {
			dup2(saved[i], i);
			close(saved[i]);
		}
	return ret;
}

static int run_command(struct node *n)
{
	char **argv;
	int b, ret, i = 0;

	while (i < n->nr_words && is_assignment(n->words[i]))
		i++;
	if (i == n->nr_words && !n->redirs) {
		for (i = 0; i < n->nr_words; i++)
			assign(n->words[i]);
		return 0;
	}
	argv = i == 0 ? expand_words(n->words, n->nr_words) : NULL;
	b = argv && argv[0] ? find_builtin(argv[0]) : -1;
	ret = b >= 0 ? run_builtin(n, b, argv) : run_processes(n, false);
	if (argv)
		free_words(argv);
	return ret;
}

int run_node(struct node *n)
{
	if (!n)
		return last_status;
	switch (n->kind) {
	case NODE_CMD:
		last_status = run_command(n);
		break;
	case NODE_PIPE:
	case NODE_GROUP:
		last_status = run_processes(n, false);
		break;
	case NODE_BG:
		last_status = run_processes(n->left, true);
		break;
	case NODE_AND:
		if (run_node(n->left) == 0)
			run_node(n->right);
		break;
	case NODE_OR:
		if (run_node(n->left) != 0)
			run_node(n->right);
		break;
	case NODE_SEQ:
		run_node(n->left);
		if (n->right)
			run_node(n->right);
		break;
	}
	return last_status;
}

int run_line(const char *text)
{
	const char *error;
	struct node *n = parse(text, &error);

	if (error) {
		fprintf(stderr, "sh: %s\n", error);
		return last_status = 2;
	}
	if (n)
		run_node(n);
	free_node(n);
	return last_status;
}

int run_file(const char *path)
{
	struct k_stat st;
	char *text;
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0) {
		fprintf(stderr, "sh: %s: %s\n", path, strerror(errno));
		return last_status = 127;
	}
	text = xmalloc(st.st_size + 1);
	n = read(fd, text, st.st_size);
	close(fd);
	text[n < 0 ? 0 : n] = '\0';
	ret = run_line(text);
	free(text);
	return ret;
}

int main(int argc, char **argv)
{
	int i = 1;
	char *text;

	if (argc > 1 && !strcmp(argv[1], "-l"))
		i++;
	if (argc > i && !strcmp(argv[i], "-c")) {
		if (argc == i + 1)
			usage("sh [-l] [-c COMMAND [NAME ARGS...] | FILE ARGS...]");
		shell_argc = argc - i - 2;
		shell_argv = argv + i + 2;
		if (shell_argc <= 0) {
			shell_argc = 1;
			shell_argv = argv;
		}
		return run_line(argv[i + 1]);
	}
	if (argc > i) {
		if (argv[i][0] == '-')
			usage("sh [-l] [-c COMMAND [NAME ARGS...] | FILE ARGS...]");
		shell_argc = argc - i;
		shell_argv = argv + i;
		return run_file(argv[i]);
	}
	shell_argc = 1;
	shell_argv = argv;
	interactive = isatty(0) && isatty(1);
	jobs_init();
	if (interactive)
		printf("Hartwood. \"help\" tells what the shell knows, \"ls /bin\" what there is.\n");
	while (jobs_notify(), (text = read_line("$ ")))
		run_line(text);
	return last_status;
}
