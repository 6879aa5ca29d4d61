/* SPDX-License-Identifier: MIT */
/* Leaving the machine: by a device that carries a status, if a driver has one, or else by SBI SRST. */
#ifndef SMP_REBOOT_H
#define SMP_REBOOT_H

#include "lib/compiler.h"

/** set_power_off - machine_power_off() calls @fn(status) first, which does not return if it can help it. Context: boot. */
void set_power_off(void (*fn)(int status));
/** machine_power_off - Leave, with @status (0 to 255) for the program that started the machine. Context: any. */
void machine_power_off(int status) __noreturn;
/** machine_restart - Start again from the firmware. Context: any. */
void machine_restart(void) __noreturn;

#endif
