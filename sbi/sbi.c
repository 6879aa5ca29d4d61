/* SPDX-License-Identifier: MIT */
#include "sbi/sbi.h"

static struct sbiret sbi_ecall5(long ext, long fid, unsigned long arg0, unsigned long arg1,
				unsigned long arg2, unsigned long arg3, unsigned long arg4)
{
	register unsigned long a0 __asm__("a0") = arg0;
	register unsigned long a1 __asm__("a1") = arg1;
	register unsigned long a2 __asm__("a2") = arg2;
	register unsigned long a3 __asm__("a3") = arg3;
	register unsigned long a4 __asm__("a4") = arg4;
	register unsigned long a6 __asm__("a6") = fid;
	register unsigned long a7 __asm__("a7") = ext;

	__asm__ volatile("ecall"
			 : "+r"(a0), "+r"(a1)
			 : "r"(a2), "r"(a3), "r"(a4), "r"(a6), "r"(a7)
			 : "memory");
	return (struct sbiret){ (long)a0, (long)a1 };
}

static struct sbiret sbi_ecall(long ext, long fid, unsigned long arg0, unsigned long arg1,
			       unsigned long arg2, unsigned long arg3)
{
	return sbi_ecall5(ext, fid, arg0, arg1, arg2, arg3, 0);
}

long sbi_get_spec_version(void)
{
	return sbi_ecall(SBI_EXT_BASE, 0, 0, 0, 0, 0).value;
}

long sbi_get_impl_id(void)
{
	return sbi_ecall(SBI_EXT_BASE, 1, 0, 0, 0, 0).value;
}

long sbi_get_impl_version(void)
{
	return sbi_ecall(SBI_EXT_BASE, 2, 0, 0, 0, 0).value;
}

long sbi_probe_extension(long ext)
{
	return sbi_ecall(SBI_EXT_BASE, 3, ext, 0, 0, 0).value;
}

int sbi_set_timer(u64 stime)
{
	return (int)sbi_ecall(SBI_EXT_TIME, 0, stime, 0, 0, 0).error;
}

int sbi_send_ipi(unsigned long mask, unsigned long base)
{
	return (int)sbi_ecall(SBI_EXT_IPI, 0, mask, base, 0, 0).error;
}

int sbi_remote_fence_i(unsigned long mask, unsigned long base)
{
	return (int)sbi_ecall(SBI_EXT_RFENCE, 0, mask, base, 0, 0).error;
}

int sbi_remote_sfence_vma(unsigned long mask, unsigned long base, unsigned long start,
			  unsigned long size)
{
	return (int)sbi_ecall(SBI_EXT_RFENCE, 1, mask, base, start, size).error;
}

int sbi_hart_start(unsigned long hartid, unsigned long pa, unsigned long opaque)
{
	return (int)sbi_ecall(SBI_EXT_HSM, 0, hartid, pa, opaque, 0).error;
}

int sbi_hart_stop(void)
{
	return (int)sbi_ecall(SBI_EXT_HSM, 1, 0, 0, 0, 0).error;
}

long sbi_hart_get_status(unsigned long hartid)
{
	struct sbiret r = sbi_ecall(SBI_EXT_HSM, 2, hartid, 0, 0, 0);

	return r.error ? r.error : r.value;
}

int sbi_system_reset(u32 type, u32 reason)
{
	return (int)sbi_ecall(SBI_EXT_SRST, 0, type, reason, 0, 0).error;
}

long sbi_pmu_num_counters(void)
{
	return sbi_ecall(SBI_EXT_PMU, 0, 0, 0, 0, 0).value;
}

int sbi_pmu_counter_get_info(unsigned long counter, unsigned long *info)
{
	struct sbiret r = sbi_ecall(SBI_EXT_PMU, 1, counter, 0, 0, 0);

	*info = r.value;
	return (int)r.error;
}

long sbi_pmu_counter_config_matching(unsigned long base, unsigned long mask, unsigned long flags,
				     unsigned long event, u64 data)
{
	struct sbiret r = sbi_ecall5(SBI_EXT_PMU, 2, base, mask, flags, event, data);

	return r.error ? r.error : r.value;
}

int sbi_pmu_counter_start(unsigned long base, unsigned long mask, unsigned long flags, u64 value)
{
	return (int)sbi_ecall5(SBI_EXT_PMU, 3, base, mask, flags, value, 0).error;
}

int sbi_pmu_counter_stop(unsigned long base, unsigned long mask, unsigned long flags)
{
	return (int)sbi_ecall(SBI_EXT_PMU, 4, base, mask, flags, 0).error;
}

long sbi_pmu_counter_fw_read(unsigned long counter)
{
	struct sbiret r = sbi_ecall(SBI_EXT_PMU, 5, counter, 0, 0, 0);

	return r.error ? r.error : r.value;
}

void sbi_console_putchar(int c)
{
	sbi_ecall(1, 0, c, 0, 0, 0);	/* legacy extension 1 */
}
