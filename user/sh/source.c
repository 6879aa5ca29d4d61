/* SPDX-License-Identifier: MIT */
/* From what was read to what is run, and how it ends: the shell's loop, and its errors. */
#include "sh.h"

int shell_pid;
bool interactive;
const char *command_name;
int command_line;
static jmp_buf *top_level;	/* of an interactive shell, not of its children */

/* ---- Errors, and the end ---- */

static void vcomplain(const char *fmt, __builtin_va_list ap)
{
	fflush(stdout);
	fprintf(stderr, "%s: ", params.name);
	if (!opt_interactive)
		fprintf(stderr, "%d: ", command_line);
	if (command_name)
		fprintf(stderr, "%s: ", command_name);
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, "\n");
	fflush(stderr);
}

void complain(const char *fmt, ...)
{
	__builtin_va_list ap;

	__builtin_va_start(ap, fmt);
	vcomplain(fmt, ap);
	__builtin_va_end(ap);
}

int error(const char *fmt, ...)
{
	__builtin_va_list ap;

	__builtin_va_start(ap, fmt);
	vcomplain(fmt, ap);
	__builtin_va_end(ap);
	builtin_failed = true;
	return STATUS_ERROR;
}

void shell_exit(int status)
{
	last_status = status;
	top_level = NULL;
	trap_exit();
	fflush(stdout);
	fflush(stderr);
	_exit(last_status & 0xff);
}

void fail_status(int status)
{
	last_status = status;
	if (!top_level)
		shell_exit(status);
	longjmp(*top_level, 1);
}

void fail(const char *fmt, ...)
{
	__builtin_va_list ap;

	__builtin_va_start(ap, fmt);
	vcomplain(fmt, ap);
	__builtin_va_end(ap);
	fail_status(STATUS_ERROR);
}

/* As fork(), for a piece of this shell's own program. */
int fork_shell(struct job *j, bool background)
{
	int pid = job_fork(j, background);

	if (!pid)
		top_level = NULL;
	return pid;
}

/* ---- Sources ---- */

static void back_to_prompt(int depth)
{
	interrupted = false;
	skip = SKIP_NONE;
	tested = loop_depth = function_depth = 0;
	command_name = NULL;
	while (frames_depth())
		frame_pop();
	holds_release(0);
	restore_fds(0);
	pop_to(depth);
	arena_release(&scratch, (struct mark){ 0 });
	fflush(stdout);
}

int run_source(int outer, bool last)
{
	int depth = input_depth(), mark = holds_mark();
	bool prompting = interactive && input_is_terminal();
	volatile int status = 0;
	jmp_buf top;

	if (prompting) {
		if (setjmp(top))
			back_to_prompt(depth);
		top_level = &top;
	}
	for (;;) {
		struct tree *tree;
		enum parsed got = parse_command(&tree);

		if (got == PARSED_END)
			break;
		if (got == PARSED_ERROR) {
			last_status = status = STATUS_ERROR;
			interrupted = false;
			if (prompting)
				continue;
			builtin_failed = true;
			break;
		}
		if (got == PARSED_NOTHING)
			continue;
		tree_hold(tree);
		tree_put(tree);
		status = run_tree(tree->root, last && input_at_end());
		if (prompting)
			interrupted = false;
		holds_release(mark);
		if (prompting)
			skip = SKIP_NONE;
		if (skip)
			break;
	}
	pop_to(outer);
	return status;
}

int run_string(const char *s, bool last)
{
	int depth = input_depth();

	push_string(s, NULL);
	return run_source(depth, last);
}
