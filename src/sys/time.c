/* SPDX-License-Identifier: MIT */
/* Calls on time. */
#include "sched/sched.h"
#include "sched/sleep.h"
#include "sched/stats.h"
#include "sys/sys.h"

#include "abi/time.h"
#include "proc/itimer.h"
#include "proc/posix_timers.h"
#include "sys/timespec.h"
#include "task/cputime.h"
#include "task/pid.h"
#include "vm/uaccess.h"

int get_timespec(const struct k_timespec __user *p, u64 *ns)
{
	struct k_timespec ts;

	if (copy_from_user(&ts, p, sizeof(ts)))
		return -EFAULT;
	if (ts.sec < 0 || (u64)ts.nsec >= NSEC_PER_SEC)
		return -EINVAL;
	*ns = (u64)ts.sec > KTIME_MAX / NSEC_PER_SEC - 1 ? KTIME_MAX / 2 : ts.sec * NSEC_PER_SEC + ts.nsec;
	return 0;
}

int put_timespec(struct k_timespec __user *p, u64 ns)
{
	struct k_timespec ts = { ns / NSEC_PER_SEC, ns % NSEC_PER_SEC };

	return copy_to_user(p, &ts, sizeof(ts)) ? -EFAULT : 0;
}

static int clock_read(int id, u64 *ns)
{
	u64 u, s;

	switch (id) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		*ns = ktime_get_real_ns();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		*ns = ktime_get_ns();
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
		read_lock(&tasklist_lock);
		task_group_times(current, &u, &s);
		read_unlock(&tasklist_lock);
		*ns = u + s;
		return 0;
	case CLOCK_THREAD_CPUTIME_ID:
		*ns = task_sched_runtime(current);
		return 0;
	}
	return -EINVAL;
}

long sys_clock_gettime(int which_clock, struct k_timespec __user *tp)
{
	u64 ns;
	int err = clock_read(which_clock, &ns);

	return err ? err : put_timespec(tp, ns);
}

long sys_clock_getres(int which_clock, struct k_timespec __user *tp)
{
	u64 ns;
	int err = clock_read(which_clock, &ns);

	return err || !tp ? err : put_timespec(tp, 1);	/* timers are high-resolution ones */
}

long sys_gettimeofday(struct k_timeval __user *tv, u64 __user *tz)
{
	u64 ns = ktime_get_real_ns();
	struct k_timeval now = { ns / NSEC_PER_SEC, ns % NSEC_PER_SEC / 1000 };
	u64 none = 0;

	if (tv && copy_to_user(tv, &now, sizeof(now)))
		return -EFAULT;
	return tz && put_user(none, tz) ? -EFAULT : 0;
}

/* Sleep until @expires, monotonic; a signal leaves word of how to go on. */
static long sleep_until(struct task_struct *p)
{
	u64 now;

	while (ktime_get_ns() < p->restart.expires) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (signal_pending(p)) {
			__set_current_state(TASK_RUNNING);
			now = ktime_get_ns();
			if (now >= p->restart.expires)
				break;
			if (p->restart.rem && put_timespec(p->restart.rem, p->restart.expires - now))
				return -EFAULT;
			p->restart.fn = sleep_until;
			return -ERESTART_RESTARTBLOCK;
		}
		schedule_timeout(p->restart.expires);
		__set_current_state(TASK_RUNNING);
	}
	return 0;
}

long sys_restart_syscall(void)
{
	long (*fn)(struct task_struct *) = current->restart.fn;

	current->restart.fn = NULL;
	return fn ? fn(current) : -EINTR;
}

long sys_nanosleep(const struct k_timespec __user *rqtp, struct k_timespec __user *rmtp)
{
	u64 ns;
	int err = get_timespec(rqtp, &ns);

	if (err)
		return err;
	current->restart.expires = ktime_get_ns() + ns;
	current->restart.rem = rmtp;
	return sleep_until(current);
}

long sys_clock_nanosleep(int which_clock, int flags, const struct k_timespec __user *rqtp, struct k_timespec __user *rmtp)
{
	u64 ns, now, mono = ktime_get_ns();
	int err = clock_read(which_clock, &now);
	long ret;

	if (err || which_clock == CLOCK_THREAD_CPUTIME_ID || which_clock == CLOCK_PROCESS_CPUTIME_ID)
		return err ? err : -EOPNOTSUPP;
	err = get_timespec(rqtp, &ns);
	if (err)
		return err;
	if (flags & TIMER_ABSTIME) {
		if (ns <= now)
			return 0;
		ns -= now;
	}
	current->restart.expires = mono + ns;
	current->restart.rem = flags & TIMER_ABSTIME ? NULL : rmtp;
	ret = sleep_until(current);
	return ret == -ERESTART_RESTARTBLOCK && (flags & TIMER_ABSTIME) ? -ERESTARTNOHAND : ret;
}

struct k_itimerval {
	struct k_timeval interval, value;
};

struct k_itimerspec {
	struct k_timespec interval, value;
};

static int put_itimerspec(struct k_itimerspec __user *to, const struct itimer_ns *t)
{
	struct k_itimerspec v = {
		{ t->incr / NSEC_PER_SEC, t->incr % NSEC_PER_SEC }, { t->expires / NSEC_PER_SEC, t->expires % NSEC_PER_SEC },
	};

	return copy_to_user(to, &v, sizeof(v)) ? -EFAULT : 0;
}

long sys_timer_create(int which_clock, struct k_sigevent __user *timer_event_spec, int __user *created_timer_id)
{
	struct k_sigevent event;
	u64 ns;
	int id, err = clock_read(which_clock, &ns);

	if (err)
		return err;
	if (which_clock != CLOCK_REALTIME && which_clock != CLOCK_MONOTONIC && which_clock != CLOCK_BOOTTIME)
		return -EOPNOTSUPP;
	if (timer_event_spec && copy_from_user(&event, timer_event_spec, sizeof(event)))
		return -EFAULT;
	id = posix_timer_create(which_clock == CLOCK_REALTIME, timer_event_spec ? &event : NULL);
	if (id < 0)
		return id;
	if (put_user(id, created_timer_id)) {
		(void)!posix_timer_delete(id);
		return -EFAULT;
	}
	return 0;
}

long sys_timer_gettime(int timer_id, struct k_itimerspec __user *setting)
{
	struct itimer_ns t;
	int err = posix_timer_get(timer_id, &t);

	return err ? err : put_itimerspec(setting, &t);
}

long sys_timer_settime(int timer_id, int flags, const struct k_itimerspec __user *new_setting,
		       struct k_itimerspec __user *old_setting)
{
	struct itimer_ns new, old;
	int err = new_setting ? get_timespec(&new_setting->interval, &new.incr) : -EINVAL;

	if (!err)
		err = get_timespec(&new_setting->value, &new.expires);
	if (!err)
		err = posix_timer_set(timer_id, flags & TIMER_ABSTIME, &new, &old);
	return !err && old_setting ? put_itimerspec(old_setting, &old) : err;
}

long sys_timer_getoverrun(int timer_id)
{
	return posix_timer_getoverrun(timer_id);
}

long sys_timer_delete(int timer_id)
{
	return posix_timer_delete(timer_id);
}

static int put_itimer(struct k_itimerval __user *to, const struct itimer_ns *t)
{
	struct k_itimerval v = {
		{ t->incr / NSEC_PER_SEC, t->incr % NSEC_PER_SEC / 1000 }, { t->expires / NSEC_PER_SEC, t->expires % NSEC_PER_SEC / 1000 },
	};

	return copy_to_user(to, &v, sizeof(v)) ? -EFAULT : 0;
}

long sys_getitimer(int which, struct k_itimerval __user *value)
{
	struct itimer_ns t;

	if (which < 0 || which > ITIMER_PROF)
		return -EINVAL;
	itimer_get(which, &t);
	return put_itimer(value, &t);
}

static bool timeval_ok(const struct k_timeval *t)
{
	return t->sec >= 0 && (u64)t->usec < 1000000;
}

static u64 timeval_ns(const struct k_timeval *t)
{
	return min((u64)t->sec, KTIME_MAX / NSEC_PER_SEC / 2) * NSEC_PER_SEC + t->usec * 1000;
}

long sys_setitimer(int which, const struct k_itimerval __user *value, struct k_itimerval __user *ovalue)
{
	struct k_itimerval v = { 0 };
	struct itimer_ns old, new;

	if (value && copy_from_user(&v, value, sizeof(v)))
		return -EFAULT;
	if (which < 0 || which > ITIMER_PROF || !timeval_ok(&v.value) || !timeval_ok(&v.interval))
		return -EINVAL;
	new = (struct itimer_ns){ timeval_ns(&v.value), timeval_ns(&v.interval) };
	if (ovalue)
		itimer_get(which, &old);
	itimer_set(which, &new);
	return ovalue ? put_itimer(ovalue, &old) : 0;
}
