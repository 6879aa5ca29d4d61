/* SPDX-License-Identifier: MIT */
/* What an event of the simulator does: tasks fork, wake and end, change and go elsewhere; harts leave. Included by sim.c. */

/* Context: the parent is current; or an idle task, and then it is init. */
static void do_fork(struct sim_task *s)
{
	struct sched_param_kernel attr = { .policy = s->policy, .rt_priority = s->rt_priority, .nice = s->nice,
		.runtime = s->dl_runtime, .deadline = s->dl_deadline, .period = s->dl_period,
		.dl_flags = s->reclaims ? SCHED_FLAG_RECLAIM : 0 };
	struct task_struct *parent = current;

	preempt_disable();	/* the switch comes when the fork is done */
	s->forked = true;
	s->started = s->release = now;
	s->t.cpus_mask = s->mask;
	s->t.static_prio = DEFAULT_PRIO;
	s->t.flags = PF_KTHREAD;
	s->t.sched_task_group = s->group ? s->group : &root_task_group;
	atomic_inc(&s->t.sched_task_group->nr_tasks);
	atomic_set(&s->t.usage, 1);
	TAILQ_INIT(&s->t.pi_owned);
	if (is_idle_task(parent))
		sim_current = &init_task.thread_info, init_task.thread_info.cpu = s->on, init_task.thread_info.preempt_count = 0;
	if (first_fork == ~0ULL)
		trace_begins();
	first_fork = min(first_fork, now);
	if (sched_fork(&s->t))
		fail("fork refused");
	set_task_rq(&s->t, task_cpu(&s->t));	/* as sched_cgroup_fork(), but for another group than the parent's */
	attach_task(&s->t);
	s->t.cpus_mask = s->mask;
	s->t.nr_cpus_allowed = cpumask_weight(&s->mask);
	if (s->policy || s->nice)
		if (sched_setattr(&s->t, &attr)) {
			refused++;
			s->t.policy = SCHED_NORMAL;
		}
	wake_up_new_task(&s->t);
	sim_current = &parent->thread_info;
	alive++;
}

static void fork_task(struct sim_task *s)
{
	if (!cpu_online(s->on))
		s->on = cpumask_first(&cpu_online_mask);
	enter(s->on);
	do_fork(s);
	leave(s->on);
}

/* A task that takes locks does so before its run, in no time. */
static void begin_run(struct sim_task *s)
{
	s->taken = 0;
	s->left = s->nr_locks ? 0 : s->run;
}

/* The next of its locks. If somebody has it, who lets go hands it over, and its run, or the next lock, comes then. */
static void take_lock(unsigned int cpu, struct sim_task *s)
{
	struct rt_mutex *m = &s->locks[s->taken++]->m;
	bool waits;

	if (s->taken == s->nr_locks)
		s->left = s->run;
	preempt_disable();
	spin_lock(&rt_mutex_wait_lock);
	waits = m->owner;
	if (!waits)
		rt_mutex_set_owner(m, &s->t);
	else if (rt_mutex_start_wait(m, &s->waiter, &s->t))
		fail("%s waits for lock %s, and so for itself", s->name, s->locks[s->taken - 1]->name);
	spin_unlock(&rt_mutex_wait_lock);
	s->t.thread_info.preempt_count = 0;
	if (waits) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule();
	} else {
		runs(cpu, &s->t);
	}
}

static void release_locks(struct sim_task *s)
{
	preempt_disable();
	spin_lock(&rt_mutex_wait_lock);
	while (s->taken) {
		struct rt_mutex *m = &s->locks[--s->taken]->m;

		if (TAILQ_EMPTY(&m->waiters))
			rt_mutex_set_owner(m, NULL);
		else
			rt_mutex_hand_over(m);
	}
	spin_unlock(&rt_mutex_wait_lock);
	s->t.thread_info.preempt_count = 0;
}

/* The running task ends, or sleeps, or begins anew. */
static void run_end(unsigned int cpu, struct sim_task *s)
{
	bool last = !s->forever && --s->loop == 0;

	release_locks(s);
	begin_run(s);
	s->missed += s->period && now > s->release + (s->dl_deadline ? s->dl_deadline : s->period);
	s->release += s->period;
	if (s->period)
		s->sleep = s->release > now ? s->release - now : 0;
	if (s->heir || s->is_heir) {
		if (s->heir) {
			tasks[s->heir].on = cpu;
			do_fork(&tasks[s->heir]);
			current->thread_info.preempt_count = 0;
		}
		last = true;
	}
	if (last) {
		trace_process_exit();
		WRITE_ONCE(s->t.__state, TASK_DEAD);
		schedule();
	} else if (s->yields) {
		sched_yield_task();
		if (current == &s->t)
			runs(cpu, &s->t);
	} else if (s->sleep) {
		post(now + s->sleep, EV_WAKE, cpu, s, 0);
		set_current_state(TASK_INTERRUPTIBLE);
		schedule();
	} else {
		runs(cpu, &s->t);
	}
}

static void phase_end(unsigned int cpu, struct sim_task *s)
{
	enter(cpu);
	charge(cpu, &s->t);
	if (s->taken < s->nr_locks)
		take_lock(cpu, s);
	else
		run_end(cpu, s);
	leave(cpu);
}

/* To a hart that has work, while another that it may use has none? */
static void wake(struct sim_task *s)
{
	bool room = false;
	unsigned int cpu;

	for_each_cpu(cpu, &s->t.cpus_mask)
		room |= cpu_online(cpu) && idle_cpu(cpu);
	s->woken = now;
	wake_up_process(&s->t);
	bad_wakes += room && cpu_rq(task_cpu(&s->t))->nr_running > 1;
}

/* A hart leaves as in src/dev/cpu.c: in its stopper, while nobody else does anything. */
static struct cpu_stop_work down_work;

static int take_cpu_down(void *arg)
{
	unsigned int cpu = (unsigned long)arg;

	local_irq_disable();
	sched_cpu_dying(cpu);
	cpu_stopper_enable(cpu, false);
	local_irq_enable();
	return 0;
}

static void take_cpu_up(unsigned int cpu)
{
	if (cpu_online(cpu))
		fail("hart %u is online", cpu);
	cpumask_set_cpu(cpu, &cpu_online_mask);
	cpu_stopper_enable(cpu, true);
	build_sched_domains(false);
}

void arch_cpu_idle_dead(void)
{
	fail("cpu_idle() is not run here");
}

/* NULL: there is none. */
static struct task_group *group_called(const char *name)
{
	if (!strcmp(name, "/"))
		return &root_task_group;
	for (unsigned int i = 0; i < nr_groups; i++)
		if (!strcmp(groups[i].name, name))
			return groups[i].tg;
	return NULL;
}

static struct move {
	char task[TASK_COMM_LEN];
	struct task_group *to;		/* or, if NULL, to a nice value */
	int nice;
} moves[256];
static unsigned int nr_moves;

static void move_tasks_called(unsigned int cpu, struct move *m)
{
	enter(cpu);
	preempt_disable();
	for (size_t i = 0; i < nr_tasks; i++) {
		struct sched_param_kernel attr = { .policy = tasks[i].t.policy, .nice = m->nice };

		if (strcmp(tasks[i].name, m->task) || !tasks[i].forked || tasks[i].done)
			continue;
		if (m->to)
			sched_move_task(&tasks[i].t, m->to);
		else if (tasks[i].t.sched_class == &fair_sched_class && sched_setattr(&tasks[i].t, &attr))
			fail("renice refused");
	}
	leave(cpu);
}

/* "trip": there and back. */
static struct trip {
	char task[TASK_COMM_LEN];
	struct task_struct donor;	/* prio 0: none */
	struct task_group *to;		/* NULL: stay */
	struct cpumask mask;		/* empty: the same */
	int policy, nice;		/* -1, 99: the same */
	unsigned int rt_priority;
	u64 every, stay;
	bool back;			/* next */
} trips[16];
static unsigned int nr_trips;

/* As sched_setaffinity() has it; but what runs goes at another time. */
static void set_mask(struct sim_task *s, const struct cpumask *mask)
{
	struct task_struct *p = &s->t;
	unsigned long flags;
	struct cpumask ok;
	struct rq *rq;

	if (!cpumask_and(&ok, mask, &cpu_online_mask))
		return;
	rq = task_rq_lock(p, &flags);
	if (!p->on_cpu) {
		p->cpus_mask = *mask;
		p->nr_cpus_allowed = cpumask_weight(mask);
		if (p->on_rq && !cpumask_test_cpu(rq->cpu, &ok))
			rq = __migrate_task(rq, p, cpumask_first(&ok), MIGRATE_AFFINITY);
	}
	task_rq_unlock(rq, p, flags);
}

static void take_trip(struct sim_task *s, const struct trip *t)
{
	struct sched_param_kernel attr = { .policy = s->policy, .rt_priority = s->rt_priority, .nice = s->nice,
		.runtime = s->dl_runtime, .deadline = s->dl_deadline, .period = s->dl_period,
		.dl_flags = s->reclaims ? SCHED_FLAG_RECLAIM : 0 };

	if (!t->back && t->policy >= 0)
		attr = (struct sched_param_kernel){ .policy = t->policy, .rt_priority = t->rt_priority, .nice = s->nice };
	else if (!t->back && t->nice != 99)
		attr.nice = t->nice;
	if (t->donor.prio)
		rt_mutex_setprio(&s->t, t->back ? NULL : &t->donor);
	else if (t->to)
		sched_move_task(&s->t, !t->back ? t->to : s->group ? s->group : &root_task_group);
	else if (cpumask_weight(&t->mask))
		set_mask(s, t->back ? &s->mask : &t->mask);
	else if (sched_setattr(&s->t, &attr) && !s->dl_period)
		fail("a trip is refused");
}

static void play_trip(unsigned int cpu, struct trip *t)
{
	enter(cpu);
	preempt_disable();
	for (int way = 0; way < (t->stay ? 1 : 2); way++) {
		for (size_t i = 0; i < nr_tasks; i++)
			if (!strcmp(tasks[i].name, t->task) && tasks[i].forked && !tasks[i].done)
				take_trip(&tasks[i], t);
		t->back = !t->back;
	}
	post(now + (t->back ? t->stay : t->every - t->stay), EV_TRIP, cpu, (void *)t, 0);
	leave(cpu);
}

/* "tunable": *value becomes @to. */
struct tunable_change {
	u64 *value, to;
};

static void play(struct event *e)
{
	struct hart *h;

	/* What was to happen on a hart that has left happens elsewhere, but for its tick. */
	if (!cpu_online(e->cpu) && e->type == EV_TICK) {
		harts[e->cpu].tick_armed = false;
		return;
	}
	if (!cpu_online(e->cpu) && e->type != EV_ONLINE && e->type != EV_RUN_END)
		e->cpu = cpumask_first(&cpu_online_mask);
	h = &harts[e->cpu];

	switch (e->type) {
	case EV_TICK:
		h->tick_armed = false;
		if (cpu_rq(e->cpu)->curr == h->idle)
			return;		/* stopped while the hart idles */
		h->tick_armed = true;
		post(now + TICK_NSEC, EV_TICK, e->cpu, NULL, 0);
		irq_enter(e->cpu);
		sched_on_tick(true, now);
		irq_exit(e->cpu);
		break;
	case EV_RUN_END:
		if (e->generation == h->run_generation)
			phase_end(e->cpu, e->task);
		break;
	case EV_WAKE:
		irq_enter(e->cpu);
		wake(e->task);
		irq_exit(e->cpu);
		break;
	case EV_IPI:
		h->ipi_sent = false;
		irq_enter(e->cpu);
		sched_on_ipi();
		irq_exit(e->cpu);
		break;
	case EV_FORK:
		fork_task(e->task);
		break;
	case EV_FREE:
		enter(e->cpu);
		preempt_disable();
		if (sched_setaffinity(&e->task->t, &cpu_possible_mask))
			fail("affinity refused");
		leave(e->cpu);
		break;
	case EV_TIMER: {
		struct hrtimer *t = (struct hrtimer *)e->task;
		u64 next;

		if (t->queued != e->generation)
			break;
		t->queued = 0;
		irq_enter(e->cpu);
		next = t->function(t);
		if (next && !t->queued)
			timer_post(t, next, e->cpu);
		irq_exit(e->cpu);
		break;
	}
	case EV_OFFLINE:
		/* As cpu_down() has it: the last one stays, and one that those admitted need. */
		harts[e->cpu].kept = cpumask_weight(&cpu_online_mask) == 1 || dl_cpu_busy();
		if (harts[e->cpu].kept)
			break;
		irq_enter(e->cpu);
		if (!stop_one_cpu_nowait(e->cpu, take_cpu_down, (void *)(unsigned long)e->cpu, &down_work))
			fail("hart %u is offline", e->cpu);
		irq_exit(e->cpu);
		break;
	case EV_ONLINE:
		if (h->kept)
			break;
		h->ipi_sent = false;	/* one may have been on its way when it left */
		enter(e->cpu);
		take_cpu_up(e->cpu);
		leave(e->cpu);
		break;
	case EV_MOVE:
		move_tasks_called(e->cpu, (struct move *)e->task);
		break;
	case EV_TRIP:
		play_trip(e->cpu, (struct trip *)e->task);
		break;
	case EV_TUNABLE:
		*((struct tunable_change *)e->task)->value = ((struct tunable_change *)e->task)->to;
		for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
			harts[cpu].rt_waits = 0;
		break;
	case EV_SAMPLE:
		sample();
		post(now + NSEC_PER_MSEC / 10, EV_SAMPLE, 0, NULL, 0);
		break;
	}
}
