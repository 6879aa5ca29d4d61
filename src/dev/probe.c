/* SPDX-License-Identifier: MIT */
#include "dev/probe.h"

#include "lib/err.h"
#include "lib/fdt.h"
#include "smp/printk.h"
#include "vm/vmalloc.h"

/* kernel.ld.S: the DRIVER()s. */
extern const struct driver __start_drivers[], __stop_drivers[];

static const struct driver *__init find_driver(const void *fdt, int node)
{
	for (const struct driver *d = __start_drivers; d < __stop_drivers; d++)
		for (size_t i = 0; i < ARRAY_SIZE(d->compatible); i++)
			if (d->compatible[i] && fdt_is_compatible(fdt, node, d->compatible[i]))
				return d;
	return NULL;
}

static int __init probe(const struct driver *d, const void *fdt, int node)
{
	struct device dev = { .fdt = fdt, .node = node };
	u64 pa, size;
	int err = fdt_reg(fdt, node, 0, &pa, &size);

	if (err)
		return err;
	dev.base = ioremap(pa, size);
	if (!dev.base)
		return -ENOMEM;
	dev.irq = fdt_cell(fdt, node, "interrupts", 0, 0);
	dev.plic = fdt_cell(fdt, node, "interrupt-parent", 0, 0);
	return d->probe(&dev);
}

void __init probe_devices(const void *fdt)
{
	for (int n = fdt_root(fdt); n >= 0; n = fdt_next(fdt, n)) {
		const struct driver *d = find_driver(fdt, n);
		int err = d && fdt_is_available(fdt, n) ? probe(d, fdt, n) : 0;

		if (err)
			pr_warn("%s: not used, error %d\n", fdt_name(fdt, n), -err);
	}
}
