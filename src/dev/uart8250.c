/* SPDX-License-Identifier: MIT */
#include "dev/uart8250.h"

#include "dev/probe.h"
#include "lib/err.h"
#include "riscv/csr.h"
#include "smp/printk.h"
#include "trap/irq.h"

enum { RBR = 0, THR = 0, IER = 1, FCR = 2, LSR = 5 };
#define IER_RDI	 0x01
#define FCR_FIFO 0x07	/* enable, clear both */
#define LSR_DR	 0x01
#define LSR_THRE 0x20
#define LSR_TEMT 0x40

static u8 *uart;
static u32 uart_plic, uart_irq;
static void (*uart_rx)(u8);

static void uart_write(const char *s, size_t n)
{
	while (n--) {
		while (!(readb(uart + LSR) & LSR_THRE))
			cpu_relax();
		writeb(*s++, uart + THR);
	}
}

static void uart_drain(void)
{
	while (!(readb(uart + LSR) & LSR_TEMT))
		cpu_relax();
}

static void uart_interrupt(void *arg)
{
	(void)arg;
	while (readb(uart + LSR) & LSR_DR)
		uart_rx(readb(uart + RBR));
}

static int __init uart8250_probe(const struct device *dev)
{
	if (uart)
		return -EBUSY;
	uart = dev->base;
	uart_plic = dev->plic;
	uart_irq = dev->irq;
	writeb(0, uart + IER);
	writeb(FCR_FIFO, uart + FCR);
	console_register(uart_write, uart_drain);
	return 0;
}

DRIVER(uart8250) = { .compatible = { "ns16550a" }, .probe = uart8250_probe };

void uart8250_start_rx(void (*rx)(u8 c))
{
	if (!uart)
		return;
	uart_rx = rx;
	if (request_irq(uart_plic, uart_irq, uart_interrupt, NULL, "ttyS0"))
		pr_warn("uart: no interrupt, no input\n");
	else
		writeb(IER_RDI, uart + IER);
}
