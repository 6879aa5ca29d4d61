/* SPDX-License-Identifier: MIT */
/*
 * Signals that wait: a bit each in a set, and what is known of them in a list. Each entry of the list is on
 * the account of the user that it is sent to (RLIMIT_SIGPENDING). Ref: Linux kernel/signal.c.
 */
#include "proc/sigqueue.h"

#include "task/cred.h"
#include "task/signal_struct.h"
#include "task/user.h"
#include "vm/slab.h"

static struct kmem_cache *sigqueue_cache;

void __init sigqueue_init(void)
{
	sigqueue_cache = kmem_cache_create("sigqueue", sizeof(struct sigqueue));
}

struct sigqueue *sigqueue_alloc(struct task_struct *p, bool must, gfp_t gfp)
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

void sigqueue_flush_mask(u64 mask, struct sigpending *s, struct sigpending *dropped)
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

int sigqueue_take(struct sigpending *s, u64 want, struct k_siginfo *info, bool *of_timer)
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
