/* SPDX-License-Identifier: MIT */
/*
 * /proc/kcore: the kernel's code as an ELF core file, so that who looks at samples of the kernel (perf annotate), or debugs it, need
 * not have its image. All else of its memory is nobody's business. Ref: Linux fs/pseudofs/kcore.c.
 */
#include "pseudofs/kcore.h"

#include <elf.h>

static s64 kcore_read(struct file *f, char __user *buf, size_t n, s64 *pos)
{
	u64 size = _text_end - _start, at = *pos;
	struct {
		Elf64_Ehdr eh;
		Elf64_Phdr ph;
	} head = {
		.eh = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
			.e_type = ET_CORE, .e_machine = EM_RISCV, .e_version = EV_CURRENT, .e_phoff = sizeof(head.eh),
			.e_ehsize = sizeof(head.eh), .e_phentsize = sizeof(head.ph), .e_phnum = 1,
		},
		.ph = {
			.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_offset = sizeof(head), .p_vaddr = (u64)_start,
			.p_paddr = __pa(_start), .p_filesz = size, .p_memsz = size, .p_align = 1,
		},
	};
	const char *from = (const char *)&head + at;

	(void)f;
	if (at < sizeof(head)) {
		n = min(n, sizeof(head) - at);
	} else if (at - sizeof(head) < size) {
		from = _start + (at - sizeof(head));
		n = min(n, size - (at - sizeof(head)));
	} else {
		return 0;
	}
	if (copy_to_user(buf, from, n))
		return -EFAULT;
	*pos += n;
	return n;
}

const struct file_operations kcore_ops = { .read = kcore_read, .llseek = generic_llseek };
