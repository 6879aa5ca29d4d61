/* SPDX-License-Identifier: MIT */
#include "dev/uart8250.h"

#include "lib/fdt.h"
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

void uart8250_drain(void)
{
	while (uart && !(readb(uart + LSR) & LSR_TEMT))
		cpu_relax();
}

static void uart_interrupt(void *arg)
{
	(void)arg;
	while (readb(uart + LSR) & LSR_DR)
		uart_rx(readb(uart + RBR));
}

void __init uart8250_init(const void *fdt, void *(*ioremap)(u64 pa, u64 size))
{
	for (int n = fdt_root(fdt); n >= 0; n = fdt_next(fdt, n)) {
		u64 addr, size;

		if (!fdt_is_compatible(fdt, n, "ns16550a") || !fdt_is_available(fdt, n) || fdt_reg(fdt, n, 0, &addr, &size))
			continue;
		uart = ioremap(addr, size);
		if (!uart)
			return;
		uart_irq = fdt_cell(fdt, n, "interrupts", 0, 0);
		uart_plic = fdt_cell(fdt, n, "interrupt-parent", 0, 0);
		writeb(0, uart + IER);
		writeb(FCR_FIFO, uart + FCR);
		console_register(uart_write);
		return;
	}
}

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
