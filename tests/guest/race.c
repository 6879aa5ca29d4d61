/* SPDX-License-Identifier: MIT */
/*
 * Not a test, but what one looks for: a counter that two threads count up, each reading, thinking
 * and writing. Status 1: a step was lost.
 */
#include <stdio.h>

#include "thread.h"

#define STEPS 20

static volatile int counter;

static void count(void *arg)
{
	(void)arg;
	for (int i = 0; i < STEPS; i++) {
		int seen = counter;

		for (volatile int think = 0; think < 3; think++)
			;
		counter = seen + 1;
		SYSCALL(__NR_sched_yield);
		for (volatile int rest = 0; rest < 1000; rest++)
			;
	}
}

int main(void)
{
	for (int i = 0; i < 2; i++)
		start(&threads[i], count, NULL);
	for (int i = 0; i < 2; i++)
		join(&threads[i]);
	printf("%d of %d steps\n", counter, 2 * STEPS);
	return counter != 2 * STEPS;
}
