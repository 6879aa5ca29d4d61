/* SPDX-License-Identifier: MIT */
/*
 * execve(2): the new address space and its stack are built beside the old one;
 * begin_new_exec() is the point of no return. Ref: Linux fs/exec.c.
 */
#include "proc/exec.h"

#include <string.h>

#include "events/event.h"
#include "fs/fdtable.h"
#include "fs/file.h"
#include "fs/fs_struct.h"
#include "fs/inode.h"
#include "proc/de_thread.h"
#include "proc/exec_args.h"
#include "proc/exit.h"
#include "proc/fork.h"
#include "proc/posix_timers.h"
#include "proc/sighand.h"
#include "proc/signal.h"
#include "sched/affinity.h"
#include "sched/sched.h"
#include "sched/trace.h"
#include "task/cred.h"
#include "task/pid.h"
#include "task/rlimit.h"
#include "task/user.h"
#include "vm/mm.h"
#include "vm/mmu_context.h"
#include "vm/slab.h"
#include "vm/upcall.h"

static const struct linux_binfmt *const formats[] = { &elf_format, &script_format };

void set_task_comm(struct task_struct *p, const char *name)
{
	const char *slash = strrchr(name, '/');

	spin_lock(&p->alloc_lock);
	memset(p->comm, 0, sizeof(p->comm));
	strncpy(p->comm, slash ? slash + 1 : name, sizeof(p->comm) - 1);
	spin_unlock(&p->alloc_lock);
}

/*
 * If other processes have our signal actions, too, @p goes on with a copy, in @new, which was made before: nothing may fail
 * now. Until de_thread() is done the old table stays, for the threads of a group need one siglock.
 */
static void install_sighand(struct task_struct *p, struct sighand_struct *new)
{
	struct sighand_struct *old = p->sighand;

	BUG_ON(p->signal->nr_threads != 1);
	if (atomic_read(&old->count) > 1) {
		write_lock_irq(&tasklist_lock);
		spin_lock(&old->siglock);
		memcpy(new->action, old->action, sizeof(new->action));
		p->sighand = new;
		spin_unlock(&old->siglock);
		write_unlock_irq(&tasklist_lock);
		new = old;
	}
	if (new)
		put_sighand(new);
}

/*
 * The program's rights, by the set-id bits of its file. A task that shares its working directory with another process gets
 * no more than it has: the other one could lead the program astray.
 * Context: no other threads. Ref: Linux bprm_fill_uid(), cap_bprm_creds_from_file().
 */
static void bprm_creds(struct linux_binprm *bprm, struct cred *new)
{
	struct inode *i = bprm->file->inode;

	down_read(&i->i_rwsem);
	if (!current->no_new_privs && !(bprm->file->f_path.mnt->mnt_flags & MNT_NOSUID) && !inode_permission(i, MAY_EXEC)) {
		if (i->mode & S_ISUID)
			new->euid = i->uid;
		if ((i->mode & (S_ISGID | 0010)) == (S_ISGID | 0010))
			new->egid = i->gid;
	}
	up_read(&i->i_rwsem);
	bprm->secureexec = new->euid != new->uid || new->egid != new->gid;
	if (bprm->secureexec && atomic_read(&current->fs->count) > 1 && !capable(CAP_SETUID)) {
		new->euid = new->uid;
		new->egid = new->gid;
	}
	if (!new->euid || !new->uid)
		new->cap_permitted = ~0UL;
	new->suid = new->fsuid = new->euid;
	new->sgid = new->fsgid = new->egid;
}

/*
 * The new program has its credentials. From now on others may look into it, unless it runs by other rights than its caller, or
 * its file may not be read.
 */
static void bprm_commit_creds(struct linux_binprm *bprm, struct cred *new)
{
	const struct cred *old = current_cred();
	bool dumpable = old->uid == old->euid && old->gid == old->egid && !creds_differ(old, new) &&
			!inode_permission(bprm->file->inode, 4);

	if (bprm->secureexec)
		WRITE_ONCE(current->pdeath_signal, 0);
	commit_creds(new);
	WRITE_ONCE(current->mm->dumpable, dumpable);
}

/* Parts of the new program that are made while the old one can still go on, for making them may fail. */
struct new_exec {
	struct cred *creds;
	struct sighand_struct *sighand;	/* NULL: no other process has ours */
};

/* @p, the current task, has open files of its own. Return: 0, -ENOMEM. */
static int unshare_files(struct task_struct *p)
{
	struct files_struct *old = p->files, *new;

	if (atomic_read(&old->count) == 1)
		return 0;
	new = dup_files(old);
	if (!new)
		return -ENOMEM;
	spin_lock(&p->alloc_lock);
	p->files = new;
	spin_unlock(&p->alloc_lock);
	put_files(old);
	return 0;
}

/* Return: 0, and the task is alone in its process; or an error, and the old program goes on. */
static int prepare_new_exec(struct task_struct *p, struct new_exec *new)
{
	int err;

	new->sighand = NULL;
	new->creds = prepare_creds();
	if (!new->creds)
		return -ENOMEM;
	err = unshare_files(p);
	if (!err && atomic_read(&p->sighand->count) > 1) {
		new->sighand = sighand_dup(p->sighand);
		err = new->sighand ? 0 : -ENOMEM;
	}
	if (!err)
		err = de_thread(p);
	if (!err)
		return 0;
	if (new->sighand)
		put_sighand(new->sighand);
	put_cred(new->creds);
	return err;
}

/* The old program's memory goes, and with it what it had told the kernel of places there. */
static void enter_new_mm(struct linux_binprm *bprm)
{
	struct task_struct *p = current;

	bprm->mm->exe_file = get_file(bprm->file);
	mm_release(p);
	posix_timers_exit(p->signal);
	acct_arg_size(bprm, 0);
	exec_mmap(bprm->mm);
	bprm->mm = NULL;
	rlimits_to_mm(p->signal, p->mm);	/* set meanwhile, they went to the old one */
	p->robust_list = NULL;
	p->sas_ss_sp = p->sas_ss_size = 0;
	p->sas_ss_flags = SS_DISABLE;
}

/* Handlers are gone; what was ignored still is. */
static void flush_signal_handlers(struct task_struct *p)
{
	spin_lock_irq(&p->sighand->siglock);
	for (int i = 0; i < _NSIG; i++) {
		u64 h = p->sighand->action[i].handler;

		p->sighand->action[i] = (struct k_sigaction){ .handler = h == SIG_IGN ? SIG_IGN : SIG_DFL };
	}
	spin_unlock_irq(&p->sighand->siglock);
}

int begin_new_exec(struct linux_binprm *bprm)
{
	struct task_struct *p = current;
	struct new_exec new;
	int err;

	lockdep_assert_held(&p->signal->cred_guard_mutex);
	err = prepare_new_exec(p, &new);
	if (err)
		return err;
	bprm->point_of_no_return = true;
	install_sighand(p, new.sighand);
	bprm_creds(bprm, new.creds);
	enter_new_mm(bprm);
	fd_close_on_exec(p->files);
	p->flags &= ~(PF_FORKNOEXEC | PF_KTHREAD);
	p->did_exec = true;
	WRITE_ONCE(p->self_exec_id, p->self_exec_id + 1);
	flush_signal_handlers(p);
	set_task_comm(p, bprm->filename);
	trace_process_exec(bprm->filename);
	bprm_commit_creds(bprm, new.creds);
	perf_event_exec();
	return 0;
}

static int open_exec(struct linux_binprm *bprm, const struct path *base, const char *name)
{
	struct file *f = do_open(base, name, O_RDONLY | O_NONBLOCK | FMODE_EXEC, 0);	/* a FIFO is refused, not waited for */
	s64 n;
	int err;

	if (IS_ERR(f))
		return PTR_ERR(f);
	err = S_ISREG(f->inode->mode) ? 0 : -EACCES;
	if (!err && current_cred()->fsuid == 0 && !(f->inode->mode & 0111))
		err = -EACCES;
	if (err) {
		fput(f);
		return err;
	}
	memset(bprm->buf, 0, sizeof(bprm->buf));
	n = kernel_read(f, bprm->buf, sizeof(bprm->buf), 0);
	if (n < 0) {
		fput(f);
		return (int)n;
	}
	if (bprm->file)
		fput(bprm->file);
	bprm->file = f;
	return 0;
}

/* Try each format; a script names another file to try. */
static int search_binary_handler(struct linux_binprm *bprm, struct pt_regs *regs)
{
	for (;;) {
		int err = -ENOEXEC;

		for (size_t i = 0; i < ARRAY_SIZE(formats) && err == -ENOEXEC && !bprm->point_of_no_return; i++)
			err = formats[i]->load_binary(bprm, regs);
		if (err != 1)
			return err;
		/* A script: bprm->interp is what to load. */
		if (++bprm->depth > 5)
			return -ELOOP;
		err = open_exec(bprm, NULL, bprm->interp);
		if (err)
			return err;
	}
}

/* Did the task change to a user that has too many processes, and still has? */
static bool nproc_exceeded(void)
{
	bool yes = (current->flags & PF_NPROC_EXCEEDED) &&
		   (u64)atomic_read(&current_cred()->user->processes) > rlimit(RLIMIT_NPROC);

	if (!yes)
		current->flags &= ~PF_NPROC_EXCEEDED;
	return yes;
}

/* Build the new program beside the old one, and change over. Context: cred_guard_mutex. */
static int exec_binprm(struct linux_binprm *bprm, const struct path *base, const char __user *const __user *argv,
		       const char __user *const __user *envp, bool kernel_argv, struct pt_regs *regs)
{
	int err = open_exec(bprm, base, bprm->filename);

	if (!err)
		err = bprm_mm_init(bprm);
	if (!err)
		err = bprm->argc = count_strings(bprm, argv, kernel_argv);
	if (err >= 0)
		err = bprm->envc = count_strings(bprm, envp, kernel_argv);
	if (err >= 0)
		err = set_arg_limit(bprm);
	if (!err)
		err = copy_string_kernel(bprm->filename, bprm);
	bprm->exec = bprm->p;
	if (!err)
		err = copy_strings(bprm->envc, envp, kernel_argv, bprm);
	if (!err)
		err = copy_strings(bprm->argc, argv, kernel_argv, bprm);
	if (!err && !bprm->argc) {
		/* An empty argv gets a name, as Linux does since 5.18. */
		err = copy_string_kernel("", bprm);
		bprm->argc = 1;
	}
	return err ? err : search_binary_handler(bprm, regs);
}

int do_execve(const struct path *base, const char *filename, const char __user *const __user *argv,
	      const char __user *const __user *envp, bool kernel_argv, struct pt_regs *regs)
{
	struct linux_binprm *bprm;
	int err;

	if (nproc_exceeded())
		return -EAGAIN;
	bprm = kzalloc(sizeof(*bprm), GFP_KERNEL);
	if (!bprm)
		return -ENOMEM;
	bprm->filename = filename;
	sched_exec();
	/* Another thread may be ahead of us, and wait for our end. */
	if (mutex_lock_interruptible(&current->signal->cred_guard_mutex)) {
		err = -ERESTARTNOINTR;
		goto out;
	}
	err = exec_binprm(bprm, base, argv, envp, kernel_argv, regs);
	mutex_unlock(&current->signal->cred_guard_mutex);
	if (bprm->mm) {
		acct_arg_size(bprm, 0);
		mmput(bprm->mm);
	}
	if (bprm->file)
		fput(bprm->file);
	kfree(bprm->interp);
	if (err && bprm->point_of_no_return)
		force_fatal_sig(SIGSEGV);	/* the old program is gone */
out:
	kfree(bprm);
	return err;
}
