/* SPDX-License-Identifier: MIT */
/* jobs, fg, bg, wait, kill. */
#include "sh.h"

int do_jobs(int argc, char **argv)
{
	bool pids = false, only = false;
	int c;

	option_index = 0;
	while ((c = next_option(argc, argv, "lp"))) {
		if (c < 0)
			return STATUS_ERROR;
		pids |= c == 'l';
		only |= c == 'p';
	}
	jobs_reap();
	jobs_purge();
	for (struct job *j = jobs; j; j = j->next) {
		if (only)
			printf("%d\n", j->pgid ? j->pgid : j->processes[0].pid);
		else
			job_print(j, pids);
		j->waited |= job_done(j) && !only;
	}
	return 0;
}

static int resume(const char *spec, bool foreground)
{
	struct job *j = job_find(spec);

	if (!j)
		return error("no such job: %s", spec);
	if (!j->pgid)
		return error("job %d not created under job control", j->number);
	if (foreground)
		printf("%s\n", j->text);
	else
		printf("[%d] %s\n", j->number, j->text);
	fflush(stdout);
	if (foreground)
		tcsetpgrp(0, j->pgid);
	j->stopped = j->told = false;
	kill(-j->pgid, SIGCONT);
	return foreground ? job_wait(j) : 0;
}

int do_fg(int argc, char **argv)
{
	return resume(argc > 1 ? argv[1] : "%%", true);
}

int do_bg(int argc, char **argv)
{
	int status = 0;

	if (argc == 1)
		return resume("%%", false);
	for (int i = 1; i < argc; i++)
		status |= resume(argv[i], false);
	return status;
}

/* Return: the status, or that of a trap that came first. */
static int wait_job(struct job *j)
{
	int sig, code;

	for (jobs_reap(); !job_done(j) && !j->stopped; jobs_reap()) {
		sig = wait_signal();
		if (sig)
			return 128 + sig;
	}
	code = status_code(j->stopped ? j->stop_status : job_status(j));
	job_tell_signal(j);
	j->waited = true;
	return code;
}

static struct job *job_of(const char *spec)
{
	long pid;

	if (*spec == '%')
		return job_find(spec);
	if (!parse_number(spec, &pid))
		return NULL;
	for (struct job *j = jobs; j; j = j->next)
		if (j->n && j->processes[j->n - 1].pid == pid)
			return j;
	return NULL;
}

int do_wait(int argc, char **argv)
{
	int status = 0;

	for (struct job *j = jobs; argc == 1 && j; j = j->next) {
		if (j->stopped && !job_done(j))
			continue;
		status = wait_job(j);
		if (traps_pending() || interrupted)
			return status;
	}
	if (argc == 1)
		return 0;
	for (int i = 1; i < argc; i++) {
		struct job *j = job_of(argv[i]);
		long n;

		if (!j && *argv[i] != '%' && !parse_number(argv[i], &n))
			return error("illegal number: %s", argv[i]);
		if (!j && *argv[i] == '%')
			return error("no such job: %s", argv[i]);
		status = j ? wait_job(j) : STATUS_NOT_FOUND;
		if (traps_pending() || interrupted)
			break;
	}
	return status;
}

static int list_signals(int argc, char **argv)
{
	int status = 0;

	for (int sig = 1; argc == 0 && sig < 32; sig++)
		printf("%s\n", signal_name(sig));
	for (int i = 0; i < argc; i++) {
		long n;
		const char *name = parse_number(argv[i], &n) ? signal_name(n > 128 ? n - 128 : n) : NULL;

		if (name)
			printf("%s\n", name);
		else
			status = error("illegal signal number: %s", argv[i]);
	}
	return status;
}

static int send_signal(const char *to, int sig)
{
	struct job *j;
	long pid;

	if (*to == '%') {
		j = job_find(to);
		if (!j)
			return error("no such job: %s", to);
		pid = j->pgid ? -j->pgid : j->processes[j->n - 1].pid;
	} else if (!parse_number(to, &pid)) {
		return error("illegal number: %s", to);
	}
	if (kill(pid, sig) == 0)
		return 0;
	complain("%s: %s", to, strerror(errno));
	return 1;
}

int do_kill(int argc, char **argv)
{
	int sig = SIGTERM, i = 1, status = 0;
	const char *name = NULL;

	if (argc > 1 && !strcmp(argv[1], "-l"))
		return list_signals(argc - 2, argv + 2);
	if (argc > 2 && !strcmp(argv[1], "-s")) {
		name = argv[2];
		i = 3;
	} else if (argc > 1 && *argv[1] == '-' && argv[1][1] && strcmp(argv[1], "--")) {
		name = argv[1] + 1;
		i = 2;
	}
	if (name) {
		sig = signal_by_name(name);
		if (sig < 0)
			return error("invalid signal number or name: %s", name);
	}
	if (i < argc && !strcmp(argv[i], "--"))
		i++;
	if (i == argc)
		return error("usage: kill [-s SIGNAL | -SIGNAL] PID | %%JOB ..., kill -l [STATUS]");
	for (; i < argc; i++)
		status |= send_signal(argv[i], sig);
	return status;
}
