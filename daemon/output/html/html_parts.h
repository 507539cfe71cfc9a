/* SPDX-License-Identifier: GPL-2.0-only */
/* The sections of the page, each told by its file. */
#ifndef VMEMMAPWATCH_OUTPUT_HTML_HTML_PARTS_H
#define VMEMMAPWATCH_OUTPUT_HTML_HTML_PARTS_H

#include "output/picture/escape.h"
#include "output/picture/scene.h"

/* style.c: between <style> and </style>, without a character that XML knows. */
extern const char vmw_html_style[];

/* html_map.c: both maps, what is marked in them, and the bounds with their sources. */
void vmw_html_maps(const struct vmw_picture *picture, FILE *file);

/* html_seen.c: offenders, refused requests and those in bounds, each with its story. */
void vmw_html_seen(const struct vmw_report *report, FILE *file);

/* html_rest.c: why and what to do; WARNs; probes; what was lost or not seen. */
void vmw_html_why(const struct vmw_report *report, FILE *file);
void vmw_html_not_seen(const struct vmw_report *report, FILE *file);

/* html_layout.c: every value with every source, and the regions. */
void vmw_html_layout(const struct vmw_picture *picture, FILE *file);

#endif
