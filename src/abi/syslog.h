/* SPDX-License-Identifier: MIT */
/* What syslog(2) is asked for. Source: Linux include/linux/syslog.h. */
#ifndef ABI_SYSLOG_H
#define ABI_SYSLOG_H

#define SYSLOG_READ_ALL 3
#define SYSLOG_CONSOLE_LEVEL 8
#define SYSLOG_SIZE_BUFFER 10

#endif
