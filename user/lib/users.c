/* SPDX-License-Identifier: MIT */
#include "users.h"

#include <stdio.h>
#include <string.h>

#include "sys.h"

/* The fields of a line of @file (NAME:x:NUMBER:...), whose @nr-th is @what. Return: NULL: there is none. */
static char **line_of(const char *file, int nr, const char *what)
{
	static char text[4096], *fields[7];

	if (read_file(file, text, sizeof(text)) < 0)
		return NULL;
	for (char *at = text, *line; (line = strsep(&at, "\n")); ) {
		for (size_t i = 0; i < ARRAY_LEN(fields); i++)
			fields[i] = line ? strsep(&line, ":") : "";
		if (!strcmp(fields[nr], what))
			return fields;
	}
	return NULL;
}

static const char *name_in(const char *file, unsigned int nr)
{
	static char number[12];
	char **line;

	snprintf(number, sizeof(number), "%u", nr);
	line = line_of(file, 2, number);
	return line ? line[0] : nr ? number : "root";
}

const char *user_name(unsigned int uid)
{
	return name_in("/etc/passwd", uid);
}

const char *group_name(unsigned int gid)
{
	return name_in("/etc/group", gid);
}

const char *user_home(const char *name)
{
	char **line = line_of("/etc/passwd", 0, name);

	return line ? line[5] : NULL;
}
