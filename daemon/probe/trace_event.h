/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kprobes by name, as events of tracefs: the kernel keeps one whose module is not loaded
 * yet, and arms it when the module is there, before its init runs
 * (trace_kprobe_module_callback(), kernel/trace/trace_kprobe.c 5.10.223 to 7.2.13).
 */
#ifndef VMEMMAPWATCH_PROBE_TRACE_EVENT_H
#define VMEMMAPWATCH_PROBE_TRACE_EVENT_H

#include <stddef.h>

/*
 * Make the event number @number at @place, "MODULE:FUNCTION+0xOFFSET". Returns an fd of
 * perf to attach a program to, or a negative errno: -ENOENT without tracefs, -EADDRNOTAVAIL
 * where the module has several functions of that name, -EINVAL where the kernel allows no
 * probe there.
 */
int vmw_trace_event_open(unsigned int number, const char *place);

/*
 * Remove all events of ours that nobody uses: those of this process, whose fds are closed,
 * and what one that was killed has left.
 */
void vmw_trace_events_remove(void);

#endif
