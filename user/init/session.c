/* SPDX-License-Identifier: MIT */
#include "session.h"

#include "sys.h"

static const char path[] = "/run/session";

static void unknown(const char *word)
{
	fprintf(stderr, "init: %s: %s?\n", path, word);
	exit(2);
}

static void take_word(struct session *s, char *word)
{
	char *value = strchr(word, '=');

	if (!value)
		unknown(word);
	*value++ = '\0';
	if (!strcmp(word, "arg")) {
		s->argv[s->argc++] = value;
	} else if (!strcmp(word, "env")) {
		char *text = strchr(value, '=');

		if (!text)
			unknown(value);
		*text++ = '\0';
		if (setenv(value, text, 1) < 0)
			die("init: setenv");
	} else if (!strcmp(word, "cwd")) {
		s->cwd = value;
	} else if (!strncmp(word, "fd", 2) && word[2] >= '0' && word[2] <= '2' && !word[3]) {
		s->port[word[2] - '0'] = value;
	} else if (!strcmp(word, "rows")) {
		s->rows = atoi(value);
	} else if (!strcmp(word, "cols")) {
		s->cols = atoi(value);
	} else {
		unknown(word);
	}
}

int session_read(struct session *s)
{
	struct k_stat st;
	size_t words = 0;
	char *text;

	memset(s, 0, sizeof(*s));
	if (stat(path, &st) < 0)
		return 0;
	text = malloc(st.st_size + 1);
	if (!text || read_file(path, text, st.st_size + 1) != st.st_size)
		die(path);
	for (long i = 0; i < st.st_size; i++)
		words += !text[i];
	s->argv = calloc(words + 3, sizeof(char *));
	if (!s->argv)
		die(path);
	s->argv[s->argc++] = "init";
	for (char *p = text, *next; p < text + st.st_size; p = next) {
		next = p + strlen(p) + 1;
		take_word(s, p);
	}
	unlink(path);
	return 1;
}

static int open_port(const struct session *s, int fd)
{
	const char *name = s->port[fd];
	char full[64];

	for (int other = 0; other < fd; other++)
		if (s->port[other] && !strcmp(name, s->port[other]))
			return dup(other);
	if (!strcmp(name, "tty"))
		return open("/dev/hvc0", O_RDWR);
	snprintf(full, sizeof(full), "/dev/virtio-ports/%s", name);
	return open(full, fd ? O_WRONLY : O_RDONLY);
}

static void cannot(const char *what)
{
	fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
	fflush(stderr);
	_exit(126);
}

void session_enter(const struct session *s)
{
	for (int fd = 0; fd < 3; fd++) {
		struct k_winsize ws = { s->rows, s->cols, 0, 0 };
		int got = s->port[fd] ? open_port(s, fd) : fd;

		if (got < 0 || dup2(got, fd) < 0)
			cannot(s->port[fd]);
		if (got > 2)
			close(got);
		if (s->rows && s->port[fd] && !strcmp(s->port[fd], "tty") && ioctl(fd, TIOCSWINSZ, &ws) < 0)
			cannot("size of the terminal");
	}
	if (s->cwd && chdir(s->cwd) < 0)
		cannot(s->cwd);
}
