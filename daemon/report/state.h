/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that the service knows, as bytes: what it goes on with when it is started
 * again, and what it answers clients with, who make a report of it by the ordinary
 * exporters. For programs of one build: whatever another one wrote is refused.
 */
#ifndef VMEMMAPWATCH_REPORT_STATE_H
#define VMEMMAPWATCH_REPORT_STATE_H

#include "probe/site_probes.h"
#include "report/report.h"

/* None is larger: with 10,000 offenders it has some 10 MiB. */
#define VMW_STATE_MAX (128 << 20)

/* What was read. Everything in @report points into the rest of it. */
struct vmw_state {
	struct vmw_report report;
	char host[256];
	char kernel[72];
	char boot_id[64];
	struct vmw_layout layout;
	struct vmw_bounds bounds;
	struct vmw_kernel_facts facts;
	struct vmw_probes *probes; /* as told: no fds */
	struct vmw_site_set sites;
	struct vmw_aggregate aggregate;
};

/* Write all of @report to @fd, an empty file. Negative errno. */
int vmw_state_write(const struct vmw_report *report, int fd);

/*
 * The same to the file @path, which is whole at any time: written beside it, synced,
 * and renamed. A link or a FIFO in its place is removed before. Negative errno, and a
 * file that was there is what it was.
 */
int vmw_state_save(const struct vmw_report *report, const char *path);

/*
 * Read what vmw_state_write() has written, from the start of @fd, into *@ret, to
 * be freed. -EBADMSG with one line in @why (of @size bytes) where it is something
 * else, cut short, damaged, or of another build; or another negative errno.
 */
int vmw_state_read(struct vmw_state **ret, int fd, char *why, size_t size);

/*
 * The same of what another process sent, whoever that is: it ends, whatever @fd is,
 * and whatever happens to it meanwhile. -ESTALE: the sender has emptied it, since there
 * is a newer one to be asked for.
 */
int vmw_state_receive(struct vmw_state **ret, int fd, char *why, size_t size);

/* NULL is fine. */
void vmw_state_free(struct vmw_state *state);

#endif
