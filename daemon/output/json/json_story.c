// SPDX-License-Identifier: GPL-2.0-only
/* Who a request is for, and what came after what. */
#include "output/json/json_parts.h"
#include "report/timeline.h"

static void add_module(json *object, const struct vmw_report *report,
		       const struct vmw_request *request)
{
	const struct vmw_module_seen *seen =
		vmw_aggregate_module(report->aggregate, request->driver, request->first.time_ns);
	json *module;
	char taints[16];

	if (!seen)
		return;
	module = json_object_new_object();
	vmw_format_taints(seen->taints, taints, sizeof(taints));
	js_add(module, "name", js_bytes(seen->name, sizeof(seen->name)));
	if (*seen->version)
		js_add(module, "version", js_bytes(seen->version, sizeof(seen->version)));
	if (*seen->srcversion)
		js_add(module, "srcversion",
		       js_bytes(seen->srcversion, sizeof(seen->srcversion)));
	js_add(module, "taints", js_text(taints));
	if (seen->loaded_ns)
		js_add_time(module, report, "loaded", seen->loaded_ns);
	if (seen->started_ns)
		js_add_time(module, report, "started", seen->started_ns);
	if (seen->freed_ns)
		js_add_time(module, report, "freed", seen->freed_ns);
	js_add(object, "module", module);
}

void js_add_requester(json *object, const struct vmw_report *report,
		      const struct vmw_request *request)
{
	json *device;

	add_module(object, report, request);
	if (*request->cgroup)
		js_add(object, "cgroup", js_bytes(request->cgroup, sizeof(request->cgroup)));
	if (*request->container)
		js_add(object, "container",
		       js_bytes(request->container, sizeof(request->container)));
	if (!*request->device)
		return;
	device = json_object_new_object();
	js_add(device, "bus", js_bytes(request->bus, sizeof(request->bus)));
	js_add(device, "name", js_bytes(request->device, sizeof(request->device)));
	js_add(object, "device", device);
}

void js_add_timeline(json *object, const struct vmw_report *report,
		     const struct vmw_request *request)
{
	struct vmw_step steps[VMW_MAX_STEPS];
	size_t n = vmw_timeline(report, request, steps), i;
	json *array = json_object_new_array();

	for (i = 0; i < n; i++) {
		json *step = json_object_new_object();

		js_add_time(step, report, "time", steps[i].time_ns);
		js_add(step, "what", js_text(steps[i].what));
		js_add(step, "count", js_number(steps[i].count));
		js_add(step, "text", js_text(steps[i].text));
		js_append(array, step);
	}
	js_add(object, "timeline", array);
}
