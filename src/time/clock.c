/* SPDX-License-Identifier: MIT */
#include "time/clock.h"

#include "lib/fdt.h"
#include "riscv/csr.h"
#include "sbi/sbi.h"
#include "smp/printk.h"
#include "smp/turns.h"
#include "time/time_priv.h"

static u64 timebase_hz = 10000000;
static u64 tick_mult;		/* ticks a ns, 0.64 fixed point */
static struct timekeeping_data tk, *tk_published;
static bool have_sstc;

u64 ktime_get_ns(void)
{
	return (unsigned __int128)(rdtime() - tk.boot_ticks) * tk.ns_mult >> 32;
}

u64 ktime_get_real_ns(void)
{
	return ktime_get_ns() + READ_ONCE(tk.real_offset);
}

void timekeeping_set_real(u64 ns)
{
	WRITE_ONCE(tk.real_offset, ns - ktime_get_ns());
	if (tk_published)
		WRITE_ONCE(tk_published->real_offset, tk.real_offset);
}

void timekeeping_publish(struct timekeeping_data *to)
{
	*to = tk;
	tk_published = to;
}

/* ISA extensions are listed by "riscv,isa" or, newer, by "riscv,isa-extensions". */
static bool __init isa_has_sstc(const void *fdt)
{
	int cpu = fdt_first_child(fdt, fdt_path(fdt, "/cpus")), len;
	const char *isa = fdt_string(fdt, cpu, "riscv,isa");
	const char *ext = fdt_getprop(fdt, cpu, "riscv,isa-extensions", &len);

	for (; ext && len >= 5; ext++, len--)
		if (!__builtin_memcmp(ext, "sstc", 5))
			return true;
	for (; isa && *isa; isa++)
		if (!__builtin_memcmp(isa, "_sstc", 5) && (isa[5] == '_' || !isa[5]))
			return true;
	return false;
}

void __init time_init(const void *fdt)
{
	timebase_hz = max(fdt_cell(fdt, fdt_path(fdt, "/cpus"), "timebase-frequency", 0, 10000000), 1U);
	tk.ns_mult = (NSEC_PER_SEC << 32) / timebase_hz;
	tick_mult = ((unsigned __int128)timebase_hz << 64) / NSEC_PER_SEC;
	tk.boot_ticks = rdtime();
	have_sstc = isa_has_sstc(fdt);
	printk_time_init(ktime_get_ns);
	pr_info("clock: time CSR at %lu Hz, timer %s\n", timebase_hz, have_sstc ? "Sstc" : "SBI");
}

void __init clock_take_turns(u64 ns, u64 seed)
{
	if (have_sstc)
		take_turns((unsigned __int128)ns * tick_mult >> 64, seed);
}

void clockevent_program(u64 expires)
{
	u64 ticks = ~0ULL;

	if (expires < KTIME_MAX)
		ticks = tk.boot_ticks + (u64)((unsigned __int128)expires * tick_mult >> 64) + 1;
	if (unlikely(harts_take_turns) && !this_cpu(tick_cpus).idle)
		ticks = min(ticks, end_of_turn());
	if (have_sstc)
		csr_write_stimecmp(ticks);
	else
		sbi_set_timer(ticks);
}
