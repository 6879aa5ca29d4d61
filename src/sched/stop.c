/* SPDX-License-Identifier: MIT */
/*
 * The stop class: one thread a hart, above all others, that runs a function
 * there for somebody else (stop_one_cpu()), or all together, while nothing else
 * runs anywhere (stop_machine()). Ref: Linux kernel/stop_machine.c.
 */
#include "sched/stop.h"

#include "sched/class.h"
#include "sched/rq.h"
#include "sched/sched.h"
#include "sched/wait.h"
#include "time/hrtimer.h"

struct cpu_stopper {
	spinlock_t lock;
	TAILQ_HEAD(, cpu_stop_work) works __protected_by(lock);
	bool enabled __protected_by(lock);	/* its hart is online */
};

static DEFINE_PER_CPU(struct cpu_stopper, cpu_stoppers);

void cpu_stopper_set(unsigned int cpu, struct task_struct *p)
{
	struct cpu_stopper *s = per_cpu_ptr(&cpu_stoppers, cpu);
	struct rq *rq = cpu_rq(cpu);

	spin_lock_init(&s->lock, LOCK_STOPPER);
	TAILQ_INIT(&s->works);
	s->enabled = true;
	p->sched_class = &stop_sched_class;	/* new: on no queue yet */
	p->policy = SCHED_FIFO;
	p->prio = -1;
	rq->stop = p;
}

int cpu_stopper_thread(void *unused)
{
	struct cpu_stopper *s = this_cpu_ptr(&cpu_stoppers);	/* bound to this hart */

	(void)unused;
	for (;;) {
		struct cpu_stop_work *w;

		set_current_state(TASK_INTERRUPTIBLE);
		spin_lock_irq(&s->lock);
		w = TAILQ_FIRST(&s->works);
		if (w)
			TAILQ_REMOVE(&s->works, w, list);
		spin_unlock_irq(&s->lock);
		if (!w) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		{
			struct completion *done = w->done;
			int ret = w->fn(w->arg);

			if (done) {	/* else @w may be in use again by now */
				w->ret = ret;
				complete(done);
			}
		}
	}
}

bool stop_one_cpu_nowait(unsigned int cpu, int (*fn)(void *), void *arg, struct cpu_stop_work *w)
{
	struct cpu_stopper *s = per_cpu_ptr(&cpu_stoppers, cpu);
	unsigned long flags;
	bool enabled;

	w->fn = fn;
	w->arg = arg;
	preempt_disable();	/* no stop_machine() takes the hart away between the question and the wake-up */
	spin_lock_irqsave(&s->lock, flags);
	enabled = s->enabled;
	if (enabled)
		TAILQ_INSERT_TAIL(&s->works, w, list);
	spin_unlock_irqrestore(&s->lock, flags);
	if (enabled)
		wake_up_process(cpu_rq(cpu)->stop);
	preempt_enable();
	return enabled;
}

void cpu_stopper_enable(unsigned int cpu, bool on)
{
	struct cpu_stopper *s = per_cpu_ptr(&cpu_stoppers, cpu);
	unsigned long flags;

	spin_lock_irqsave(&s->lock, flags);
	s->enabled = on;
	spin_unlock_irqrestore(&s->lock, flags);
}

int stop_one_cpu(unsigned int cpu, int (*fn)(void *), void *arg)
{
	struct completion done;
	struct cpu_stop_work w = { .done = &done };

	might_sleep();
	init_completion(&done);
	if (!stop_one_cpu_nowait(cpu, fn, arg, &w))
		return -ENOENT;
	wait_for_completion(&done);
	return w.ret;
}

/*
 * All stoppers go through these together: the last to arrive opens the next. Only
 * when all are here do they turn interrupts off, for until then one may have to
 * answer an interrupt that another hart waits for.
 */
enum multi_stop_state { MULTI_STOP_NONE, MULTI_STOP_PREPARE, MULTI_STOP_DISABLE_IRQ, MULTI_STOP_RUN, MULTI_STOP_EXIT };

struct multi_stop_data {
	int (*fn)(void *);
	void *data;
	unsigned int cpu, nr;
	unsigned int state;		/* enum multi_stop_state */
	atomic_t left;			/* to arrive at @state */
	atomic_t users;
	struct completion done;
};

static DEFINE_PER_CPU(struct cpu_stop_work, stop_works);	/* cpu_hotplug_lock */

static int multi_cpu_stop(void *arg)
{
	struct multi_stop_data *m = arg;
	unsigned int cur = MULTI_STOP_NONE;
	int ret = 0;

	do {
		unsigned int now = smp_load_acquire(&m->state);

		if (now == cur) {
			cpu_relax();
			continue;
		}
		cur = now;
		if (cur == MULTI_STOP_DISABLE_IRQ)
			local_irq_disable();
		else if (cur == MULTI_STOP_RUN && m->cpu == smp_processor_id())
			ret = m->fn(m->data);
		if (cur != MULTI_STOP_EXIT && atomic_dec_and_test(&m->left)) {
			atomic_set(&m->left, m->nr);
			smp_store_release(&m->state, cur + 1);
		}
	} while (cur != MULTI_STOP_EXIT);
	hrtimers_reprogram();	/* one that left may have handed us its timers */
	local_irq_enable();
	if (atomic_dec_and_test(&m->users))
		complete(&m->done);
	return ret;
}

int stop_machine(unsigned int cpu, int (*fn)(void *), void *data)
{
	struct multi_stop_data m = { .fn = fn, .data = data, .cpu = cpu, .state = MULTI_STOP_PREPARE };
	struct cpumask all = cpu_online_mask;
	unsigned int c;

	might_sleep();
	init_completion(&m.done);
	m.nr = cpumask_weight(&all);
	atomic_set(&m.left, m.nr);
	atomic_set(&m.users, m.nr);
	preempt_disable();	/* our own stopper waits for the others: ask them all before it runs */
	for_each_cpu(c, &all)
		BUG_ON(!stop_one_cpu_nowait(c, multi_cpu_stop, &m, &per_cpu(stop_works, c)));
	preempt_enable();
	wait_for_completion(&m.done);
	return per_cpu(stop_works, cpu).ret;
}

static void enqueue_task_stop(struct rq *rq, struct task_struct *p, int flags)
{
	(void)p, (void)flags;
	rq->stop_queued = true;
}

static void dequeue_task_stop(struct rq *rq, struct task_struct *p, int flags)
{
	(void)p, (void)flags;
	rq->stop_queued = false;
}

static void nothing(struct rq *rq)
{
	(void)rq;
}

static void check_preempt_curr_stop(struct rq *rq, struct task_struct *p, int flags)
{
	(void)rq, (void)p, (void)flags;	/* alone in its class */
}

static void set_next_task_stop(struct rq *rq, struct task_struct *p)
{
	p->se.exec_start = rq->clock;
}

static struct task_struct *pick_next_task_stop(struct rq *rq)
{
	if (!rq->stop_queued)
		return NULL;
	set_next_task_stop(rq, rq->stop);
	return rq->stop;
}

static void put_prev_task_stop(struct rq *rq, struct task_struct *p)
{
	p->se.sum_exec_runtime += rq->clock - p->se.exec_start;
}

static unsigned int select_task_rq_stop(struct task_struct *p, unsigned int cpu, int flags)
{
	(void)p, (void)flags;
	return cpu;	/* bound */
}

static void task_tick_stop(struct rq *rq, struct task_struct *p)
{
	(void)rq, (void)p;
}

const struct sched_class stop_sched_class = {
	.next = &dl_sched_class,
	.enqueue_task = enqueue_task_stop,
	.dequeue_task = dequeue_task_stop,
	.yield_task = nothing,
	.check_preempt_curr = check_preempt_curr_stop,
	.pick_next_task = pick_next_task_stop,
	.put_prev_task = put_prev_task_stop,
	.set_next_task = set_next_task_stop,
	.select_task_rq = select_task_rq_stop,
	.task_tick = task_tick_stop,
	.update_curr = nothing,
};
