/* SPDX-License-Identifier: MIT */
/* The simulator's current task. Stands before src/smp/thread_info.h. */
#ifndef SMP_THREAD_INFO_H
#define SMP_THREAD_INFO_H

#include "lib/atomic.h"

#define TIF_SIGPENDING	 0
#define TIF_NEED_RESCHED 1

struct thread_info {
	unsigned long flags;
	u32 preempt_count;
	u32 cpu;
	unsigned long kernel_sp;
	unsigned long user_sp;
};

extern struct thread_info *sim_current;

static inline struct thread_info *current_thread_info(void)
{
	return sim_current;
}

static inline unsigned int smp_processor_id(void)
{
	return READ_ONCE(current_thread_info()->cpu);
}

static inline bool test_thread_flag(unsigned int flag)
{
	return test_bit(flag, &current_thread_info()->flags);
}

#endif
