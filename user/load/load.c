/* SPDX-License-Identifier: MIT */
/* load: tasks that run and sleep as told, in rt-app's words; prints what each got. */
#include "sys.h"

#include "abi/time.h"

#define USAGE "load [KEY=VALUE...] [, KEY=VALUE...]...\n\
  run=T sleep=T period=T   each round: use that much CPU time, sleep, or sleep to the next period (run=10ms)\n\
  loop=N instance=N        rounds (1); tasks of this kind (1)\n\
  cpus=LIST policy=P priority=N nice=N    P: SCHED_OTHER BATCH IDLE FIFO RR DEADLINE\n\
  dl-runtime=T dl-deadline=T dl-period=T  for SCHED_DEADLINE\n\
  name=WORD                the tasks' name, in ps, too; times: 5000us 10ms 1s\n\
  as in: load name=hog run=500ms instance=3 , name=beat run=1ms period=10ms loop=50 policy=SCHED_FIFO priority=10"

struct kind {
	char name[16];
	uint64_t run, sleep, period;	/* ns */
	long loop, instance;
	uint64_t cpus[16];
	bool pinned;
	struct sched_attr attr;
};

static const char *const policies[] = { "OTHER", "FIFO", "RR", "BATCH", "", "IDLE", "DEADLINE" };

static void bad(const char *word)
{
	fprintf(stderr, "load: %s: not understood\n", word);
	usage(USAGE);
}

static uint64_t parse_time(const char *s)
{
	char *end;
	uint64_t v = strtoul(s, &end, 10);

	if (end == s)
		bad(s);
	if (!strcmp(end, "us") || !*end)
		return v * 1000;	/* rt-app's unit */
	if (!strcmp(end, "ms"))
		return v * 1000000;
	if (!strcmp(end, "s"))
		return v * 1000000000;
	bad(s);
	return 0;
}

static long number(const char *s)
{
	char *end;
	long v = strtol(s, &end, 10);

	if (*end || end == s)
		bad(s);
	return v;
}

static void parse_cpus(const char *s, struct kind *k)
{
	k->pinned = true;
	for (;;) {
		char *end;
		long a = strtol(s, &end, 10), b = a;

		if (end == s)
			bad(s);
		if (*end == '-')
			b = strtol(end + 1, &end, 10);
		if ((*end && *end != ',') || a < 0 || b < a || b >= 1024)
			bad(s);
		for (; a <= b; a++)
			k->cpus[a / 64] |= 1UL << a % 64;
		if (!*end)
			return;
		s = end + 1;
	}
}

static void parse_word(char *word, struct kind *k)
{
	char *v = strchr(word, '=');

	if (!v)
		bad(word);
	*v++ = '\0';
	if (!strcmp(word, "run"))
		k->run = parse_time(v);
	else if (!strcmp(word, "sleep"))
		k->sleep = parse_time(v);
	else if (!strcmp(word, "period"))
		k->period = parse_time(v);
	else if (!strcmp(word, "loop"))
		k->loop = number(v);
	else if (!strcmp(word, "instance"))
		k->instance = number(v);
	else if (!strcmp(word, "cpus"))
		parse_cpus(v, k);
	else if (!strcmp(word, "priority"))
		k->attr.sched_priority = number(v);
	else if (!strcmp(word, "nice"))
		k->attr.sched_nice = number(v);
	else if (!strcmp(word, "dl-runtime"))
		k->attr.sched_runtime = parse_time(v);
	else if (!strcmp(word, "dl-deadline"))
		k->attr.sched_deadline = parse_time(v);
	else if (!strcmp(word, "dl-period"))
		k->attr.sched_period = parse_time(v);
	else if (!strcmp(word, "name"))
		strncpy(k->name, v, sizeof(k->name) - 1);
	else if (!strcmp(word, "policy")) {
		if (!strncmp(v, "SCHED_", 6))
			v += 6;
		k->attr.sched_policy = ~0U;
		for (size_t i = 0; i < ARRAY_LEN(policies); i++)
			if (*v && !strcmp(v, policies[i]))
				k->attr.sched_policy = i;
		if (k->attr.sched_policy == ~0U)
			bad(v);
	} else {
		bad(word);
	}
}

static uint64_t cpu_ns(void)
{
	struct timespec64 t;

	SYSCALL(__NR_clock_gettime, CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000UL + t.tv_nsec;
}

/* CPU time, not wall time: a task that has to wait does not do less. */
static void use_cpu(uint64_t ns)
{
	uint64_t end = cpu_ns() + ns;

	while (cpu_ns() < end)
		for (volatile int i = 0; i < 1000; i++)
			;
}

static int run_task(const struct kind *k, int nr)
{
	uint64_t begin = monotonic_ns(), release = begin, late = 0, missed = 0;

	if (k->pinned && sys_ret(SYSCALL(__NR_sched_setaffinity, 0, sizeof(k->cpus), k->cpus)) < 0)
		die("load: cpus");
	if ((k->attr.sched_policy || k->attr.sched_nice) && sys_ret(SYSCALL(__NR_sched_setattr, 0, &k->attr, 0)) < 0)
		die("load: policy");
	for (long i = 0; i < k->loop; i++) {
		uint64_t now;

		use_cpu(k->run);
		if (k->sleep)
			nanosleep_ns(k->sleep);
		if (!k->period)
			continue;
		release += k->period;
		now = monotonic_ns();
		if (now > release) {
			missed++;
		} else if (i + 1 < k->loop) {
			nanosleep_ns(release - now);
			now = monotonic_ns();
			late = now - release > late ? now - release : late;
		}
	}
	printf("%-12s %3d %6ld rounds %8lu ms wall %8lu ms cpu %6lu missed %8lu us late at most\n", k->name, nr, k->loop,
	       (unsigned long)((monotonic_ns() - begin) / 1000000), (unsigned long)(cpu_ns() / 1000000), (unsigned long)missed,
	       (unsigned long)(late / 1000));
	fflush(stdout);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct kind start = { .name = "task", .run = 10000000, .loop = 1, .instance = 1,
					   .attr = { .size = SCHED_ATTR_SIZE_VER0 } };
	struct kind k = start;
	int tasks = 0, status, ret = 0;

	if (argc < 2)
		usage(USAGE);
	for (int i = 1; i <= argc; i++) {
		if (i < argc && strcmp(argv[i], ",")) {
			parse_word(argv[i], &k);
			continue;
		}
		for (long n = 0; n < k.instance; n++) {
			int pid = fork();

			if (pid < 0)
				die("load: fork");
			if (!pid) {
				if (strcmp(k.name, start.name))
					SYSCALL(__NR_prctl, PR_SET_NAME, k.name);
				_exit(run_task(&k, n));
			}
			tasks++;
		}
		k = start;
	}
	while (tasks-- > 0)
		if (waitpid(-1, &status, 0) < 0 || status)
			ret = 1;
	return ret;
}
