/* SPDX-License-Identifier: MIT */
/* The line editor, and its history. */
#include "sh.h"

#define LINE_MAX 4096
#define HISTORY 64

static char line[LINE_MAX];
static size_t len, pos;
static char *history[HISTORY];
static int nr_history;
static struct k_termios cooked;

static bool raw_mode(bool on)
{
	struct k_termios t;

	if (!on)
		return ioctl(0, TCSETSW, &cooked) == 0;
	if (ioctl(0, TCGETS, &cooked) < 0)
		return false;
	t = cooked;
	t.c_lflag &= ~(ICANON | ECHO | ISIG | IEXTEN);
	t.c_iflag &= ~ICRNL;
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	return ioctl(0, TCSETSW, &t) == 0;
}

static void redraw(const char *prompt)
{
	printf("\r\033[K%s%.*s", prompt, (int)len, line);
	if (pos < len)
		printf("\033[%dD", (int)(len - pos));
	fflush(stdout);
}

static void insert(const char *s, size_t n)
{
	if (len + n + 2 > LINE_MAX)	/* a newline and a NUL come yet */
		return;
	memmove(line + pos + n, line + pos, len - pos);
	memcpy(line + pos, s, n);
	len += n;
	pos += n;
}

static void delete(size_t from, size_t to)
{
	memmove(line + from, line + to, len - to);
	len -= to - from;
	pos = from;
}

static void remember(void)
{
	if (!len || (nr_history && !strcmp(history[nr_history - 1], line)))
		return;
	if (nr_history == HISTORY) {
		free(history[0]);
		memmove(history, history + 1, (HISTORY - 1) * sizeof(*history));
		nr_history--;
	}
	history[nr_history++] = xstrdup(line);
}

void history_show(void)
{
	for (int i = 0; i < nr_history; i++)
		printf("%5d  %s\n", i + 1, history[i]);
}

static void recall(int *at, int step)
{
	int next = *at + step;

	if (next < 0 || next > nr_history)
		return;
	*at = next;
	len = pos = 0;
	if (next < nr_history)
		insert(history[next], strlen(history[next]));
}

/* ---- Keys ---- */

enum { KEY_UP = 256, KEY_DOWN, KEY_RIGHT, KEY_LEFT, KEY_HOME, KEY_END, KEY_DELETE, KEY_NONE, KEY_CHILD, KEY_ALT = 512 };

/* After ESC: the key; KEY_ALT and a byte for Alt with it. */
static int escape_key(void)
{
	static const struct {
		char last;
		short key;
	} keys[] = { { 'A', KEY_UP }, { 'B', KEY_DOWN }, { 'C', KEY_RIGHT }, { 'D', KEY_LEFT }, { 'H', KEY_HOME }, { 'F', KEY_END } };
	char c, first = ' ';
	bool modified = false;

	if (read(0, &c, 1) != 1)
		return KEY_NONE;
	if (c != '[' && c != 'O')
		return KEY_ALT + c;
	/* Digits, a modifier after a semicolon, and the last byte. */
	while (read(0, &c, 1) == 1 && ((c >= '0' && c <= '9') || c == ';')) {
		first = first == ' ' ? c : first;
		modified |= c == ';';
	}
	if (c == '~')
		return strchr("17", first) ? KEY_HOME : strchr("48", first) ? KEY_END : first == '3' ? KEY_DELETE : KEY_NONE;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (keys[i].last == c)
			return modified && c == 'C' ? KEY_ALT + 'f' : modified && c == 'D' ? KEY_ALT + 'b' : keys[i].key;
	return KEY_NONE;
}

static int read_key(void)
{
	unsigned char c;
	ssize_t n;

	if (opt_notify && !wait_key())
		return KEY_CHILD;
	do
		n = read(0, &c, 1);
	while (n < 0 && errno == EINTR);
	if (n != 1)
		return END;
	return c == 27 ? escape_key() : c;
}

static bool in_word(size_t i)
{
	return is_name_char(line[i]) || (line[i] & 0x80);
}

static size_t word_left(void)
{
	size_t i = pos;

	while (i && !in_word(i - 1))
		i--;
	while (i && in_word(i - 1))
		i--;
	return i;
}

static size_t word_right(void)
{
	size_t i = pos;

	while (i < len && !in_word(i))
		i++;
	while (i < len && in_word(i))
		i++;
	return i;
}

/* The newest line before @from that has @what in it; -1: none. */
static int find_line(const char *what, int from)
{
	while (--from >= 0)
		if (strstr(history[from], what))
			return from;
	return -1;
}

static void show_line(int i)
{
	if (i < 0)
		return;
	len = pos = 0;
	insert(history[i], strlen(history[i]));
}

/* Ctrl-R: look for what is typed, further back with each Ctrl-R. Return: the key that ended it. */
static int search_history(void)
{
	char what[64] = "", was[LINE_MAX];
	size_t n = 0, was_len = len;
	int at = nr_history, found = -1, c;

	memcpy(was, line, len);
	for (;;) {
		printf("\r\033[K(search%s) %s: %.*s", n && found < 0 ? ", nothing" : "", what, (int)len, line);
		fflush(stdout);
		c = read_key();
		if (c == 18) {
			at = found >= 0 ? found : at;
		} else if (c == 127 || c == 8) {
			n -= n > 0;
			at = nr_history;
		} else if (c >= ' ' && c < 256 && n + 1 < sizeof(what)) {
			what[n++] = c;
			at = found >= 0 ? found + 1 : nr_history;
		} else {
			break;
		}
		what[n] = '\0';
		found = n ? find_line(what, at) : -1;
		show_line(found);
	}
	if (c == 3 || c == 7) {		/* as it was */
		len = pos = 0;
		insert(was, was_len);
		return KEY_NONE;
	}
	return c;
}

static void press_tab(bool show)
{
	char more[256];

	insert(more, complete(line, pos, show, more, sizeof(more)));
}

static void press_alt(int c)
{
	size_t to;

	switch (c) {
	case 'b': pos = word_left(); break;
	case 'f': pos = word_right(); break;
	case 'd': delete(pos, word_right()); break;
	case 127:
		to = pos;
		delete(word_left(), to);
		break;
	}
}

static void press_control(int c, int *at)
{
	size_t w = pos;

	switch (c + '@') {
	case 'A': pos = 0; break;
	case 'B': pos -= pos > 0; break;
	case 'D': delete(pos, pos + (pos < len)); break;
	case 'E': pos = len; break;
	case 'F': pos += pos < len; break;
	case 'K': len = pos; break;
	case 'L': printf("\033[H\033[2J"); break;
	case 'N': recall(at, 1); break;
	case 'P': recall(at, -1); break;
	case 'U': delete(0, pos); break;
	case 'W':
		while (w && line[w - 1] == ' ')
			w--;
		while (w && line[w - 1] != ' ')
			w--;
		delete(w, pos);
		break;
	}
}

static void press(int c, int *at)
{
	char byte = c;

	switch (c) {
	case KEY_UP: recall(at, -1); break;
	case KEY_DOWN: recall(at, 1); break;
	case KEY_RIGHT: pos += pos < len; break;
	case KEY_LEFT: pos -= pos > 0; break;
	case KEY_HOME: pos = 0; break;
	case KEY_END: pos = len; break;
	case KEY_DELETE: delete(pos, pos + (pos < len)); break;
	case KEY_NONE: break;
	case KEY_CHILD:		/* set -b: jobs are told of at once */
		printf("\r\033[K");
		jobs_notify();
		break;
	case 8:
	case 127:
		delete(pos - (pos > 0), pos);
		break;
	default:
		if (c >= KEY_ALT)
			press_alt(c - KEY_ALT);
		else if (c < ' ')
			press_control(c, at);
		else
			insert(&byte, 1);
	}
}

static void finish(void)
{
	line[len] = '\0';
	raw_mode(false);
	printf("\n");
	fflush(stdout);
}

char *read_line(const char *prompt, bool *broken)
{
	int at = nr_history, c = 0;

	fflush(stdout);
	if (!raw_mode(true))
		return NULL;
	len = pos = 0;
	redraw(prompt);
	for (;;) {
		bool tab = c == '\t';

		c = read_key();
		if (c == 18)
			c = search_history();
		if (c == '\r' || c == '\n')
			break;
		if (c == END || (c == 4 && !len)) {
			finish();
			return NULL;
		}
		if (c == 3) {
			printf("^C\r");
			finish();
			last_status = 130;
			*broken = true;
			return NULL;
		}
		if (c == '\t') {
			press_tab(tab);
		} else if (c >= ' ' && c < 127 && pos == len && len + 2 < LINE_MAX) {
			press(c, &at);	/* the common case needs no redraw */
			putchar(c);
			fflush(stdout);
			continue;
		} else {
			press(c, &at);
		}
		redraw(prompt);
	}
	pos = len;
	redraw(prompt);
	finish();
	remember();
	line[len] = '\n';
	line[len + 1] = '\0';
	return line;
}
