/* SPDX-License-Identifier: MIT */
/* Errors carried in pointers. Ref: Linux include/linux/err.h. */
#ifndef LIB_ERR_H
#define LIB_ERR_H

#include "abi/errno.h"
#include "lib/compiler.h"

static inline void *ERR_PTR(long err)
{
	return (void *)err;
}

static inline long PTR_ERR(const void *p)
{
	return (long)p;
}

static inline void *ERR_CAST(const void *p)
{
	return (void *)p;
}

static inline bool IS_ERR_VALUE(unsigned long v)
{
	return v >= (unsigned long)-MAX_ERRNO;
}

static inline bool IS_ERR(const void *p)
{
	return IS_ERR_VALUE((unsigned long)p);
}

#endif
