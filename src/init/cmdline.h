/* SPDX-License-Identifier: MIT */
/* The kernel's command line: words, or NAME=VALUE, up to "--", behind which all is init's. */
#ifndef INIT_CMDLINE_H
#define INIT_CMDLINE_H

#include "lib/compiler.h"

extern char saved_command_line[1024];	/* set by setup_memory() */

/** cmdline_get - Value of "@name=", copied to @buf of @size bytes. Return: @buf, "" for a bare word, or NULL: not there. */
char *cmdline_get(const char *name, char *buf, size_t size);
/** cmdline_uint - Value of "@name=" as a number; @def: there is none. */
int cmdline_uint(const char *name, int def);
/** parse_early_params - What holds from the first line of the log on. Context: boot. */
void parse_early_params(void);
/** parse_turns - icount=QUANTUM[,SEED]. Context: boot, after time_init(). */
void parse_turns(void);
/** setup_tracing - trace_buf_size=, trace_event=. Context: pid 1, before the first program. */
void setup_tracing(void);

#endif
