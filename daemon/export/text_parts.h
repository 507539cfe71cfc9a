/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of the report's text that other texts have, too. */
#ifndef VMEMMAPWATCH_EXPORT_TEXT_PARTS_H
#define VMEMMAPWATCH_EXPORT_TEXT_PARTS_H

#include "report.h"

/*
 * A range, a line each: physical, pfn, struct pages, verdict, where they lie. Of
 * @report, bounds, layout and redact are looked at.
 */
void vmw_print_range(const struct vmw_report *report, const struct vmw_range *range, FILE *file);

/* The same from the struct pages on: for a range whose pfns are not known. */
void vmw_print_pages(const struct vmw_report *report, const struct vmw_range *range, FILE *file);

#endif
