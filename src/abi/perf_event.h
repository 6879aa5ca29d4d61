/* SPDX-License-Identifier: MIT */
/* Performance events as programs know them. Source: Linux include/uapi/linux/perf_event.h, perf_event_open(2). */
#ifndef ABI_PERF_EVENT_H
#define ABI_PERF_EVENT_H

#include "abi/types.h"

enum { PERF_TYPE_HARDWARE, PERF_TYPE_SOFTWARE, PERF_TYPE_TRACEPOINT, PERF_TYPE_HW_CACHE, PERF_TYPE_RAW };

enum { PERF_COUNT_HW_CPU_CYCLES, PERF_COUNT_HW_INSTRUCTIONS, PERF_COUNT_HW_MAX = 10 };
enum {
	PERF_COUNT_SW_CPU_CLOCK, PERF_COUNT_SW_TASK_CLOCK, PERF_COUNT_SW_PAGE_FAULTS, PERF_COUNT_SW_CONTEXT_SWITCHES,
	PERF_COUNT_SW_CPU_MIGRATIONS, PERF_COUNT_SW_PAGE_FAULTS_MIN, PERF_COUNT_SW_PAGE_FAULTS_MAJ,
	PERF_COUNT_SW_ALIGNMENT_FAULTS, PERF_COUNT_SW_EMULATION_FAULTS, PERF_COUNT_SW_DUMMY,
};

/* A cache event's config: cache | operation << 8 | result << 16. */
#define PERF_COUNT_HW_CACHE_MAX		7
#define PERF_COUNT_HW_CACHE_OP_MAX	3
#define PERF_COUNT_HW_CACHE_RESULT_MAX	2

/* A raw event's top bits: 0 is an event of the hart, 2 one of the firmware, in the low 16 bits. */
#define RISCV_PMU_RAW_TYPE(config)	((config) >> 62)
#define RISCV_PMU_RAW_FIRMWARE		2

#define PERF_FORMAT_TOTAL_TIME_ENABLED	1
#define PERF_FORMAT_TOTAL_TIME_RUNNING	2
#define PERF_FORMAT_ID			4
#define PERF_FORMAT_GROUP		8
#define PERF_FORMAT_LOST		16
#define PERF_FORMAT_MAX			32

#define PERF_SAMPLE_IP			(1UL << 0)
#define PERF_SAMPLE_TID			(1UL << 1)
#define PERF_SAMPLE_TIME		(1UL << 2)
#define PERF_SAMPLE_ADDR		(1UL << 3)
#define PERF_SAMPLE_CALLCHAIN		(1UL << 5)
#define PERF_SAMPLE_ID			(1UL << 6)
#define PERF_SAMPLE_CPU			(1UL << 7)
#define PERF_SAMPLE_PERIOD		(1UL << 8)
#define PERF_SAMPLE_STREAM_ID		(1UL << 9)
#define PERF_SAMPLE_RAW			(1UL << 10)
#define PERF_SAMPLE_IDENTIFIER		(1UL << 16)
#define PERF_SAMPLE_MAX			(1UL << 25)

#define PERF_ATTR_DISABLED		(1UL << 0)
#define PERF_ATTR_INHERIT		(1UL << 1)
#define PERF_ATTR_PINNED		(1UL << 2)
#define PERF_ATTR_EXCLUSIVE		(1UL << 3)
#define PERF_ATTR_EXCLUDE_USER		(1UL << 4)
#define PERF_ATTR_EXCLUDE_KERNEL	(1UL << 5)
#define PERF_ATTR_EXCLUDE_HV		(1UL << 6)
#define PERF_ATTR_EXCLUDE_IDLE		(1UL << 7)
#define PERF_ATTR_MMAP			(1UL << 8)
#define PERF_ATTR_COMM			(1UL << 9)
#define PERF_ATTR_FREQ			(1UL << 10)
#define PERF_ATTR_ENABLE_ON_EXEC	(1UL << 12)
#define PERF_ATTR_TASK			(1UL << 13)
#define PERF_ATTR_WATERMARK		(1UL << 14)
#define PERF_ATTR_PRECISE_IP		(3UL << 15)
#define PERF_ATTR_SAMPLE_ID_ALL		(1UL << 18)
#define PERF_ATTR_EXCLUDE_CALLCHAIN_KERNEL (1UL << 21)
#define PERF_ATTR_EXCLUDE_CALLCHAIN_USER (1UL << 22)
#define PERF_ATTR_MMAP2			(1UL << 23)
#define PERF_ATTR_COMM_EXEC		(1UL << 24)
#define PERF_ATTR_AUX_OUTPUT		(1UL << 31)
#define PERF_ATTR_INHERIT_THREAD	(1UL << 35)
#define PERF_ATTR_REMOVE_ON_EXEC	(1UL << 36)
#define PERF_ATTR_SIGTRAP		(1UL << 37)
#define PERF_ATTR_RESERVED		(~0UL << 38)

struct perf_event_attr {
	u32 type, size;
	u64 config;
	u64 sample_period;		/* or frequency, if PERF_ATTR_FREQ */
	u64 sample_type;		/* PERF_SAMPLE_* */
	u64 read_format;
	u64 flags;			/* PERF_ATTR_* */
	u32 wakeup_events, bp_type;	/* wakeup_events: bytes, if PERF_ATTR_WATERMARK */
	u64 config1;
	u64 config2;
	u64 branch_sample_type;
	u64 sample_regs_user;
	u32 sample_stack_user;
	s32 clockid;
	u64 sample_regs_intr;
	u32 aux_watermark;
	u16 sample_max_stack, reserved_2;
	u32 aux_sample_size, reserved_3;
	u64 sig_data;
	u64 config3;
};
_Static_assert(sizeof(struct perf_event_attr) == 136, "Linux ABI");
#define PERF_ATTR_SIZE_VER0	64
#define PERF_ATTR_SIZE_VER7	128

/* What a ring holds: a header, and what the type and sample_type say. A page before it tells where it begins and ends. */
enum {
	PERF_RECORD_MMAP = 1, PERF_RECORD_LOST, PERF_RECORD_COMM, PERF_RECORD_EXIT,
	PERF_RECORD_FORK = 7, PERF_RECORD_SAMPLE = 9, PERF_RECORD_MMAP2,
};
#define PERF_RECORD_MISC_KERNEL		1
#define PERF_RECORD_MISC_USER		2
#define PERF_RECORD_MISC_COMM_EXEC	(1 << 13)

/* In a call chain: the addresses that follow are of the kernel, or of the program. */
#define PERF_CONTEXT_KERNEL		(-128UL)
#define PERF_CONTEXT_USER		(-512UL)
#define PERF_CONTEXT_MAX		(-4095UL)
#define PERF_MAX_STACK_DEPTH		127

struct perf_event_header {
	u32 type;
	u16 misc, size;
};

struct perf_event_mmap_page {
	u32 version, compat_version;
	u32 lock, index;
	s64 offset;
	u64 time_enabled, time_running, capabilities;
	u8 reserved[1024 - 48];
	u64 data_head;			/* bytes written so far; read before the data */
	u64 data_tail;			/* bytes read so far; written after the data was read */
	u64 data_offset, data_size;
};
_Static_assert(__builtin_offsetof(struct perf_event_mmap_page, data_head) == 1024, "Linux ABI");

#define PERF_FLAG_FD_NO_GROUP	1UL
#define PERF_FLAG_FD_OUTPUT	2UL
#define PERF_FLAG_PID_CGROUP	4UL
#define PERF_FLAG_FD_CLOEXEC	8UL

#define PERF_EVENT_IOC_ENABLE	0x2400
#define PERF_EVENT_IOC_DISABLE	0x2401
#define PERF_EVENT_IOC_RESET	0x2403
#define PERF_EVENT_IOC_ID	0x80082407
#define PERF_IOC_FLAG_GROUP	1

#endif
