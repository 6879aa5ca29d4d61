/* SPDX-License-Identifier: MIT */
/* Users and groups, as /etc/passwd and /etc/group have them. */
#ifndef USERS_H
#define USERS_H

/** user_name, group_name - By /etc/passwd and /etc/group; 0 is root in any case; else the number. Good up to the next call. */
const char *user_name(unsigned int uid);
const char *group_name(unsigned int gid);
/** user_home - The home of the user called @name, by /etc/passwd; NULL: there is none. Good up to the next call. */
const char *user_home(const char *name);

#endif
