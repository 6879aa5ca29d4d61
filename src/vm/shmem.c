/* SPDX-License-Identifier: MIT */
#include "vm/shmem.h"

#include "lib/err.h"
#include "vm/page.h"
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
		shmem_pools[kind].one = used + room[kind] - room[kind] / 4;	/* what is used is root's, and he is asked too */
	}
}
