/* SPDX-License-Identifier: MIT */
/*
 * What the boot may cost, one hart, 128 MiB, -icount shift=0, where a nanosecond is an
 * instruction: to the first program, and in memory. Hartwood's own figures, not Linux's.
 */
#include "tap.h"

static long field(const char *text, const char *key)
{
	char *at = strstr(text, key);

	return at ? strtol(at + strlen(key), NULL, 10) : -1;
}

/* What the programs of the tests take of the root's memory: a boot has none of them. KiB. */
static long test_programs(void)
{
	int fd = SYSCALL(__NR_openat, AT_FDCWD, "/bin", O_RDONLY, 0);
	struct k_stat st;
	char buf[2048], path[300];
	long n, sum = 0;

	while ((n = getdents64(fd, buf, sizeof(buf))) > 0)
		for (char *p = buf; p < buf + n; ) {
			struct k_dirent64 *d = (void *)p;

			p += d->d_reclen;
			snprintf(path, sizeof(path), "/bin/%s", d->d_name);
			if (!strncmp(d->d_name, "test-", 5) && !stat(path, &st))
				sum += (st.st_size + 4095) / 4096 * 4;
		}
	close(fd);
	return sum;
}

int main(void)
{
	uint64_t ns = monotonic_ns();
	char text[2048];
	long total, left, tests;

	ok(ns < 20000000, "the first program runs after %lu instructions, 20 million at most", ns);
	read_file("/proc/meminfo", text, sizeof(text));
	tests = test_programs();
	total = 128 * 1024 - tests;
	left = field(text, "MemFree:");
	ok(left > 0 && tests > 100 && total - left < 6144, "%ld KiB are in use, the firmware's 2 MiB among them: 6 MiB at most",
	   total - left);
	return tap_done();
}
