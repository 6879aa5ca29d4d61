/* SPDX-License-Identifier: MIT */
/*
 * What every file leans on: integer names, annotations for the checkers
 * (sparse, clang's thread-safety analysis), and the accessors that make a
 * racy read or write visible as one.
 */
#ifndef LIB_COMPILER_H
#define LIB_COMPILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/cdefs.h>

#include "abi/types.h"

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define barrier()	__asm__ volatile("" ::: "memory")

/* The C library's <sys/cdefs.h> has some of these names with other meanings. */
#undef __guarded_by
#undef __no_lock_analysis
#undef __printf
#undef __weak
#undef fallthrough

#define __must_check	__attribute__((warn_unused_result))
#undef __noreturn
#define __noreturn	__attribute__((noreturn))
#define __weak		__attribute__((weak))
#define __packed_	__attribute__((packed))
#undef __aligned
#define __aligned(n)	__attribute__((aligned(n)))
#undef __section
#define __section(s)	__attribute__((section(s)))
#define __printf(f, a)	__attribute__((format(printf, f, a)))
#define __maybe_unused	__attribute__((unused))
#define noinline	__attribute__((noinline))
/* docs/way-*.md name the function: in the debug build it is one, to be broken on. */
#if CONFIG_DEBUG
#define __named		noinline
#else
#define __named
#endif
#ifndef __always_inline
#define __always_inline	inline __attribute__((always_inline))
#endif
#define fallthrough	__attribute__((fallthrough))

/* Boot-time code and data; the pages are given to the allocator afterwards. */
#define __init		__section(".init.text") noinline
#define __initdata	__section(".init.data")

#ifdef __CHECKER__
#define __user		__attribute__((noderef, address_space(1)))
#define __force		__attribute__((force))
#else
#define __user
#define __force
#endif

#ifdef __clang__
#define __capability(x)		__attribute__((capability(x)))
#define __acquires_lock(...)	__attribute__((acquire_capability(__VA_ARGS__)))
#define __releases_lock(...)	__attribute__((release_capability(__VA_ARGS__)))
#define __acquires_shared(...)	__attribute__((acquire_shared_capability(__VA_ARGS__)))
#define __releases_shared(...)	__attribute__((release_shared_capability(__VA_ARGS__)))
#define __try_acquires(...)	__attribute__((try_acquire_capability(__VA_ARGS__)))
#define __must_hold(...)	__attribute__((requires_capability(__VA_ARGS__)))
#define __must_hold_shared(...)	__attribute__((requires_shared_capability(__VA_ARGS__)))
#define __no_lock_analysis	__attribute__((no_thread_safety_analysis))
/* What guards a variable: clang looks whether it is held where the variable is read or written. */
#define __guarded_by(x)		__attribute__((guarded_by(x)))
#else
#define __capability(x)
#define __acquires_lock(...)
#define __releases_lock(...)
#define __acquires_shared(...)
#define __releases_shared(...)
#define __try_acquires(...)
#define __must_hold(...)
#define __must_hold_shared(...)
#define __no_lock_analysis
#define __guarded_by(x)
#endif

/*
 * What guards a member. Documentation, which nothing checks: in C, clang 14 cannot name a lock beside it in its structure. That
 * a function has the lock is checked, by its __must_hold() or lockdep_assert_held().
 */
#define __protected_by(x)

#define READ_ONCE(x)	 (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))
#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(n)		(1UL << (n))
#define ALIGN_UP(x, a)	 (((x) + ((a) - 1)) & ~((__typeof__(x))(a) - 1))
#define ALIGN_DOWN(x, a) ((x) & ~((__typeof__(x))(a) - 1))
#define IS_ALIGNED(x, a) (((x) & ((__typeof__(x))(a) - 1)) == 0)
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define min(a, b) ({ __typeof__(a) _a = (a); __typeof__(a) _b = (b); _a < _b ? _a : _b; })
#define max(a, b) ({ __typeof__(a) _a = (a); __typeof__(a) _b = (b); _a > _b ? _a : _b; })
#define swap(a, b) do { __typeof__(a) _t = (a); (a) = (b); (b) = _t; } while (0)

#endif
