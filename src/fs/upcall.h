/* SPDX-License-Identifier: MIT */
/* Calls that files make upwards; defined once above. */
#ifndef FS_UPCALL_H
#define FS_UPCALL_H

#include "sched/task.h"

/** proc_send_sigpipe - SIGPIPE to the current task. */
void proc_send_sigpipe(void);
/** proc_file_room - How many of @n bytes from @pos on does RLIMIT_FSIZE allow? At least one, or -EFBIG and SIGXFSZ is sent. */
s64 proc_file_room(u64 pos, size_t n);

#endif
