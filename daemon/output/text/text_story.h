/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_EXPORT_TEXT_STORY_H
#define VMEMMAPWATCH_EXPORT_TEXT_STORY_H

#include "report/report.h"

/* Who @request is for, a line each where it is known. */
void vmw_print_requester(const struct vmw_report *report, const struct vmw_request *request,
			 FILE *file);

/* What came after what. */
void vmw_print_timeline(const struct vmw_report *report, const struct vmw_request *request,
			FILE *file);

#endif
