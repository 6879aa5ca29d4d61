/* SPDX-License-Identifier: MIT */
#include "class.h"

#include <ctype.h>

#include "sys.h"

class_fn class_of(const char *name, size_t n)
{
	static const struct {
		const char *name;
		class_fn is;
	} classes[] = {
		{ "alnum", isalnum }, { "alpha", isalpha }, { "blank", isblank }, { "cntrl", iscntrl }, { "digit", isdigit },
		{ "graph", isgraph }, { "lower", islower }, { "print", isprint }, { "punct", ispunct }, { "space", isspace },
		{ "upper", isupper }, { "xdigit", isxdigit },
	};

	for (size_t i = 0; i < ARRAY_LEN(classes); i++)
		if (strlen(classes[i].name) == n && !memcmp(classes[i].name, name, n))
			return classes[i].is;
	return NULL;
}
