/* SPDX-License-Identifier: MIT */
/* Offsets into task_struct for switch.S; core.c asserts them. */
#ifndef SCHED_OFFSETS_H
#define SCHED_OFFSETS_H

#define TASK_THREAD 32

#endif
