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
#include "vm/brk.h"
#include "vm/gup.h"
#include "vm/mm.h"
#include "vm/mmap.h"
#include "vm/mmu_context.h"
#include "vm/slab.h"
#include "vm/uaccess.h"
#include "vm/upcall.h"
#include "vm/vm_area.h"

#define MAX_ARG_STRLEN	(32 * PAGE_SIZE)

static const struct linux_binfmt *const formats[] = { &elf_format, &script_format };

/* Arguments and environment may take a quarter of the stack limit: strings, and the pointers to them. */
static unsigned long arg_limit(struct linux_binprm *bprm)
{
	return max(min(bprm->mm->rlim_stack, 24UL << 20) / 4, 32UL * PAGE_SIZE);
}

/* Sets @bprm->argmin. -E2BIG: the pointers alone take all. */
static int set_arg_limit(struct linux_binprm *bprm)
{
	unsigned long limit = arg_limit(bprm);
	unsigned long pointers = ((unsigned long)max(bprm->argc, 1) + bprm->envc) * sizeof(void *);

	if (limit <= pointers)
		return -E2BIG;
	bprm->argmin = bprm->p - (limit - pointers);
	return 0;
}

/* Write into the new stack, which is not mapped here: through its pages. */
int bprm_write(struct linux_binprm *bprm, unsigned long at, const void *data, size_t n)
{
	return access_process_vm(bprm->mm, at, (void *)data, n, true) == n ? 0 : -E2BIG;
}

/* The page of the new stack that holds @at, grown and faulted in. Context: new mm, ours alone. */
static struct page *stack_page(struct linux_binprm *bprm, unsigned long at)
{
	struct mm_struct *mm = bprm->mm;
	struct page *page;
	struct vm_area_struct *vma;

	down_write(&mm->mmap_lock);
	vma = find_vma(mm, at);
	if (!vma || expand_stack(vma, at))
		page = ERR_PTR(-E2BIG);
	else
		page = get_user_page(mm, at, true);
	up_write(&mm->mmap_lock);
	return page;
}

/*
 * The new stack has @pages: until it is the task's own they count as the old program's, for who looks for memory.
 * Ref: Linux acct_arg_size().
 */
static void acct_arg_size(struct linux_binprm *bprm, unsigned long pages)
{
	if (!current->mm || pages == bprm->arg_pages)
		return;
	atomic_add((long)(pages - bprm->arg_pages), &current->mm->rss[MM_ANONPAGES]);
	bprm->arg_pages = pages;
}

/* Push @n bytes that the callback delivers, last page first. */
static int push_bytes(struct linux_binprm *bprm, const char *kern, const char __user *user, size_t n)
{
	if (bprm->p - n < bprm->argmin)
		return -E2BIG;
	bprm->p -= n;
	acct_arg_size(bprm, (STACK_TOP - bprm->p + PAGE_SIZE - 1) >> PAGE_SHIFT);
	for (size_t done = 0; done < n; ) {
		unsigned long at = bprm->p + done, off = at & ~PAGE_MASK;
		size_t part = min(n - done, PAGE_SIZE - off);
		struct page *page = fatal_signal_pending(current) ? ERR_PTR(-EINTR) : stack_page(bprm, at);
		int err = 0;

		if (IS_ERR(page))
			return PTR_ERR(page);
		if (kern)
			memcpy((char *)page_address(page) + off, kern + done, part);
		else if (copy_from_user((char *)page_address(page) + off, user + done, part))
			err = -EFAULT;
		put_page(page);
		if (err)
			return err;
		done += part;
	}
	return 0;
}

int copy_string_kernel(const char *s, struct linux_binprm *bprm)
{
	return push_bytes(bprm, s, NULL, strlen(s) + 1);
}

/* Length of a user string with its NUL; -EFAULT, -E2BIG. */
static long strlen_user(const char __user *s)
{
	char chunk[64];
	long n = 0;

	for (;;) {
		long got = strncpy_from_user(chunk, s + n, sizeof(chunk));

		if (got < 0)
			return got;
		n += got;
		if (got < (long)sizeof(chunk))
			return n + 1;
		if (n >= (long)MAX_ARG_STRLEN)
			return -E2BIG;
	}
}

/* Nobody counts further than there may be pointers. */
static int count_strings(struct linux_binprm *bprm, const char __user *const __user *argv, bool kernel)
{
	unsigned long most = arg_limit(bprm) / sizeof(void *);

	for (int n = 0; argv && (unsigned long)n < most; n++) {
		const char __user *s;

		if (kernel)
			s = (__force const char __user *)((__force const char *const *)argv)[n];
		else if (get_user(s, &argv[n]))
			return -EFAULT;
		if (!s)
			return n;
		if (fatal_signal_pending(current))
			return -ERESTARTNOHAND;
		cond_resched();
	}
	return argv ? -E2BIG : 0;
}

static int copy_strings(int n, const char __user *const __user *argv, bool kernel, struct linux_binprm *bprm)
{
	while (n--) {
		const char __user *s;
		long len;
		int err;

		if (kernel) {
			err = copy_string_kernel(((__force const char *const *)argv)[n], bprm);
		} else {
			if (get_user(s, &argv[n]))
				return -EFAULT;
			len = strlen_user(s);
			if (len < 0)
				return (int)len;
			err = push_bytes(bprm, NULL, s, len);
		}
		if (err)
			return err;
		if (fatal_signal_pending(current))
			return -ERESTARTNOHAND;
		cond_resched();
	}
	return 0;
}

long bprm_strlen(struct linux_binprm *bprm, unsigned long at)
{
	char chunk[64], *end;
	long n = 0;

	for (;;) {
		size_t got = access_process_vm(bprm->mm, at + n, chunk, sizeof(chunk), false);

		end = memchr(chunk, '\0', got);
		if (end)
			return n + (end - chunk) + 1;
		if (got < sizeof(chunk))
			return -EFAULT;
		n += got;
	}
}

int remove_arg_zero(struct linux_binprm *bprm)
{
	long n;

	if (!bprm->argc)
		return 0;
	n = bprm_strlen(bprm, bprm->p);
	if (n < 0)
		return (int)n;
	bprm->p += n;
	bprm->argc--;
	return 0;
}

void set_task_comm(struct task_struct *p, const char *name)
{
	const char *slash = strrchr(name, '/');

	spin_lock(&p->alloc_lock);
	memset(p->comm, 0, sizeof(p->comm));
	strncpy(p->comm, slash ? slash + 1 : name, sizeof(p->comm) - 1);
	spin_unlock(&p->alloc_lock);
}

/* The other threads are told to go, and this one waits. -EAGAIN: the group is dying anyway. */
static int zap_group(struct task_struct *p)
{
	struct signal_struct *sig = p->signal;
	int err = 0;

	write_lock_irq(&tasklist_lock);
	spin_lock(&p->sighand->siglock);
	if ((sig->flags & SIGNAL_GROUP_EXIT) || sig->group_exec_task) {
		err = -EAGAIN;
	} else {
		sig->group_exec_task = p;
		zap_other_threads(p);
	}
	spin_unlock(&p->sighand->siglock);
	write_unlock_irq(&tasklist_lock);
	return err;
}

/* Are all gone but us and a leader who must stay a zombie for its pid? */
static bool group_is_gone(struct task_struct *p)
{
	struct task_struct *leader;
	bool gone;

	read_lock(&tasklist_lock);
	leader = p->group_leader;
	gone = p->signal->nr_threads == (leader == p ? 1 : 2) && (leader == p || leader->exit_state);
	read_unlock(&tasklist_lock);
	return gone;
}

/* @p takes over the pids of @leader, a zombie, and its place in the tree. Context: tasklist_lock exclusive. */
static void replace_leader(struct task_struct *p, struct task_struct *leader)
{
	struct pid *own = p->pids[PIDTYPE_PID];

	BUG_ON(leader->exit_state != EXIT_ZOMBIE || task_parent(p) != task_parent(leader));
	p->start_time = leader->start_time;
	detach_pid(p, PIDTYPE_PID);
	detach_pid(leader, PIDTYPE_PID);
	p->pids[PIDTYPE_PID] = leader->pids[PIDTYPE_PID];
	leader->pids[PIDTYPE_PID] = own;
	attach_pid(p, PIDTYPE_PID);
	attach_pid(leader, PIDTYPE_PID);
	leader->pid = p->pid;
	p->pid = p->tgid;
	for (int t = PIDTYPE_TGID; t < PIDTYPES; t++) {
		detach_pid(leader, t);
		p->pids[t] = leader->pids[t];
		leader->pids[t] = NULL;
		attach_pid(p, t);
	}
	LIST_INSERT_BEFORE(leader, p, tasks);
	LIST_REMOVE(leader, tasks);
	TAILQ_INSERT_BEFORE(leader, p, sibling);
	TAILQ_REMOVE(&leader->real_parent->children, leader, sibling);
	p->group_leader = p;
	leader->group_leader = p;
	p->exit_signal = SIGCHLD;
	leader->exit_signal = -1;
	leader->exit_state = EXIT_DEAD;
}

/*
 * The calling thread becomes the only one of its group, and its leader.
 * -EAGAIN: the group is dying anyway.
 */
static int de_thread(struct task_struct *p)
{
	struct signal_struct *sig = p->signal;
	struct task_struct *leader = p->group_leader;
	int err = 0;

	if (sig->nr_threads == 1)
		goto alone;
	err = zap_group(p);
	if (err)
		return err;
	for (;;) {
		set_current_state(TASK_KILLABLE);
		if (group_is_gone(p))
			break;
		schedule();
		/* Woken by exits; a kill from outside marks the group, and we go as get_signal() says. */
		if (sig->flags & SIGNAL_GROUP_EXIT) {
			err = -EAGAIN;
			break;
		}
	}
	__set_current_state(TASK_RUNNING);
	/* Who exits looks at group_exec_task under the lock, and wakes it. */
	write_lock_irq(&tasklist_lock);
	sig->group_exec_task = NULL;
	if (!err && leader != p)
		replace_leader(p, leader);
	write_unlock_irq(&tasklist_lock);
	if (err)
		return err;
	if (leader != p)
		release_task(leader);
alone:
	p->exit_signal = SIGCHLD;
	return 0;
}

/*
 * Signal actions of our own, if others share them: @new, made before, as nothing may fail now. Who has other threads must
 * not change to them: what a group has is under one siglock.
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
 * By whose rights the program runs. Who shares its working directory with another process could be led astray by
 * that one, and gets none. Context: no other threads. Ref: Linux bprm_fill_uid(), cap_bprm_creds_from_file().
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

/* Nobody looks into the new program before its credentials are there; nor then, if they are not those of who called it. */
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

int begin_new_exec(struct linux_binprm *bprm)
{
	struct task_struct *p = current;
	struct sighand_struct *sighand = NULL;
	struct files_struct *files;
	struct cred *cred;
	int err;

	lockdep_assert_held(&p->signal->cred_guard_mutex);
	/* What may fail and can be undone comes first. */
	cred = prepare_creds();
	if (!cred)
		return -ENOMEM;
	files = atomic_read(&p->files->count) > 1 ? dup_files(p->files) : p->files;
	if (!files) {
		put_cred(cred);
		return -ENOMEM;
	}
	if (files != p->files) {
		struct files_struct *old = p->files;

		spin_lock(&p->alloc_lock);
		p->files = files;
		spin_unlock(&p->alloc_lock);
		put_files(old);
	}
	if (atomic_read(&p->sighand->count) > 1) {
		sighand = sighand_dup(p->sighand);
		if (!sighand) {
			put_cred(cred);
			return -ENOMEM;
		}
	}
	err = de_thread(p);
	if (err) {
		if (sighand)
			put_sighand(sighand);
		put_cred(cred);
		return err;
	}
	bprm->point_of_no_return = true;
	install_sighand(p, sighand);
	bprm_creds(bprm, cred);

	bprm->mm->exe_file = get_file(bprm->file);
	mm_release(p);
	posix_timers_exit(p->signal);
	acct_arg_size(bprm, 0);
	exec_mmap(bprm->mm);
	bprm->mm = NULL;
	rlimits_to_mm(p->signal, p->mm);	/* set meanwhile, they went to the old one */
	fd_close_on_exec(p->files);
	p->flags &= ~(PF_FORKNOEXEC | PF_KTHREAD);
	p->did_exec = true;
	WRITE_ONCE(p->self_exec_id, p->self_exec_id + 1);
	p->robust_list = NULL;
	p->sas_ss_sp = p->sas_ss_size = 0;
	p->sas_ss_flags = SS_DISABLE;
	spin_lock_irq(&p->sighand->siglock);
	for (int i = 0; i < _NSIG; i++) {
		u64 h = p->sighand->action[i].handler;

		p->sighand->action[i] = (struct k_sigaction){ .handler = h == SIG_IGN ? SIG_IGN : SIG_DFL };
	}
	spin_unlock_irq(&p->sighand->siglock);
	set_task_comm(p, bprm->filename);
	trace_process_exec(bprm->filename);
	bprm_commit_creds(bprm, cred);
	perf_event_exec();
	return 0;
}

static int bprm_mm_init(struct linux_binprm *bprm)
{
	struct mm_struct *mm = mm_alloc();
	struct vm_area_struct *vma;
	int err;

	if (!mm)
		return -ENOMEM;
	bprm->mm = mm;
	rlimits_to_mm(current->signal, mm);
	mm->mmap_base = STACK_TOP - PAGE_ALIGN(min(max(mm->rlim_stack, 128UL << 20), TASK_SIZE / 6 * 5)) -
			STACK_GUARD_GAP;
	vma = vm_area_alloc(mm);
	if (!vma)
		return -ENOMEM;
	vma->vm_flags = VM_DATA_DEFAULT | VM_GROWSDOWN;
	vma->vm_start = STACK_TOP - PAGE_SIZE;
	vma->vm_end = STACK_TOP;
	vma->vm_pgoff = vma->vm_start >> PAGE_SHIFT;
	vma->vm_page_prot = vm_get_page_prot(vma->vm_flags);
	down_write(&mm->mmap_lock);
	err = insert_vm_area(mm, vma);
	up_write(&mm->mmap_lock);
	if (err)
		vm_area_free(vma);
	bprm->p = STACK_TOP - 16;
	return err;
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

/* Did the task change to a user who still has too many? */
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
