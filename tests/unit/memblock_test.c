/* SPDX-License-Identifier: MIT */
/*
 * What firmware may say of memory: ranges at random, unaligned, overlapping, that wrap, that lie below and above what can be
 * mapped, against a flat map of pages. A page counts once, for the node that was told first, and only if all of it is memory.
 */
#include <string.h>

#include "test.h"

#define __unused __attribute__((unused))
#include "../../src/vm/memblock.c"

#define PAGES 256

void bug_at(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: %s\n", file, line, what);
	abort();
}

void panic(const char *fmt, ...)
{
	fprintf(stderr, "panic: %s\n", fmt);
	abort();
}

static const phys_addr_t windows[] = { LOWEST, HIGHEST - PAGES * PAGE_SIZE };

/* A range near @window: mostly inside of it, at times round its ends or the end of numbers. */
static void random_range(phys_addr_t window, phys_addr_t *base, phys_addr_t *size)
{
	*base = window + (long)(rnd() % (PAGES + 40) - 20) * PAGE_SIZE + (rnd() % 3 ? 0 : rnd() % PAGE_SIZE);
	*size = rnd() % 8 ? rnd() % 60 * PAGE_SIZE + (rnd() % 3 ? 0 : rnd() % PAGE_SIZE) : 0UL - rnd() % 4 * PAGE_SIZE;
}

static bool covers(phys_addr_t base, phys_addr_t size, phys_addr_t page, bool whole)
{
	phys_addr_t end = base + size < base ? ~0UL : base + size;

	return whole ? base <= page && end >= page + PAGE_SIZE : size && base < page + PAGE_SIZE && end > page;
}

static void check(phys_addr_t window, const int *owner, const bool *taken)
{
	for (int p = -30; p < PAGES + 30; p++) {
		phys_addr_t at = window + (long)p * PAGE_SIZE;
		bool inside = p >= 0 && p < PAGES, reserved = false;
		int n = 0, node = -1;

		for (unsigned int i = 0; i < nr_memblock_memory; i++)
			if (covers(memblock_memory[i].base, memblock_memory[i].size, at, false)) {
				n++;
				node = memblock_memory[i].node;
			}
		for (unsigned int i = 0; i < nr_memblock_reserved; i++)
			reserved |= covers(memblock_reserved[i].base, memblock_reserved[i].size, at, false);
		if (at >= LOWEST && at < HIGHEST && inside) {
			CHECK(n <= 1 && node == owner[p]);
			CHECK(node < 0 || reserved == taken[p]);
		} else if (at < LOWEST || at >= HIGHEST) {
			CHECK(!n);
		}
	}
}

int main(void)
{
	for (int round = 0; round < 4000; round++) {
		phys_addr_t window = windows[round & 1], base, size;
		int owner[PAGES];
		bool taken[PAGES] = { false };

		memset(owner, -1, sizeof(owner));
		nr_memblock_memory = nr_memblock_reserved = 0;
		for (int node = 0; node < 8; node++) {
			random_range(window, &base, &size);
			memblock_add(base, size, node);
			for (int p = 0; p < PAGES; p++)
				if (owner[p] < 0 && covers(base, size, window + p * PAGE_SIZE, true))
					owner[p] = node;
		}
		for (int i = 0; i < 8; i++) {
			random_range(window, &base, &size);
			memblock_reserve(base, size);
			for (int p = 0; p < PAGES; p++)
				taken[p] |= covers(base, size, window + p * PAGE_SIZE, false);
		}
		check(window, owner, taken);
	}
	pass("memory as firmware tells it, 4,000 times");
	return unit_done();
}
