/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * WARNs of the hotplug functions and vmemmap oopses in the text of a kernel
 * log. Nothing here reads a file: lines go in, events come out.
 */
#ifndef VMEMMAPWATCH_KLOG_KLOG_H
#define VMEMMAPWATCH_KLOG_KLOG_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/event.h>
#include <vmemmapwatch/verdict.h>

#include "aggregate/driver.h"
#include "klog/arch.h"

#define VMW_KLOG_REGISTERS    31 /* x0 to x30 */
#define VMW_KLOG_FUNCTION_LEN 64
#define VMW_KLOG_MESSAGE_LEN  160
#define VMW_KLOG_RELEASE_LEN  64

/* One line: a record of /dev/kmsg may have several. */
struct vmw_klog_line {
	u64 time_ns;	    /* the log's clock, see found.h */
	u64 seq;	    /* number of its record; 0 where there are none */
	const char *caller; /* "T78" (CONFIG_PRINTK_CALLER), or NULL */
	const char *text;
};

enum vmw_klog_kind {
	VMW_KLOG_WARN,
	VMW_KLOG_OOPS,
};

struct vmw_klog_event {
	enum vmw_klog_kind kind;
	u64 time_ns;
	u64 seq;
	u32 pid;       /* 0 where the log does not say */
	u32 registers; /* a bit for each of x that was printed */
	u64 x[VMW_KLOG_REGISTERS];
	u64 address;	    /* oops: the faulting one */
	bool no_address;    /* oops: the log was cut before it; with klog->others only */
	bool removal;	    /* on the way out, not in */
	bool other;	    /* of none of our functions: with klog->others only */
	bool hotplug;	    /* its function or its call trace is of memory hotplug */
	bool by_trace;	    /* its function is the first frame: there was no pc */
	bool sure;	    /* other: two lines agree on the function, or the file is another */
	bool ended;	    /* the line that ends a dump was there */
	bool cut;	    /* the log ended before it did */
	bool request;	    /* memmap_init_zone_device() called: pfns of a request are near */
	u64 end_seq;	    /* of its last line */
	enum vmw_arch arch; /* of another architecture than arm64 */
	/* Of the WARN or the fault: by the pc, or else the first frame; "" without both. */
	char function[VMW_KLOG_FUNCTION_LEN];
	char place[VMW_SYMBOL_LEN];	    /* the same with its offset, as printed */
	char message[VMW_KLOG_MESSAGE_LEN]; /* that a WARN came with, or "" */
	char release[VMW_KLOG_RELEASE_LEN]; /* of the kernel, or "" */
	char comm[VMW_COMM_LEN];
	char driver[VMW_DRIVER_LEN]; /* as vmw_driver_of() has it; "" without a trace */
	char module[VMW_DRIVER_LEN]; /* the innermost one of the trace, or "" */
	/* Who called, without our functions; NULL without a trace. While fn() runs. */
	const struct vmw_stack *stack;
};

typedef void vmw_klog_fn(void *data, const struct vmw_klog_event *event);

/* A log that is being read. */
struct vmw_klog {
	vmw_klog_fn *fn;
	void *data;
	bool others;	  /* report WARNs and oopses of other functions, too */
	bool open;	  /* inside of a dump */
	unsigned int cut; /* lines in which a WARN may follow the one that cuts */
	u64 cut_seq;	  /* of that one */
	bool in_trace;
	bool traced;	     /* its call trace has begun */
	bool framed;	     /* and has had a frame */
	unsigned int lines;  /* of this dump */
	unsigned int strays; /* of others, in its call trace */
	/* Lines that may still be of a trace with another head than a dump has. */
	unsigned int other_trace;
	char caller[16];		    /* of this dump, or "" */
	char message[VMW_KLOG_MESSAGE_LEN]; /* of the WARN that comes next, or "" */
	struct vmw_klog_event event;
	struct vmw_stack stack;
};

/* What a line was, as far as a reader of dumps can tell. */
enum vmw_klog_taken {
	VMW_KLOG_IGNORED, /* no line of a dump */
	VMW_KLOG_DUMP,	  /* of a WARN or an oops */
	VMW_KLOG_TRACE,	  /* of the trace of a lockup, a stall and the like */
	VMW_KLOG_BROKEN,  /* the head of a WARN, without what it should say */
};

/*
 * @fn is called with @data for each event, when its dump has ended. Set others after
 * this to hear of all of them.
 */
void vmw_klog_init(struct vmw_klog *klog, vmw_klog_fn *fn, void *data);
enum vmw_klog_taken vmw_klog_line(struct vmw_klog *klog, const struct vmw_klog_line *line);

/* The head of a trace that is no dump of ours, a lockup's for example, was read. */
void vmw_klog_other_head(struct vmw_klog *klog);

/*
 * Is a line whose text begins so the head of a WARN or an oops, or the cut before it? Also
 * where it was cut itself, if enough of it is left.
 */
bool vmw_klog_is_head(const char *text);

/*
 * The log has ended, perhaps in the middle of a dump. Where a dump should have begun with
 * its last lines: the record of the first of them; otherwise 0.
 */
u64 vmw_klog_end(struct vmw_klog *klog);

/*
 * One record as /dev/kmsg hands it out ("6,109,1258130,-;text\n KEY=value\n",
 * Documentation/ABI/testing/dev-kmsg), NUL-terminated and changed in place: each
 * line of its text goes to vmw_klog_line(). Records that user space wrote are
 * none of the kernel's, and pass. Returns 0 with the record's number and time in
 * *@ret, or -EBADMSG for what is no record.
 */
int vmw_klog_record(struct vmw_klog *klog, char *record, struct vmw_klog_line *ret);

/*
 * The range of pfns that @event is about: *@ret_nr of them from *@ret_pfn on,
 * whole sections of 2^@section_bits bytes. @phys_bits: what physical addresses
 * have at most. False where its registers do not tell, or tell of pages in bounds.
 */
bool vmw_klog_range(const struct vmw_klog_event *event, const struct vmw_bounds *bounds,
		    unsigned int section_bits, unsigned int phys_bits, u64 *ret_pfn, u64 *ret_nr);

#endif
