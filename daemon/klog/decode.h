/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A kernel's log, read long after: the WARNs and oopses of struct pages out of
 * bounds that it has, by the layout that it states itself or that a file gives. It
 * is read once, line by line, and only what was found is kept.
 */
#ifndef VMEMMAPWATCH_KLOG_DECODE_H
#define VMEMMAPWATCH_KLOG_DECODE_H

#include "aggregate/aggregate.h"
#include "base/exit.h"
#include "klog/found.h"
#include "klog/klog.h"
#include "klog/unparsed.h"
#include "layout/kernel_facts.h"
#include "layout/layout.h"

#define VMW_MAX_DECODED 64 /* of each kind that is listed, in each boot */
#define VMW_MAX_BOOTS	64 /* with anything to tell */

#define VMW_MAX_ADDRESSES 16 /* that a mail states */

/* Frames are names, without addresses. */
struct vmw_decoded_stack {
	u32 nr;
	char name[VMW_MAX_FRAMES][VMW_SYMBOL_LEN];
};

/* Struct pages out of bounds: all dumps of one range of them. */
struct vmw_decoded_offender {
	struct vmw_range range;
	bool has_phys;	   /* pfn and nr_pages are known, else only nr_pages */
	bool at_least;	   /* the section of a fault: the request had that, and more maybe */
	char range_by[80]; /* which registers told where the request ends, or "" */
	char driver[VMW_DRIVER_LEN];
	char module[VMW_DRIVER_LEN];
	char comm[VMW_COMM_LEN]; /* any bytes */
	u32 pid;
	u32 warns;
	u32 oopses;
	bool removal; /* the last dump is of its way out */
	u64 first_line, last_line;
	u64 first_ns, last_ns;		  /* of the kernel's clock; 0: the log has none */
	char place[VMW_SYMBOL_LEN];	  /* of the first dump */
	char fault_place[VMW_SYMBOL_LEN]; /* of the first oops, or "" */
	u64 fault_address;
	u64 fault_line;
	struct vmw_decoded_stack *stack; /* of the first dump; NULL: none */
};

/* A dump of ours that cannot be judged, and all others for the same reason. */
struct vmw_decoded_unjudged {
	enum vmw_klog_kind kind;
	char place[VMW_SYMBOL_LEN];
	char driver[VMW_DRIVER_LEN];
	char why[200];
	u64 address; /* of an oops */
	u64 first_line, last_line;
	u32 count;
};

/* A dump that looks alike, or is close, and is none of ours. */
struct vmw_decoded_other {
	enum vmw_klog_kind kind;
	char place[VMW_SYMBOL_LEN];
	char driver[VMW_DRIVER_LEN];
	char message[VMW_KLOG_MESSAGE_LEN];
	char why[200];
	u64 first_line, last_line;
	u32 count;
};

/* The kernel said no. */
struct vmw_decoded_refusal {
	u64 first, last; /* physical */
	u64 limit_first, limit_last;
	bool has_limit;
	u64 first_line, last_line;
	u32 count;
};

/*
 * An oops on a struct page that is out of bounds, and that no driver asked for: the
 * kernel made it from a pfn or an address that has none.
 */
struct vmw_decoded_stray {
	char place[VMW_SYMBOL_LEN];
	char comm[VMW_COMM_LEN]; /* any bytes */
	u32 pid;
	u64 address;
	struct vmw_range range; /* of one struct page; no pfn */
	char why[200];		/* what the registers prove */
	u64 line;
};

/* An address that a mail states beside a layout, judged by that. */
struct vmw_decoded_address {
	u64 address;
	struct vmw_range range; /* of the one struct page that it is in */
	bool has_phys;
	u64 line;
};

/* One boot: of a mail there is one, of a journal there may be many. */
struct vmw_decoded_boot {
	u64 first_line, last_line;
	struct vmw_layout layout;
	struct vmw_bounds bounds;
	bool has_bounds;
	bool has_vmemmap;		/* the struct page of pfn 0 is known: so are pfns */
	char bounds_why[200];		/* why there are none, or "" */
	char vmemmap_why[200];		/* why pfns are not known, or "" */
	char note[256];			/* where FILE and the log contradict, or "" */
	bool contradicts;		/* the log, or FILE, contradicts itself */
	struct vmw_kernel_facts kernel; /* what a log tells of it */
	struct vmw_decoded_offender *offenders;
	size_t nr_offenders;
	struct vmw_decoded_unjudged unjudged[VMW_MAX_DECODED];
	size_t nr_unjudged;
	struct vmw_decoded_refusal refusals[VMW_MAX_DECODED];
	size_t nr_refusals;
	struct vmw_decoded_other others[VMW_MAX_DECODED];
	size_t nr_others;
	struct vmw_decoded_stray strays[VMW_MAX_DECODED];
	size_t nr_strays;
	struct vmw_decoded_address addresses[VMW_MAX_ADDRESSES];
	size_t nr_addresses;
	u32 warns, oopses;	       /* ours, judged or not */
	u32 other_warns, other_oopses; /* that have to do with no memory hotplug */
	u64 dropped;		       /* more of anything than there is room for */
};

struct vmw_decoded {
	struct vmw_decoded_boot *boots[VMW_MAX_BOOTS];
	size_t nr_boots;
	u64 boots_seen;
	u64 boots_dropped;
	u64 lines;
	u64 bytes;
	u32 other_warns, other_oopses; /* of all boots */
	u64 dumps;		       /* of ours, judged or not */
	struct vmw_unparsed unparsed;  /* what was not understood */
	bool states_layout;	       /* some line states a value of a layout */
	size_t nr_addresses;	       /* of all boots */
	bool newest_first;	       /* the log was read from its end */
	size_t width;		       /* at which its lines were cut; 0: they were not */
	const char *name;	       /* of the log */
	const char *from;	       /* FILE of --from, or NULL */
};

struct vmw_decoder;

/*
 * Judge by @from, which outlives the decoder, or, where it is NULL, by what the log
 * states. NULL: no memory.
 */
struct vmw_decoder *vmw_decoder_new(const struct vmw_layout *from);

/* One line, without its end; it is changed. 0, or -ENOMEM. */
int vmw_decoder_line(struct vmw_decoder *decoder, char *line);

/* All lines of @fd. 0, or a negative errno: of reading, or -ENOMEM. */
int vmw_decoder_read(struct vmw_decoder *decoder, int fd);

/* The end of the log: what was found, until vmw_decoder_free(); NULL: no memory. */
struct vmw_decoded *vmw_decoder_end(struct vmw_decoder *decoder);
void vmw_decoder_free(struct vmw_decoder *decoder);

/* Give @layout, which outlives the decoder, the layout of the last boot at the end. */
void vmw_decoder_want_layout(struct vmw_decoder *decoder, struct vmw_layout *layout);

/*
 * The one place where it is decided what a log comes to:
 *   VMW_EXIT_BOUNDS    it contradicts itself, or FILE
 *   VMW_EXIT_OFFENDER  struct pages out of bounds, or a dump of ours without a verdict
 *   VMW_EXIT_LOST      none of these, and something was not understood
 *   VMW_EXIT_CLEAN     none of these, and all was understood
 */
enum vmw_exit vmw_decoded_code(const struct vmw_decoded *decoded);

/* Of @boot: struct pages out of bounds, of whatever kind, and dumps without a verdict. */
size_t vmw_decoded_findings(const struct vmw_decoded_boot *boot);

#endif
