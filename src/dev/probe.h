/* SPDX-License-Identifier: MIT */
/*
 * How devices of the device tree come to their drivers. A driver is a DRIVER() beside its code, and nowhere else: the linker makes the
 * table of all. One walk over the tree hands each node that is to be used to the first driver that names one of its "compatible"
 * strings. The order of nodes says nothing: what needs another device, above all an interrupt, waits until all are known
 * (docs/how-to.md).
 */
#ifndef DEV_PROBE_H
#define DEV_PROBE_H

#include "lib/compiler.h"

/* A node of the tree that has registers. */
struct device {
	const void *fdt;
	int node;		/* in fdt */
	u8 *base;		/* its first "reg", mapped for good */
	u32 plic, irq;		/* its first interrupt: the controller's phandle and the source, as request_irq() takes them; 0: none */
};

struct driver {
	const char *compatible[2];	/* NULL where there are less */
	/*
	 * Take @dev, which is the caller's: copy what is wanted of it.
	 * Return: 0, or an error, which is printed: -EBUSY, there is one already; -ENODEV, what is there is none of ours.
	 * Context: boot, one hart, memory can be had; no interrupts yet.
	 */
	int (*probe)(const struct device *dev);
};

#define DRIVER(name) \
	static const struct driver name##_driver __attribute__((section(".init.drivers"), used, aligned(8)))

/** probe_devices - Find a driver for each device of @fdt. Context: boot, once ioremap() works. */
void probe_devices(const void *fdt);

#endif
