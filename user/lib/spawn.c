/* SPDX-License-Identifier: MIT */
#include "spawn.h"

int start_program(char **argv)
{
	int pid, error;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid)
		return pid;
	execvp(argv[0], argv);
	error = errno;
	complain(argv[0]);
	fflush(stderr);
	_exit(error == ENOENT ? 127 : 126);
}

int end_program(int pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int run_program(char **argv)
{
	return end_program(start_program(argv));
}
