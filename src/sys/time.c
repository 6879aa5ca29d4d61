/* SPDX-License-Identifier: MIT */
/* Calls on time. */
#include "sys/sys.h"

#include "proc/posix_timers.h"

#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID 3
#define CLOCK_MONOTONIC_RAW 4
#define CLOCK_REALTIME_COARSE 5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME 7
#define TIMER_ABSTIME 1

int get_timespec(const void __user *p, u64 *ns)
{
	struct k_timespec ts;

	if (copy_from_user(&ts, p, sizeof(ts)))
		return -EFAULT;
	if (ts.sec < 0 || (u64)ts.nsec >= NSEC_PER_SEC)
		return -EINVAL;
	*ns = (u64)ts.sec > KTIME_MAX / NSEC_PER_SEC - 1 ? KTIME_MAX / 2 : ts.sec * NSEC_PER_SEC + ts.nsec;
	return 0;
}

int put_timespec(void __user *p, u64 ns)
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

long sys_clock_gettime(struct pt_regs *r)
{
	u64 ns;
	int err = clock_read(r->a0, &ns);

	return err ? err : put_timespec((void __user *)r->a1, ns);
}

long sys_clock_getres(struct pt_regs *r)
{
	u64 ns;
	int err = clock_read(r->a0, &ns);

	return err || !r->a1 ? err : put_timespec((void __user *)r->a1, 1);	/* timers are high-resolution ones */
}

long sys_gettimeofday(struct pt_regs *r)
{
	u64 ns = ktime_get_real_ns();
	struct k_timeval tv = { ns / NSEC_PER_SEC, ns % NSEC_PER_SEC / 1000 };
	u64 tz = 0;

	if (r->a0 && copy_to_user((void __user *)r->a0, &tv, sizeof(tv)))
		return -EFAULT;
	return r->a1 && copy_to_user((void __user *)r->a1, &tz, sizeof(tz)) ? -EFAULT : 0;
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

long sys_restart_syscall(struct pt_regs *r)
{
	long (*fn)(struct task_struct *) = current->restart.fn;

	(void)r;
	current->restart.fn = NULL;
	return fn ? fn(current) : -EINTR;
}

long sys_nanosleep(struct pt_regs *r)
{
	u64 ns;
	int err = get_timespec((void __user *)r->a0, &ns);

	if (err)
		return err;
	current->restart.expires = ktime_get_ns() + ns;
	current->restart.rem = (void __user *)r->a1;
	return sleep_until(current);
}

long sys_clock_nanosleep(struct pt_regs *r)
{
	u64 ns, now, mono = ktime_get_ns();
	int err = clock_read(r->a0, &now);
	long ret;

	if (err || r->a0 == CLOCK_THREAD_CPUTIME_ID || r->a0 == CLOCK_PROCESS_CPUTIME_ID)
		return err ? err : -EOPNOTSUPP;
	err = get_timespec((void __user *)r->a2, &ns);
	if (err)
		return err;
	if (r->a1 & TIMER_ABSTIME) {
		if (ns <= now)
			return 0;
		ns -= now;
	}
	current->restart.expires = mono + ns;
	current->restart.rem = r->a1 & TIMER_ABSTIME ? NULL : (void __user *)r->a3;
	ret = sleep_until(current);
	return ret == -ERESTART_RESTARTBLOCK && (r->a1 & TIMER_ABSTIME) ? -ERESTARTNOHAND : ret;
}

struct k_itimerval {
	struct k_timeval interval, value;
};

struct k_itimerspec {
	struct k_timespec interval, value;
};

static int put_itimerspec(unsigned long to, const struct itimer_ns *t)
{
	struct k_itimerspec v = {
		{ t->incr / NSEC_PER_SEC, t->incr % NSEC_PER_SEC }, { t->expires / NSEC_PER_SEC, t->expires % NSEC_PER_SEC },
	};

	return copy_to_user((void __user *)to, &v, sizeof(v)) ? -EFAULT : 0;
}

long sys_timer_create(struct pt_regs *r)
{
	struct k_sigevent event;
	u64 ns;
	int id, err = clock_read(r->a0, &ns);

	if (err)
		return err;
	if (r->a0 != CLOCK_REALTIME && r->a0 != CLOCK_MONOTONIC && r->a0 != CLOCK_BOOTTIME)
		return -EOPNOTSUPP;
	if (r->a1 && copy_from_user(&event, (void __user *)r->a1, sizeof(event)))
		return -EFAULT;
	id = posix_timer_create(r->a0 == CLOCK_REALTIME, r->a1 ? &event : NULL);
	if (id < 0)
		return id;
	if (put_user(id, (int __user *)r->a2)) {
		(void)!posix_timer_delete(id);
		return -EFAULT;
	}
	return 0;
}

long sys_timer_gettime(struct pt_regs *r)
{
	struct itimer_ns t;
	int err = posix_timer_get(r->a0, &t);

	return err ? err : put_itimerspec(r->a1, &t);
}

long sys_timer_settime(struct pt_regs *r)
{
	struct itimer_ns new, old;
	int err = r->a2 ? get_timespec((void __user *)r->a2, &new.incr) : -EINVAL;

	if (!err)
		err = get_timespec((void __user *)(r->a2 + sizeof(struct k_timespec)), &new.expires);
	if (!err)
		err = posix_timer_set(r->a0, r->a1 & TIMER_ABSTIME, &new, &old);
	return !err && r->a3 ? put_itimerspec(r->a3, &old) : err;
}

long sys_timer_getoverrun(struct pt_regs *r)
{
	return posix_timer_getoverrun(r->a0);
}

long sys_timer_delete(struct pt_regs *r)
{
	return posix_timer_delete(r->a0);
}

static int put_itimer(unsigned long to, const struct itimer_ns *t)
{
	struct k_itimerval v = {
		{ t->incr / NSEC_PER_SEC, t->incr % NSEC_PER_SEC / 1000 }, { t->expires / NSEC_PER_SEC, t->expires % NSEC_PER_SEC / 1000 },
	};

	return copy_to_user((void __user *)to, &v, sizeof(v)) ? -EFAULT : 0;
}

long sys_getitimer(struct pt_regs *r)
{
	struct itimer_ns t;

	if (r->a0 > ITIMER_PROF)
		return -EINVAL;
	itimer_get(r->a0, &t);
	return put_itimer(r->a1, &t);
}

static bool timeval_ok(const struct k_timeval *t)
{
	return t->sec >= 0 && (u64)t->usec < 1000000;
}

static u64 timeval_ns(const struct k_timeval *t)
{
	return min((u64)t->sec, KTIME_MAX / NSEC_PER_SEC / 2) * NSEC_PER_SEC + t->usec * 1000;
}

long sys_setitimer(struct pt_regs *r)
{
	struct k_itimerval v = { 0 };
	struct itimer_ns old, new;

	if (r->a1 && copy_from_user(&v, (void __user *)r->a1, sizeof(v)))
		return -EFAULT;
	if (r->a0 > ITIMER_PROF || !timeval_ok(&v.value) || !timeval_ok(&v.interval))
		return -EINVAL;
	new = (struct itimer_ns){ timeval_ns(&v.value), timeval_ns(&v.interval) };
	if (r->a2)
		itimer_get(r->a0, &old);
	itimer_set(r->a0, &new);
	return r->a2 ? put_itimer(r->a2, &old) : 0;
}
