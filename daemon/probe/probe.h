/* SPDX-License-Identifier: GPL-2.0-only */
/* The BPF programs: open, load, attach with fallback, read what they send. */
#ifndef VMEMMAPWATCH_PROBE_PROBE_H
#define VMEMMAPWATCH_PROBE_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <vmemmapwatch/event.h>
#include <vmemmapwatch/probes.h>
#include <vmemmapwatch/site.h>
#include <vmemmapwatch/types.h>
#include <vmemmapwatch/verdict.h>

/* Does this kernel count the hits of kprobes that never reached a program? */
bool vmw_kernel_counts_missed(const struct btf *btf);

/* How many there were for the kprobe or kretprobe of that link; 0 if not counted. */
u64 vmw_missed_by_kprobe(int link_fd);

/* Names of the kernel's memory types, whose numbers moved. */

#define VMW_MAX_MEMORY_TYPES 8

/* By number; an empty name where the BTF has none. */
struct vmw_memory_types {
	char name[VMW_MAX_MEMORY_TYPES][24];
};

struct btf;

/* What enum memory_type of @btf says, in our words: "private", "fs-dax". */
void vmw_memory_types_read(struct vmw_memory_types *types, const struct btf *btf);

/* The name of @type, or "type N", into @name of @size bytes. */
void vmw_memory_type_name(const struct vmw_memory_types *types, u32 type, char *name,
			  size_t size);

enum vmw_point {
	VMW_POINT_ENTRY,
	VMW_POINT_RETURN,
	VMW_POINT_TRACEPOINT,
};

enum vmw_class {
	VMW_CLASS_CERTAIN,
	VMW_CLASS_USE,
	VMW_CLASS_LOOKUP,
	VMW_CLASS_CONTEXT,
};

enum vmw_kind {
	VMW_KIND_NONE, /* a probe of the requests: read by its own program */
#define VMW_KIND(kind, name) VMW_KIND_##kind,
	VMW_KINDS(VMW_KIND) VMW_NR_ENTRY_KINDS,
	VMW_KIND_BEFORE_RETURN_KINDS = VMW_NR_ENTRY_KINDS - 1,
	VMW_RETURN_KINDS(VMW_KIND)
#undef VMW_KIND
};

/* How often it is hit. */
enum vmw_heat {
	VMW_HEAT_REQUEST,
	VMW_HEAT_SECTION,
	VMW_HEAT_FAULT,
	VMW_HEAT_PAGE,
};

/* A row of the tables in probes.h. */
struct vmw_probe_info {
	const char *name; /* the end of its programs' names */
	const char *symbol;
	enum vmw_point point;
	enum vmw_class class;
	const char *meaning;
	/* Of callers alone. */
	enum vmw_kind kind;
	unsigned int a, b; /* argument positions, from 1 */
	enum vmw_heat heat;
	const char *prototypes; /* NULL: of --probe */
};

/* The rows; behind VMW_NR_PROBES those that vmw_extra_add() added. */
extern struct vmw_probe_info vmw_probe_infos[VMW_MAX_PROBES];
extern int vmw_nr_probes;

extern const char *const vmw_point_names[];
extern const char *const vmw_class_names[];
extern const char *const vmw_kind_names[];
extern const char *const vmw_heat_names[];

struct vmw_probe_status {
	const char *how;   /* "fentry", "kprobe", "tracepoint"; NULL: not attached */
	bool left_out;	   /* by choice */
	bool missing;	   /* this kernel can have it, and yet it is not attached */
	const char *note;  /* what to know of it, or NULL */
	char problem[240]; /* why not */
};

/*
 * In a word: how it is attached; "unavailable", where this kernel cannot have it;
 * "missing", where it should be there and is not; "left out".
 */
const char *vmw_probe_state(const struct vmw_probe_status *status);

/* What the programs lost, by place; missed is what the kernel itself skipped. */
struct vmw_losses_read {
	u64 count[VMW_NR_LOSSES];
	u64 missed;
	bool missed_known;
};

extern const char *const vmw_loss_names[VMW_NR_LOSSES];

/* Called for each record; @record is valid during the call only. */
typedef void (*vmw_record_fn)(const struct vmw_header *record, void *context);

struct vmw_probes;

/* By what functions are probed. */
enum vmw_attach_with {
	VMW_ATTACH_AUTO, /* fentry where it is safe, else a kprobe */
	VMW_ATTACH_FENTRY,
	VMW_ATTACH_KPROBE,
	VMW_NR_ATTACH_WITH,
};

/* "auto", "fentry", "kprobe": as --attach-with takes them. */
extern const char *const vmw_attach_with_names[VMW_NR_ATTACH_WITH];

/* What the programs get to know, and which of them. */
struct vmw_probes_setup {
	struct vmw_bounds bounds;
	const struct vmw_text *warn_text; /* VMW_MAX_WARN_TEXTS of them */
	const u64 *trampolines;		  /* VMW_MAX_TRAMPOLINES of them, 0: not there */
	const bool *chosen; /* VMW_MAX_PROBES; NULL: those of the requests alone */
	enum vmw_attach_with attach_with;
	/*
	 * Programs that run already: those of these rows (VMW_MAX_PROBES) are left as
	 * they are, and the new ones use their maps. Both, or NULL.
	 */
	const bool *skip;
	const struct vmw_probes *maps_of;
	u32 ring_size;		    /* bytes: a power of two, at least a page */
	u32 section_shift;	    /* pfns of a memory section, as a power of two */
	u64 sample_rate;	    /* samples a second; 0: no limit */
	struct vmw_site_set *sites; /* site_probes.h; NULL, or empty: none */
};

struct vmw_site_set;

/* How often each site was run, into @set that they were made from. Negative errno. */
int vmw_probes_read_sites(const struct vmw_probes *probes, struct vmw_site_set *set);

/* vmw_site_probes_by_place() and vmw_site_probes_place() of its sites. */
bool vmw_probes_sites_by_place(const struct vmw_probes *probes);
void vmw_probes_place_sites(const struct vmw_probes *probes, const struct vmw_site_set *set);

/*
 * Load the programs for the bounds and attach as many as this kernel allows.
 * Returns 0 with
 * *@ret to be freed, or a negative errno: -ENOTSUP where no probe of class
 * certain could be attached, -ENOENT where one of --probe could not, -EMFILE and
 * its like where something ran out; the statuses are in *@ret then, too.
 */
int vmw_probes_new(struct vmw_probes **ret, const struct vmw_probes_setup *setup,
		   vmw_record_fn fn, void *context);

/* What is in bounds, as constants for the programs. */
struct vmw_windows vmw_windows_of(const struct vmw_bounds *bounds);

/*
 * How each row would attach on this kernel, into VMW_NR_PROBES of @status, without
 * attaching anything to it; a notrace function has a note. Negative errno.
 */
int vmw_probes_list(struct vmw_probe_status *status, enum vmw_attach_with attach_with);

/* What a process that attached programs tells another one of them. Flat. */
struct vmw_packed_probe {
	char how[12]; /* "": not attached */
	bool left_out;
	bool missing;
	char note[96];
	char problem[240];
	u64 runs;
	u64 run_ns;
};

struct vmw_packed_extra {
	char symbol[128];
	u32 kind;
	u32 a, b;
};

struct vmw_packed_probes {
	u32 nr_probes;
	u32 nr_site_links; /* sites that are attached */
	bool kernel_counts_missed;
	struct vmw_memory_types memory_types;
	struct vmw_packed_probe probe[VMW_MAX_PROBES];
	struct vmw_packed_extra extra[VMW_MAX_EXTRA_PROBES];
};

void vmw_probes_pack(const struct vmw_probes *probes, struct vmw_packed_probes *told);

/*
 * Probes as told by @told, to be freed: statuses and counts, no fd. -EBADMSG where
 * it cannot be true. Rows of --probe are used by vmw_probes_use_rows() alone.
 */
int vmw_probes_unpack(struct vmw_probes **ret, const struct vmw_packed_probes *told);

/* From now on the rows of --probe, which all names come from, are those of @probes. */
void vmw_probes_use_rows(const struct vmw_probes *probes);

/* Is row @id, of --probe, the same in @probes as it is used now? */
bool vmw_probes_has_row(const struct vmw_probes *probes, int id);

/* How many rows there are to @probes. */
int vmw_probes_nr(const struct vmw_probes *probes);

struct vmw_named_fd {
	int fd;
	char name[32];
};

#define VMW_MAX_PROBE_FDS (16 + 3 * VMW_MAX_PROBES + 2 + VMW_MAX_SITES)

/*
 * All fds that keep @probes alive, with names, into @named; they stay theirs. In the
 * order in which whoever takes them is to have them (guard.h): links come last.
 */
size_t vmw_probes_name_fds(const struct vmw_probes *probes, struct vmw_named_fd *named);

/* When an fd of that name is to be closed: those of turn 0 first. */
#define VMW_CLOSE_TURNS 3
unsigned int vmw_probes_close_turn(const char *name);

/* Take one of these over, if its name says where to; its fd is -1 then. */
bool vmw_probes_take_fd(struct vmw_probes *probes, struct vmw_named_fd *named);

/* Is there an fd for all that is attached by its status, and none for others? */
bool vmw_probes_complete(const struct vmw_probes *probes);

/* From now on deliver records, and ask the kernel for counts. Negative errno. */
int vmw_probes_watch(struct vmw_probes *probes, vmw_record_fn fn, void *context);

/* Samples of callers a second, from now on; 0: no limit. Negative errno. */
int vmw_probes_set_sample_rate(struct vmw_probes *probes, u64 rate);

/*
 * Others have its fds: what was loaded here is not taken down when it is freed.
 */
void vmw_probes_disown(struct vmw_probes *probes);

/* Detaches everything, unless others keep its fds. NULL is fine. */
void vmw_probes_free(struct vmw_probes *probes);

const struct vmw_probe_status *vmw_probes_status(const struct vmw_probes *probes,
						 enum vmw_probe_id id);

/* To be polled for input; records are then delivered by vmw_probes_consume(). */
int vmw_probes_fd(const struct vmw_probes *probes);

/* Of the ring buffer that is there, in bytes; 0: it cannot be asked for. */
u64 vmw_probes_ring_size(const struct vmw_probes *probes);

/*
 * Deliver the records there are, but @most of them: they may come faster than they
 * are taken. Returns 1 where there may be more, 0, or a negative errno.
 */
int vmw_probes_consume(struct vmw_probes *probes, unsigned int most);

/* Called for each key of hits that the kernel has counted. */
typedef void (*vmw_use_fn)(const struct vmw_use_key *key, const struct vmw_use *use,
			   void *context);

/* All counts as they are now. Negative errno on failure. */
int vmw_probes_uses(const struct vmw_probes *probes, vmw_use_fn fn, void *context);

/*
 * How often the program of @id ran, counted where kernel.bpf_stats_enabled is 1.
 * False where it is not attached, or nothing was counted.
 */
bool vmw_probes_runs(const struct vmw_probes *probes, enum vmw_probe_id id, u64 *ret);

/* The same of the time that it ran for, ns. */
bool vmw_probes_run_time(const struct vmw_probes *probes, enum vmw_probe_id id, u64 *ret_ns);

int vmw_probes_losses(const struct vmw_probes *probes, struct vmw_losses_read *ret);

/*
 * The running kernel's name for a value of enum memory_type, in our words:
 * "private", "coherent", "fs-dax", "generic", "pci-p2pdma"; its numbers moved
 * between 5.10 and 6.1. "type N" where the BTF does not say.
 */
void vmw_probes_memory_type(const struct vmw_probes *probes, u32 type, char *name, size_t size);

#endif
