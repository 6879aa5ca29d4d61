/* SPDX-License-Identifier: MIT */
/*
 * Handlers: the frame on the user stack, in Linux's riscv64 layout, and the way
 * back through rt_sigreturn(2). The trampoline lives in the vDSO page.
 */
#include "proc/signal_priv.h"

#include <string.h>

struct page *vdso_page;

void __init vdso_init(void)
{
	/* li a7, 139 (rt_sigreturn); ecall */
	static const u32 code[] = { 0x08b00893, 0x00000073 };

	vdso_page = alloc_page(__GFP_ZERO);
	BUG_ON(!vdso_page);
	memcpy((char *)page_address(vdso_page) + VDSO_RT_SIGRETURN, code, sizeof(code));
}

/* The frame in two parts: what every signal has, and floating point, zero while that is off. */
#define FRAME_BASE	offsetof(struct k_rt_sigframe, uc.uc_mcontext.fp)
#define FRAME_FP	(sizeof(struct k_rt_sigframe) - FRAME_BASE)

struct frame_fp {
	u64 f[32];
	u32 fcsr;
	u8 reserved[FRAME_FP - 33 * 8 + 4];
};
_Static_assert(sizeof(struct frame_fp) == FRAME_FP, "the rest of the frame");

static int save_fp(unsigned long uaddr, struct pt_regs *regs)
{
	struct frame_fp fp;

	if (!(regs->status & SR_FS))
		return clear_user((void __user *)uaddr, FRAME_FP) ? -EFAULT : 0;
	preempt_disable();
	fpu_save(current);
	preempt_enable();
	memcpy(fp.f, current->thread.fp.f, sizeof(fp.f));
	fp.fcsr = current->thread.fp.fcsr;
	memset(fp.reserved, 0, sizeof(fp.reserved));
	return copy_to_user((void __user *)uaddr, &fp, FRAME_FP) ? -EFAULT : 0;
}

static unsigned long signal_sp(const struct ksignal *ksig, const struct pt_regs *regs)
{
	struct task_struct *p = current;
	unsigned long sp = regs->sp;

	if ((ksig->action.flags & SA_ONSTACK) && p->sas_ss_size && !(p->sas_ss_flags & SS_DISABLE) &&
	    !(sp > p->sas_ss_sp && sp - p->sas_ss_sp <= p->sas_ss_size))
		sp = p->sas_ss_sp + p->sas_ss_size;
	return (sp - sizeof(struct k_rt_sigframe)) & ~15UL;
}

static int setup_rt_frame(struct ksignal *ksig, struct pt_regs *regs, u64 oldmask)
{
	struct task_struct *p = current;
	struct k_rt_sigframe frame;
	unsigned long sp = signal_sp(ksig, regs);

	memset(&frame.uc, 0, offsetof(struct k_ucontext, uc_mcontext));
	frame.info = ksig->info;
	frame.uc.uc_stack = (struct k_stack){ p->sas_ss_sp, p->sas_ss_size ? (s32)p->sas_ss_flags : SS_DISABLE,
					      p->sas_ss_size };
	if (p->sas_ss_size && regs->sp > p->sas_ss_sp && regs->sp - p->sas_ss_sp <= p->sas_ss_size)
		frame.uc.uc_stack.flags |= SS_ONSTACK;
	frame.uc.uc_sigmask = oldmask;
	memcpy(frame.uc.uc_mcontext.regs, regs, sizeof(frame.uc.uc_mcontext.regs));	/* epc, x1..x31: the same order */
	if (copy_to_user((void __user *)sp, &frame, FRAME_BASE) || save_fp(sp + FRAME_BASE, regs))
		return -EFAULT;
	if (p->sas_ss_flags & SS_AUTODISARM) {
		p->sas_ss_sp = p->sas_ss_size = 0;
		p->sas_ss_flags = SS_DISABLE;
	}
	regs->ra = p->mm->vdso + VDSO_RT_SIGRETURN;
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
	struct k_rt_sigframe frame;
	unsigned long status = regs->status;

	p->restart_fn = NULL;
	if ((regs->sp & 15) || copy_from_user(&frame, (void __user *)regs->sp, FRAME_BASE) ||
	    ((status & SR_FS) && copy_from_user(&frame.uc.uc_mcontext.fp, (char __user *)regs->sp + FRAME_BASE, FRAME_FP))) {
		force_fatal_sig(SIGSEGV);
		return 0;
	}
	set_current_blocked(frame.uc.uc_sigmask);
	memcpy(regs, frame.uc.uc_mcontext.regs, sizeof(frame.uc.uc_mcontext.regs));
	/* What was not in use when the frame was made stays off unless used since. */
	if (status & SR_FS) {
		preempt_disable();
		memcpy(p->thread.fp.f, frame.uc.uc_mcontext.fp, sizeof(p->thread.fp.f));
		p->thread.fp.fcsr = frame.uc.uc_mcontext.fcsr & 0xff;
		regs->status = (status & ~SR_FS) | SR_FS_CLEAN;
		fpu_restore(p);
		preempt_enable();
	}
	if (!p->sas_ss_size || !(regs->sp > p->sas_ss_sp && regs->sp - p->sas_ss_sp <= p->sas_ss_size)) {
		struct k_stack *ss = &frame.uc.uc_stack;

		if (!(ss->flags & SS_DISABLE) || !ss->size) {
			p->sas_ss_sp = ss->size ? ss->sp : 0;
			p->sas_ss_size = ss->size;
			p->sas_ss_flags = ss->flags & ~SS_ONSTACK;
		}
	}
	regs->cause = ~0UL;	/* not a system call any more: nothing to restart */
	return regs->a0;
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

void proc_on_user_return(struct pt_regs *regs)
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

void proc_on_user_fault(struct pt_regs *regs, unsigned long uaddr, int err)
{
	struct k_siginfo info = { .fault = { .addr = uaddr } };

	switch (regs->cause) {
	case EXC_INST_ILLEGAL:
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
			force_fatal_sig(SIGKILL);	/* nothing left: this one goes */
			return;
		}
		info.si_signo = err == -EIO ? SIGBUS : SIGSEGV;
		info.si_code = err == -EIO ? BUS_ADRERR : err == -EACCES ? SEGV_ACCERR : SEGV_MAPERR;
	}
	force_sig_info(&info);
}
