/* SPDX-License-Identifier: MIT */
/* The words of a scenario's lines, and what is said of a wrong one: FILE:LINE, status 2. Included by sim.c. */

static unsigned int line_nr;	/* of the line that is read; 0: none */
static char *rest_of_line;

static void bad(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));
static void bad(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, line_nr ? "%s:%u: " : "%s: ", scenario, line_nr);
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, "\n");
	exit(2);
}

/* The next word of the line, or NULL. */
static char *next_word(void)
{
	return strtok_r(NULL, " \t\r\n", &rest_of_line);
}

/* What is left of the line, from its next word on. */
static const char *peek(void)
{
	return rest_of_line + strspn(rest_of_line, " \t");
}

/* The next word of the line, which is called @what. */
static char *want_word(const char *what)
{
	char *w = next_word();

	if (!w)
		bad("%s is missing", what);
	return w;
}

/* The next word, which is KEY=VALUE. Return: KEY, and *@value. */
static char *next_pair(char **value)
{
	char *w = next_word(), *v = w ? strchr(w, '=') : NULL;

	if (w && (!v || v == w || !v[1]))
		bad("%s: KEY=VALUE is wanted", w);
	if (v)
		*v++ = '\0';
	*value = v;
	return w;
}

static long parse_number(const char *s, long least, long most)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (end == s || *end || n < least || n > most)
		bad("%s: a number from %ld to %ld is wanted", s, least, most);
	return n;
}

/* ns, of "10ms", "250us", "1.5s" */
static u64 parse_time(const char *s)
{
	char *end;
	double v = strtod(s, &end);
	double unit = !strcmp(end, "s") ? 1e9 : !strcmp(end, "ms") ? 1e6 : !strcmp(end, "us") ? 1e3 : 0;

	if (end == s || !unit || !(v >= 0 && v * unit <= 1e15))
		bad("%s: a time is wanted, as 10ms, 250us, 1s", s);
	return v * unit;
}

/* The same of @key, not 0. */
static u64 parse_span(const char *key, const char *s)
{
	u64 ns = parse_time(s);

	if (!ns)
		bad("%s=%s: a time above 0 is wanted", key, s);
	return ns;
}

/* "A:B[:C]" to @n spans. */
static void parse_spans(const char *key, char *s, u64 *to, int n)
{
	for (int i = 0; i < n; i++) {
		char *colon = s ? strchr(s, ':') : NULL;

		if (!s || (i + 1 == n && colon))
			bad("%s: %d times with colons between are wanted", key, n);
		if (colon)
			*colon++ = '\0';
		to[i] = parse_span(key, s);
		s = colon;
	}
}

/* "at=T", which ends the line. */
static u64 parse_at(void)
{
	char *v, *key = next_pair(&v);
	u64 at;

	if (!key || strcmp(key, "at"))
		bad("at=T is missing");
	at = parse_time(v);
	if ((key = next_word()))
		bad("%s: nothing is wanted after at=T", key);
	return at;
}

/* "fifo:P", "rr:P", "batch", "idle", "other" */
static unsigned int parse_policy(const char *v, unsigned int *rt_priority)
{
	const char *prio = strchr(v, ':');
	unsigned int rt = !strncmp(v, "fifo:", 5) ? SCHED_FIFO : !strncmp(v, "rr:", 3) ? SCHED_RR : 0;

	*rt_priority = rt ? parse_number(prio + 1, 1, 99) : 0;
	if (rt)
		return rt;
	if (strcmp(v, "batch") && strcmp(v, "idle") && strcmp(v, "other"))
		bad("%s: a policy is wanted: other, batch, idle, fifo:P, rr:P", v);
	return !strcmp(v, "batch") ? SCHED_BATCH : !strcmp(v, "idle") ? SCHED_IDLE : SCHED_NORMAL;
}

static unsigned int parse_hart(const char *s)
{
	return parse_number(s, 0, nr_cpu_ids - 1);
}

/* "0-3,5" */
static struct cpumask parse_harts(char *list)
{
	struct cpumask mask = { 0 };
	char *save = NULL;

	for (char *part = strtok_r(list, ",", &save); part; part = strtok_r(NULL, ",", &save)) {
		char *to = strchr(part, '-');

		if (to)
			*to++ = '\0';
		for (unsigned int c = parse_hart(part), last = to ? parse_hart(to) : c; c <= last; c++)
			cpumask_set_cpu(c, &mask);
	}
	if (!cpumask_weight(&mask))
		bad("%s: harts are wanted, as 0-3,5", list);
	return mask;
}

/* A name that is given to something. */
static void copy_name(char *to, size_t room, const char *name)
{
	if (strlen(name) >= room)
		bad("%s: a name has %zu characters at most", name, room - 1);
	strcpy(to, name);
}

/* A name that tasks have. */
static const char *parse_task_name(const char *name)
{
	for (size_t i = 0; i < nr_tasks; i++)
		if (!strcmp(tasks[i].name, name))
			return name;
	bad("%s: no task is called so, in the lines before", name);
}

static struct task_group *parse_group(const char *name)
{
	struct task_group *tg = group_called(name);

	if (!tg)
		bad("%s: no group is called so, in the lines before", name);
	return tg;
}
