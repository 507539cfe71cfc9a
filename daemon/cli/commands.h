/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_CLI_COMMANDS_H
#define VMEMMAPWATCH_CLI_COMMANDS_H

#include "base/exit.h"
#include "cli/options.h"

/* Each mode is in the file of its name. They return what main() exits with. */
enum vmw_exit vmw_mode_trace(const struct vmw_options *options);
enum vmw_exit vmw_mode_layout(const struct vmw_options *options);
enum vmw_exit vmw_mode_probes(const struct vmw_options *options);
enum vmw_exit vmw_mode_sites(const struct vmw_options *options);
enum vmw_exit vmw_mode_explain(const struct vmw_options *options);
enum vmw_exit vmw_mode_support(const struct vmw_options *options);
enum vmw_exit vmw_mode_decode(const struct vmw_options *options);
enum vmw_exit vmw_mode_preflight(const struct vmw_options *options);
enum vmw_exit vmw_mode_daemon(const struct vmw_options *options);
enum vmw_exit vmw_mode_attach(const struct vmw_options *options);
enum vmw_exit vmw_mode_report(const struct vmw_options *options);
enum vmw_exit vmw_mode_follow(const struct vmw_options *options);
enum vmw_exit vmw_mode_keep(const struct vmw_options *options);
enum vmw_exit vmw_mode_metrics(const struct vmw_options *options);

#endif
