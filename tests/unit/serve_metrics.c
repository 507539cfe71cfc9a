// SPDX-License-Identifier: GPL-2.0-only
/*
 * serve_metrics WHERE SWITCHES: the HTTP server over a synthetic report, on the socket
 * that it is handed where WHERE is "activated". Files in the
 * directory SWITCHES turn it: with "live" there is a live offender; with "sick"
 * /healthz and /metrics fail; with "big" /report is of 32 MiB. SIGTERM ends it.
 */
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "synthetic.h"

#include "base/address.h"
#include "output/export.h"
#include "service/http/http.h"

#define PFN 0xfffff0000ULL

struct served {
	struct synthetic s;
	const char *switches;
	bool live;
	u64 id;
};

static bool is_on(const struct served *served, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", served->switches, name);
	return !access(path, F_OK);
}

/* As modprobe and rmmod of a driver would have it. */
static void turn(struct served *served)
{
	bool live = is_on(served, "live");
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	served->s.report.end_ns =
		(s64)t.tv_sec * 1000000000 + t.tv_nsec - served->s.report.clock_offset_ns;
	if (live == served->live)
		return;
	served->live = live;
	if (live)
		synthetic_request(&served->s, ++served->id, "test_hmm", PFN, VMW_ABOVE, true);
	else
		synthetic_removal(&served->s, ++served->id, PFN, VMW_ABOVE);
}

static int write_metrics(FILE *file, void *context)
{
	struct served *served = context;

	if (is_on(served, "sick"))
		return -EHOSTDOWN;
	turn(served);
	return vmw_export_metrics(&served->s.report, file);
}

static int write_openmetrics(FILE *file, void *context)
{
	struct served *served = context;

	if (is_on(served, "sick"))
		return -EHOSTDOWN;
	turn(served);
	return vmw_export_openmetrics(&served->s.report, file);
}

static int write_report(FILE *file, void *context)
{
	struct served *served = context;

	if (is_on(served, "big"))
		return fprintf(file, "\"%*s\"\n", 32 << 20, "") < 0 ? -EIO : 0;
	turn(served);
	return vmw_export_json(&served->s.report, file);
}

static int write_health(FILE *file, void *context)
{
	if (!is_on(context, "sick"))
		return 0;
	fprintf(file, "the daemon does not answer\n");
	return -EHOSTDOWN;
}

static int serve(struct served *served, int fd)
{
	static const struct vmw_http_pages pages = {
		.metrics = write_metrics,
		.openmetrics = write_openmetrics,
		.report = write_report,
		.health = write_health,
	};
	struct vmw_http *http = NULL;
	sd_event *loop = NULL;
	char why[256] = "";
	sigset_t set;
	int err;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	err = sd_event_new(&loop);
	if (err >= 0)
		err = sd_event_add_signal(loop, NULL, SIGTERM, NULL, NULL);
	if (err >= 0)
		err = vmw_http_new(&http, loop, fd, &pages, served, why, sizeof(why));
	if (err >= 0)
		err = sd_event_loop(loop);
	vmw_http_free(http);
	sd_event_unref(loop);
	if (err < 0)
		fprintf(stderr, "serve_metrics: %s\n", *why ? why : strerror(-err));
	return err < 0;
}

int main(int argc, char **argv)
{
	struct served served = { 0 };
	struct vmw_address address;
	char why[256];
	int fd, status;

	if (argc != 3)
		return 2;
	snprintf(why, sizeof(why), "expected one socket");
	if (!strcmp(argv[1], "activated"))
		fd = sd_listen_fds(1) == 1 ? SD_LISTEN_FDS_START : -1;
	else
		fd = vmw_address_parse(&address, argv[1], why, sizeof(why)) ?
			     -1 :
			     vmw_address_listen(&address, why, sizeof(why));
	if (fd < 0) {
		fprintf(stderr, "%s\n", why);
		return 2;
	}
	synthetic_init(&served.s);
	served.switches = argv[2];
	status = serve(&served, fd);
	synthetic_free(&served.s);
	return status;
}
