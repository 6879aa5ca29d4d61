/* SPDX-License-Identifier: MIT */
/*
 * /proc: a directory a process, and in it one a thread, in Linux's formats.
 * Ref: proc(5).
 */
#include "pseudofs/proc_base.h"

#include <stdio.h>
#include <string.h>

#include "fs/fdtable.h"
#include "fs/fs_struct.h"
#include "fs/namei.h"
#include "fs/upcall.h"
#include "lib/parse.h"
#include "pseudofs/proc_access.h"
#include "pseudofs/proc_fd.h"
#include "pseudofs/proc_mounts.h"
#include "pseudofs/proc_oom.h"
#include "pseudofs/proc_sched.h"
#include "pseudofs/procfs.h"
#include "pseudofs/sysctl.h"
#include "pseudofs/tracefs.h"
#include "sched/autogroup.h"
#include "sched/stats.h"
#include "smp/printk.h"
#include "task/access.h"
#include "task/cgroup.h"
#include "task/cputime.h"
#include "task/cred.h"
#include "task/signal_struct.h"
#include "task/user.h"
#include "tty/tty.h"
#include "vm/gup.h"
#include "vm/mm.h"
#include "vm/slab.h"

static char state_char(const struct task_struct *p)
{
	if (p->exit_state)
		return p->exit_state == EXIT_ZOMBIE ? 'Z' : 'X';
	switch (READ_ONCE(p->__state)) {
	case TASK_INTERRUPTIBLE:
		return 'S';
	case TASK_UNINTERRUPTIBLE:
	case TASK_KILLABLE:
		return p->flags & PF_KTHREAD ? 'I' : 'D';
	case TASK_STOPPED:
		return 'T';
	default:
		return READ_ONCE(p->__state) & (TASK_INTERRUPTIBLE) ? 'S' : 'R';
	}
}

static const char *state_name(char c)
{
	switch (c) {
	case 'R': return "R (running)";
	case 'S': return "S (sleeping)";
	case 'D': return "D (disk sleep)";
	case 'T': return "T (stopped)";
	case 'Z': return "Z (zombie)";
	case 'I': return "I (idle)";
	default: return "X (dead)";
	}
}

static unsigned long mm_rss(const struct mm_struct *mm)
{
	unsigned long n = 0;

	for (int i = 0; i < NR_MM_COUNTERS; i++)
		n += atomic_read(&mm->rss[i]);
	return n;
}

static int show_stat(struct seq_file *m, long pid)
{
	struct task_struct *p = get_proc_task(pid), *t;
	struct mm_struct *mm;
	bool look;
	u64 utime = 0, stime = 0;
	int ppid = 0, pgrp = 0, sid = 0, threads = 0;
	unsigned long minflt = 0, majflt = 0, cminflt = 0, cmajflt = 0;
	u64 sigs[4] = { 0 };

	if (!p)
		return -ESRCH;
	mm = get_task_mm(p);
	look = mm && ptrace_may_access(p, PTRACE_MODE_READ_FSCREDS);	/* addresses: not for everybody */
	read_lock(&tasklist_lock);
	if (p->sighand) {
		ppid = task_parent(p)->tgid;
		pgrp = task_pgrp_nr(p);
		sid = task_session_nr(p);
		threads = p->signal->nr_threads;
		cminflt = p->signal->cmin_flt;
		cmajflt = p->signal->cmaj_flt;
		if (pid & ONE_THREAD) {
			task_times(p, &utime, &stime);
			minflt = p->min_flt;
			majflt = p->maj_flt;
		} else {
			task_group_times(p, &utime, &stime);
			minflt = p->signal->min_flt;
			majflt = p->signal->maj_flt;
			TAILQ_FOREACH(t, &p->signal->threads, thread_node) {
				minflt += t->min_flt;
				majflt += t->maj_flt;
			}
		}
		sigs[0] = p->pending.signal;
		sigs[1] = p->blocked;
		for (int i = 0; i < 31; i++) {
			if (p->sighand->action[i].handler == SIG_IGN)
				sigs[2] |= BIT(i);
			else if (p->sighand->action[i].handler != SIG_DFL)
				sigs[3] |= BIT(i);
		}
	}
	read_unlock(&tasklist_lock);
	seq_printf(m, "%d (%s) %c %d %d %d %d %d %u %lu %lu %lu %lu ", p->pid, p->comm, state_char(p), ppid,
		   pgrp, sid, p->signal->has_ctty ? 0x501 : 0, p->signal->has_ctty ? tty_foreground_nr() : -1,
		   p->flags & (PF_EXITING | PF_KTHREAD | PF_FORKNOEXEC), minflt, cminflt, majflt, cmajflt);
	seq_printf(m, "%lu %lu %lu %lu %d %d %d 0 %lu %lu %lu %lu ", utime / NS_PER_USER_HZ,
		   stime / NS_PER_USER_HZ, p->signal->cutime / NS_PER_USER_HZ, p->signal->cstime / NS_PER_USER_HZ,
		   p->prio - MAX_RT_PRIO, PRIO_TO_NICE(p->static_prio), threads, p->start_time / NS_PER_USER_HZ,
		   mm ? mm->total_vm << PAGE_SHIFT : 0, mm ? mm_rss(mm) : 0, RLIM_INFINITY);
	seq_printf(m, "%lu %lu %lu 0 0 %lu %lu %lu %lu 0 0 0 %d %u %u %u 0 0 0 ", look ? mm->start_code : !!mm,
		   look ? mm->end_code : !!mm, look ? mm->start_stack : 0, (unsigned long)(sigs[0] & 0x7fffffff),
		   (unsigned long)(sigs[1] & 0x7fffffff), (unsigned long)sigs[2], (unsigned long)sigs[3], SIGCHLD,
		   task_cpu(p), p->rt_priority, p->policy);
	seq_printf(m, "%lu %lu %lu %lu %lu %lu %lu %d\n", look ? mm->start_data : 0, look ? mm->end_data : 0,
		   look ? mm->start_brk : 0, look ? mm->arg_start : 0, look ? mm->arg_end : 0, look ? mm->env_start : 0,
		   look ? mm->env_end : 0, look ? p->exit_code : 0);
	if (mm)
		mmput(mm);
	put_task_struct(p);
	return 0;
}

static int show_status(struct seq_file *m, long pid)
{
	struct task_struct *p = get_proc_task(pid);
	struct mm_struct *mm;
	const struct cred *c;
	int ppid, threads;
	u32 umask;

	if (!p)
		return -ESRCH;
	mm = get_task_mm(p);
	c = get_task_cred(p);
	spin_lock(&p->alloc_lock);
	umask = p->fs ? p->fs->umask : 0;
	spin_unlock(&p->alloc_lock);
	read_lock(&tasklist_lock);
	ppid = p->sighand ? task_parent(p)->tgid : 0;
	threads = p->signal->nr_threads;
	read_unlock(&tasklist_lock);
	seq_printf(m, "Name:\t%s\nUmask:\t%04o\nState:\t%s\nTgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:\t%d\nTracerPid:\t0\n",
		   p->comm, umask, state_name(state_char(p)), p->tgid, p->pid, ppid);
	seq_printf(m, "Uid:\t%u\t%u\t%u\t%u\nGid:\t%u\t%u\t%u\t%u\n", c->uid, c->euid, c->suid, c->fsuid,
		   c->gid, c->egid, c->sgid, c->fsgid);
	if (mm) {
		seq_printf(m, "VmSize:\t%8lu kB\nVmLck:\t%8lu kB\nVmRSS:\t%8lu kB\n"
			   "RssAnon:\t%8lu kB\nRssFile:\t%8lu kB\nRssShmem:\t%8lu kB\n",
			   mm->total_vm * 4, mm->locked_vm * 4, mm_rss(mm) * 4,
			   (unsigned long)atomic_read(&mm->rss[MM_ANONPAGES]) * 4,
			   (unsigned long)atomic_read(&mm->rss[MM_FILEPAGES]) * 4,
			   (unsigned long)atomic_read(&mm->rss[MM_SHMEMPAGES]) * 4);
		seq_printf(m, "VmData:\t%8lu kB\nVmStk:\t%8lu kB\nVmExe:\t%8lu kB\nVmPTE:\t%8lu kB\n", mm->data_vm * 4,
			   mm->stack_vm * 4, (mm->end_code - mm->start_code + 1023) / 1024,
			   (unsigned long)atomic_read(&mm->pgtables) / 1024);
	}
	seq_printf(m, "SigQ:\t%d/%lu\n", atomic_read(&c->user->sigpending), p->signal->rlim[RLIMIT_SIGPENDING].cur);
	seq_printf(m, "Threads:\t%d\nSigPnd:\t%016lx\nShdPnd:\t%016lx\nSigBlk:\t%016lx\n", threads, p->pending.signal,
		   p->signal->shared_pending.signal, p->blocked);
	seq_printf(m, "NoNewPrivs:\t%d\n", p->no_new_privs);
	seq_printf(m, "Cpus_allowed:\t%lx\nvoluntary_ctxt_switches:\t%lu\nnonvoluntary_ctxt_switches:\t%lu\n",
		   p->cpus_mask.bits[0], p->nvcsw, p->nivcsw);
	put_cred(c);
	if (mm)
		mmput(mm);
	put_task_struct(p);
	return 0;
}

static int show_statm(struct seq_file *m, long pid)
{
	struct task_struct *p = get_proc_task(pid);
	struct mm_struct *mm = p ? get_task_mm(p) : NULL;

	if (!p)
		return -ESRCH;
	if (mm) {
		seq_printf(m, "%lu %lu %lu %lu 0 %lu 0\n", mm->total_vm, mm_rss(mm),
			   (unsigned long)(atomic_read(&mm->rss[MM_FILEPAGES]) + atomic_read(&mm->rss[MM_SHMEMPAGES])),
			   (mm->end_code - mm->start_code + PAGE_SIZE - 1) >> PAGE_SHIFT, mm->data_vm + mm->stack_vm);
		mmput(mm);
	} else {
		seq_printf(m, "0 0 0 0 0 0 0\n");
	}
	put_task_struct(p);
	return 0;
}

/* Its arguments, which are for all, or (@env) its environment. */
static int show_range(struct seq_file *m, long pid, bool env)
{
	struct task_struct *p = get_proc_task(pid);
	struct mm_struct *mm;

	if (!p)
		return -ESRCH;
	mm = env ? mm_access(p) : get_task_mm(p);
	put_task_struct(p);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	if (mm) {
		unsigned long at = env ? mm->env_start : mm->arg_start, end = env ? mm->env_end : mm->arg_end;
		char chunk[128];

		while (at < end) {
			size_t n = access_process_vm(mm, at, chunk, min(end - at, sizeof(chunk)), false);

			if (!n)
				break;
			seq_write(m, chunk, n);
			at += n;
		}
		mmput(mm);
	}
	return 0;
}

static int show_cmdline(struct seq_file *m, long pid)
{
	return show_range(m, pid, false);
}

static int show_environ(struct seq_file *m, long pid)
{
	return show_range(m, pid, true);
}

static int show_comm(struct seq_file *m, long pid)
{
	struct task_struct *p = get_proc_task(pid);

	if (!p)
		return -ESRCH;
	seq_printf(m, "%s\n", p->comm);
	put_task_struct(p);
	return 0;
}

static const char *vma_name(const struct mm_struct *mm, const struct vm_area_struct *vma)
{
	if (vma->vm_start <= mm->brk && vma->vm_end >= mm->start_brk && mm->brk > mm->start_brk && !vma->vm_ops)
		return "[heap]";
	if (vma->vm_start <= mm->start_stack && vma->vm_end >= mm->start_stack)
		return "[stack]";
	return vma->vm_start == mm->vdso ? "[vdso]" : NULL;
}

static int show_maps(struct seq_file *m, long pid)
{
	struct task_struct *p = get_proc_task(pid);
	struct vm_area_struct *vma;
	struct mm_struct *mm;
	char *buf;

	if (!p)
		return -ESRCH;
	mm = mm_access(p);
	put_task_struct(p);
	if (!mm || IS_ERR(mm))
		return mm ? PTR_ERR(mm) : 0;
	buf = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!buf) {
		mmput(mm);
		return -ENOMEM;
	}
	down_read(&mm->mmap_lock);
	TAILQ_FOREACH(vma, &mm->mmap, vm_list) {
		unsigned long f = vma->vm_flags;
		size_t start = m->count;
		const char *name = vma_name(mm, vma);
		struct file *file = vma->vm_file;

		seq_printf(m, "%08lx-%08lx %c%c%c%c %08lx %02x:%02x %lu", vma->vm_start, vma->vm_end,
			   f & VM_READ ? 'r' : '-', f & VM_WRITE ? 'w' : '-', f & VM_EXEC ? 'x' : '-',
			   f & VM_SHARED ? 's' : 'p', file ? vma->vm_pgoff << PAGE_SHIFT : 0, 0, file ? file->inode->i_sb->s_dev : 0,
			   file ? file->inode->ino : 0);
		if (file && file->f_path.dentry) {
			char *path = d_path(&file->f_path, buf, PATH_MAX);

			name = IS_ERR(path) ? "?" : path;
		} else if (mapping_is_shmem(vma->vm_mapping)) {
			name = "/dev/zero (deleted)";
		}
		if (name) {
			while (m->count - start < 72 && !m->overflow)
				seq_printf(m, " ");
			seq_printf(m, " %s", name);
		}
		seq_printf(m, "\n");
	}
	up_read(&mm->mmap_lock);
	kfree(buf);
	mmput(mm);
	return 0;
}

static int show_schedstat(struct seq_file *m, long pid)
{
	struct task_struct *p = get_proc_task(pid);

	if (!p)
		return -ESRCH;
	seq_printf(m, "%lu %lu %lu\n", task_sched_runtime(p), p->run_delay, p->nvcsw + p->nivcsw);
	put_task_struct(p);
	return 0;
}

static int show_fail_nth(struct seq_file *m, long pid)
{
	struct task_struct *p = get_proc_task(pid);

	if (!p)
		return -ESRCH;
	seq_printf(m, "%d\n", p->fail_nth);
	put_task_struct(p);
	return 0;
}

/* The n-th allocation of the writer itself fails, from its next system call on. */
static int write_fail_nth(long pid, const char *text, size_t n)
{
	(void)n;
	if (!CONFIG_DEBUG)
		return -EOPNOTSUPP;
	if (pid != current->pid)
		return -EACCES;
	current->fail_nth = 0;
	for (; *text >= '0' && *text <= '9'; text++)
		current->fail_nth = current->fail_nth * 10 + *text - '0';
	return 0;
}

static int follow_exe(long pid, struct path *place)
{
	struct task_struct *p = get_proc_task(pid);
	struct mm_struct *mm;
	int err = -ENOENT;

	if (!p)
		return -ESRCH;
	mm = mm_access(p);
	if (!mm && !ptrace_may_access(p, PTRACE_MODE_READ_FSCREDS))
		err = -EACCES;
	put_task_struct(p);
	if (!mm || IS_ERR(mm))
		return mm ? PTR_ERR(mm) : err;
	if (mm->exe_file)
		err = file_path(mm->exe_file, place);
	mmput(mm);
	return err;
}

static int link_exe(long pid, char *buf, size_t n)
{
	struct path place;
	int ret = follow_exe(pid, &place);

	if (ret)
		return ret;
	ret = proc_link_of(&place, buf, n);
	path_put(&place);
	return ret;
}

static int show_cgroup(struct seq_file *m, long nr)
{
	struct task_struct *p = get_proc_task(nr);
	char path[256];
	int n;

	if (!p)
		return -ESRCH;
	n = cgroup_path(p, path, sizeof(path));
	put_task_struct(p);
	if (n < 0)
		return n;
	seq_printf(m, "0::%s\n", path);
	return 0;
}

static int show_autogroup(struct seq_file *m, long pid)
{
	struct task_struct *p = get_proc_task(pid);
	int nice;
	long id;

	if (!p)
		return -ESRCH;
	id = sched_autogroup_get(p, &nice);
	put_task_struct(p);
	if (id)
		seq_printf(m, "/autogroup-%ld nice %d\n", id, nice);
	return 0;
}

static int write_autogroup(long pid, const char *text, size_t n)
{
	struct task_struct *p = get_proc_task(pid);
	bool minus = n && *text == '-';
	int v = parse_uint_line(text + minus, n - minus), err;

	if (!p)
		return -ESRCH;
	if (v < 0 || v > (minus ? -MIN_NICE : MAX_NICE))
		err = -EINVAL;
	else if (minus && current_cred()->euid)
		err = -EPERM;
	else
		err = sched_autogroup_set_nice(p, minus ? -v : v);
	put_task_struct(p);
	return err;
}

static struct dentry *task_lookup(struct dentry *dir, const char *name, long pid);
static void task_list(struct dir_context *ctx, long pid);

static const struct proc_entry pid_entries[] = {
	{ "autogroup", S_IFREG | 0644, .show = show_autogroup, .write = write_autogroup },
	{ "fd", S_IFDIR | 0500, .permission = proc_permission_fd, .lookup = proc_fd_lookup, .list = proc_fd_list },
	{ "task", S_IFDIR | 0555, .owner = proc_owner_of_task, .lookup = task_lookup, .list = task_list },
	/* From here on a thread has them too. */
	{ "stat", S_IFREG | 0444, .show = show_stat },
	{ "status", S_IFREG | 0444, .show = show_status },
	{ "statm", S_IFREG | 0444, .show = show_statm },
	{ "maps", S_IFREG | 0444, .show = show_maps, .permission = proc_permission_to_look },
	{ "cmdline", S_IFREG | 0444, .show = show_cmdline },
	{ "mountinfo", S_IFREG | 0444, .show = proc_show_mountinfo },
	{ "mounts", S_IFREG | 0444, .show = proc_show_mounts },
	{ "cgroup", S_IFREG | 0444, .show = show_cgroup },
	{ "environ", S_IFREG | 0400, .show = show_environ, .permission = proc_permission_to_look },
	{ "comm", S_IFREG | 0444, .show = show_comm },
	{ "sched", S_IFREG | 0444, .show = proc_show_task_sched },
	{ "schedstat", S_IFREG | 0444, .show = show_schedstat },
	{ "fail-nth", S_IFREG | 0644, .show = show_fail_nth, .write = write_fail_nth },
	{ "oom_score", S_IFREG | 0444, .show = proc_show_oom_score },
	{ "oom_score_adj", S_IFREG | 0644, .show = proc_show_oom_score_adj,
	  .write = proc_write_oom_score_adj },
	{ "exe", S_IFLNK | 0777, .readlink = link_exe, .follow = follow_exe },
	{ "cwd", S_IFLNK | 0777, .readlink = proc_link_cwd, .follow = proc_follow_cwd },
	{ "root", S_IFLNK | 0777, .readlink = proc_link_root, .follow = proc_follow_root },
	{ 0 },
};
#define FIRST_OF_THREAD 3
static const struct proc_entry tid_dir = { .mode = S_IFDIR | 0555, .owner = proc_owner_of_task, .entries = pid_entries + FIRST_OF_THREAD };

static struct dentry *task_lookup(struct dentry *dir, const char *name, long pid)
{
	int nr = parse_uint(name);
	struct task_struct *p = nr > 0 && name[0] != '0' ? find_get_task_by_vpid(nr) : NULL;
	bool ours = p && p->tgid == pid;

	if (p)
		put_task_struct(p);
	return ours ? proc_new_dentry(dir, &tid_dir, name, nr | ONE_THREAD) : ERR_PTR(-ENOENT);
}

static void task_list(struct dir_context *ctx, long pid)
{
	int nr;

	while ((nr = next_pid(ctx->pos - 256)) >= 0) {
		struct task_struct *p = find_get_task_by_vpid(nr);
		bool ours = p && p->tgid == pid;
		char name[12];

		if (p)
			put_task_struct(p);
		snprintf(name, sizeof(name), "%d", nr);
		if (ours && !ctx->emit(ctx, name, nr, S_IFDIR))
			return;
		ctx->pos = 256 + ++nr;
	}
}

const struct proc_entry proc_pid_dir = { .mode = S_IFDIR | 0555, .owner = proc_owner_of_task, .entries = pid_entries };
