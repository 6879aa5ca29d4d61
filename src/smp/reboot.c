/* SPDX-License-Identifier: MIT */
#include "smp/reboot.h"

#include "sbi/sbi.h"
#include "smp/irqflags.h"
#include "smp/printk.h"

static void (*power_off)(int status);

void __init set_power_off(void (*fn)(int status))
{
	power_off = fn;
}

void machine_power_off(int status)
{
	local_irq_disable();
	console_drain();	/* the device ends the machine at once */
	if (power_off)
		power_off(status);
	sbi_system_reset(SBI_SRST_SHUTDOWN, status != 0);
	for (;;)
		wait_for_interrupt();
}

void machine_restart(void)
{
	local_irq_disable();
	console_drain();
	sbi_system_reset(SBI_SRST_COLD_REBOOT, 0);
	for (;;)
		wait_for_interrupt();
}
