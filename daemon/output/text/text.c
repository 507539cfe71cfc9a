// SPDX-License-Identifier: GPL-2.0-only
/* The report for people. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "output/export.h"
#include "output/text/text_parts.h"
#include "output/text/text_story.h"
#include "output/why_text.h"
#include "report/redact.h"
#include "report/report.h"

static const char *const verdict_words[VMW_NR_VERDICTS] = {
	[VMW_IN_BOUNDS] = "in bounds",
	[VMW_BELOW] = "below VMEMMAP_START",
	[VMW_ABOVE] = "above VMEMMAP_END",
	[VMW_USER] = "wrapped around into user space",
	[VMW_NON_CANONICAL] = "wrapped around to non-canonical addresses",
	[VMW_STRADDLES] = "partly outside of vmemmap",
};

/* What the struct pages out of bounds lie in instead, and who notices. */
static void print_collision(const struct vmw_report *report, const struct vmw_range *range,
			    FILE *file)
{
	char regions[VMW_REGIONS_LEN];

	vmw_format_regions(vmw_layout_regions_of(report->layout, range->pages_start,
						 range->pages_end),
			   regions, sizeof(regions));
	fprintf(file, "  lies in       %s; the kernel's own check %s\n", regions,
		vmw_check_words(report->layout, vmw_kernel_warns(report->bounds, range->pages_start,
								 range->pages_end)));
}

/* Names of modules are of any bytes, as their makers like. */
static void print_name(const char *name, const char *end, FILE *file)
{
	char text[4 * VMW_SYMBOL_LEN + 1];

	vmw_format_bytes(name, VMW_SYMBOL_LEN, text, sizeof(text));
	fprintf(file, "%s%s", text, end);
}

/* "0xSTART-0xEND" of struct pages. */
static void print_pages(const struct vmw_report *report, const struct vmw_range *range, FILE *file)
{
	char pages[VMW_PLACES_LEN];

	vmw_format_places(report->redact, range->pages_start, range->pages_end, 16, pages);
	fputs(pages, file);
}

static void print_phys(const struct vmw_report *report, const struct vmw_range *range, FILE *file)
{
	unsigned int shift = report->bounds->page_shift;
	char phys[VMW_PLACES_LEN], pfn[VMW_PLACES_LEN], size[32];

	vmw_format_size(range->nr_pages << shift, size, sizeof(size));
	vmw_format_places(report->redact, range->pfn << shift,
			  ((range->pfn + range->nr_pages) << shift) - 1, 1, phys);
	vmw_format_places(report->redact, range->pfn, range->pfn + range->nr_pages, 1, pfn);
	fprintf(file, "  physical      %s (%s)\n", phys, size);
	fprintf(file, "  pfn           %s (%" PRIu64 " pages)\n", pfn, range->nr_pages);
}

void vmw_print_pages(const struct vmw_report *report, const struct vmw_range *range, FILE *file)
{
	fprintf(file, "  struct pages  ");
	print_pages(report, range, file);
	fprintf(file, "\n  verdict       %s", vmw_verdict_names[range->verdict]);
	if (range->bound != VMW_BOUND_NONE && !report->redact)
		fprintf(file, ", 0x%" PRIx64 " bytes %s %s", range->distance,
			range->bound == VMW_BOUND_START ? "below" : "above",
			vmw_bound_name(report->bounds, range->bound));
	fputc('\n', file);
	if (range->verdict != VMW_IN_BOUNDS)
		print_collision(report, range, file);
}

void vmw_print_range(const struct vmw_report *report, const struct vmw_range *range, FILE *file)
{
	print_phys(report, range, file);
	vmw_print_pages(report, range, file);
}

static void print_task(const struct vmw_report *report, const struct vmw_header *header,
		       FILE *file)
{
	char comm[4 * VMW_COMM_LEN + 1], when[40];

	vmw_format_bytes(header->comm, VMW_COMM_LEN, comm, sizeof(comm));
	vmw_format_time(report, header->time_ns, when, sizeof(when));
	fprintf(file, "  task          %s[%u] on CPU %u at %s (%.6f s after boot)\n", comm,
		header->pid, header->cpu, when, header->time_ns / 1e9);
}

/* A place in the kernel's code, under @label: by symbol, if it has one. */
static void print_place(const struct vmw_report *report, const char *label, const char *symbol,
			u64 address, FILE *file)
{
	char text[VMW_ADDRESS_LEN];

	vmw_format_address(report->redact, VMW_SECRET_ADDRESS, address, 1, text);
	fprintf(file, "  %-13s ", label);
	print_name(*symbol ? vmw_redact_symbol(report->redact, symbol) : text, "\n", file);
}

static void print_stack(const struct vmw_report *report, const struct vmw_frames *stack,
			FILE *file)
{
	const char *label = "stack";
	u32 i;

	if (!stack)
		return;
	for (i = 0; i < stack->nr; i++) {
		const struct vmw_place *place = stack->at[i];

		if (vmw_is_tracing_frame(place->name))
			continue;
		print_place(report, label, place->name, place->address, file);
		label = "";
	}
}

static void print_outcome(const struct vmw_report *report, const struct vmw_request *request,
			  FILE *file)
{
	char name[32], address[VMW_ADDRESS_LEN], allowed[VMW_PLACES_LEN];
	struct vmw_limit limit;

	fprintf(file, "  outcome       %s", vmw_outcome_names[request->outcome]);
	if (request->error) {
		vmw_format_errno(request->error, name, sizeof(name));
		fprintf(file, ", %s", name);
	}
	if (vmw_report_limit(report, request, &limit)) {
		vmw_format_places(report->redact, limit.start, limit.end, 1, allowed);
		fprintf(file, ", the kernel allows %s%s", allowed,
			limit.derived ? " (derived)" : "");
	}
	if (request->fault_ip) {
		vmw_format_address(report->redact, VMW_SECRET_PLACE, request->fault_address, 16,
				   address);
		fprintf(file, ": the kernel oopsed at ");
		print_name(vmw_redact_symbol(report->redact, request->fault_symbol), "", file);
		fprintf(file, " on address %s", address);
	}
	fputc('\n', file);
}

static void print_asked(const struct vmw_report *report, const char *driver,
			const struct vmw_request *request, FILE *file)
{
	char type[32] = "";

	print_name(driver, request ? ": " : "\n", file);
	if (!request)
		return;
	if (request->kind == VMW_REQUEST_MEMREMAP || request->kind == VMW_REQUEST_MEMUNMAP)
		vmw_report_memory_type(report, request->memory_type, type, sizeof(type));
	fprintf(file, "%s%s%s\n", vmw_request_kind_names[request->kind], *type ? ", type " : "",
		type);
}

void vmw_print_offender(const struct vmw_report *report, const struct vmw_offender *offender,
			unsigned int n, FILE *file)
{
	const struct vmw_request *request = offender->request;
	const char *comma = "";
	int id;

	fprintf(file, "OFFENDER %u: struct pages %s%s\n", n,
		verdict_words[offender->range.verdict], offender->live ? "" : " (gone since)");
	fprintf(file, "  driver        ");
	print_asked(report, offender->driver, request, file);
	vmw_print_range(report, &offender->range, file);
	if (offender->found)
		fprintf(file, "  origin        found at start: it is older than the watch\n");
	if (request)
		print_outcome(report, request, file);
	fprintf(file, "  seen by       ");
	for (id = 0; id < vmw_nr_probes; id++) {
		if (!offender->hits[id])
			continue;
		fprintf(file, "%s%s %" PRIu64, comma, vmw_probe_infos[id].symbol,
			offender->hits[id]);
		comma = ", ";
	}
	fprintf(file, "%s%" PRIu64 " WARNs\n", comma, offender->warns);
	if (request) {
		print_task(report, &request->first, file);
		vmw_print_requester(report, request, file);
	}
	print_stack(report, request ? request->stack : offender->stack, file);
	if (request)
		vmw_print_timeline(report, request, file);
	fputc('\n', file);
}

static void print_callers(const struct vmw_report *report, const struct vmw_used *used, FILE *file)
{
	unsigned int i;

	for (i = 0; i < used->nr_callers; i++)
		print_place(report, i ? "" : "called by", used->callers[i]->name,
			    used->callers[i]->address, file);
}

/* A struct page that is out of bounds, and who works with it. */
void vmw_print_used(const struct vmw_report *report, const struct vmw_used *used,
		    unsigned int n, FILE *file)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[used->probe];
	struct vmw_range range = vmw_report_used_range(report, used);

	fprintf(file, "OFFENDER %u: %s() works with struct pages %s\n", n, info->symbol,
		verdict_words[used->verdict]);
	fprintf(file, "  meaning       %s\n", info->meaning);
	fprintf(file, "  driver        ");
	print_name(used->driver, "\n", file);
	fprintf(file,
		"  calls         %" PRIu64 ", with %" PRIu64 " struct pages out of bounds\n",
		used->counts.count, used->counts.pages);
	fprintf(file, "  seen          %.6f s to %.6f s after boot, %" PRIu64 " samples\n",
		used->counts.first_ns / 1e9, used->counts.last_ns / 1e9, used->samples);
	vmw_print_range(report, &range, file);
	print_callers(report, used, file);
	if (used->samples)
		print_task(report, &used->sample, file);
	print_stack(report, used->stack, file);
	fputc('\n', file);
}

/* Returns the number of the last offender. */
static unsigned int print_uses(const struct vmw_report *report, unsigned int n, FILE *file)
{
	const struct vmw_used *used;

	for (used = report->aggregate->uses; used; used = used->next) {
		if (vmw_report_is_use(used))
			vmw_print_used(report, used, ++n, file);
	}
	return n;
}

static void print_request(const struct vmw_report *report, const char *title,
			  const struct vmw_request *request, FILE *file)
{
	u64 asked = vmw_report_asked(report, request);
	size_t i;

	fprintf(file, "%s\n  driver        ", title);
	print_asked(report, request->driver, request, file);
	if (asked)
		fprintf(file, "  asked         0x%" PRIx64 " bytes of free physical addresses\n",
			asked);
	for (i = 0; i < request->nr_ranges; i++)
		vmw_print_range(report, &request->ranges[i], file);
	print_outcome(report, request, file);
}

void vmw_print_refused(const struct vmw_report *report, const struct vmw_request *request,
		       FILE *file)
{
	print_request(report, "REFUSED by the kernel, and so no offender", request, file);
	print_task(report, &request->first, file);
	vmw_print_requester(report, request, file);
	vmw_print_timeline(report, request, file);
	fputc('\n', file);
}

static void print_refused(const struct vmw_report *report, FILE *file)
{
	const struct vmw_request *request;

	for (request = report->aggregate->requests; request; request = request->next) {
		if (request->outcome == VMW_REFUSED)
			vmw_print_refused(report, request, file);
	}
}

bool vmw_report_in_bounds(const struct vmw_request *request)
{
	size_t i;

	for (i = 0; i < request->nr_ranges; i++) {
		if (request->ranges[i].verdict != VMW_IN_BOUNDS)
			return false;
	}
	return request->nr_ranges > 0;
}

/* "In bounds" is an answer, too. */
void vmw_print_in_bounds(const struct vmw_report *report, const struct vmw_request *request,
			 FILE *file)
{
	print_request(report, "IN BOUNDS", request, file);
	print_task(report, &request->first, file);
	vmw_print_requester(report, request, file);
	vmw_print_timeline(report, request, file);
	fputc('\n', file);
}

static void print_in_bounds(const struct vmw_report *report, FILE *file)
{
	const struct vmw_request *request;

	for (request = report->aggregate->requests; request; request = request->next) {
		if (request->outcome != VMW_REFUSED && vmw_report_in_bounds(request))
			vmw_print_in_bounds(report, request, file);
	}
}

void vmw_print_warns(const struct vmw_report *report, FILE *file)
{
	const struct vmw_warn *warn = report->aggregate->warns;

	if (!warn)
		return;
	fprintf(file, "WARNs of the kernel in its memory hotplug code, or inside of a request\n");
	for (; warn; warn = warn->next) {
		fprintf(file, "  %13.6f s  ", warn->header.time_ns / 1e9);
		print_name(vmw_redact_symbol(report->redact, warn->symbol), "", file);
		if (warn->offender) {
			fprintf(file, ", for struct pages ");
			print_pages(report, &warn->offender->range, file);
		}
		if (warn->foreign)
			fprintf(file, ", which is no matter of vmemmap: not ours");
		fputc('\n', file);
	}
	fputc('\n', file);
}

void vmw_print_probes(const struct vmw_report *report, FILE *file)
{
	int id;

	fprintf(file, "PROBES\n");
	for (id = 0; id < vmw_nr_probes; id++) {
		const struct vmw_probe_info *info = &vmw_probe_infos[id];
		const struct vmw_probe_status *status = vmw_report_probe(report, id);

		if (!status->how && (vmw_is_caller(id) || status->left_out))
			continue;
		/* Nothing is a column behind a name that is longer than its own. */
		fprintf(file, "  %-26s %-*s %s%s%s%s%s\n", info->symbol,
			strlen(info->symbol) > 26 ? 0 : 10, vmw_point_names[info->point],
			vmw_probe_state(status), *status->problem ? ": " : "", status->problem,
			status->note ? ", " : "", status->note ? status->note : "");
	}
	fputc('\n', file);
}

/* When probes did not fire, and so saw nothing. */
static void print_silences(const struct vmw_report *report, FILE *file)
{
	char first[40], last[40];
	int way;

	for (way = 0; way < VMW_NR_WAYS; way++) {
		const struct vmw_sight *sight = &report->sight[way];

		if (!sight->times)
			continue;
		vmw_format_time(report, sight->first_ns, first, sizeof(first));
		vmw_format_time(report, sight->last_ns, last, sizeof(last));
		fprintf(file,
			"LOST: what probes by %s would have seen in %.3f s: they did not fire, %" PRIu64
			" time%s between %s and %s%s (%s)\n",
			vmw_way_names[way], vmw_sight_lost_ns(sight, report->end_ns) / 1e9,
			sight->times, sight->times == 1 ? "" : "s", first, last,
			sight->silent_ns ? ", and do not now" : "", vmw_way_remedies[way]);
	}
}

void vmw_print_losses(const struct vmw_report *report, FILE *file)
{
	u64 unexplained = vmw_report_unexplained(report);
	int place;

	print_silences(report, file);
	if (unexplained)
		fprintf(file,
			"LOST: who asked for the struct pages of %" PRIu64
			" WARNs of the kernel: no probe saw a request\n",
			unexplained);

	if (report->losses_error)
		fprintf(file, "LOST: the counts could not be read: %s\n",
			strerror(-report->losses_error));
	for (place = 0; place < VMW_NR_LOSSES; place++) {
		if (report->losses.count[place])
			fprintf(file, "LOST: %" PRIu64 ", %s\n", report->losses.count[place],
				vmw_loss_names[place]);
	}
	if (report->losses.missed)
		fprintf(file, "LOST: %" PRIu64 ", runs that the kernel skipped\n",
			report->losses.missed);
	if (report->aggregate->nr_dropped)
		fprintf(file, "LOST: %zu, requests, WARNs and stacks beyond the limit\n",
			report->aggregate->nr_dropped);
	if (report->read_error)
		fprintf(file, "LOST: records that could not be read: %s\n",
			strerror(-report->read_error));
	if (report->aggregate->out_of_memory)
		fprintf(file, "LOST: some of this report, for lack of memory\n");
	if (!vmw_report_lost(report))
		fprintf(file, "Nothing was lost%s.\n",
			report->losses.missed_known ?
				"" :
				" (whether the kernel skipped runs of a kprobe, this one does not tell)");
	if (report->kmsg_suppressed || report->kmsg_failed)
		fprintf(file,
			"kernel log: %" PRIu64 " lines written, %" PRIu64
			" held back (one a second each), %" PRIu64 " failed\n",
			report->kmsg_written, report->kmsg_suppressed, report->kmsg_failed);
}

void vmw_print_command(const struct vmw_command *command, FILE *file)
{
	char name[256];

	if (command->state != VMW_COMMAND_NONE)
		vmw_format_bytes(command->argv[0], strlen(command->argv[0]), name, sizeof(name));
	switch (command->state) {
	case VMW_COMMAND_NONE:
		return;
	case VMW_COMMAND_RUNNING:
		fprintf(file, "COMMAND %s[%d] still runs: not waited for.\n", name, command->pid);
		return;
	case VMW_COMMAND_EXITED:
		fprintf(file, "COMMAND %s exited with status %d.\n", name, command->status);
		return;
	case VMW_COMMAND_KILLED:
		fprintf(file, "COMMAND %s was killed by signal %d (%s).\n", name,
			command->status, strsignal(command->status));
		return;
	}
}

/* Nothing seen and not looking are different answers. */
void vmw_print_watch(const struct vmw_report *report, FILE *file)
{
	const struct vmw_looked *looked = &report->looked;
	char when[40];

	vmw_format_time(report, report->start_ns, when, sizeof(when));
	fprintf(file, "Watching since %s", when);
	if (report->watched_ns != report->start_ns) {
		vmw_format_time(report, report->watched_ns, when, sizeof(when));
		fprintf(file, ", without a gap since %s", when);
	}
	fprintf(file, " (%.3f s after boot).\n", report->watched_ns / 1e9);
	if (!looked->at_all) {
		fprintf(file, "What happened before is not known: nobody looked.\n");
		return;
	}
	fprintf(file, "Before that: %s%s",
		looked->sections ? "what is out of bounds and still there was found at start" :
				   "the sections of memory could not be read",
		looked->log ? looked->log_cut ? "; the kernel log, which has lost its beginning," :
						"; the kernel log since boot" :
			      "; the kernel log could not be read");
	if (looked->log)
		fprintf(file, " has %u WARNs and %u oopses of ours", looked->warns,
			looked->oopses);
	if (*looked->why)
		fprintf(file, " (%s)", looked->why);
	fprintf(file, ".\n");
}

void vmw_print_summary(const struct vmw_report *report, unsigned int offenders, FILE *file)
{
	const struct vmw_aggregate *agg = report->aggregate;
	const struct vmw_request *request;
	const struct vmw_warn *warn;
	unsigned int requests = 0, warns = 0;

	for (request = agg->requests; request; request = request->next)
		requests++;
	for (warn = agg->warns; warn; warn = warn->next)
		warns++;
	fprintf(file, "%u requests, %u offenders, %u WARNs in %.3f s on %s, Linux %s.\n",
		requests, offenders, warns, (report->end_ns - report->start_ns) / 1e9,
		report->host, report->kernel);
	if (report->service)
		vmw_print_watch(report, file);
	if (report->code == VMW_EXIT_CLEAN && offenders)
		fprintf(file, "No struct page is out of bounds now: all offenders are gone.\n");
	else if (report->code == VMW_EXIT_CLEAN)
		fprintf(file, "No struct page out of bounds was seen.\n");
	else if (report->code == VMW_EXIT_LOST)
		fprintf(file,
			"No struct page out of bounds was seen, but something was lost: no promise.\n");
}

static int finish(FILE *file)
{
	if (fflush(file) || ferror(file))
		return errno ? -errno : -EIO;
	return 0;
}

int vmw_export_text(const struct vmw_report *report, FILE *file)
{
	const struct vmw_offender *offender;
	unsigned int n = 0;

	errno = 0;
	vmw_for_each_offender (offender, report->aggregate)
		vmw_print_offender(report, offender, ++n, file);
	n = print_uses(report, n, file);
	print_refused(report, file);
	vmw_print_why(report, file);
	print_in_bounds(report, file);
	vmw_print_warns(report, file);
	vmw_print_layout(report->layout, report->redact, file);
	vmw_print_probes(report, file);
	vmw_print_command(&report->command, file);
	vmw_print_losses(report, file);
	vmw_print_summary(report, n, file);
	return finish(file);
}
