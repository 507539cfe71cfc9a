/* SPDX-License-Identifier: GPL-2.0-only */
/* Which program of a row to load and attach on this kernel, and why not. */
#ifndef VMEMMAPWATCH_PROBE_ATTACH_H
#define VMEMMAPWATCH_PROBE_ATTACH_H

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "probe/probe.h"

/*
 * Before load: switch on exactly one program for each row of the table that
 * this kernel has a function for, and of callers for those @chosen alone (NULL:
 * none). Writes into @status why a row has none, or not the best one. Returns 0 or a
 * negative errno.
 */
int vmw_choose_programs(struct bpf_object *object, const struct btf *btf, const bool *chosen,
			enum vmw_attach_with attach_with, struct vmw_probe_status *status);

/* Before load: how the chosen program of one row would attach; NULL: none is. */
const char *vmw_chosen_way(const struct bpf_object *object, const struct vmw_probe_info *info);

/* The program that was chosen for one row, or NULL. */
struct bpf_program *vmw_chosen_program(const struct bpf_object *object,
				       const struct vmw_probe_info *info);

/* Before load: none for this row, after all. */
void vmw_unchoose_program(struct bpf_object *object, const struct vmw_probe_info *info);

/* What one row is attached by. */
struct vmw_links {
	struct bpf_link *link;
	struct bpf_link *save; /* of a kretprobe: what keeps the argument for it */
};

/*
 * After load: attach the chosen program of one row. Fills @status and *@ret. 0, also
 * where none is chosen, or the negative errno that @status explains.
 */
int vmw_attach(struct bpf_object *object, const struct vmw_probe_info *info,
	       struct vmw_probe_status *status, struct vmw_links *ret);

#endif
