/* SPDX-License-Identifier: MIT */
/* Files of /proc/PID that tell the OOM killer's choice, and move it. */
#include "pseudofs/proc_oom.h"

#include <string.h>

#include "lib/parse.h"
#include "proc/oom.h"
#include "pseudofs/proc_access.h"
#include "pseudofs/procfs.h"
#include "task/cred.h"
#include "task/signal_struct.h"
#include "vm/page_alloc.h"

int proc_show_oom_score(struct seq_file *m, long pid)
{
	struct task_struct *p = get_proc_task(pid);
	long points = OOM_NEVER;

	if (!p)
		return -ESRCH;
	read_lock(&tasklist_lock);
	if (p->sighand)
		points = oom_badness(p);
	read_unlock(&tasklist_lock);
	put_task_struct(p);
	seq_printf(m, "%ld\n", points == OOM_NEVER ? 0 : max(1000 + points * 1000 / (long)totalram_pages(), 0L) * 2 / 3);
	return 0;
}

int proc_show_oom_score_adj(struct seq_file *m, long pid)
{
	struct task_struct *p = get_proc_task(pid);

	if (!p)
		return -ESRCH;
	seq_printf(m, "%d\n", READ_ONCE(p->signal->oom_score_adj));
	put_task_struct(p);
	return 0;
}

/* A task that may not set a value below the one an administrator set may still set a higher one. */
int proc_write_oom_score_adj(long pid, const char *text, size_t n)
{
	bool minus = n && *text == '-';
	long v = parse_uint_line(text + minus, n - minus);
	struct task_struct *p;
	int err = 0;

	if (v < 0 || v > OOM_SCORE_ADJ_MAX)
		return -EINVAL;
	v = minus ? -v : v;
	p = get_proc_task(pid);
	if (!p)
		return -ESRCH;
	if (v < p->signal->oom_score_adj_min && !capable(CAP_SYS_RESOURCE))
		err = -EACCES;
	if (!err) {
		WRITE_ONCE(p->signal->oom_score_adj, v);
		if (capable(CAP_SYS_RESOURCE))
			p->signal->oom_score_adj_min = v;
	}
	put_task_struct(p);
	return err;
}
