/* SPDX-License-Identifier: MIT */
/* Jobs: what was started, in process groups of its own when the shell monitors, and how it ended. */
#include "sh.h"

struct job *jobs;
int last_background;
static int shell_pgrp;

int status_code(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WIFSTOPPED(status) ? 128 + WSTOPSIG(status) : WEXITSTATUS(status);
}

static void give_terminal(int pgrp)
{
	if (opt_monitor && isatty(0))
		tcsetpgrp(0, pgrp);
}

void monitor_set(bool on)
{
	signals_monitor(on);
	if (!on || !interactive)
		return;
	setpgid(0, 0);
	shell_pgrp = getpgrp();
	give_terminal(shell_pgrp);
}

static void unlink_job(struct job *j)
{
	struct job **at = &jobs;

	while (*at != j)
		at = &(*at)->next;
	*at = j->next;
}

static void to_front(struct job *j)
{
	unlink_job(j);
	j->next = jobs;
	jobs = j;
}

static void job_put(struct job *j)
{
	unlink_job(j);
	free(j->processes);
	free(j->text);
	free(j);
}

bool job_done(const struct job *j)
{
	for (int i = 0; i < j->n; i++)
		if (!j->processes[i].done)
			return false;
	return true;
}

void jobs_purge(void)
{
	struct job *next;

	for (struct job *j = jobs; j; j = next) {
		next = j->next;
		if (j->waited && job_done(j))
			job_put(j);
	}
}

struct job *job_new(const char *text)
{
	struct job *j = xmalloc(sizeof(*j));
	int number = 1;

	jobs_purge();
	for (struct job *o = jobs; o; o = o->next)
		if (o->number >= number)
			number = o->number + 1;
	*j = (struct job){ .next = jobs, .number = number, .text = xstrdup(text ? text : "") };
	jobs = j;
	return j;
}

int job_status(const struct job *j)
{
	return j->n ? j->processes[j->n - 1].status : 0;
}

static void start_child(struct job *j, bool background)
{
	bool monitored = opt_monitor && j;
	int null;

	if (monitored) {
		setpgid(0, j->pgid);
		if (!background)
			give_terminal(j->pgid ? j->pgid : getpid());
	}
	interactive = false;
	signals_child(background);
	if (background && !opt_monitor && j) {
		null = open("/dev/null", O_RDONLY);
		if (null > 0) {
			dup2(null, 0);
			close(null);
		}
	}
	opt_monitor = false;
	while (jobs)		/* they are the parent's children */
		job_put(jobs);
}

int job_fork(struct job *j, bool background)
{
	int pid;

	fflush(stdout);
	fflush(stderr);
	pid = fork();
	if (pid < 0) {
		if (j && !j->n)
			job_put(j);
		fail("fork: %s", strerror(errno));
	}
	if (!pid) {
		start_child(j, background);
		return 0;
	}
	if (!j)
		return pid;
	if (!j->pgid && opt_monitor)
		j->pgid = pid;
	if (opt_monitor) {
		setpgid(pid, j->pgid);	/* both do it: whoever comes first */
		if (!background)
			give_terminal(j->pgid);
	}
	j->processes = xrealloc(j->processes, (j->n + 1) * sizeof(*j->processes));
	j->processes[j->n++] = (struct process){ .pid = pid };
	return pid;
}

/* What waitpid() said of @pid goes to its job. */
static void note(int pid, int status)
{
	for (struct job *j = jobs; j; j = j->next)
		for (int i = 0; i < j->n; i++) {
			if (j->processes[i].pid != pid || j->processes[i].done)
				continue;
			if (WIFSTOPPED(status)) {
				if (!j->stopped)
					j->told = false;
				j->stopped = true;
				j->stop_status = status;
			} else if (WIFCONTINUED(status)) {
				j->stopped = false;
			} else {
				j->processes[i].done = true;
				j->processes[i].status = status;
			}
			return;
		}
}

void jobs_reap(void)
{
	int status, pid;

	while ((pid = waitpid(-1, &status, WNOHANG | (opt_monitor ? WUNTRACED | WCONTINUED : 0))) > 0)
		note(pid, status);
}

int wait_child(int pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 0;
	return status_code(status);
}

static void wait_foreground(struct job *j)
{
	while (!job_done(j) && !j->stopped) {
		int status, pid = waitpid(-1, &status, opt_monitor ? WUNTRACED : 0);

		if (pid > 0)
			note(pid, status);
		else if (errno != EINTR)
			break;
	}
	give_terminal(shell_pgrp);
}

void job_tell_signal(const struct job *j)
{
	int status = job_status(j);
	const char *name;

	if (!job_done(j) || !WIFSIGNALED(status) || WTERMSIG(status) == SIGINT || WTERMSIG(status) == SIGPIPE)
		return;
	name = signal_name(WTERMSIG(status));
	fprintf(stderr, "%s: %s: killed by SIG%s\n", params.name, j->text, name ? name : "?");
	fflush(stderr);
}

int job_wait(struct job *j)
{
	int status;

	wait_foreground(j);
	if (j->stopped) {
		to_front(j);
		j->background = j->told = true;
		printf("\n");
		job_print(j, false);
		return status_code(j->stop_status);
	}
	status = job_status(j);
	job_tell_signal(j);
	if (interactive && WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) {
		printf("\n");
		interrupted = true;
	}
	job_put(j);
	return status_code(status);
}

void job_background(struct job *j)
{
	j->background = true;
	last_background = j->processes[j->n - 1].pid;
	if (interactive) {
		printf("[%d] %d\n", j->number, last_background);
		fflush(stdout);
	}
}

/* How a job is, in dash's words. */
static const char *state(const struct job *j, char *buf, size_t size)
{
	static const struct {
		int sig;
		const char *word;
	} words[] = {
		{ SIGHUP, "Hangup" }, { SIGINT, "Interrupt" }, { SIGQUIT, "Quit" }, { SIGILL, "Illegal instruction" },
		{ SIGABRT, "Aborted" }, { SIGBUS, "Bus error" }, { SIGFPE, "Floating point exception" }, { SIGKILL, "Killed" },
		{ SIGSEGV, "Segmentation fault" }, { SIGPIPE, "Broken pipe" }, { SIGALRM, "Alarm clock" }, { SIGTERM, "Terminated" },
	};
	int status = job_status(j);
	const char *name;

	if (!job_done(j))
		return j->stopped ? "Stopped" : "Running";
	if (WIFEXITED(status)) {
		if (!WEXITSTATUS(status))
			return "Done";
		snprintf(buf, size, "Done(%d)", WEXITSTATUS(status));
		return buf;
	}
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (words[i].sig == WTERMSIG(status))
			return words[i].word;
	name = signal_name(WTERMSIG(status));
	snprintf(buf, size, "SIG%s", name ? name : "?");
	return buf;
}

/* The current one, or (@before) the one before it: those that are stopped come first, then the newest. */
static struct job *current(int before)
{
	for (int stopped = 1; stopped >= 0; stopped--)
		for (struct job *j = jobs; j; j = j->next)
			if (j->background && !job_done(j) && j->stopped == stopped && !before--)
				return j;
	return NULL;
}

void job_print(const struct job *j, bool pids)
{
	char word[24], pid[16] = "";

	if (pids)
		snprintf(pid, sizeof(pid), "%d ", j->processes[j->n - 1].pid);
	printf("[%d] %c %s%-26s %s\n", j->number, j == current(0) ? '+' : j == current(1) ? '-' : ' ', pid,
	       state(j, word, sizeof(word)), j->text);
	fflush(stdout);
}

/* Before a prompt: what changed. */
void jobs_notify(void)
{
	jobs_reap();
	for (struct job *j = jobs; j; j = j->next)
		if (!j->waited && (job_done(j) || (j->stopped && !j->told))) {
			job_print(j, false);
			j->told = true;
			j->waited = job_done(j);
		}
	jobs_purge();
}

struct job *job_find(const char *spec)
{
	struct job *found = NULL;
	long n;

	if (*spec == '%')
		spec++;
	if (!*spec || !strcmp(spec, "%") || !strcmp(spec, "+"))
		return current(0);
	if (!strcmp(spec, "-"))
		return current(1);
	for (struct job *j = jobs; j; j = j->next) {
		bool is = parse_number(spec, &n) ? j->number == n :
			*spec == '?' ? strstr(j->text, spec + 1) != NULL : !strncmp(j->text, spec, strlen(spec));

		if (is && found)
			return NULL;
		if (is)
			found = j;
	}
	return found;
}
