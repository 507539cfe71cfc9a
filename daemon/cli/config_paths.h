/* SPDX-License-Identifier: GPL-2.0-only */
/* Where things are unless options say otherwise; the manual's list needs them alone. */
#ifndef VMEMMAPWATCH_CLI_CONFIG_PATHS_H
#define VMEMMAPWATCH_CLI_CONFIG_PATHS_H

#define VMW_CONFIG	    "/etc/vmemmapwatch.conf"
#define VMW_FEED_SOCKET	    "/run/vmemmapwatch/feed.sock"
#define VMW_STATE_DIRECTORY "/var/lib/vmemmapwatch"
#define VMW_TEXTFILE	    "/var/lib/prometheus/node-exporter/vmemmapwatch.prom"

#endif
