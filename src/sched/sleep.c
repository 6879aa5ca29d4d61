/* SPDX-License-Identifier: MIT */
/* To sleep for a time, or until another task sleeps. */
#include "sched/sleep.h"

#include "sched/sched.h"
#include "time/hrtimer.h"

struct sleep_timer {
	struct hrtimer timer;
	struct task_struct *task;
};

static u64 wake_sleeper(struct hrtimer *t)
{
	struct sleep_timer *s = container_of(t, struct sleep_timer, timer);
	struct task_struct *p = s->task;

	WRITE_ONCE(s->task, NULL);
	wake_up_process(p);
	return 0;
}

bool schedule_timeout(u64 expires)
{
	struct sleep_timer s = { .task = current };

	if (expires >= KTIME_MAX) {
		schedule();
		return true;
	}
	hrtimer_init(&s.timer, wake_sleeper);
	hrtimer_start(&s.timer, expires);
	schedule();
	hrtimer_cancel(&s.timer);
	return READ_ONCE(s.task) != NULL;
}

void wait_task_inactive(struct task_struct *p)
{
	while (READ_ONCE(p->on_rq) || smp_load_acquire(&p->on_cpu)) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule_timeout(ktime_get_ns() + NSEC_PER_MSEC);
	}
}
