/* SPDX-License-Identifier: MIT */
/*
 * stress [-t SECONDS] [-c N] [-f N] [-e N] [-w N] [-p N] [-o N]: workers for a while.
 *   -c spin   -f fork and exit   -e fork and exec   -w copy-on-write storms
 *   -p pipe round trips   -o harts go off and on meanwhile, all but the first
 * Without workers named, -o left aside: one of each kind a hart.
 * Each worker checks its own results; a wrong one fails the whole.
 */
#include "sys.h"

static uint64_t end_ns;

static bool going(void)
{
	return monotonic_ns() < end_ns;
}

static void bad(const char *what)
{
	fprintf(stderr, "stress: %s: %s\n", what, strerror(errno));
	fflush(stderr);
	_exit(1);
}

static void reap(int pid, int want)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		bad("wait");
	if (status != want << 8) {
		fprintf(stderr, "stress: a child ended with status %#x instead of %#x\n", status, want << 8);
		fflush(stderr);
		_exit(1);
	}
}

static void spin(void)
{
	volatile unsigned long x = 0;

	while (going())
		for (int i = 0; i < 100000; i++)
			x += i;
}

static void fork_storm(void)
{
	while (going()) {
		int pids[8];

		for (int i = 0; i < 8; i++) {
			pids[i] = fork();
			if (pids[i] < 0)
				bad("fork");
			if (!pids[i])
				_exit(i);
		}
		for (int i = 7; i >= 0; i--)
			reap(pids[i], i);
	}
}

static void exec_storm(void)
{
	static char *argv[] = { "true", NULL };

	while (going()) {
		int pid = fork();

		if (pid < 0)
			bad("fork");
		if (!pid) {
			execve("/bin/true", argv, environ);
			_exit(1);
		}
		reap(pid, 0);
	}
}

/* Parent, child and grandchild write the same pages; none may see another's. */
static void cow_storm(void)
{
	enum { PAGES = 32 };

	while (going()) {
		char *m = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		char mark = 'p';
		int child, grand = 0;

		if (m == MAP_FAILED)
			bad("mmap");
		for (int i = 0; i < PAGES; i++)
			m[i * 4096] = i;
		child = fork();
		if (child < 0)
			bad("fork");
		if (!child) {
			mark = 'c';
			grand = fork();
			if (!grand)
				mark = 'g';
		}
		for (int i = 0; i < PAGES; i++) {
			if (m[i * 4096] != i) {
				errno = 0;
				bad("a page lost its contents");
			}
			m[i * 4096 + 1] = mark;
		}
		for (int i = 0; i < PAGES; i++)
			if (m[i * 4096 + 1] != mark) {
				errno = 0;
				bad("a page shows another's write");
			}
		if (mark == 'g')
			_exit(3);
		if (mark == 'c') {
			reap(grand, 3);
			_exit(2);
		}
		reap(child, 2);
		munmap(m, PAGES * 4096);
	}
}

static void pipe_storm(void)
{
	int to[2], from[2], pid, n = 0, got;

	if (pipe(to) < 0 || pipe(from) < 0)
		bad("pipe");
	pid = fork();
	if (pid < 0)
		bad("fork");
	if (!pid) {
		close(to[1]);
		while (read(to[0], &n, sizeof(n)) == sizeof(n)) {
			n++;
			if (write(from[1], &n, sizeof(n)) != sizeof(n))
				_exit(1);
		}
		_exit(4);
	}
	close(to[0]);
	while (going()) {
		if (write(to[1], &n, sizeof(n)) != sizeof(n) || read(from[0], &got, sizeof(got)) != sizeof(got))
			bad("pipe");
		if (got != n + 1) {
			errno = 0;
			bad("a pipe changed its bytes");
		}
		n++;
	}
	close(to[1]);
	reap(pid, 4);
}

static int set_online(int cpu, const char *value)
{
	char path[64];
	int fd, n;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", cpu);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return -1;
	n = write(fd, value, 1);
	close(fd);
	return n;
}

static void hotplug_storm(void)
{
	unsigned int n = 0;

	for (int cpu = 1; going(); cpu++) {
		if (set_online(cpu, "0") < 0) {
			if (cpu == 1)
				bad("cpu1 does not go off");
			cpu = 0;	/* that was the last one */
			continue;
		}
		nanosleep_ns(++n * 7919 % 5000000);
		if (set_online(cpu, "1") < 0)
			bad("a hart does not come back");
		nanosleep_ns(n * 104729 % 5000000);
	}
}

static const struct {
	char flag;
	void (*run)(void);
} kinds[] = { { 'c', spin }, { 'f', fork_storm }, { 'e', exec_storm }, { 'w', cow_storm }, { 'p', pipe_storm },
	    { 'o', hotplug_storm } };

int main(int argc, char **argv)
{
	int count[ARRAY_LEN(kinds)] = { 0 }, others = 0, total = 0, seconds = 10, status, ret = 0;
	unsigned long mask[2] = { 0 };

	for (int i = 1; i < argc; i++) {
		bool known = false;

		if (argv[i][0] != '-' || !argv[i][1] || argv[i][2] || i + 1 == argc)
			usage("stress [-t SECONDS] [-c|-f|-e|-w|-p|-o N]...");
		for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
			if (kinds[k].flag == argv[i][1]) {
				count[k] = atoi(argv[i + 1]);
				others += kinds[k].flag != 'o' ? count[k] : 0;
				known = true;
			}
		if (argv[i][1] == 't') {
			seconds = atoi(argv[i + 1]);
			known = true;
		}
		if (!known)
			usage("stress [-t SECONDS] [-c|-f|-e|-w|-p|-o N]...");
		i++;
	}
	if (!others) {
		SYSCALL(__NR_sched_getaffinity, 0, sizeof(mask), mask);
		for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
			if (kinds[k].flag != 'o')
				count[k] = __builtin_popcountl(mask[0]) + __builtin_popcountl(mask[1]);
	}
	end_ns = monotonic_ns() + seconds * 1000000000ULL;
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
		for (int i = 0; i < count[k]; i++) {
			int pid = fork();

			if (pid < 0)
				die("stress: fork");
			total++;
			if (!pid) {
				kinds[k].run();
				_exit(0);
			}
		}
	while (waitpid(-1, &status, 0) > 0)
		ret |= status != 0;
	printf("stress: %d workers, %d s: %s\n", total, seconds, ret ? "FAILED" : "passed");
	return ret;
}
