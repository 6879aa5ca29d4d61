/* SPDX-License-Identifier: MIT */
/* Arenas: memory that is given back in one piece, or to where it was; text that grows in one; who holds which tree. */
#include "sh.h"

#define CHUNK 4000
#define ALIGN 8

struct chunk {
	struct chunk *below;
	size_t size, used;
	char bytes[] __attribute__((aligned(ALIGN)));
};

struct arena scratch;

void *xmalloc(size_t n)
{
	return xrealloc(NULL, n);
}

void *xrealloc(void *p, size_t n)
{
	p = realloc(p, n ? n : 1);
	if (!p)
		die("sh");
	return p;
}

char *xstrdup(const char *s)
{
	return strcpy(xmalloc(strlen(s) + 1), s);
}

void *arena_alloc(struct arena *a, size_t n)
{
	struct chunk *c = a->top;

	n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (!c || c->size - c->used < n) {
		size_t size = n > CHUNK ? n : CHUNK;

		c = xmalloc(sizeof(*c) + size);
		*c = (struct chunk){ .below = a->top, .size = size };
		a->top = c;
	}
	c->used += n;
	return c->bytes + c->used - n;
}

char *arena_copy(struct arena *a, const char *s, size_t n)
{
	char *copy = arena_alloc(a, n + 1);

	memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

struct mark arena_mark(struct arena *a)
{
	return (struct mark){ a->top, a->top ? a->top->used : 0 };
}

void arena_release(struct arena *a, struct mark m)
{
	while (a->top != m.chunk) {
		struct chunk *c = a->top;

		a->top = c->below;
		free(c);
	}
	if (a->top)
		a->top->used = m.used;
}

void text_put(struct text *t, char c, unsigned char flags)
{
	if (t->n == t->size) {
		size_t size = t->size ? t->size * 2 : 32;
		char *s = arena_alloc(t->arena, 2 * size);

		if (t->n) {
			memcpy(s, t->s, t->n);
			memcpy(s + size, t->flags, t->n);
		}
		t->s = s;
		t->flags = (unsigned char *)s + size;
		t->size = size;
	}
	t->s[t->n] = c;
	t->flags[t->n++] = flags;
}

void text_puts(struct text *t, const char *s, unsigned char flags)
{
	while (*s)
		text_put(t, *s++, flags);
}

char *text_end(struct text *t)
{
	text_put(t, '\0', 0);
	t->n--;
	return t->s;
}

void tree_put(struct tree *t)
{
	if (--t->refs)
		return;
	arena_release(&t->arena, (struct mark){ 0 });
	free(t);
}

static struct {
	struct tree **list;
	int n, size;
} holds;

int holds_mark(void)
{
	return holds.n;
}

void tree_hold(struct tree *t)
{
	if (holds.n == holds.size) {
		holds.size = holds.size ? holds.size * 2 : 16;
		holds.list = xrealloc(holds.list, holds.size * sizeof(*holds.list));
	}
	t->refs++;
	holds.list[holds.n++] = t;
}

void holds_release(int mark)
{
	while (holds.n > mark)
		tree_put(holds.list[--holds.n]);
}
