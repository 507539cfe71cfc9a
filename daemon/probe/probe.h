/* SPDX-License-Identifier: GPL-2.0-only */
/* The BPF programs: open, load, attach with fallback, read what they send. */
#ifndef VMEMMAPWATCH_PROBE_PROBE_H
#define VMEMMAPWATCH_PROBE_PROBE_H

#include <stdbool.h>

#include <vmemmapwatch/event.h>
#include <vmemmapwatch/probes.h>
#include <vmemmapwatch/verdict.h>

enum vmw_point {
	VMW_POINT_ENTRY,
	VMW_POINT_RETURN,
	VMW_POINT_TRACEPOINT,
};

enum vmw_class {
	VMW_CLASS_CERTAIN,
	VMW_CLASS_CONTEXT,
};

/* A row of the table in probes.h. */
struct vmw_probe_info {
	const char *symbol;
	enum vmw_point point;
	enum vmw_class class;
	const char *meaning;
};

extern const struct vmw_probe_info vmw_probe_infos[VMW_NR_PROBES];
extern const char *const vmw_point_names[];
extern const char *const vmw_class_names[];

struct vmw_probe_status {
	const char *how;	/* "fentry", "kprobe", "tracepoint"; NULL: not attached */
	char problem[160];	/* why not */
};

/* What the programs lost, by place; missed is what the kernel itself skipped. */
struct vmw_losses_read {
	u64 count[VMW_NR_LOSSES];
	u64 missed;
	bool missed_known;
};

extern const char *const vmw_loss_names[VMW_NR_LOSSES];

/* Called for each record; @record is valid during the call only. */
typedef void (*vmw_record_fn)(const struct vmw_header *record, void *context);

struct vmw_probes;

/*
 * Load the programs for the bounds and attach as many as this kernel allows.
 * @ring_size in bytes: a power of two, at least a page. Returns 0 with
 * *@ret to be freed, or a negative errno: -ENOTSUP where no probe of class
 * certain could be attached; the statuses are in *@ret then, too.
 */
int vmw_probes_new(struct vmw_probes **ret, const struct vmw_bounds *bounds,
		   const struct vmw_text *warn_text, u32 ring_size,
		   vmw_record_fn fn, void *context);

/* Detaches everything. NULL is fine. */
void vmw_probes_free(struct vmw_probes *probes);

const struct vmw_probe_status *vmw_probes_status(const struct vmw_probes *probes,
						 enum vmw_probe_id id);

/* To be polled for input; records are then delivered by vmw_probes_consume(). */
int vmw_probes_fd(const struct vmw_probes *probes);

/* Deliver all records there are. Negative errno on failure. */
int vmw_probes_consume(struct vmw_probes *probes);

int vmw_probes_losses(const struct vmw_probes *probes, struct vmw_losses_read *ret);

/*
 * The running kernel's name for a value of enum memory_type, in our words:
 * "private", "coherent", "fs-dax", "generic", "pci-p2pdma"; its numbers moved
 * between 5.10 and 6.1. "type N" where the BTF does not say.
 */
void vmw_probes_memory_type(const struct vmw_probes *probes, u32 type,
			    char *name, size_t size);

#endif
