/* SPDX-License-Identifier: MIT */
/* The root of /proc. */
#ifndef PSEUDOFS_PROC_ROOT_H
#define PSEUDOFS_PROC_ROOT_H

/** proc_root_init - Make /proc, and /sys with what is below it. Context: boot. */
void proc_root_init(void);
/** proc_set_isa - What /proc/cpuinfo says of the harts: @isa, which stays. Context: boot. */
void proc_set_isa(const char *isa);
/** proc_set_command_line - What /proc/cmdline tells: @text, which stays. Context: boot. */
void proc_set_command_line(const char *text);

#endif
