/* SPDX-License-Identifier: MIT */
/*
 * Where picolibc and the Linux ABI differ: error numbers here, signal names,
 * and the start of a program. (Structures and flags are taken from src/abi, so
 * they need no translation.)
 */
#include <picolibc.h>
#include <picotls.h>

#include "sys.h"

char **environ;
int trouble = 1;
static char **arguments;
int main(int argc, char **argv, char **envp);
void __libc_start(long *sp) __attribute__((noreturn));
void __libc_init_array(void);

/* Linux's numbers above 34, where picolibc's go their own way. */
static const struct {
	uint8_t linux_nr, here;
} errnos[] = {
	{ 35, EDEADLK }, { 36, ENAMETOOLONG }, { 37, ENOLCK }, { 38, ENOSYS }, { 39, ENOTEMPTY }, { 40, ELOOP },
	{ 61, ENODATA }, { 75, EOVERFLOW }, { 80, ENOEXEC }, { 88, ENOTSOCK }, { 95, EOPNOTSUPP },
	{ 110, ETIMEDOUT },
};

long sys_ret(long r)
{
	if ((unsigned long)r < -4095UL)
		return r;
	errno = -r;
	for (size_t i = 0; i < ARRAY_LEN(errnos); i++)
		if (errnos[i].linux_nr == -r)
			errno = errnos[i].here;
	return -1;
}

static const char *const signal_names[32] = {
	NULL, "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
	"ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM",
	"PROF", "WINCH", "IO", "PWR", "SYS",
};

const char *signal_name(int sig)
{
	return sig > 0 && sig < 32 ? signal_names[sig] : NULL;
}

int signal_number(const char *name)
{
	char *end;
	long n = strtol(name, &end, 10);

	if (*name && !*end)
		return n >= 0 && n <= 64 ? n : -1;
	if (!strncmp(name, "SIG", 3))
		name += 3;
	for (int i = 1; i < 32; i++)
		if (!strcmp(name, signal_names[i]))
			return i;
	return -1;
}

ssize_t read_file(const char *path, char *buf, size_t n)
{
	int fd = open(path, O_RDONLY);
	size_t done = 0;
	ssize_t got = 0;

	if (fd < 0)
		return -1;
	while (done < n - 1 && (got = read(fd, buf + done, n - 1 - done)) > 0)
		done += got;
	buf[done] = '\0';
	close(fd);
	return got < 0 ? -1 : (ssize_t)done;
}

int write_all(int fd, const void *buf, size_t n)
{
	const char *p = buf;

	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		p += done;
		n -= done;
	}
	return 0;
}

const char *program_name(void)
{
	const char *slash = arguments[0] ? strrchr(arguments[0], '/') : NULL;

	return slash ? slash + 1 : arguments[0] ? arguments[0] : "?";
}

/* Without printf(), which a program that prints nothing else need not have: 6 KB of true's 9. */
static void say(FILE *f, const char *a, const char *b, const char *c)
{
	fputs(a, f);
	fputs(b, f);
	fputs(c, f);
	fputc('\n', f);
}

void die(const char *what)
{
	fflush(stdout);
	say(stderr, what, ": ", strerror(errno));
	exit(trouble);
}

void usage(const char *text)
{
	bool asked = false;

	for (char **a = arguments; *a; a++)
		asked |= !strcmp(*a, "--help");
	fflush(stdout);
	say(asked ? stdout : stderr, "usage", ": ", text);
	exit(asked ? 0 : trouble);
}

extern char __tls_start[];

void __libc_start(long *sp)
{
	static char tls[1024] __attribute__((aligned(64)));
	int argc = sp[0];
	char **argv = (char **)(sp + 1);

	/* The thread block holds errno; it must fit. */
	if (_tls_size() > sizeof(tls))
		_exit(127);
	_init_tls(tls);
	_set_tls(tls);
	arguments = argv;
	environ = argv + argc + 1;
	__libc_init_array();
	exit(main(argc, argv, environ));
}
