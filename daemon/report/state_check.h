/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Can it be? Texts are ended, truth values made such; false where a number is one
 * of none of ours.
 */
#ifndef VMEMMAPWATCH_REPORT_STATE_CHECK_H
#define VMEMMAPWATCH_REPORT_STATE_CHECK_H

#include "report/state_format.h"

bool vmw_check_meta(struct vmw_state_meta *meta);
bool vmw_check_layout(struct vmw_layout *layout);
bool vmw_check_range(struct vmw_range *range);
void vmw_check_module(struct vmw_module_seen *seen);
bool vmw_check_request(struct vmw_request *request);
bool vmw_check_offender(struct vmw_offender *offender);
bool vmw_check_warn(struct vmw_warn *warn);
/* Of the state's @nr_objects. */
bool vmw_check_site(struct vmw_site_probe *site, u64 nr_objects);
void vmw_check_site_object(struct vmw_site_object *object);
bool vmw_check_used(struct vmw_used *used);
bool vmw_check_observation(struct vmw_observation *observation);

#endif
