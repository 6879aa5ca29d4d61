/* SPDX-License-Identifier: MIT */
/*
 * channel: what a program finds at its descriptors, for tests/channel_test.py.
 *   channel ttys    which of the first three are terminals, and the size of one
 *   channel watch   the terminal's size, each time that it changes; at the end of file it sets one itself
 *   channel poll    standard input as poll() and reads that do not wait see it: empty, with bytes, at its end
 *   channel fill    numbers to standard output without waiting until it takes no more, a word to standard error, the rest
 *   channel gone    standard output once the host has closed it
 */
#include "sys.h"

#include "abi/fs.h"

static void print_size(void)
{
	struct k_winsize ws = { 0 };

	for (int fd = 0; fd < 3; fd++)
		if (ioctl(fd, TIOCGWINSZ, &ws) == 0) {
			printf("%ux%u\n", ws.ws_row, ws.ws_col);
			fflush(stdout);
			return;
		}
	printf("no size\n");
}

static void ttys(void)
{
	char text[8];

	snprintf(text, sizeof(text), "%d%d%d\n", isatty(0), isatty(1), isatty(2));
	printf("%s", text);
	print_size();
	fprintf(stderr, "%s", text);
}

static void on_winch(int sig)
{
	(void)sig;
}

/* A change comes only while it is waited for. */
static void watch(void)
{
	struct k_winsize own = { 7, 77, 0, 0 };
	struct k_pollfd p = { 0, POLLIN, 0 };
	sigmask_t none = 0;
	char c = 0;

	signal_set(SIGWINCH, on_winch, 0);
	sigprocmask_set(SIG_BLOCK, SIGMASK(SIGWINCH), NULL);
	do {
		print_size();
		while (SYSCALL(__NR_ppoll, &p, 1, NULL, &none, 8) == 1 && read(0, &c, 1) == 1)
			;
	} while (!(p.revents & POLLIN));
	ioctl(0, TIOCSWINSZ, &own);
	print_size();
}

/* Events of @fd, after at most @ms. */
static int events_of(int fd, int events, int ms)
{
	struct k_pollfd p = { fd, events, 0 };
	struct timespec64 t = { ms / 1000, ms % 1000 * 1000000L };

	return SYSCALL(__NR_ppoll, &p, 1, &t, 0, 8) < 0 ? -1 : p.revents;
}

static void poll_input(void)
{
	char buf[64];
	int n;

	fcntl(0, F_SETFL, O_NONBLOCK);
	printf("%#x", events_of(0, POLLIN, 100));
	n = read(0, buf, sizeof(buf));
	printf(" %d %s\n", n, n < 0 && errno == EAGAIN ? "EAGAIN" : "?");
	fflush(stdout);		/* the host sends now */
	printf("%#x", events_of(0, POLLIN, 30000));
	n = read(0, buf, sizeof(buf));
	printf(" %d\n", n);
	fflush(stdout);		/* and closes */
	while (!(events_of(0, POLLIN, 30000) & POLLHUP))
		;
	n = read(0, buf, sizeof(buf));
	printf("%#x %d\n", events_of(0, POLLIN, 100), n);
}

#define NUMBERS 100000

/* Numbers from @i on, in words of eight digits; until @waits no longer helps. Return: the first that is not written. */
static int write_numbers(int i)
{
	char text[16];

	for (; i < NUMBERS; i++) {
		snprintf(text, sizeof(text), "%07d\n", i);
		if (write(1, text, 8) != 8)
			break;
	}
	return i;
}

static void fill(void)
{
	int i;

	fcntl(1, F_SETFL, O_NONBLOCK);
	i = write_numbers(0);
	fprintf(stderr, "%s %d\n", errno == EAGAIN ? "EAGAIN" : "?", events_of(1, POLLOUT, 0) & POLLOUT);
	fflush(stderr);		/* the host reads now */
	while (i < NUMBERS && events_of(1, POLLOUT, 30000) & POLLOUT)
		i = write_numbers(i);
}

static void gone(void)
{
	int events, n;

	signal_set(SIGPIPE, (handler_t)1, 0);
	while (!((events = events_of(1, POLLOUT, 30000)) & POLLERR))
		nanosleep_ns(10000000);
	n = write(1, "x", 1);
	fprintf(stderr, "%d %s\n", n, n < 0 && errno == EPIPE ? "EPIPE" : "?");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} parts[] = { { "ttys", ttys }, { "watch", watch }, { "poll", poll_input }, { "fill", fill }, { "gone", gone } };

	for (size_t i = 0; argc == 2 && i < ARRAY_LEN(parts); i++)
		if (!strcmp(argv[1], parts[i].name)) {
			parts[i].run();
			return 0;
		}
	usage("channel ttys|watch|poll|fill|gone");
}
