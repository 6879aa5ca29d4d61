/* SPDX-License-Identifier: MIT */
/*
 * Processes: what a thread group shares, and the calls that make, change and
 * end tasks. Ref: Linux include/linux/sched/signal.h, kernel/{fork,exit,signal}.c.
 *
 * tasklist_lock guards the tree of processes, the thread lists and the pid
 * lists; whoever holds it (or is the task) may use p->signal and p->sighand.
 */
#ifndef PROC_PROC_H
#define PROC_PROC_H

#include "abi/capability.h"
#include "abi/clone.h"
#include "abi/resource.h"
#include "abi/time.h"
#include "abi/wait.h"
#include "fs/fs.h"
#include "sched/wait.h"
#include "task/user.h"
#include "trap/clock.h"

enum pid_type { PIDTYPE_PID, PIDTYPE_TGID, PIDTYPE_PGID, PIDTYPE_SID };
_Static_assert(PIDTYPE_SID + 1 == PIDTYPES, "task.h");

#define PID_MAX_DEFAULT 32768

LIST_HEAD(task_list, task_struct);
struct pid {
	atomic_t count;
	int nr;				/* [I] */
	LIST_ENTRY(pid) hash;		/* pid.c's lock */
	struct task_list tasks[PIDTYPES]; /* tasklist_lock */
};

extern rwlock_t tasklist_lock;
extern struct task_list all_tasks;	/* group leaders; tasklist_lock */

/* pid.c */
struct pid *alloc_pid(void) __must_check;	/* ERR_PTR(-EAGAIN, -ENOMEM) */
void put_pid(struct pid *pid);
static inline struct pid *get_pid(struct pid *pid)
{
	if (pid)
		atomic_inc(&pid->count);
	return pid;
}
/**
 * find_get_pid - Reference to pid @nr, or NULL. What bears it is known only under tasklist_lock: look it up there when the
 * two are to agree. Context: any.
 */
struct pid *find_get_pid(int nr);
/** find_task_by_vpid - Context: tasklist_lock. */
struct task_struct *find_task_by_vpid(int nr);
/** find_get_task_by_vpid - With a reference; takes tasklist_lock. */
struct task_struct *find_get_task_by_vpid(int nr);
/** get_task_pid - @p's own pid, or its group's of @type, with a reference. Context: @p is not released; takes tasklist_lock. */
struct pid *get_task_pid(struct task_struct *p, enum pid_type type);
/** attach_pid, detach_pid - @p is one of the tasks of its pids[@type]. Context: tasklist_lock exclusive. */
void attach_pid(struct task_struct *p, enum pid_type type);
void detach_pid(struct task_struct *p, enum pid_type type);
void change_pid(struct task_struct *p, enum pid_type type, struct pid *pid);
unsigned long nr_pids(void);
/** next_pid - First pid in use at or above @from, or -1. Context: any. */
int next_pid(s64 from);
void pid_init(void);

/*
 * The places of a task that is not released, in the tree. They change, and go, when others will: whoever reads one holds
 * tasklist_lock as long as it uses it, or takes a reference (get_task_pid()).
 */
static inline struct pid *task_tgid(struct task_struct *p)
{
	lockdep_assert_held(&tasklist_lock);
	return p->group_leader->pids[PIDTYPE_TGID];
}
static inline struct pid *task_pgrp(struct task_struct *p)
{
	lockdep_assert_held(&tasklist_lock);
	return p->group_leader->pids[PIDTYPE_PGID];
}
static inline struct pid *task_session(struct task_struct *p)
{
	lockdep_assert_held(&tasklist_lock);
	return p->group_leader->pids[PIDTYPE_SID];
}
static inline int task_pgrp_nr(struct task_struct *p)
{
	return task_pgrp(p)->nr;
}
static inline int task_session_nr(struct task_struct *p)
{
	return task_session(p)->nr;
}
/* The thread that waits for the group: all threads of that have the same. One that was released has no signal actions. */
static inline struct task_struct *task_parent(struct task_struct *p)
{
	lockdep_assert_held(&tasklist_lock);
	DEBUG_BUG_ON(p->real_parent != p->group_leader->real_parent || !p->real_parent->sighand);
	return p->real_parent;
}
/* Who changes the tree is alone. */
static inline void assert_tasklist_write(void)
{
	lockdep_assert_held(&tasklist_lock);
	DEBUG_BUG_ON((tasklist_lock.count & RWLOCK_WRITER) != RWLOCK_WRITER);
}

/* Signals. */
struct sigqueue {
	TAILQ_ENTRY(sigqueue) list;	/* siglock */
	atomic_t count;			/* that it waits, and the timer that it is of */
	bool of_timer;			/* [I] a POSIX timer's: whatever its information tells, a program cannot make it */
	struct user_struct *user;	/* [I] who pays for it; a reference */
	struct k_siginfo info;		/* siglock */
};

struct sighand_struct {
	atomic_t count;
	spinlock_t siglock;
	struct k_sigaction action[_NSIG];	/* siglock */
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
	int live;			/* [siglock] threads that have not begun to exit */
	TAILQ_HEAD(thread_list, task_struct) threads; /* tasklist_lock */
	int nr_threads;			/* tasklist_lock */
	struct wait_queue_head wait_chldexit;
	struct sigpending shared_pending; /* siglock */
	int group_exit_code;		/* siglock */
	u32 flags;			/* siglock: SIGNAL_* */
	int group_stop_count;		/* siglock */
	bool notify_continued;		/* siglock: the parent is to be told of SIGCONT */
	struct task_struct *group_exec_task; /* siglock: waits for the other threads to go */
	bool leader;			/* session leader; tasklist_lock */
	bool has_ctty;			/* tasklist_lock; own process */
	bool is_child_subreaper, has_child_subreaper;
	u64 utime, stime, cutime, cstime; /* siglock: of dead threads, of waited-for children */
	unsigned long nvcsw, nivcsw, cnvcsw, cnivcsw, min_flt, maj_flt, cmin_flt, cmaj_flt; /* siglock */
	struct prev_cputime prev_cputime;
	u64 sum_exec;			/* siglock: run time of dead threads, ns */
	unsigned long maxrss, cmaxrss;	/* pages */
	spinlock_t rlim_lock;		/* of class LOCK_ALLOC */
	struct rlimit64 rlim[RLIM_NLIMITS]; /* rlim_lock; one's cur is read without */
	mutex_t cred_guard_mutex;	/* one exec at a time */
	spinlock_t itimer_lock;		/* who sets real_timer, and its interval */
	struct hrtimer real_timer;	/* ITIMER_REAL */
	u64 it_real_incr;		/* itimer_lock; ns */
	struct itimer_ns it_cpu[2];	/* siglock: ITIMER_VIRTUAL and ITIMER_PROF */
	LIST_HEAD(, k_itimer) posix_timers; /* itimer_lock */
	int next_timer_id;		/* itimer_lock */
	u64 cpu_look;			/* siglock: when the tick next adds up the threads' time, ns */
	bool has_cpu_timers;		/* siglock: the tick looks at it_cpu, RLIMIT_CPU and RLIMIT_RTTIME */
	struct pid *leader_pid;		/* of the group, for the timer */
	short oom_score_adj, oom_score_adj_min;	/* thousandths of memory that it counts for more; the least that it was allowed */
	unsigned long oom_pages;	/* oom.c's, [a]: what it holds */
	u64 oom_since;			/* oom.c's, [a]: ns, since when its end is waited for; 0: it is not */
};

/* rlimit.c */
/** task_rlimit, rlimit - What @p's process, our process, may have of @which now. Context: any. */
static inline u64 task_rlimit(const struct task_struct *p, unsigned int which)
{
	return READ_ONCE(p->signal->rlim[which].cur);
}
static inline u64 rlimit(unsigned int which)
{
	return task_rlimit(current, which);
}
/** check_prlimit_permission - May the current task see and set @p's limits? 0 or -EPERM. Context: task. */
int check_prlimit_permission(struct task_struct *p) __must_check;
/** do_prlimit - @old is what the limit was; it becomes @new, unless that is NULL. 0, -EINVAL, -EPERM. Context: task; @p referred to. */
int do_prlimit(struct task_struct *p, unsigned int which, const struct rlimit64 *new, struct rlimit64 *old) __must_check;
/** copy_rlimits - A new group has its maker's. */
void copy_rlimits(struct signal_struct *new, struct signal_struct *old);
/** rlimits_to_mm - @mm, which is the process's (or will be: then once more, when it is), has its limits. */
void rlimits_to_mm(struct signal_struct *sig, struct mm_struct *mm);

/* itimer.c */
/** itimer_init, itimer_release - Of a new group; of one that is to be freed. Context: nobody else sees it. */
void itimer_init(struct signal_struct *sig);
void itimer_release(struct signal_struct *sig);
/** itimer_get - What is left until timer @which expires, and its interval. Context: task. */
void itimer_get(int which, struct itimer_ns *v);
/** itimer_set - It shall expire in @v->expires (0: never) and then each @v->incr (0: no more). Context: task. */
void itimer_set(int which, const struct itimer_ns *v);
/** itimer_alarm_taken - Somebody took SIGALRM: the timer of real time may go on. Context: task, no lock. */
void itimer_alarm_taken(struct signal_struct *sig);
/** rlimit_cpu_changed - @sig's RLIMIT_CPU or RLIMIT_RTTIME was set. Context: siglock, or nobody else sees @sig. */
void rlimit_cpu_changed(struct signal_struct *sig);

#define sigmask(sig)	(1UL << ((sig) - 1))
#define SIG_KERNEL_STOP	(sigmask(SIGSTOP) | sigmask(SIGTSTP) | sigmask(SIGTTIN) | sigmask(SIGTTOU))
#define SIG_KERNEL_ONLY	(sigmask(SIGKILL) | sigmask(SIGSTOP))
#define SIG_KERNEL_IGNORE (sigmask(SIGCONT) | sigmask(SIGCHLD) | sigmask(SIGWINCH) | sigmask(SIGURG))
#define SIG_KERNEL_COREDUMP (sigmask(SIGQUIT) | sigmask(SIGILL) | sigmask(SIGTRAP) | sigmask(SIGABRT) | \
	sigmask(SIGFPE) | sigmask(SIGSEGV) | sigmask(SIGBUS) | sigmask(SIGSYS) | sigmask(SIGXCPU) | sigmask(SIGXFSZ))

void signal_init(void);
void init_sigpending(struct sigpending *s);
/** flush_sigqueue - Drop all. Context: siglock, or nobody else sees @s. */
void flush_sigqueue(struct sigpending *s);
/** move_sigqueue - All that waits in @from is in @to, which is no task's, to be dropped without a lock. Context: siglock of @from. */
void move_sigqueue(struct sigpending *from, struct sigpending *to);
/** timer_sigqueue_alloc - A POSIX timer's signal, on the account of the current user; NULL: no memory, or over the limit. Context: task. */
struct sigqueue *timer_sigqueue_alloc(void) __must_check;
/** sigqueue_put - A timer has its signal no more, which may yet wait. Context: any. */
void sigqueue_put(struct sigqueue *q);
/** sigqueue_waits - Is the timer's signal yet to be taken? Context: any; it may be by now, unless siglock is held. */
static inline bool sigqueue_waits(const struct sigqueue *q)
{
	return atomic_read(&q->count) > 1;
}
/** send_signal_locked - Queue @sig with @info (NULL: from the kernel) to @p, or (@group) to its group. Context: siglock. */
int send_signal_locked(int sig, const struct k_siginfo *info, struct task_struct *p, bool group);
/** send_sig_info - The same from anywhere that holds tasklist_lock or is @p. */
int send_sig_info(int sig, const struct k_siginfo *info, struct task_struct *p, bool group);
/** send_timer_signal - As send_sig_info(), with @q of timer setting @seq; if it waits already it tells of one more expiry. */
void send_timer_signal(struct sigqueue *q, u32 seq, struct task_struct *p, bool group);
/** force_sig_info - A fault's signal to the current task: cannot be blocked or ignored. */
void force_sig_info(const struct k_siginfo *info);
void force_fatal_sig(int sig);
/** kill_pgrp_info - To each of a process group; NULL: from us, if we may. Context: tasklist_lock. */
int kill_pgrp_info(int sig, const struct k_siginfo *info, struct pid *pgrp);
/** kill_pgrp - From the kernel, to each of a process group. Context: without tasklist_lock. */
void kill_pgrp(struct pid *pgrp, int sig);
/** group_send_sig - kill() of @p's process by the current task: -EPERM, or as send_sig_info(). Context: tasklist_lock. */
int group_send_sig(int sig, struct task_struct *p);
int do_kill(int pid, int sig);
int do_tkill(int tgid, int pid, int sig);
/** do_sigqueue, do_tgsigqueue - With @info: to the process that @pid is of; to that thread of @tgid. -EAGAIN: too many wait. */
int do_sigqueue(int pid, int sig, const struct k_siginfo *info);
int do_tgsigqueue(int tgid, int pid, int sig, const struct k_siginfo *info);
int do_sigaction(int sig, const struct k_sigaction *act, struct k_sigaction *oact);
void set_current_blocked(u64 set);
void recalc_sigpending(void);
void signal_wake_up(struct task_struct *p, bool fatal);
/**
 * zap_other_threads - SIGKILL to all threads but the caller. Return: how many. Context: siglock. As with what ends, or
 * stops, a whole group: O(threads) with interrupts off, a us or two for each that is to be woken; threads are their user's.
 */
int zap_other_threads(struct task_struct *p);
/** do_notify_parent - Tell @p's parent that it died. Return: reap at once? Context: tasklist_lock. */
bool do_notify_parent(struct task_struct *p, int sig);
/**
 * exit_signals - The current task @p takes no more signals; @code is its group's status if it is the last.
 * Return: is it? Context: task.
 */
bool exit_signals(struct task_struct *p, int code);
long do_sigreturn(struct pt_regs *regs);
/**
 * do_sigaltstack - The current task's handlers run on @ss from now on (NULL: as before); @old: where they did, or NULL.
 * @sp: the user stack pointer. Return: 0, -EPERM: it is there; -EINVAL; -ENOMEM: too small. Context: task.
 */
int do_sigaltstack(const struct k_stack *ss, struct k_stack *old, unsigned long sp) __must_check;
int do_sigtimedwait(u64 set, struct k_siginfo *info, u64 expires);

/* fork.c */
struct kernel_clone_args {
	u64 flags;
	int __user *parent_tid, *child_tid;
	int exit_signal;
	unsigned long stack, tls;	/* stack: initial sp, 0: as the parent's */
	int (*fn)(void *);		/* kernel thread */
	void *fn_arg;
};
/** kernel_clone - Make a task. Return: its pid, or a negative errno with nothing left behind. */
int kernel_clone(struct kernel_clone_args *args);
struct task_struct *fork_idle(unsigned int cpu);
void fork_init(void);
extern u64 sysctl_threads_max;	/* tasks that there may be; the last sixteenth are for administrators */
/** mm_release - The task leaves its mm: wake a vfork parent, clear and wake clear_child_tid. */
void mm_release(struct task_struct *p);
/** nr_tasks - Tasks that exist, idle ones left out. nr_forks - made since boot. */
unsigned long nr_tasks(void);
unsigned long nr_forks(void);
/** sighand_dup - A copy of the actions, count 1, or NULL. put_sighand - one user less. */
struct sighand_struct *sighand_dup(struct sighand_struct *old) __must_check;
void put_sighand(struct sighand_struct *sh);

/* oom.c */
#define OOM_SCORE_ADJ_MIN (-1000)
#define OOM_SCORE_ADJ_MAX 1000
#define OOM_TRIES 300
/** out_of_memory - Unless there is some again: kill the process with the most memory. Wait a little. Context: task, no spin lock. */
void out_of_memory(void);
/** oom_retry - A call found no memory: out_of_memory(). Return: try again? *@tries: begins at 0. Context: as out_of_memory(). */
bool oom_retry(unsigned int *tries) __must_check;

/* exec.c, binfmt_*.c */
struct linux_binprm {
	struct file *file;
	char buf[256];			/* first bytes of the file */
	struct mm_struct *mm;		/* the new one */
	unsigned long p;		/* top of what is on the new stack */
	unsigned long argmin;		/* it may not get lower by arguments and environment */
	unsigned long arg_pages;	/* of it, that are counted as the old program's */
	int argc, envc;
	unsigned long exec;		/* address of the file's name on the stack */
	const char *filename;		/* as called */
	char *interp;			/* what a script named; kmalloc'd; or NULL */
	int depth;			/* scripts so far */
	bool point_of_no_return;
	bool secureexec;		/* would run by other rights than who called it: told as AT_SECURE */
	unsigned long ids;		/* where the stack tells ids, once they are known */
};
struct linux_binfmt {
	/* -ENOEXEC: not mine. */
	int (*load_binary)(struct linux_binprm *bprm, struct pt_regs *regs);
};
extern const struct linux_binfmt elf_format, script_format;
/** do_execve - Replace the program. Return: 0 with @regs set up, or errno and nothing changed. */
int do_execve(struct dentry *base, const char *filename, const char __user *const __user *argv,
	      const char __user *const __user *envp, bool kernel_argv, struct pt_regs *regs);
int begin_new_exec(struct linux_binprm *bprm);
/** copy_string_kernel - Push a string on the new stack. */
int copy_string_kernel(const char *s, struct linux_binprm *bprm);
/** bprm_strlen - Length, with its NUL, of the string at @at of the new stack, or -EFAULT. */
long bprm_strlen(struct linux_binprm *bprm, unsigned long at);
int remove_arg_zero(struct linux_binprm *bprm);
void set_task_comm(struct task_struct *p, const char *name);
int bprm_write(struct linux_binprm *bprm, unsigned long at, const void *data, size_t n);

/* exit.c, wait.c */
void do_exit(int code) __noreturn;
void do_group_exit(int code) __noreturn;
void release_task(struct task_struct *p);
/** set_child_subreaper - Shall orphans below the current process be its children? Context: task, takes tasklist_lock. */
void set_child_subreaper(bool on);
struct wait_opts {
	int type;			/* P_* */
	struct pid *pid;
	int options;
	/* results */
	int status, code, signo_pid, uid;
	struct k_rusage *rusage;
	bool exited_found;
};
/** do_wait - Return: pid of the child found, 0 with WNOHANG, or errno. */
int do_wait(struct wait_opts *wo);

/* cputime.c */
#define RUSAGE_BOTH -2		/* SELF and CHILDREN: what waiting for @p tells */
/** getrusage - What @p (not released) has used so far, RUSAGE_*. Context: tasklist_lock shared. */
void getrusage(struct task_struct *p, int who, struct k_rusage *ru);
/** task_group_times - Of @p's process (not released), ns; neither goes back. Context: tasklist_lock. */
void task_group_times(struct task_struct *p, u64 *utime, u64 *stime);
/** task_times - The same of one thread. Context: any. */
void task_times(struct task_struct *p, u64 *utime, u64 *stime);
/** reap_accounts - What @p, a child that is reaped, has used goes to the caller's process. Context: tasklist_lock shared. */
void reap_accounts(struct task_struct *p);

/* kthread.c */
/** kthread_create - A thread that will run @fn(@data) once woken. Return: it, or ERR_PTR. Context: task. */
struct task_struct *kthread_create(int (*fn)(void *), void *data, const char *fmt, ...) __printf(3, 4);
/** kthread_bind - @p, made and not yet woken, shall run on @cpu only. Context: task. */
void kthread_bind(struct task_struct *p, unsigned int cpu);
int kthreadd(void *unused);
extern struct task_struct *kthreadd_task;

/* cred.c */
struct cred {
	atomic_t usage;
	u32 uid, gid, suid, sgid, euid, egid, fsuid, fsgid;
	u64 cap_effective, cap_permitted, cap_inheritable;
	struct user_struct *user;	/* of uid; a reference */
	u32 ngroups;
	u32 groups[32];
};
bool capable(int cap);
/** prepare_creds - A copy of the current task's, to be changed and given to commit_creds() or put_cred(); or NULL. */
struct cred *prepare_creds(void) __must_check;
/** set_cred_user - @new's real user id becomes @uid. Return: 0, or -ENOMEM and nothing changed. Context: task. */
int set_cred_user(struct cred *new, u32 uid) __must_check;
/** commit_creds - They are the current task's, which counts as its new user's. Takes over the reference. Context: task. */
void commit_creds(struct cred *new);
/**
 * override_creds - The current task acts by @new, which the caller keeps, until what this returns is given to revert_creds().
 * Others do not see it. Context: task.
 */
const struct cred *override_creds(const struct cred *new) __must_check;
static inline void revert_creds(const struct cred *old)
{
	(void)!override_creds(old);
}
/** copy_creds - @p, a copy of the current task's structure, refers to its credentials, too. exit_creds - It does no more. */
void copy_creds(struct task_struct *p);
void exit_creds(struct task_struct *p);
void put_cred(const struct cred *c);
static inline const struct cred *get_cred(const struct cred *c)
{
	atomic_inc(&((struct cred *)c)->usage);
	return c;
}
/** get_task_cred - What others see of @p's, with a reference. task_uid - Its real user id. Context: any. */
const struct cred *get_task_cred(struct task_struct *p);
u32 task_uid(struct task_struct *p);
/** get_task_user - @p's real user, with a reference. Context: any. */
struct user_struct *get_task_user(struct task_struct *p);
/** creds_differ - Does a task that goes from @old to @new get rights, or other ones, over files and tasks? */
bool creds_differ(const struct cred *old, const struct cred *new);
/** uncharge_process - @p, dead, counts no more as one of its user's. Context: task. */
void uncharge_process(struct task_struct *p);
void cred_init(void);
#define current_cred() (current->cred)	/* what it acts by */
#define current_euid() (current_cred()->euid)

/* futex.c */
int futex_wake(u32 __user *uaddr, bool shared, int nr, u32 bitset);
long do_futex(u32 __user *uaddr, int op, u32 val, u64 expires, u32 __user *uaddr2, u32 val2, u32 val3);
void futex_init(void);
void exit_robust_list(struct task_struct *p);
/** exit_pi_state - The current task leaves its address space: locks that others wait for are theirs. */
void exit_pi_state(struct task_struct *p);

/* procfs */
#define USER_HZ 100
#define NS_PER_USER_HZ (NSEC_PER_SEC / USER_HZ)
extern const struct proc_entry proc_pid_dir;	/* /proc/PID */
void proc_root_init(void);
/** cgroup_init - Context: boot. */
void cgroup_init(void);
/** cgroup_exit - The current task is about to leave its control group: it is known by it until it is released. Context: task. */
void cgroup_exit(void);
/** cgroup_path - Path of @p's control group, from the root of the tree. Return: length, or -ENAMETOOLONG. Context: task. */
int cgroup_path(struct task_struct *p, char *buf, size_t size);
/** sysfs_init - Make /sys (sysfs.c). Context: boot. */
void sysfs_init(void);

struct seq_file;
/** proc_show_schedstat, proc_show_softirqs, proc_show_task_sched - Files of /proc (proc_sched.c). */
int proc_show_task_sched(struct seq_file *m, long pid);
/** proc_show_sched_debug - /sys/kernel/debug/sched/debug. */
int proc_show_sched_debug(struct seq_file *m, long unused);
int proc_show_schedstat(struct seq_file *m, long unused);
/** proc_show_oom_score, proc_show_oom_score_adj, proc_write_oom_score_adj - Files of /proc/PID (oom.c). */
int proc_show_oom_score(struct seq_file *m, long pid);
int proc_show_oom_score_adj(struct seq_file *m, long pid);
int proc_write_oom_score_adj(long pid, const char *text, size_t n);
int proc_show_softirqs(struct seq_file *m, long unused);

#endif
