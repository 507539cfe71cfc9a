/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where vmemmap is on the running kernel: values, each with every source that
 * knows it. A source is a file source_*.c; layout.c reconciles them.
 */
#ifndef VMEMMAPWATCH_LAYOUT_LAYOUT_H
#define VMEMMAPWATCH_LAYOUT_LAYOUT_H

#include <stdbool.h>

#include <vmemmapwatch/event.h>
#include <vmemmapwatch/verdict.h>

#include "kcore.h"

/*
 * VMW_VALUE(id, name, base, unit): name as in JSON and text, base to print in.
 *   START, END      what the kernel's own WARN compares with
 *   EFFECTIVE       where struct pages may really begin, see verdict.h
 *   VMEMMAP         address of the struct page of pfn 0
 *   VA_BITS         CONFIG_ARM64_VA_BITS; VA_BITS_ACTUAL: what this CPU runs
 *   PHYS_OFFSET     memstart_addr: physical start of the linear map, signed
 */
#define VMW_VALUES(VMW_VALUE)						\
	VMW_VALUE(START, "VMEMMAP_START", 16, "")			\
	VMW_VALUE(EFFECTIVE, "VMEMMAP_START (effective)", 16, "")	\
	VMW_VALUE(END, "VMEMMAP_END", 16, "")				\
	VMW_VALUE(VMEMMAP, "vmemmap", 16, "")				\
	VMW_VALUE(PHYS_OFFSET, "PHYS_OFFSET", 16, "")			\
	VMW_VALUE(VA_BITS, "VA_BITS", 10, "bits")			\
	VMW_VALUE(VA_BITS_ACTUAL, "VA_BITS (actual)", 10, "bits")	\
	VMW_VALUE(PAGE_SHIFT, "PAGE_SHIFT", 10, "bits")			\
	VMW_VALUE(STRUCT_PAGE, "sizeof(struct page)", 10, "bytes")	\
	VMW_VALUE(MAX_PHYS, "MAX_PHYSMEM_BITS", 10, "bits")

enum vmw_value_id {
#define VMW_VALUE(id, name, base, unit) VMW_VALUE_##id,
	VMW_VALUES(VMW_VALUE)
#undef VMW_VALUE
	VMW_NR_VALUES,
};

struct vmw_value_info {
	const char *name;
	int base;
	const char *unit;
};

extern const struct vmw_value_info vmw_value_infos[VMW_NR_VALUES];

enum vmw_origin {
	VMW_LIVE,		/* read from the running kernel */
	VMW_DERIVED,		/* computed from values that were */
};

struct vmw_reading {
	const char *source;	/* static text */
	u64 value;
	enum vmw_origin origin;
};

#define VMW_MAX_READINGS 6

struct vmw_value {
	struct vmw_reading readings[VMW_MAX_READINGS];
	unsigned int nr;	/* the chosen one is the first */
};

/* What one source said of itself. */
struct vmw_source {
	const char *name;
	char problem[160];	/* empty: it was read */
};

#define VMW_NR_SOURCES 5

struct vmw_layout {
	struct vmw_value values[VMW_NR_VALUES];
	struct vmw_source sources[VMW_NR_SOURCES];
	/* Functions whose WARNs are ours; 0-0 where kallsyms has no address. */
	struct vmw_text warn_text[VMW_MAX_WARN_TEXTS];
};

/* What the sources read from, opened once. */
struct vmw_layout_input {
	struct vmw_kcore kcore;
	const char *kallsyms;	/* path */
	char *note;		/* vmcoreinfo text, or NULL */
	u64 memstart_symbol;	/* addresses from kallsyms, or 0 */
	u64 mem_section_symbol;
	struct vmw_text vmemmap_free;
};

/*
 * Read all sources of the running kernel into @layout. Returns 0 also when
 * values are missing or disagree: ask the functions below. Negative errno only
 * when nothing at all could be read.
 */
int vmw_layout_read(struct vmw_layout *layout);

/* One reading more for @id; further ones than fit are a bug, and dropped. */
void vmw_layout_add(struct vmw_layout *layout, enum vmw_value_id id,
		    const char *source, enum vmw_origin origin, u64 value);

/* True, and the chosen value in *@ret, when any source knows @id. */
bool vmw_layout_get(const struct vmw_layout *layout, enum vmw_value_id id, u64 *ret);

/* "agree", "single source", "derived", "disagree" or "unknown". */
const char *vmw_layout_agreement(const struct vmw_value *value);

/* True where not all sources of @value say the same. */
bool vmw_layout_disagrees(const struct vmw_value *value);

/*
 * The bounds that verdicts need. -ENODATA with the missing value's id in
 * *@ret_missing.
 */
int vmw_layout_bounds(const struct vmw_layout *layout, struct vmw_bounds *ret,
		      enum vmw_value_id *ret_missing);

/* What follows from values that all sources have given by now. */
void vmw_layout_derive(struct vmw_layout *layout, const struct vmw_layout_input *input);

/* The sources, one file each. They fill what they know and say why not. */
void vmw_source_kallsyms(struct vmw_layout *layout, struct vmw_layout_input *input,
			 struct vmw_source *self);
void vmw_source_vmcoreinfo(struct vmw_layout *layout, struct vmw_layout_input *input,
			   struct vmw_source *self);
void vmw_source_check(struct vmw_layout *layout, struct vmw_layout_input *input,
		      struct vmw_source *self);
void vmw_source_segments(struct vmw_layout *layout, struct vmw_layout_input *input,
			 struct vmw_source *self);
void vmw_source_mem_section(struct vmw_layout *layout, struct vmw_layout_input *input,
			    struct vmw_source *self);

#endif
