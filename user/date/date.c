/* SPDX-License-Identifier: MIT */
/* date: what time it is, or another time in words. The clock cannot be set. */
#include "when.h"

#define HELP "date [-uRI] [-d DATE | -r FILE] [+FORMAT]\n" \
	"  -u      universal time, not TZ's\n" \
	"  -d, -r  DATE: 2026-01-31 12:00:00, or @SECONDS; when FILE was last changed; else now\n" \
	"  -I, -R  as 2026-01-31; as mail has it\n" \
	"  FORMAT  as strftime(3) has it; %N is nanoseconds"

int main(int argc, char **argv)
{
	const char *format = "%a %b %e %H:%M:%S %Z %Y";
	char text[512];
	struct k_stat st;
	int64_t when;
	long ns;
	int c;

	when = time_now(&ns);
	while ((c = next_option(argc, argv, "uRId:r:", HELP)) != -1)
		if (c == 'u') {
			setenv("TZ", "UTC0", 1);
		} else if (c == 'R') {
			format = "%a, %d %b %Y %H:%M:%S %z";
		} else if (c == 'I') {
			format = "%Y-%m-%d";
		} else if (c == 'd') {
			ns = strcmp(optarg, "now") ? 0 : ns;
			if (!read_date(optarg, &when))
				usage(HELP);
		} else if (stat(optarg, &st) < 0) {
			die(optarg);
		} else {
			when = st.st_mtime;
			ns = st.st_mtime_nsec;
		}
	if (optind < argc && argv[optind][0] == '+')
		format = argv[optind++] + 1;
	if (optind < argc)
		usage(HELP);
	printf("%s\n", format_time(text, sizeof(text), format, when, ns));
	return end_output();
}
