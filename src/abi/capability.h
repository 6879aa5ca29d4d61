/* SPDX-License-Identifier: MIT */
/* Capabilities: bits of a set. Source: Linux include/uapi/linux/capability.h. */
#ifndef ABI_CAPABILITY_H
#define ABI_CAPABILITY_H

#define CAP_KILL 5
#define CAP_SETGID 6
#define CAP_SETUID 7
#define CAP_IPC_LOCK 14
#define CAP_SYS_CHROOT 18
#define CAP_SYS_PTRACE 19
#define CAP_SYS_ADMIN 21
#define CAP_SYS_BOOT 22
#define CAP_SYS_NICE 23
#define CAP_SYS_RESOURCE 24
#define CAP_SYSLOG 34
#define CAP_PERFMON 38

#endif
