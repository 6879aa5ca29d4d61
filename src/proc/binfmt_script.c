/* SPDX-License-Identifier: MIT */
/* #! scripts: argv becomes interpreter, its one argument, the script, and the rest. */
#include <string.h>

#include "proc/exec.h"
#include "proc/exec_args.h"
#include "vm/slab.h"

static int load_script(struct linux_binprm *bprm, struct pt_regs *regs)
{
	char line[sizeof(bprm->buf)], *name, *arg = NULL, *end;
	int err;

	(void)regs;
	if (bprm->buf[0] != '#' || bprm->buf[1] != '!')
		return -ENOEXEC;
	memcpy(line, bprm->buf, sizeof(line));
	end = memchr(line, '\n', sizeof(line));
	if (!end && !(end = memchr(line, '\0', sizeof(line))))
		return -ENOEXEC;	/* the line does not end: a cut-off name must not run */
	while (end > line + 2 && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	name = line + 2 + strspn(line + 2, " \t");
	if (!*name)
		return -ENOEXEC;
	arg = name + strcspn(name, " \t");
	if (*arg) {
		*arg++ = '\0';
		arg += strspn(arg, " \t");
	}
	/* Last first: the stack grows down. */
	err = remove_arg_zero(bprm);
	if (!err)
		err = copy_string_kernel(bprm->interp ? bprm->interp : bprm->filename, bprm);
	bprm->argc++;
	if (!err && *arg) {
		err = copy_string_kernel(arg, bprm);
		bprm->argc++;
	}
	if (!err)
		err = copy_string_kernel(name, bprm);
	bprm->argc++;
	if (err)
		return err;
	kfree(bprm->interp);
	bprm->interp = kmalloc(strlen(name) + 1, GFP_KERNEL);
	if (!bprm->interp)
		return -ENOMEM;
	strcpy(bprm->interp, name);
	return 1;	/* search_binary_handler() goes on with it */
}

const struct linux_binfmt script_format = { .load_binary = load_script };
