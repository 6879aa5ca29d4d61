/* SPDX-License-Identifier: MIT */
/* Events: their names, and which of them this machine can count. */
#include "perf.h"

#include <fnmatch.h>

#include "tracepoint.h"

#define CACHE(cache, op, result) ((cache) | (op) << 8 | (result) << 16)
#define FIRMWARE(code) (2UL << 62 | (code))

static const struct {
	const char *name, *alias;
	uint32_t type;
	uint64_t config;
} known[] = {
	{ "cpu-cycles", "cycles", PERF_TYPE_HARDWARE, 0 },
	{ "instructions", NULL, PERF_TYPE_HARDWARE, 1 },
	{ "cache-references", NULL, PERF_TYPE_HARDWARE, 2 },
	{ "cache-misses", NULL, PERF_TYPE_HARDWARE, 3 },
	{ "branch-instructions", "branches", PERF_TYPE_HARDWARE, 4 },
	{ "branch-misses", NULL, PERF_TYPE_HARDWARE, 5 },
	{ "bus-cycles", NULL, PERF_TYPE_HARDWARE, 6 },
	{ "stalled-cycles-frontend", "idle-cycles-frontend", PERF_TYPE_HARDWARE, 7 },
	{ "stalled-cycles-backend", "idle-cycles-backend", PERF_TYPE_HARDWARE, 8 },
	{ "ref-cycles", NULL, PERF_TYPE_HARDWARE, 9 },
	{ "context-switches", "cs", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES },
	{ "cpu-clock", NULL, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK },
	{ "cpu-migrations", "migrations", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS },
	{ "dummy", NULL, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_DUMMY },
	{ "major-faults", NULL, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS_MAJ },
	{ "minor-faults", NULL, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS_MIN },
	{ "page-faults", "faults", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS },
	{ "task-clock", NULL, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK },
	{ "L1-dcache-loads", NULL, PERF_TYPE_HW_CACHE, CACHE(0, 0, 0) },
	{ "L1-dcache-load-misses", NULL, PERF_TYPE_HW_CACHE, CACHE(0, 0, 1) },
	{ "L1-dcache-stores", NULL, PERF_TYPE_HW_CACHE, CACHE(0, 1, 0) },
	{ "L1-dcache-store-misses", NULL, PERF_TYPE_HW_CACHE, CACHE(0, 1, 1) },
	{ "L1-icache-loads", NULL, PERF_TYPE_HW_CACHE, CACHE(1, 0, 0) },
	{ "L1-icache-load-misses", NULL, PERF_TYPE_HW_CACHE, CACHE(1, 0, 1) },
	{ "LLC-loads", NULL, PERF_TYPE_HW_CACHE, CACHE(2, 0, 0) },
	{ "LLC-load-misses", NULL, PERF_TYPE_HW_CACHE, CACHE(2, 0, 1) },
	{ "dTLB-loads", NULL, PERF_TYPE_HW_CACHE, CACHE(3, 0, 0) },
	{ "dTLB-load-misses", NULL, PERF_TYPE_HW_CACHE, CACHE(3, 0, 1) },
	{ "dTLB-stores", NULL, PERF_TYPE_HW_CACHE, CACHE(3, 1, 0) },
	{ "dTLB-store-misses", NULL, PERF_TYPE_HW_CACHE, CACHE(3, 1, 1) },
	{ "iTLB-loads", NULL, PERF_TYPE_HW_CACHE, CACHE(4, 0, 0) },
	{ "iTLB-load-misses", NULL, PERF_TYPE_HW_CACHE, CACHE(4, 0, 1) },
	{ "branch-loads", NULL, PERF_TYPE_HW_CACHE, CACHE(5, 0, 0) },
	{ "branch-load-misses", NULL, PERF_TYPE_HW_CACHE, CACHE(5, 0, 1) },
	{ "fw_misaligned_load", NULL, PERF_TYPE_RAW, FIRMWARE(0) },
	{ "fw_misaligned_store", NULL, PERF_TYPE_RAW, FIRMWARE(1) },
	{ "fw_access_load", NULL, PERF_TYPE_RAW, FIRMWARE(2) },
	{ "fw_access_store", NULL, PERF_TYPE_RAW, FIRMWARE(3) },
	{ "fw_illegal_insn", NULL, PERF_TYPE_RAW, FIRMWARE(4) },
	{ "fw_set_timer", NULL, PERF_TYPE_RAW, FIRMWARE(5) },
	{ "fw_ipi_sent", NULL, PERF_TYPE_RAW, FIRMWARE(6) },
	{ "fw_ipi_received", NULL, PERF_TYPE_RAW, FIRMWARE(7) },
	{ "fw_fence_i_sent", NULL, PERF_TYPE_RAW, FIRMWARE(8) },
	{ "fw_fence_i_received", NULL, PERF_TYPE_RAW, FIRMWARE(9) },
	{ "fw_sfence_vma_sent", NULL, PERF_TYPE_RAW, FIRMWARE(10) },
	{ "fw_sfence_vma_received", NULL, PERF_TYPE_RAW, FIRMWARE(11) },
	{ "fw_sfence_vma_asid_sent", NULL, PERF_TYPE_RAW, FIRMWARE(12) },
	{ "fw_sfence_vma_asid_received", NULL, PERF_TYPE_RAW, FIRMWARE(13) },
	{ "fw_hfence_gvma_sent", NULL, PERF_TYPE_RAW, FIRMWARE(14) },
	{ "fw_hfence_gvma_received", NULL, PERF_TYPE_RAW, FIRMWARE(15) },
	{ "fw_hfence_gvma_vmid_sent", NULL, PERF_TYPE_RAW, FIRMWARE(16) },
	{ "fw_hfence_gvma_vmid_received", NULL, PERF_TYPE_RAW, FIRMWARE(17) },
	{ "fw_hfence_vvma_sent", NULL, PERF_TYPE_RAW, FIRMWARE(18) },
	{ "fw_hfence_vvma_received", NULL, PERF_TYPE_RAW, FIRMWARE(19) },
	{ "fw_hfence_vvma_asid_sent", NULL, PERF_TYPE_RAW, FIRMWARE(20) },
	{ "fw_hfence_vvma_asid_received", NULL, PERF_TYPE_RAW, FIRMWARE(21) },
};

static void bad_event(const char *name)
{
	fprintf(stderr, "event syntax error: '%s'\n", name);
	fprintf(stderr, "Run 'perf list' for a list of valid events\n");
	exit(129);
}

/* One of the table's, whose name is @len characters at @name; or -1. */
static int find_known(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if ((!strncasecmp(name, known[i].name, len) && !known[i].name[len]) ||
		    (known[i].alias && !strncasecmp(name, known[i].alias, len) && !known[i].alias[len]))
			return i;
	return -1;
}

/* "sched:sched_switch", "sched:*": all that it means, to @events, which has @n. Return: how many it has then; @n: it means none. */
static int add_tracepoints(const char *word, struct event *events, int n)
{
	size_t nr;
	struct tracepoint *t = tracepoints(&nr);

	for (; nr && n < MAX_EVENTS; t++, nr--)
		if (!fnmatch(word, t->name, 0)) {
			events[n] = (struct event){ .type = PERF_TYPE_TRACEPOINT, .config = t->id };
			strcpy(events[n++].name, t->name);
		}
	return n;
}

/* "cycles", "cs:u", "r8000000000000006". */
static void parse_event(const char *word, struct event *e)
{
	const char *colon = strchr(word, ':');
	size_t len = colon ? (size_t)(colon - word) : strlen(word);
	char name[sizeof(e->name)], *end;
	int i = find_known(word, len);

	if (!len || strlen(word) >= sizeof(name))
		bad_event(word);
	strcpy(e->name, word);
	memcpy(name, word, len);
	name[len] = '\0';
	e->flags = 0;
	for (const char *m = colon ? colon + 1 : ""; *m; m++) {
		if (*m == 'u')
			e->flags |= PERF_ATTR_EXCLUDE_KERNEL;
		else if (*m == 'k')
			e->flags |= PERF_ATTR_EXCLUDE_USER;
		else
			bad_event(word);
	}
	if (e->flags == (PERF_ATTR_EXCLUDE_KERNEL | PERF_ATTR_EXCLUDE_USER))
		e->flags = 0;		/* both: all */
	if (i >= 0) {
		e->type = known[i].type;
		e->config = known[i].config;
		return;
	}
	e->type = PERF_TYPE_RAW;
	e->config = strtoull(name + 1, &end, 16);
	if (name[0] != 'r' || !name[1] || *end)
		bad_event(word);
}

int parse_events(const char *text, struct event *events, int n)
{
	static int groups;
	bool in_group = false;

	while (*text) {
		char word[sizeof(events->name) + 1];
		const char *colon;
		size_t len;
		int before = n;

		if (*text == '{' && !in_group) {
			in_group = true;
			groups++;
			text++;
		}
		len = strcspn(text, ",{}");
		if (len >= sizeof(word) || n == MAX_EVENTS)
			bad_event(text);
		memcpy(word, text, len);
		word[len] = '\0';
		colon = strchr(word, ':');
		if (colon && find_known(word, colon - word) < 0)
			n = add_tracepoints(word, events, n);
		if (n == before)
			parse_event(word, &events[n++]);
		for (; before < n; before++)
			events[before].group = in_group ? groups : -1;
		text += len;
		if (*text == '}' && in_group) {
			in_group = false;
			text++;
		}
		if (*text == ',' && text[1])
			text++;
		else if (*text)
			bad_event(text);
	}
	if (in_group || !n)
		bad_event(text);
	return n;
}

int event_open(const struct event *e, int pid, int cpu, int group_fd, uint64_t flags)
{
	struct perf_event_attr attr = {
		.type = e->type, .size = sizeof(attr), .config = e->config, .flags = flags | e->flags,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
	};

	return SYSCALL(__NR_perf_event_open, &attr, pid, cpu, group_fd, PERF_FLAG_FD_CLOEXEC);
}

void event_name(const struct perf_event_attr *attr, char *buf, size_t n)
{
	struct tracepoint *t = attr->type == PERF_TYPE_TRACEPOINT ? tracepoint_of(attr->config) : NULL;

	snprintf(buf, n, attr->type == PERF_TYPE_TRACEPOINT ? "tracepoint:%lu" : "r%lx", (unsigned long)attr->config);
	if (t)
		snprintf(buf, n, "%s", t->name);
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (known[i].type == attr->type && known[i].config == attr->config)
			snprintf(buf, n, "%s", known[i].type == PERF_TYPE_HARDWARE && known[i].alias ? known[i].alias : known[i].name);
}

bool is_cycle_counter(const struct event *e)
{
	return e->type == PERF_TYPE_HARDWARE && e->config <= PERF_COUNT_HW_INSTRUCTIONS;
}

/* 2,000,000 instructions, and what the counter says: just that and a call's, but for a try that an interrupt came into. */
bool counters_are_time(void)
{
	struct event e = { .type = PERF_TYPE_HARDWARE, .config = PERF_COUNT_HW_INSTRUCTIONS };
	int fd = event_open(&e, 0, -1, -1, 0), right = 0;
	uint64_t before[3], after[3];
	unsigned long n;

	for (int try = 0; fd >= 0 && try < 9; try++) {
		if (read(fd, before, sizeof(before)) != sizeof(before))
			break;
		__asm__ volatile("li %0, 1000000\n1: addi %0, %0, -1\n bnez %0, 1b" : "=&r"(n));
		if (read(fd, after, sizeof(after)) != sizeof(after))
			break;
		right += after[0] - before[0] >= 2000000 && after[0] - before[0] < 2050000;
	}
	if (fd >= 0)
		close(fd);
	return right < 5;
}

static const char *kind_of(uint32_t type, uint64_t config)
{
	return type == PERF_TYPE_HARDWARE ? "Hardware event" : type == PERF_TYPE_SOFTWARE ? "Software event" :
	       type == PERF_TYPE_HW_CACHE ? "Hardware cache event" : config >> 62 ? "Firmware event" : "Raw event descriptor";
}

int cmd_list(int argc, char **argv)
{
	bool nonsense = counters_are_time();
	const char *want = argc == 2 ? argv[1] : "";
	struct tracepoint *t;
	size_t n;

	if (argc > 2 || (argc == 2 && argv[1][0] == '-'))
		usage("perf list [hw|sw|cache|fw|tracepoint|WORD]");
	printf("\nList of pre-defined events (to be used in -e):\n\n");
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		struct event e = { .type = known[i].type, .config = known[i].config };
		const char *kind = kind_of(e.type, e.config);
		char name[80];
		int fd;

		if (*want && !strstr(known[i].name, want) &&
		    !(!strcmp(want, "hw") && e.type == PERF_TYPE_HARDWARE) && !(!strcmp(want, "sw") && e.type == PERF_TYPE_SOFTWARE) &&
		    !(!strcmp(want, "cache") && e.type == PERF_TYPE_HW_CACHE) && !(!strcmp(want, "fw") && e.type == PERF_TYPE_RAW))
			continue;
		fd = event_open(&e, 0, -1, -1, PERF_ATTR_DISABLED);
		if (fd < 0)
			continue;
		close(fd);
		snprintf(name, sizeof(name), "%s%s%s", known[i].name, known[i].alias ? " OR " : "", known[i].alias ? known[i].alias : "");
		printf("  %-50s [%s]%s\n", name, kind, nonsense && is_cycle_counter(&e) ? " (here: the host's time)" : "");
	}
	printf("  %-50s [Raw event descriptor]\n", "rNNNN");
	for (t = tracepoints(&n); n; t++, n--)
		if (!strcmp(want, "tracepoint") || strstr(t->name, want))
			printf("  %-50s [Tracepoint event]\n", t->name);
	return 0;
}
