/* SPDX-License-Identifier: MIT */
#include "syscalls.h"

#include "abi/errno_list.h"

#define __user
#define NAME(type, arg) #arg
#define SPACE() " "
#define KIND(type, arg) _Generic((type)0, const char *: 's', default: SYSCALL_KIND(type, arg))

static const struct call_info calls[NR_syscalls] = {
#define CALL(nr, name, ...) \
	[nr] = { #name " " SYSCALL_ARGS(NAME, SPACE, "", ##__VA_ARGS__), { SYSCALL_ARGS(KIND, SYSCALL_COMMA, 0, ##__VA_ARGS__) } },
#define ABSENT(nr, name) [nr] = { #name },
#include "abi/syscalls.def"
};

const struct call_info *call_info(unsigned int nr)
{
	return nr < NR_syscalls && calls[nr].text ? &calls[nr] : NULL;
}

const char *error_name(int error)
{
#define ERROR(name, nr) { nr, #name },
	static const struct {
		int nr;
		const char *name;
	} errors[] = { ERRNO_LIST(ERROR) };

	for (size_t i = 0; i < ARRAY_LEN(errors); i++)
		if (errors[i].nr == error)
			return errors[i].name;
	return NULL;
}
