/* SPDX-License-Identifier: MIT */
/* Integer names for the ABI's structures, in the kernel and in user programs. */
#ifndef ABI_TYPES_H
#define ABI_TYPES_H

#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
typedef u16 umode_t;	/* of a file, as system calls take it */

#endif
