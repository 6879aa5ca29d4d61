/* SPDX-License-Identifier: MIT */
/*
 * What the threads of a process share: signal actions, what is pending, timers, limits, accounts. A task that holds
 * tasklist_lock, or that is @p itself, may use p->signal and p->sighand. Ref: Linux include/linux/sched/signal.h.
 */
#ifndef TASK_SIGNAL_STRUCT_H
#define TASK_SIGNAL_STRUCT_H

#include "abi/resource.h"
#include "locks/mutex.h"
#include "sched/task.h"
#include "sched/wait.h"
#include "time/hrtimer.h"

struct pid;

struct sighand_struct {
	atomic_t count;
	spinlock_t siglock;
	struct k_sigaction action[_NSIG];	/* [s] */
};

#define SIGNAL_STOP_STOPPED	1u
#define SIGNAL_STOP_CONTINUED	2u
#define SIGNAL_GROUP_EXIT	4u
#define SIGNAL_UNKILLABLE	8u	/* init */
#define JOBCTL_STOP_PENDING	1u

struct itimer_ns {
	u64 expires, incr;		/* ns; 0: off, no interval */
};

struct signal_struct {
	atomic_t sigcnt;		/* threads that refer to it */
	int live;			/* [s] threads that have not begun to exit */
	TAILQ_HEAD(thread_list, task_struct) threads; /* [t] */
	int nr_threads;			/* [t] */
	struct wait_queue_head wait_chldexit;
	struct sigpending shared_pending; /* [s] */
	int group_exit_code;		/* [s] */
	u32 flags;			/* [s] SIGNAL_* */
	int group_stop_count;		/* [s] */
	bool notify_continued;		/* [s] the parent is to be told of SIGCONT */
	struct task_struct *group_exec_task; /* [s] waits for the other threads to go */
	bool leader;			/* [t] session leader */
	bool has_ctty;			/* set by the process itself; session_clear_tty() clears it for all of a session */
	bool is_child_subreaper, has_child_subreaper;
	u64 utime, stime, cutime, cstime; /* [s] of dead threads, of waited-for children */
	unsigned long nvcsw, nivcsw, cnvcsw, cnivcsw, min_flt, maj_flt, cmin_flt, cmaj_flt; /* [s] */
	struct prev_cputime prev_cputime;
	u64 sum_exec;			/* [s] run time of dead threads, ns */
	unsigned long maxrss, cmaxrss;	/* pages */
	spinlock_t rlim_lock;
	struct rlimit64 rlim[RLIM_NLIMITS]; /* [rlim_lock] one's cur is read without */
	mutex_t cred_guard_mutex;	/* one exec at a time */
	spinlock_t itimer_lock;		/* who sets real_timer, and its interval */
	struct hrtimer real_timer;	/* ITIMER_REAL */
	u64 it_real_incr;		/* [itimer_lock] ns */
	struct itimer_ns it_cpu[2];	/* [s] ITIMER_VIRTUAL and ITIMER_PROF */
	LIST_HEAD(, k_itimer) posix_timers; /* [itimer_lock] */
	int next_timer_id;		/* [itimer_lock] */
	u64 cpu_look;			/* [s] when the tick next adds up the threads' time, ns */
	bool has_cpu_timers;		/* [s] the tick looks at it_cpu, RLIMIT_CPU and RLIMIT_RTTIME */
	struct pid *leader_pid;		/* of the group, for the timer */
	short oom_score_adj, oom_score_adj_min;	/* thousandths of memory that it counts for more; the least that it was allowed */
	unsigned long oom_pages;	/* oom.c's, [a]: what it holds */
	u64 oom_since;			/* oom.c's, [a]: ns, since when its end is waited for; 0: it is not */
};

/** thread_group_empty - Is @p the only thread of its process that is left? Context: @p is not released; tasklist_lock keeps it so. */
static inline bool thread_group_empty(const struct task_struct *p)
{
	return p->signal->nr_threads == 1;
}

#endif
