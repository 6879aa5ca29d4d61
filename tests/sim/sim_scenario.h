/* SPDX-License-Identifier: MIT */
/* The simulator's scenarios: the lines that docs/sim.md tells of, read. Included by sim.c. */

static struct expectation {
	char what[32], op[4];
	double value;
} expects[64];
static unsigned int nr_expects;

/* The machine, until the first line that is about something else. */
static struct {
	unsigned int harts, shape[4], nodes;
	bool ring, booted;
} shape = { 1, { 1, 1, 1, 1 }, 1, false, false };

static void add_machine(const char *word)
{
	char *w = want_word(word), *end;

	if (shape.booted)
		bad("%s: the machine comes before all else", word);
	if (!strcmp(word, "harts")) {
		shape.harts = shape.shape[2] = parse_number(w, 1, NR_CPUS);
		shape.shape[0] = shape.shape[1] = shape.shape[3] = 1;
	} else if (!strcmp(word, "topology")) {
		unsigned long harts = 1;

		for (int i = 0; i < 4; i++, w = end) {
			end = w ? strchr(w, 'x') : NULL;
			if (!w || !end != (i == 3))
				bad("topology: PxCxCxT is wanted, as 2x1x4x2");
			if (end)
				*end++ = '\0';
			harts *= shape.shape[i] = parse_number(w, 1, NR_CPUS);
		}
		if (harts > NR_CPUS)
			bad("topology: %lu harts, %d is the most", harts, NR_CPUS);
		shape.harts = harts;
	} else if (!strcmp(word, "nodes")) {
		shape.nodes = parse_number(w, 1, MAX_NUMA_NODES);
		w = next_word();
		shape.ring = w && !strcmp(w, "ring");
		if (w && !shape.ring)
			bad("nodes N %s: only \"ring\" may follow", w);
	} else {
		char *to = strchr(w, '-');
		unsigned int from, last, capacity;

		if (to)
			*to++ = '\0';
		from = parse_number(w, 0, NR_CPUS - 1);
		last = to ? parse_number(to, from, NR_CPUS - 1) : from;
		capacity = parse_number(want_word("capacity A-B N: N"), 1, SCHED_CAPACITY_SCALE);
		while (from <= last)
			capacities[from++] = capacity;
	}
}

static void boot_machine(void)
{
	if (shape.nodes > shape.harts)
		bad("%u nodes, but %u harts", shape.nodes, shape.harts);
	for (unsigned int cpu = shape.harts; cpu < NR_CPUS; cpu++)
		if (capacities[cpu])
			bad("there is no hart %u whose capacity could be set", cpu);
	boot(shape.harts, shape.shape, shape.nodes, shape.ring);
	shape.booted = true;
}

/* "A,B": locks come to be by being named. */
static void add_locks(struct sim_task *s, char *list)
{
	static struct sim_lock locks[32];
	char *save = NULL;

	for (char *name = strtok_r(list, ",", &save); name; name = strtok_r(NULL, ",", &save)) {
		struct sim_lock *l = locks;

		while (l < locks + ARRAY_SIZE(locks) && *l->name && strcmp(l->name, name))
			l++;
		if (l == locks + ARRAY_SIZE(locks) || s->nr_locks == MAX_HELD)
			bad("lock=%s: %zu locks are the most, %d of a task", name, ARRAY_SIZE(locks), MAX_HELD);
		for (unsigned int i = 0; i < s->nr_locks; i++)
			if (s->locks[i] == l)
				bad("lock=%s: twice", name);
		if (!*l->name) {
			copy_name(l->name, sizeof(l->name), name);
			rt_mutex_init(&l->m, LOCK_NONE);
		}
		s->locks[s->nr_locks++] = l;
	}
}

static void set_task_word(struct sim_task *s, const char *key, char *v)
{
	if (!strcmp(key, "run"))
		s->run = parse_span(key, v);
	else if (!strcmp(key, "sleep"))
		s->sleep = parse_time(v);
	else if (!strcmp(key, "loop"))
		s->loop = parse_number(v, 0, 1000000000);
	else if (!strcmp(key, "nice"))
		s->nice = parse_number(v, -20, 19);
	else if (!strcmp(key, "at"))
		s->at = parse_time(v);
	else if (!strcmp(key, "free"))
		s->free = parse_span(key, v);
	else if (!strcmp(key, "on"))
		s->on = parse_hart(v);
	else if (!strcmp(key, "group"))
		s->group = parse_group(v);
	else if (!strcmp(key, "name"))
		copy_name(s->name, sizeof(s->name), v);
	else if (!strcmp(key, "period"))
		s->period = parse_span(key, v);
	else if (!strcmp(key, "policy"))
		s->policy = parse_policy(v, &s->rt_priority);
	else if (!strcmp(key, "cpus"))
		s->mask = parse_harts(v);
	else if (!strcmp(key, "lock"))
		add_locks(s, v);
	else if (!strcmp(key, "yield"))
		s->yields = parse_number(v, 0, 1);
	else if (!strcmp(key, "reclaim"))
		s->reclaims = parse_number(v, 0, 1);
	else if (!strcmp(key, "dl")) {
		u64 t[3];

		parse_spans(key, v, t, 3);
		if (t[0] > t[1] || t[1] > t[2])
			bad("dl: RUNTIME is at most DEADLINE, and that at most PERIOD");
		s->policy = SCHED_DEADLINE;
		s->dl_runtime = t[0], s->dl_deadline = t[1], s->dl_period = t[2];
	} else {
		bad("%s: a task has no such word", key);
	}
}

#define MAX_TASKS 2000000L

static void add_task(void)
{
	struct sim_task s = { .name = "task", .loop = 1, .run = 10 * NSEC_PER_MSEC, .mask = cpu_possible_mask };
	long count = 1, heirs = 0, first = nr_tasks;
	char *key, *v;

	if (isdigit((unsigned char)*peek()))
		count = parse_number(next_word(), 1, MAX_TASKS);
	while ((key = next_pair(&v))) {
		if (!strcmp(key, "heirs"))
			heirs = parse_number(v, 0, MAX_TASKS);
		else
			set_task_word(&s, key, v);
	}
	s.forever = s.loop == 0;
	begin_run(&s);
	tasks = (long)nr_tasks + count * (heirs + 1) > MAX_TASKS ? NULL :
		realloc(tasks, (nr_tasks + count * (heirs + 1)) * sizeof(*tasks));
	if (!tasks)
		bad("too many tasks");
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
static void add_group(void)
{
	struct sim_group *g = &groups[nr_groups];
	struct task_group *parent = &root_task_group;
	char *name = want_word("group NAME"), *key, *v;
	unsigned long weight = 100;
	u64 max_ns[2] = { ~0ULL, 0 };

	if (nr_groups == ARRAY_SIZE(groups))
		bad("%s: %zu groups are the most", name, ARRAY_SIZE(groups));
	if (group_called(name))
		bad("%s: there is a group of this name", name);
	copy_name(g->name, sizeof(g->name), name);
	while ((key = next_pair(&v))) {
		if (!strcmp(key, "parent"))
			parent = parse_group(v);
		else if (!strcmp(key, "weight"))
			weight = parse_number(v, 1, 10000);
		else if (!strcmp(key, "max"))
			parse_spans(key, v, max_ns, 2);
		else
			bad("%s: a group has no such word", key);
	}
	nr_groups++;
	g->tg = sched_create_group(parent);
	sched_group_set_shares(g->tg, weight * 1024 / 100);
	if (max_ns[1])
		sched_group_set_bandwidth(g->tg, max_ns[0], max_ns[1]);
}

static struct move *new_move(void)
{
	struct move *m = &moves[nr_moves++];

	if (nr_moves > ARRAY_SIZE(moves))
		bad("%zu moves and renices are the most", ARRAY_SIZE(moves));
	strcpy(m->task, parse_task_name(want_word("TASK-NAME")));
	return m;
}

/* "move TASK-NAME GROUP at=T" */
static void add_move(void)
{
	struct move *m = new_move();

	m->to = parse_group(want_word("GROUP"));
	post(parse_at(), EV_MOVE, 0, (void *)m, 0);
}

/* "renice TASK-NAME N at=T" */
static void add_renice(void)
{
	struct move *m = new_move();

	m->nice = parse_number(want_word("a nice value"), -20, 19);
	post(parse_at(), EV_MOVE, 0, (void *)m, 0);
}

static void set_trip_word(struct trip *t, const char *key, char *v)
{
	if (!strcmp(key, "policy"))
		t->policy = parse_policy(v, &t->rt_priority);
	else if (!strcmp(key, "nice"))
		t->nice = parse_number(v, -20, 19);
	else if (!strcmp(key, "lent"))
		t->donor.prio = MAX_RT_PRIO - 1 - parse_number(v, 1, 99);
	else if (!strcmp(key, "group"))
		t->to = parse_group(v);
	else if (!strcmp(key, "cpus"))
		t->mask = parse_harts(v);
	else if (!strcmp(key, "every"))
		t->every = parse_span(key, v);
	else if (!strcmp(key, "stay"))
		t->stay = parse_time(v);
	else
		bad("%s: a trip has no such word", key);
}

/* "trip TASK-NAME WHERE every=T [stay=T]" */
static void add_trip(void)
{
	struct trip *t = &trips[nr_trips++];
	char *v, *key;

	if (nr_trips > ARRAY_SIZE(trips))
		bad("%zu trips are the most", ARRAY_SIZE(trips));
	*t = (struct trip){ .policy = -1, .nice = 99 };
	strcpy(t->task, parse_task_name(want_word("TASK-NAME")));
	if (!strncmp(peek(), "same", 4))
		(void)next_word();
	while ((key = next_pair(&v)))
		set_trip_word(t, key, v);
	if (t->every <= t->stay)
		bad("trip: every=T is wanted, more than stay=T");
	post(t->every, EV_TRIP, 0, (void *)t, 0);
}

/* "NAME N": ns or a number */
static struct tunable_change parse_tunable(void)
{
	static const struct {
		const char *name;
		u64 *value;
		long most;
	} tunables[] = {
		{ "latency_ns", &sysctl_sched_latency, 0 }, { "min_granularity_ns", &sysctl_sched_min_granularity, 0 },
		{ "wakeup_granularity_ns", &sysctl_sched_wakeup_granularity, 0 },
		{ "child_runs_first", &sysctl_sched_child_runs_first, 1 },
		{ "migration_cost_ns", &sysctl_sched_migration_cost, 0 }, { "nr_migrate", &sysctl_sched_nr_migrate, 0 },
		{ "rt_period_ns", &sysctl_sched_rt_period, 0 }, { "rt_runtime_ns", &sysctl_sched_rt_runtime, 0 },
		{ "rr_timeslice_ns", &sysctl_sched_rr_timeslice, 0 }, { "HRTICK", &sysctl_sched_feature[SCHED_FEAT_HRTICK], 1 },
		{ "HRTICK_DL", &sysctl_sched_feature[SCHED_FEAT_HRTICK_DL], 1 },
		{ "WAKEUP_PREEMPTION", &sysctl_sched_feature[SCHED_FEAT_WAKEUP_PREEMPTION], 1 },
	};
	char *name = want_word("a tunable's name"), *value = want_word("its value");

	for (size_t i = 0; i < ARRAY_SIZE(tunables); i++)
		if (!strcmp(name, tunables[i].name))
			return (struct tunable_change){ tunables[i].value,
				parse_number(value, 0, tunables[i].most ? tunables[i].most : 1000000000000L) };
	bad("%s: there is no such tunable", name);
}

/* "tunable NAME N at=T" */
static void add_tunable(void)
{
	struct tunable_change *c = malloc(sizeof(*c));

	*c = parse_tunable();
	post(parse_at(), EV_TUNABLE, 0, (void *)c, 0);
}

/* "expect WHAT OP VALUE" */
static void add_expectation(void)
{
	static const char *const ops[] = { "<", "<=", ">", ">=", "=" };
	struct expectation *x = &expects[nr_expects++];
	char *what = want_word("what is expected"), *op = want_word("< <= > >= or ="), *value = want_word("a value"), *end;
	bool known = false;

	if (nr_expects > ARRAY_SIZE(expects))
		bad("%zu expectations are the most", ARRAY_SIZE(expects));
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		known |= !strcmp(op, ops[i]);
	if (!known)
		bad("%s: < <= > >= or = is wanted", op);
	(void)find_measure(what);
	copy_name(x->what, sizeof(x->what), what);
	strcpy(x->op, op);
	x->value = strtod(value, &end);
	if (*end)
		bad("%s: a number is wanted", value);
}

static void add_line(const char *word)
{
	static const struct {
		const char *word;
		void (*add)(void);
	} lines[] = {
		{ "task", add_task }, { "group", add_group }, { "move", add_move }, { "renice", add_renice },
		{ "trip", add_trip }, { "tunable", add_tunable }, { "expect", add_expectation },
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		if (!strcmp(word, lines[i].word)) {
			lines[i].add();
			return;
		}
	if (!strcmp(word, "set")) {
		struct tunable_change c = parse_tunable();

		*c.value = c.to;
	} else if (!strcmp(word, "offline") || !strcmp(word, "online")) {
		unsigned int hart = parse_hart(want_word("a hart"));

		post(parse_at(), !strcmp(word, "offline") ? EV_OFFLINE : EV_ONLINE, hart, NULL, 0);
	} else if (!strcmp(word, "from") || !strcmp(word, "until")) {
		*(*word == 'f' ? &from : &until) = parse_span(word, want_word("a time"));
	} else {
		bad("%s: no line begins so", word);
	}
}

static void load_lines(FILE *f)
{
	char line[1024], *word;

	while (fgets(line, sizeof(line), f)) {
		line_nr++;
		if (strlen(line) == sizeof(line) - 1 && line[sizeof(line) - 2] != '\n')
			bad("the line is too long");
		word = strtok_r(line, " \t\r\n", &rest_of_line);
		if (!word || *word == '#')
			continue;
		if (!strcmp(word, "harts") || !strcmp(word, "topology") || !strcmp(word, "nodes") || !strcmp(word, "capacity")) {
			add_machine(word);
		} else {
			if (!shape.booted)
				boot_machine();
			add_line(word);
		}
		if ((word = next_word()))
			bad("%s: nothing is wanted there", word);
	}
	if (ferror(f))
		bad("cannot be read");
}

/* "-": standard input. */
static void load(const char *path)
{
	bool in = !strcmp(path, "-");
	FILE *f = in ? stdin : fopen(path, "r");

	scenario = in ? "<stdin>" : path;
	if (!f)
		bad("cannot be opened");
	load_lines(f);
	if (!in)
		fclose(f);
	if (!nr_tasks)
		bad("there is no task");
	if (!nr_finite && !until)
		bad("tasks that never end need an \"until\"");
	for (size_t i = 0; i < nr_tasks; i++) {
		if (!tasks[i].is_heir)
			post(tasks[i].at, EV_FORK, tasks[i].on, &tasks[i], 0);
		if (tasks[i].free)
			post(tasks[i].free, EV_FREE, tasks[i].on, &tasks[i], 0);
	}
}
