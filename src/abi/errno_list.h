/* SPDX-License-Identifier: MIT */
/* Error numbers of the Linux user ABI (asm-generic), as one list: for programs, too, whose own E... are the C library's. */
#ifndef ABI_ERRNO_LIST_H
#define ABI_ERRNO_LIST_H

#define ERRNO_LIST(_) \
	_(EPERM, 1) _(ENOENT, 2) _(ESRCH, 3) _(EINTR, 4) _(EIO, 5) \
	_(ENXIO, 6) _(E2BIG, 7) _(ENOEXEC, 8) _(EBADF, 9) _(ECHILD, 10) \
	_(EAGAIN, 11) _(ENOMEM, 12) _(EACCES, 13) _(EFAULT, 14) \
	_(ENOTBLK, 15) _(EBUSY, 16) _(EEXIST, 17) _(EXDEV, 18) \
	_(ENODEV, 19) _(ENOTDIR, 20) _(EISDIR, 21) _(EINVAL, 22) \
	_(ENFILE, 23) _(EMFILE, 24) _(ENOTTY, 25) _(ETXTBSY, 26) \
	_(EFBIG, 27) _(ENOSPC, 28) _(ESPIPE, 29) _(EROFS, 30) \
	_(EMLINK, 31) _(EPIPE, 32) _(EDOM, 33) _(ERANGE, 34) \
	_(EDEADLK, 35) _(ENAMETOOLONG, 36) _(ENOLCK, 37) _(ENOSYS, 38) \
	_(ENOTEMPTY, 39) _(ELOOP, 40) _(ENODATA, 61) _(EOVERFLOW, 75) \
	_(ELIBBAD, 80) _(ENOTSOCK, 88) _(EOPNOTSUPP, 95) \
	_(ETIMEDOUT, 110)

#endif
