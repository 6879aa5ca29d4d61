/* SPDX-License-Identifier: MIT */
/* Runs trees. */
#include "sh.h"

enum skip skip;
int skip_count, loop_depth, function_depth;
int last_status, substitution_status;
int tested;

/* ---- Children ---- */

int start_substitution(struct node *list, int *pid)
{
	int fd[2];

	if (pipe(fd) < 0)
		fail("pipe: %s", strerror(errno));
	*pid = fork_shell(NULL, false);
	if (!*pid) {
		tested = 0;
		close(fd[0]);
		if (fd[1] != 1) {
			dup2(fd[1], 1);
			close(fd[1]);
		}
		last_status = 0;
		shell_exit(run_tree(list, true));
	}
	close(fd[1]);
	return fd[0];
}

static int run_subshell(struct node *n)
{
	struct job *j;

	expand_redirs(n->redirs);
	j = job_new(n->text);
	if (!fork_shell(j, false)) {
		if (!redirect(n->redirs, false))
			shell_exit(STATUS_ERROR);
		shell_exit(run_tree(n->left, true));
	}
	return job_wait(j);
}

static int run_background(struct node *n)
{
	struct job *j = job_new(n->text);

	if (!fork_shell(j, true))
		shell_exit(run_tree(n->left, true));
	job_background(j);
	return 0;
}

static int run_pipe(struct node *n)
{
	struct job *j = job_new(n->text);
	int in = -1;

	for (; n; n = n->kind == NODE_PIPE ? n->right : NULL) {
		int fd[2] = { -1, -1 };

		if (n->kind == NODE_PIPE && pipe(fd) < 0)
			fail("pipe: %s", strerror(errno));
		if (!fork_shell(j, false)) {
			if (in > 0) {
				dup2(in, 0);
				close(in);
			}
			if (fd[1] >= 0) {
				close(fd[0]);
				if (fd[1] != 1) {
					dup2(fd[1], 1);
					close(fd[1]);
				}
			}
			shell_exit(run_tree(n->kind == NODE_PIPE ? n->left : n, true));
		}
		if (in >= 0)
			close(in);
		if (fd[1] >= 0)
			close(fd[1]);
		in = fd[0];
	}
	return job_wait(j);
}

/* ---- Simple commands ---- */

static void trace(struct word *assigns, char **argv)
{
	const char *gap = "";

	if (!opt_xtrace)
		return;
	fflush(stdout);
	fprintf(stderr, "%s", expand_prompt(var_get("PS4") ? var_get("PS4") : ""));
	for (; assigns; assigns = assigns->next, gap = " ")
		fprintf(stderr, "%s%s", gap, expand_assigned(assigns->parts));
	for (; argv && *argv; argv++, gap = " ")
		fprintf(stderr, "%s%s", gap, *argv);
	fprintf(stderr, "\n");
	fflush(stderr);
}

/* @local: until the frame is left. */
static void assign(struct word *w, int flags, bool local)
{
	for (; w; w = w->next) {
		char *text = expand_assigned(w->parts), *eq = strchr(text, '=');

		*eq = '\0';
		if (local)
			local_declare(text);
		if (!var_set(text, eq + 1, flags))
			fail_status(STATUS_ERROR);
	}
}

static int run_function(struct function *f, int argc, char **argv, struct word *assigns)
{
	int outer_loops = loop_depth, mark = holds_mark(), line = command_line;

	if (function_depth == 1000)
		fail("%s: functions are nested too deep", argv[0]);
	tree_hold(f->tree);
	frame_push(argc, argv);
	assign(assigns, VAR_EXPORT, true);
	loop_depth = 0;
	function_depth++;
	run_tree(f->body, false);
	function_depth--;
	loop_depth = outer_loops;
	if (skip == SKIP_RETURN)
		skip = SKIP_NONE;
	frame_pop();
	holds_release(mark);
	command_line = line;
	return last_status;
}

static int run_builtin(const struct builtin *b, int argc, char **argv)
{
	const char *outer = command_name;
	int status;

	command_name = argv[0];
	builtin_failed = false;
	write_errno = 0;
	status = b->run(argc, argv);
	fflush(stdout);
	if (write_errno) {
		complain("write error: %s", strerror(write_errno));
		status = status ? status : 1;
	}
	fflush(stderr);
	command_name = outer;
	return status;
}

static int run_program(char **argv, struct word *assigns, struct redir *redirs, const char *text, const char *path, bool last)
{
	struct job *j = NULL;

	if (!last || have_traps()) {
		j = job_new(text);
		if (fork_shell(j, false))
			return job_wait(j);
	}
	if (!redirect(redirs, false))
		shell_exit(STATUS_ERROR);
	assign(assigns, VAR_EXPORT, false);
	exec_program(argv, path);
}

int run_argv(int argc, char **argv, bool functions, bool last, const char *path)
{
	struct function *f = functions ? function_find(argv[0]) : NULL;
	const struct builtin *b = builtin_find(argv[0]);

	if (f)
		return run_function(f, argc, argv, NULL);
	return b ? run_builtin(b, argc, argv) : run_program(argv, NULL, NULL, argv[0], path, last);
}

/* Here, with what is redirected and assigned for this command alone. */
static int run_here(struct node *n, struct function *f, const struct builtin *b, int argc, char **argv)
{
	bool special = b && b->flags & B_SPECIAL && !f;
	int mark = fds_mark(), status = STATUS_ERROR, frames = frames_depth();

	fflush(stdout);
	if (!redirect(n->redirs, true)) {
		restore_fds(mark);
		if (special)
			fail_status(STATUS_ERROR);
		return STATUS_ERROR;
	}
	if (f) {
		status = run_function(f, argc, argv, n->assigns);
	} else {
		if (n->assigns && !special)
			frame_push(0, NULL);
		assign(n->assigns, special && b->run != do_exec ? 0 : VAR_EXPORT, !special);
		status = run_builtin(b, argc, argv);
		if (frames_depth() > frames)
			frame_pop();
		if (builtin_failed && special)
			fail_status(status);
		if (b->run == do_exec)
			keep_fds(mark);
	}
	builtin_failed = false;
	restore_fds(mark);
	return status;
}

static bool assigns_arguments(struct word *words)
{
	const struct part *p = words ? words->parts : NULL;
	const struct builtin *b = p && !p->next && p->kind == PART_TEXT && !p->quoted ? builtin_find(p->text) : NULL;

	return b && b->flags & B_ASSIGN;
}

static int run_simple(struct node *n, bool last)
{
	struct fields f = { 0 };
	const struct builtin *b;
	struct function *function;
	int mark;

	command_line = n->line;
	substitution_status = 0;
	expand_words(n->words, assigns_arguments(n->words), &f);
	expand_redirs(n->redirs);
	if (!f.n) {
		mark = fds_mark();
		if (!redirect(n->redirs, true)) {
			restore_fds(mark);
			return STATUS_ERROR;
		}
		restore_fds(mark);
		trace(n->assigns, NULL);
		assign(n->assigns, 0, false);
		return substitution_status;
	}
	trace(n->assigns, f.list);
	b = builtin_find(f.list[0]);
	function = b && b->flags & B_SPECIAL ? NULL : function_find(f.list[0]);
	if (function || b)
		return run_here(n, function, b, f.n, f.list);
	return run_program(f.list, n->assigns, n->redirs, n->text, NULL, last);
}

/* ---- Compound commands ---- */

/* After a turn of a loop. Return: leave it. */
static bool leave_loop(void)
{
	bool leave = skip != SKIP_NONE && skip != SKIP_CONTINUE;

	if ((skip == SKIP_BREAK || skip == SKIP_CONTINUE) && --skip_count > 0)
		return true;
	if (skip != SKIP_RETURN)
		skip = SKIP_NONE;
	return leave;
}

static int run_tested(struct node *n)
{
	int status;

	tested++;
	status = run_tree(n, false);
	tested--;
	return status;
}

static int run_while(struct node *n)
{
	int status = 0;

	loop_depth++;
	for (;;) {
		bool go = (run_tested(n->left) == 0) == (n->kind == NODE_WHILE);

		if (!skip && !go)
			break;
		if (!skip)
			status = run_tree(n->right, false);
		if (leave_loop()) {
			status = last_status;
			break;
		}
	}
	loop_depth--;
	return status;
}

static int run_for(struct node *n)
{
	struct fields f = { 0 };
	int status = 0;

	command_line = n->line;
	expand_words(n->words, false, &f);
	for (int i = 0; !n->flag && i < params.n; i++)
		fields_add(&f, arena_copy(&scratch, params.list[i], strlen(params.list[i])));
	loop_depth++;
	for (int i = 0; i < f.n; i++) {
		if (!var_set(n->text, f.list[i], 0))
			fail_status(STATUS_ERROR);
		status = run_tree(n->right, false);
		if (leave_loop()) {
			status = last_status;
			break;
		}
	}
	loop_depth--;
	return status;
}

/* The list of the item that matches, or NULL. */
static struct node *choose(struct node *n)
{
	char *subject;

	command_line = n->line;
	subject = expand_string(n->words->parts);
	for (struct node *item = n->left; item; item = item->other)
		for (struct word *w = item->words; w; w = w->next)
			if (pattern_match(expand_pattern(w->parts), subject, strlen(subject)))
				return item->right;
	return NULL;
}

struct usage {
	uint64_t user, system;	/* microseconds */
};

static struct usage usage_now(void)
{
	struct usage u = { 0, 0 };

	for (int who = RUSAGE_CHILDREN; who <= RUSAGE_SELF; who++) {
		int64_t r[18] = { 0 };		/* struct rusage: ru_utime, ru_stime, ... */

		SYSCALL(__NR_getrusage, who, r);
		u.user += r[0] * 1000000 + r[1];
		u.system += r[2] * 1000000 + r[3];
	}
	return u;
}

static void print_time(const char *name, uint64_t us, bool posix)
{
	uint64_t ms = us / 1000;

	if (posix)
		fprintf(stderr, "%s %u.%02u\n", name, (unsigned)(ms / 1000), (unsigned)(ms % 1000 / 10));
	else
		fprintf(stderr, "%s\t%um%u.%03us\n", name, (unsigned)(ms / 60000), (unsigned)(ms / 1000 % 60), (unsigned)(ms % 1000));
}

static int run_time(struct node *n)
{
	uint64_t start = monotonic_ns();
	struct usage before = usage_now(), after;
	int status = run_tree(n->left, false);

	after = usage_now();
	if (!n->flag)
		fprintf(stderr, "\n");
	print_time("real", (monotonic_ns() - start) / 1000, n->flag);
	/* The two are a division of what was measured, which may be another one now. */
	print_time("user", after.user > before.user ? after.user - before.user : 0, n->flag);
	print_time("sys", after.system > before.system ? after.system - before.system : 0, n->flag);
	fflush(stderr);
	return status;
}

/* Nodes that are nothing but a choice of what to run next. Return: that, or NULL with last_status set. */
static struct node *step(struct node *n)
{
	int status;

	switch (n->kind) {
	case NODE_SEQ:
		run_tree(n->left, false);
		return n->right;
	case NODE_AND:
	case NODE_OR:
		status = run_tested(n->left);
		return (status == 0) == (n->kind == NODE_AND) ? n->right : NULL;
	case NODE_IF:
		status = run_tested(n->left);
		if (!skip && status && !n->other)
			last_status = 0;
		return status ? n->other : n->right;
	case NODE_CASE:
		n = choose(n);
		if (!n)
			last_status = 0;
		return n;
	default:
		return n->left;		/* NODE_BRACE */
	}
}

static int run_node(struct node *n, bool last)
{
	switch (n->kind) {
	case NODE_CMD: return run_simple(n, last);
	case NODE_PIPE: return run_pipe(n);
	case NODE_SUBSHELL: return run_subshell(n);
	case NODE_BG: return run_background(n);
	case NODE_NOT: return !run_tested(n->left);
	case NODE_TIME: return run_time(n);
	case NODE_FOR: return run_for(n);
	case NODE_FUNCTION:
		function_define(n);
		return 0;
	default: return run_while(n);
	}
}

static bool only_chooses(enum node_kind kind)
{
	return kind == NODE_SEQ || kind == NODE_AND || kind == NODE_OR || kind == NODE_IF || kind == NODE_CASE || kind == NODE_BRACE;
}

/* A compound command with its redirections, here. */
static int run_redirected(struct node *n)
{
	int mark = fds_mark(), status = STATUS_ERROR;

	fflush(stdout);
	command_line = n->line;
	expand_redirs(n->redirs);
	if (redirect(n->redirs, true)) {
		if (only_chooses(n->kind))
			status = (n = step(n)) ? run_tree(n, false) : last_status;
		else
			status = run_node(n, false);
	}
	restore_fds(mark);
	return status;
}

int run_tree(struct node *n, bool last)
{
	while (n && !skip) {
		struct mark m = arena_mark(&scratch);
		enum node_kind kind = n->kind;
		bool redirected = n->redirs && kind != NODE_CMD && kind != NODE_SUBSHELL;
		int status;

		traps_run();
		if (interrupted)
			fail_status(130);
		if (opt_noexec && !interactive)
			return last_status;
		if (only_chooses(kind) && !redirected) {
			n = step(n);
			arena_release(&scratch, m);
			continue;
		}
		status = redirected ? run_redirected(n) : run_node(n, last);
		arena_release(&scratch, m);
		last_status = status;
		traps_run();
		if (opt_errexit && last_status && !tested && !skip && kind != NODE_NOT && kind != NODE_WHILE && kind != NODE_FOR)
			shell_exit(last_status);
		break;
	}
	return last_status;
}
