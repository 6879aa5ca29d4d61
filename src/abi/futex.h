/* SPDX-License-Identifier: MIT */
/* Ref: futex(2), FUTEX_LOCK_PI2 of Linux 5.14. */
#ifndef ABI_FUTEX_H
#define ABI_FUTEX_H

#include "abi/types.h"

#define FUTEX_WAIT		0
#define FUTEX_WAKE		1
#define FUTEX_REQUEUE		3
#define FUTEX_CMP_REQUEUE	4
#define FUTEX_WAKE_OP		5
#define FUTEX_LOCK_PI		6
#define FUTEX_UNLOCK_PI		7
#define FUTEX_TRYLOCK_PI	8
#define FUTEX_WAIT_BITSET	9
#define FUTEX_WAKE_BITSET	10
#define FUTEX_WAIT_REQUEUE_PI	11
#define FUTEX_CMP_REQUEUE_PI	12
#define FUTEX_LOCK_PI2		13
#define FUTEX_PRIVATE_FLAG	128
#define FUTEX_CLOCK_REALTIME	256
#define FUTEX_CMD_MASK		(~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME))

/* The word of a lock. */
#define FUTEX_TID_MASK		0x3fffffff
#define FUTEX_OWNER_DIED	0x40000000
#define FUTEX_WAITERS		0x80000000

/* FUTEX_WAKE_OP: what to do with the second word, and what its old value is compared with. */
#define FUTEX_OP_SET		0
#define FUTEX_OP_ADD		1
#define FUTEX_OP_OR		2
#define FUTEX_OP_ANDN		3
#define FUTEX_OP_XOR		4
#define FUTEX_OP_OPARG_SHIFT	8	/* the operand is 1 << it */
#define FUTEX_OP_CMP_EQ		0
#define FUTEX_OP_CMP_NE		1
#define FUTEX_OP_CMP_LT		2
#define FUTEX_OP_CMP_LE		3
#define FUTEX_OP_CMP_GT		4
#define FUTEX_OP_CMP_GE		5
#define FUTEX_OP(op, oparg, cmp, cmparg) \
	(((op) & 0xfU) << 28 | ((cmp) & 0xfU) << 24 | ((oparg) & 0xfffU) << 12 | ((cmparg) & 0xfffU))

struct robust_list_head {
	u64 list;			/* next entry; bit 0: its lock lends priority */
	s64 futex_offset;		/* from an entry to its lock */
	u64 list_op_pending;		/* an entry that is about to come or go */
};

#endif
