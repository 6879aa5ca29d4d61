/* SPDX-License-Identifier: MIT */
/* One pass of balancing: what is counted, and the moves. */
#ifndef SCHED_LOAD_BALANCE_H
#define SCHED_LOAD_BALANCE_H

#include "sched/domains.h"

struct rq;

/**
 * load_balance - One pass of @dst's hart at @sd.
 * Return: how many tasks came. Context: no lock held (newly idle: dst->lock, dropped and retaken).
 */
unsigned int load_balance(struct rq *dst, struct sched_domain *sd, enum cpu_idle_type idle);
/**
 * rq_misfit - Does @rq run, at @now (ns), more than it has the capacity for, with a fifth to spare? If all harts are equally
 * fast that helps nobody. Context: any.
 */
bool rq_misfit(const struct rq *rq, u64 now);

#endif
