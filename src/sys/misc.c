/* SPDX-License-Identifier: MIT */
/* Calls on the machine. */
#include "sched/loadavg.h"
#include "sys/sys.h"

#include <stdio.h>
#include <string.h>

#include "abi/reboot.h"
#include "abi/syslog.h"
#include "dev/vport.h"
#include "fs/chrdev.h"
#include "proc/task_struct.h"
#include "smp/printk.h"
#include "smp/reboot.h"
#include "task/cred.h"
#include "time/clock.h"
#include "vm/slab.h"

struct k_utsname {
	char sysname[65], nodename[65], release[65], version[65], machine[65], domainname[65];
};

long sys_uname(struct k_utsname __user *name)
{
	struct k_utsname u = { "Linux", "hartwood", "6.12.0-hartwood", "#1 SMP Hartwood " HARTWOOD_VERSION, "riscv64", "(none)" };

	return copy_to_user(name, &u, sizeof(u)) ? -EFAULT : 0;
}

struct k_sysinfo {
	s64 uptime;
	u64 loads[3], totalram, freeram, sharedram, bufferram, totalswap, freeswap;
	u16 procs, pad;
	u32 pad2;
	u64 totalhigh, freehigh;
	u32 mem_unit;
	char _f[4];
};
_Static_assert(sizeof(struct k_sysinfo) == 112, "Linux ABI");

long sys_sysinfo(struct k_sysinfo __user *info)
{
	struct k_sysinfo s = {
		.uptime = ktime_get_ns() / NSEC_PER_SEC, .totalram = totalram_pages() * PAGE_SIZE,
		.freeram = nr_free_pages() * PAGE_SIZE, .procs = nr_tasks(), .mem_unit = 1,
	};
	unsigned long loads[3];

	get_avenrun(loads);
	for (int i = 0; i < 3; i++)
		s.loads[i] = loads[i] << 5;	/* 16 bits of fraction */
	return copy_to_user(info, &s, sizeof(s)) ? -EFAULT : 0;
}

long sys_getrandom(char __user *ubuf, size_t len, unsigned int flags)
{
	size_t n = min(len, 33554431UL);

	if (flags & ~7U)
		return -EINVAL;
	for (size_t done = 0; done < n; done += 8) {
		u64 x = get_random_u64();

		if (copy_to_user(ubuf + done, &x, min(n - done, sizeof(x))))
			return done ? (long)done : -EFAULT;
		if (done % PAGE_SIZE == 0 && done && signal_pending(current))
			return done;
	}
	return n;
}

/* With POWER_OFF, arg is the status that the machine leaves with: Linux ignores it there. */
long sys_reboot(int magic1, int magic2, unsigned int cmd, unsigned long arg)
{
	if (!capable(CAP_SYS_BOOT))
		return -EPERM;
	if ((u32)magic1 != LINUX_REBOOT_MAGIC1 ||
	    (magic2 != LINUX_REBOOT_MAGIC2 && magic2 != LINUX_REBOOT_MAGIC2A && magic2 != LINUX_REBOOT_MAGIC2B &&
	     magic2 != LINUX_REBOOT_MAGIC2C))
		return -EINVAL;
	switch (cmd) {
	case LINUX_REBOOT_CMD_RESTART:
		vports_drain();
		machine_restart();
	case LINUX_REBOOT_CMD_HALT:
	case LINUX_REBOOT_CMD_POWER_OFF:
		vports_drain();
		machine_power_off(arg & 0xff);
	case LINUX_REBOOT_CMD_CAD_ON:
	case LINUX_REBOOT_CMD_CAD_OFF:
		return 0;
	}
	return -EINVAL;
}

long sys_syslog(int type, char __user *buf, int len)
{
	u64 pos = 0;
	char *text;
	long got;

	switch (type) {
	case SYSLOG_READ_ALL:
		if (len < 0 || !buf)
			return -EINVAL;
		len = min(len, 16384);
		text = kmalloc(len + 1, GFP_KERNEL);
		if (!text)
			return -ENOMEM;
		got = syslog_read(&pos, text, len);
		if (copy_to_user(buf, text, got))
			got = -EFAULT;
		kfree(text);
		return got;
	case SYSLOG_CONSOLE_LEVEL:
		if (current_euid())
			return -EPERM;
		if (len < 1 || len > 8)
			return -EINVAL;
		printk_set_loglevel(len);
		return 0;
	case SYSLOG_SIZE_BUFFER:
		return 16384;
	}
	return -EINVAL;
}
