/* SPDX-License-Identifier: MIT */
/*
 * task_struct: a thread, in all its parts. The scheduler owns the first half;
 * the rest belongs to the layers above, whose structures are opaque here.
 * Field letters say who writes: [I] its maker, and nobody later; [o] the task itself;
 * [rq] the scheduler, with the run queue's lock; or a task that has [pi] pi_lock,
 * [t] tasklist_lock exclusive, [s] siglock, [l] alloc_lock, or the lock of the name.
 * tools/check.py looks for that where a function writes one. [a]: atomic.
 */
#ifndef SCHED_TASK_H
#define SCHED_TASK_H

#include <sys/queue.h>
#include <sys/tree.h>

#include "abi/sched.h"
#include "abi/signal.h"
#include "riscv/memlayout.h"
#include "riscv/ptrace.h"
#include "sched/pelt.h"
#include "sched/upcall.h"
#include "smp/smp.h"
#include "smp/spinlock.h"
#include "time/hrtimer.h"

#define TASK_RUNNING		0x0000
#define TASK_INTERRUPTIBLE	0x0001
#define TASK_UNINTERRUPTIBLE	0x0002
#define __TASK_STOPPED		0x0004
#define __TASK_TRACED		0x0008
#define EXIT_DEAD		0x0010	/* exit_state */
#define EXIT_ZOMBIE		0x0020	/* exit_state */
#define TASK_PARKED		0x0040
#define TASK_DEAD		0x0080
#define TASK_WAKEKILL		0x0100
#define TASK_WAKING		0x0200
#define TASK_NEW		0x0800
#define TASK_NORMAL		(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)
#define TASK_KILLABLE		(TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_STOPPED		(TASK_WAKEKILL | __TASK_STOPPED)

#define PF_IDLE		0x00000002
#define PF_EXITING	0x00000004
#define PF_FORKNOEXEC	0x00000040
#define PF_NPROC_EXCEEDED 0x00001000	/* now of a user that has too many processes: no exec */
#define PF_KTHREAD	0x00200000
#define PF_NO_SETAFFINITY 0x04000000

#define TASK_COMM_LEN	16
#define PIDTYPES	4	/* pid, tgid, pgid, sid: task/pid.h names them */

#define MIN_NICE	(-20)
#define MAX_NICE	19

#define MAX_RT_PRIO	100
#define MAX_PRIO	140
#define DEFAULT_PRIO	120
#define NICE_TO_PRIO(n)	((n) + DEFAULT_PRIO)
#define PRIO_TO_NICE(p)	((p) - DEFAULT_PRIO)

struct task_struct;
struct mm_struct;
struct files_struct;
struct fs_struct;
struct cred;
struct sighand_struct;
struct signal_struct;
struct user_struct;
struct pid;
struct completion;
struct file;
struct robust_list_head;
struct rt_mutex;
struct rt_mutex_waiter;
struct sched_class;

struct load_weight {
	unsigned long weight;
};

struct cfs_rq;
struct task_group;

/* What the fair class queues: a task, or all of a group's tasks on one hart. */
struct sched_entity {
	struct load_weight load;	/* [rq] */
	RB_ENTRY(sched_entity) run_node; /* [rq] */
	TAILQ_ENTRY(sched_entity) group_node; /* [rq] a task's, in rq->cfs_tasks */
	struct sched_entity *parent;	/* [rq] of the group that it is in; NULL: the root group */
	struct cfs_rq *cfs_rq;		/* [rq] that it is queued on */
	struct cfs_rq *my_q;		/* [I] what it queues if it is a group's; NULL: a task */
	u64 vruntime;			/* [rq] ns, weighted */
	u64 exec_start;			/* [rq] ns */
	u64 sum_exec_runtime;		/* [rq] ns */
	u64 prev_sum_exec_runtime;	/* [rq] at the last pick */
	u32 on_rq;			/* [rq] */
	u64 nr_migrations;		/* [rq] */
	struct sched_avg avg;		/* [rq] */
};

/* What the real-time class queues. */
struct sched_rt_entity {
	TAILQ_ENTRY(sched_rt_entity) run_list; /* [rq] */
	int prio;			/* [rq] the queue it is in */
	unsigned int time_slice;	/* [rq] ticks left, SCHED_RR */
};

/* What the deadline class queues. */
struct sched_dl_entity {
	u64 dl_runtime, dl_deadline, dl_period; /* [rq] ns, as asked for */
	RB_ENTRY(sched_dl_entity) node;	/* [rq] */
	s64 runtime;			/* [rq] ns left in this period */
	u64 deadline;			/* [rq] absolute, ns */
	bool queued;			/* [rq] in the tree */
	bool throttled;			/* [rq] runnable, but waits for its next period */
	LIST_ENTRY(sched_dl_entity) throttled_node; /* [rq] */
	bool boosted;			/* [rq] runs by what is lent: see dl_lend() */
	u64 own_deadline;		/* [rq] while boosted */
	struct {
		const struct sched_dl_entity *by; /* only compared: it may be gone */
		u64 until;		/* its deadline then */
		u64 dl_runtime, dl_deadline, dl_period; /* its */
		s64 runtime;		/* left */
		u64 deadline;		/* while not boosted: where it would go on */
	} lent;				/* [rq] the last */
	bool yielded;			/* [rq] */
	struct {			/* dl_bw.c: what was admitted; all of its lock */
		u64 bw;			/* 0: nothing */
		bool reclaims;
		enum { DL_BW_USED, DL_BW_LEAVING, DL_BW_UNUSED } state; /* LEAVING: UNUSED at zero_lag */
		u64 zero_lag;		/* ns */
		RB_ENTRY(sched_dl_entity) node;
	} share;
	u32 flags;			/* [rq] SCHED_FLAG_RECLAIM, SCHED_FLAG_DL_OVERRUN, as asked for */
	bool overrun;			/* [o] it used up a budget, and wants to be told: the next tick does */
	bool timer_armed;		/* [rq] */
	struct hrtimer timer;
};

/* The registers that a switch must keep: entry.S and switch.S know the offsets. */
struct fp_state {
	u64 f[32];
	u64 fcsr;
};

struct thread_struct {
	unsigned long ra, sp, s[12];
	struct fp_state fp;		/* valid while not in the registers */
};

/* How restart_syscall(2) goes on with a call that a signal without a handler interrupted, and whose time has run on. */
struct restart_block {
	long (*fn)(struct task_struct *p); /* NULL: nothing to go on with */
	u64 expires;			/* monotonic, ns */
	union {
		void __user *rem;	/* nanosleep: where the time left is told, or NULL */
		struct {		/* futex */
			u32 __user *uaddr;
			u32 val, bitset;
			bool shared;
		};
	};
};

struct sigpending {
	TAILQ_HEAD(sigqueue_head, sigqueue) list;
	u64 signal;			/* bit n-1: signal n is pending */
};

/* The times in user and kernel mode that were last told to a reader, ns. */
struct prev_cputime {
	spinlock_t lock;
	u64 utime, stime;
};

struct task_struct {
	struct thread_info thread_info;	/* first: tp is both */
	struct thread_struct thread;	/* [o] second: switch.S knows where */
	u32 __state;			/* [pi] or own task; see core.c */
	u32 exit_state;			/* [t] */
	atomic_t usage;			/* references; finish_task_switch() drops the task's own */
	u32 flags;			/* [o] PF_* */
	void *stack;			/* [I] lowest byte */

	/* Scheduling. */
	u32 on_cpu;			/* a hart is running it, or still leaving it */
	u32 on_rq;			/* [rq] TASK_ON_RQ_*, 0: asleep; read without lock */
	int prio, static_prio, normal_prio; /* [rq] */
	unsigned int rt_priority;	/* [rq] */
	unsigned int policy;		/* [rq] */
	const struct sched_class *sched_class; /* [rq] */
	struct sched_entity se;
	struct sched_rt_entity rt;
	struct sched_dl_entity dl;
	struct task_group *sched_task_group; /* [rq] */
	int pi_prio;			/* [rq] lent by the task that waits for it; MAX_PRIO: none does */
	bool sched_reset_on_fork;	/* [rq] */
	struct cpumask cpus_mask;	/* [pi] and [rq] */
	unsigned int nr_cpus_allowed;	/* [pi] and [rq] weight of cpus_mask */
	spinlock_t pi_lock;
	struct task_struct *wake_q_next; /* [a] NULL: in no wake_q */
	u64 wait_start;			/* [rq] became runnable at, ns */
	u64 last_moved;			/* [rq] ns, by balancing */
	u64 run_delay;			/* [rq] sum of waits, ns */
	unsigned long nvcsw, nivcsw;	/* [o] */
	struct {			/* [o] how long it runs without sleeping: RLIMIT_RTTIME */
		unsigned long nvcsw;
		u64 ns;
	} rt_run;
	unsigned long last_switch_count; /* watchdog's: their sum, and since when (ns) it is that */
	u64 last_switch_time;

	struct mm_struct *mm;		/* [l] NULL: kernel thread */
	struct mm_struct *active_mm;	/* [o] mm, or borrowed */

	/* Identity and family. */
	int pid;			/* [t] number in the first namespace; only an execve() changes it, see de_thread() */
	int tgid;			/* [I] */
	struct pid *pids[PIDTYPES];	/* [t] */
	LIST_ENTRY(task_struct) pid_links[PIDTYPES]; /* [t] */
	struct task_struct *real_parent, *parent; /* [t] */
	TAILQ_HEAD(child_list, task_struct) children; /* [t] */
	TAILQ_ENTRY(task_struct) sibling; /* [t] */
	struct task_struct *group_leader; /* [t] */
	TAILQ_ENTRY(task_struct) thread_node; /* [t] in signal->threads */
	LIST_ENTRY(task_struct) tasks;	/* [t] all group leaders */
	LIST_ENTRY(task_struct) dead_link; /* in the list of the task that releases it */
	char comm[TASK_COMM_LEN] __aligned(8); /* [l] */

	int exit_code;			/* [o] until exit_state is set */
	int exit_signal;		/* [t] */
	int pdeath_signal;		/* [o] read when its parent ends */
	bool did_exec;			/* [o] */
	long exit_cgroup;		/* [o] the control group that it ended in; -1: it has not */
	u32 self_exec_id;		/* [o] programs so far, those of its forefathers among them */
	u32 parent_exec_id;		/* [t] the parent's self_exec_id at fork: does it run that program still? */
	bool no_new_privs;		/* [o] no program gives it rights */
	struct completion *vfork_done;	/* [l] */
	int __user *clear_child_tid;	/* [o] */
	struct robust_list_head __user *robust_list; /* [o] */
	TAILQ_HEAD(, rt_mutex) pi_owned; /* rt_mutex_wait_lock: locks that it has */
	struct rt_mutex_waiter *pi_blocked_on; /* rt_mutex_wait_lock: the lock that it waits for */
	bool pi_exited;			/* rt_mutex_wait_lock: see futex/pi.c */

	struct perf_ctx *perf_ctx;	/* what is counted of it; src/events/event.h */
	struct perf_ctx *perf_hook;	/* what is counted only while, or where, it runs */
	u64 utime, stime;		/* [o] ns, sampled by the tick */
	struct prev_cputime prev_cputime;
	u64 start_time;			/* [t] ns since boot; changes as pid does */
	unsigned long min_flt, maj_flt;	/* [o] */

	spinlock_t alloc_lock;
	spinlock_t cred_lock;
	const struct cred *real_cred;	/* [cred_lock] what others see; the task itself changes it */
	const struct cred *cred;	/* [o] what it acts by: real_cred, but for override_creds() */
	struct fs_struct *fs;		/* [l] */
	struct files_struct *files;	/* [l] */

	/* Signals. */
	struct signal_struct *signal;	/* [t] */
	struct sighand_struct *sighand;	/* [t] and siglock */
	u64 blocked, real_blocked;	/* [s] */
	u64 saved_sigmask;		/* [o] */
	bool restore_sigmask;		/* [o] */
	u32 jobctl;			/* [s] JOBCTL_* */
	struct sigpending pending;	/* [s] */
	unsigned long sas_ss_sp;	/* [o] */
	size_t sas_ss_size;		/* [o] */
	u32 sas_ss_flags;		/* [o] */

	struct restart_block restart;	/* [o] */

#if CONFIG_DEBUG
	struct held_locks held_locks;	/* [o] sleeping locks */
#endif
	int fail_nth;			/* [o] fail the n-th allocation from now; debug builds */
};

_Static_assert(offsetof(struct task_struct, thread_info) == 0, "tp is both");

#define current ((struct task_struct *)current_thread_info())

extern struct task_struct init_task;	/* idle task of the boot hart */

static inline unsigned int task_cpu(const struct task_struct *p)
{
	return READ_ONCE(p->thread_info.cpu);
}

/* Where the kernel stack keeps the registers of user mode. */
static inline struct pt_regs *task_pt_regs(const struct task_struct *p)
{
	return (struct pt_regs *)((char *)p->stack + THREAD_SIZE - sizeof(struct pt_regs));
}

static inline struct task_struct *get_task_struct(struct task_struct *p)
{
	atomic_inc(&p->usage);
	return p;
}

static inline void put_task_struct(struct task_struct *p)
{
	if (atomic_dec_and_test(&p->usage))
		__put_task_struct(p);
}

static inline void set_tsk_thread_flag(struct task_struct *p, unsigned int flag)
{
	set_bit(flag, &p->thread_info.flags);
}

static inline void clear_tsk_thread_flag(struct task_struct *p, unsigned int flag)
{
	clear_bit(flag, &p->thread_info.flags);
}

static inline bool test_tsk_thread_flag(const struct task_struct *p, unsigned int flag)
{
	return test_bit(flag, &p->thread_info.flags);
}

static inline bool signal_pending(const struct task_struct *p)
{
	return unlikely(test_tsk_thread_flag(p, TIF_SIGPENDING));
}

/** fatal_signal_pending - Is SIGKILL pending for @p? Context: @p itself. */
static inline bool fatal_signal_pending(const struct task_struct *p)
{
	return signal_pending(p) && (p->pending.signal >> (SIGKILL - 1) & 1);
}

static inline bool signal_pending_state(unsigned int state, const struct task_struct *p)
{
	if (!(state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)) || !signal_pending(p))
		return false;
	return (state & TASK_INTERRUPTIBLE) || fatal_signal_pending(p);
}

static inline bool is_idle_task(const struct task_struct *p)
{
	return p->flags & PF_IDLE;
}

#endif
