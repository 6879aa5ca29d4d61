/* SPDX-License-Identifier: MIT */
/* Signals, and what is to be done at them: trap. A handler only notes; traps_run() acts, between commands. */
#include "sh.h"

#define SIGNALS 32
#define IGNORE ((handler_t)SIG_IGN)

static char *traps[SIGNALS];		/* 0: EXIT. "": ignored */
static bool ignored_at_start[SIGNALS];
static volatile bool pending[SIGNALS], any_pending, child_changed;
static bool monitor_signals;
volatile bool interrupted;

static void handler(int sig)
{
	if (sig == SIGCHLD)
		child_changed = true;
	if (traps[sig] && *traps[sig])
		pending[sig] = any_pending = true;
	else if (sig == SIGINT)
		interrupted = true;
}

/* What @sig does, by what is trapped and what the shell is. */
static void arm(int sig)
{
	handler_t h = (handler_t)0;

	if (sig == SIGKILL || sig == SIGSTOP)
		return;
	if (traps[sig])
		h = *traps[sig] ? handler : IGNORE;
	else if (sig == SIGCHLD)
		h = handler;
	else if (ignored_at_start[sig])
		h = IGNORE;
	else if (interactive && sig == SIGINT)
		h = handler;
	else if (interactive && (sig == SIGQUIT || sig == SIGTERM))
		h = IGNORE;
	else if (monitor_signals && (sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU))
		h = IGNORE;
	signal_set(sig, h, sig == SIGCHLD ? SA_RESTART : 0);
}

static void arm_own(void)
{
	static const int own[] = { SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU, SIGCHLD };

	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		arm(own[i]);
}

void signals_init(void)
{
	for (int sig = 1; sig < SIGNALS; sig++) {
		struct k_sigaction old = { 0 };

		SYSCALL(__NR_rt_sigaction, sig, 0, &old, 8);
		ignored_at_start[sig] = old.handler == 1 && !interactive;
	}
	arm_own();
}

void signals_monitor(bool on)
{
	monitor_signals = on;
	arm_own();
}

/* What was trapped is not any more; what was ignored still is. */
void signals_child(bool background)
{
	bool monitored = monitor_signals;

	monitor_signals = false;
	any_pending = interrupted = false;
	memset((void *)pending, 0, sizeof(pending));
	for (int sig = 0; sig < SIGNALS; sig++)
		if (traps[sig] && *traps[sig]) {
			free(traps[sig]);
			traps[sig] = NULL;
			if (sig)
				arm(sig);
		}
	arm_own();
	if (background && !monitored) {
		signal_set(SIGINT, IGNORE, 0);
		signal_set(SIGQUIT, IGNORE, 0);
	}
}

void signals_exec(void)
{
	bool was = interactive;

	interactive = monitor_signals = false;
	arm_own();
	interactive = was;
}

bool traps_pending(void)
{
	return any_pending;
}

bool have_traps(void)
{
	for (int sig = 0; sig < SIGNALS; sig++)
		if (traps[sig] && *traps[sig])
			return true;
	return false;
}

static void run_action(int sig)
{
	char *action = xstrdup(traps[sig]);	/* it may change its own */
	int status = last_status, outer = tested;

	tested = 0;
	run_string(action, false);
	tested = outer;
	if (!skip)
		last_status = status;
	free(action);
}

void traps_run(void)
{
	while (any_pending && !skip) {
		any_pending = false;
		for (int sig = 1; sig < SIGNALS; sig++)
			if (pending[sig]) {
				pending[sig] = false;
				if (traps[sig])
					run_action(sig);
			}
	}
}

void trap_exit(void)
{
	char *action = traps[0];
	int status = last_status;

	traps[0] = NULL;
	if (!action)
		return;
	skip = SKIP_NONE;
	interrupted = false;
	command_name = NULL;
	tested = 0;
	run_string(action, false);
	last_status = status;
}

int wait_signal(void)
{
	sigmask_t old;
	int got = 0;

	sigprocmask_set(SIG_SETMASK, ~0UL, &old);
	while (!any_pending && !child_changed && !interrupted)
		SYSCALL(__NR_rt_sigsuspend, &old, 8);
	child_changed = false;
	sigprocmask_set(SIG_SETMASK, old, NULL);
	for (int sig = 1; sig < SIGNALS && !got; sig++)
		got = pending[sig] ? sig : 0;
	return got ? got : interrupted ? SIGINT : 0;
}

bool wait_key(void)
{
	struct k_pollfd keyboard = { .fd = 0, .events = POLLIN };
	sigmask_t old;
	bool child;

	sigprocmask_set(SIG_BLOCK, 1UL << (SIGCHLD - 1), &old);
	while (!child_changed && SYSCALL(__NR_ppoll, &keyboard, 1, NULL, &old, 8) < 0)
		;
	child = child_changed;
	child_changed = false;
	sigprocmask_set(SIG_SETMASK, old, NULL);
	return !child;
}

int signal_by_name(const char *name)
{
	int sig = !strcmp(name, "EXIT") ? 0 : signal_number(name);

	return sig < SIGNALS ? sig : -1;
}

static void set_trap(int sig, const char *action)
{
	if (sig && ignored_at_start[sig])
		return;
	free(traps[sig]);
	traps[sig] = action ? xstrdup(action) : NULL;
	if (sig)
		arm(sig);
}

static void print_traps(void)
{
	for (int sig = 0; sig < SIGNALS; sig++)
		if (traps[sig]) {
			printf("trap -- ");
			print_quoted(traps[sig]);
			printf(" %s\n", sig ? signal_name(sig) : "EXIT");
		}
}

int do_trap(int argc, char **argv)
{
	const char *action;
	int i = 1, status = 0;

	if (i < argc && !strcmp(argv[i], "--"))
		i++;
	if (i == argc) {
		print_traps();
		return 0;
	}
	action = argv[i];
	if (argc - i == 1 || (*action >= '0' && *action <= '9' && signal_by_name(action) >= 0))
		action = NULL;		/* signals alone: reset them */
	else
		i++;
	if (action && !strcmp(action, "-"))
		action = NULL;
	for (; i < argc; i++) {
		int sig = signal_by_name(argv[i]);

		if (sig < 0) {
			complain("%s: bad trap", argv[i]);
			status = 1;
			continue;
		}
		set_trap(sig, action);
	}
	return status;
}
