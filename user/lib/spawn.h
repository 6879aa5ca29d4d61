/* SPDX-License-Identifier: MIT */
/* Other programs, for those that run some. */
#ifndef USER_SPAWN_H
#define USER_SPAWN_H

#include "tool.h"

/** start_program - @argv, found by PATH, as a child. Return: its pid. The child's status is 127 if there is no such program. */
int start_program(char **argv);
/** end_program - Wait for @pid, or any child if it is -1. Return: its status, 128 + a signal's number; -1: there is none. */
int end_program(int pid);
/** run_program - Both. */
int run_program(char **argv);

#endif
