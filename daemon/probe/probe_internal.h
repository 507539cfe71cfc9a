/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of this room share; the contracts for others are probe.h. */
#ifndef VMEMMAPWATCH_PROBE_PROBE_INTERNAL_H
#define VMEMMAPWATCH_PROBE_PROBE_INTERNAL_H

#include "probe/probe.h"

/* The maps that all programs share, in whichever object they are. */
enum vmw_bpf_map {
	VMW_MAP_RING,
	VMW_MAP_LOSSES,
	VMW_MAP_INFLIGHTS,
	VMW_MAP_WARNEDS,
	VMW_MAP_USES,
	VMW_MAP_SAMPLINGS,
	VMW_MAP_CALLS,
	VMW_MAP_BINDINGS,
	VMW_MAP_LOADINGS,
	VMW_MAP_ASKS,
	VMW_MAP_CANARIES,
	VMW_NR_MAPS,
};

/* What keeps one row attached; -1: not there. */
struct vmw_probe_fds {
	int link;
	int save; /* of a kretprobe: what keeps the argument for it */
	int program;
};

struct ring_buffer;
struct vmw_loaded;

struct vmw_probes {
	int maps[VMW_NR_MAPS];
	struct vmw_probe_fds fds[VMW_MAX_PROBES];
	/* Of sites (site_probes.h); -1: there are none. */
	int site_calls; /* map */
	int site_program;
	int site_links[VMW_MAX_SITES];
	int guard; /* guard.h; -1: there is none */
	/* Objects of libbpf that own these fds; NULL: they are our own. */
	struct vmw_loaded *loaded;
	struct vmw_probe_status status[VMW_MAX_PROBES];
	/* What the kernel's BTF said, which is not kept. */
	struct vmw_memory_types memory_types;
	bool kernel_counts_missed;
	/* What another process told; the notes of statuses are in there. Or NULL. */
	struct vmw_packed_probes *told;
	bool live; /* the kernel is asked for counts, not told */
	struct ring_buffer *ring;
	unsigned int budget; /* records that may still be taken in one go */
	vmw_record_fn fn;
	void *context;
};

/* Zeroed, with no fd. NULL for lack of memory. */
struct vmw_probes *vmw_probes_allocate(vmw_record_fn fn, void *context);

/* Start to read from the ring map. Negative errno. */
int vmw_probes_open_ring(struct vmw_probes *probes);

/* Closes all links of what was loaded here, unless others keep their fds. */
void vmw_loaded_detach(struct vmw_loaded *loaded);

/* Closes its programs and maps, after that. */
void vmw_loaded_free(struct vmw_loaded *loaded);

#endif
