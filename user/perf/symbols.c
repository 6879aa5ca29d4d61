/* SPDX-License-Identifier: MIT */
#include "symbols.h"

#include <elf.h>

#include "sys.h"

#define KERNEL "[kernel.kallsyms]"
#define KERNEL_CODE "/proc/kcore"

struct symbol {
	uint64_t addr, end;
	const char *name;
};

struct dso {
	struct dso *next;
	char *path;
	bool kernel, loaded;
	int error;
	char *file;
	size_t size;
	struct symbol *symbols;
	size_t nr;
	Elf64_Phdr *ph;
	unsigned int nr_ph;
};

static struct dso *all;

struct dso *dso_find(const char *path)
{
	struct dso *d;

	for (d = all; d; d = d->next)
		if (!strcmp(d->path, path))
			return d;
	d = calloc(1, sizeof(*d));
	if (d)
		d->path = strdup(path);
	if (!d || !d->path)
		die("perf");
	d->kernel = !strcmp(path, KERNEL);
	d->next = all;
	return all = d;
}

const char *dso_name(const struct dso *d)
{
	const char *slash = strrchr(d->path, '/');

	return slash && slash[1] ? slash + 1 : d->path;
}

const char *dso_path(const struct dso *d)
{
	return d->path;
}

/* The whole of a file, and a NUL after it. NULL: none. */
static char *slurp(const char *path, size_t *size)
{
	size_t room = 1 << 16, n = 0;
	char *buf = malloc(room + 1);
	int fd = open(path, O_RDONLY);
	ssize_t got = -1;

	while (buf && fd >= 0 && (got = read(fd, buf + n, room - n)) > 0) {
		n += got;
		if (n == room) {
			char *more = realloc(buf, 2 * room + 1);

			if (!more)
				break;
			buf = more;
			room *= 2;
		}
	}
	if (fd >= 0)
		close(fd);
	if (got) {
		free(buf);
		return NULL;
	}
	buf[n] = '\0';
	*size = n;
	return buf;
}

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

static void add(struct dso *d, size_t *room, struct symbol s)
{
	if (d->nr == *room) {
		struct symbol *more = realloc(d->symbols, (*room = *room * 2 + 256) * sizeof(*more));

		if (!more)
			die("perf");
		d->symbols = more;
	}
	d->symbols[d->nr++] = s;
}

/* "ffffffff80200000 t name" */
static void load_kernel(struct dso *d)
{
	size_t room = 0;

	for (char *line = d->file; *line; ) {
		char *end, *next = strchr(line, '\n');
		uint64_t addr = strtoull(line, &end, 16);

		if (!next || end + 3 > next)
			break;
		*next = '\0';
		add(d, &room, (struct symbol){ addr, -1UL, end + 3 });
		line = next + 1;
	}
	for (size_t i = 0; i + 1 < d->nr; i++)
		d->symbols[i].end = d->symbols[i + 1].addr;
}

static void load_elf(struct dso *d, size_t size)
{
	const Elf64_Ehdr *e = (void *)d->file;
	const Elf64_Shdr *sh;
	size_t room = 0;

	if (size < sizeof(*e) || memcmp(e->e_ident, ELFMAG, SELFMAG) || e->e_ident[EI_CLASS] != ELFCLASS64 ||
	    e->e_phoff > size || e->e_phnum * sizeof(Elf64_Phdr) > size - e->e_phoff ||
	    e->e_shoff > size || e->e_shnum * sizeof(*sh) > size - e->e_shoff)
		return;
	d->ph = (void *)(d->file + e->e_phoff);
	d->nr_ph = e->e_phnum;
	sh = (void *)(d->file + e->e_shoff);
	/* The dynamic one too, for what is stripped. */
	for (int i = 0; i < e->e_shnum; i++) {
		const Elf64_Sym *sym = (void *)(d->file + sh[i].sh_offset);
		const Elf64_Shdr *str = &sh[sh[i].sh_link];

		if ((sh[i].sh_type != SHT_SYMTAB && sh[i].sh_type != SHT_DYNSYM) || sh[i].sh_link >= e->e_shnum ||
		    sh[i].sh_offset > size || sh[i].sh_size > size - sh[i].sh_offset ||
		    str->sh_offset > size || str->sh_size > size - str->sh_offset)
			continue;
		for (size_t n = sh[i].sh_size / sizeof(*sym); n--; sym++)
			if (ELF64_ST_TYPE(sym->st_info) <= STT_FUNC && ELF64_ST_TYPE(sym->st_info) != STT_OBJECT && sym->st_shndx &&
			    sym->st_shndx < SHN_LORESERVE && sym->st_name < str->sh_size &&
			    sh[sym->st_shndx < e->e_shnum ? sym->st_shndx : 0].sh_flags & SHF_EXECINSTR) {
				const char *name = d->file + str->sh_offset + sym->st_name;

				if (*name && *name != '$' && strncmp(name, ".L", 2))
					add(d, &room, (struct symbol){ sym->st_value, sym->st_value + sym->st_size, name });
			}
	}
}

static void load(struct dso *d)
{
	if (d->loaded)
		return;
	d->loaded = true;
	d->file = slurp(d->kernel ? "/proc/kallsyms" : d->path, &d->size);
	if (!d->file) {
		d->error = errno;
		return;
	}
	if (d->kernel)
		load_kernel(d);
	else
		load_elf(d, d->size);
	qsort(d->symbols, d->nr, sizeof(*d->symbols), by_address);
}

uint64_t dso_address(struct dso *d, uint64_t at)
{
	load(d);
	for (unsigned int i = 0; i < d->nr_ph; i++)
		if (d->ph[i].p_type == PT_LOAD && at >= d->ph[i].p_offset && at < d->ph[i].p_offset + d->ph[i].p_filesz)
			return at + d->ph[i].p_vaddr - d->ph[i].p_offset;
	return at;
}

/* The symbol of which @addr is, or NULL. */
static const struct symbol *find(struct dso *d, uint64_t addr)
{
	size_t lo = 0, hi;

	load(d);
	hi = d->nr;
	while (hi - lo > 1) {
		size_t mid = (lo + hi) / 2;

		if (d->symbols[mid].addr <= addr)
			lo = mid;
		else
			hi = mid;
	}
	if (!d->nr || d->symbols[lo].addr > addr)
		return NULL;
	/* Of several at one address the one with a size; what has none reaches to the next. */
	for (size_t i = lo + 1; i-- > 0 && d->symbols[i].addr == d->symbols[lo].addr; )
		if (d->symbols[i].end > addr)
			return &d->symbols[i];
	return d->symbols[lo].end == d->symbols[lo].addr ? &d->symbols[lo] : NULL;
}

const char *dso_symbol(struct dso *d, uint64_t addr, uint64_t *off)
{
	const struct symbol *s = find(d, addr);

	if (!s)
		return NULL;
	*off = addr - s->addr;
	return s->name;
}

static struct dso *code_of(struct dso *d)
{
	return d->kernel ? dso_find(KERNEL_CODE) : d;
}

bool dso_function(struct dso *d, uint64_t addr, struct function *f)
{
	const struct symbol *s = find(d, addr), *last = d->symbols + d->nr;
	struct dso *code = code_of(d);

	load(code);
	if (!s)
		return false;
	*f = (struct function){ s->name, s->addr, s->end, NULL };
	for (; f->end == f->addr && s < last; s++)
		f->end = s->addr > f->addr ? s->addr : f->end;
	for (unsigned int i = 0; i < code->nr_ph; i++) {
		const Elf64_Phdr *p = &code->ph[i];

		if (p->p_type != PT_LOAD || f->addr < p->p_vaddr || f->addr - p->p_vaddr >= p->p_filesz || p->p_offset > code->size ||
		    p->p_filesz > code->size - p->p_offset)
			continue;
		if (f->end - p->p_vaddr > p->p_filesz || f->end == f->addr)
			f->end = p->p_vaddr + p->p_filesz;
		f->code = (const uint8_t *)code->file + p->p_offset + (f->addr - p->p_vaddr);
	}
	return f->code;
}

int dso_error(struct dso *d)
{
	load(d);
	return d->error ? d->error : code_of(d)->error;
}

const char *dso_code_path(const struct dso *d)
{
	return d->kernel ? KERNEL_CODE : d->path;
}
