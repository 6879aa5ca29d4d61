/* SPDX-License-Identifier: MIT */
/* Calls that files make upwards; defined once above. */
#ifndef FS_UPCALL_H
#define FS_UPCALL_H

#include "sched/task.h"

struct pid;

/** proc_send_sigpipe - SIGPIPE to the current task. */
void proc_send_sigpipe(void);
/** proc_file_room - How many of @n bytes from @pos on does RLIMIT_FSIZE allow? At least one, or -EFBIG and SIGXFSZ is sent. */
s64 proc_file_room(u64 pos, size_t n);
/* Terminals. All with the tty's lock held or not, any context, where nothing else is said. */
/** proc_tty_signal - Signal to the process group @pgrp. Context: any; no lock that interrupts take. */
void proc_tty_signal(struct pid *pgrp, int sig);
/**
 * proc_get_pgrp, proc_get_session - The current task's, with a reference. proc_in_session - Is @session its own?
 * Context: no lock that interrupts take: they wait for who writes to tasklist_lock.
 */
struct pid *proc_get_pgrp(void);
struct pid *proc_get_session(void);
bool proc_in_session(const struct pid *session);
bool proc_current_is_session_leader(void);
/** proc_find_pgrp - Group @nr of the current session, with a reference; ERR_PTR: -ESRCH, there is none; -EPERM, it is another's. */
struct pid *proc_find_pgrp(int nr);
int proc_pid_nr(struct pid *pid);
struct pid *proc_hold_pid(struct pid *pid);	/* another reference */
void proc_put_pid(struct pid *pid);
/** proc_tty_get, proc_tty_set - Does the session have a controlling terminal? */
bool proc_has_ctty(void);
void proc_set_ctty(bool has);
/** proc_session_clear_tty - None of @session has a controlling terminal any more. */
void proc_session_clear_tty(struct pid *session);
/** proc_tty_admin - May the current task take a terminal from others? */
bool proc_tty_admin(void);
/** proc_job_control - A background task reads or changes the terminal: 0 go on, -EIO, or -ERESTARTSYS after a stop signal. */
int proc_job_control(struct pid *fg, int sig);

#endif
