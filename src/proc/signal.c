/* SPDX-License-Identifier: MIT */
/*
 * Signals: sending, choosing who takes them, stops. The frame on the user stack
 * is signal_frame.c's.
 *
 * siglock of the group guards what is pending, the actions, group stops and
 * exits. Who sends to another task holds tasklist_lock, so that p->sighand
 * stays. Ref: Linux kernel/signal.c.
 */
#include "proc/signal.h"

#include <string.h>

#include "fs/upcall.h"
#include "proc/exit.h"
#include "proc/itimer.h"
#include "proc/orphaned_pgrp.h"
#include "proc/posix_timers.h"
#include "proc/signal_priv.h"
#include "sched/sched.h"
#include "sched/sleep.h"
#include "smp/tracepoint.h"
#include "task/cputime.h"
#include "task/cred.h"
#include "task/pid.h"
#include "task/user.h"
#include "vm/slab.h"
#include "vm/vdso.h"

static struct kmem_cache *sigqueue_cache;

void __init signal_init(void)
{
	sigqueue_cache = kmem_cache_create("sigqueue", sizeof(struct sigqueue));
	vdso_init();
}

void init_sigpending(struct sigpending *s)
{
	s->signal = 0;
	TAILQ_INIT(&s->list);
}

/*
 * A place for a signal to @p, on the account of its user: within @p's limit, unless it @must be had.
 * Context: siglock of @p, or it is the current task.
 */
static struct sigqueue *sigqueue_alloc(struct task_struct *p, bool must, gfp_t gfp)
{
	struct user_struct *user = get_task_user(p);
	u64 nr = atomic_inc_return(&user->sigpending);
	struct sigqueue *q = NULL;

	if (must || nr <= READ_ONCE(p->signal->rlim[RLIMIT_SIGPENDING].cur))
		q = kmem_cache_alloc(sigqueue_cache, gfp);
	if (!q) {
		atomic_dec(&user->sigpending);
		free_uid(user);
		return NULL;
	}
	q->user = user;
	q->of_timer = false;
	atomic_set(&q->count, 1);
	return q;
}

struct sigqueue *timer_sigqueue_alloc(void)
{
	struct sigqueue *q = sigqueue_alloc(current, false, GFP_KERNEL);

	if (q)
		q->of_timer = true;
	return q;
}

void sigqueue_put(struct sigqueue *q)
{
	if (!atomic_dec_and_test(&q->count))
		return;
	atomic_dec(&q->user->sigpending);
	free_uid(q->user);
	kmem_cache_free(sigqueue_cache, q);
}

static void drop_sigqueue(struct sigpending *s, struct sigqueue *q)
{
	TAILQ_REMOVE(&s->list, q, list);
	sigqueue_put(q);
}

void flush_sigqueue(struct sigpending *s)
{
	struct sigqueue *q;

	while ((q = TAILQ_FIRST(&s->list)))
		drop_sigqueue(s, q);
	s->signal = 0;
}

void move_sigqueue(struct sigpending *from, struct sigpending *to)
{
	TAILQ_CONCAT(&to->list, &from->list, list);
	from->signal = 0;
}

/* The signals of @mask do not wait any more; what is left of them goes to @dropped. A timer's are free to wait again at once. */
static void flush_mask(u64 mask, struct sigpending *s, struct sigpending *dropped)
{
	struct sigqueue *q, *next;

	if (!(s->signal & mask))
		return;
	s->signal &= ~mask;
	for (q = TAILQ_FIRST(&s->list); q; q = next) {
		next = TAILQ_NEXT(q, list);
		if (!(sigmask(q->info.si_signo) & mask))
			continue;
		if (q->of_timer) {
			drop_sigqueue(s, q);
			continue;
		}
		TAILQ_REMOVE(&s->list, q, list);
		TAILQ_INSERT_TAIL(&dropped->list, q, list);
	}
}

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

static bool sig_default_ignored(u64 handler, int sig)
{
	return handler == SIG_IGN || (handler == SIG_DFL && (sigmask(sig) & SIG_KERNEL_IGNORE) && sig < 32);
}

/* Would @sig do nothing to @p? */
static bool sig_ignored(struct task_struct *p, int sig)
{
	u64 handler = p->sighand->action[sig - 1].handler;

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

	init_sigpending(&dropped);
	if (sig != SIGCONT) {
		flush_mask(sigmask(SIGCONT), &s->shared_pending, &dropped);
		TAILQ_FOREACH(t, &s->threads, thread_node)
			flush_mask(sigmask(SIGCONT), &t->pending, &dropped);
	} else {
		flush_mask(SIG_KERNEL_STOP, &s->shared_pending, &dropped);
		TAILQ_FOREACH(t, &s->threads, thread_node) {
			flush_mask(SIG_KERNEL_STOP, &t->pending, &dropped);
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
		return;	/* whoever unblocks it first takes it */
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
	/* So those of the kernel's own, and of kill(), are few: they keep their information whatever the limit. */
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

/* May the current task signal @p? */
static int check_kill_permission(int sig, struct task_struct *p)
{
	const struct cred *c = current_cred(), *t;
	int err = 0;

	if (p->signal == current->signal)
		return 0;
	t = get_task_cred(p);
	if (c->euid != t->suid && c->euid != t->uid && c->uid != t->suid && c->uid != t->uid &&
	    !capable(CAP_KILL) && !(sig == SIGCONT && task_session(p) == task_session(current)))
		err = -EPERM;
	put_cred(t);
	return err;
}

static struct k_siginfo user_info(int sig, int code)
{
	return (struct k_siginfo){ .si_signo = sig, .si_code = code,
				   .rt = { .pid = current->tgid, .uid = current_cred()->uid } };
}

int group_send_sig(int sig, struct task_struct *p)
{
	struct k_siginfo info = user_info(sig, SI_USER);
	int err = check_kill_permission(sig, p);

	lockdep_assert_held(&tasklist_lock);
	return err || !sig ? err : send_sig_info(sig, &info, p, true);
}

int kill_pgrp_info(int sig, const struct k_siginfo *info, struct pid *pgrp)
{
	struct task_struct *p;
	int err = -ESRCH;

	lockdep_assert_held(&tasklist_lock);
	LIST_FOREACH(p, &pgrp->tasks[PIDTYPE_PGID], pid_links[PIDTYPE_PGID]) {
		int e = info ? send_sig_info(sig, info, p, true) : group_send_sig(sig, p);

		err = err && e ? e : 0;
	}
	return err;
}

void kill_pgrp(struct pid *pgrp, int sig)
{
	struct k_siginfo info = { .si_signo = sig, .si_code = SI_KERNEL };

	read_lock(&tasklist_lock);
	kill_pgrp_info(sig, &info, pgrp);
	read_unlock(&tasklist_lock);
}

int do_kill(int nr, int sig)
{
	struct task_struct *p;
	struct pid *pid = NULL;
	int err = -ESRCH;

	if (sig < 0 || sig > _NSIG)
		return -EINVAL;
	if (nr == (int)0x80000000)
		return -ESRCH;
	if (nr < -1)
		pid = find_get_pid(-nr);
	read_lock(&tasklist_lock);
	if (nr > 0) {
		p = find_task_by_vpid(nr);
		if (p)
			err = group_send_sig(sig, p);
	} else if (nr == -1) {
		LIST_FOREACH(p, &all_tasks, tasks)
			if (p->pid > 1 && p->tgid != current->tgid && !(p->flags & PF_KTHREAD)) {
				int e = group_send_sig(sig, p);

				if (err == -ESRCH || e != -EPERM)
					err = e == -EPERM ? 0 : e;	/* as Linux: whom we may not signal is no error */
			}
	} else {
		struct pid *pgrp = nr ? pid : task_pgrp(current);

		if (pgrp)
			err = kill_pgrp_info(sig, NULL, pgrp);
	}
	read_unlock(&tasklist_lock);
	put_pid(pid);
	return err;
}

/* To the thread @nr, which is to be of @tgid (-1: of any), or (@group) to its group. */
static int send_to(int tgid, int nr, int sig, const struct k_siginfo *info, bool group)
{
	struct task_struct *p;
	int err = -ESRCH;

	if (sig < 0 || sig > _NSIG)
		return -EINVAL;
	read_lock(&tasklist_lock);
	p = find_task_by_vpid(nr);
	if (p && (tgid < 0 || p->tgid == tgid)) {
		err = check_kill_permission(sig, p);
		if (!err && sig)
			err = send_sig_info(sig, info, p, group);
	}
	read_unlock(&tasklist_lock);
	return err;
}

int do_tkill(int tgid, int nr, int sig)
{
	struct k_siginfo info = user_info(sig, SI_TKILL);

	return nr <= 0 || tgid == 0 || tgid < -1 ? -EINVAL : send_to(tgid, nr, sig, &info, false);
}

/* Only to itself may a thread tell what looks as if the kernel, or kill(), had sent it. */
static bool may_tell(const struct k_siginfo *info, int to)
{
	return (info->si_code < 0 && info->si_code != SI_TKILL) || to == current->pid;
}

int do_sigqueue(int nr, int sig, const struct k_siginfo *info)
{
	return may_tell(info, nr) ? send_to(-1, nr, sig, info, true) : -EPERM;
}

int do_tgsigqueue(int tgid, int nr, int sig, const struct k_siginfo *info)
{
	if (tgid <= 0 || nr <= 0)
		return -EINVAL;
	return may_tell(info, nr) ? send_to(tgid, nr, sig, info, false) : -EPERM;
}

/* Context: siglock. */
static inline void swap_action(int sig, const struct k_sigaction *act, struct k_sigaction *oact)
{
	struct k_sigaction *a = &current->sighand->action[sig - 1];

	if (oact)
		*oact = *a;
	if (act) {
		*a = *act;
		a->mask &= ~SIG_KERNEL_ONLY;
	}
}

/* @act ignores: what waits goes. The list of threads wants tasklist_lock. */
static noinline void ignore_signal(int sig, const struct k_sigaction *act, struct k_sigaction *oact)
{
	struct sigpending dropped;
	struct task_struct *t;

	init_sigpending(&dropped);
	read_lock(&tasklist_lock);
	spin_lock_irq(&current->sighand->siglock);
	swap_action(sig, act, oact);
	flush_mask(sigmask(sig), &current->signal->shared_pending, &dropped);
	TAILQ_FOREACH(t, &current->signal->threads, thread_node)
		flush_mask(sigmask(sig), &t->pending, &dropped);
	spin_unlock_irq(&current->sighand->siglock);
	read_unlock(&tasklist_lock);
	flush_sigqueue(&dropped);
}

int do_sigaction(int sig, const struct k_sigaction *act, struct k_sigaction *oact)
{
	if (sig < 1 || sig > _NSIG || (act && sig <= 31 && (sigmask(sig) & SIG_KERNEL_ONLY)))
		return -EINVAL;
	if (act && sig_default_ignored(act->handler, sig)) {
		ignore_signal(sig, act, oact);
		return 0;
	}
	spin_lock_irq(&current->sighand->siglock);
	swap_action(sig, act, oact);
	spin_unlock_irq(&current->sighand->siglock);
	if (act && !LIST_EMPTY(&current->signal->posix_timers))
		posix_timers_unignored(current->signal, sig);
	return 0;
}

void set_current_blocked(u64 set)
{
	spin_lock_irq(&current->sighand->siglock);
	current->blocked = set & ~SIG_KERNEL_ONLY;
	recalc_sigpending();
	/* What we no longer take may be taken by another thread of the group. */
	if (current->signal->shared_pending.signal & current->blocked) {
		struct task_struct *t;

		TAILQ_FOREACH(t, &current->signal->threads, thread_node)
			if (t != current && !(t->flags & PF_EXITING) &&
			    (current->signal->shared_pending.signal & current->blocked & ~t->blocked))
				signal_wake_up(t, false);
	}
	spin_unlock_irq(&current->sighand->siglock);
}

/* Take the first signal of @s that is in @want: faults' first, then by number. */
static int dequeue_from(struct sigpending *s, u64 want, struct k_siginfo *info, bool *of_timer)
{
	static const u64 synchronous = sigmask(SIGSEGV) | sigmask(SIGBUS) | sigmask(SIGILL) |
				       sigmask(SIGTRAP) | sigmask(SIGFPE) | sigmask(SIGSYS);
	u64 ready = s->signal & want;
	struct sigqueue *q, *found = NULL;
	bool more = false;
	int sig;

	if (!ready)
		return 0;
	if (ready & synchronous)
		ready &= synchronous;
	sig = __builtin_ctzl(ready) + 1;
	TAILQ_FOREACH(q, &s->list, list)
		if (q->info.si_signo == sig) {
			if (found) {
				more = true;
				break;
			}
			found = q;
		}
	if (!more)
		s->signal &= ~sigmask(sig);
	if (found) {
		*info = found->info;
		*of_timer = found->of_timer;
		drop_sigqueue(s, found);
	} else {
		*info = (struct k_siginfo){ .si_signo = sig, .si_code = SI_USER };
	}
	return sig;
}

/* Take a pending signal that is not in @mask. Context: siglock. */
static int dequeue_signal(u64 mask, struct k_siginfo *info, bool *of_timer)
{
	int sig;

	*of_timer = false;
	sig = dequeue_from(&current->pending, ~mask, info, of_timer);
	if (!sig)
		sig = dequeue_from(&current->signal->shared_pending, ~mask, info, of_timer);
	recalc_sigpending();
	return sig;
}

/* A timer goes on when its signal is taken. */
static void taken_from_timer(int sig, struct k_siginfo *info, bool of_timer)
{
	if (sig == SIGALRM)
		itimer_alarm_taken(current->signal);
	if (of_timer)
		posix_timer_taken(info);
}

/* Tell the parent that its child stopped or went on. Context: tasklist_lock. */
static void do_notify_parent_cldstop(struct task_struct *p, int why)
{
	struct task_struct *leader = p->group_leader, *parent = task_parent(leader);
	struct k_siginfo info = { .si_signo = SIGCHLD, .si_code = why,
				  .chld = { .pid = leader->pid, .uid = task_uid(leader) } };
	struct k_sigaction *a = &parent->sighand->action[SIGCHLD - 1];

	info.chld.status = why == CLD_CONTINUED ? SIGCONT : p->signal->group_exit_code & 0x7f;
	if (a->handler != SIG_IGN && !(a->flags & SA_NOCLDSTOP))
		send_sig_info(SIGCHLD, &info, parent, true);
	__wake_up(&parent->signal->wait_chldexit, TASK_INTERRUPTIBLE, 0);
}

/* Take part in a group stop, begun here if @sig. Entered with siglock, leaves without. */
static void do_signal_stop(int sig) __no_lock_analysis
{
	struct signal_struct *s = current->signal;
	struct task_struct *t;
	bool last;

	if (!(current->jobctl & JOBCTL_STOP_PENDING)) {
		if ((s->flags & SIGNAL_GROUP_EXIT) || s->group_exec_task) {
			spin_unlock_irq(&current->sighand->siglock);
			return;
		}
		if (!(s->flags & SIGNAL_STOP_STOPPED))
			s->group_exit_code = sig;
		s->group_stop_count = 0;
		TAILQ_FOREACH(t, &s->threads, thread_node) {
			if (t->flags & PF_EXITING)
				continue;
			t->jobctl |= JOBCTL_STOP_PENDING;
			s->group_stop_count++;
			if (t != current)
				signal_wake_up(t, false);
		}
	}
	current->jobctl &= ~JOBCTL_STOP_PENDING;
	last = s->group_stop_count && --s->group_stop_count == 0;
	if (last) {
		s->flags = (s->flags & ~SIGNAL_STOP_CONTINUED) | SIGNAL_STOP_STOPPED;
	}
	set_current_state(TASK_STOPPED);
	recalc_sigpending();
	spin_unlock_irq(&current->sighand->siglock);
	if (last) {
		read_lock(&tasklist_lock);
		do_notify_parent_cldstop(current, CLD_STOPPED);
		read_unlock(&tasklist_lock);
	}
	schedule();
}

/* do_signal_stop() drops siglock: beyond the analysis. */
bool get_signal(struct ksignal *ksig) __no_lock_analysis
{
	struct signal_struct *s = current->signal;

	for (;;) {
		struct k_sigaction *a;
		int sig;

		spin_lock_irq(&current->sighand->siglock);
		if (s->notify_continued) {
			s->notify_continued = false;
			spin_unlock_irq(&current->sighand->siglock);
			read_lock(&tasklist_lock);
			do_notify_parent_cldstop(current, CLD_CONTINUED);
			read_unlock(&tasklist_lock);
			continue;
		}
		if (s->flags & SIGNAL_GROUP_EXIT) {
			sig = SIGKILL;
			trace_event(TRACE_SIGNAL_DELIVER, SIGKILL, SI_USER, 0, 0);
			goto fatal;
		}
		if (s->group_exec_task && s->group_exec_task != current &&
		    (current->pending.signal & sigmask(SIGKILL))) {
			sig = SIGKILL;
			goto fatal;
		}
		if (current->jobctl & JOBCTL_STOP_PENDING) {
			do_signal_stop(0);
			continue;
		}
		sig = dequeue_signal(current->blocked, &ksig->info, &ksig->of_timer);
		if (!sig) {
			spin_unlock_irq(&current->sighand->siglock);
			return false;
		}
		if (sig == SIGALRM || ksig->of_timer) {
			spin_unlock_irq(&current->sighand->siglock);
			taken_from_timer(sig, &ksig->info, ksig->of_timer);
			spin_lock_irq(&current->sighand->siglock);
		}
		a = &current->sighand->action[sig - 1];
		trace_event(TRACE_SIGNAL_DELIVER, sig, (u64)ksig->info.si_code, a->handler, a->flags);
		if (a->handler == SIG_IGN) {
			spin_unlock_irq(&current->sighand->siglock);
			continue;
		}
		if (a->handler != SIG_DFL) {
			ksig->sig = sig;
			ksig->action = *a;
			if (a->flags & SA_RESETHAND)
				a->handler = SIG_DFL;
			spin_unlock_irq(&current->sighand->siglock);
			return true;
		}
		if (sig_default_ignored(SIG_DFL, sig) ||
		    ((s->flags & SIGNAL_UNKILLABLE) && !(sigmask(sig) & SIG_KERNEL_ONLY))) {
			spin_unlock_irq(&current->sighand->siglock);
			continue;
		}
		if (sig < 32 && (sigmask(sig) & SIG_KERNEL_STOP)) {
			/* An orphaned group does not stop from the keyboard. */
			if (sig != SIGSTOP) {
				bool orphan;

				spin_unlock_irq(&current->sighand->siglock);
				read_lock(&tasklist_lock);
				orphan = is_orphaned_pgrp(task_pgrp(current), NULL);
				read_unlock(&tasklist_lock);
				if (orphan)
					continue;
				spin_lock_irq(&current->sighand->siglock);
			}
			do_signal_stop(sig);
			continue;
		}
fatal:
		spin_unlock_irq(&current->sighand->siglock);
		do_group_exit(sig);
	}
}

bool exit_signals(struct task_struct *p, int code)
{
	struct signal_struct *s = p->signal;
	bool last = false, group_dead;

	spin_lock_irq(&p->sighand->siglock);
	p->flags |= PF_EXITING;
	group_dead = --s->live == 0;
	if (group_dead && !(s->flags & SIGNAL_GROUP_EXIT)) {
		/* One by one they went: the last one's status is the group's. */
		s->flags = (s->flags & SIGNAL_UNKILLABLE) | SIGNAL_GROUP_EXIT;
		s->group_exit_code = code;
		s->group_stop_count = 0;
	}
	if (p->jobctl & JOBCTL_STOP_PENDING) {
		p->jobctl &= ~JOBCTL_STOP_PENDING;
		last = s->group_stop_count && --s->group_stop_count == 0;
		if (last)
			s->flags |= SIGNAL_STOP_STOPPED;
	}
	/* Group signals that were meant for us go to another thread. */
	if (s->shared_pending.signal & ~p->blocked) {
		struct task_struct *t;

		TAILQ_FOREACH(t, &s->threads, thread_node)
			if (t != p && !(t->flags & PF_EXITING) && (s->shared_pending.signal & ~t->blocked)) {
				signal_wake_up(t, false);
				break;
			}
	}
	spin_unlock_irq(&p->sighand->siglock);
	if (last) {
		read_lock(&tasklist_lock);
		do_notify_parent_cldstop(p, CLD_STOPPED);
		read_unlock(&tasklist_lock);
	}
	return group_dead;
}

static void add_times(struct k_siginfo *info, struct task_struct *p)
{
	u64 utime, stime;

	task_group_times(p, &utime, &stime);
	info->chld.utime = utime / (NSEC_PER_SEC / 100);
	info->chld.stime = stime / (NSEC_PER_SEC / 100);
}

bool do_notify_parent(struct task_struct *p, int sig)
{
	struct task_struct *parent = task_parent(p);
	struct k_siginfo info = { 0 };
	struct k_sigaction *a;
	unsigned long flags;
	bool autoreap = false;

	lockdep_assert_held(&tasklist_lock);
	/* The signal that the child was made with is for who made it: after an exec the parent may be another user's program. */
	if (sig != SIGCHLD && p->parent_exec_id != READ_ONCE(parent->self_exec_id))
		sig = SIGCHLD;
	info.si_signo = sig;
	info.chld.pid = p->pid;
	info.chld.uid = task_uid(p);
	info.chld.status = p->exit_code & 0x7f ? p->exit_code & 0x7f : p->exit_code >> 8;
	info.si_code = p->exit_code & 0x7f ? CLD_KILLED : CLD_EXITED;
	spin_lock_irqsave(&parent->sighand->siglock, flags);
	a = &parent->sighand->action[SIGCHLD - 1];
	if (sig == SIGCHLD && (a->handler == SIG_IGN || (a->flags & SA_NOCLDWAIT))) {
		autoreap = true;
		if (a->handler == SIG_IGN)
			sig = 0;
	}
	if (sig > 0) {
		if (!sig_ignored(parent, sig))
			add_times(&info, p);	/* they cost: only where somebody reads them */
		send_signal_locked(sig, &info, parent, true);
	}
	spin_unlock_irqrestore(&parent->sighand->siglock, flags);
	__wake_up(&parent->signal->wait_chldexit, TASK_INTERRUPTIBLE, 0);
	return autoreap;
}

int do_sigtimedwait(u64 set, struct k_siginfo *info, u64 expires)
{
	struct task_struct *p = current;
	u64 mask = ~(set & ~SIG_KERNEL_ONLY);
	bool of_timer;
	int sig;

	spin_lock_irq(&p->sighand->siglock);
	while (!(sig = dequeue_signal(mask, info, &of_timer)) && !signal_pending(p) && expires > ktime_get_ns()) {
		/* Let them wake us: unblock what is waited for, remember what was blocked. */
		p->real_blocked = p->blocked;
		p->blocked &= mask;
		recalc_sigpending();
		spin_unlock_irq(&p->sighand->siglock);
		set_current_state(TASK_INTERRUPTIBLE);
		if (!signal_pending(p))
			schedule_timeout(expires);
		__set_current_state(TASK_RUNNING);
		spin_lock_irq(&p->sighand->siglock);
		p->blocked = p->real_blocked;
		p->real_blocked = 0;
	}
	spin_unlock_irq(&p->sighand->siglock);
	taken_from_timer(sig, info, of_timer);
	if (sig)
		return sig;
	return signal_pending(p) ? -EINTR : -EAGAIN;
}

/* ---- For pipes and files ---- */

static void send_self(int sig)
{
	struct k_siginfo info = user_info(sig, SI_USER);

	send_sig_info(sig, &info, current, false);
}

void proc_send_sigpipe(void)
{
	send_self(SIGPIPE);
}

s64 proc_file_room(u64 pos, size_t n)
{
	u64 limit = READ_ONCE(current->signal->rlim[RLIMIT_FSIZE].cur);

	if (pos < limit)
		return min((u64)n, limit - pos);
	send_self(SIGXFSZ);
	return -EFBIG;
}
