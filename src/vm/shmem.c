/* SPDX-License-Identifier: MIT */
/* Limits and accounts of what is in memory only; and shared memory without a file, whose last region takes it along. */
#include "vm/shmem.h"

#include "lib/err.h"
#include "vm/filemap.h"
#include "vm/slab.h"
#include "vm/upcall.h"

struct shmem_pool shmem_pools[NR_SHMEM_KINDS] = {
	[0 ... NR_SHMEM_KINDS - 1] = { .max = __LONG_MAX__, .users = __LONG_MAX__, .one = __LONG_MAX__ },
};

int __shmem_charge(struct shmem_account *who, enum shmem_kind kind, long all)
{
	if (all <= shmem_pools[kind].max && vm_reserve_right() == VM_RESERVE_ADMIN)
		return 0;
	shmem_uncharge(who, kind, 1);
	return -ENOSPC;
}

void shmem_uncharge(struct shmem_account *who, enum shmem_kind kind, long n)
{
	atomic_sub(n, &shmem_pools[kind].used);
	atomic_sub(n, &who->used[kind]);
}

struct shmem_stat shmem_stat(const struct shmem_account *who, enum shmem_kind kind)
{
	long used = atomic_read(&shmem_pools[kind].used), free = max(shmem_pools[kind].max - used, 0L);
	long avail = min(shmem_pools[kind].users - used, shmem_pools[kind].one - atomic_read(&who->used[kind]));

	if (vm_reserve_right() == VM_RESERVE_ADMIN)
		avail = free;
	return (struct shmem_stat){ shmem_pools[kind].max, free, max(min(avail, free), 0L) };
}

void __init shmem_init(void)
{
	const long room[NR_SHMEM_KINDS] = { [SHMEM_PAGES] = nr_free_pages() / 2, [SHMEM_NAMES] = totalram_pages() / 2 };

	for (int kind = 0; kind < NR_SHMEM_KINDS; kind++) {
		long used = atomic_read(&shmem_pools[kind].used);

		shmem_pools[kind].max = used + room[kind];
		shmem_pools[kind].users = used + room[kind] - room[kind] / 8;
		shmem_pools[kind].one = used + room[kind] - room[kind] / 4;	/* on top of what is used now, which is root's */
	}
}

static int shmem_charge_page(struct address_space *m)
{
	return shmem_charge(m->account, SHMEM_PAGES);
}

static void shmem_uncharge_pages(struct address_space *m, unsigned long n)
{
	shmem_uncharge(m->account, SHMEM_PAGES, (long)n);
}

const struct address_space_operations shmem_aops = {
	.charge_page = shmem_charge_page,
	.uncharge_pages = shmem_uncharge_pages,
};

struct address_space *shmem_mapping_create(void)
{
	struct address_space *m = kmalloc(sizeof(*m), GFP_KERNEL);

	if (m) {
		mapping_init(m, &shmem_aops);
		m->size = ~0ULL >> 1;
		m->account = vm_account_get();
	}
	return m;
}

static void shmem_open(struct vm_area_struct *vma)
{
	atomic_inc(&vma->vm_mapping->refcount);
}

static void shmem_close(struct vm_area_struct *vma)
{
	if (atomic_dec_and_test(&vma->vm_mapping->refcount)) {
		truncate_pages(vma->vm_mapping, 0);
		vm_account_put(vma->vm_mapping->account);
		kfree(vma->vm_mapping);
	}
}

const struct vm_operations_struct shmem_vm_ops = {
	.open = shmem_open,
	.close = shmem_close,
	.fault = filemap_fault,
	.map_pages = filemap_map_pages,
};
