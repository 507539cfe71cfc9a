// SPDX-License-Identifier: GPL-2.0-only
/* What an earlier daemon of this boot left: fds in systemd's store, and the state. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "kernel/iomem.h"
#include "kernel/kallsyms.h"
#include "kernel/shared_file.h"
#include "report/state.h"
#include "service/handover.h"
#include "service/service.h"
#include "service/take.h"
#include "watch/watch_sites.h"

/* Kernel files by the names that they are handed over under. */
void vmw_service_use_files(struct vmw_service *s, struct vmw_fds *fds)
{
	static const struct {
		const char *name, *path;
	} files[] = {
		{ "kallsyms", VMW_KALLSYMS },
		{ "iomem", VMW_IOMEM },
	};
	size_t i;
	int fd, shared;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		fd = vmw_fds_take(fds, files[i].name);
		if (fd < 0)
			continue;
		shared = vmw_fds_take(&s->shared, files[i].name);
		if (shared >= 0)
			close(shared);
		vmw_fds_add(&s->shared, files[i].name, fd);
		vmw_shared_file_set(files[i].path, fd);
	}
	fd = vmw_fds_take(fds, "kmsg");
	if (fd >= 0)
		vmw_kmsg_close(&s->kmsg);
	if (fd >= 0)
		s->kmsg.fd = fd;
}

/* What was handed over when these probes were attached. NULL: it does not fit. */
static struct vmw_state *read_handover(struct vmw_fds *fds)
{
	int fd = vmw_fds_take(fds, "state");
	struct vmw_state *state = NULL;
	char why[128];

	if (fd < 0)
		return NULL;
	if (vmw_state_read(&state, fd, why, sizeof(why)))
		vmw_notice("starting afresh: the state of an earlier daemon is not used: %s",
			   why);
	close(fd);
	return state;
}

/* The aggregate of this boot, by the file. NULL: there is none. */
static struct vmw_state *read_file(const struct vmw_service *s)
{
	/* O_NONBLOCK: should it be a FIFO, nobody writes it. */
	int fd = open(s->state_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	struct vmw_state *state = NULL;
	char why[128];

	if (fd < 0) {
		if (errno != ENOENT)
			vmw_error("%s: not used: %s", s->state_path,
				  errno == ELOOP ? "not a regular file" : strerror(errno));
		return NULL;
	}
	if (vmw_state_read(&state, fd, why, sizeof(why)))
		vmw_error("%s: not used: %s", s->state_path, why);
	close(fd);
	if (state && strcmp(state->boot_id, s->watch.boot_id)) {
		vmw_notice("%s: not used: it is of another boot", s->state_path);
		vmw_state_free(state);
		state = NULL;
	}
	return state;
}

/* The lists move from one owner to another. */
static void take_aggregate(struct vmw_service *s, struct vmw_state *from)
{
	struct vmw_watch *watch = &s->watch;

	vmw_aggregate_free(&watch->aggregate);
	watch->aggregate = from->aggregate;
	memset(&from->aggregate, 0, sizeof(from->aggregate));
	vmw_watch_take_sites(watch, &from->sites);
	watch->report.start_ns = from->report.start_ns;
	watch->report.watched_ns = from->report.watched_ns;
	watch->report.losses = from->report.losses;
	watch->report.losses_before = from->report.losses_before;
	memcpy(watch->report.sight, from->report.sight, sizeof(watch->report.sight));
	watch->report.looked = from->report.looked;
	watch->report.records = from->report.records;
	watch->report.kmsg_written = s->kmsg.written = from->report.kmsg_written;
	watch->report.kmsg_suppressed = s->kmsg.suppressed = from->report.kmsg_suppressed;
	watch->report.kmsg_failed = s->kmsg.failed = from->report.kmsg_failed;
	s->sent_losses = vmw_service_losses(s);
}

static void take_layout(struct vmw_service *s, const struct vmw_state *from)
{
	s->watch.layout = from->layout;
	s->watch.bounds = from->bounds;
	s->watch.facts = from->facts;
}

/* All fds that an earlier daemon's probes need; false: some did not come back. */
static bool take_probes(struct vmw_service *s, struct vmw_state *handover, struct vmw_fds *fds)
{
	size_t i, came = 0;

	for (i = 0; i < fds->nr; i++) {
		if (fds->fd[i].fd >= 0)
			came += vmw_probes_take_fd(handover->probes, &fds->fd[i]);
	}
	if (!vmw_probes_complete(handover->probes)) {
		vmw_error("of the file descriptors of an earlier daemon only %zu came back: its probes are given up (does the kernel have CONFIG_KCMP?)",
			  came);
		return false;
	}
	s->watch.probes = handover->probes;
	s->watch.report.probes = handover->probes;
	handover->probes = NULL;
	return true;
}

void vmw_service_use_rows(struct vmw_service *s)
{
	int id;

	for (id = VMW_NR_PROBES; id < VMW_PROBE_SITE; id++) {
		if (!vmw_probes_has_row(s->watch.probes, id))
			vmw_aggregate_forget_probe(&s->watch.aggregate, id);
	}
	vmw_probes_use_rows(s->watch.probes);
}

void vmw_service_drop_old(struct vmw_service *s)
{
	size_t i;

	if (!s->old.nr)
		return;
	for (i = 0; i < s->old.nr; i++)
		vmw_store_drop(s->old.fd[i].name);
	vmw_fds_close(&s->old);
	vmw_notice("the probes of an earlier daemon are gone, after ours were attached");
}

/* It was told when it came; what became of it is told with all the rest. */
static void replay(const struct vmw_header *record, void *context)
{
	struct vmw_service *s = context;

	vmw_aggregate_record(&s->watch.aggregate, record);
	s->dirty = true;
}

/* systemd kept it, with what is in it: that is why a restart misses nothing. */
static void compare_buffer(const struct vmw_service *s)
{
	u64 size = vmw_probes_ring_size(s->watch.probes);

	if (size && size != s->config.watch.ring_size)
		vmw_notice("buffer=%lluK is not in use: a restart keeps the ring buffer, which has %lluK; run systemctl stop vmemmapwatch, then start",
			   (u64)s->config.watch.ring_size >> 10, size >> 10);
}

static void compare_sites(const struct vmw_service *s)
{
	const char *sites = s->config.watch.sites;

	if (!vmw_watch_sites_are(&s->watch.sites, sites))
		vmw_notice("sites=%s is not in use: a restart keeps the probes that are there; run systemctl stop vmemmapwatch, then start",
			   sites ? sites : "");
}

void vmw_service_resume(struct vmw_service *s)
{
	struct vmw_fds fds = { .nr = 0 };
	struct vmw_state *handover, *file;
	int err = vmw_store_take(&fds);

	if (err)
		vmw_error("file descriptors from systemd: %s", strerror(-err));
	file = read_file(s);
	handover = read_handover(&fds);
	/* What was counted has its names by the rows of --probe of then. */
	if (file)
		vmw_probes_use_rows(file->probes);
	if (handover && take_probes(s, handover, &fds)) {
		take_layout(s, handover);
		vmw_service_use_files(s, &fds);
		take_aggregate(s, file ? file : handover);
		vmw_service_use_rows(s);
		s->records.fd = vmw_fds_take(&fds, "records");
		vmw_records_replay(&s->records, s->watch.report.records, replay, s);
		s->watch.report.records = s->records.taken;
		err = vmw_service_watch(s);
		if (err)
			vmw_error("probes of an earlier daemon: %s", strerror(-err));
		else
			vmw_notice("watching on, with the probes of an earlier daemon");
		compare_buffer(s);
		compare_sites(s);
	} else {
		/* They stay until ours are attached. */
		s->old = fds;
		fds.nr = 0;
		if (file)
			take_aggregate(s, file);
		/* Records are numbered from the start: those of before are gone. */
		s->watch.report.records = 0;
	}
	vmw_fds_close(&fds);
	vmw_state_free(handover);
	vmw_state_free(file);
}
