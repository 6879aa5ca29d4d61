/* SPDX-License-Identifier: MIT */
#include "trace/pmu.h"

#include "lib/err.h"
#include "riscv/csr.h"
#include "sbi/sbi.h"
#include "smp/smp.h"

#define CSR_CYCLE	0xc00
#define CSR_INSTRET	0xc02
#define CSR_SCOUNTOVF	0xda0		/* bit n: counter n overflowed */

struct pmu_counter {
	unsigned long event;
	u64 data;
	u64 last, total;		/* last value read; the sum of differences */
	unsigned int users;
	bool samples;			/* it has one user, and interrupts */
};

struct pmu_hart {
	u64 present, used;		/* bit n: counter n */
	unsigned long info[PMU_MAX_COUNTERS];
	struct pmu_counter counter[PMU_MAX_COUNTERS];
};

static DEFINE_PER_CPU(struct pmu_hart, pmu_hart);
/* What some counter of the boot hart can count. [I] */
static u64 pmu_general, pmu_cache, pmu_firmware_events;

/* The number of a CSR stands in the instruction. */
static u64 read_counter_csr(unsigned int csr)
{
	switch (csr) {
#define C(n) case CSR_CYCLE + (n): return csr_read_nr(CSR_CYCLE + (n));
#define C8(n) C(n) C(n + 1) C(n + 2) C(n + 3) C(n + 4) C(n + 5) C(n + 6) C(n + 7)
	C8(0) C8(8) C8(16) C8(24)
	}
	return 0;
}

/* Cycles and instructions, which run all the time. */
static bool is_fixed(const struct pmu_hart *h, unsigned int c)
{
	unsigned long csr = SBI_PMU_INFO_CSR(h->info[c]);

	return !(h->info[c] & SBI_PMU_INFO_FIRMWARE) && (csr == CSR_CYCLE || csr == CSR_INSTRET);
}

static u64 read_raw(const struct pmu_hart *h, unsigned int c)
{
	return h->info[c] & SBI_PMU_INFO_FIRMWARE ? (u64)sbi_pmu_counter_fw_read(c) : read_counter_csr(SBI_PMU_INFO_CSR(h->info[c]));
}

static u64 mask_of(const struct pmu_hart *h, int c)
{
	return ~0UL >> (64 - SBI_PMU_INFO_WIDTH(h->info[c]));
}

/* The value from which counter @c overflows after @left counts; half of its range at most, so that pmu_left() can tell. 0 for @left 0. */
static u64 start_of(const struct pmu_hart *h, int c, u64 left)
{
	return -min(left, mask_of(h, c) >> 1) & mask_of(h, c);
}

/*
 * OpenSBI 1.1 heeds the flags "clear" and "start" of this call only for the firmware's and general events, so a call of its
 * own starts the counter, as Linux does.
 */
static int configure(struct pmu_hart *h, unsigned long event, u64 data, u64 left)
{
	long got = sbi_pmu_counter_config_matching(0, h->present & ~h->used, 0, event, data);
	int c = (int)got;

	if (got < 0 || got >= PMU_MAX_COUNTERS)
		return -ENOENT;
	if (is_fixed(h, c))
		sbi_pmu_counter_start(c, 1, 0, 0);
	else
		sbi_pmu_counter_start(c, 1, SBI_PMU_START_FLAG_SET_INIT_VALUE, start_of(h, c, left));
	return c;
}

static void release(const struct pmu_hart *h, unsigned int c)
{
	if (!is_fixed(h, c))
		sbi_pmu_counter_stop(c, 1, SBI_PMU_STOP_FLAG_RESET);
}

/* Free the counters without users: they keep their events until then, for one may be wanted again soon. Return: were there any? */
static bool reclaim(struct pmu_hart *h)
{
	bool any = false;

	for (u64 left = h->used; left; left &= left - 1) {
		unsigned int c = __builtin_ctzl(left);

		if (!h->counter[c].users) {
			h->used &= ~BIT(c);
			release(h, c);
			any = true;
		}
	}
	return any;
}

/* sie has a bit for the interrupt only if the firmware has delegated it, which it does where there is Sscofpmf. */
bool pmu_can_sample(void)
{
	return csr_read(sie) & BIT(IRQ_S_PMU);
}

static u64 probe(struct pmu_hart *h, unsigned long first, unsigned int n)
{
	u64 found = 0;

	for (unsigned int i = 0; i < n; i++) {
		int c = configure(h, first + i, 0, 0);

		if (c >= 0) {
			release(h, c);
			found |= BIT(i);
		}
	}
	return found;
}

void pmu_init_cpu(void)
{
	struct pmu_hart *h = this_cpu_ptr(&pmu_hart);
	long n;

	*h = (struct pmu_hart){ 0 };
	csr_set(sie, BIT(IRQ_S_PMU));
	if (!sbi_probe_extension(SBI_EXT_PMU))
		return;
	n = sbi_pmu_num_counters();
	for (long i = 0; i < min(n, (long)PMU_MAX_COUNTERS); i++)
		if (!sbi_pmu_counter_get_info(i, &h->info[i]))
			h->present |= BIT(i);
	if (!smp_processor_id() && !(pmu_general | pmu_firmware_events)) {
		pmu_general = probe(h, SBI_PMU_EVENT_GENERAL(0), SBI_PMU_HW_GENERAL_MAX) & ~BIT(0);
		pmu_cache = probe(h, SBI_PMU_EVENT_CACHE(0), SBI_PMU_HW_CACHE_MAX);
		pmu_firmware_events = probe(h, SBI_PMU_EVENT_FW(0), SBI_PMU_FW_MAX);
	}
}

bool pmu_supported(unsigned long event)
{
	unsigned long code = event & 0xffff;

	switch (event >> 16) {
	case 0:
		return code < SBI_PMU_HW_GENERAL_MAX && (pmu_general >> code & 1);
	case 1:
		return code < SBI_PMU_HW_CACHE_MAX && (pmu_cache >> code & 1);
	case 15:
		return code < SBI_PMU_FW_MAX && (pmu_firmware_events >> code & 1);
	}
	return event == SBI_PMU_EVENT_RAW && this_cpu(pmu_hart).present;
}

int pmu_get(unsigned long event, u64 data, u64 left)
{
	struct pmu_hart *h = this_cpu_ptr(&pmu_hart);
	struct pmu_counter *p;
	int c;

	/* The firmware gives an event one counter. */
	for (u64 used = h->used; used; used &= used - 1) {
		p = &h->counter[__builtin_ctzl(used)];
		if (p->event != event || p->data != data)
			continue;
		if (p->users && (left || p->samples))
			return -EBUSY;
		if (left)
			break;
		p->users++;
		return (int)(p - h->counter);
	}
	if (left)
		reclaim(h);
	c = configure(h, event, data, left);
	if (c < 0 && reclaim(h))
		c = configure(h, event, data, left);
	if (c >= 0 && left && is_fixed(h, c))
		c = -ENOENT;
	if (c < 0)
		return event != SBI_PMU_EVENT_RAW && pmu_supported(event) ? -EBUSY : -ENOENT;
	h->used |= BIT(c);
	h->counter[c] = (struct pmu_counter){ .event = event, .data = data, .users = 1, .samples = left };
	h->counter[c].last = left ? start_of(h, c, left) : read_raw(h, c);
	return c;
}

void pmu_put(int handle)
{
	struct pmu_hart *h = this_cpu_ptr(&pmu_hart);

	h->counter[handle].users--;
	if (h->counter[handle].samples) {
		h->used &= ~BIT(handle);
		release(h, handle);
	}
}

u64 pmu_read(int handle)
{
	struct pmu_hart *h = this_cpu_ptr(&pmu_hart);
	struct pmu_counter *p = &h->counter[handle];
	u64 now = read_raw(h, handle);

	p->total += (now - p->last) & mask_of(h, handle);
	p->last = now;
	return p->total;
}

u64 pmu_left(int handle)
{
	struct pmu_hart *h = this_cpu_ptr(&pmu_hart);
	u64 left = -read_raw(h, handle) & mask_of(h, handle);

	return left && !(left >> (SBI_PMU_INFO_WIDTH(h->info[handle]) - 1)) ? left : 1;	/* else it has overflowed */
}

void pmu_rearm(int handle, u64 left)
{
	struct pmu_hart *h = this_cpu_ptr(&pmu_hart);

	pmu_read(handle);
	sbi_pmu_counter_stop(handle, 1, 0);
	sbi_pmu_counter_start(handle, 1, SBI_PMU_START_FLAG_SET_INIT_VALUE, start_of(h, handle, left));
	h->counter[handle].last = start_of(h, handle, left);
}

u64 pmu_overflows(void)
{
	struct pmu_hart *h = this_cpu_ptr(&pmu_hart);
	u64 over = 0;

	csr_clear(sip, BIT(IRQ_S_PMU));
	for (u64 used = h->used; used; used &= used - 1) {
		unsigned int c = __builtin_ctzl(used), csr = SBI_PMU_INFO_CSR(h->info[c]) - CSR_CYCLE;

		if (h->counter[c].samples && csr_read_nr(CSR_SCOUNTOVF) >> csr & 1)
			over |= BIT(c);
	}
	return over;
}

unsigned int pmu_counters(bool firmware)
{
	const struct pmu_hart *h = per_cpu_ptr(&pmu_hart, 0);
	unsigned int n = 0;

	for (u64 left = h->present; left; left &= left - 1)
		n += !(h->info[__builtin_ctzl(left)] & SBI_PMU_INFO_FIRMWARE) == !firmware;
	return n;
}
