// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "kernel/a64.h"
#include "kernel/kallsyms.h"
#include "kernel/probeable.h"

bool vmw_checks_notrace(void)
{
	struct vmw_symbol check = { .name = VMW_NOTRACE_CHECK };
	struct vmw_kallsyms_totals totals;

	return !vmw_kallsyms_find(VMW_KALLSYMS, &check, 1, &totals) && check.start;
}

/* MAX_ATOMIC_CONTEXT_SIZE of decode-insn.c, in instructions. */
#define MAX_ATOMIC 32

/* A part that the compiler has split off is judged by the function of the name before it. */
static bool is_traced(const struct vmw_object *object, const struct vmw_object_function *function)
{
	size_t length = strcspn(function->name, "."), i;

	if (function->traced || !function->name[length])
		return function->traced;
	for (i = 0; i < object->nr_functions; i++) {
		const struct vmw_object_function *f = &object->functions[i];

		if (f->traced && !strncmp(f->name, function->name, length) && !f->name[length])
			return true;
	}
	return false;
}

/* A probe between them would make the store fail for ever. */
static bool is_exclusive(const u32 *code, size_t at)
{
	size_t n;

	for (n = 1; n <= MAX_ATOMIC && n <= at; n++) {
		if (vmw_a64_is_load_exclusive(code[at - n]))
			return true;
		if (vmw_a64_is_store_exclusive(code[at - n]))
			return false;
	}
	return false;
}

const char *vmw_why_no_probe(const struct vmw_object *object,
			     const struct vmw_object_function *function, u64 at)
{
	const u32 *code;
	size_t n;

	if (!function)
		return "in no function";
	switch (object->sections[function->section].place) {
	case VMW_PLACE_INIT:
		return "init text, freed after it has run";
	case VMW_PLACE_NO_PROBES:
		return "the kernel forbids probes here";
	case VMW_PLACE_DISCARDED:
		return "not loaded";
	case VMW_PLACE_TEXT:
		break;
	}
	if (vmw_object_has(object->no_probes, object->nr_no_probes, function->start,
			   function->end))
		return "the kernel forbids probes here";
	if (object->has_ftrace && !is_traced(object, function))
		return "function without an ftrace entry";
	code = vmw_object_code(object, function, &n);
	if (is_exclusive(code, (at - function->start) / 4))
		return "between LDXR and STXR";
	return NULL;
}
