/* SPDX-License-Identifier: GPL-2.0-only */
/* Are a function's parameters those that a row of probes.h counts on? */
#ifndef VMEMMAPWATCH_PROBE_PROTOTYPE_H
#define VMEMMAPWATCH_PROBE_PROTOTYPE_H

#include <stdbool.h>

#include <bpf/btf.h>

#define VMW_MAX_PARAMETERS 12

/*
 * The parameters of the function @id of @btf, a letter each as probes.h describes
 * them, '?' for what is none of these. False where it is no function, or has more.
 */
bool vmw_prototype(const struct btf *btf, int id, char letters[VMW_MAX_PARAMETERS + 1]);

/*
 * Compare the parameters of the function @id of @btf with @prototypes, as
 * probes.h describes them: "Pi|Ppi" is a struct page or folio and an integer, or
 * with another pointer between.
 */
bool vmw_prototype_fits(const struct btf *btf, int id, const char *prototypes);

#endif
