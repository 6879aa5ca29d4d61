/* SPDX-License-Identifier: MIT */
/*
 * Signals are sent: queued, unless they are ignored, and a thread is chosen that will take them.
 *
 * siglock of the group guards what is pending, the actions, group stops and exits. A task that sends to another one
 * holds tasklist_lock, so that p->sighand stays.
 *
 *   sigqueue.c   what waits                       kill.c         who may send to whom
 *   sighand.c    what is done at each signal      signal_take.c  a signal is taken
 *   signal_stop.c  group stops                    signal_frame.c a handler is called, and returns
 *   sigchld.c    what the parent is told
 *
 * Ref: Linux kernel/signal.c.
 */
#include "proc/signal.h"

#include "proc/signal_priv.h"
#include "sched/sched.h"
#include "smp/tracepoint.h"
#include "task/pid.h"

static bool has_pending(const struct task_struct *p)
{
	return (p->pending.signal | p->signal->shared_pending.signal) & ~p->blocked;
}

void recalc_sigpending(void)
{
	lockdep_assert_held(&current->sighand->siglock);
	if (has_pending(current) || (current->jobctl & JOBCTL_STOP_PENDING))
		set_tsk_thread_flag(current, TIF_SIGPENDING);
	else
		clear_tsk_thread_flag(current, TIF_SIGPENDING);
}

void signal_wake_up(struct task_struct *p, bool fatal)
{
	lockdep_assert_held(&p->sighand->siglock);
	set_tsk_thread_flag(p, TIF_SIGPENDING);
	if (!wake_up_state(p, TASK_INTERRUPTIBLE | (fatal ? TASK_WAKEKILL : 0))) {
		preempt_disable();
		kick_process(p);
		preempt_enable();
	}
}

bool sig_ignored(struct task_struct *p, int sig)
{
	u64 handler = p->sighand->action[sig - 1].handler;

	lockdep_assert_held(&p->sighand->siglock);
	if ((p->blocked | p->real_blocked) & sigmask(sig))
		return false;	/* blocked ones stay: the action may change */
	if (p->flags & PF_KTHREAD)
		return true;
	if ((p->signal->flags & SIGNAL_UNKILLABLE) && handler == SIG_DFL)
		return true;
	return sig_default_ignored(handler, sig);
}

/* Stop and continue cancel each other. Context: siglock. */
static noinline void cancel_opposite(int sig, struct task_struct *p)
{
	struct signal_struct *s = p->signal;
	struct sigpending dropped;
	struct task_struct *t;

	lockdep_assert_held(&p->sighand->siglock);
	init_sigpending(&dropped);
	if (sig != SIGCONT) {
		sigqueue_flush_mask(sigmask(SIGCONT), &s->shared_pending, &dropped);
		TAILQ_FOREACH(t, &s->threads, thread_node)
			sigqueue_flush_mask(sigmask(SIGCONT), &t->pending, &dropped);
	} else {
		sigqueue_flush_mask(SIG_KERNEL_STOP, &s->shared_pending, &dropped);
		TAILQ_FOREACH(t, &s->threads, thread_node) {
			sigqueue_flush_mask(SIG_KERNEL_STOP, &t->pending, &dropped);
			t->jobctl &= ~JOBCTL_STOP_PENDING;
			wake_up_state(t, __TASK_STOPPED);
		}
		if (s->flags & SIGNAL_STOP_STOPPED) {
			s->flags = (s->flags & ~SIGNAL_STOP_STOPPED) | SIGNAL_STOP_CONTINUED;
			s->group_exit_code = 0;
			s->notify_continued = true;	/* told by the first thread to run */
			set_tsk_thread_flag(p, TIF_SIGPENDING);
		}
		s->group_stop_count = 0;
	}
	flush_sigqueue(&dropped);
}

/* Return: shall the signal be queued? */
static bool prepare_signal(int sig, struct task_struct *p)
{
	if (p->signal->flags & SIGNAL_GROUP_EXIT)
		return sig == SIGKILL;
	if (sig < 32 && (sigmask(sig) & (SIG_KERNEL_STOP | sigmask(SIGCONT))))
		cancel_opposite(sig, p);
	return !sig_ignored(p, sig);
}

static bool wants_signal(int sig, struct task_struct *p)
{
	if ((p->blocked & sigmask(sig)) || (p->flags & PF_EXITING))
		return false;
	return sig == SIGKILL || p == current || !signal_pending(p);
}

/* Fatal by default and by right? */
static bool sig_fatal(struct task_struct *p, int sig)
{
	return !(sig < 32 && (sigmask(sig) & (SIG_KERNEL_IGNORE | SIG_KERNEL_STOP))) &&
	       p->sighand->action[sig - 1].handler == SIG_DFL;
}

static void complete_signal(int sig, struct task_struct *p, bool group)
{
	struct signal_struct *s = p->signal;
	struct task_struct *t = NULL, *i;

	lockdep_assert_held(&p->sighand->siglock);
	if (wants_signal(sig, p)) {
		t = p;
	} else if (group) {
		TAILQ_FOREACH(i, &s->threads, thread_node)
			if (wants_signal(sig, i)) {
				t = i;
				break;
			}
	}
	if (!t)
		return;	/* the first thread that unblocks it takes it */
	if (sig_fatal(p, sig) && !(s->flags & (SIGNAL_GROUP_EXIT | SIGNAL_UNKILLABLE)) &&
	    !(t->real_blocked & sigmask(sig)) &&
	    !(sig < 32 && (sigmask(sig) & SIG_KERNEL_COREDUMP))) {
		/* The whole group dies now. */
		s->flags = SIGNAL_GROUP_EXIT;
		s->group_exit_code = sig;
		s->group_stop_count = 0;
		TAILQ_FOREACH(i, &s->threads, thread_node) {
			i->jobctl &= ~JOBCTL_STOP_PENDING;
			i->pending.signal |= sigmask(SIGKILL);
			signal_wake_up(i, true);
		}
		return;
	}
	signal_wake_up(t, sig == SIGKILL);
}

static void trace_generate(int sig, const struct k_siginfo *info, struct task_struct *p, bool group)
{
	trace_event(TRACE_SIGNAL_GENERATE, sig, info ? (u64)info->si_code : SI_KERNEL, p->pid, group, ((u64 *)p->comm)[0],
		    ((u64 *)p->comm)[1]);
}

/* Context: siglock. */
static void queue_signal(struct sigqueue *q, int sig, struct task_struct *p, bool group)
{
	struct sigpending *pending = group ? &p->signal->shared_pending : &p->pending;

	if (q)
		TAILQ_INSERT_TAIL(&pending->list, q, list);
	pending->signal |= sigmask(sig);
	complete_signal(sig, p, group);
}

int send_signal_locked(int sig, const struct k_siginfo *info, struct task_struct *p, bool group)
{
	const struct sigpending *pending = group ? &p->signal->shared_pending : &p->pending;
	struct sigqueue *q;

	lockdep_assert_held(&p->sighand->siglock);
	if (!prepare_signal(sig, p))
		return 0;
	trace_generate(sig, info, p, group);
	if (sig < SIGRTMIN && (pending->signal & sigmask(sig)))
		return 0;	/* standard signals do not queue */
	/* Signals of the kernel's own, and of kill(), do not queue and are few: they keep their information whatever the limit. */
	q = sigqueue_alloc(p, sig < SIGRTMIN && (!info || info->si_code >= 0), GFP_ATOMIC);
	if (q) {
		q->info = info ? *info : (struct k_siginfo){ .si_code = SI_KERNEL };
		q->info.si_signo = sig;
	} else if (sig >= SIGRTMIN && info && info->si_code != SI_USER) {
		return -EAGAIN;	/* a queued signal must not lose its value silently */
	}
	queue_signal(q, sig, p, group);
	return 0;
}

void send_timer_signal(struct sigqueue *q, u32 seq, struct task_struct *p, bool group)
{
	unsigned long flags;

	spin_lock_irqsave(&p->sighand->siglock, flags);
	q->info.timer.seq = seq;
	if (sigqueue_waits(q)) {
		q->info.timer.overrun++;
	} else if (prepare_signal(q->info.si_signo, p)) {
		trace_generate(q->info.si_signo, &q->info, p, group);
		q->info.timer.overrun = 0;
		atomic_inc(&q->count);
		queue_signal(q, q->info.si_signo, p, group);
	}
	spin_unlock_irqrestore(&p->sighand->siglock, flags);
}

int send_sig_info(int sig, const struct k_siginfo *info, struct task_struct *p, bool group)
{
	unsigned long flags;
	int err;

	if (!p->sighand)
		return -ESRCH;
	spin_lock_irqsave(&p->sighand->siglock, flags);
	err = send_signal_locked(sig, info, p, group);
	spin_unlock_irqrestore(&p->sighand->siglock, flags);
	return err;
}

/* A fault cannot wait: a blocked or ignored signal becomes deadly. */
void force_sig_info(const struct k_siginfo *info)
{
	struct task_struct *p = current;
	int sig = info->si_signo;
	struct k_sigaction *a = &p->sighand->action[sig - 1];
	unsigned long flags;

	spin_lock_irqsave(&p->sighand->siglock, flags);
	if (a->handler == SIG_IGN || (p->blocked & sigmask(sig))) {
		a->handler = SIG_DFL;
		p->blocked &= ~sigmask(sig);
		recalc_sigpending();
	}
	if (a->handler == SIG_DFL)
		p->signal->flags &= ~SIGNAL_UNKILLABLE;
	send_signal_locked(sig, info, p, false);
	spin_unlock_irqrestore(&p->sighand->siglock, flags);
}

void force_fatal_sig(int sig)
{
	struct k_siginfo info = { .si_signo = sig, .si_code = SI_KERNEL };

	spin_lock_irq(&current->sighand->siglock);
	current->sighand->action[sig - 1].handler = SIG_DFL;
	current->blocked &= ~sigmask(sig);
	spin_unlock_irq(&current->sighand->siglock);
	force_sig_info(&info);
}

int zap_other_threads(struct task_struct *p)
{
	struct task_struct *t;
	int n = 0;

	lockdep_assert_held(&p->sighand->siglock);
	p->signal->group_stop_count = 0;
	TAILQ_FOREACH(t, &p->signal->threads, thread_node) {
		t->jobctl &= ~JOBCTL_STOP_PENDING;
		if (t == p)
			continue;
		n++;
		if (t->exit_state)
			continue;
		t->pending.signal |= sigmask(SIGKILL);
		signal_wake_up(t, true);
	}
	return n;
}
