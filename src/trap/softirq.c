/* SPDX-License-Identifier: MIT */
#include "trap/softirq.h"

#include "smp/bug.h"
#include "smp/preempt.h"
#include "smp/tracepoint.h"

#define MAX_SOFTIRQ_RESTART 10	/* rounds; a softirq that is raised after them waits for the next interrupt */

static void (*softirq_vec[NR_SOFTIRQS])(void);
static DEFINE_PER_CPU(unsigned long, softirq_pending);	/* own hart, interrupts off */
DEFINE_PER_CPU(unsigned long, softirq_counts[NR_SOFTIRQS]);
const char *const softirq_names[NR_SOFTIRQS] = { [SCHED_SOFTIRQ] = "SCHED" };

void open_softirq(unsigned int nr, void (*fn)(void))
{
	softirq_vec[nr] = fn;
}

void raise_softirq_irqoff(unsigned int nr)
{
	DEBUG_BUG_ON(!in_hardirq());
	trace_event(TRACE_SOFTIRQ_RAISE, nr);
	this_cpu(softirq_pending) |= BIT(nr);
}

void irq_exit_softirq(void)
{
	unsigned long pending;

	if (likely(!this_cpu(softirq_pending)) || in_softirq())
		return;
	preempt_count_add(SOFTIRQ_OFFSET);
	for (int i = 0; i < MAX_SOFTIRQ_RESTART && (pending = this_cpu(softirq_pending)); i++) {
		this_cpu(softirq_pending) = 0;
		local_irq_enable();
		for (unsigned int nr = 0; nr < NR_SOFTIRQS; nr++)
			if (pending & BIT(nr)) {
				this_cpu(softirq_counts[nr])++;
				trace_event(TRACE_SOFTIRQ_ENTRY, nr);
				softirq_vec[nr]();
				trace_event(TRACE_SOFTIRQ_EXIT, nr);
			}
		local_irq_disable();
	}
	preempt_count_sub(SOFTIRQ_OFFSET);
}
