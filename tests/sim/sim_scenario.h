/* SPDX-License-Identifier: MIT */
/* The simulator's scenarios: the lines that the top of sim.c lists, read. Included by sim.c. */

static u64 parse_time(const char *s)
{
	char *end;
	double v = strtod(s, &end);

	if (!strcmp(end, "s"))
		return v * 1e9;
	if (!strcmp(end, "ms"))
		return v * 1e6;
	if (!strcmp(end, "us"))
		return v * 1e3;
	fail("%s is not a time", s);
}

struct expectation {
	char what[32], op[4];
	double value;
};
static struct expectation expects[32];
static int nr_expects;

/* "fifo:P", "rr:P", "batch", "idle"; else SCHED_NORMAL. */
static unsigned int parse_policy(const char *v, unsigned int *rt_priority)
{
	const char *prio = strchr(v, ':');

	*rt_priority = prio ? atoi(prio + 1) : 0;
	return !strncmp(v, "fifo", 4) ? SCHED_FIFO : !strncmp(v, "rr", 2) ? SCHED_RR :
	       !strcmp(v, "batch") ? SCHED_BATCH : !strcmp(v, "idle") ? SCHED_IDLE : SCHED_NORMAL;
}

/* "0-3,5" */
static struct cpumask parse_harts(const char *part)
{
	struct cpumask mask = { 0 };
	unsigned int a, b;

	for (; part; part = strchr(part, ',') ? strchr(part, ',') + 1 : NULL) {
		int got = sscanf(part, "%u-%u", &a, &b);

		for (unsigned int c = a; got && c <= (got == 2 ? b : a); c++)
			cpumask_set_cpu(c, &mask);
	}
	return mask;
}

static void add_task(char *words)
{
	struct sim_task s = { .loop = 1, .run = 10000000, .mask = cpu_possible_mask };
	long count = 1, heirs = 0, first = nr_tasks;
	char *save = NULL;

	strcpy(s.name, "task");
	for (char *w = strtok_r(words, " \t\n", &save); w; w = strtok_r(NULL, " \t\n", &save)) {
		char *v = strchr(w, '=');

		if (isdigit((unsigned char)*w)) {
			count = atol(w);
			continue;
		}
		if (!v)
			fail("%s: KEY=VALUE is wanted", w);
		*v++ = '\0';
		if (!strcmp(w, "run"))
			s.run = parse_time(v);
		else if (!strcmp(w, "sleep"))
			s.sleep = parse_time(v);
		else if (!strcmp(w, "loop"))
			s.loop = atol(v);
		else if (!strcmp(w, "nice"))
			s.nice = atoi(v);
		else if (!strcmp(w, "at"))
			s.at = parse_time(v);
		else if (!strcmp(w, "free"))
			s.free = parse_time(v);
		else if (!strcmp(w, "on"))
			s.on = atoi(v);
		else if (!strcmp(w, "group"))
			s.group = group_called(v);
		else if (!strcmp(w, "name"))
			strncpy(s.name, v, sizeof(s.name) - 1);
		else if (!strcmp(w, "period"))
			s.period = parse_time(v);
		else if (!strcmp(w, "dl")) {
			char *d = strchr(v, ':'), *p = d ? strchr(d + 1, ':') : NULL;

			if (!p)
				fail("dl=RUNTIME:DEADLINE:PERIOD");
			*d = *p = '\0';
			s.policy = SCHED_DEADLINE;
			s.dl_runtime = parse_time(v);
			s.dl_deadline = parse_time(d + 1);
			s.dl_period = parse_time(p + 1);
		} else if (!strcmp(w, "policy"))
			s.policy = parse_policy(v, &s.rt_priority);
		else if (!strcmp(w, "cpus"))
			s.mask = parse_harts(v);
		else if (!strcmp(w, "yield"))
			s.yields = atoi(v);
		else if (!strcmp(w, "heirs"))
			heirs = atol(v);
		else
			fail("%s: no such word", w);
	}
	s.forever = s.loop == 0;
	s.left = s.run;
	tasks = realloc(tasks, (nr_tasks + count * (heirs + 1)) * sizeof(*tasks));
	for (long i = 0; i < count; i++) {
		tasks[nr_tasks++] = s;
		nr_finite += !s.forever;
		if (!s.forever) {
			work_total += s.run * s.loop;
			work_longest = max(work_longest, s.run * s.loop + s.sleep * (s.loop - 1));
		}
	}
	s.is_heir = true;
	for (long i = 0; i < heirs * count; i++)
		tasks[nr_tasks++] = s;
	for (long i = first; i < first + heirs * count; i++)
		tasks[i].heir = i + count;
}

/* "group NAME [parent=NAME] [weight=N] [max=QUOTA:PERIOD]" */
static void add_group(char *rest)
{
	struct sim_group *g = &groups[nr_groups];
	struct task_group *parent = &root_task_group;
	char *w = strtok(rest, " \t\n");
	unsigned long weight = 100;
	u64 quota = ~0ULL, period = 0;

	if (!w || nr_groups == ARRAY_SIZE(groups))
		fail("group NAME");
	snprintf(g->name, sizeof(g->name), "%s", w);
	while ((w = strtok(NULL, " \t\n"))) {
		if (!strncmp(w, "parent=", 7)) {
			parent = group_called(w + 7);
		} else if (!strncmp(w, "weight=", 7)) {
			weight = atol(w + 7);
		} else if (!strncmp(w, "max=", 4) && strchr(w, ':')) {
			char *colon = strchr(w, ':');

			*colon = '\0';
			quota = parse_time(w + 4);
			period = parse_time(colon + 1);
		} else {
			fail("group: %s", w);
		}
	}
	nr_groups++;
	g->tg = sched_create_group(parent);
	sched_group_set_shares(g->tg, weight * 1024 / 100);
	if (period)
		sched_group_set_bandwidth(g->tg, quota, period);
}

/* "move TASK-NAME GROUP at=TIME" */
static void add_move(char *rest)
{
	struct move *m = &moves[nr_moves++];
	char *task = strtok(rest, " \t\n"), *to = strtok(NULL, " \t\n"), *at = strtok(NULL, " \t\n");

	if (!task || !to || !at || strncmp(at, "at=", 3) || nr_moves > ARRAY_SIZE(moves))
		fail("move TASK-NAME GROUP at=TIME");
	snprintf(m->task, sizeof(m->task), "%s", task);
	m->to = group_called(to);
	post(parse_time(at + 3), EV_MOVE, 0, (void *)m, 0);
}

/* "renice TASK-NAME N at=TIME" */
static void add_renice(char *rest)
{
	struct move *m = &moves[nr_moves++];
	char at[16];

	if (nr_moves > ARRAY_SIZE(moves) || sscanf(rest, " %15s %d at=%15s", m->task, &m->nice, at) != 3)
		fail("renice TASK-NAME N at=TIME");
	post(parse_time(at), EV_MOVE, 0, (void *)m, 0);
}

/* "trip TASK-NAME WHERE every=T [stay=T]" */
static void add_trip(char *rest)
{
	struct trip *t = &trips[nr_trips++];
	char *save = NULL, *w = strtok_r(rest, " \t\n", &save);

	if (!w || nr_trips > ARRAY_SIZE(trips))
		fail("trip TASK-NAME WHERE every=T");
	*t = (struct trip){ .policy = -1, .nice = 99 };
	snprintf(t->task, sizeof(t->task), "%s", w);
	while ((w = strtok_r(NULL, " \t\n", &save))) {
		char *v = strchr(w, '=');

		if (v)
			*v++ = '\0';
		if (!v && !strcmp(w, "same"))
			continue;
		if (!v)
			fail("trip: %s", w);
		if (!strcmp(w, "policy"))
			t->policy = parse_policy(v, &t->rt_priority);
		else if (!strcmp(w, "nice"))
			t->nice = atoi(v);
		else if (!strcmp(w, "lent"))
			t->donor.prio = MAX_RT_PRIO - 1 - atoi(v);
		else if (!strcmp(w, "group"))
			t->to = group_called(v);
		else if (!strcmp(w, "cpus"))
			t->mask = parse_harts(v);
		else if (!strcmp(w, "every"))
			t->every = parse_time(v);
		else if (!strcmp(w, "stay"))
			t->stay = parse_time(v);
		else
			fail("trip: %s", w);
	}
	if (t->every <= t->stay)
		fail("trip: every=T is wanted, more than stay=T");
	post(t->every, EV_TRIP, 0, (void *)t, 0);
}

/* "tunable NAME N at=TIME" */
static void add_tunable(char *rest)
{
	char *at = strstr(rest, "at=");

	if (!at)
		fail("tunable NAME N at=TIME");
	at[-1] = '\0';
	post(parse_time(strtok(at + 3, " \t\n")), EV_TUNABLE, 0, (void *)strdup(rest), 0);
}

/* "offline HART at=TIME" */
static void add_hotplug(const char *word, char *rest)
{
	char *cpu = strtok(rest, " \t\n"), *at = strtok(NULL, " \t\n");

	if (!cpu || !at || strncmp(at, "at=", 3) || (unsigned int)atoi(cpu) >= nr_cpu_ids)
		fail("%s HART at=TIME", word);
	post(parse_time(at + 3), *word == 'o' && word[1] == 'f' ? EV_OFFLINE : EV_ONLINE, atoi(cpu), NULL, 0);
}

/* "set TUNABLE VALUE", ns or a number */
static void set_tunable(char *rest)
{
	static const struct {
		const char *name;
		u64 *value;
	} tunables[] = {
		{ "latency_ns", &sysctl_sched_latency }, { "min_granularity_ns", &sysctl_sched_min_granularity },
		{ "wakeup_granularity_ns", &sysctl_sched_wakeup_granularity }, { "child_runs_first", &sysctl_sched_child_runs_first },
		{ "migration_cost_ns", &sysctl_sched_migration_cost }, { "nr_migrate", &sysctl_sched_nr_migrate },
		{ "rt_period_ns", &sysctl_sched_rt_period }, { "rt_runtime_ns", &sysctl_sched_rt_runtime },
		{ "rr_timeslice_ns", &sysctl_sched_rr_timeslice }, { "HRTICK", &sysctl_sched_feature[SCHED_FEAT_HRTICK] },
		{ "HRTICK_DL", &sysctl_sched_feature[SCHED_FEAT_HRTICK_DL] },
		{ "WAKEUP_PREEMPTION", &sysctl_sched_feature[SCHED_FEAT_WAKEUP_PREEMPTION] },
	};
	char *name = strtok(rest, " \t\n"), *value = strtok(NULL, " \t\n");

	for (size_t i = 0; name && value && i < ARRAY_SIZE(tunables); i++)
		if (!strcmp(name, tunables[i].name)) {
			*tunables[i].value = strtoull(value, NULL, 0);
			return;
		}
	fail("set TUNABLE VALUE");
}

static void load(const char *path)
{
	unsigned int shape[4] = { 1, 1, 1, 1 }, nodes = 1, n = 1;
	char line[512], word[32];
	bool ring = false, booted = false;
	FILE *f = fopen(path, "r");

	if (!f)
		fail("cannot be opened");
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%31s", word) != 1 || *word == '#')
			continue;
		char *rest = strstr(line, word) + strlen(word);

		if (!strcmp(word, "harts")) {
			n = shape[2] = atoi(rest);
		} else if (!strcmp(word, "topology")) {
			if (sscanf(rest, " %ux%ux%ux%u", &shape[0], &shape[1], &shape[2], &shape[3]) != 4)
				fail("topology PxCxCxT");
			n = shape[0] * shape[1] * shape[2] * shape[3];
		} else if (!strcmp(word, "nodes")) {
			nodes = atoi(rest);
			ring = strstr(rest, "ring");
		} else if (!strcmp(word, "capacity")) {
			unsigned int from, to, capacity;

			if (sscanf(rest, " %u-%u %u", &from, &to, &capacity) != 3 || to >= NR_CPUS || !capacity)
				fail("capacity A-B N");
			while (from <= to)
				capacities[from++] = capacity;
		} else {
			if (!booted)
				boot(n, shape, nodes, ring);
			booted = true;
			if (!strcmp(word, "task"))
				add_task(rest);
			else if (!strcmp(word, "set"))
				set_tunable(rest);
			else if (!strcmp(word, "group"))
				add_group(rest);
			else if (!strcmp(word, "move"))
				add_move(rest);
			else if (!strcmp(word, "renice"))
				add_renice(rest);
			else if (!strcmp(word, "trip"))
				add_trip(rest);
			else if (!strcmp(word, "tunable"))
				add_tunable(rest);
			else if (!strcmp(word, "offline") || !strcmp(word, "online"))
				add_hotplug(word, rest);
			else if (!strcmp(word, "from"))
				from = parse_time(strtok(rest, " \t\n"));
			else if (!strcmp(word, "until"))
				until = parse_time(strtok(rest, " \t\n"));
			else if (!strcmp(word, "expect") &&
				 sscanf(rest, "%31s %3s %lf", expects[nr_expects].what, expects[nr_expects].op,
					&expects[nr_expects].value) == 3)
				nr_expects++;
			else
				fail("line not understood: %s", line);
		}
	}
	fclose(f);
	for (size_t i = 0; i < nr_tasks; i++) {
		if (!tasks[i].is_heir)
			post(tasks[i].at, EV_FORK, tasks[i].on, &tasks[i], 0);
		if (tasks[i].free)
			post(tasks[i].free, EV_FREE, tasks[i].on, &tasks[i], 0);
	}
}
