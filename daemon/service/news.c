// SPDX-License-Identifier: GPL-2.0-only
/* What is told, when: to the kernel log and the journal, the feed, the state. */
#include <string.h>

#include <systemd/sd-daemon.h>

#include "base/clock.h"
#include "base/log.h"
#include "output/json/json_lines.h"
#include "report/state.h"
#include "service/service.h"
#include "watch/wait_driver.h"

#define SECOND_US 1000000ULL
#define SECOND_NS 1000000000ULL

/* Limits for a tenth of a second: 3,000 lines a second, of them 2,000 samples. */
#define WINDOW_NS	 100000000ULL
#define LINES_A_WINDOW	 300
#define SAMPLES_A_WINDOW 200
/* So that what is queued for clients (VMW_QUEUE_BYTES) lasts a second and more. */
#define BYTES_A_WINDOW	      (192 << 10)
#define SAMPLE_BYTES_A_WINDOW (128 << 10)

/* Uses told before the loop has another look at records and clients. */
#define USES_AT_A_TIME 64

static int render_offender(const struct vmw_report *report, const void *subject, FILE *file)
{
	return vmw_export_line_offender(report, subject, file);
}

static int render_use(const struct vmw_report *report, const void *subject, FILE *file)
{
	return vmw_export_line_use(report, subject, file);
}

static int render_counts(const struct vmw_report *report, const void *subject, FILE *file)
{
	return vmw_export_line_counts(report, subject, file);
}

static int render_refused(const struct vmw_report *report, const void *subject, FILE *file)
{
	return vmw_export_line_refused(report, subject, file);
}

static int render_observation(const struct vmw_report *report, const void *subject, FILE *file)
{
	return vmw_export_line_observation(report, subject, file);
}

static int render_warn(const struct vmw_report *report, const void *subject, FILE *file)
{
	return vmw_export_line_warn(report, subject, file);
}

static int render_losses(const struct vmw_report *report, const void *subject, FILE *file)
{
	(void)subject;
	return vmw_export_line_losses(report, file);
}

static int render_clock(const struct vmw_report *report, const void *subject, FILE *file)
{
	(void)subject;
	return vmw_export_line_clock(report, file);
}

static int render_health(const struct vmw_report *report, const void *subject, FILE *file)
{
	return vmw_export_line_health(report, subject, file);
}

static bool is_spent(const struct vmw_pace *pace)
{
	return pace->lines >= LINES_A_WINDOW || pace->bytes >= BYTES_A_WINDOW;
}

/*
 * Lines that come by the thousand are told at a pace that clients can read at: of
 * counts the others come later, of samples some are no line. May one more be told?
 */
static bool may_send(struct vmw_pace *pace, bool is_sample)
{
	u64 window = vmw_now_ns() / WINDOW_NS;

	if (window != pace->window)
		*pace = (struct vmw_pace){ .window = window };
	if (is_spent(pace) || (is_sample && (pace->samples == SAMPLES_A_WINDOW ||
					     pace->sample_bytes >= SAMPLE_BYTES_A_WINDOW)))
		return false;
	pace->lines++;
	pace->samples += is_sample;
	return true;
}

static void send_offender(struct vmw_service *s, struct vmw_offender *offender)
{
	offender->sent_count = offender->count;
	offender->sent_warns = offender->warns;
	offender->sent_live = offender->live;
	vmw_feed_send(s->feed, render_offender, offender);
}

/* The kernel may die of it any moment: its own log first. */
void vmw_service_on_offender(const struct vmw_offender *offender, void *context)
{
	struct vmw_service *s = context;
	struct vmw_report *report = &s->watch.report;

	if (s->config.kmsg && s->kmsg.fd >= 0 && offender->live && !offender->found)
		vmw_kmsg_offender(&s->kmsg, report, offender, s->watch.aggregate.asks_only);
	report->kmsg_written = s->kmsg.written;
	report->kmsg_suppressed = s->kmsg.suppressed;
	report->kmsg_failed = s->kmsg.failed;
	if (s->config.journal)
		vmw_journal_offender(&s->journal, report, offender, s->watch.aggregate.asks_only);
	/* What it is told by is the owner's, and of no concern to the aggregate. */
	send_offender(s, (struct vmw_offender *)offender);
	s->dirty = true;
	s->urgent = true;
	vmw_service_news(s);
}

static void send_refused(struct vmw_service *s)
{
	struct vmw_request *request;

	for (request = s->watch.aggregate.requests; request; request = request->next) {
		if (request->outcome != VMW_REFUSED || request->told)
			continue;
		request->told = true;
		vmw_feed_send(s->feed, render_refused, request);
	}
}

static void send_sample(struct vmw_service *s, const struct vmw_header *record)
{
	size_t bytes;

	if (!may_send(&s->pace, true)) {
		s->watch.report.samples_not_sent++;
		return;
	}
	bytes = vmw_feed_send(s->feed, render_observation, record);
	s->pace.bytes += bytes;
	s->pace.sample_bytes += bytes;
}

void vmw_service_on_record(const struct vmw_header *record, void *context)
{
	struct vmw_service *s = context;
	size_t warns = s->watch.aggregate.nr_warns;

	/* Of callers the kernel has the counts. */
	if (!vmw_is_caller(record->probe) && !vmw_records_keep(&s->records, record))
		return;
	s->watch.report.records = s->records.taken;
	vmw_aggregate_record(&s->watch.aggregate, record);
	if (record->type == VMW_RECORD_OBSERVATION) {
		if (!vmw_is_caller(record->probe))
			vmw_feed_send(s->feed, render_observation, record);
		else
			send_sample(s, record);
	}
	if (s->watch.aggregate.nr_warns > warns)
		vmw_feed_send(s->feed, render_warn, s->watch.aggregate.last_warn);
	/* Those that make room for others are told before. */
	if (!vmw_is_caller(record->probe) &&
	    s->watch.aggregate.nr_requests >= s->watch.aggregate.max_requests)
		send_refused(s);
	vmw_service_news(s);
}

void vmw_service_on_clock(void *context)
{
	struct vmw_service *s = context;

	vmw_feed_send(s->feed, render_clock, NULL);
	vmw_service_news(s);
}

/*
 * A new offender: at once, when all that its records mean has been seen, and the ring
 * buffer knows that they were taken. (A second time would count them twice.)
 */
void vmw_service_records_taken(struct vmw_service *s)
{
	if (s->urgent && vmw_now_ns() - s->saved_ns >= SECOND_NS)
		vmw_service_save(s);
	s->urgent = false;
}

static void send_offenders(struct vmw_service *s)
{
	struct vmw_offender *o;

	for (o = s->watch.aggregate.offenders; o; o = o->next) {
		if (o->count != o->sent_count || o->warns != o->sent_warns ||
		    o->live != o->sent_live)
			send_offender(s, o);
	}
}

/* Returns whether there are more; without @pace it is the last time. */
static bool send_uses(struct vmw_service *s, struct vmw_pace *pace)
{
	unsigned int left = USES_AT_A_TIME;
	struct vmw_used *used;
	size_t bytes;

	for (used = s->news_at; used; used = used->next) {
		if (used->counts.count == used->sent_count || !vmw_report_is_use(used))
			continue;
		if (pace && (!left-- || !may_send(pace, false)))
			break;
		bytes = vmw_feed_send(s->feed, used->sent_count ? render_counts : render_use,
				      used);
		if (pace)
			pace->bytes += bytes;
		used->sent_count = used->counts.count;
	}
	s->news_at = used;
	return used;
}

static bool counts_moved(const struct vmw_aggregate *agg)
{
	const struct vmw_used *used;

	for (used = agg->uses; used; used = used->next) {
		if (used->counts.count != used->counted_before)
			return true;
	}
	return false;
}

void vmw_service_save(struct vmw_service *s)
{
	int err;

	if (!s->dirty || !s->watching)
		return;
	s->saved_ns = vmw_now_ns();
	err = vmw_state_save(&s->watch.report, s->state_path);
	/* Said once for each reason; what is in memory is not lost by it. */
	if (err && err != s->save_error)
		vmw_error("%s: cannot be written: %s: a restart would not know what is in memory now",
			  s->state_path, strerror(-err));
	if (!err && s->save_error)
		vmw_notice("%s: written again", s->state_path);
	if (!err)
		vmw_records_saved(&s->records);
	s->save_error = err;
	s->dirty = err;
}

u64 vmw_service_losses(const struct vmw_service *s)
{
	const struct vmw_report *report = &s->watch.report;
	u64 sum = report->losses.missed + report->aggregate->nr_dropped +
		  vmw_report_silences(report) + vmw_report_unexplained(report);
	int place;

	for (place = 0; place < VMW_NR_LOSSES; place++)
		sum += report->losses.count[place];
	return sum;
}

void vmw_service_status(struct vmw_service *s)
{
	const struct vmw_report *report = &s->watch.report;
	const struct vmw_offender *offender;
	unsigned int attached = 0, live = 0, all = 0;
	char before[sizeof(s->status)], silent[VMW_SILENT_LEN], offenders[40];
	int id;

	memcpy(before, s->status, sizeof(before));
	for (id = 0; s->watching && id < vmw_nr_probes; id++)
		attached += !!vmw_probes_status(s->watch.probes, id)->how;
	for (offender = report->aggregate->offenders; offender; offender = offender->next) {
		all++;
		live += offender->live;
	}
	all += vmw_report_uses(report);
	live += vmw_report_uses_live(report, true);
	if (!s->watching)
		snprintf(s->status, sizeof(s->status), "waiting for --attach");
	else
		snprintf(s->status, sizeof(s->status), "%u probes, %s (%u live), %llu lost",
			 attached,
			 vmw_format_count(all, "offender", offenders, sizeof(offenders)), live,
			 vmw_service_losses(s));
	if (s->watching && vmw_sight_silent(report->sight, silent))
		snprintf(s->status + strlen(s->status), sizeof(s->status) - strlen(s->status),
			 "; BLIND: no probe by %s fires", silent);
	if (s->save_error)
		strncat(s->status, "; state not written",
			sizeof(s->status) - strlen(s->status) - 1);
	if (*s->trouble)
		snprintf(s->status + strlen(s->status), sizeof(s->status) - strlen(s->status),
			 "; %s", s->trouble);
	if (*s->kept)
		snprintf(s->status + strlen(s->status), sizeof(s->status) - strlen(s->status),
			 "; %s", s->kept);
	if (strcmp(before, s->status))
		sd_notifyf(0, "STATUS=%s", s->status);
}

/* A pass has come to its end: what it found is written, and said. */
static void finish_pass(struct vmw_service *s)
{
	bool moved = s->moved || counts_moved(&s->watch.aggregate);

	s->moved = false;
	s->dirty |= moved;
	vmw_service_save(s);
	vmw_service_status(s);
	if (moved)
		vmw_feed_send(s->feed, render_health, s->status);
	/* Counts that move bring no record: look again, until they stand still. */
	if (counts_moved(&s->watch.aggregate))
		vmw_service_news(s);
}

static int on_pause_over(sd_event_source *source, uint64_t usec, void *context)
{
	struct vmw_service *s = context;

	(void)source;
	(void)usec;
	s->news_pause = sd_event_source_unref(s->news_pause);
	return sd_event_source_set_enabled(s->news_rest, SD_EVENT_ON);
}

static int on_rest(sd_event_source *source, void *context)
{
	struct vmw_service *s = context;

	sd_event_source_set_enabled(source, SD_EVENT_ON);
	if (!send_uses(s, &s->pace)) {
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
		finish_pass(s);
	} else if (is_spent(&s->pace)) {
		/* Not before the next window. */
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
		sd_event_add_time_relative(s->loop, &s->news_pause, CLOCK_MONOTONIC,
					   WINDOW_NS / 1000, 1000, on_pause_over, s);
	}
	return 0;
}

static void send_losses(struct vmw_service *s)
{
	u64 lost = vmw_service_losses(s);
	char reason[96];

	if (lost == s->sent_losses)
		return;
	vmw_feed_send(s->feed, render_losses, NULL);
	/* The first time: how many there are is for the feed and for metrics. */
	if (s->config.journal && !s->sent_losses) {
		snprintf(reason, sizeof(reason), "%llu events could not be recorded", lost);
		vmw_journal_incomplete(&s->journal, reason);
	}
	s->sent_losses = lost;
}

static void start_pass(struct vmw_service *s)
{
	s->changes++;
	vmw_watch_read_uses(&s->watch);
	vmw_aggregate_name_callers(&s->watch.aggregate);
	vmw_drivers_describe(&s->watch);
	vmw_watch_update(&s->watch);
	send_offenders(s);
	send_refused(s);
	send_losses(s);
	/* One that is under way comes to its end: those behind wait as long already. */
	if (!s->news_at)
		s->news_at = s->watch.aggregate.uses;
}

static int on_news_due(sd_event_source *source, uint64_t usec, void *context)
{
	struct vmw_service *s = context;

	(void)source;
	(void)usec;
	s->news_timer = sd_event_source_unref(s->news_timer);
	if (!s->watching)
		return 0;
	start_pass(s);
	if (s->news_pause)
		return 0;
	if (s->news_rest)
		return sd_event_source_set_enabled(s->news_rest, SD_EVENT_ON);
	return sd_event_add_defer(s->loop, &s->news_rest, on_rest, s) < 0 ?
		       0 :
		       sd_event_source_set_enabled(s->news_rest, SD_EVENT_ON);
}

static void arm(struct vmw_service *s)
{
	if (!s->news_timer)
		sd_event_add_time_relative(s->loop, &s->news_timer, CLOCK_MONOTONIC, SECOND_US,
					   0, on_news_due, s);
}

void vmw_service_news(struct vmw_service *s)
{
	s->moved = true;
	s->changes++;
	arm(s);
}

void vmw_service_send_all(struct vmw_service *s)
{
	if (!s->watching)
		return;
	start_pass(s);
	send_uses(s, NULL);
	finish_pass(s);
}

void vmw_service_tick(struct vmw_service *s)
{
	bool idle = !s->news_timer && (!s->news_rest || !s->news_at);

	if (!s->watching || !idle)
		return;
	vmw_service_send_all(s);
	vmw_feed_send(s->feed, render_health, s->status);
}
