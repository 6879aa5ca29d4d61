/* SPDX-License-Identifier: MIT */
/* The classes of characters that sets and patterns name: [:alpha:] and the others of POSIX. */
#ifndef USER_CLASS_H
#define USER_CLASS_H

#include <stddef.h>

typedef int (*class_fn)(int c);

/** class_of - Of the @n characters @name: the function of <ctype.h>, or NULL. */
class_fn class_of(const char *name, size_t n);

#endif
