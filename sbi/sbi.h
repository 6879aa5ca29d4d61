/* SPDX-License-Identifier: MIT */
/*
 * Calls to the Supervisor Binary Interface, one function each, no policy.
 * Source: RISC-V SBI specification 1.0; legacy console putchar from 0.1.
 * Every function: any context, no lock; Return: 0 or a negative SBI error,
 * never an errno.
 */
#ifndef SBI_SBI_H
#define SBI_SBI_H

#include "lib/compiler.h"

#define SBI_SUCCESS		0
#define SBI_ERR_FAILED		-1
#define SBI_ERR_NOT_SUPPORTED	-2
#define SBI_ERR_INVALID_PARAM	-3
#define SBI_ERR_ALREADY_AVAILABLE -6
#define SBI_ERR_ALREADY_STARTED	-7

#define SBI_EXT_BASE	0x10
#define SBI_EXT_TIME	0x54494D45
#define SBI_EXT_IPI	0x735049
#define SBI_EXT_RFENCE	0x52464E43
#define SBI_EXT_HSM	0x48534D
#define SBI_EXT_SRST	0x53525354
#define SBI_EXT_PMU	0x504D55

#define SBI_HSM_STARTED	0
#define SBI_HSM_STOPPED	1

#define SBI_SRST_SHUTDOWN	0
#define SBI_SRST_COLD_REBOOT	1

/* PMU events: type << 16 | code. */
#define SBI_PMU_EVENT_GENERAL(code)	(0UL << 16 | (code))
#define SBI_PMU_EVENT_CACHE(code)	(1UL << 16 | (code))	/* cache << 3 | operation << 1 | is it a miss */
#define SBI_PMU_EVENT_RAW	(2UL << 16)
#define SBI_PMU_EVENT_FW(code)	(15UL << 16 | (code))	/* what the firmware did on this hart */
#define SBI_PMU_HW_CPU_CYCLES		1
#define SBI_PMU_HW_INSTRUCTIONS		2
#define SBI_PMU_HW_GENERAL_MAX		11
#define SBI_PMU_HW_CACHE_MAX		56
#define SBI_PMU_FW_SFENCE_VMA_RCVD	11
#define SBI_PMU_FW_MAX			22

#define SBI_PMU_START_FLAG_SET_INIT_VALUE BIT(0)
#define SBI_PMU_STOP_FLAG_RESET		BIT(0)

/* What sbi_pmu_counter_get_info() returns. */
#define SBI_PMU_INFO_CSR(info)		((info) & 0xfff)
#define SBI_PMU_INFO_WIDTH(info)	(((info) >> 12 & 0x3f) + 1)	/* bits */
#define SBI_PMU_INFO_FIRMWARE		BIT(63)

struct sbiret {
	long error;
	long value;
};

/** sbi_get_spec_version - SBI version: major << 24 | minor. */
long sbi_get_spec_version(void);
/** sbi_get_impl_id - 1 is OpenSBI. */
long sbi_get_impl_id(void);
/** sbi_get_impl_version - of OpenSBI: major << 16 | minor. */
long sbi_get_impl_version(void);
/** sbi_probe_extension - Nonzero when the firmware has extension @ext. */
long sbi_probe_extension(long ext);
/** sbi_set_timer - Timer interrupt on this hart at @stime ticks of the time CSR; ~0 is never. */
int sbi_set_timer(u64 stime);
/** sbi_send_ipi - Supervisor software interrupt to harts @base + each bit of @mask. */
int sbi_send_ipi(unsigned long mask, unsigned long base);
/** sbi_remote_fence_i - FENCE.I on those harts; returns when done. */
int sbi_remote_fence_i(unsigned long mask, unsigned long base);
/** sbi_remote_sfence_vma - SFENCE.VMA of [@start, @start + @size) on those harts; @size ~0: everything. */
int sbi_remote_sfence_vma(unsigned long mask, unsigned long base, unsigned long start, unsigned long size);
/** sbi_hart_start - Hart @hartid begins at physical @pa with a0 = hartid, a1 = @opaque, satp = 0. */
int sbi_hart_start(unsigned long hartid, unsigned long pa, unsigned long opaque);
/** sbi_hart_stop - This hart stops; interrupts are off. Returns only on failure. */
int sbi_hart_stop(void);
/** sbi_hart_get_status - SBI_HSM_* or a negative error; INVALID_PARAM: no such hart. */
long sbi_hart_get_status(unsigned long hartid);
/** sbi_system_reset - Shut down or reboot; returns only on failure. */
int sbi_system_reset(u32 type, u32 reason);
/** sbi_pmu_num_counters - Counters of this hart, numbered from 0: those of the hardware and the firmware's. */
long sbi_pmu_num_counters(void);
/** sbi_pmu_counter_get_info - What @counter of this hart is, in @info. Return: INVALID_PARAM: there is none so numbered. */
int sbi_pmu_counter_get_info(unsigned long counter, unsigned long *info);
/**
 * sbi_pmu_counter_config_matching - Have one of this hart's counters, @base + a bit of @mask, count @event.
 * Return: its number, or NOT_SUPPORTED: none of them can.
 */
long sbi_pmu_counter_config_matching(unsigned long base, unsigned long mask, unsigned long flags,
				     unsigned long event, u64 data);
/**
 * sbi_pmu_counter_start - Let those counters count; SBI_PMU_START_FLAG_SET_INIT_VALUE: from @value on.
 * Return: ALREADY_STARTED, too.
 */
int sbi_pmu_counter_start(unsigned long base, unsigned long mask, unsigned long flags, u64 value);
/** sbi_pmu_counter_stop - Stop those counters of this hart; SBI_PMU_STOP_FLAG_RESET: they count nothing any more. */
int sbi_pmu_counter_stop(unsigned long base, unsigned long mask, unsigned long flags);
/** sbi_pmu_counter_fw_read - Value of a counter of the firmware's on this hart. */
long sbi_pmu_counter_fw_read(unsigned long counter);
/** sbi_console_putchar - Legacy console output, polled, slow; before a driver exists. */
void sbi_console_putchar(int c);

#endif
