/* SPDX-License-Identifier: MIT */
/*
 * The lock order, outermost first: while holding a lock one may take only locks
 * of a class listed further down. Checked at run time in debug builds
 * (smp/lockdep.c). Two locks of one class may be held together only where the
 * second is taken with a _nested form, and the rule that orders the two is
 * stated there.
 */
#ifndef SMP_LOCK_ORDER_H
#define SMP_LOCK_ORDER_H

enum lock_class {
	LOCK_NONE,
	/* Sleeping locks. */
	LOCK_CRED_GUARD,	/* signal->cred_guard_mutex: one exec at a time in a group */
	LOCK_FILE_POS,		/* file->f_pos_lock */
	LOCK_SEQ,		/* the text that an open file of /proc has */
	LOCK_NAMESPACE,		/* the tree of mounts */
	LOCK_SUPER,		/* which file systems have their one instance */
	LOCK_RENAME,		/* what lies in which directory */
	LOCK_INODE,		/* inode->i_rwsem; nested: parent directory before child, directory before file; fs/rename.c: two of them */
	LOCK_HOTPLUG,		/* harts leave and come one at a time: a write to a file of /sys, which may be shared */
	LOCK_TRACEFS,		/* trace_mutex: what the files of /sys/kernel/tracing set and read */
	LOCK_CGROUP,		/* the tree of control groups */
	LOCK_TTY,		/* tty->read_lock: one reader at a time */
	LOCK_PIPE,		/* pipe->mutex */
	LOCK_VPORT,		/* vport->rd_mutex, wr_mutex: one task reads a port, one writes; open_mutex: one opens ports */
	LOCK_MMAP,		/* mm->mmap_lock; nested: parent's before child's at fork */
	LOCK_PERF,		/* perf_mutex: groups, contexts, families of events; below LOCK_MMAP: munmap() may release an event */
	LOCK_VMALLOC,		/* the vmalloc area list */
	/* Spin locks. */
	LOCK_CALL,		/* a function that other harts run, and wait for */
	LOCK_KTHREAD,		/* kernel threads that are to be made */
	LOCK_FILES,		/* files_struct->file_lock */
	LOCK_FS,		/* fs_struct->lock */
	LOCK_DCACHE,		/* names and parents of dentries */
	LOCK_LDISC,		/* tty->lock: line buffer */
	LOCK_TASKLIST,		/* the process tree and pid hash */
	LOCK_SIGHAND,		/* sighand->siglock */
	LOCK_ITIMER,		/* signal->itimer_lock */
	LOCK_ALLOC,		/* task->alloc_lock: mm, files, fs pointers */
	LOCK_RLIMIT,		/* signal->rlim_lock: limits */
	LOCK_CPUTIME,		/* prev_cputime->lock: times that were told */
	LOCK_CRED,		/* task->cred_lock: what others see of its credentials */
	LOCK_PID,		/* pid numbers */
	LOCK_UID,		/* users' counts, by their number */
	LOCK_FUTEX,		/* futex hash bucket; nested: lower address first */
	LOCK_RT_MUTEX,		/* rt_mutex_wait_lock: waiters and owners of all rt_mutexes and PI futexes */
	LOCK_RWSEM,		/* rw_semaphore and mutex wait lists */
	LOCK_ANON_VMA,		/* anon_vma->lock */
	LOCK_MAPPING,		/* address_space->i_lock: page tree and i_mmap */
	LOCK_PAGE_TABLE,	/* mm->page_table_lock: page tables above the last level, which region has which anon_vma */
	LOCK_PTL,		/* page->ptl: the entries of a last-level page table */
	LOCK_STOPPER,		/* what a hart's stopper is to run */
	LOCK_WAITQUEUE,		/* wait_queue_head->lock */
	LOCK_TASK_GROUP,	/* the list of task groups */
	LOCK_PI,		/* task->pi_lock: wake-ups of the task */
	LOCK_RQ,		/* run queues; nested: lower hart number first */
	LOCK_CFS_BANDWIDTH,	/* quotas of task groups */
	LOCK_DL_BW,		/* bandwidth of deadline tasks */
	LOCK_PERF_CTX,		/* the counts of a task's, or hart's, events */
	LOCK_TIMER,		/* hrtimer bases */
	LOCK_STACK,		/* kernel stacks in store */
	LOCK_SLAB,		/* object caches */
	LOCK_ZONE,		/* buddy allocator */
	LOCK_IRQ,		/* interrupt controller */
	LOCK_VIRTIO,		/* vport->lock: the queues and buffers of a port */
	LOCK_VIRTIO_CONTROL,	/* what the host is told about ports */
	LOCK_TRACE,		/* which trace points are on, and for whom */
	LOCK_CONSOLE,		/* console output and the log */
	NR_LOCK_CLASSES
};

#endif
