/* SPDX-License-Identifier: MIT */
/* QEMU's test device, which ends the machine with a status. */
#include "dev/probe.h"
#include "lib/err.h"
#include "riscv/csr.h"
#include "smp/reboot.h"

#define FINISHER_FAIL	0x3333	/* status in the upper half */
#define FINISHER_PASS	0x5555
#define LAST_TICKS	50000000

static u8 *finisher;

static void sifive_test_power_off(int status)
{
	u64 start = rdtime();

	writel(status ? (u32)status << 16 | FINISHER_FAIL : FINISHER_PASS, finisher);
	/* QEMU from 9 on ends a little later, with the last status it was given: do not give it the firmware's. */
	while (rdtime() - start < LAST_TICKS)
		cpu_relax();
}

static int __init sifive_test_probe(const struct device *dev)
{
	if (finisher)
		return -EBUSY;
	finisher = dev->base;
	set_power_off(sifive_test_power_off);
	return 0;
}

DRIVER(sifive_test) = { .compatible = { "sifive,test0" }, .probe = sifive_test_probe };
