/* SPDX-License-Identifier: MIT */
/* stdin, stdout and stderr for picolibc's tinystdio, over system calls. */
#include <stdio-bufio.h>

#include "sys.h"

static char in_buf[1024], out_buf[1024];

static int fd_read(int fd, void *buf, size_t n)
{
	return read(fd, buf, n);
}

int write_errno;

/* picolibc would begin anew after a short write. */
static ssize_t fd_write(int fd, const void *buf, size_t n)
{
	if (!write_all(fd, buf, n))
		return n;
	write_errno = errno;
	return -1;
}

static struct __file_bufio bin =
	FDEV_SETUP_BUFIO(0, in_buf, sizeof(in_buf), (void *)fd_read, NULL, NULL, NULL, __SRD, 0);
static struct __file_bufio bout =
	FDEV_SETUP_BUFIO(1, out_buf, sizeof(out_buf), NULL, (void *)fd_write, NULL, NULL, __SWR, __BLBF);

/* Errors are not buffered: a byte at a time would be slow, so by line. */
static char err_buf[256];
static struct __file_bufio berr =
	FDEV_SETUP_BUFIO(2, err_buf, sizeof(err_buf), NULL, (void *)fd_write, NULL, NULL, __SWR, __BLBF);

FILE *const stdin = &bin.xfile.cfile.file;
FILE *const stdout = &bout.xfile.cfile.file;
FILE *const stderr = &berr.xfile.cfile.file;

__attribute__((destructor)) static void flush_all(void)
{
	fflush(stdout);
	fflush(stderr);
}
