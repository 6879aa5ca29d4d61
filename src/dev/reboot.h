/* SPDX-License-Identifier: MIT */
/* Leaving the machine: through QEMU's test device, which carries a status, or SBI SRST. */
#ifndef DEV_REBOOT_H
#define DEV_REBOOT_H

#include "lib/compiler.h"

/** reboot_init - Find the test device in @fdt. Context: boot. */
void reboot_init(const void *fdt, void *(*ioremap)(u64 pa, u64 size));
/** machine_power_off - Leave, with @status (0 to 255) for whoever started us. */
void machine_power_off(int status) __noreturn;
/** machine_restart - Start again from the firmware. */
void machine_restart(void) __noreturn;

#endif
