/* SPDX-License-Identifier: MIT */
/* Scheduling policies and struct sched_attr. Source: Linux include/uapi/linux/sched.h, sched/types.h. */
#ifndef ABI_SCHED_H
#define ABI_SCHED_H

#include "abi/types.h"

#define SCHED_NORMAL	0
#define SCHED_FIFO	1
#define SCHED_RR	2
#define SCHED_BATCH	3
#define SCHED_IDLE	5
#define SCHED_DEADLINE	6
#define SCHED_RESET_ON_FORK 0x40000000	/* added to a policy */

/* Its first two versions: 48 and 56 bytes. */
struct sched_attr {
	u32 size, sched_policy;
	u64 sched_flags;
	s32 sched_nice;
	u32 sched_priority;
	u64 sched_runtime, sched_deadline, sched_period;	/* ns */
	u32 sched_util_min, sched_util_max;
};
#define SCHED_ATTR_SIZE_VER0	48
#define SCHED_ATTR_SIZE_VER1	56
#define SCHED_FLAG_RESET_ON_FORK 0x01
#define SCHED_FLAG_RECLAIM	0x02
#define SCHED_FLAG_DL_OVERRUN	0x04
#define SCHED_FLAG_KEEP_POLICY	0x08
#define SCHED_FLAG_KEEP_PARAMS	0x10
#define SCHED_FLAG_UTIL_CLAMP	0x60	/* minimum, maximum */
#define SCHED_FLAG_ALL		0x7f

#endif
