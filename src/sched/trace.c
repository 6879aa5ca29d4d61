/* SPDX-License-Identifier: MIT */
#include "sched/trace.h"

#include <stdio.h>

#include "sched/migrate.h"
#include "sched/task.h"
#include "sched/domains.h"
#include "trace/critical.h"
#include "trace/upcall.h"

void trace_current(struct trace_entry *e)
{
	e->pid = current->pid;
	e->tgid = current->tgid;
	trace_copy_comm(e->comm, current->comm);
}

void critical_current(struct critical_record *r)
{
	const struct task_struct *p = current;

	trace_copy_comm(r->comm, p->comm);
	r->pid = p->pid;
	r->prio = p->prio;
	r->policy = p->policy;
	r->rt_priority = p->rt_priority;
	r->nice = PRIO_TO_NICE(p->static_prio);
}

static void fill(struct trace_task *t, const struct task_struct *p)
{
	trace_copy_comm(t->comm, p->comm);
	t->pid = p->pid;
	t->prio = p->prio;
}

/* Two characters, as a word of memory has them. */
static u32 state_name(bool preempt, u32 state)
{
	if (preempt)
		return 'R' | '+' << 8;
	if (state & TASK_DEAD)
		return 'X';
	if (state & TASK_INTERRUPTIBLE)
		return 'S';
	if (state & TASK_UNINTERRUPTIBLE)
		return 'D';
	if (state & __TASK_STOPPED)
		return 'T';
	return state & __TASK_TRACED ? 't' : 'R';
}

void __trace_sched_switch(bool preempt, const struct task_struct *prev, u32 prev_state, const struct task_struct *next)
{
	struct trace_entry *e = trace_begin(TRACE_SCHED_SWITCH);

	if (!e)
		return;
	fill(&e->task, next);
	e->task.prev_prio = prev->prio;
	*(u32 *)e->task.state = state_name(preempt && prev->on_rq, prev_state);
	trace_end(e);
}

void __trace_sched_task(enum trace_type t, const struct task_struct *p, unsigned int cpu, unsigned int orig_cpu)
{
	struct trace_entry *e = trace_begin(t);

	if (!e)
		return;
	fill(&e->task, p);
	e->task.cpu = cpu;
	e->task.orig_cpu = orig_cpu;
	trace_end(e);
}

void __trace_sched_stat_runtime(const struct task_struct *p)
{
	struct trace_entry *e = trace_begin(TRACE_SCHED_STAT_RUNTIME);

	if (!e)
		return;
	e->stat.runtime = p->se.sum_exec_runtime - p->se.prev_sum_exec_runtime;
	e->stat.vruntime = p->se.vruntime;
	trace_end(e);
}

/* As an instant that viewers draw: they know the event, but not the reason. */
void __trace_migrate_reason(const struct task_struct *p, unsigned int from, unsigned int to, enum migrate_reason why)
{
	static const char *const reasons[NR_MIGRATE_REASONS] = {
		"fork", "exec", "wake", "newidle", "periodic", "active", "affinity", "rt", "dl", "hotplug",
	};
	struct trace_entry *e = trace_begin(TRACE_MARK_WRITE);
	const struct sched_domain *sd = per_cpu(sd_base, to);

	if (!e)
		return;
	while (sd && !cpumask_test_cpu(from, &sd->span))
		sd = sd->parent;
	snprintf(e->text, sizeof(e->text), "I|1|migrate %s %u->%u %s-%s", p->comm, from, to, reasons[why], sd ? sd->name : "none");
	trace_end(e);
}

void trace_process_exit(void)
{
	unsigned long flags = local_irq_save();

	trace_sched_task(TRACE_SCHED_PROCESS_EXIT, current, task_cpu(current), 0);
	local_irq_restore(flags);
}

void trace_process_exec(const char *filename)
{
	if (trace_on(TRACE_SCHED_PROCESS_EXEC))
		trace_text(TRACE_SCHED_PROCESS_EXEC, filename);
}
