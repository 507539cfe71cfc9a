// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/a64.h"
#include "kernel/object.h"

#define BTI_C	    0xd503245f
#define MOV_X9_X30  0xaa1e03e9
#define MIN_ENTRIES 8

void vmw_object_free(struct vmw_object *object)
{
	size_t i;

	for (i = 0; i < object->nr_sections; i++)
		free(object->sections[i].code);
	free(object->sections);
	free(object->functions);
	free(object->names);
	free(object->loads);
	free(object->entries);
	free(object->no_probes);
	memset(object, 0, sizeof(*object));
}

const struct vmw_object_function *vmw_object_function(const struct vmw_object *object, u64 at)
{
	size_t low = 0, high = object->nr_functions;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (object->functions[middle].start <= at)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || at >= object->functions[low - 1].end)
		return NULL;
	return &object->functions[low - 1];
}

const u32 *vmw_object_code(const struct vmw_object *object,
			   const struct vmw_object_function *function, size_t *ret_n)
{
	const struct vmw_object_section *section = &object->sections[function->section];

	*ret_n = (function->end - function->start) / 4;
	return section->code + (function->start - section->start) / 4;
}

int vmw_compare_addresses(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

bool vmw_object_has(const u64 *addresses, size_t n, u64 start, u64 end)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (addresses[middle] < start)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && addresses[low] < end;
}

/* The lower the better. */
static int rank(const struct vmw_object_symbol *symbol)
{
	return !symbol->is_function * 2 +
	       (!strcmp(symbol->name, "init_module") || !strcmp(symbol->name, "cleanup_module"));
}

static int compare(const void *a, const void *b)
{
	const struct vmw_object_symbol *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (rank(x) != rank(y))
		return rank(x) - rank(y);
	return strcmp(x->name, y->name);
}

/* A function's end: its size, but no more than up to the next one and in its section. */
static u64 end_of(const struct vmw_object *object, const struct vmw_object_symbol *symbol,
		  u64 next)
{
	const struct vmw_object_section *section = &object->sections[symbol->section];
	u64 end = section->start + 4 * section->n;

	if (next && next < end)
		end = next;
	if (symbol->end && symbol->end < end)
		end = symbol->end;
	return end & ~3ULL;
}

int vmw_object_set_functions(struct vmw_object *object, struct vmw_object_symbol *symbols,
			     size_t n)
{
	u64 inside = 0; /* up to where the last one of a known size goes */
	size_t i, next;

	if (n)
		qsort(symbols, n, sizeof(*symbols), compare);
	object->functions = calloc(n ? n : 1, sizeof(*object->functions));
	if (!object->functions)
		return -ENOMEM;
	for (i = 0; i < n; i = next) {
		struct vmw_object_function *f = &object->functions[object->nr_functions];

		for (next = i + 1; next < n && symbols[next].start == symbols[i].start; next++)
			;
		/* A label in a function is no function. */
		if (!symbols[i].is_function && symbols[i].start < inside)
			continue;
		while (next < n && symbols[i].end > symbols[next].start &&
		       !symbols[next].is_function)
			next++;
		f->start = symbols[i].start;
		f->end = end_of(object, &symbols[i], next < n ? symbols[next].start : 0);
		f->name = symbols[i].name;
		f->section = symbols[i].section;
		if (symbols[i].end)
			inside = f->end;
		object->nr_functions += f->end > f->start && !(f->start % 4);
	}
	return 0;
}

/*
 * Two nops at the entry, of which ftrace has made the first one "mov x9, x30" and may have
 * made the other one a call (arch/arm64/kernel/ftrace.c, 6.12.117).
 */
static bool has_entry(const struct vmw_object *object, const struct vmw_object_function *f)
{
	const u32 *code;
	size_t n;

	code = vmw_object_code(object, f, &n);
	if (n && *code == BTI_C) {
		code++;
		n--;
	}
	return n >= 2 && (*code == VMW_A64_NOP || *code == MOV_X9_X30) &&
	       (code[1] == VMW_A64_NOP || (code[1] & 0xfc000000) == 0x94000000);
}

void vmw_object_find_traced(struct vmw_object *object)
{
	size_t i, nr = 0;

	for (i = 0; i < object->nr_functions; i++) {
		struct vmw_object_function *f = &object->functions[i];

		/* Two of four nops may be before it: DYNAMIC_FTRACE_WITH_CALL_OPS, 6.4. */
		f->traced = object->nr_entries ?
				    vmw_object_has(object->entries, object->nr_entries,
						   f->start - 8, f->start + 16) :
				    has_entry(object, f);
		nr += f->traced;
	}
	/* Without ftrace nothing of the kernel asks for it. */
	object->has_ftrace = object->nr_entries || nr >= MIN_ENTRIES;
}
