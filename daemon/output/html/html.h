/* SPDX-License-Identifier: GPL-2.0-only */
/* The picture as one page. */
#ifndef VMEMMAPWATCH_OUTPUT_HTML_HTML_H
#define VMEMMAPWATCH_OUTPUT_HTML_HTML_H

#include "output/picture/scene.h"

/*
 * Write @picture, and all of its report, as an HTML document that is well-formed XML,
 * too: style and drawings are in it, there is no script, and nothing is fetched.
 * Whatever others have named is escaped. Returns 0 or a negative errno.
 */
int vmw_html(const struct vmw_picture *picture, FILE *file);

#endif
