/* SPDX-License-Identifier: MIT */
/*
 * Included before all else where interleavings are explored: wherever the kernel
 * touches what other harts touch, another hart may come first.
 */
#ifndef SIM_YIELD_H
#define SIM_YIELD_H

#include "lib/compiler.h"

void sim_yield(void);

#undef READ_ONCE
#undef WRITE_ONCE
#undef smp_load_acquire
#undef smp_store_release
#define READ_ONCE(x)	 (*({ sim_yield(); (const volatile __typeof__(x) *)&(x); }))
#define WRITE_ONCE(x, v) (*({ sim_yield(); (volatile __typeof__(x) *)&(x); }) = (v))
#define smp_load_acquire(p)	({ sim_yield(); __atomic_load_n(p, __ATOMIC_ACQUIRE); })
#define smp_store_release(p, v)	({ sim_yield(); __atomic_store_n(p, v, __ATOMIC_RELEASE); })

#endif
