/* SPDX-License-Identifier: MIT */
/*
 * Interval timers, and the limits of CPU time.
 *
 * The timer of real time sends one SIGALRM, and is armed again when somebody takes that: however short its interval,
 * it costs no more than the program is able to handle. Those of CPU time, RLIMIT_CPU and RLIMIT_RTTIME are looked at by
 * the tick, while any process has one.
 *
 * Ref: setitimer(2), getrlimit(2); Linux kernel/time/itimer.c, posix-cpu-timers.c.
 */
#include "proc/itimer.h"

#include "proc/signal.h"
#include "sched/tick.h"
#include "sched/upcall.h"
#include "task/cputime.h"
#include "task/pid.h"
#include "time/hrtimer.h"
#include "time/tick.h"

static u64 it_real_fn(struct hrtimer *t)
{
	struct signal_struct *sig = container_of(t, struct signal_struct, real_timer);
	struct task_struct *p;

	read_lock(&tasklist_lock);
	p = LIST_FIRST(&sig->leader_pid->tasks[PIDTYPE_TGID]);
	if (p && p->sighand)
		send_sig_info(SIGALRM, NULL, p, true);
	read_unlock(&tasklist_lock);
	return 0;
}

void itimer_init(struct signal_struct *sig)
{
	hrtimer_init(&sig->real_timer, it_real_fn);
	spin_lock_init(&sig->itimer_lock, LOCK_ITIMER);
}

void itimer_alarm_taken(struct signal_struct *sig)
{
	struct hrtimer *t = &sig->real_timer;

	spin_lock(&sig->itimer_lock);
	if (sig->it_real_incr && !t->queued) {
		u64 now = ktime_get_ns(), late = now > t->expires ? now - t->expires : 0;

		hrtimer_start(t, t->expires + (late / sig->it_real_incr + 1) * sig->it_real_incr);
	}
	spin_unlock(&sig->itimer_lock);
}

static bool limited(const struct rlimit64 *l)
{
	return l->cur != RLIM_INFINITY || l->max != RLIM_INFINITY;
}

/* Is the tick to look at @sig? Context: siglock, or nobody else sees it. */
static void note_cpu_timers(struct signal_struct *sig)
{
	bool any = sig->it_cpu[0].expires || sig->it_cpu[1].expires || limited(&sig->rlim[RLIMIT_CPU]) ||
		   limited(&sig->rlim[RLIMIT_RTTIME]);

	if (any != sig->has_cpu_timers)
		atomic_add_return(any ? 1 : -1, &nr_cpu_timers);
	sig->has_cpu_timers = any;
}

void itimer_release(struct signal_struct *sig)
{
	hrtimer_cancel(&sig->real_timer);
	if (sig->has_cpu_timers)
		atomic_dec(&nr_cpu_timers);
}

void rlimit_cpu_changed(struct signal_struct *sig)
{
	if (!sig->rlim[RLIMIT_CPU].cur)
		sig->rlim[RLIMIT_CPU].cur = 1;
	note_cpu_timers(sig);
}

/* CPU time that counts for timer @which. Context: tasklist_lock. */
static u64 cpu_clock(int which)
{
	u64 user, system;

	task_group_times(current, &user, &system);
	return which == ITIMER_VIRTUAL ? user : user + system;
}

void itimer_get(int which, struct itimer_ns *v)
{
	struct signal_struct *sig = current->signal;
	u64 now;

	if (which == ITIMER_REAL) {
		spin_lock(&sig->itimer_lock);
		now = ktime_get_ns();
		/* A timer that has expired, but whose signal is yet to be sent, is not off. */
		*v = (struct itimer_ns){ .incr = sig->it_real_incr };
		if (sig->real_timer.queued)
			v->expires = sig->real_timer.expires > now ? sig->real_timer.expires - now : NSEC_PER_USEC;
		spin_unlock(&sig->itimer_lock);
		return;
	}
	read_lock(&tasklist_lock);
	now = cpu_clock(which);
	spin_lock_irq(&current->sighand->siglock);
	*v = sig->it_cpu[which - ITIMER_VIRTUAL];
	if (v->expires)
		v->expires = v->expires > now ? v->expires - now : TICK_NSEC;
	spin_unlock_irq(&current->sighand->siglock);
	read_unlock(&tasklist_lock);
}

void itimer_set(int which, const struct itimer_ns *v)
{
	struct signal_struct *sig = current->signal;

	if (which == ITIMER_REAL) {
		spin_lock(&sig->itimer_lock);
		hrtimer_cancel(&sig->real_timer);
		sig->it_real_incr = v->incr;
		if (v->expires)
			hrtimer_start(&sig->real_timer, ktime_get_ns() + v->expires);
		spin_unlock(&sig->itimer_lock);
		return;
	}
	read_lock(&tasklist_lock);
	spin_lock_irq(&current->sighand->siglock);
	sig->it_cpu[which - ITIMER_VIRTUAL] = (struct itimer_ns){ v->expires ? cpu_clock(which) + v->expires : 0, v->incr };
	note_cpu_timers(sig);
	spin_unlock_irq(&current->sighand->siglock);
	read_unlock(&tasklist_lock);
}

/* Has @t expired by @now? Then @t->expires is set to its next time, or to 0. */
static bool expired(struct itimer_ns *t, u64 now)
{
	if (!t->expires || now < t->expires)
		return false;
	t->expires = t->incr ? t->expires + ((now - t->expires) / t->incr + 1) * t->incr : 0;
	return true;
}

/* The hard limit kills; the soft one is told once a second, which is @second of its units. */
static int over_limit(struct rlimit64 *l, u64 now, u64 second)
{
	if (now >= l->max)
		return SIGKILL;
	if (now < l->cur)
		return 0;
	l->cur = min(now + second, l->max);
	return SIGXCPU;
}

/* How long @p has run by a real-time policy without sleeping, us. */
static u64 rt_time(struct task_struct *p)
{
	if (p->nvcsw != p->rt_run.nvcsw || (p->policy != SCHED_FIFO && p->policy != SCHED_RR))
		p->rt_run.ns = 0;
	else
		p->rt_run.ns += TICK_NSEC;
	p->rt_run.nvcsw = p->nvcsw;
	return p->rt_run.ns / NSEC_PER_USEC;
}

/*
 * The sum over the threads takes the lock of each one's run queue, in an interrupt: the group does so once a tick whatever
 * the harts that it is on, and with many threads less often, so that it takes a few percent of one hart at most.
 */
static u64 next_look(const struct signal_struct *sig, u64 now)
{
	return now + TICK_NSEC / 2 * (1 + sig->nr_threads / 128);
}

void proc_on_tick(void)
{
	struct signal_struct *sig = current->signal;
	u64 user, system, now, rt = rt_time(current);
	int signals[5] = { 0 };
	bool look;

	if (!sig || (!READ_ONCE(sig->has_cpu_timers) && !current->dl.overrun))
		return;
	now = ktime_get_ns();
	look = now >= READ_ONCE(sig->cpu_look);
	if (!look && !rt && !current->dl.overrun)
		return;
	read_lock(&tasklist_lock);
	if (current->sighand) {
		if (look)
			task_group_times(current, &user, &system);
		spin_lock(&current->sighand->siglock);
		if (look) {
			signals[0] = expired(&sig->it_cpu[0], user) ? SIGVTALRM : 0;
			signals[1] = expired(&sig->it_cpu[1], user + system) ? SIGPROF : 0;
			signals[2] = over_limit(&sig->rlim[RLIMIT_CPU], (user + system) / NSEC_PER_SEC, 1);
			sig->cpu_look = next_look(sig, now);
		}
		signals[3] = rt ? over_limit(&sig->rlim[RLIMIT_RTTIME], rt, 1000000) : 0;
		signals[4] = current->dl.overrun ? SIGXCPU : 0;
		current->dl.overrun = false;
		note_cpu_timers(sig);
		for (int i = 0; i < 5; i++)
			if (signals[i])
				send_signal_locked(signals[i], NULL, current, true);
		spin_unlock(&current->sighand->siglock);
	}
	read_unlock(&tasklist_lock);
}
