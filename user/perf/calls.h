/* SPDX-License-Identifier: MIT */
/* perf report -g: who called what was sampled, as a tree. */
#ifndef USER_PERF_CALLS_H
#define USER_PERF_CALLS_H

#include "session.h"

/** calls_add - The calls of @r, the innermost first, come into the tree at @root. calls_free - It goes. */
void calls_add(struct calls **root, const struct of_sample *r);
void calls_free(struct calls *c);
/** calls_print - The tree, in per cent of @total; what is less than @limit per cent is left out. */
void calls_print(struct calls *root, uint64_t total, double limit);

#endif
