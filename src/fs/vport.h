/* SPDX-License-Identifier: MIT */
/* Files of the host's ports. */
#ifndef FS_VPORT_H
#define FS_VPORT_H

#include "fs/file.h"


extern const struct file_operations vport_ops;	/* of all device files of their major number */

/** vport_make_nodes - Names below /dev for the ports that there are. Return: 0, or an errno. Context: boot. */
int vport_make_nodes(u32 major);

#endif
