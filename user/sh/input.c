/* SPDX-License-Identifier: MIT */
/*
 * Where characters come from: strings, files, the terminal, one upon the other. Files are read line by line, so that a
 * backslash and the newline after it are always in memory together; standard input byte by byte, since what
 * follows a command there may be for the command to read.
 */
#include "sh.h"

struct source {
	struct source *below;
	const char *p, *end;
	char *line;		/* what p and end are in */
	size_t line_size;
	char *block;		/* of a file, what was read ahead */
	size_t block_pos, block_len;
	char *alias;		/* the name, if this is the text of one */
	int fd;			/* -1: a string */
	int saved_line;
	bool terminal, ended;
};

#define BLOCK 4096

int line_number = 1;
static struct source *input, *ended_aliases;
static int depth;
static bool fresh, interrupted_line;

static struct {
	char *s;
	size_t n, size;
	int paused;
} record;

static struct source *push(int fd)
{
	struct source *s = xmalloc(sizeof(*s));

	*s = (struct source){ .below = input, .fd = fd, .saved_line = line_number };
	input = s;
	depth++;
	return s;
}

void push_string(const char *text, const char *alias)
{
	struct source *s = push(-1);

	s->line = xstrdup(text);
	s->p = s->line;
	s->end = s->p + strlen(text);
	s->ended = true;
	if (alias)
		s->alias = xstrdup(alias);
	else
		line_number = 1;
}

void push_fd(int fd)
{
	push(fd)->block = xmalloc(BLOCK);
	line_number = 1;
}

void push_terminal(void)
{
	push(0)->terminal = true;
}

static void free_source(struct source *s)
{
	if (s->fd > 2)
		close(s->fd);
	free(s->line);
	free(s->block);
	free(s->alias);
	free(s);
}

static void free_ended(void)
{
	while (ended_aliases) {
		struct source *s = ended_aliases;

		ended_aliases = s->below;
		free_source(s);
	}
}

int input_depth(void)
{
	return depth;
}

void pop_to(int to)
{
	free_ended();
	while (depth > to) {
		struct source *s = input;

		input = s->below;
		depth--;
		if (!s->alias)
			line_number = s->saved_line;
		free_source(s);
	}
}

static int read_byte(struct source *s)
{
	ssize_t n;

	while (s->block_pos == s->block_len) {
		n = read(s->fd, s->block, s->fd == 0 ? 1 : BLOCK);
		if (n < 0 && errno == EINTR) {
			traps_run();
			continue;
		}
		if (n <= 0)
			return END;
		s->block_pos = 0;
		s->block_len = n;
	}
	return (unsigned char)s->block[s->block_pos++];
}

/* The next line of a file. A NUL is no part of the language. */
static void read_file_line(struct source *s)
{
	size_t n = 0;
	int c;

	do {
		c = read_byte(s);
		if (!c || c == END)
			continue;
		if (n == s->line_size) {
			s->line_size = n ? n * 2 : 128;
			s->line = xrealloc(s->line, s->line_size);
		}
		s->line[n++] = c;
	} while (c != END && c != '\n');
	s->ended = c == END;
	s->p = s->line;
	s->end = s->line + n;
}

static void read_terminal_line(struct source *s)
{
	const char *prompt = var_get(fresh ? "PS1" : "PS2");
	bool broken = false;
	struct mark m = arena_mark(&scratch);
	char *line;

	if (fresh)
		jobs_notify();
	line = read_line(expand_prompt(prompt ? prompt : ""), &broken);
	arena_release(&scratch, m);
	fresh = false;
	if (broken)
		interrupted_line = true;
	s->ended = !line && !broken;
	free(s->line);
	s->line = xstrdup(line ? line : "");
	s->p = s->line;
	s->end = s->p + strlen(s->p);
}

/* More of the source on top. Return: false: that was all. */
static bool refill(struct source *s)
{
	if (s->ended)
		return false;
	if (s->terminal)
		read_terminal_line(s);
	else
		read_file_line(s);
	if (opt_verbose) {
		fprintf(stderr, "%.*s", (int)(s->end - s->p), s->p);
		fflush(stderr);
	}
	return s->p < s->end;
}

int next_char(void)
{
	while (input && input->p == input->end && !refill(input)) {
		struct source *s = input;

		if (!s->alias)
			return END;
		/* Still active: the word that it ends in is not to be replaced again. */
		input = s->below;
		depth--;
		s->below = ended_aliases;
		ended_aliases = s;
	}
	if (!input)
		return END;
	if (*input->p == '\n' && !input->alias)
		line_number++;
	if (!record.paused) {
		if (record.n == record.size) {
			record.size = record.size ? record.size * 2 : 256;
			record.s = xrealloc(record.s, record.size);
		}
		record.s[record.n++] = *input->p;
	}
	return (unsigned char)*input->p++;
}

void unget_char(int c)
{
	if (c == END)
		return;
	input->p--;
	if (c == '\n' && !input->alias)
		line_number--;
	if (!record.paused && record.n)
		record.n--;
}

int next_char_joined(void)
{
	for (;;) {
		int c = next_char();

		if (c != '\\' || input->p == input->end || *input->p != '\n')
			return c;
		next_char();
		if (!record.paused)
			record.n -= 2;
	}
}

int peek_char(void)
{
	int c = next_char_joined();

	unget_char(c);
	return c;
}

void input_fresh(void)
{
	fresh = true;
}

bool input_interrupted(void)
{
	bool was = interrupted_line;

	interrupted_line = false;
	return was;
}

bool input_is_terminal(void)
{
	return input->terminal;
}

bool input_at_end(void)
{
	return input->fd < 0 && (size_t)(input->end - input->p) == strspn(input->p, " \t\n");
}

bool alias_active(const char *name)
{
	for (struct source *s = input; s && s->alias; s = s->below)
		if (!strcmp(s->alias, name))
			return true;
	for (struct source *s = ended_aliases; s; s = s->below)
		if (!strcmp(s->alias, name))
			return true;
	return false;
}

bool alias_ended(void)
{
	bool blank = ended_aliases && ended_aliases->end > ended_aliases->line && strchr(" \t", ended_aliases->end[-1]);

	free_ended();
	return blank;
}

void record_reset(void)
{
	record.n = 0;
	record.paused = 0;
}

size_t record_position(void)
{
	return record.n;
}

void record_cut(size_t at)
{
	record.n = at;
}

void record_pause(bool on)
{
	record.paused += on ? 1 : -1;
}

/* One line of text: blanks for newlines, none at its ends. */
char *record_text(struct arena *a, size_t from, size_t to)
{
	char *text;

	while (from < to && strchr(" \t\n", record.s[from]))
		from++;
	while (to > from && strchr(" \t\n", record.s[to - 1]))
		to--;
	text = arena_copy(a, record.s + from, to - from);
	for (char *c = text; *c; c++)
		*c = *c == '\n' ? ' ' : *c;
	return text;
}
