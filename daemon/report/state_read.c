// SPDX-License-Identifier: GPL-2.0-only
/* Every byte may be anything: what does not fit is refused, and numbers are checked. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include "report/state_check.h"
#include "report/state_format.h"

struct reader {
	const unsigned char *at, *end;
	struct vmw_state *state;
	/* By their numbers, less one. */
	const struct vmw_place **places;
	const struct vmw_frames **stacks;
	u64 nr_places, nr_stacks;
	/* By their places in the lists. */
	struct vmw_request **requests;
	struct vmw_offender **offenders;
	u32 *currents; /* of each request: the number of an offender */
	u64 nr_requests, nr_offenders;
	const char *why;
};

static bool refuse(struct reader *r, const char *why)
{
	if (!r->why)
		r->why = why;
	return false;
}

/* The records of @part: how many there are, or false. */
static bool begin(struct reader *r, enum vmw_state_part part, size_t element, u64 *ret_nr)
{
	struct vmw_part_head head;

	if ((size_t)(r->end - r->at) < sizeof(head))
		return refuse(r, "it ends too early");
	memcpy(&head, r->at, sizeof(head));
	if (head.part != part || head.element != element)
		return refuse(r, "another build of vmemmapwatch wrote it");
	r->at += sizeof(head);
	if (head.nr > (size_t)(r->end - r->at) / element)
		return refuse(r, "it ends too early");
	*ret_nr = head.nr;
	return true;
}

/* The next record, which begin() has said is there. */
static void take(struct reader *r, void *record, size_t size)
{
	memcpy(record, r->at, size);
	r->at += size;
}

static bool take_one(struct reader *r, enum vmw_state_part part, void *record, size_t size)
{
	u64 nr;

	if (!begin(r, part, size, &nr))
		return false;
	if (nr != 1)
		return refuse(r, "a part of it is not there once");
	take(r, record, size);
	return true;
}

/* Room for @nr pointers; also for none. */
static void *room(struct reader *r, u64 nr, size_t size)
{
	void *p = calloc(nr + 1, size);

	if (!p)
		refuse(r, "no memory");
	return p;
}

static bool read_meta(struct reader *r)
{
	struct vmw_state *state = r->state;
	struct vmw_report *report = &state->report;
	struct vmw_aggregate *agg = &state->aggregate;
	struct vmw_state_meta meta;

	if (!take_one(r, VMW_PART_META, &meta, sizeof(meta)))
		return false;
	if (!vmw_check_meta(&meta))
		return refuse(r, "its numbers cannot be");
	memcpy(state->host, meta.host, sizeof(state->host));
	memcpy(state->kernel, meta.kernel, sizeof(state->kernel));
	memcpy(state->boot_id, meta.boot_id, sizeof(state->boot_id));
	state->bounds = meta.bounds;
	state->facts = meta.facts;
	report->facts = meta.fix_asked ? &state->facts : NULL;
	report->service = true;
	report->clock_offset_ns = meta.clock_offset_ns;
	report->start_ns = meta.start_ns;
	report->watched_ns = meta.watched_ns;
	report->end_ns = meta.end_ns;
	report->self = meta.self;
	report->readers = meta.readers;
	report->looked = meta.looked;
	report->losses = meta.losses;
	report->losses_before = meta.losses_before;
	memcpy(report->sight, meta.sight, sizeof(report->sight));
	report->losses_error = meta.losses_error;
	report->read_error = meta.read_error;
	report->kmsg_written = meta.kmsg_written;
	report->kmsg_suppressed = meta.kmsg_suppressed;
	report->kmsg_failed = meta.kmsg_failed;
	agg->bounds = meta.bounds;
	agg->section_shift = meta.section_shift;
	agg->asks_only = meta.asks_only;
	agg->out_of_memory = meta.out_of_memory;
	report->records = meta.records;
	agg->nr_retired = meta.nr_retired;
	agg->nr_dropped = meta.nr_dropped;
	agg->nr_not_kept = meta.nr_not_kept;
	memcpy(agg->observed, meta.observed, sizeof(agg->observed));
	memcpy(agg->refusals, meta.refusals, sizeof(agg->refusals));
	return true;
}

static bool read_layout(struct reader *r)
{
	struct vmw_layout *layout = &r->state->layout;

	if (!take_one(r, VMW_PART_LAYOUT, layout, sizeof(*layout)))
		return false;
	return vmw_check_layout(layout) || refuse(r, "its layout cannot be");
}

static bool read_probes(struct reader *r)
{
	struct vmw_packed_probes *told = room(r, 1, sizeof(*told));
	bool good = told && take_one(r, VMW_PART_PROBES, told, sizeof(*told));

	if (good && vmw_probes_unpack(&r->state->probes, told))
		good = refuse(r, "its probes cannot be");
	free(told);
	return good;
}

static bool read_sites(struct reader *r)
{
	struct vmw_site_set *set = &r->state->sites;
	u64 nr, nr_objects, i;

	if (!begin(r, VMW_PART_SITES, sizeof(*set->sites), &nr))
		return false;
	if (nr > VMW_MAX_SITES)
		return refuse(r, "more sites than there can be");
	set->sites = room(r, nr, sizeof(*set->sites));
	if (!set->sites)
		return false;
	take(r, set->sites, nr * sizeof(*set->sites));
	if (!begin(r, VMW_PART_SITE_OBJECTS, sizeof(*set->objects), &nr_objects))
		return false;
	set->objects = room(r, nr_objects, sizeof(*set->objects));
	if (!set->objects)
		return false;
	take(r, set->objects, nr_objects * sizeof(*set->objects));
	for (i = 0; i < nr_objects; i++)
		vmw_check_site_object(&set->objects[i]);
	for (i = 0; i < nr; i++) {
		if (!vmw_check_site(&set->sites[i], nr_objects))
			return refuse(r, "a site that cannot be");
	}
	set->nr = nr;
	set->nr_objects = nr_objects;
	r->state->aggregate.sites = set;
	return true;
}

static bool read_places(struct reader *r)
{
	struct vmw_state_place place;
	u64 i;

	if (!begin(r, VMW_PART_PLACES, sizeof(place), &r->nr_places))
		return false;
	r->places = room(r, r->nr_places, sizeof(*r->places));
	for (i = 0; r->places && i < r->nr_places; i++) {
		take(r, &place, sizeof(place));
		r->places[i] =
			vmw_intern_place(&r->state->aggregate.intern, place.address, place.name);
		if (!r->places[i])
			return refuse(r, "too many places in the kernel's code");
	}
	return r->places;
}

static const struct vmw_place *place_at(const struct reader *r, u32 number)
{
	return number && number <= r->nr_places ? r->places[number - 1] : NULL;
}

static bool read_stacks(struct reader *r)
{
	const struct vmw_place *at[VMW_MAX_FRAMES];
	struct vmw_state_stack stack;
	u64 i;
	u32 n;

	if (!begin(r, VMW_PART_STACKS, sizeof(stack), &r->nr_stacks))
		return false;
	r->stacks = room(r, r->nr_stacks, sizeof(*r->stacks));
	for (i = 0; r->stacks && i < r->nr_stacks; i++) {
		take(r, &stack, sizeof(stack));
		if (stack.nr > VMW_MAX_FRAMES)
			return refuse(r, "a stack that is too deep");
		for (n = 0; n < stack.nr; n++) {
			at[n] = place_at(r, stack.at[n]);
			if (!at[n])
				return refuse(r, "a stack of places that are not there");
		}
		r->stacks[i] = vmw_intern_frames(&r->state->aggregate.intern, at, stack.nr);
		if (!r->stacks[i])
			return refuse(r, "too many stacks");
	}
	return r->stacks;
}

static const struct vmw_frames *stack_at(const struct reader *r, u32 number)
{
	return number && number <= r->nr_stacks ? r->stacks[number - 1] : NULL;
}

static bool read_modules(struct reader *r)
{
	struct vmw_module_seen in;
	u64 nr;

	if (!begin(r, VMW_PART_MODULES, sizeof(in), &nr))
		return false;
	if (nr > VMW_MAX_MODULES)
		return refuse(r, "too many modules");
	while (nr--) {
		take(r, &in, sizeof(in));
		vmw_check_module(&in);
		if (!vmw_aggregate_restore_module(&r->state->aggregate, &in))
			return refuse(r, "no memory");
	}
	return true;
}

/* Numbers go up along the list; those between are of what has made room. */
static struct vmw_request *request_at(const struct reader *r, u32 number)
{
	u64 low = 0, high = r->nr_requests;

	while (low < high) {
		u64 middle = (low + high) / 2;

		if (r->requests[middle]->number == number)
			return r->requests[middle];
		if (r->requests[middle]->number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static struct vmw_offender *offender_at(const struct reader *r, u32 number)
{
	return number && number <= r->nr_offenders ? r->offenders[number - 1] : NULL;
}

static bool read_request(struct reader *r, u64 i, u32 *last)
{
	struct vmw_state_request in;
	struct vmw_request *request;

	take(r, &in, sizeof(in));
	if (!vmw_check_request(&in.request) || in.request.number <= *last)
		return refuse(r, "a request that cannot be");
	*last = in.request.number;
	request = malloc(sizeof(*request));
	if (!request)
		return refuse(r, "no memory");
	*request = in.request;
	request->stack = stack_at(r, in.stack);
	request->ranges = NULL;
	request->current = NULL;
	vmw_aggregate_restore_request(&r->state->aggregate, request);
	r->requests[i] = request;
	r->currents[i] = in.current;
	return true;
}

static bool read_ranges(struct reader *r)
{
	u64 nr, i;

	if (!begin(r, VMW_PART_RANGES, sizeof(struct vmw_range), &nr))
		return false;
	for (i = 0; i < r->nr_requests; i++) {
		struct vmw_request *request = r->requests[i];
		size_t n;

		if (request->nr_ranges > nr)
			return refuse(r, "a request without its ranges");
		nr -= request->nr_ranges;
		request->ranges = room(r, request->nr_ranges, sizeof(*request->ranges));
		if (!request->ranges)
			return false;
		take(r, request->ranges, request->nr_ranges * sizeof(*request->ranges));
		for (n = 0; n < request->nr_ranges; n++) {
			if (!vmw_check_range(&request->ranges[n]))
				return refuse(r, "a range that cannot be");
		}
	}
	return !nr || refuse(r, "ranges without a request");
}

static bool read_requests(struct reader *r)
{
	u32 last = 0;
	u64 i, nr;

	if (!begin(r, VMW_PART_REQUESTS, sizeof(struct vmw_state_request), &nr))
		return false;
	r->requests = room(r, nr, sizeof(*r->requests));
	r->currents = room(r, nr, sizeof(*r->currents));
	if (!r->requests || !r->currents)
		return false;
	for (i = 0; i < nr; i++) {
		if (!read_request(r, i, &last)) {
			/* Those that are there have no ranges yet. */
			while (i--)
				r->requests[i]->nr_ranges = 0;
			return false;
		}
		r->nr_requests++;
	}
	return read_ranges(r);
}

static bool read_offenders(struct reader *r)
{
	struct vmw_state_offender in;
	u64 i, nr;

	if (!begin(r, VMW_PART_OFFENDERS, sizeof(in), &nr))
		return false;
	r->offenders = room(r, nr, sizeof(*r->offenders));
	for (i = 0; r->offenders && i < nr; i++) {
		take(r, &in, sizeof(in));
		if (!vmw_check_offender(&in.offender) || in.offender.number != i + 1)
			return refuse(r, "an offender that cannot be");
		in.offender.request = in.request ? request_at(r, in.request) : NULL;
		in.offender.stack = stack_at(r, in.stack);
		r->offenders[i] =
			vmw_aggregate_restore_offender(&r->state->aggregate, &in.offender);
		if (!r->offenders[i])
			return refuse(r, "no memory");
		r->nr_offenders++;
	}
	for (i = 0; i < r->nr_requests; i++)
		r->requests[i]->current = offender_at(r, r->currents[i]);
	return r->offenders;
}

static bool read_warns(struct reader *r)
{
	struct vmw_state_warn in;
	u64 nr;

	if (!begin(r, VMW_PART_WARNS, sizeof(in), &nr))
		return false;
	while (nr--) {
		take(r, &in, sizeof(in));
		if (!vmw_check_warn(&in.warn))
			return refuse(r, "a WARN that cannot be");
		in.warn.offender = offender_at(r, in.offender);
		if (!vmw_aggregate_restore_warn(&r->state->aggregate, &in.warn))
			return refuse(r, "no memory");
	}
	return true;
}

/* A row that there is, or a site. */
static bool is_probe(const struct reader *r, const struct vmw_used *used)
{
	if (used->probe == VMW_PROBE_SITE)
		return used->site && used->site <= r->state->sites.nr;
	return !used->site && (int)used->probe < vmw_probes_nr(r->state->probes);
}

static bool read_used(struct reader *r, struct vmw_state_used *in)
{
	unsigned int i;

	if (!vmw_check_used(&in->used) || !is_probe(r, &in->used))
		return refuse(r, "a use that cannot be");
	for (i = 0; i < in->used.nr_callers; i++) {
		in->used.callers[i] = place_at(r, in->callers[i]);
		if (!in->used.callers[i])
			return refuse(r, "a caller that is not there");
	}
	in->used.request = in->request ? request_at(r, in->request) : NULL;
	in->used.stack = stack_at(r, in->stack);
	return vmw_aggregate_restore_used(&r->state->aggregate, &in->used) ||
	       refuse(r, "no memory");
}

static bool read_uses(struct reader *r)
{
	struct vmw_state_used in;
	u64 nr;

	if (!begin(r, VMW_PART_USES, sizeof(in), &nr))
		return false;
	while (nr--) {
		take(r, &in, sizeof(in));
		if (!read_used(r, &in))
			return false;
	}
	return true;
}

static bool read_observations(struct reader *r)
{
	struct vmw_aggregate *agg = &r->state->aggregate;
	struct vmw_observation o;
	u64 nr;

	if (!begin(r, VMW_PART_OBSERVATIONS, sizeof(o), &nr))
		return false;
	while (nr--) {
		take(r, &o, sizeof(o));
		if (!vmw_check_observation(&o) || !vmw_aggregate_restore_observation(agg, &o))
			return refuse(r, "an observation that cannot be");
	}
	return r->at == r->end || refuse(r, "there is more behind it");
}

static bool read_all(struct reader *r)
{
	return read_meta(r) && read_layout(r) && read_probes(r) && read_sites(r) &&
	       read_places(r) && read_stacks(r) && read_modules(r) && read_requests(r) &&
	       read_offenders(r) && read_warns(r) && read_uses(r) && read_observations(r);
}

/* What no part of it needs to be read for. */
static bool check_head(struct reader *r)
{
	struct vmw_state_head head;

	if ((size_t)(r->end - r->at) < sizeof(head))
		return refuse(r, "it ends too early");
	take(r, &head, sizeof(head));
	if (memcmp(head.magic, VMW_STATE_MAGIC, sizeof(head.magic)))
		return refuse(r, "vmemmapwatch did not write it, or not to its end");
	if (memcmp(head.build, vmw_build, sizeof(head.build)))
		return refuse(r, "another build of vmemmapwatch wrote it");
	if (head.size != (size_t)(r->end - r->at))
		return refuse(r, "it is cut short, or longer than it was");
	if (head.crc != crc32(0, r->at, head.size))
		return refuse(r, "it is damaged: its checksum is another one");
	return true;
}

static void point(struct vmw_state *state)
{
	struct vmw_report *report = &state->report;

	report->host = state->host;
	report->kernel = state->kernel;
	report->boot_id = state->boot_id;
	report->layout = &state->layout;
	report->bounds = &state->bounds;
	report->probes = state->probes;
	report->aggregate = &state->aggregate;
}

static int read_all_of(struct vmw_state **ret, const void *bytes, size_t length, char *why,
		       size_t size)
{
	struct reader r = { .at = bytes, .end = (const unsigned char *)bytes + length };
	bool good;

	r.state = calloc(1, sizeof(*r.state));
	if (!r.state)
		return -ENOMEM;
	good = check_head(&r) && read_all(&r);
	free(r.places);
	free(r.stacks);
	free(r.requests);
	free(r.offenders);
	free(r.currents);
	if (!good) {
		snprintf(why, size, "%s", r.why ? r.why : "no memory");
		vmw_state_free(r.state);
		return -EBADMSG;
	}
	point(r.state);
	*ret = r.state;
	return 0;
}

/*
 * All of @fd, to be freed. It is not mapped: whoever else has it may cut it short, and
 * a read is then short, where access to a mapping would be SIGBUS.
 */
static int read_bytes(int fd, size_t length, unsigned char **ret, char *why, size_t size)
{
	unsigned char *bytes = malloc(length);
	size_t done = 0;
	ssize_t n = 1;
	int err = 0;

	while (bytes && n > 0 && done < length) {
		n = pread(fd, bytes + done, length - done, done);
		done += n > 0 ? n : 0;
	}
	if (!bytes)
		err = -ENOMEM;
	else if (n < 0)
		err = -errno;
	else if (done < length)
		err = -ESTALE;
	if (!err) {
		*ret = bytes;
		return 0;
	}
	free(bytes);
	snprintf(why, size, "%s",
		 err == -ESTALE ? "it was cut short while it was read" : strerror(-err));
	return err;
}

int vmw_state_read(struct vmw_state **ret, int fd, char *why, size_t size)
{
	unsigned char *bytes;
	struct stat status;
	int err;

	if (fstat(fd, &status)) {
		err = -errno;
		snprintf(why, size, "%s", strerror(-err));
		return err;
	}
	if (!S_ISREG(status.st_mode) || !status.st_size || status.st_size > VMW_STATE_MAX) {
		snprintf(why, size, "%s",
			 !S_ISREG(status.st_mode) ? "not a regular file" :
			 !status.st_size	  ? "it is empty" :
						    "it is larger than a state can be");
		return status.st_size ? -EBADMSG : -ESTALE;
	}
	err = read_bytes(fd, status.st_size, &bytes, why, size);
	if (err)
		return err;
	err = read_all_of(ret, bytes, status.st_size, why, size);
	free(bytes);
	return err;
}

int vmw_state_receive(struct vmw_state **ret, int fd, char *why, size_t size)
{
	/* Not of a filesystem that never answers: only memory has seals. */
	if (fcntl(fd, F_GET_SEALS) >= 0)
		return vmw_state_read(ret, fd, why, size);
	snprintf(why, size, "not memory");
	return -EBADMSG;
}

void vmw_state_free(struct vmw_state *state)
{
	if (!state)
		return;
	vmw_probes_free(state->probes);
	free(state->sites.sites);
	free(state->sites.objects);
	vmw_aggregate_free(&state->aggregate);
	free(state);
}
