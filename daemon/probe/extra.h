/* SPDX-License-Identifier: GPL-2.0-only */
/* Probes that the table lacks: --probe SYMBOL:KIND:ARG[,ARG]. */
#ifndef VMEMMAPWATCH_PROBE_EXTRA_H
#define VMEMMAPWATCH_PROBE_EXTRA_H

#include <stddef.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "probe/probe.h"

/*
 * Add the row that @text describes behind those of the table: KIND as --probes
 * prints it, with - for a space; ARG from 1. Returns 0, or -EINVAL with what was
 * expected in @why (of @size bytes).
 */
int vmw_extra_add(const char *text, char *why, size_t size);

/* As vmw_extra_add(), but only look: nothing is added. */
int vmw_extra_valid(const char *text, char *why, size_t size);

/* Forget all rows that were added. Nothing that was made from them may be left. */
void vmw_extra_reset(void);

/* Forget the one that was added last. */
void vmw_extra_forget_last(void);

/* Describe row @id to another process, and add a row as described: -EINVAL, -ENOMEM. */
void vmw_extra_pack(int id, struct vmw_packed_extra *told);
int vmw_extra_take(const struct vmw_packed_extra *told);

/* Could it be added? */
bool vmw_extra_can_be(const struct vmw_packed_extra *told);

/*
 * Is there one function of that name on the running kernel, with such arguments,
 * as far as kallsyms and the BTF (of a module, its own) tell? Returns 0, or
 * -ENOENT with the reason in @status.
 */
int vmw_extra_check(int id, const struct btf *kernel, struct vmw_probe_status *status);

/* Maps of the other programs, as fds: the counts of all are in one place. */
struct vmw_extra_maps {
	int ring, losses, uses, samplings;
};

/* Before load: @object, which bpf/alone.h gives these maps, uses them. Negative errno. */
int vmw_extra_share_maps(struct bpf_object *object, const struct vmw_extra_maps *maps);

struct vmw_extra;

/*
 * Load a program of its own for row @id, for fentry where the kernel takes it, else
 * for a kprobe. Returns 0 or a negative errno with the reason in @status; *@ret is
 * to be freed in any case.
 */
int vmw_extra_load(struct vmw_extra **ret, int id, const struct vmw_probes_setup *setup,
		   const struct vmw_extra_maps *maps, struct vmw_probe_status *status);

/* Attach it; where fentry fails, by a kprobe. Fills @status. Returns as above. */
int vmw_extra_attach(struct vmw_extra *extra, const struct vmw_probes_setup *setup,
		     struct vmw_probe_status *status);

/* Is it to be attached by fentry, as far as is known? */
bool vmw_extra_is_fentry(const struct vmw_extra *extra);

/* NULL where @extra is. */
const struct bpf_program *vmw_extra_program(const struct vmw_extra *extra);
struct bpf_link *vmw_extra_link(const struct vmw_extra *extra);

/* Closes its link, and keeps its program. NULL is fine. */
void vmw_extra_detach(struct vmw_extra *extra);

/* Detaches and closes its program. NULL is fine. */
void vmw_extra_free(struct vmw_extra *extra);

/* From now on the rows are those of the @nr @texts, each of which was found good before. */
void vmw_extra_use(const char *const *texts, unsigned int nr);

#endif
