/* SPDX-License-Identifier: MIT */
/* 16550 UART: the console, polled output and interrupt-driven input. The first one of the device tree takes it over from SBI. */
#ifndef DEV_UART8250_H
#define DEV_UART8250_H

#include "lib/compiler.h"

/** uart8250_start_rx - Hand each received byte to @rx, in hard interrupt context. */
void uart8250_start_rx(void (*rx)(u8 c));

#endif
