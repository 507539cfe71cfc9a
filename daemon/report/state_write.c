// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/output_file.h"
#include "report/state.h"
#include "report/state_format.h"

struct writer {
	FILE *file;
	struct vmw_state_head head;
	int err; /* of the first thing that failed */
};

static void put(struct writer *w, const void *bytes, size_t size)
{
	if (w->err || !size)
		return;
	w->head.crc = crc32(w->head.crc, bytes, size);
	w->head.size += size;
	if (fwrite(bytes, 1, size, w->file) != size)
		w->err = errno ? -errno : -EIO;
}

static void begin(struct writer *w, enum vmw_state_part part, size_t element, u64 nr)
{
	struct vmw_part_head head = { .part = part, .element = element, .nr = nr };

	put(w, &head, sizeof(head));
}

static void put_meta(struct writer *w, const struct vmw_report *report)
{
	const struct vmw_aggregate *agg = report->aggregate;
	struct vmw_state_meta meta;

	memset(&meta, 0, sizeof(meta));
	snprintf(meta.host, sizeof(meta.host), "%s", report->host);
	snprintf(meta.kernel, sizeof(meta.kernel), "%s", report->kernel);
	snprintf(meta.boot_id, sizeof(meta.boot_id), "%s", report->boot_id);
	meta.bounds = *report->bounds;
	if (report->facts) {
		meta.facts = *report->facts;
		meta.fix_asked = true;
	}
	meta.clock_offset_ns = report->clock_offset_ns;
	meta.start_ns = report->start_ns;
	meta.watched_ns = report->watched_ns;
	meta.end_ns = report->end_ns;
	meta.self = report->self;
	meta.readers = report->readers;
	meta.looked = report->looked;
	meta.losses = report->losses;
	meta.losses_before = report->losses_before;
	memcpy(meta.sight, report->sight, sizeof(meta.sight));
	meta.losses_error = report->losses_error;
	meta.read_error = report->read_error;
	meta.kmsg_written = report->kmsg_written;
	meta.kmsg_suppressed = report->kmsg_suppressed;
	meta.kmsg_failed = report->kmsg_failed;
	meta.section_shift = agg->section_shift;
	meta.asks_only = agg->asks_only;
	meta.out_of_memory = agg->out_of_memory;
	meta.records = report->records;
	meta.nr_retired = agg->nr_retired;
	meta.nr_dropped = agg->nr_dropped;
	meta.nr_not_kept = agg->nr_not_kept;
	memcpy(meta.observed, agg->observed, sizeof(meta.observed));
	memcpy(meta.refusals, agg->refusals, sizeof(meta.refusals));
	begin(w, VMW_PART_META, sizeof(meta), 1);
	put(w, &meta, sizeof(meta));
}

static void put_probes(struct writer *w, const struct vmw_report *report)
{
	struct vmw_packed_probes *told = malloc(sizeof(*told));

	if (!told) {
		w->err = -ENOMEM;
		return;
	}
	vmw_probes_pack(report->probes, told);
	begin(w, VMW_PART_PROBES, sizeof(*told), 1);
	put(w, told, sizeof(*told));
	free(told);
}

static void put_sites(struct writer *w, const struct vmw_site_set *set)
{
	static const struct vmw_site_set none;

	if (!set)
		set = &none;
	begin(w, VMW_PART_SITES, sizeof(*set->sites), set->nr);
	put(w, set->sites, set->nr * sizeof(*set->sites));
	begin(w, VMW_PART_SITE_OBJECTS, sizeof(*set->objects), set->nr_objects);
	put(w, set->objects, set->nr_objects * sizeof(*set->objects));
}

/* By their numbers, which hashing has put out of order. */
static void put_places(struct writer *w, const struct vmw_intern *intern)
{
	const struct vmw_place **by_id = calloc(intern->nr_places + 1, sizeof(*by_id));
	const struct vmw_place *place;
	struct vmw_state_place out;
	u32 i;

	if (!by_id) {
		w->err = -ENOMEM;
		return;
	}
	for (i = 0; i < VMW_INTERN_BUCKETS; i++) {
		for (place = intern->places[i]; place; place = place->bucket)
			by_id[place->id - 1] = place;
	}
	begin(w, VMW_PART_PLACES, sizeof(out), intern->nr_places);
	for (i = 0; i < intern->nr_places; i++) {
		memset(&out, 0, sizeof(out));
		out.address = by_id[i]->address;
		snprintf(out.name, sizeof(out.name), "%s", by_id[i]->name);
		put(w, &out, sizeof(out));
	}
	free(by_id);
}

static void put_stacks(struct writer *w, const struct vmw_intern *intern)
{
	const struct vmw_frames **by_id = calloc(intern->nr_stacks + 1, sizeof(*by_id));
	const struct vmw_frames *frames;
	struct vmw_state_stack out;
	u32 i, n;

	if (!by_id) {
		w->err = -ENOMEM;
		return;
	}
	for (i = 0; i < VMW_INTERN_BUCKETS; i++) {
		for (frames = intern->stacks[i]; frames; frames = frames->bucket)
			by_id[frames->id - 1] = frames;
	}
	begin(w, VMW_PART_STACKS, sizeof(out), intern->nr_stacks);
	for (i = 0; i < intern->nr_stacks; i++) {
		memset(&out, 0, sizeof(out));
		out.nr = by_id[i]->nr;
		for (n = 0; n < out.nr; n++)
			out.at[n] = by_id[i]->at[n]->id;
		put(w, &out, sizeof(out));
	}
	free(by_id);
}

static void put_modules(struct writer *w, const struct vmw_aggregate *agg)
{
	const struct vmw_module_seen *seen;

	begin(w, VMW_PART_MODULES, sizeof(*seen), agg->nr_modules);
	for (seen = agg->modules; seen; seen = seen->next) {
		struct vmw_module_seen out = *seen;

		out.next = NULL;
		put(w, &out, sizeof(out));
	}
}

static void put_requests(struct writer *w, const struct vmw_aggregate *agg)
{
	const struct vmw_request *r;
	u64 ranges = 0;

	begin(w, VMW_PART_REQUESTS, sizeof(struct vmw_state_request), agg->nr_requests);
	for (r = agg->requests; r; r = r->next) {
		struct vmw_state_request out = { .request = *r };

		out.stack = r->stack ? r->stack->id : 0;
		out.current = r->current ? r->current->number : 0;
		out.request.next = NULL;
		out.request.stack = NULL;
		out.request.ranges = NULL;
		out.request.current = NULL;
		ranges += r->nr_ranges;
		put(w, &out, sizeof(out));
	}
	begin(w, VMW_PART_RANGES, sizeof(struct vmw_range), ranges);
	for (r = agg->requests; r; r = r->next)
		put(w, r->ranges, r->nr_ranges * sizeof(*r->ranges));
}

static void put_offenders(struct writer *w, const struct vmw_aggregate *agg)
{
	const struct vmw_offender *o;
	u64 nr = 0;

	for (o = agg->offenders; o; o = o->next)
		nr++;
	begin(w, VMW_PART_OFFENDERS, sizeof(struct vmw_state_offender), nr);
	for (o = agg->offenders; o; o = o->next) {
		struct vmw_state_offender out = { .offender = *o };

		out.request = o->request ? o->request->number : 0;
		out.stack = o->stack ? o->stack->id : 0;
		out.offender.next = NULL;
		out.offender.request = NULL;
		out.offender.stack = NULL;
		put(w, &out, sizeof(out));
	}
}

static void put_warns(struct writer *w, const struct vmw_aggregate *agg)
{
	const struct vmw_warn *warn;

	begin(w, VMW_PART_WARNS, sizeof(struct vmw_state_warn), agg->nr_warns);
	for (warn = agg->warns; warn; warn = warn->next) {
		struct vmw_state_warn out = { .warn = *warn };

		out.offender = warn->offender ? warn->offender->number : 0;
		out.warn.next = NULL;
		out.warn.offender = NULL;
		put(w, &out, sizeof(out));
	}
}

/* What is forgotten may be of a row or a site that there is no more. */
static bool is_forgotten(const struct vmw_used *used)
{
	return !used->counts.count && !used->samples && !used->nr_callers;
}

static void put_uses(struct writer *w, const struct vmw_aggregate *agg)
{
	const struct vmw_used *used;
	unsigned int i;
	u64 nr = 0;

	for (used = agg->uses; used; used = used->next)
		nr += !is_forgotten(used);
	begin(w, VMW_PART_USES, sizeof(struct vmw_state_used), nr);
	for (used = agg->uses; used; used = used->next) {
		struct vmw_state_used out = { .used = *used };

		if (is_forgotten(used))
			continue;
		out.request = used->request ? used->request->number : 0;
		out.stack = used->stack ? used->stack->id : 0;
		for (i = 0; i < used->nr_callers; i++)
			out.callers[i] = used->callers[i]->id;
		memset(out.used.callers, 0, sizeof(out.used.callers));
		out.used.next = NULL;
		out.used.bucket = NULL;
		out.used.request = NULL;
		out.used.stack = NULL;
		put(w, &out, sizeof(out));
	}
}

static void put_all(struct writer *w, const struct vmw_report *report)
{
	const struct vmw_aggregate *agg = report->aggregate;

	put_meta(w, report);
	begin(w, VMW_PART_LAYOUT, sizeof(*report->layout), 1);
	put(w, report->layout, sizeof(*report->layout));
	put_probes(w, report);
	put_sites(w, agg->sites);
	put_places(w, &agg->intern);
	put_stacks(w, &agg->intern);
	put_modules(w, agg);
	put_requests(w, agg);
	put_offenders(w, agg);
	put_warns(w, agg);
	put_uses(w, agg);
	begin(w, VMW_PART_OBSERVATIONS, sizeof(*agg->observations), agg->nr_observations);
	put(w, agg->observations, agg->nr_observations * sizeof(*agg->observations));
}

int vmw_state_write(const struct vmw_report *report, int fd)
{
	struct writer w = { 0 };
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);

	w.file = own < 0 ? NULL : fdopen(own, "w");
	if (!w.file) {
		int err = -errno;

		if (own >= 0)
			close(own);
		return err;
	}
	memcpy(w.head.magic, VMW_STATE_MAGIC, sizeof(w.head.magic));
	memcpy(w.head.build, vmw_build, sizeof(w.head.build));
	if (fseek(w.file, sizeof(w.head), SEEK_CUR))
		w.err = -errno;
	put_all(&w, report);
	/* Last, so that what was not finished has no head. */
	if (!w.err && (fflush(w.file) ||
		       pwrite(fd, &w.head, sizeof(w.head), 0) != (ssize_t)sizeof(w.head)))
		w.err = errno ? -errno : -EIO;
	if (fclose(w.file) && !w.err)
		w.err = -errno;
	return w.err;
}

/* A link or a FIFO in its place is never read, and so must not stay there. */
static int remove_rubbish(const char *path)
{
	struct stat found;

	if (lstat(path, &found) || (!S_ISLNK(found.st_mode) && !S_ISFIFO(found.st_mode)))
		return 0;
	return unlink(path) && errno != ENOENT ? -errno : 0;
}

int vmw_state_save(const struct vmw_report *report, const char *path)
{
	struct vmw_output output;
	int err;

	err = remove_rubbish(path);
	if (err)
		return err;
	err = vmw_output_open_file(&output, path, 0600);
	if (!err)
		err = vmw_state_write(report, fileno(output.file));
	if (!err)
		err = vmw_output_commit(&output);
	vmw_output_close(&output);
	return err;
}
