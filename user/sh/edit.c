/* SPDX-License-Identifier: MIT */
/*
 * A line editor: arrows, Home, End, Ctrl-A/E/B/F/K/U/W/L/D, history with Up and
 * Down, Tab for programs and paths. When input is no terminal, plain lines.
 */
#include "sh.h"

#define LINE_MAX 1024
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
	if (len + n >= LINE_MAX)
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

/* ---- Completion ---- */

struct matches {
	char common[256];
	int n;
	bool show;	/* second Tab: list them */
};

static void candidate(struct matches *m, const char *name, bool dir)
{
	char full[256];
	size_t i;

	snprintf(full, sizeof(full), "%s%s", name, dir ? "/" : "");
	if (m->show)
		printf("%s  ", full);
	if (!m->n++) {
		strcpy(m->common, full);
		return;
	}
	for (i = 0; m->common[i] && m->common[i] == full[i]; i++)
		;
	m->common[i] = '\0';
}

static void match_dir(struct matches *m, const char *dir, const char *prefix, bool programs)
{
	char buf[2048], path[512];
	struct k_stat st;
	ssize_t got;
	int fd = open(*dir ? dir : ".", O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return;
	while ((got = getdents64(fd, buf, sizeof(buf))) > 0)
		for (char *p = buf; p < buf + got; ) {
			struct k_dirent64 *d = (void *)p;

			p += d->d_reclen;
			if (strncmp(d->d_name, prefix, strlen(prefix)) || (d->d_name[0] == '.' && prefix[0] != '.'))
				continue;
			snprintf(path, sizeof(path), "%s%s", *dir ? dir : "./", d->d_name);
			if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, "..") || stat(path, &st) < 0)
				continue;
			if (programs && (S_ISDIR(st.st_mode) || !(st.st_mode & 0111)))
				continue;
			candidate(m, d->d_name, S_ISDIR(st.st_mode));
		}
	close(fd);
}

static void complete(const char *prompt, bool show)
{
	struct matches m = { .show = show };
	char word[256], dir[256] = "";
	size_t start = pos, n;
	char *slash;
	bool first = true;

	while (start && !strchr(" \t;|&<>", line[start - 1]))
		start--;
	for (size_t i = 0; i < start; i++)
		first = line[i] == ' ' ? first : strchr(";|&", line[i]) != NULL;
	n = pos - start;
	if (n >= sizeof(word) || (!n && first))
		return;	/* nothing typed: nothing to complete */
	memcpy(word, line + start, n);
	word[n] = '\0';
	if (show)
		printf("\r\n");
	slash = strrchr(word, '/');
	if (slash) {
		memcpy(dir, word, slash + 1 - word);
		dir[slash + 1 - word] = '\0';
		match_dir(&m, dir, slash + 1, false);
		n -= slash + 1 - word;
	} else if (first) {
		for (const char *const *b = builtin_names(); *b; b++)
			if (!strncmp(*b, word, n))
				candidate(&m, *b, false);
		match_dir(&m, "/bin/", word, true);
	} else {
		match_dir(&m, "", word, false);
	}
	if (show)
		printf("\r\n");
	if (m.n && strlen(m.common) > n)
		insert(m.common + n, strlen(m.common) - n);
	if (m.n == 1 && line[pos - 1] != '/')
		insert(" ", 1);
	redraw(prompt);
}

/* An escape sequence: the key's final byte, or the digit of ESC [ digit ~. */
static char escape_key(void)
{
	char c, d;

	if (read(0, &c, 1) != 1 || (c != '[' && c != 'O') || read(0, &c, 1) != 1)
		return 0;
	if (c >= '0' && c <= '9') {
		if (read(0, &d, 1) != 1 || d != '~')
			return 0;
		return c == '1' || c == '7' ? 'H' : c == '4' || c == '8' ? 'F' : c;
	}
	return c;
}

static char *plain_line(void)
{
	for (len = 0; len < LINE_MAX - 1; ) {
		ssize_t n = read(0, line + len, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			if (!len)
				return NULL;
			break;
		}
		if (line[len] == '\n')
			break;
		len++;
	}
	line[len] = '\0';
	return line;
}

char *read_line(const char *prompt)
{
	int at = nr_history;
	bool tab = false;
	char c;

	fflush(stdout);
	if (!interactive || !raw_mode(true))
		return plain_line();
	len = pos = 0;
	redraw(prompt);
	for (;;) {
		bool was_tab = tab;

		if (read(0, &c, 1) != 1) {
			raw_mode(false);
			return NULL;
		}
		tab = c == '\t';
		if (c == '\r' || c == '\n')
			break;
		if (c == 27) {
			switch (escape_key()) {
			case 'A': recall(&at, -1); break;
			case 'B': recall(&at, 1); break;
			case 'C': pos += pos < len; break;
			case 'D': pos -= pos > 0; break;
			case 'H': pos = 0; break;
			case 'F': pos = len; break;
			case '3':
				if (pos < len)
					delete(pos, pos + 1);
				break;
			}
		} else if (c == 127 || c == 8) {
			if (pos)
				delete(pos - 1, pos);
		} else if (c == 4) {
			if (!len) {
				raw_mode(false);
				printf("\n");
				return NULL;
			}
			if (pos < len)
				delete(pos, pos + 1);
		} else if (c == 3) {
			printf("^C\r\n");
			len = pos = 0;
			at = nr_history;
			last_status = 130;
		} else if (c == '\t') {
			complete(prompt, was_tab);
			continue;
		} else if (c == 12) {
			printf("\033[H\033[2J");
		} else if (c >= 1 && c <= 26) {
			size_t w = pos;

			switch (c + '@') {
			case 'A': pos = 0; break;
			case 'E': pos = len; break;
			case 'B': pos -= pos > 0; break;
			case 'F': pos += pos < len; break;
			case 'P': recall(&at, -1); break;
			case 'N': recall(&at, 1); break;
			case 'K': len = pos; break;
			case 'U': delete(0, pos); break;
			case 'W':
				while (w && line[w - 1] == ' ')
					w--;
				while (w && line[w - 1] != ' ')
					w--;
				delete(w, pos);
				break;
			}
		} else {
			insert(&c, 1);
			if (pos == len) {	/* the common case needs no redraw */
				putchar(c);
				fflush(stdout);
				continue;
			}
		}
		redraw(prompt);
	}
	line[len] = '\0';
	pos = len;
	redraw(prompt);
	raw_mode(false);
	printf("\n");
	fflush(stdout);
	remember();
	return line;
}
