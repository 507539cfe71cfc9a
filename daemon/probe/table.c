// SPDX-License-Identifier: GPL-2.0-only
/* probes.h as data, and the words for it. */
#include "probe/probe.h"

struct vmw_probe_info vmw_probe_infos[VMW_MAX_PROBES] = {
#define VMW_PROBE(id, symbol, point, class, meaning) \
	[VMW_PROBE_##id] = { \
		#symbol, #symbol, VMW_POINT_##point, VMW_CLASS_##class, meaning, 0, 0, 0, \
		0,	 NULL \
	},
	VMW_PROBES(VMW_PROBE)
#undef VMW_PROBE
#define VMW_CALLER(name, symbol, kind, a, b, class, heat, prototypes, meaning) \
	[VMW_PROBE_##name] = { \
		#name, #symbol, VMW_POINT_ENTRY, VMW_CLASS_##class, meaning, VMW_KIND_##kind, \
		a,     b,	VMW_HEAT_##heat, prototypes \
	},
		VMW_CALLERS(VMW_CALLER)
#undef VMW_CALLER
#define VMW_RETURN(name, symbol, kind, a, class, heat, prototypes, meaning) \
	[VMW_PROBE_##name] = { \
		#name, #symbol, VMW_POINT_RETURN, VMW_CLASS_##class, meaning, VMW_KIND_##kind, \
		a,     0,	VMW_HEAT_##heat,  prototypes \
	},
			VMW_RETURNS(VMW_RETURN)
#undef VMW_RETURN
				[VMW_PROBE_SITE] = { "site", "pfn_to_page", VMW_POINT_ENTRY,
						     VMW_CLASS_USE,
						     "pfn_to_page() is inlined here",
						     VMW_KIND_PAGE, 0, 0, VMW_HEAT_PAGE, NULL },
};

int vmw_nr_probes = VMW_NR_PROBES;

const char *const vmw_point_names[] = { "entry", "return", "tracepoint" };
const char *const vmw_class_names[] = { "certain", "use", "lookup", "context" };
const char *const vmw_heat_names[] = { "request", "section", "fault", "page" };

const char *const vmw_attach_with_names[VMW_NR_ATTACH_WITH] = {
	[VMW_ATTACH_AUTO] = "auto",
	[VMW_ATTACH_FENTRY] = "fentry",
	[VMW_ATTACH_KPROBE] = "kprobe",
};

const char *const vmw_kind_names[] = { [VMW_KIND_NONE] = "request",
#define VMW_KIND(kind, name) [VMW_KIND_##kind] = name,
				       VMW_KINDS(VMW_KIND) VMW_RETURN_KINDS(VMW_KIND)
#undef VMW_KIND
};

const char *vmw_probe_state(const struct vmw_probe_status *status)
{
	if (status->how)
		return status->how;
	if (!*status->problem)
		return "left out";
	return status->missing ? "missing" : "unavailable";
}

const char *const vmw_loss_names[VMW_NR_LOSSES] = {
	[VMW_LOST_RING] = "ring buffer full",
	[VMW_LOST_RANGES] = "ranges of one request beyond the limit",
	[VMW_LOST_REQUESTS] = "requests under way beyond the limit",
	[VMW_LOST_READS] = "kernel memory that could not be read",
	[VMW_LOST_RETURNS] = "returns of requests that went by unseen",
	[VMW_LOST_USES] = "hits of callers beyond the limit of keys",
	[VMW_LOST_ENTRIES] = "entries of one array beyond the limit",
	[VMW_LOST_CALLS] = "calls under way beyond the limit",
	[VMW_LOST_LOADS] = "module loads under way beyond the limit",
	[VMW_LOST_BINDINGS] = "devices being bound beyond the limit",
	[VMW_LOST_ASKS] = "searches for a free range beyond the limit",
	[VMW_LOST_WARNS] = "WARNs under way beyond the limit",
	[VMW_LOST_SITES] = "hits at sites whose code is not known to be what was searched",
};
