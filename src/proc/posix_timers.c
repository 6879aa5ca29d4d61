/* SPDX-License-Identifier: MIT */
/*
 * POSIX timers of the wall clock and the monotonic one. As with ITIMER_REAL a timer is armed again when its signal is
 * taken, and what it missed by then is its overrun. One whose signal is ignored stands still until it is not ignored any
 * more: so no timer costs more than its program is able to handle, and none is looked at in vain.
 *
 * The signal is made with the timer, and waits in one place at most: it needs no memory when it is sent. Both are one
 * of what RLIMIT_SIGPENDING allows the user.
 *
 * signal->itimer_lock guards all but what the callback changes: a timer is cancelled, which waits for its callback,
 * before anything of it is set.
 *
 * Ref: timer_create(2), timer_settime(2), timer_getoverrun(2); Linux kernel/time/posix-timers.c.
 */
#include "proc/posix_timers.h"

#include "abi/time.h"
#include "lib/err.h"
#include "proc/signal.h"
#include "task/pid.h"
#include "time/hrtimer.h"
#include "vm/slab.h"

struct k_itimer {
	LIST_ENTRY(k_itimer) list;	/* signal->posix_timers */
	struct signal_struct *sig;	/* [I] */
	struct pid *thread;		/* [I] that gets the signal; NULL: the group */
	struct k_sigevent event;	/* [I] */
	struct sigqueue *sigq;		/* [I] a reference */
	int id;				/* [I] */
	bool realtime;			/* [I] absolute times are of the wall clock */
	struct hrtimer timer;		/* expires is right even while it is not queued */
	u64 interval;			/* ns */
	u32 seq;			/* a signal of another does not arm it */
	bool armed;			/* it was set, and not taken away */
	s64 overrun;			/* expiries so far that were not told, but one */
	int last_overrun;		/* of the signal that was taken last */
};

static u64 posix_timer_fn(struct hrtimer *h)
{
	struct k_itimer *t = container_of(h, struct k_itimer, timer);
	struct task_struct *p;

	read_lock(&tasklist_lock);
	p = t->thread ? LIST_FIRST(&t->thread->tasks[PIDTYPE_PID]) : LIST_FIRST(&t->sig->leader_pid->tasks[PIDTYPE_TGID]);
	if (p && p->sighand)
		send_timer_signal(t->sigq, t->seq, p, !t->thread);
	read_unlock(&tasklist_lock);
	return 0;
}

static struct k_itimer *find_timer(struct signal_struct *sig, int id)
{
	struct k_itimer *t;

	LIST_FOREACH(t, &sig->posix_timers, list)
		if (t->id == id)
			return t;
	return NULL;
}

/* How many intervals after it expired is the first time after @now? */
static u64 intervals(const struct k_itimer *t, u64 now)
{
	return now < t->timer.expires ? 0 : (now - t->timer.expires) / t->interval + 1;
}

/* Arm @t for the first of its times that is not over. Context: itimer_lock. */
static void rearm(struct k_itimer *t)
{
	u64 n = intervals(t, ktime_get_ns());

	t->overrun += n;
	hrtimer_start(&t->timer, t->timer.expires + n * t->interval);
}

void posix_timer_taken(struct k_siginfo *info)
{
	struct signal_struct *sig = current->signal;
	struct k_itimer *t;

	spin_lock(&sig->itimer_lock);
	t = find_timer(sig, info->timer.tid);
	if (t && t->seq == info->timer.seq && t->interval && !t->timer.queued) {
		rearm(t);
		t->last_overrun = (int)min(t->overrun, (s64)0x7fffffff);
		info->timer.overrun = (int)min((s64)t->last_overrun + info->timer.overrun, (s64)0x7fffffff);
		t->overrun = -1;
	}
	info->timer.seq = 0;
	spin_unlock(&sig->itimer_lock);
}

#define REARM_BATCH 64

void posix_timers_unignored(struct signal_struct *sig, int signo)
{
	struct k_itimer *t;
	int n = REARM_BATCH;

	/* The lock is dropped after each batch, and the list begun anew: timers that are armed by now are passed over. */
	while (n == REARM_BATCH && !LIST_EMPTY(&sig->posix_timers)) {
		n = 0;
		spin_lock(&sig->itimer_lock);
		LIST_FOREACH(t, &sig->posix_timers, list) {
			if (t->event.signo != signo || t->event.notify == SIGEV_NONE || !t->armed || !t->interval ||
			    t->timer.queued || sigqueue_waits(t->sigq))
				continue;
			rearm(t);
			if (++n == REARM_BATCH)
				break;
		}
		spin_unlock(&sig->itimer_lock);
	}
}

static void free_timer(struct k_itimer *t)
{
	hrtimer_cancel(&t->timer);
	sigqueue_put(t->sigq);
	put_pid(t->thread);
	kfree(t);
}

/* Check what @event asks for. *@thread: the thread that gets the signal, with a reference, or NULL. Return: 0, -EINVAL. */
static int check_event(const struct k_sigevent *event, struct pid **thread)
{
	struct task_struct *p;

	*thread = NULL;
	if (event->notify == SIGEV_NONE)
		return 0;
	if ((event->notify & ~SIGEV_THREAD_ID) != SIGEV_SIGNAL && event->notify != SIGEV_THREAD)
		return -EINVAL;
	if (event->signo < 1 || event->signo > _NSIG)
		return -EINVAL;
	if (!(event->notify & SIGEV_THREAD_ID))
		return 0;
	/* The number and its thread are looked up under one hold of the lock, or the number may go to another process in between. */
	read_lock(&tasklist_lock);
	p = find_task_by_vpid(event->tid);
	if (p && p->signal == current->signal)
		*thread = find_get_pid(event->tid);
	read_unlock(&tasklist_lock);
	return *thread ? 0 : -EINVAL;
}

int posix_timer_create(bool realtime, const struct k_sigevent *event)
{
	struct signal_struct *sig = current->signal;
	struct k_itimer *t = kzalloc(sizeof(*t), GFP_KERNEL);
	int err, id;

	if (!t)
		return -EAGAIN;
	if (event)
		t->event = *event;
	else
		t->event.signo = SIGALRM;
	err = check_event(&t->event, &t->thread);
	if (err) {
		kfree(t);
		return err;
	}
	t->sigq = timer_sigqueue_alloc();
	if (!t->sigq) {
		put_pid(t->thread);
		kfree(t);
		return -EAGAIN;
	}
	t->sig = sig;
	t->realtime = realtime;
	hrtimer_init(&t->timer, posix_timer_fn);
	spin_lock(&sig->itimer_lock);
	do {
		id = sig->next_timer_id;
		sig->next_timer_id = id == 0x7fffffff ? 0 : id + 1;
	} while (find_timer(sig, id));
	t->id = id;
	if (!event)
		t->event.value = id;
	t->sigq->info = (struct k_siginfo){ .si_signo = t->event.signo, .si_code = SI_TIMER,
					    .timer = { .tid = id, .value = t->event.value } };
	LIST_INSERT_HEAD(&sig->posix_timers, t, list);
	spin_unlock(&sig->itimer_lock);
	return id;		/* another thread may have deleted it by now */
}

/* Context: itimer_lock. */
static void read_timer(struct k_itimer *t, struct itimer_ns *v)
{
	u64 now = ktime_get_ns(), at = t->timer.expires;

	*v = (struct itimer_ns){ .incr = t->interval };
	if (!t->armed)
		return;
	if (t->interval && !t->timer.queued)	/* its signal waits, or there is none */
		at += intervals(t, now) * t->interval;
	if (at > now)
		v->expires = at - now;
	else if (t->event.notify != SIGEV_NONE && t->timer.queued)
		v->expires = 1;
}

int posix_timer_get(int id, struct itimer_ns *v)
{
	struct signal_struct *sig = current->signal;
	struct k_itimer *t;

	spin_lock(&sig->itimer_lock);
	t = find_timer(sig, id);
	if (t)
		read_timer(t, v);
	spin_unlock(&sig->itimer_lock);
	return t ? 0 : -EINVAL;
}

int posix_timer_set(int id, bool absolute, const struct itimer_ns *new, struct itimer_ns *old)
{
	struct signal_struct *sig = current->signal;
	u64 now, at = new->expires;
	struct k_itimer *t;

	spin_lock(&sig->itimer_lock);
	t = find_timer(sig, id);
	if (!t) {
		spin_unlock(&sig->itimer_lock);
		return -EINVAL;
	}
	read_timer(t, old);
	hrtimer_cancel(&t->timer);
	now = ktime_get_ns();
	t->seq++;
	t->overrun = -1;
	t->last_overrun = 0;
	t->interval = at ? new->incr : 0;
	t->armed = at;
	if (at) {
		u64 offset = t->realtime ? ktime_get_real_ns() - now : 0;

		at = !absolute ? now + at : at > offset ? at - offset : 0;
		t->timer.expires = at;
		if (t->event.notify != SIGEV_NONE)
			hrtimer_start(&t->timer, at);
	}
	spin_unlock(&sig->itimer_lock);
	return 0;
}

int posix_timer_getoverrun(int id)
{
	struct signal_struct *sig = current->signal;
	struct k_itimer *t;
	int n = -EINVAL;

	spin_lock(&sig->itimer_lock);
	t = find_timer(sig, id);
	if (t)
		n = t->last_overrun;
	spin_unlock(&sig->itimer_lock);
	return n;
}

int posix_timer_delete(int id)
{
	struct signal_struct *sig = current->signal;
	struct k_itimer *t;

	spin_lock(&sig->itimer_lock);
	t = find_timer(sig, id);
	if (t)
		LIST_REMOVE(t, list);
	spin_unlock(&sig->itimer_lock);
	if (!t)
		return -EINVAL;
	free_timer(t);
	return 0;
}

void posix_timers_exit(struct signal_struct *sig)
{
	struct k_itimer *t;

	while ((t = LIST_FIRST(&sig->posix_timers))) {
		LIST_REMOVE(t, list);
		free_timer(t);
	}
}
