// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "output/json/json_lines.h"
#include "service/feed/client.h"

/* What one client is sent before the next one's turn. */
#define TURN_BYTES (64 << 10)

struct vmw_line *vmw_render_line(struct vmw_report *report, enum vmw_line_form form,
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
	report->end_ns = vmw_clock_ns(CLOCK_BOOTTIME);
	report->redact = form == VMW_FORM_REDACTED;
	err = render(report, subject, file);
	report->redact = redact;
	if (fclose(file))
		err = -ENOMEM;
	if (!err)
		line = vmw_line_new(text, length);
	free(text);
	return line;
}

static int render_missed(const struct vmw_report *report, const void *subject, FILE *file)
{
	return vmw_export_line_missed(report, *(const u64 *)subject, file);
}

static int write_offenders(const struct vmw_report *report, FILE *file)
{
	const struct vmw_offender *offender;
	int err = 0;

	for (offender = vmw_next_offender(report->aggregate, NULL); offender && !err;
	     offender = vmw_next_offender(report->aggregate, offender))
		err = vmw_export_line_offender(report, offender, file);
	return err;
}

static int write_uses(const struct vmw_report *report, FILE *file)
{
	const struct vmw_used *used;
	int err = 0;

	for (used = report->aggregate->uses; used && !err; used = used->next) {
		if (vmw_report_is_use(used))
			err = vmw_export_line_use(report, used, file);
	}
	return err;
}

static int write_refused(const struct vmw_report *report, FILE *file)
{
	const struct vmw_request *request;
	int err = 0;

	for (request = report->aggregate->requests; request && !err; request = request->next) {
		if (request->outcome == VMW_REFUSED)
			err = vmw_export_line_refused(report, request, file);
	}
	return err;
}

static int write_all(const struct vmw_report *report, const char *status, FILE *file)
{
	int err = vmw_export_line_hello(report, file);

	if (!err)
		err = vmw_export_line_layout(report, file);
	if (!err)
		err = write_offenders(report, file);
	if (!err)
		err = write_uses(report, file);
	if (!err)
		err = write_refused(report, file);
	if (!err)
		err = vmw_export_line_losses(report, file);
	if (!err)
		err = vmw_export_line_health(report, status, file);
	return err ? err : vmw_export_line_snapshot(report, file);
}

int vmw_write_snapshot(struct vmw_report *report, enum vmw_line_form form, const char *status,
		       int fd)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	FILE *file = own < 0 ? NULL : fdopen(own, "w");
	int err;

	if (!file) {
		err = -errno;
		if (own >= 0)
			close(own);
		return err;
	}
	report->end_ns = vmw_clock_ns(CLOCK_BOOTTIME);
	report->redact = form == VMW_FORM_REDACTED;
	err = write_all(report, status, file);
	report->redact = false;
	if (!err && ferror(file))
		err = -EIO;
	if (fclose(file) && !err)
		err = -errno;
	return err;
}

/* NULL: nothing to say now. */
static struct vmw_line *next_line(struct vmw_client *client, const struct vmw_lines *lines,
				  struct vmw_report *report)
{
	struct vmw_line *line;
	u64 missed;

	if (!client->missed) {
		line = vmw_lines_next(lines, client->form, &client->at, &client->missed);
		if (!client->missed)
			return line;
		client->missed_ever += client->missed;
		/* It comes behind what says that there were others. */
		client->at -= !!line;
		vmw_line_drop(line);
	}
	missed = client->missed;
	line = vmw_render_line(report, client->form, render_missed, &missed);
	if (line)
		client->missed = 0;
	return line;
}

static void fill(struct vmw_client *client, const struct vmw_lines *lines,
		 struct vmw_report *report)
{
	struct vmw_line *line;

	while (client->nr_out < VMW_CLIENT_BATCH) {
		line = next_line(client, lines, report);
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

/* Bytes of the snapshot that it took, or a negative errno: -ESTALE where it is gone. */
static ssize_t send_snapshot(struct vmw_client *client)
{
	static char bytes[TURN_BYTES];
	ssize_t n = pread(client->snapshot->fd, bytes, sizeof(bytes), client->read);

	if (n <= 0)
		return n ? -errno : -ESTALE;
	n = send(client->fd, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0)
		return -errno;
	client->read += n;
	if (client->read == client->snapshot->size) {
		vmw_snapshot_drop(client->snapshot);
		client->snapshot = NULL;
	}
	return n;
}

static ssize_t send_some(struct vmw_client *client, const struct vmw_lines *lines,
			 struct vmw_report *report)
{
	ssize_t n;

	if (client->snapshot)
		return send_snapshot(client);
	fill(client, lines, report);
	if (!client->nr_out)
		return 0;
	n = send_out(client);
	if (n < 0)
		return -errno;
	sent(client, n);
	return n;
}

int vmw_client_send(struct vmw_client *client, const struct vmw_lines *lines,
		    struct vmw_report *report)
{
	size_t total = 0;
	ssize_t n;

	while (total < TURN_BYTES) {
		n = send_some(client, lines, report);
		if (!n)
			return 1;
		if (n < 0)
			return n == -EWOULDBLOCK ? -EAGAIN : n;
		client->progress_ns = vmw_clock_ns(CLOCK_MONOTONIC);
		total += n;
	}
	return 0;
}

void vmw_client_free(struct vmw_client *client)
{
	while (client->nr_out)
		vmw_line_drop(client->out[--client->nr_out]);
	vmw_snapshot_drop(client->snapshot);
	vmw_limits_leave(client->reader);
	sd_event_source_disable_unref(client->source);
	close(client->fd);
	free(client);
}
