/* SPDX-License-Identifier: MIT */
/*
 * The set of regions against a flat map of pages: link, unlink, resize, find and
 * the gap search, at random; every invariant checked after each step.
 */
#include <string.h>

#include "test.h"

/* BSD's name, which the tree macros use and this host's headers lack. */
#define __unused __attribute__((unused))
#include "../../src/vm/vma.c"

#define PAGES 512

void bug_at(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: %s\n", file, line, what);
	abort();
}

/* One thread: nothing wants a lock. */
bool lock_is_held(const void *lock, bool write)
{
	return lock || write;
}

static struct mm_struct mm;
static struct vm_area_struct *owner[PAGES + 1];

static unsigned long naive_gap(unsigned long len, unsigned long low, unsigned long high)
{
	for (long at = high / PAGE_SIZE - len; at >= (long)(low / PAGE_SIZE); at--) {
		unsigned long k = 0;

		while (k < len && !owner[at + k])
			k++;
		if (k == len)
			return at * PAGE_SIZE;
	}
	return -ENOMEM;
}

static void check_finds(void)
{
	for (int i = 0; i < 4; i++) {
		unsigned long at = rnd() % PAGES, len = 1 + rnd() % 40, low = rnd() % PAGES, high = low + rnd() % (PAGES - low + 1);
		struct vm_area_struct *want = NULL, *got = find_vma(&mm, at * PAGE_SIZE + rnd() % PAGE_SIZE);

		for (unsigned long k = at; k < PAGES && !want; k++)
			want = owner[k];
		CHECK(got == want);
		CHECK(vma_find_gap(&mm, len * PAGE_SIZE, low * PAGE_SIZE, high * PAGE_SIZE) ==
		      (high - low >= len ? naive_gap(len, low * PAGE_SIZE, high * PAGE_SIZE) : (unsigned long)-ENOMEM));
	}
}

int main(void)
{
	RB_INIT(&mm.mm_rb);
	TAILQ_INIT(&mm.mmap);
	for (int step = 0; step < 30000; step++) {
		unsigned long s = rnd() % PAGES, e = s + 1 + rnd() % 8;
		struct vm_area_struct *vma = owner[s];

		if (!vma) {
			bool is_free = e <= PAGES;

			for (unsigned long k = s; is_free && k < e; k++)
				is_free = !owner[k];
			if (!is_free)
				continue;
			vma = calloc(1, sizeof(*vma));
			vma->vm_mm = &mm;
			vma->vm_start = s * PAGE_SIZE;
			vma->vm_end = e * PAGE_SIZE;
			vma_link(&mm, vma);
			for (unsigned long k = s; k < e; k++)
				owner[k] = vma;
		} else if (rnd() % 2) {
			vma_unlink(&mm, vma);
			for (unsigned long k = 0; k < PAGES; k++)
				if (owner[k] == vma)
					owner[k] = NULL;
			free(vma);
		} else {
			unsigned long end = vma->vm_end / PAGE_SIZE;

			/* Grow upwards into what is free, or shrink to one page. */
			if (rnd() % 2) {
				while (end < PAGES && !owner[end] && rnd() % 4)
					owner[end++] = vma;
			} else {
				while (end - 1 > vma->vm_start / PAGE_SIZE)
					owner[--end] = NULL;
			}
			vma_set_range(vma, vma->vm_start, end * PAGE_SIZE, 0);
		}
		mm_validate(&mm);
		check_finds();
	}
	pass("30000 random changes agree with a flat map");
	return unit_done();
}
