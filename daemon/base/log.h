/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_BASE_LOG_H
#define VMEMMAPWATCH_BASE_LOG_H

#include <stdarg.h>
#include <stdbool.h>

enum vmw_log_level {
	VMW_LOG_ERROR,	/* we end, or a result is not what was asked for */
	VMW_LOG_NOTICE, /* what a user of this run wants to know; not with --quiet */
	VMW_LOG_DEBUG,	/* only with --verbose */
};

/* Messages above this level are dropped. VMW_LOG_NOTICE at start. */
extern enum vmw_log_level vmw_log_threshold;

/* By --quiet and --verbose; the first is stronger. */
void vmw_log_set(bool quiet, bool verbose);

/* One line on stderr, with our name in front; @format brings no newline. */
void vmw_log(enum vmw_log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The last error that was logged, whatever the threshold; "" before the first. */
const char *vmw_log_last(void);

#define vmw_error(...)	vmw_log(VMW_LOG_ERROR, __VA_ARGS__)
#define vmw_notice(...) vmw_log(VMW_LOG_NOTICE, __VA_ARGS__)
#define vmw_debug(...)	vmw_log(VMW_LOG_DEBUG, __VA_ARGS__)

/* What takes a while, as a notice; only on a terminal, where somebody waits. */
void vmw_progress(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* From here on messages of libbpf go through vmw_debug(). */
void vmw_log_libbpf(void);

#endif
