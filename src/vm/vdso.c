/* SPDX-License-Identifier: MIT */
#include "vm/vdso.h"

#include <string.h>

#include "time/clock.h"
#include "vm/mmap.h"
#include "vm/page_alloc.h"
#include "vm/pgtable.h"
#include "vm/vm_area.h"

static struct page *vdso_page;

void __init vdso_init(void)
{
	extern const char vdso_start[], vdso_end[];
	char *page;

	vdso_page = alloc_page(__GFP_ZERO);
	BUG_ON(!vdso_page);
	page = page_address(vdso_page);
	memcpy(page, vdso_start, vdso_end - vdso_start);
	timekeeping_publish((struct timekeeping_data *)(page + VDSO_DATA));
}

int map_vdso(struct mm_struct *mm)
{
	struct vm_area_struct *vma = vm_area_alloc(mm);
	unsigned long addr;
	int err = -ENOMEM;

	if (!vma)
		return -ENOMEM;
	down_write(&mm->mmap_lock);
	addr = vma_find_gap(mm, PAGE_SIZE, MMAP_MIN_ADDR, mm->mmap_base);
	if (!IS_ERR_VALUE(addr)) {
		vma->vm_start = addr;
		vma->vm_end = addr + PAGE_SIZE;
		vma->vm_flags = VM_READ | VM_EXEC | VM_MAYREAD | VM_MAYEXEC | VM_SPECIAL | VM_DONTEXPAND;
		vma->vm_page_prot = vm_get_page_prot(vma->vm_flags);
		err = insert_vm_area(mm, vma);
		if (!err)
			err = insert_special_page(vma, addr, vdso_page);
		else
			vm_area_free(vma);
		mm->vdso = addr;
	} else {
		vm_area_free(vma);
	}
	up_write(&mm->mmap_lock);
	return err;
}
