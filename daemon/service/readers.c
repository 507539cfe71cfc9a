// SPDX-License-Identifier: GPL-2.0-only
/* What report.sock answers: one report for all who ask, until something changes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "report/state.h"
#include "service/service.h"
#include "service/take.h"

/* Has asked, and waits until the report is there. */
struct vmw_asker {
	struct vmw_asker *next;
	struct vmw_service *service;
	sd_event_source *gone;
	struct vmw_reader *reader;
	int fd;
	u64 waits_for; /* ANSWERED: only for the other side to close */
};

/* What was sent counts as ours until it is received, or the other side is gone. */
#define ANSWERED (~(u64)0)

static u64 begin_report(void *context)
{
	struct vmw_service *s = context;

	vmw_watch_update(&s->watch);
	vmw_service_count_readers(s);
	return 0;
}

static int write_report(int fd, void *context)
{
	const struct vmw_service *s = context;

	return vmw_state_write(&s->watch.report, fd);
}

/* A packet and a few fds: whoever does not take them at once has no room for them. */
static void answer(struct vmw_service *s, int fd, const struct vmw_snapshot *report, int err)
{
	struct vmw_fds fds = { .nr = 0 };

	if (report)
		vmw_fds_add(&fds, "state", report->reader_fd);
	vmw_message_send(fd, VMW_WORD_HELLO, report ? VMW_EXIT_CLEAN : VMW_EXIT_UNTRACEABLE,
			 s->watching && !report ? strerror(-err) : s->status, &fds);
}

static void end_asker(struct vmw_asker *asker)
{
	sd_event_source_disable_unref(asker->gone);
	vmw_limits_leave(asker->reader);
	close(asker->fd);
	free(asker);
}

static int on_gone(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct vmw_asker *asker = context, **at = &asker->service->askers;

	(void)source;
	(void)fd;
	(void)events;
	while (*at != asker)
		at = &(*at)->next;
	*at = asker->next;
	end_asker(asker);
	return 0;
}

static void on_made(void *context)
{
	struct vmw_service *s = context;
	struct vmw_asker *asker;
	struct vmw_snapshot *report;
	int err = 0;

	report = vmw_snapshots_use(s->reports, &err);
	for (asker = s->askers; asker; asker = asker->next) {
		if (asker->waits_for > vmw_snapshots_made(s->reports))
			continue;
		answer(s, asker->fd, report, err);
		asker->waits_for = ANSWERED;
	}
	vmw_snapshot_drop(report);
}

static void ask(struct vmw_service *s, struct vmw_asker *asker)
{
	asker->waits_for = vmw_snapshots_ask(s->reports, s->changes);
	asker->next = s->askers;
	s->askers = asker;
	on_made(s);
}

/* Whoever may read the feed may have all that is known. */
int vmw_service_on_report(sd_event_source *source, int listener, uint32_t events, void *context)
{
	struct vmw_service *s = context;
	int fd = vmw_service_accept(s, listener, true);
	struct vmw_asker *asker = NULL;
	struct vmw_reader *reader;
	enum vmw_excess excess;

	(void)source;
	(void)events;
	if (fd < 0)
		return 0;
	reader = vmw_limits_enter(&s->limits, fd, &excess);
	if (!reader)
		vmw_message_send(fd, VMW_WORD_HELLO, VMW_EXIT_UNTRACEABLE,
				 vmw_excess_text(excess), NULL);
	else if (!s->watching)
		answer(s, fd, NULL, 0);
	else
		asker = calloc(1, sizeof(*asker));
	if (!asker) {
		vmw_limits_leave(reader);
		close(fd);
		return 0;
	}
	asker->service = s;
	asker->fd = fd;
	asker->reader = reader;
	/* That the other side is gone is reported without being asked for. */
	if (sd_event_add_io(s->loop, &asker->gone, fd, 0, on_gone, asker) < 0)
		end_asker(asker);
	else
		ask(s, asker);
	return 0;
}

int vmw_service_prepare_readers(struct vmw_service *s)
{
	static const struct vmw_snapshot_maker maker = {
		.begin = begin_report,
		.write = write_report,
		.made = on_made,
	};

	vmw_service_limit_readers(s);
	vmw_feed_set_limits(s->feed, &s->limits);
	return vmw_snapshots_new(&s->reports, s->loop, &maker, s);
}

void vmw_service_count_readers(struct vmw_service *s)
{
	struct vmw_readers *readers = &s->watch.report.readers;
	struct vmw_feed_counts counts;

	vmw_feed_count(s->feed, &counts);
	readers->clients = counts.clients;
	readers->too_many = s->limits.refused[VMW_EXCESS_CONNECTIONS];
	readers->too_often = s->limits.refused[VMW_EXCESS_RATE];
	readers->too_slow = counts.dropped;
}

void vmw_service_limit_readers(struct vmw_service *s)
{
	s->limits.connections = s->config.reader_connections;
	s->limits.rate = s->config.reader_rate;
}

void vmw_service_end_readers(struct vmw_service *s)
{
	struct vmw_asker *asker;

	while ((asker = s->askers)) {
		s->askers = asker->next;
		end_asker(asker);
	}
	vmw_snapshots_free(s->reports);
}
