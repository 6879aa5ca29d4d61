/* SPDX-License-Identifier: MIT */
/*
 * The image: linked in the top 2 GiB, loaded at 0x80200000. _start comes first,
 * for the firmware jumps to the lowest loaded byte. Sections with different
 * permissions start on pages of their own.
 */
#include "riscv/memlayout.h"

OUTPUT_ARCH(riscv)
ENTRY(_start)
PHDRS {
	text PT_LOAD FLAGS(5);
	init PT_LOAD FLAGS(7);
	rodata PT_LOAD FLAGS(4);
	data PT_LOAD FLAGS(6);
}
SECTIONS {
	. = KERNEL_LINK;
	.text : AT(ADDR(.text) - KERNEL_OFFSET) {
		*(.head.text)
		*(.text.unlikely .text.unlikely.*)
		*(.text .text.*)
	} :text
	. = ALIGN(PAGE_SIZE);
	_text_end = .;
	__init_begin = .;
	.init.text : AT(ADDR(.init.text) - KERNEL_OFFSET) { *(.init.text) } :init
	. = ALIGN(PAGE_SIZE);
	__init_text_end = .;
	.init.data : AT(ADDR(.init.data) - KERNEL_OFFSET) {
		*(.init.data)
		. = ALIGN(8);
		__start_drivers = .;
		KEEP(*(.init.drivers))
		__stop_drivers = .;
		. = ALIGN(PAGE_SIZE);
		__initramfs_start = .;
		KEEP(*(.init.ramfs))
		__initramfs_end = .;
	} :init
	. = ALIGN(64);
	__percpu_start = .;
	.data.percpu : AT(ADDR(.data.percpu) - KERNEL_OFFSET) { *(.data.percpu) } :init
	. = ALIGN(64);
	__percpu_end = .;
	. = ALIGN(PAGE_SIZE);
	__init_end = .;
	_rodata_start = .;
	.rodata : AT(ADDR(.rodata) - KERNEL_OFFSET) {
		*(.rodata .rodata.* .srodata .srodata.*)
		. = ALIGN(8);
		__start_extable = .;
		KEEP(*(.extable))
		__stop_extable = .;
		__start_kunit = .;
		KEEP(*(.kunit))
		__stop_kunit = .;
	} :rodata
	. = ALIGN(PAGE_SIZE);
	_rodata_end = .;
	_data_start = .;
	/* A section of its own, and the symbol in it: the linker relaxes only to what no alignment can move far. */
	.sdata : AT(ADDR(.sdata) - KERNEL_OFFSET) {
		__global_pointer$ = . + 0x800;
		*(.sdata .sdata.*)
	} :data
	.data : AT(ADDR(.data) - KERNEL_OFFSET) { *(.data .data.*) } :data
	. = ALIGN(16);
	_bss_start = .;
	.bss : AT(ADDR(.bss) - KERNEL_OFFSET) {
		*(SORT_BY_ALIGNMENT(.bss.*) .bss COMMON .sbss .sbss.*)	/* stacks and page tables first: no gaps */
		. = ALIGN(PAGE_SIZE);
		*(.bss..page_aligned)
	} :data
	. = ALIGN(PAGE_SIZE);
	_end = .;
	/DISCARD/ : { *(.eh_frame .eh_frame_hdr .comment .note.* .riscv.attributes) }
}
