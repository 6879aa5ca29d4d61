/* SPDX-License-Identifier: MIT */
/*
 * The device-tree reader: right on a tree that dtc made, and safe on half a
 * million damaged ones (ASan and UBSan watch).
 */
#include "../../src/lib/fdt.c"

#include "test.h"

/* Read everything that can be read. */
static unsigned long walk_all(const void *fdt)
{
	unsigned long sum = 0;
	u64 a, s;

	for (int n = fdt_root(fdt), left = 10000; n >= 0 && left--; n = fdt_next(fdt, n)) {
		int len;
		const char *v = fdt_getprop(fdt, n, "compatible", &len);

		sum += strlen(fdt_name(fdt, n));
		for (int i = 0; v && i < len; i++)
			sum += v[i];
		sum += fdt_is_compatible(fdt, n, "riscv,plic0");
		sum += fdt_cell(fdt, n, "phandle", 0, 0);
		if (!fdt_reg(fdt, n, 0, &a, &s))
			sum += a + s;
		fdt_first_child(fdt, n);
		fdt_next_sibling(fdt, n);
		fdt_string(fdt, n, "device_type");
	}
	for (int i = 0; i < 100 && !fdt_mem_rsv(fdt, i, &a, &s); i++)
		sum += a;
	fdt_path(fdt, "/cpus/cpu@0/interrupt-controller");
	return sum;
}

/* Every node with its parent and properties p0 to p5, in order: fdt_oracle.py prints the same by libfdt. */
static void dump(const void *fdt)
{
	for (int n = fdt_root(fdt); n >= 0; n = fdt_next(fdt, n)) {
		int parent = fdt_parent(fdt, n), kids = 0;

		for (int c = fdt_first_child(fdt, n); c >= 0; c = fdt_next_sibling(fdt, c))
			kids++;
		printf("%s < %s, %d", fdt_name(fdt, n), parent >= 0 ? fdt_name(fdt, parent) : "-", kids);
		for (int i = 0; i < 6; i++) {
			char name[] = { 'p', '0' + i, '\0' };
			int len;
			const unsigned char *v = fdt_getprop(fdt, n, name, &len);

			if (!v)
				continue;
			printf(" %s=", name);
			for (int k = 0; k < len; k++)
				printf("%02x", v[k]);
		}
		printf("\n");
	}
}

/* --dump FILE...: for fdt_oracle.py. */
static int dump_files(char **names)
{
	for (; *names; names++) {
		static unsigned char tree[65536];
		FILE *f = fopen(*names, "rb");
		size_t size = f ? fread(tree, 1, sizeof(tree), f) : 0;

		printf("== %s\n", *names);
		if (!size || fdt_check(tree, size))
			printf("refused\n");
		else
			dump(tree);
		fclose(f);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "--dump"))
		return dump_files(argv + 2);

	static unsigned char good[65536];
	FILE *f = fopen(argv[argc - 1], "rb");
	size_t size = f ? fread(good, 1, sizeof(good), f) : 0;
	u64 a, s;
	int n, len, accepted = 0;

	CHECK(size > 0 && fdt_size(good) == size && fdt_check(good, size) == 0);
	n = fdt_path(good, "/memory");
	CHECK(n >= 0 && !strcmp(fdt_name(good, n), "memory@80000000"));
	CHECK(fdt_reg(good, n, 0, &a, &s) == 0 && a == 0x80000000 && s == 0x8000000);
	CHECK(fdt_reg(good, n, 1, &a, &s) == -ENOENT);
	n = fdt_path(good, "/cpus/cpu@1");
	CHECK(n >= 0 && fdt_cell(good, n, "reg", 0, 99) == 1 && !strcmp(fdt_string(good, n, "device_type"), "cpu"));
	CHECK(fdt_reg(good, n, 0, &a, &s) == 0 && a == 1 && s == 0);
	CHECK(!strcmp(fdt_name(good, fdt_parent(good, n)), "cpus"));
	CHECK(fdt_is_compatible(good, n, "second,model") && !fdt_is_compatible(good, n, "second"));
	CHECK(fdt_getprop(good, n, "empty", &len) && len == 0 && !fdt_getprop(good, n, "none", &len));
	CHECK(fdt_path(good, "/none") == -ENOENT && fdt_path(good, "/") == 0);
	CHECK(fdt_mem_rsv(good, 0, &a, &s) == 0 && a == 0x88000000 && s == 0x1000 && fdt_mem_rsv(good, 1, &a, &s) == -ENOENT);
	pass("a tree made by dtc reads right");
	for (size_t cut = 0; cut < size; cut++) {
		unsigned char *c = malloc(cut + 1);

		memcpy(c, good, cut);
		CHECK(fdt_check(c, cut) == -EINVAL);
		free(c);
	}
	pass("every truncation is refused");
	for (int i = 0; i < 100000; i++) {
		unsigned char *c = malloc(size);

		memcpy(c, good, size);
		for (unsigned int k = rnd() % 6; k + 1; k--)
			c[rnd() % size] = rnd() % 3 ? rnd() : rnd() % 10;
		if (!fdt_check(c, size)) {
			accepted++;
			walk_all(c);
		}
		free(c);
	}
	printf("# %d of 100000 damaged trees still well formed\n", accepted);
	pass("no damaged tree leads outside");
	return unit_done();
}
