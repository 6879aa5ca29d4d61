/* SPDX-License-Identifier: MIT */
/* Jobs: pipelines in process groups of their own, in the foreground or not. */
#include "sh.h"

#define MAX_JOBS 32

static struct job {
	int pgid;		/* 0: free */
	int pids[16], nr, left;
	int status;		/* of the last process */
	bool stopped, told;
	char text[64];
} jobs[MAX_JOBS];

static int shell_pgid;

void jobs_init(void)
{
	if (!interactive)
		return;
	signal_set(SIGINT, (handler_t)1, 0);
	signal_set(SIGQUIT, (handler_t)1, 0);
	signal_set(SIGTSTP, (handler_t)1, 0);
	signal_set(SIGTTIN, (handler_t)1, 0);
	signal_set(SIGTTOU, (handler_t)1, 0);
	setpgid(0, 0);
	shell_pgid = getpgrp();
	tcsetpgrp(0, shell_pgid);
}

static int exit_code(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* What waitpid() said of @pid goes to its job. */
static void note(int pid, int status)
{
	for (struct job *j = jobs; j < jobs + MAX_JOBS; j++)
		for (int i = 0; j->pgid && i < j->nr; i++) {
			if (j->pids[i] != pid)
				continue;
			if (WIFSTOPPED(status)) {
				j->stopped = true;
				j->status = status;
			} else if (WIFCONTINUED(status)) {
				j->stopped = false;
			} else {
				j->left--;
				j->pids[i] = -1;
				if (i == j->nr - 1)
					j->status = status;
			}
			return;
		}
}

static int wait_job(struct job *j)
{
	int status, pid, code;

	while (j->left && !j->stopped) {
		pid = waitpid(-1, &status, WUNTRACED);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			break;
		note(pid, status);
	}
	if (interactive)
		tcsetpgrp(0, shell_pgid);
	if (j->stopped) {
		printf("\n[%d]+  Stopped                 %s\n", (int)(j - jobs) + 1, j->text);
		j->told = true;
		return 128 + WSTOPSIG(j->status);
	}
	code = exit_code(j->status);
	if (WIFSIGNALED(j->status) && WTERMSIG(j->status) != SIGINT && WTERMSIG(j->status) != SIGPIPE) {
		const char *name = signal_name(WTERMSIG(j->status));

		fprintf(stderr, "sh: %s: killed by SIG%s\n", j->text, name ? name : "?");
	}
	j->pgid = 0;
	return code;
}

int last_background;

int job_start(int *pids, int nr, int pgid, const char *text, bool background)
{
	struct job *j = jobs;

	while (j < jobs + MAX_JOBS && j->pgid)
		j++;
	if (j == jobs + MAX_JOBS || nr > 16) {
		fprintf(stderr, "sh: too many jobs\n");
		return 1;
	}
	*j = (struct job){ .pgid = pgid ? pgid : pids[0], .nr = nr, .left = nr };
	memcpy(j->pids, pids, nr * sizeof(int));
	strncpy(j->text, text, sizeof(j->text) - 1);
	if (background) {
		last_background = pids[nr - 1];
		if (interactive)
			printf("[%d] %d\n", (int)(j - jobs) + 1, pids[nr - 1]);
		return 0;
	}
	return wait_job(j);
}

/* How a job ended, in bash's words. */
static const char *ended(int status, char *buf, size_t size)
{
	static const struct {
		int sig;
		const char *word;
	} words[] = { { SIGHUP, "Hangup" }, { SIGINT, "Interrupt" }, { SIGKILL, "Killed" }, { SIGTERM, "Terminated" } };
	const char *name;

	if (WIFEXITED(status)) {
		if (!WEXITSTATUS(status))
			return "Done";
		snprintf(buf, size, "Exit %d", WEXITSTATUS(status));
		return buf;
	}
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (words[i].sig == WTERMSIG(status))
			return words[i].word;
	name = signal_name(WTERMSIG(status));
	snprintf(buf, size, "SIG%s", name ? name : "?");
	return buf;
}

void jobs_notify(void)
{
	char word[24];

	int status, pid;

	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0)
		note(pid, status);
	for (struct job *j = jobs; j < jobs + MAX_JOBS; j++) {
		if (!j->pgid)
			continue;
		if (!j->left) {
			if (interactive)
				printf("[%d]   %-23s %s\n", (int)(j - jobs) + 1, ended(j->status, word, sizeof(word)), j->text);
			j->pgid = 0;
		} else if (j->stopped && !j->told) {
			printf("[%d]+  Stopped                 %s\n", (int)(j - jobs) + 1, j->text);
			j->told = true;
		}
	}
}

int builtin_jobs(int argc, char **argv)
{
	(void)argc, (void)argv;
	jobs_notify();
	for (struct job *j = jobs; j < jobs + MAX_JOBS; j++)
		if (j->pgid)
			printf("[%d]   %-23s %s\n", (int)(j - jobs) + 1, j->stopped ? "Stopped" : "Running", j->text);
	return 0;
}

static struct job *find_job(int argc, char **argv)
{
	struct job *last = NULL;

	if (argc > 1) {
		int n = atoi(argv[1] + (argv[1][0] == '%'));

		return n >= 1 && n <= MAX_JOBS && jobs[n - 1].pgid ? &jobs[n - 1] : NULL;
	}
	for (struct job *j = jobs; j < jobs + MAX_JOBS; j++)
		if (j->pgid && (!last || j->stopped >= last->stopped))
			last = j;
	return last;
}

/* fg and bg. */
int builtin_fg(int argc, char **argv)
{
	struct job *j = find_job(argc, argv);
	bool fg = argv[0][0] == 'f';

	if (!j) {
		fprintf(stderr, "%s: no such job\n", argv[0]);
		return 1;
	}
	printf("%s\n", j->text);
	fflush(stdout);
	if (fg && interactive)
		tcsetpgrp(0, j->pgid);
	j->stopped = j->told = false;
	kill(-j->pgid, SIGCONT);
	return fg ? wait_job(j) : 0;
}

int builtin_wait(int argc, char **argv)
{
	int code = 0;

	(void)argc, (void)argv;
	for (struct job *j = jobs; j < jobs + MAX_JOBS; j++)
		if (j->pgid && !j->stopped)
			code = wait_job(j);
	return code;
}
