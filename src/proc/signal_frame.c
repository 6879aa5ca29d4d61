/* SPDX-License-Identifier: MIT */
/*
 * Handlers: the frame on the user stack, in Linux's riscv64 layout, and the way
 * back through rt_sigreturn(2). The trampoline lives in the vDSO.
 */
#include "proc/signal_frame.h"

#include <stdio.h>
#include <string.h>

#include "fs/dcache.h"
#include "fs/file.h"
#include "fs/namei.h"
#include "proc/oom.h"
#include "proc/signal.h"
#include "proc/signal_take.h"
#include "sched/fpu.h"
#include "smp/printk.h"
#include "trap/upcall.h"
#include "vm/mm.h"
#include "vm/slab.h"
#include "vm/uaccess.h"
#include "vm/vdso.h"

/*
 * The frame is written and read piece by piece, each straight from where it is:
 * siginfo, the head of the ucontext, the registers (pt_regs begins with them, in
 * the same order), floating point (zero while that is off).
 */
u64 show_unhandled_signals = 1;

#define FRAME_UC	offsetof(struct k_rt_sigframe, uc)
#define FRAME_REGS	offsetof(struct k_rt_sigframe, uc.uc_mcontext.regs)
#define FRAME_FP	offsetof(struct k_rt_sigframe, uc.uc_mcontext.fp)
#define REGS_SIZE	(FRAME_FP - FRAME_REGS)
#define FP_SIZE		(sizeof(struct k_rt_sigframe) - FRAME_FP)

_Static_assert(REGS_SIZE == 32 * 8 && offsetof(struct pt_regs, t6) == 31 * 8, "regs are the first part of pt_regs");
_Static_assert(sizeof(struct fp_state) == 33 * 8, "fcsr follows the registers in both");

static int save_fp(char __user *to, struct pt_regs *regs)
{
	size_t used = 0;

	if (regs->status & SR_FS) {
		preempt_disable();
		fpu_save(current);
		preempt_enable();
		used = sizeof(struct fp_state);
		if (copy_to_user(to, &current->thread.fp, used))
			return -EFAULT;
	}
	return clear_user(to + used, FP_SIZE - used) ? -EFAULT : 0;
}

/* Is @sp on our alternate stack? One that is disarmed while a handler runs is nobody's. */
static bool on_sig_stack(unsigned long sp)
{
	const struct task_struct *p = current;

	return p->sas_ss_size && !(p->sas_ss_flags & SS_AUTODISARM) && sp > p->sas_ss_sp && sp - p->sas_ss_sp <= p->sas_ss_size;
}

int do_sigaltstack(const struct k_stack *ss, struct k_stack *old, unsigned long sp)
{
	struct task_struct *p = current;
	u32 mode;

	if (old)
		*old = (struct k_stack){ .sp = p->sas_ss_sp, .size = p->sas_ss_size, .flags = (p->sas_ss_flags & SS_AUTODISARM) |
					 (!p->sas_ss_size ? SS_DISABLE : on_sig_stack(sp) ? SS_ONSTACK : 0) };
	if (!ss)
		return 0;
	mode = (u32)ss->flags & ~SS_AUTODISARM;
	if (on_sig_stack(sp))
		return -EPERM;
	if (mode != 0 && mode != SS_DISABLE && mode != SS_ONSTACK)
		return -EINVAL;
	if (mode != SS_DISABLE && ss->size < MINSIGSTKSZ)
		return -ENOMEM;
	p->sas_ss_sp = mode == SS_DISABLE ? 0 : ss->sp;
	p->sas_ss_size = mode == SS_DISABLE ? 0 : ss->size;
	p->sas_ss_flags = ss->flags;
	return 0;
}

/* Where the frame goes. One that would leave the alternate stack, whatever lies below, goes nowhere. */
static unsigned long signal_sp(const struct ksignal *ksig, const struct pt_regs *regs)
{
	struct task_struct *p = current;
	unsigned long sp = regs->sp;

	if (on_sig_stack(sp)) {
		if (!on_sig_stack(sp - sizeof(struct k_rt_sigframe)))
			return ~15UL;
	} else if ((ksig->action.flags & SA_ONSTACK) && p->sas_ss_size) {
		sp = p->sas_ss_sp + p->sas_ss_size;
	}
	return (sp - sizeof(struct k_rt_sigframe)) & ~15UL;
}

static int setup_rt_frame(struct ksignal *ksig, struct pt_regs *regs, u64 oldmask)
{
	struct task_struct *p = current;
	struct {
		u64 flags, link;
		struct k_stack stack;
		u64 sigmask;
		u8 unused[FRAME_REGS - FRAME_UC - 48];
	} head = { .stack = { .sp = p->sas_ss_sp, .flags = p->sas_ss_size ? (s32)p->sas_ss_flags : SS_DISABLE, .size = p->sas_ss_size },
		   .sigmask = oldmask };
	unsigned long sp = signal_sp(ksig, regs);
	char __user *frame = (char __user *)sp;

	_Static_assert(sizeof(head) == FRAME_REGS - FRAME_UC, "ucontext");
	if (on_sig_stack(regs->sp))
		head.stack.flags |= SS_ONSTACK;
	if (copy_to_user(frame, &ksig->info, sizeof(ksig->info)) || copy_to_user(frame + FRAME_UC, &head, sizeof(head)) ||
	    copy_to_user(frame + FRAME_REGS, regs, REGS_SIZE) || save_fp(frame + FRAME_FP, regs))
		return -EFAULT;
	if (p->sas_ss_flags & SS_AUTODISARM) {
		p->sas_ss_sp = p->sas_ss_size = 0;
		p->sas_ss_flags = SS_DISABLE;
	}
	regs->ra = current->mm->vdso + VDSO_RT_SIGRETURN;
	regs->epc = ksig->action.handler;
	regs->sp = sp;
	regs->a0 = ksig->sig;
	regs->a1 = sp + offsetof(struct k_rt_sigframe, info);
	regs->a2 = sp + offsetof(struct k_rt_sigframe, uc);
	return 0;
}

long do_sigreturn(struct pt_regs *regs)
{
	struct task_struct *p = current;
	const char __user *frame = (const char __user *)regs->sp;
	struct {
		struct k_stack ss;
		u64 mask;
	} saved;

	_Static_assert(offsetof(struct k_rt_sigframe, uc.uc_sigmask) == offsetof(struct k_rt_sigframe, uc.uc_stack) + sizeof(saved.ss),
		       "one copy for both");
	p->restart.fn = NULL;
	/* Floating point first: the registers go last, for they name the frame. */
	if (((unsigned long)frame & 15) || copy_from_user(&saved, frame + offsetof(struct k_rt_sigframe, uc.uc_stack), sizeof(saved)))
		goto bad;
	if (regs->status & SR_FS) {
		struct fp_state fp;

		if (copy_from_user(&fp, frame + FRAME_FP, sizeof(fp)))
			goto bad;
		preempt_disable();
		p->thread.fp = fp;
		p->thread.fp.fcsr &= 0xff;
		regs->status = (regs->status & ~SR_FS) | SR_FS_CLEAN;
		fpu_restore(p);
		preempt_enable();
	}
	if (copy_from_user(regs, frame + FRAME_REGS, REGS_SIZE))
		goto bad;
	set_current_blocked(saved.mask);
	/* One that tells nonsense, or of where we are: as before. */
	if (saved.ss.sp != current->sas_ss_sp || saved.ss.size != current->sas_ss_size || (u32)saved.ss.flags != current->sas_ss_flags)
		(void)!do_sigaltstack(&saved.ss, NULL, regs->sp);
	regs->cause = ~0UL;	/* not a system call any more: nothing to restart */
	return regs->a0;
bad:
	force_fatal_sig(SIGSEGV);
	return 0;
}

static void handle_signal(struct ksignal *ksig, struct pt_regs *regs)
{
	struct task_struct *p = current;
	u64 oldmask = p->restore_sigmask ? p->saved_sigmask : p->blocked, mask = p->blocked;

	p->restore_sigmask = false;
	if (setup_rt_frame(ksig, regs, oldmask)) {
		force_fatal_sig(SIGSEGV);
		return;
	}
	mask |= ksig->action.mask;
	if (!(ksig->action.flags & SA_NODEFER))
		mask |= sigmask(ksig->sig);
	set_current_blocked(mask);
}

static void do_signal(struct pt_regs *regs)
{
	struct ksignal ksig;
	bool from_call = regs->cause == EXC_SYSCALL;
	long ret = regs->a0;

	/* Rewind to the call first; a handler may still turn it into EINTR. */
	if (from_call) {
		switch (ret) {
		case -ERESTARTSYS:
		case -ERESTARTNOINTR:
		case -ERESTARTNOHAND:
		case -ERESTART_RESTARTBLOCK:
			regs->a0 = regs->orig_a0;
			regs->epc -= 4;
			break;
		default:
			from_call = false;
		}
	}
	if (get_signal(&ksig)) {
		if (from_call && (ret == -ERESTARTNOHAND || ret == -ERESTART_RESTARTBLOCK ||
				  (ret == -ERESTARTSYS && !(ksig.action.flags & SA_RESTART)))) {
			regs->a0 = -EINTR;
			regs->epc += 4;
		}
		regs->cause = ~0UL;	/* decided: a further signal does not look at the call again */
		handle_signal(&ksig, regs);
		return;
	}
	if (from_call && ret == -ERESTART_RESTARTBLOCK)
		regs->a7 = 128;	/* restart_syscall */
	if (from_call)
		regs->cause = ~0UL;
	if (current->restore_sigmask) {
		current->restore_sigmask = false;
		set_current_blocked(current->saved_sigmask);
	}
}

void do_notify_resume(struct pt_regs *regs)
{
	do {
		local_irq_enable();
		if (test_thread_flag(TIF_NEED_RESCHED))
			schedule();
		if (test_thread_flag(TIF_SIGPENDING))
			do_signal(regs);
		arch_local_irq_disable();
	} while (READ_ONCE(current_thread_info()->flags) & _TIF_WORK_MASK);
}

/* A name that a user chose, for the log: nothing that a console takes for more than text. */
static const char *printable(char *name)
{
	for (char *s = name; *s; s++)
		if (*s < ' ' || *s > '~')
			*s = '?';
	return name;
}

/*
 * Where @pc is, as Linux's print_vma_addr tells it: " in NAME[OFFSET,START+LENGTH]", the offset in the file, then the region
 * that maps it; nothing if no file is there.
 */
static void describe_pc(char *to, size_t size, unsigned long pc)
{
	struct mm_struct *mm = current->mm;
	char *path, *buf = kmalloc(PATH_MAX, GFP_KERNEL);
	struct vm_area_struct *vma;

	to[0] = '\0';
	if (!buf)
		return;
	down_read(&mm->mmap_lock);
	vma = find_vma(mm, pc);
	if (vma && vma->vm_start <= pc && vma->vm_file && vma->vm_file->f_path.dentry) {
		path = d_path(&vma->vm_file->f_path, buf, PATH_MAX);
		if (IS_ERR(path))
			path = strcpy(buf, "/?");
		snprintf(to, size, " in %.64s[%lx,%lx+%lx]", printable(strrchr(path, '/') + 1),
			 pc - vma->vm_start + (vma->vm_pgoff << PAGE_SHIFT), vma->vm_start, vma->vm_end - vma->vm_start);
	}
	up_read(&mm->mmap_lock);
	kfree(buf);
}

/* A fault that the program has no handler for: say so, as Linux does. */
static void show_unhandled(const struct pt_regs *regs, const struct k_siginfo *info)
{
	u64 handler = READ_ONCE(current->sighand->action[info->si_signo - 1].handler);
	char comm[sizeof(current->comm)], where[128];

	if (!READ_ONCE(show_unhandled_signals) || (handler != SIG_DFL && handler != SIG_IGN) || !printk_ratelimit())
		return;
	memcpy(comm, current->comm, sizeof(comm));
	comm[sizeof(comm) - 1] = '\0';
	describe_pc(where, sizeof(where), regs->epc);
	pr_info("%s[%d]: unhandled signal %d code 0x%x at 0x%016lx%s\n", printable(comm), current->pid, info->si_signo, info->si_code,
		info->fault.addr, where);
}

bool proc_on_user_fault(struct pt_regs *regs, unsigned long uaddr, int err)
{
	struct k_siginfo info = { .fault = { .addr = uaddr } };

	if (!user_mode(regs))
		return err == -ENOMEM && oom_retry_access();
	switch (regs->cause) {
	case EXC_INST_ILLEGAL:
		if (!(regs->status & SR_FS)) {
			fpu_first_use(regs);
			return true;
		}
		info.si_signo = SIGILL;
		info.si_code = ILL_ILLOPC;
		info.fault.addr = regs->epc;
		break;
	case EXC_BREAKPOINT:
		info.si_signo = SIGTRAP;
		info.si_code = TRAP_BRKPT;
		info.fault.addr = regs->epc;
		break;
	case EXC_INST_MISALIGNED:
	case EXC_LOAD_MISALIGNED:
	case EXC_STORE_MISALIGNED:
		info.si_signo = SIGBUS;
		info.si_code = BUS_ADRALN;
		break;
	case EXC_INST_ACCESS:
	case EXC_LOAD_ACCESS:
	case EXC_STORE_ACCESS:
		info.si_signo = SIGSEGV;
		info.si_code = SEGV_ACCERR;
		break;
	default:
		if (err == -ENOMEM) {
			out_of_memory();	/* and the access is tried again */
			return true;
		}
		info.si_signo = err == -EIO ? SIGBUS : SIGSEGV;
		info.si_code = err == -EIO ? BUS_ADRERR : err == -EACCES ? SEGV_ACCERR : SEGV_MAPERR;
	}
	if (info.si_signo != SIGTRAP)	/* a debugger's, if it has one */
		show_unhandled(regs, &info);
	force_sig_info(&info);
	return true;
}
