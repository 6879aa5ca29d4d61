/* SPDX-License-Identifier: MIT */
/* What the scheduler calls of the kernel's other parts, where there are none. Included by sim.c and interleave.c. */

#include "trace/upcall.h"
#include "trace/critical.h"

/* What lives to the end is not freed. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

void trace_hardirqs_on(void) { lockdep_hardirqs_on(); }
void trace_hardirqs_off(void) { }
void trace_preempt_on(void) { }
void trace_preempt_off(void) { }
void stop_critical_timings(void) { }
void start_critical_timings(void) { }
void tick_nohz_idle_enter(void) { }
void hrtimers_reprogram(void) { }
void tick_nohz_idle_exit(void) { }
void __fstate_save(struct fp_state *fp);
void __fstate_save(struct fp_state *fp) { (void)fp; }
void __fstate_restore(const struct fp_state *fp);
void __fstate_restore(const struct fp_state *fp) { (void)fp; }
struct mm_struct *vm_on_switch(struct task_struct *prev, struct task_struct *next) { (void)prev, (void)next; return NULL; }
void perf_on_switch(struct task_struct *prev, struct task_struct *next) { (void)prev, (void)next; }
void perf_on_trace(const struct trace_entry *e) { (void)e; }
void vm_after_switch(struct mm_struct *mm) { (void)mm; }
void ret_from_fork(void) { }
void schedule_tail(struct task_struct *prev);

void *vm_zalloc(unsigned long size)
{
	return calloc(1, size);
}

void vm_free(void *p)
{
	free(p);
}

static struct task_struct *new_kernel_task(struct task_struct *p, unsigned int cpu, const char *name)
{
	p->thread_info.cpu = cpu;
	p->static_prio = p->prio = p->normal_prio = DEFAULT_PRIO;
	p->flags = PF_KTHREAD;
	p->nr_cpus_allowed = 1;
	cpumask_set_cpu(cpu, &p->cpus_mask);
	spin_lock_init(&p->pi_lock, LOCK_PI);
	TAILQ_INIT(&p->pi_owned);
	p->sched_task_group = &root_task_group;
	atomic_set(&p->usage, 1);
	snprintf(p->comm, sizeof(p->comm), "%s", name);
	return p;
}
