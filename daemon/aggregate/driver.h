/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_AGGREGATE_DRIVER_H
#define VMEMMAPWATCH_AGGREGATE_DRIVER_H

#include <stddef.h>

#include <vmemmapwatch/event.h>

#include "aggregate/intern.h"

#define VMW_DRIVER_LEN 64 /* MODULE_NAME_LEN is 56, include/linux/module.h */

/*
 * Who asked: the module of the first frame above the kernel's own memory
 * functions, or for built-in code the symbol of that frame; "unknown" where
 * the stack has no such frame. Above a lost frame only a module is blamed. Of a @removal, the first module there is: the
 * driver core may stand between it and the memory functions, or have nobody of the
 * driver above it, which is "unknown".
 */
void vmw_driver_of(const struct vmw_frames *stack, int removal, char *driver, size_t size);

/* True for frames that tracing itself puts on a stack, beside those of the calls. */
int vmw_is_tracing_frame(const char *name);

/* What is in the place of the name of a lost frame. */
#define VMW_LOST_FRAME "return_trampoline+0x0"

/*
 * True for a frame whose return address is not known: another tracer's return
 * probe has replaced it, and the kernel did not give the real one.
 */
int vmw_is_lost_frame(const char *name);

/*
 * Names for the frames of a stack that the kernel could not name itself
 * (before 5.13), from /proc/kallsyms. Does nothing where there are names.
 */
void vmw_name_stack(struct vmw_stack *stack);

#endif
