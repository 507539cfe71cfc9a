/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_WATCH_WATCH_FOUND_H
#define VMEMMAPWATCH_WATCH_WATCH_FOUND_H

#include "watch/watch.h"

/*
 * Look for what happened before @watch began, with its layout and bounds: what is
 * found becomes offenders of its aggregate, and its report says what was looked at.
 */
void vmw_found_into(struct vmw_watch *watch);

#endif
