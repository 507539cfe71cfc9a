/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one probe table. Statuses, record numbers, attach code and names in
 * every output come from it.
 *
 * VMW_PROBE(id, symbol, point, class, meaning)
 *   id       number in a record: VMW_PROBE_<id>
 *   symbol   kernel function, or raw tracepoint
 *   point    ENTRY, RETURN, or TRACEPOINT; with the symbol it names the BPF
 *            programs: fentry__S and kprobe__S, fexit__S and kretprobe__S,
 *            raw_tp__S. Whichever exist are tried in this order.
 *   class    CERTAIN: struct pages are made, removed or initialised here
 *            CONTEXT: tells what became of a request
 *   meaning  one line for people
 *
 * Rows attach in this order. A RETURN row stands before the ENTRY row of the
 * same function: the kernel runs the kprobe registered last first, and a
 * kretprobe that ran before would have replaced the link register, which
 * holds the direct caller (register_aggr_kprobe(), kernel/kprobes.c 6.1.192).
 */
#ifndef VMEMMAPWATCH_PROBES_H
#define VMEMMAPWATCH_PROBES_H

#define VMW_PROBES(VMW_PROBE)						\
	VMW_PROBE(ERROR_REPORT_END, error_report_end, TRACEPOINT, CONTEXT, \
		  "a WARN was printed")					\
	VMW_PROBE(WARN, __warn, ENTRY, CONTEXT,				\
		  "a WARN is about to be printed")			\
	VMW_PROBE(PROCESS_EXIT, sched_process_exit, TRACEPOINT, CONTEXT, \
		  "the task that asked died inside its request")	\
	VMW_PROBE(FAULT, die_kernel_fault, ENTRY, CONTEXT,		\
		  "the kernel oopses on a bad address")			\
	VMW_PROBE(MAPPABLE_RANGE, arch_get_mappable_range, RETURN, CONTEXT, \
		  "the linear map's physical limits")			\
	VMW_PROBE(MHP_ALLOWED, mhp_range_allowed, RETURN, CONTEXT,	\
		  "the kernel's own yes or no to a physical range")	\
	VMW_PROBE(MHP_ASKED, mhp_range_allowed, ENTRY, CONTEXT,		\
		  "a physical range is checked")			\
	VMW_PROBE(VMEMMAP_POPULATE, vmemmap_populate, ENTRY, CERTAIN,	\
		  "struct pages of a section get memory")		\
	VMW_PROBE(VMEMMAP_FREE, vmemmap_free, ENTRY, CERTAIN,		\
		  "struct pages of a section lose their memory")	\
	VMW_PROBE(INIT_ZONE_DEVICE, memmap_init_zone_device, ENTRY, CERTAIN, \
		  "struct pages of device memory are written")		\
	VMW_PROBE(ADD_PAGES_DONE, __add_pages, RETURN, CONTEXT,		\
		  "what came of adding sections")			\
	VMW_PROBE(ADD_PAGES, __add_pages, ENTRY, CERTAIN,		\
		  "sections with struct pages are added")		\
	VMW_PROBE(REMOVE_PAGES_DONE, __remove_pages, RETURN, CONTEXT,	\
		  "sections are gone")					\
	VMW_PROBE(REMOVE_PAGES, __remove_pages, ENTRY, CERTAIN,		\
		  "sections with struct pages are removed")		\
	VMW_PROBE(MEMUNMAP_DONE, memunmap_pages, RETURN, CONTEXT,	\
		  "a driver's range is gone")				\
	VMW_PROBE(MEMUNMAP, memunmap_pages, ENTRY, CERTAIN,		\
		  "a driver gives its range back")			\
	VMW_PROBE(MEMREMAP_DONE, memremap_pages, RETURN, CONTEXT,	\
		  "what came of a driver's request")			\
	VMW_PROBE(MEMREMAP, memremap_pages, ENTRY, CERTAIN,		\
		  "a driver asks for struct pages")

enum vmw_probe_id {
#define VMW_PROBE(id, symbol, point, class, meaning) VMW_PROBE_##id,
	VMW_PROBES(VMW_PROBE)
#undef VMW_PROBE
	VMW_NR_PROBES,
};

#endif
