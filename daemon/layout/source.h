/* SPDX-License-Identifier: GPL-2.0-only */
/* The sources of a running kernel, a file source_*.c each. */
#ifndef VMEMMAPWATCH_LAYOUT_SOURCE_H
#define VMEMMAPWATCH_LAYOUT_SOURCE_H

#include "kernel/converting.h"
#include "kernel/memory.h"
#include "layout/layout.h"

/* What the sources read from, and what earlier ones found for later ones. */
struct vmw_input {
	struct vmw_memory memory;
	const char *kallsyms; /* path */
	char *note;	      /* vmcoreinfo text, or NULL */
	/* Addresses of variables by kallsyms; 0 where it lists none. */
	u64 mem_section;
	u64 vmcoreinfo_data;
	u64 vmcoreinfo_size;
	struct vmw_text vmemmap_free;
	struct vmw_symbol converting[VMW_NR_CONVERTING];
	/* Variables by kallsyms, read. */
	bool has_physvirt_offset;
	u64 physvirt_offset; /* 5.4 to 5.10: PHYS_OFFSET - PAGE_OFFSET */
};

/* @self could not be read, or not in full, and why. */
void vmw_source_fail(struct vmw_source *self, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same, of kernel memory that could not be read: @err is of vmw_memory_read(). */
void vmw_source_unread(struct vmw_source *self, const struct vmw_input *input, int err);

/*
 * Each fills what it knows, and says in @self what it does not and why. None
 * of them fails as a whole.
 */
void vmw_read_kallsyms(struct vmw_layout *layout, struct vmw_input *input,
		       struct vmw_source *self);
void vmw_read_vmcoreinfo(struct vmw_layout *layout, struct vmw_input *input,
			 struct vmw_source *self);
void vmw_read_code(struct vmw_layout *layout, struct vmw_input *input, struct vmw_source *self);
void vmw_read_conversions(struct vmw_layout *layout, struct vmw_input *input,
			  struct vmw_source *self);
void vmw_read_btf(struct vmw_layout *layout, struct vmw_input *input, struct vmw_source *self);
void vmw_read_process(struct vmw_layout *layout, struct vmw_input *input,
		      struct vmw_source *self);
void vmw_read_config(struct vmw_layout *layout, struct vmw_input *input, struct vmw_source *self);
void vmw_read_mem_section(struct vmw_layout *layout, struct vmw_input *input,
			  struct vmw_source *self);
void vmw_read_segments(struct vmw_layout *layout, struct vmw_input *input,
		       struct vmw_source *self);
void vmw_read_tracepoint(struct vmw_layout *layout, struct vmw_input *input,
			 struct vmw_source *self);

/*
 * Call @fn with the number and the section_mem_map (flags in its low bits) of
 * each present section, in order of their numbers. A value other than 0 from
 * @fn ends the walk and is returned; else 0, or a negative errno for which the
 * second function has one line.
 */
typedef int vmw_section_fn(void *data, u64 nr, u64 map);
int vmw_walk_sections(struct vmw_input *input, vmw_section_fn *fn, void *data);
void vmw_walk_sections_why(const struct vmw_input *input, int err, char *why, size_t size);

/*
 * What a vmcoreinfo text says, of origin live or stated; for files, too. Returns
 * the first key whose value is no number, or that arm64 cannot have; NULL: none.
 */
const char *vmw_read_note(struct vmw_layout *layout, const char *note,
			  enum vmw_source_id source, enum vmw_origin origin);

#endif
