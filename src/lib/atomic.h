/* SPDX-License-Identifier: MIT */
/*
 * Atomic counters and reference counts over the compiler's __atomic builtins.
 * 32 and 64 bits only: narrower ones would call libatomic, which is not linked.
 * Ref: Linux atomic_t, refcount_t.
 */
#ifndef LIB_ATOMIC_H
#define LIB_ATOMIC_H

#include "lib/compiler.h"

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	long counter;
} atomic_long_t;

#define ATOMIC_INIT(v)	{ (v) }

/* Type-generic over atomic_t and atomic_long_t. Relaxed unless the name says otherwise. */
#define atomic_read(a)		__atomic_load_n(&(a)->counter, __ATOMIC_RELAXED)
#define atomic_set(a, v)	__atomic_store_n(&(a)->counter, v, __ATOMIC_RELAXED)
#define atomic_add(v, a)	((void)__atomic_fetch_add(&(a)->counter, v, __ATOMIC_RELAXED))
#define atomic_sub(v, a)	((void)__atomic_fetch_sub(&(a)->counter, v, __ATOMIC_RELAXED))
#define atomic_inc(a)		atomic_add(1, a)
#define atomic_dec(a)		atomic_sub(1, a)
#define atomic_add_return(v, a)	__atomic_add_fetch(&(a)->counter, v, __ATOMIC_ACQ_REL)
#define atomic_sub_return(v, a)	__atomic_sub_fetch(&(a)->counter, v, __ATOMIC_ACQ_REL)
#define atomic_inc_return(a)	atomic_add_return(1, a)
#define atomic_dec_and_test(a)	(atomic_sub_return(1, a) == 0)

/* Add 1 unless the counter is 0; true when added. */
static inline bool atomic_inc_not_zero(atomic_t *a)
{
	int old = atomic_read(a);

	do {
		if (!old)
			return false;
	} while (!__atomic_compare_exchange_n(&a->counter, &old, old + 1, false,
					      __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
	return true;
}

/* Take 1 away unless that would leave nothing; true when taken. */
static inline bool atomic_dec_not_one(atomic_t *a)
{
	int old = atomic_read(a);

	while (old != 1)
		if (__atomic_compare_exchange_n(&a->counter, &old, old - 1, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
			return true;
	return false;
}

#define cmpxchg(p, old, new) ({						\
	__typeof__(*(p)) _old = (old);					\
	__atomic_compare_exchange_n(p, &_old, new, false,		\
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);	\
	_old; })
#define xchg(p, v)	__atomic_exchange_n(p, v, __ATOMIC_SEQ_CST)

static inline bool test_bit(unsigned int nr, const unsigned long *p)
{
	return (READ_ONCE(p[nr / 64]) >> (nr % 64)) & 1;
}

static inline void set_bit(unsigned int nr, unsigned long *p)
{
	__atomic_fetch_or(&p[nr / 64], BIT(nr % 64), __ATOMIC_RELAXED);
}

static inline void clear_bit(unsigned int nr, unsigned long *p)
{
	__atomic_fetch_and(&p[nr / 64], ~BIT(nr % 64), __ATOMIC_RELAXED);
}

/* Fully ordered, as Linux has them. */
static inline bool test_and_set_bit(unsigned int nr, unsigned long *p)
{
	return __atomic_fetch_or(&p[nr / 64], BIT(nr % 64), __ATOMIC_SEQ_CST) & BIT(nr % 64);
}

static inline bool test_and_clear_bit(unsigned int nr, unsigned long *p)
{
	return __atomic_fetch_and(&p[nr / 64], ~BIT(nr % 64), __ATOMIC_SEQ_CST) & BIT(nr % 64);
}

#endif
