/* SPDX-License-Identifier: MIT */
/* sh [-l] [OPTIONS] [-c COMMAND [NAME ARGS...] | [-s] | FILE ARGS...] */
#include "sh.h"

static const char usage_text[] = "sh [-aefnuvxCilms] [-o NAME] [-c COMMAND [NAME ARGS...] | FILE ARGS...]";

static int open_own(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), own;

	if (fd < 0)
		return -1;
	own = fcntl(fd, F_DUPFD_CLOEXEC, 10);	/* below are the script's */
	close(fd);
	return own;
}

void push_file(int fd)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 10);

	close(fd);
	push_fd(own);
}

/* Settings of a login shell, if there are any. */
static void run_profile(const char *path)
{
	int depth = input_depth(), fd = open_own(path);

	if (fd < 0)
		return;
	push_fd(fd);
	run_source(depth, false);
	skip = SKIP_NONE;
}

static void run_profiles(void)
{
	const char *home = var_get("HOME");

	run_profile("/etc/profile");
	if (home)
		run_profile(expand_prompt("$HOME/.profile"));
}

int main(int argc, char **argv)
{
	bool c = false, login = argv[0][0] == '-';
	const char *command = NULL;
	int i, fd;

	trouble = 2;	/* of a usage error */
	if (argc == 2 && !strcmp(argv[1], "--help"))
		usage(usage_text);
	shell_pid = getpid();
	params.name = argv[0];
	vars_init();
	i = options_parse(argc, argv, true, &c, &login);
	if (i < 0 || (c && i == argc))
		usage(usage_text);
	if (c)
		command = argv[i++];
	if (c && i < argc)
		params.name = argv[i++];
	else if (!c && !opt_stdin && i < argc)
		params.name = argv[i];
	interactive = opt_interactive || (!c && (opt_stdin || i == argc) && isatty(0) && isatty(1));
	opt_interactive = interactive;
	signals_init();
	if (interactive) {
		opt_monitor = true;
		monitor_set(true);
	}
	if (login)
		run_profiles();
	if (c) {
		params_set(argc - i, argv + i);
		push_string(command, NULL);
	} else if (!opt_stdin && i < argc) {
		fd = open_own(argv[i]);
		if (fd < 0) {
			fprintf(stderr, "%s: 0: cannot open %s: %s\n", argv[0], argv[i], strerror(errno));
			exit(STATUS_ERROR);
		}
		params_set(argc - i - 1, argv + i + 1);
		push_fd(fd);
	} else {
		params_set(argc - i, argv + i);
		if (interactive && isatty(0)) {
			printf("Hartwood. \"help\" tells what the shell knows, \"ls /bin\" what there is.\n");
			push_terminal();
		} else {
			push_fd(0);
		}
		opt_stdin = true;
	}
	run_source(0, c);
	shell_exit(last_status);
}
