/* SPDX-License-Identifier: MIT */
#include "when.h"

int64_t time_now(long *ns)
{
	struct timespec64 ts = { 0, 0 };

	SYSCALL(__NR_clock_gettime, 0, &ts);
	if (ns)
		*ns = ts.tv_nsec;
	return ts.tv_sec;
}

/* Two digits at @p that are at most @max: *@value. Return: what is behind, NULL if that is no such number. */
static const char *two(const char *p, int max, int *value)
{
	if (!p || p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return NULL;
	*value = (p[0] - '0') * 10 + p[1] - '0';
	return *value <= max ? p + 2 : NULL;
}

/* Without TZ it is universal time, which picolibc calls GMT and all others UTC. */
static struct tm *local(int64_t when)
{
	time_t t = when;

	setenv("TZ", "UTC0", 0);
	return localtime(&t);
}

static bool finish(struct tm *tm, int64_t *when)
{
	int month = tm->tm_mon, day = tm->tm_mday;

	tm->tm_isdst = -1;
	*when = mktime(tm);
	return tm->tm_mon == month && tm->tm_mday == day;	/* not 31 February */
}

bool read_date(const char *s, int64_t *when)
{
	int64_t now = time_now(NULL);
	struct tm tm = *local(now);
	int century, year;
	char *end;

	*when = now;
	if (!strcmp(s, "now"))
		return true;
	if (*s == '@') {
		*when = strtoll(s + 1, &end, 10);
		return !*end && end > s + 1;
	}
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	if (strchr(s, '-')) {
		s = two(two(s, 99, &century), 99, &year);
		if (!s || *s != '-' || !(s = two(s + 1, 12, &tm.tm_mon)) || *s != '-' || !(s = two(s + 1, 31, &tm.tm_mday)))
			return false;
		tm.tm_year = century * 100 + year - 1900;
		tm.tm_mon--;
		s += *s == ' ' || *s == 'T';
	}
	if (*s) {
		s = two(s, 23, &tm.tm_hour);
		if (!s || *s != ':' || !(s = two(s + 1, 59, &tm.tm_min)))
			return false;
		if (*s == ':' && !(s = two(s + 1, 60, &tm.tm_sec)))
			return false;
	}
	return !*s && finish(&tm, when);
}

bool read_stamp(const char *s, int64_t *when)
{
	struct tm tm = *local(time_now(NULL));
	size_t digits = strcspn(s, ".");
	int century = (tm.tm_year + 1900) / 100, year = tm.tm_year % 100;

	if (digits == 12)
		s = two(s, 99, &century);
	if (digits >= 10)
		s = two(s, 99, &year);
	if (digits == 10)
		century = year < 69 ? 20 : 19;
	s = two(two(two(two(s, 12, &tm.tm_mon), 31, &tm.tm_mday), 23, &tm.tm_hour), 59, &tm.tm_min);
	tm.tm_mon--;
	tm.tm_year = century * 100 + year - 1900;
	tm.tm_sec = 0;
	if (s && *s == '.')
		s = two(s + 1, 60, &tm.tm_sec);
	return s && !*s && finish(&tm, when);
}

char *format_time(char *buf, size_t size, const char *format, int64_t when, long ns)
{
	char whole[256];
	size_t n = 0;

	/* strftime() knows no %N. */
	for (; *format && n < sizeof(whole) - 10; format++)
		if (format[0] == '%' && format[1] == 'N') {
			n += snprintf(whole + n, sizeof(whole) - n, "%09ld", ns);
			format++;
		} else {
			whole[n++] = *format;
			if (format[0] == '%' && format[1])
				whole[n++] = *++format;
		}
	whole[n] = '\0';
	buf[0] = '\0';
	strftime(buf, size, whole, local(when));
	return buf;
}
