/* SPDX-License-Identifier: MIT */
/* Redirections, and what they replaced: descriptors from 10 up are the shell's own. */
#include "sh.h"

#define OWN 10

static struct {
	struct {
		int fd, copy;	/* -1: it was not open */
	} *list;
	int n, size;
} saved;

int fds_mark(void)
{
	return saved.n;
}

static void save_fd(int fd)
{
	if (saved.n == saved.size) {
		saved.size = saved.size ? saved.size * 2 : 8;
		saved.list = xrealloc(saved.list, saved.size * sizeof(*saved.list));
	}
	saved.list[saved.n].fd = fd;
	saved.list[saved.n++].copy = fcntl(fd, F_DUPFD_CLOEXEC, OWN);
}

void restore_fds(int mark)
{
	while (saved.n > mark) {
		int fd = saved.list[--saved.n].fd, copy = saved.list[saved.n].copy;

		if (copy >= 0) {
			dup2(copy, fd);
			close(copy);
		} else {
			close(fd);
		}
	}
}

void keep_fds(int mark)
{
	while (saved.n > mark)
		if (saved.list[--saved.n].copy >= 0)
			close(saved.list[saved.n].copy);
}

/* Return: a descriptor to read @text from. What no pipe holds, a child writes. */
static int open_text(const char *text)
{
	size_t n = strlen(text);
	int fd[2], pid;

	if (pipe(fd) < 0)
		fail("pipe: %s", strerror(errno));
	if (n <= 4096) {
		write_all(fd[1], text, n);
	} else {
		pid = job_fork(NULL, true);
		if (!pid) {
			signal_set(SIGPIPE, (handler_t)0, 0);
			close(fd[0]);
			write_all(fd[1], text, n);
			_exit(0);
		}
	}
	close(fd[1]);
	return fd[0];
}

static int open_file(const struct redir *r, const char *path)
{
	static const int flags[] = {
		[REDIR_IN] = O_RDONLY, [REDIR_OUT] = O_WRONLY | O_CREAT | O_TRUNC, [REDIR_CLOBBER] = O_WRONLY | O_CREAT | O_TRUNC,
		[REDIR_APPEND] = O_WRONLY | O_CREAT | O_APPEND, [REDIR_BOTH] = O_RDWR | O_CREAT,
	};
	struct k_stat st;
	bool new = r->kind == REDIR_OUT && opt_noclobber && !(stat(path, &st) == 0 && !S_ISREG(st.st_mode));
	int fd = open(path, flags[r->kind] | (new ? O_EXCL : 0), 0666);

	if (fd < 0)
		complain("cannot %s %s: %s", flags[r->kind] & O_CREAT ? "create" : "open", path, strerror(errno));
	return fd;
}

static bool duplicate(const struct redir *r, const char *from)
{
	long n;

	if (!strcmp(from, "-")) {
		close(r->fd);
		return true;
	}
	if (!parse_number(from, &n) || n < 0) {
		complain("%s: bad fd number", from);
		return false;
	}
	if (dup2(n, r->fd) < 0 || n >= OWN) {
		complain("%ld: %s", n, strerror(n >= OWN ? EBADF : errno));
		return false;
	}
	return true;
}

void expand_redirs(struct redir *r)
{
	for (; r; r = r->next)
		r->target = expand_string(r->word->parts);
}

bool redirect(struct redir *r, bool save)
{
	for (; r; r = r->next) {
		char *word = r->target;
		int fd;

		if (save)
			save_fd(r->fd);
		if (r->kind == REDIR_DUP) {
			if (!duplicate(r, word))
				return false;
			continue;
		}
		fd = r->kind == REDIR_HERE ? open_text(word) : open_file(r, word);
		if (fd < 0)
			return false;
		if (fd != r->fd) {
			dup2(fd, r->fd);
			close(fd);
		}
	}
	return true;
}
