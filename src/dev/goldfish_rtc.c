/* SPDX-License-Identifier: MIT */
/* The wall clock at boot: nanoseconds since 1970, in two halves. */
#include "dev/probe.h"
#include "lib/err.h"
#include "riscv/csr.h"
#include "time/clock.h"

#define TIME_LOW	0x00	/* reading it latches the high half */
#define TIME_HIGH	0x04

static bool found __initdata;

static int __init goldfish_rtc_probe(const struct device *dev)
{
	u32 low;

	if (found)
		return -EBUSY;
	found = true;
	low = readl(dev->base + TIME_LOW);
	timekeeping_set_real((u64)readl(dev->base + TIME_HIGH) << 32 | low);
	return 0;
}

DRIVER(goldfish_rtc) = { .compatible = { "google,goldfish-rtc" }, .probe = goldfish_rtc_probe };
