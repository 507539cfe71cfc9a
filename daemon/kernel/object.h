/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The code of a module or of the kernel, with its functions: from a file (object_file.c)
 * or from memory (object_live.c).
 */
#ifndef VMEMMAPWATCH_KERNEL_OBJECT_H
#define VMEMMAPWATCH_KERNEL_OBJECT_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/types.h>

#include "kernel/module_identity.h"

/* Why no probe can be in some code, whatever the instruction is. */
enum vmw_code_place {
	VMW_PLACE_TEXT,
	VMW_PLACE_INIT,	     /* freed once it has run */
	VMW_PLACE_NO_PROBES, /* on the kernel's list of what must not be probed */
	VMW_PLACE_DISCARDED, /* not loaded */
};

struct vmw_object_section {
	u64 start;
	u32 *code;
	size_t n; /* instructions */
	enum vmw_code_place place;
};

struct vmw_object_function {
	u64 start;
	u64 end;
	const char *name;
	size_t section;
	bool traced; /* ftrace knows it: else tracefs and perf refuse a probe */
};

struct vmw_object {
	char name[64];	   /* of the module; "vmlinux" */
	char depends[512]; /* names, with commas, as in .modinfo */
	char vermagic[128];
	char srcversion[VMW_SRCVERSION_LEN];
	char build_id[VMW_BUILD_ID_LEN];
	struct vmw_object_section *sections;
	size_t nr_sections;
	struct vmw_object_function *functions; /* by address, one an address */
	size_t nr_functions;
	char *names;  /* what they are called by */
	u64 memstart; /* the address of memstart_addr; 0: it is not referred to */
	bool is_file;
	/* By relocation: instructions that load it, or make its address. Of a .ko only. */
	u64 *loads;
	size_t nr_loads;
	size_t nr_data; /* other words that hold its address: no code of ours */
	u64 *entries;	/* of ftrace, by address */
	size_t nr_entries;
	u64 *no_probes; /* functions of NOKPROBE_SYMBOL(), by address */
	size_t nr_no_probes;
	bool has_ftrace;
};

void vmw_object_free(struct vmw_object *object);

/* The function that has the instruction at @at; NULL: none. */
const struct vmw_object_function *vmw_object_function(const struct vmw_object *object, u64 at);

/* The instructions of @function. */
const u32 *vmw_object_code(const struct vmw_object *object,
			   const struct vmw_object_function *function, size_t *ret_n);

/* For qsort() of addresses. */
int vmw_compare_addresses(const void *a, const void *b);

/* Is one of the @n sorted addresses from @start up to before @end? */
bool vmw_object_has(const u64 *addresses, size_t n, u64 start, u64 end);

/*
 * Which function of a list is at an address where several have one name each: a function
 * is better than a label, and its own name than that of the module's entry or exit.
 */
struct vmw_object_symbol {
	u64 start;
	u64 end; /* 0: not known */
	const char *name;
	size_t section;
	bool is_function;
};

/*
 * Make object->functions of @n symbols, which are sorted here; their names live as long
 * as the object. 0 or -ENOMEM.
 */
int vmw_object_set_functions(struct vmw_object *object, struct vmw_object_symbol *symbols,
			     size_t n);

/* Fill @traced of all functions, from entries or from their first instructions. */
void vmw_object_find_traced(struct vmw_object *object);

#endif
