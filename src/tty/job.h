/* SPDX-License-Identifier: MIT */
/* Sessions and job control: the terminal's questions to processes. */
#ifndef TTY_JOB_H
#define TTY_JOB_H

#include "task/pid.h"

/** in_session - Is @session the current task's? Context: no lock that interrupts take. */
bool in_session(const struct pid *session);
/** find_pgrp_in_session - Group @nr of the current session, with a reference; ERR_PTR: -ESRCH, there is none; -EPERM, it is another's. */
struct pid *find_pgrp_in_session(int nr);
/** session_clear_tty - None of @session has a controlling terminal any more. Context: as in_session(). */
void session_clear_tty(struct pid *session);
/**
 * job_control - A task reads or changes the terminal, whose foreground is @fg (NULL: none).
 * Return: 0: go on; -EIO; -ERESTARTSYS: it is in the background, and its group got the stop signal @sig. Context: as in_session().
 */
int job_control(struct pid *fg, int sig);

#endif
