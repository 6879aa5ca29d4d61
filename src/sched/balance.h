/* SPDX-License-Identifier: MIT */
/* Load balancing between harts. */
#ifndef SCHED_BALANCE_H
#define SCHED_BALANCE_H

#include "abi/types.h"
#include "lib/compiler.h"

struct rq;

/** sched_balance_init - Timers and softirq of balancing. Context: boot. */
void sched_balance_init(void);
/**
 * newidle_balance - @rq has nothing to run: pull tasks.
 * Return: whether something is queued now. Context: rq->lock held, dropped and retaken.
 */
bool newidle_balance(struct rq *rq);
/** trigger_load_balance - A domain may be due, or an idle hart to be kicked. Context: tick, rq->lock held. */
void trigger_load_balance(struct rq *rq);
/** update_overloaded - rq->nr_running has become 1 or 2. Context: rq->lock held. */
void update_overloaded(struct rq *rq);
/** nohz_balance_forget - @rq's hart leaves: the hart that kicked it may kick another. Context: all others stopped. */
void nohz_balance_forget(struct rq *rq);

#endif
