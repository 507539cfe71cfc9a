/* SPDX-License-Identifier: GPL-2.0-only */
/* Default paths, in a file of their own for the manual and the completions. */
#ifndef VMEMMAPWATCH_CLI_CONFIG_PATHS_H
#define VMEMMAPWATCH_CLI_CONFIG_PATHS_H

#define VMW_CONFIG	    "/etc/vmemmapwatch.conf"
#define VMW_FEED_SOCKET	    "/run/vmemmapwatch/feed.sock"
#define VMW_STATE_DIRECTORY "/var/lib/vmemmapwatch"
#define VMW_TEXTFILE	    "/var/lib/prometheus/node-exporter/vmemmapwatch.prom"

#endif
