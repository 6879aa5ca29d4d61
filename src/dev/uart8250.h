/* SPDX-License-Identifier: MIT */
/* 16550 UART: polled output, interrupt-driven input. */
#ifndef DEV_UART8250_H
#define DEV_UART8250_H

#include "lib/compiler.h"

/** uart8250_init - Take the console over from SBI, if @fdt has an ns16550a. Context: boot. */
void uart8250_init(const void *fdt, void *(*ioremap)(u64 pa, u64 size));
/** uart8250_start_rx - Hand each received byte to @rx, in hard interrupt context. */
void uart8250_start_rx(void (*rx)(u8 c));
/** uart8250_drain - Wait until the last byte has left. Context: any. */
void uart8250_drain(void);

#endif
