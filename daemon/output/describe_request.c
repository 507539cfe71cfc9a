// SPDX-License-Identifier: GPL-2.0-only
/* A request: what it asks for, who it is for, what became of it, and in which order. */
#include <string.h>

#include "kernel/taints.h"
#include "output/describe.h"
#include "report/timeline.h"

void vmw_describe_memory(struct vmw_writer *w, const struct vmw_report *report,
			 const struct vmw_request *request)
{
	char type[32];

	if (request->kind != VMW_REQUEST_MEMREMAP && request->kind != VMW_REQUEST_MEMUNMAP)
		return;
	vmw_report_memory_type(report, request->memory_type, type, sizeof(type));
	vmw_put_text(w, "memory_type", NULL, type);
	vmw_put_address(w, "pgmap", request->pgmap);
	vmw_put_address(w, "owner", request->owner);
	/* PGMAP_ALTMAP_VALID, include/linux/memremap.h 5.10 to 7.2. */
	vmw_put_bool(w, "altmap", request->pgmap_flags & 1);
	if (request->nid >= 0)
		vmw_put_number(w, "nid", NULL, request->nid);
}

static void say_module(struct vmw_writer *w, const struct vmw_module_seen *seen,
		       const char *taints)
{
	vmw_line(w, "module", "version %.*s, source %.*s, %s%s%s", VMW_VERSION_LEN,
		 *seen->version ? seen->version : "unknown", VMW_VERSION_LEN,
		 *seen->srcversion ? seen->srcversion : "unknown",
		 *taints ? "taints " : "does not taint the kernel", taints,
		 seen->freed_ns ? ", gone since" : "");
}

static void describe_module(struct vmw_writer *w, const struct vmw_report *report,
			    const struct vmw_request *request)
{
	const struct vmw_module_seen *seen =
		vmw_aggregate_module(report->aggregate, request->driver, request->first.time_ns);
	char taints[16];

	if (!seen)
		return;
	vmw_format_taints(seen->taints, taints, sizeof(taints));
	vmw_begin(w, "module");
	vmw_put_bytes(w, "name", NULL, seen->name, sizeof(seen->name));
	if (*seen->version)
		vmw_put_bytes(w, "version", NULL, seen->version, sizeof(seen->version));
	if (*seen->srcversion)
		vmw_put_bytes(w, "srcversion", NULL, seen->srcversion, sizeof(seen->srcversion));
	vmw_put_text(w, "taints", NULL, taints);
	if (seen->loaded_ns)
		vmw_describe_time(w, report, "loaded", seen->loaded_ns);
	if (seen->started_ns)
		vmw_describe_time(w, report, "started", seen->started_ns);
	if (seen->freed_ns)
		vmw_describe_time(w, report, "freed", seen->freed_ns);
	vmw_end(w);
	say_module(w, seen, taints);
}

void vmw_describe_requester(struct vmw_writer *w, const struct vmw_report *report,
			    const struct vmw_request *request)
{
	describe_module(w, report, request);
	if (*request->device) {
		vmw_begin(w, "device");
		vmw_put_bytes(w, "bus", NULL, request->bus, sizeof(request->bus));
		vmw_put_bytes(w, "name", NULL, request->device, sizeof(request->device));
		vmw_end(w);
		vmw_line(w, "device", "%.*s %.*s", (int)sizeof(request->bus), request->bus,
			 (int)sizeof(request->device), request->device);
	}
	if (*request->cgroup)
		vmw_put_bytes(w, "cgroup", "cgroup", request->cgroup, sizeof(request->cgroup));
	if (*request->container)
		vmw_put_bytes(w, "container", "container", request->container,
			      sizeof(request->container));
}

static void say_step(struct vmw_writer *w, const struct vmw_step *step, u64 since_ns)
{
	char text[VMW_STEP_LEN + 32] = "";

	if (step->count > 1)
		snprintf(text, sizeof(text), "%s (and %llu more)", step->text, step->count - 1);
	vmw_step(w, (s64)(step->time_ns - since_ns) / 1e9, step->what, *text ? text : step->text);
}

void vmw_describe_timeline(struct vmw_writer *w, const struct vmw_report *report,
			   const struct vmw_request *request)
{
	struct vmw_step steps[VMW_MAX_STEPS];
	size_t n = vmw_timeline(report, request, steps), i;

	vmw_begin_list(w, "timeline");
	for (i = 0; i < n; i++) {
		vmw_begin(w, NULL);
		vmw_describe_time(w, report, "time", steps[i].time_ns);
		vmw_put_text(w, "what", NULL, steps[i].what);
		vmw_put_number(w, "count", NULL, steps[i].count);
		vmw_put_text(w, "text", NULL, steps[i].text);
		vmw_end(w);
		say_step(w, &steps[i], request->first.time_ns);
	}
	vmw_end_list(w);
}

static void describe_fault(struct vmw_writer *w, const struct vmw_request *request)
{
	vmw_begin(w, "fault");
	vmw_put_place(w, "address", request->fault_address);
	vmw_put_address(w, "ip", request->fault_ip);
	vmw_put_symbol(w, "symbol", request->fault_symbol);
	vmw_end(w);
}

void vmw_say_outcome(struct vmw_writer *w, const struct vmw_report *report,
		     const struct vmw_request *request)
{
	char error[40] = "", allowed[VMW_PLACES_LEN + 48] = "", places[VMW_PLACES_LEN];
	char fault[VMW_SYMBOL_LEN + 96] = "", address[VMW_ADDRESS_LEN];
	struct vmw_limit limit;

	if (!vmw_for_people(w))
		return;
	if (request->error) {
		memcpy(error, ", ", 3);
		vmw_format_errno(request->error, error + 2, sizeof(error) - 2);
	}
	if (vmw_report_limit(report, request, &limit)) {
		vmw_format_places(w->redact, limit.start, limit.end, 1, places);
		snprintf(allowed, sizeof(allowed), ", the kernel allows %s%s", places,
			 limit.derived ? " (derived)" : "");
	}
	if (request->fault_ip) {
		vmw_format_address(w->redact, VMW_SECRET_PLACE, request->fault_address, 16,
				   address);
		snprintf(fault, sizeof(fault), ": the kernel oopsed at %.*s on address %s",
			 VMW_SYMBOL_LEN, vmw_redact_symbol(w->redact, request->fault_symbol),
			 address);
	}
	vmw_line(w, "outcome", "%s%s%s%s", vmw_outcome_names[request->outcome], error, allowed,
		 fault);
}

void vmw_describe_outcome(struct vmw_writer *w, const struct vmw_report *report,
			  const struct vmw_request *request)
{
	struct vmw_limit limit;

	vmw_put_text(w, "outcome", NULL, vmw_outcome_names[request->outcome]);
	vmw_describe_errno(w, request->error);
	if (vmw_report_limit(report, request, &limit))
		vmw_describe_limit(w, &limit);
	if (request->fault_ip)
		describe_fault(w, request);
	vmw_say_outcome(w, report, request);
}
