/* SPDX-License-Identifier: GPL-2.0-only */
/* --sites: conversions that are inlined into code, as documents. */
#ifndef VMEMMAPWATCH_OUTPUT_DESCRIBE_SITES_H
#define VMEMMAPWATCH_OUTPUT_DESCRIBE_SITES_H

#include <stdio.h>

#include "explain/site_listing.h"

/* Is anything of @object hidden, so that there may be more? */
bool vmw_is_hidden(const struct vmw_listed_object *object);

int vmw_export_sites_text(const struct vmw_site_listing *listing, FILE *file);
int vmw_export_sites_json(const struct vmw_site_listing *listing, FILE *file);

#endif
