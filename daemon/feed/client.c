// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "client.h"

/* What one client is sent before the next one's turn. */
#define TURN_BYTES	(64 << 10)

u64 vmw_feed_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct vmw_line *vmw_render_line(struct vmw_report *report, enum vmw_telling telling,
				 vmw_render_fn render, const void *subject)
{
	struct vmw_line *line = NULL;
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);
	bool redact = report->redact;
	int err;

	if (!file)
		return NULL;
	/* Lines say when they were told. */
	report->end_ns = vmw_feed_now_ns();
	report->redact = telling == VMW_TELL_REDACTED;
	err = render(report, subject, file);
	report->redact = redact;
	if (fclose(file))
		err = -ENOMEM;
	if (!err)
		line = vmw_line_new(text, length);
	free(text);
	return line;
}

static int render_hello(const struct vmw_report *report, const void *subject, FILE *file)
{
	(void)subject;
	return vmw_export_line_hello(report, file);
}

static int render_layout(const struct vmw_report *report, const void *subject, FILE *file)
{
	(void)subject;
	return vmw_export_line_layout(report, file);
}

static int render_offender(const struct vmw_report *report, const void *subject, FILE *file)
{
	return vmw_export_line_offender(report, subject, file);
}

static int render_use(const struct vmw_report *report, const void *subject, FILE *file)
{
	return vmw_export_line_use(report, subject, file);
}

static int render_refused(const struct vmw_report *report, const void *subject, FILE *file)
{
	return vmw_export_line_refused(report, subject, file);
}

static int render_losses(const struct vmw_report *report, const void *subject, FILE *file)
{
	(void)subject;
	return vmw_export_line_losses(report, file);
}

static int render_health(const struct vmw_report *report, const void *subject, FILE *file)
{
	return vmw_export_line_health(report, subject, file);
}

static int render_snapshot(const struct vmw_report *report, const void *subject, FILE *file)
{
	(void)subject;
	return vmw_export_line_snapshot(report, file);
}

static int render_missed(const struct vmw_report *report, const void *subject, FILE *file)
{
	return vmw_export_line_missed(report, *(const u64 *)subject, file);
}

static const struct vmw_request *next_refused(const struct vmw_aggregate *agg, u32 behind)
{
	const struct vmw_request *request;

	for (request = agg->requests; request; request = request->next) {
		if (request->number > behind && request->outcome == VMW_REFUSED)
			break;
	}
	return request;
}

static const struct vmw_used *next_use(const struct vmw_aggregate *agg,
				       const struct vmw_used *behind)
{
	const struct vmw_used *used = behind ? behind->next : agg->uses;

	while (used && !vmw_report_is_use(used))
		used = used->next;
	return used;
}

/* The next of the chapters that go through a list; NULL: it is over. */
static const void *next_subject(struct vmw_client *client, const struct vmw_aggregate *agg)
{
	const struct vmw_request *request;
	const void *subject;

	switch (client->chapter) {
	case VMW_CHAPTER_OFFENDERS:
		subject = vmw_next_offender(agg, client->offender);
		client->offender = subject;
		return subject;
	case VMW_CHAPTER_USES:
		subject = next_use(agg, client->used);
		client->used = subject;
		return subject;
	case VMW_CHAPTER_REFUSED:
		request = next_refused(agg, client->request);
		client->request = request ? request->number : 0;
		return request;
	default:
		return NULL;
	}
}

static bool is_list(enum vmw_chapter chapter)
{
	return chapter == VMW_CHAPTER_OFFENDERS || chapter == VMW_CHAPTER_USES ||
	       chapter == VMW_CHAPTER_REFUSED;
}

/* The next line of what is told at first; NULL where all of it has been. */
static struct vmw_line *next_of_snapshot(struct vmw_client *client, struct vmw_report *report,
					 const char *status)
{
	static const vmw_render_fn renders[] = {
		[VMW_CHAPTER_HELLO] = render_hello,
		[VMW_CHAPTER_LAYOUT] = render_layout,
		[VMW_CHAPTER_OFFENDERS] = render_offender,
		[VMW_CHAPTER_USES] = render_use,
		[VMW_CHAPTER_REFUSED] = render_refused,
		[VMW_CHAPTER_LOSSES] = render_losses,
		[VMW_CHAPTER_HEALTH] = render_health,
		[VMW_CHAPTER_SNAPSHOT] = render_snapshot,
	};

	while (client->chapter < VMW_CHAPTER_NEWS) {
		enum vmw_chapter chapter = client->chapter;
		const void *subject = status;

		if (is_list(chapter))
			subject = next_subject(client, report->aggregate);
		if (!is_list(chapter) || !subject)
			client->chapter++;
		/* Those before the first one that follows. */
		report->lines = client->at;
		if (subject)
			return vmw_render_line(report, client->telling, renders[chapter],
					       subject);
	}
	return NULL;
}

/* NULL: nothing to say now. */
static struct vmw_line *next_line(struct vmw_client *client, const struct vmw_lines *lines,
				  struct vmw_report *report, const char *status)
{
	struct vmw_line *line;
	u64 missed;

	if (client->chapter < VMW_CHAPTER_NEWS) {
		line = next_of_snapshot(client, report, status);
		if (line)
			return line;
	}
	if (!client->missed) {
		line = vmw_lines_next(lines, client->telling, &client->at, &client->missed);
		if (!client->missed)
			return line;
		client->missed_ever += client->missed;
		/* It comes behind what says that there were others. */
		client->at -= !!line;
		vmw_line_drop(line);
	}
	missed = client->missed;
	line = vmw_render_line(report, client->telling, render_missed, &missed);
	if (line)
		client->missed = 0;
	return line;
}

static void fill(struct vmw_client *client, const struct vmw_lines *lines,
		 struct vmw_report *report, const char *status)
{
	struct vmw_line *line;

	while (client->nr_out < VMW_CLIENT_BATCH) {
		line = next_line(client, lines, report, status);
		if (!line)
			break;
		client->out[client->nr_out++] = line;
	}
}

static void sent(struct vmw_client *client, size_t bytes)
{
	unsigned int done = 0, i;

	client->sent += bytes;
	while (done < client->nr_out && client->sent >= client->out[done]->length) {
		client->sent -= client->out[done]->length;
		vmw_line_drop(client->out[done++]);
	}
	client->nr_out -= done;
	for (i = 0; i < client->nr_out; i++)
		client->out[i] = client->out[i + done];
}

static ssize_t send_out(const struct vmw_client *client)
{
	struct iovec iov[VMW_CLIENT_BATCH];
	struct msghdr message = { .msg_iov = iov, .msg_iovlen = client->nr_out };
	unsigned int i;

	for (i = 0; i < client->nr_out; i++) {
		iov[i].iov_base = client->out[i]->text;
		iov[i].iov_len = client->out[i]->length;
	}
	iov[0].iov_base = client->out[0]->text + client->sent;
	iov[0].iov_len -= client->sent;
	return sendmsg(client->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

int vmw_client_send(struct vmw_client *client, const struct vmw_lines *lines,
		    struct vmw_report *report, const char *status)
{
	size_t total = 0;
	ssize_t n;

	while (total < TURN_BYTES) {
		fill(client, lines, report, status);
		if (!client->nr_out)
			return 1;
		n = send_out(client);
		if (n < 0)
			return errno == EWOULDBLOCK ? -EAGAIN : -errno;
		client->progress_ns = vmw_feed_now_ns();
		sent(client, n);
		total += n;
	}
	return 0;
}

void vmw_client_free(struct vmw_client *client)
{
	while (client->nr_out)
		vmw_line_drop(client->out[--client->nr_out]);
	sd_event_source_disable_unref(client->source);
	close(client->fd);
	free(client);
}
