/* SPDX-License-Identifier: MIT */
/* perf.data: a header, the events, the records. Source: Linux tools/perf/Documentation/perf.data-file-format.txt. */
#ifndef USER_PERF_DATA_H
#define USER_PERF_DATA_H

#include "perf.h"

#define PERF_DATA_MAGIC 0x32454c4946524550UL	/* "PERFILE2" */

struct perf_file_section {
	uint64_t offset, size;
};

struct perf_file_attr {
	uint8_t attr[PERF_ATTR_SIZE_VER7];
	struct perf_file_section ids;
};

struct perf_file_header {
	uint64_t magic, size, attr_size;
	struct perf_file_section attrs, data, event_types;
	uint64_t features[4];
};

#endif
