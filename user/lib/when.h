/* SPDX-License-Identifier: MIT */
/* Dates, as date, touch, ls and stat read and print them. Times are seconds since 1970. */
#ifndef USER_WHEN_H
#define USER_WHEN_H

#include <time.h>

#include "tool.h"

/** time_now - With nanoseconds to @ns, unless that is NULL. */
int64_t time_now(long *ns);
/** read_date - "@SECONDS", "now", "[YYYY-MM-DD] [HH:MM[:SS]]" (or with T between), local time. Return: false: none of these. */
bool read_date(const char *s, int64_t *when);
/** read_stamp - [[CC]YY]MMDDhhmm[.SS], local time; as touch -t has it. */
bool read_stamp(const char *s, int64_t *when);
/** format_time - strftime(3) of local time, and %N for @ns. Return: @buf. */
char *format_time(char *buf, size_t size, const char *format, int64_t when, long ns);

#endif
