/* SPDX-License-Identifier: MIT */
/*
 * A format file has a line for each field, then C's printf: a text, and arguments REC->field, REC->field[i] or
 * __print_symbolic(REC->field, { number, "name" }, ...). Ref: Linux Documentation/trace/events.rst.
 */
#include "tracepoint.h"

#include "symbols.h"

#define T "/sys/kernel/tracing/"

/* @file of "sched:sched_switch" into @buf; its length, or <= 0. */
static ssize_t read_of(const char *name, const char *file, char *buf, size_t n)
{
	const char *colon = strchr(name, ':');
	char path[128];

	snprintf(path, sizeof(path), T "events/%.*s/%s/%s", (int)(colon - name), name, colon + 1, file);
	return read_file(path, buf, n);
}

struct tracepoint *tracepoints(size_t *n)
{
	static struct tracepoint *all;
	static size_t nr;
	static char text[8192];

	if (!all && read_file(T "available_events", text, sizeof(text)) > 0)
		for (char *name = strtok(text, "\n"); name; name = strtok(NULL, "\n")) {
			struct tracepoint t = { .format = NULL };
			char id[16];

			if (!strchr(name, ':') || strlen(name) >= sizeof(t.name) || read_of(name, "id", id, sizeof(id)) <= 0)
				continue;
			strcpy(t.name, name);
			t.id = strtoul(id, NULL, 10);
			all = realloc(all, (nr + 1) * sizeof(*all));
			if (!all)
				die("perf");
			all[nr++] = t;
		}
	*n = nr;
	return all;
}

struct tracepoint *tracepoint_of(uint64_t id)
{
	size_t n;
	struct tracepoint *t = tracepoints(&n);

	for (; n; t++, n--)
		if (t->id == id)
			return t;
	return NULL;
}

struct field {
	unsigned int off, size, nr;	/* nr: of an array */
	int is_signed;
	bool is_text;
};

/* The line "field:TYPE NAME[NR];\toffset:N;\tsize:N;\tsigned:N;" of @name, @len characters. */
static bool find_field(const char *format, const char *name, size_t len, struct field *f)
{
	while ((format = strstr(format, "\tfield:"))) {
		const char *type = format + 7, *end = strpbrk(type, ";["), *semi = strchr(type, ';');

		format = type;
		if (!end || (size_t)(end - type) <= len || end[-(int)len - 1] != ' ' || strncmp(end - len, name, len))
			continue;
		f->is_text = !strncmp(type, "char ", 5);
		f->nr = *end == '[' ? strtoul(end + 1, NULL, 10) : 1;
		return sscanf(semi, ";\toffset:%u;\tsize:%u;\tsigned:%d;", &f->off, &f->size, &f->is_signed) == 3 && f->nr;
	}
	return false;
}

/* An argument: a number, or a text. */
struct value {
	long number;
	char text[64];
};

static long number_at(const uint8_t *at, unsigned int size, bool is_signed)
{
	unsigned long v = 0;

	if (!size || size > 8)
		return 0;
	memcpy(&v, at, size);
	return is_signed ? (long)(v << (64 - 8 * size)) >> (64 - 8 * size) : (long)v;
}

/* "{ 1, "name" }, { 2, ... })": the name of @v->number to @v->text. Return: what follows. */
static const char *take_name(const char *at, struct value *v)
{
	snprintf(v->text, sizeof(v->text), "0x%lx", v->number);
	while (*at == '{' || *at == ',' || *at == ' ') {
		const char *quote = strchr(at, '"'), *end = quote ? strchr(quote + 1, '"') : NULL;

		at += strspn(at, ", ");
		if (*at != '{' || !end)
			break;
		if (strtol(at + 1, NULL, 0) == v->number)
			snprintf(v->text, sizeof(v->text), "%.*s", (int)(end - quote - 1), quote + 1);
		at = end + 1 + strspn(end + 1, " }");
	}
	return at + (*at == ')');
}

/* The next argument of those at @at, of @format's record @raw: to @v. Return: the next but one. */
static const char *take_argument(const char *format, const char *at, const uint8_t *raw, size_t size, struct value *v)
{
	static const char symbolic[] = "__print_symbolic(";
	bool named;
	struct field f;
	size_t len;

	*v = (struct value){ 0, "?" };
	at += strspn(at, ", ");
	named = !strncmp(at, symbolic, sizeof(symbolic) - 1);
	at += named ? sizeof(symbolic) - 1 : 0;
	if (strncmp(at, "REC->", 5))
		return at;
	at += 5;
	len = strspn(at, "abcdefghijklmnopqrstuvwxyz_0123456789");
	if (!find_field(format, at, len, &f) || f.off > size || f.size > size - f.off)
		return at + len;
	at += len;
	if (f.is_text) {
		snprintf(v->text, sizeof(v->text), "%.*s", (int)f.size, (const char *)raw + f.off);
	} else {
		unsigned int each = f.size / f.nr, i = *at == '[' ? strtoul(at + 1, NULL, 10) : 0;

		v->number = i < f.nr ? number_at(raw + f.off + i * each, each, f.is_signed) : 0;
	}
	if (*at == '[')
		at += strcspn(at, "]") + 1;
	return named ? take_name(at + strspn(at, ", "), v) : at;
}

/* A conversion, from its % to @end, of @v. */
static void convert(const char *from, const char *end, const struct value *v, FILE *out)
{
	char spec[16], *to = spec;
	uint64_t off;
	const char *name;

	if (*end == 'p') {
		name = dso_symbol(dso_find("[kernel.kallsyms]"), v->number, &off);
		fprintf(out, "%s", name ? name : "?");
		return;
	}
	for (; from < end && to < spec + sizeof(spec) - 3; from++)
		if (*from != 'l' && *from != 'h')
			*to++ = *from;
	if (*end != 's')
		*to++ = 'l';
	*to++ = *end;
	*to = '\0';
	if (*end == 's')
		fprintf(out, spec, v->text);
	else
		fprintf(out, spec, v->number);
}

void tracepoint_print(struct tracepoint *t, const uint8_t *raw, size_t size, FILE *out)
{
	static const char begin[] = "print fmt: \"";
	const char *text, *args;

	if (!t->format) {
		t->format = calloc(1, 8192);
		if (!t->format)
			die("perf");
		read_of(t->name, "format", t->format, 8191);
	}
	text = strstr(t->format, begin);
	args = text ? strchr(text + sizeof(begin) - 1, '"') : NULL;
	if (!args) {
		fprintf(out, "[no format]");
		return;
	}
	args++;
	for (text += sizeof(begin) - 1; *text != '"'; text++) {
		const char *end = text + 1 + strspn(text + 1, "-+ #0123456789.lh");
		struct value v;

		if (*text != '%' || *end == '%' || *end == '"') {
			fputc(*text, out);
			text = *text == '%' && *end == '%' ? end : text;
			continue;
		}
		args = take_argument(t->format, args, raw, size, &v);
		convert(text, end, &v, out);
		text = end + (end[0] == 'p' && end[1] == 's');
	}
}
