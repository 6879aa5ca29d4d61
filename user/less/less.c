/* SPDX-License-Identifier: MIT */
/* less: a file on the screen, a page at a time. Without a terminal it is cat. */
#include "tool.h"

#define HELP "less [-NS] [FILE...]\n" \
	"  -N  numbers before the lines\n" \
	"  -S  long lines are cut off, not broken\n" \
	"  space f b d u j k, arrows, page keys: move; g G: begin, end; NUMBER g: that line\n" \
	"  /TEXT ?TEXT n N: search, on and back; :n :p the next and previous file; q: leave"

enum { KEY_UP = 256, KEY_DOWN, KEY_LEFT, KEY_RIGHT, KEY_HOME, KEY_END, KEY_PAGE_UP, KEY_PAGE_DOWN };

static struct line {
	char *s;
	size_t len;
} *lines;
static size_t nr_lines, size_lines, top;
static bool numbers, cut_off;
static int rows = 24, columns = 80, tty = -1, left;
static struct k_termios saved;
static char pattern[128];
static const char *message = "";

static void read_lines(int fd, const char *name)
{
	struct lines in = { .fd = fd };
	size_t len;
	char *s;

	while ((s = next_line(&in, name, &len))) {
		if (nr_lines == size_lines)
			lines = need(realloc(lines, (size_lines = size_lines ? size_lines * 2 : 256) * sizeof(*lines)));
		lines[nr_lines].s = memcpy(need(malloc(len + 1)), s, len + 1);
		lines[nr_lines++].len = len;
	}
	free(in.buf);
}

static void forget_lines(void)
{
	while (nr_lines)
		free(lines[--nr_lines].s);
	top = left = 0;
}

static void raw_mode(bool on)
{
	struct k_termios t = saved;

	if (on) {
		t.c_lflag &= ~(ICANON | ECHO);
		t.c_cc[VMIN] = 1;
		t.c_cc[VTIME] = 0;
	}
	ioctl(tty, TCSETSW, &t);
}

static void measure(void)
{
	struct k_winsize w;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_row > 2 && w.ws_col > 8) {
		rows = w.ws_row;
		columns = w.ws_col;
	}
}

static int byte(void)
{
	unsigned char c;

	return read(tty, &c, 1) == 1 ? c : -1;
}

static int key(void)
{
	static const char ends[] = "ABDCHF";
	static const int keys[] = { KEY_UP, KEY_DOWN, KEY_LEFT, KEY_RIGHT, KEY_HOME, KEY_END };
	int c = byte();
	const char *p;

	if (c != 27)
		return c;
	c = byte();
	if (c != '[' && c != 'O')
		return c;
	c = byte();
	p = c > 0 ? strchr(ends, c) : NULL;
	if (p)
		return keys[p - ends];
	if (c >= '1' && c <= '8' && byte() == '~')
		return c == '5' ? KEY_PAGE_UP : c == '6' ? KEY_PAGE_DOWN : c == '1' || c == '7' ? KEY_HOME : KEY_END;
	return 0;
}

/* The column that is behind @c, if it is put at @at. A byte that goes on a UTF-8 character takes none. */
static int behind(unsigned char c, int at)
{
	return c == '\t' ? (at | 7) + 1 : c < 32 || c == 127 ? at + 2 : (c & 0xc0) == 0x80 ? at : at + 1;
}

static void show_byte(unsigned char c, int at)
{
	if (c == '\t')
		printf("%*s", behind(c, at) - at, "");
	else if (c < 32 || c == 127)
		printf("^%c", c ^ 64);
	else
		putchar(c);
}

/* What of line @nr is printed at most @room rows high. Return: how many it takes. */
static int show_line(size_t nr, int room)
{
	const struct line *l = &lines[nr];
	int at = 0, used = 1, width = columns - (numbers ? 8 : 0);

	if (numbers)
		printf("%7lu ", (unsigned long)nr + 1);
	for (size_t i = 0; i < l->len; i++) {
		int next = behind(l->s[i], at);

		if (next - left > width) {
			if (cut_off || used == room)
				break;
			printf(numbers ? "\033[K\n        " : "\033[K\n");
			used++;
			next = behind(l->s[i], at = 0);
		}
		if (at >= left)
			show_byte(l->s[i], at);
		at = next;
	}
	printf("\033[K\n");
	return used;
}

static void show_page(const char *name)
{
	int room = rows - 1;
	size_t nr;

	printf("\033[H");
	for (nr = top; nr < nr_lines && room > 0; nr++)
		room -= show_line(nr, room);
	for (; room > 0; room--)
		printf("~\033[K\n");
	printf("\033[7m%s%s%s\033[m\033[K", *message ? message : name, *message ? "" : nr >= nr_lines ? " (END)" : "",
	       *message ? "" : " ");
	message = "";
	fflush(stdout);
}

static void move(long by)
{
	long last = (long)nr_lines - (rows - 1), to = (long)top + by;

	last = last < 0 ? 0 : last;
	top = to < 0 ? 0 : to > last ? (by > 0 && (long)top > last ? (long)top : last) : to;
}

static bool ask(int sign)
{
	char text[sizeof(pattern)];
	size_t n = 0;
	int c;

	printf("\r\033[K%c", sign);
	for (;;) {
		fflush(stdout);
		c = byte();
		if (c == '\n' || c == '\r')
			break;
		if (c < 0 || c == 27 || ((c == 127 || c == 8) && !n))
			return false;
		if (c == 127 || c == 8) {
			n--;
			printf("\b \b");
		} else if (n + 1 < sizeof(text)) {
			text[n++] = c;
			putchar(c);
		}
	}
	text[n] = '\0';
	if (n)		/* none: the same again */
		strcpy(pattern, text);
	return true;
}

static void search(int step)
{
	for (long at = (long)top + step; *pattern && at >= 0 && at < (long)nr_lines; at += step)
		if (strstr(lines[at].s, pattern)) {
			top = at;
			return;
		}
	message = "Pattern not found";
}

/* Return: by how many files to go on; 99: leave. */
static int command(void)
{
	static int direction = 1;
	int c = key(), page = rows - 1, n = 0;

	for (; c >= '0' && c <= '9'; c = key())
		n = n * 10 + c - '0';
	switch (c) {
	case -1: case 'q': case 'Q': return 99;
	case ' ': case 'f': case 6: case KEY_PAGE_DOWN: move(page); break;
	case 'b': case 2: case KEY_PAGE_UP: move(-page); break;
	case 'd': case 4: move(page / 2); break;
	case 'u': case 21: move(-page / 2); break;
	case 'j': case 'e': case '\n': case '\r': case KEY_DOWN: move(n ? n : 1); break;
	case 'k': case 'y': case KEY_UP: move(n ? -n : -1); break;
	case 'g': case '<': case KEY_HOME: top = 0; move(n ? n - 1 : 0); break;
	case 'G': case '>': case KEY_END:
		top = 0;
		move(n ? n - 1 : (long)nr_lines);
		break;
	case KEY_RIGHT: left += cut_off ? columns / 2 : 0; break;
	case KEY_LEFT: left -= left ? columns / 2 : 0; break;
	case '/': case '?':
		direction = c == '/' ? 1 : -1;
		if (ask(c))
			search(direction);
		break;
	case 'n': search(direction); break;
	case 'N': search(-direction); break;
	case ':':
		c = byte();
		return c == 'n' ? 1 : c == 'p' ? -1 : c == 'q' ? 99 : 0;
	}
	return 0;
}

/* Return: by how many files to go on; 99: leave. */
static int page_through(const char *name)
{
	int by;

	do {
		measure();
		show_page(name);
		by = command();
	} while (!by);
	return by;
}

static void page_all(char **names, int nr)
{
	int i = 0, by;

	while (i >= 0 && i < nr) {
		int fd = open_input(names[i]);

		if (fd < 0) {
			i++;
			continue;
		}
		read_lines(fd, names[i]);
		close_input(fd);
		raw_mode(true);
		by = page_through(strcmp(names[i], "-") ? names[i] : "standard input");
		raw_mode(false);
		forget_lines();
		if (by == 99)
			break;
		i = i + by < 0 ? 0 : i + by;
	}
	printf("\r\033[K");
}

static void copy(int fd, const char *name)
{
	static char buf[8192];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		if (write_all(STDOUT_FILENO, buf, n) < 0)
			die("less: write");
	if (n < 0)
		complain(name);
}

int main(int argc, char **argv)
{
	static char *standard[] = { "-" };
	int c, nr;

	while ((c = next_option(argc, argv, "NSR", HELP)) != -1) {
		numbers |= c == 'N';
		cut_off |= c == 'S';
	}
	nr = argc - optind;
	if (!nr && isatty(STDIN_FILENO))
		usage(HELP);
	tty = isatty(STDOUT_FILENO) ? open("/dev/tty", O_RDONLY) : -1;
	if (tty < 0 || ioctl(tty, TCGETS, &saved) < 0)
		each_input(argv + optind, nr, copy);
	else
		page_all(nr ? argv + optind : standard, nr ? nr : 1);
	return end_output();
}
