/* SPDX-License-Identifier: GPL-2.0-only */
/* Are a function's parameters those that a row of probes.h counts on? */
#ifndef VMEMMAPWATCH_PROBE_PROTOTYPE_H
#define VMEMMAPWATCH_PROBE_PROTOTYPE_H

#include <stdbool.h>

#include <bpf/btf.h>

/*
 * Compare the parameters of the function @id of @btf with @prototypes, as
 * probes.h describes them: "Pi|Ppi" is a struct page or folio and an integer, or
 * with another pointer between.
 */
bool vmw_prototype_fits(const struct btf *btf, int id, const char *prototypes);

#endif
