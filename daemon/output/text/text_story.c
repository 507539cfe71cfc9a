// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "output/text/text_story.h"
#include "report/timeline.h"

static void print_bytes(const char *label, const char *bytes, size_t size, FILE *file)
{
	char text[4 * VMW_CGROUP_PATH_LEN + 1];

	if (!*bytes)
		return;
	vmw_format_bytes(bytes, size, text, sizeof(text));
	fprintf(file, "  %-13s %s\n", label, text);
}

static void print_module(const struct vmw_report *report, const struct vmw_request *request,
			 FILE *file)
{
	const struct vmw_module_seen *seen =
		vmw_aggregate_module(report->aggregate, request->driver, request->first.time_ns);
	char version[4 * VMW_VERSION_LEN + 1], source[4 * VMW_VERSION_LEN + 1], taints[16];

	if (!seen)
		return;
	vmw_format_bytes(seen->version, sizeof(seen->version), version, sizeof(version));
	vmw_format_bytes(seen->srcversion, sizeof(seen->srcversion), source, sizeof(source));
	vmw_format_taints(seen->taints, taints, sizeof(taints));
	fprintf(file, "  module        version %s, source %s, %s%s%s\n",
		*version ? version : "unknown", *source ? source : "unknown",
		*taints ? "taints " : "does not taint the kernel", taints,
		seen->freed_ns ? ", gone since" : "");
}

void vmw_print_requester(const struct vmw_report *report, const struct vmw_request *request,
			 FILE *file)
{
	char bus[4 * VMW_DEVICE_LEN + 1], device[4 * VMW_DEVICE_LEN + 1];

	print_module(report, request, file);
	if (*request->device) {
		vmw_format_bytes(request->bus, sizeof(request->bus), bus, sizeof(bus));
		vmw_format_bytes(request->device, sizeof(request->device), device,
				 sizeof(device));
		fprintf(file, "  device        %s %s\n", bus, device);
	}
	print_bytes("cgroup", request->cgroup, sizeof(request->cgroup), file);
	print_bytes("container", request->container, sizeof(request->container), file);
}

void vmw_print_timeline(const struct vmw_report *report, const struct vmw_request *request,
			FILE *file)
{
	struct vmw_step steps[VMW_MAX_STEPS];
	size_t n = vmw_timeline(report, request, steps), i;

	for (i = 0; i < n; i++) {
		fprintf(file, "  %-13s %+11.6f s  %-24s %s", i ? "" : "timeline",
			((s64)(steps[i].time_ns - request->first.time_ns)) / 1e9, steps[i].what,
			steps[i].text);
		if (steps[i].count > 1)
			fprintf(file, " (and %" PRIu64 " more)", steps[i].count - 1);
		fputc('\n', file);
	}
}
