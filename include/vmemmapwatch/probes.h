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

#define VMW_PROBES(VMW_PROBE) \
	VMW_PROBE(ERROR_REPORT_END, error_report_end, TRACEPOINT, CONTEXT, "a WARN was printed") \
	VMW_PROBE(WARN, __warn, ENTRY, CONTEXT, "a WARN is about to be printed") \
	VMW_PROBE(PROCESS_EXIT, sched_process_exit, TRACEPOINT, CONTEXT, \
		  "the task that asked died inside its request") \
	VMW_PROBE(FAULT, die_kernel_fault, ENTRY, CONTEXT, "the kernel oopses on a bad address") \
	VMW_PROBE(MODULE_LOAD, module_load, TRACEPOINT, CONTEXT, "a module is about to start") \
	VMW_PROBE(INITCALL_FINISH, initcall_finish, TRACEPOINT, CONTEXT, \
		  "the init function of a module has returned") \
	VMW_PROBE(MODULE_FREE, module_free, TRACEPOINT, CONTEXT, "a module is gone") \
	VMW_PROBE(DEVICE_BOUND, really_probe, RETURN, CONTEXT, "a device has its driver, or not") \
	VMW_PROBE(DEVICE_BINDS, really_probe, ENTRY, CONTEXT, "a driver is tried for a device") \
	VMW_PROBE(REGION_GIVEN, request_free_mem_region, RETURN, CONTEXT, \
		  "the physical range that a driver is given") \
	VMW_PROBE(REGION_ASKED, request_free_mem_region, ENTRY, CONTEXT, \
		  "a driver asks for a free physical range") \
	VMW_PROBE(DEVM_REGION_GIVEN, devm_request_free_mem_region, RETURN, CONTEXT, \
		  "the physical range that a driver is given, with its device") \
	VMW_PROBE(DEVM_REGION_ASKED, devm_request_free_mem_region, ENTRY, CONTEXT, \
		  "a driver asks for a free physical range, with its device") \
	VMW_PROBE(DEVM_MEMREMAP, devm_memremap_pages, ENTRY, CONTEXT, \
		  "a driver asks for struct pages, with its device") \
	VMW_PROBE(MAPPABLE_RANGE, arch_get_mappable_range, RETURN, CONTEXT, \
		  "the linear map's physical limits") \
	VMW_PROBE(MHP_ALLOWED, mhp_range_allowed, RETURN, CONTEXT, \
		  "the kernel's own yes or no to a physical range") \
	VMW_PROBE(MHP_ASKED, mhp_range_allowed, ENTRY, CONTEXT, "a physical range is checked") \
	VMW_PROBE(VMEMMAP_POPULATE, vmemmap_populate, ENTRY, CERTAIN, \
		  "struct pages of a section get memory") \
	VMW_PROBE(VMEMMAP_FREE, vmemmap_free, ENTRY, CERTAIN, \
		  "struct pages of a section lose their memory") \
	VMW_PROBE(INIT_ZONE_DEVICE, memmap_init_zone_device, ENTRY, CERTAIN, \
		  "struct pages of device memory are written") \
	VMW_PROBE(ADD_PAGES_DONE, __add_pages, RETURN, CONTEXT, "what came of adding sections") \
	VMW_PROBE(ADD_PAGES, __add_pages, ENTRY, CERTAIN, "sections with struct pages are added") \
	VMW_PROBE(REMOVE_PAGES_DONE, __remove_pages, RETURN, CONTEXT, "sections are gone") \
	VMW_PROBE(REMOVE_PAGES, __remove_pages, ENTRY, CERTAIN, \
		  "sections with struct pages are removed") \
	VMW_PROBE(MEMUNMAP_DONE, memunmap_pages, RETURN, CONTEXT, "a driver's range is gone") \
	VMW_PROBE(MEMUNMAP, memunmap_pages, ENTRY, CERTAIN, "a driver gives its range back") \
	VMW_PROBE(MEMREMAP_DONE, memremap_pages, RETURN, CONTEXT, \
		  "what came of a driver's request") \
	VMW_PROBE(MEMREMAP, memremap_pages, ENTRY, CERTAIN, "a driver asks for struct pages") \
	VMW_PROBE(CANARY_KPROBE, __arm64_sys_sched_get_priority_min, ENTRY, CONTEXT, \
		  "a call of our own: do kprobes fire?") \
	VMW_PROBE(CANARY_KRETPROBE, __arm64_sys_sched_get_priority_max, RETURN, CONTEXT, \
		  "a call of our own: do kretprobes fire?") \
	VMW_PROBE(CANARY_FENTRY, __arm64_sys_getitimer, ENTRY, CONTEXT, \
		  "a call of our own: does fentry fire?") \
	VMW_PROBE(CANARY_FEXIT, __arm64_sys_sched_rr_get_interval, RETURN, CONTEXT, \
		  "a call of our own: does fexit fire?") \
	VMW_PROBE(CANARY_TRACEPOINT, itimer_state, TRACEPOINT, CONTEXT, \
		  "a call of our own: do tracepoints fire?")

/*
 * Ways of attaching, each with a row above whose program is for this way only. The
 * daemon makes the system call and sees whether the program has counted it, so that
 * probes that were switched off are noticed. Others hardly ever make these calls.
 * Each has a function of its own: two perf kprobes at one address race (kernels that
 * lack the acquire load in kprobe_dispatcher(), such as 6.6.87).
 *
 * VMW_WAY(id, row, name, remedy)
 */
#define VMW_WAYS(VMW_WAY) \
	VMW_WAY(KPROBE, CANARY_KPROBE, "kprobe", \
		"check that /sys/kernel/debug/kprobes/enabled is 1") \
	VMW_WAY(KRETPROBE, CANARY_KRETPROBE, "kretprobe", \
		"check that /sys/kernel/debug/kprobes/enabled is 1") \
	VMW_WAY(FENTRY, CANARY_FENTRY, "fentry", \
		"check that the sysctl kernel.ftrace_enabled is 1") \
	VMW_WAY(FEXIT, CANARY_FEXIT, "fexit", "check that the sysctl kernel.ftrace_enabled is 1") \
	VMW_WAY(TRACEPOINT, CANARY_TRACEPOINT, "tracepoint", "this is not known to happen")

enum vmw_attach_way {
#define VMW_WAY(id, row, name, remedy) VMW_WAY_##id,
	VMW_WAYS(VMW_WAY)
#undef VMW_WAY
	VMW_NR_WAYS,
};

/*
 * Functions that take a pfn or a struct page: pfn_to_page() is a macro, its
 * callers are what can be probed. Their programs are made from these rows alone
 * (bpf/callers.bpf.c), an fentry and a kprobe one each. VMW_KINDS names the kinds.
 *
 * VMW_CALLER(name, symbol, kind, a, b, class, heat, prototypes, meaning)
 *   name        number in a record, and end of the programs' names; the symbol
 *               itself, or longer where one symbol has several prototypes
 *   kind        what is judged, of the arguments number a and b (from 1):
 *               PFN         a
 *               PFN_RANGE   b pfns from pfn a on
 *               PHYS_RANGE  b bytes from physical address a on
 *               PAGE        struct page a; and b, where it is not 0
 *               FOLIO       struct folio likewise (or struct page, where the
 *                           prototype is older than folios)
 *               PAGE_RANGE  addresses of struct pages, from a to before b
 *               PAGE_ARRAY  arrays of pointers to struct page, which are the
 *                           arguments from a to before b, of b entries each
 *               PFN_ARRAY   likewise, of pfns
 *               MIGRATE_PFNS  likewise, of MIGRATE_PFN_* entries
 *               MIGRATE_VMA   both such arrays of a struct migrate_vma at a
 *             all pages of one call that are out of bounds are one hit; of an
 *             array VMW_MAX_ENTRIES are looked at
 *   class       CERTAIN: struct pages are made, removed or initialised
 *               USE: a struct page or a converted pfn is handed on
 *               LOOKUP: a pfn is looked up or mapped; out of range is normal
 *               for MMIO, and never an offence
 *   heat        REQUEST: once a request or memory block; SECTION; FAULT; PAGE
 *   prototypes  the parameters that the positions hold for, a letter each:
 *               p pointer, P pointer to struct page or folio, i integer,
 *               s struct by value; others after |. Compared with the running
 *               kernel's BTF before anything is attached. As read in the BTF of
 *               5.10.223, 6.1.192, 6.12.95, 6.12.117 and 7.2.13.
 */
#define VMW_KINDS(VMW_KIND) \
	VMW_KIND(PFN, "pfn") \
	VMW_KIND(PFN_RANGE, "pfn range") \
	VMW_KIND(PHYS_RANGE, "phys range") \
	VMW_KIND(PAGE, "page") \
	VMW_KIND(FOLIO, "folio") \
	VMW_KIND(PAGE_RANGE, "page range") \
	VMW_KIND(PAGE_ARRAY, "page array") \
	VMW_KIND(PFN_ARRAY, "pfn array") \
	VMW_KIND(MIGRATE_PFNS, "migrate pfns") \
	VMW_KIND(MIGRATE_VMA, "migrate_vma")

#define VMW_RETURN_KINDS(VMW_KIND) \
	VMW_KIND(MIGRATE_SOURCE, "migrate_vma source") \
	VMW_KIND(HMM_RANGE, "hmm_range") \
	VMW_KIND(FAULT_PAGE, "vm_fault page")

#define VMW_CALLERS(VMW_CALLER) \
	VMW_CALLER(arch_add_memory, arch_add_memory, PHYS_RANGE, 2, 3, CERTAIN, REQUEST, \
		   "iiip", "memory that needs a linear mapping is added") \
	VMW_CALLER(arch_remove_memory, arch_remove_memory, PHYS_RANGE, 1, 2, CERTAIN, REQUEST, \
		   "iip|iipp", "memory with a linear mapping is removed") \
	VMW_CALLER(arch_remove_memory_nid, arch_remove_memory, PHYS_RANGE, 2, 3, CERTAIN, \
		   REQUEST, "iiip", "memory with a linear mapping is removed (5.10)") \
	VMW_CALLER(move_pfn_range_to_zone, move_pfn_range_to_zone, PFN_RANGE, 2, 3, CERTAIN, \
		   REQUEST, "piipi|piipii", "struct pages of a range get their zone") \
	VMW_CALLER(remove_pfn_range_from_zone, remove_pfn_range_from_zone, PFN_RANGE, 2, 3, \
		   CERTAIN, REQUEST, "pii", "struct pages of a range lose their zone") \
	VMW_CALLER(memmap_init_range, memmap_init_range, PFN_RANGE, 4, 1, CERTAIN, REQUEST, \
		   "iiiiiipi|iiiiiipii", "struct pages of a range are written") \
	VMW_CALLER(online_pages, online_pages, PFN_RANGE, 1, 2, CERTAIN, REQUEST, "iiii|iipp", \
		   "a memory block goes online") \
	VMW_CALLER(offline_pages, offline_pages, PFN_RANGE, 1, 2, CERTAIN, REQUEST, "ii|iipp", \
		   "a memory block goes offline") \
	VMW_CALLER(sparse_add_section, sparse_add_section, PFN_RANGE, 2, 3, CERTAIN, SECTION, \
		   "iiip|iiipp", "a section gets its struct pages") \
	VMW_CALLER(sparse_remove_section, sparse_remove_section, PFN_RANGE, 1, 2, CERTAIN, \
		   SECTION, "iip|iipp", "a section loses its struct pages") \
	VMW_CALLER(sparse_remove_section_ms, sparse_remove_section, PFN_RANGE, 2, 3, CERTAIN, \
		   SECTION, "piiip", "a section loses its struct pages (5.10, 6.1)") \
	VMW_CALLER(section_deactivate, section_deactivate, PFN_RANGE, 1, 2, CERTAIN, SECTION, \
		   "iip|iipp", "a section is taken down") \
	VMW_CALLER(populate_section_memmap, __populate_section_memmap, PFN_RANGE, 1, 2, \
		   CERTAIN, SECTION, "iiip|iiipp", "memory for struct pages of a section") \
	VMW_CALLER(vmemmap_populate_basepages, vmemmap_populate_basepages, PAGE_RANGE, 1, 2, \
		   CERTAIN, SECTION, "iiip", "struct pages get memory, page by page") \
	VMW_CALLER(vmemmap_populate_hugepages, vmemmap_populate_hugepages, PAGE_RANGE, 1, 2, \
		   CERTAIN, SECTION, "iiip", "struct pages get memory, by huge pages") \
	VMW_CALLER(generic_online_page, generic_online_page, PAGE, 1, 0, CERTAIN, SECTION, \
		   "Pi", "pages go online") \
	VMW_CALLER(free_pages_core, __free_pages_core, PAGE, 1, 0, CERTAIN, SECTION, "Pi|Pii", \
		   "pages are given to the allocator") \
	VMW_CALLER(migrate_device_range, migrate_device_range, PFN_RANGE, 2, 3, USE, REQUEST, \
		   "pii", "a driver evicts a range of its memory") \
	VMW_CALLER(dump_page, dump_page, PAGE, 1, 0, USE, REQUEST, "Pp", \
		   "the kernel complains about a page") \
	VMW_CALLER(migrate_device_coherent_page, migrate_device_coherent_page, PAGE, 1, 0, \
		   USE, FAULT, "P", "a coherent device page migrates") \
	VMW_CALLER(migrate_device_coherent_folio, migrate_device_coherent_folio, FOLIO, 1, 0, \
		   USE, FAULT, "P", "a coherent device folio migrates") \
	VMW_CALLER(restore_exclusive_pte, restore_exclusive_pte, PAGE, 2, 0, USE, FAULT, \
		   "pPip", "a page that a device had to itself comes back") \
	VMW_CALLER(restore_exclusive_pte_folio, restore_exclusive_pte, FOLIO, 2, 3, USE, \
		   FAULT, "pPPips", "a page that a device had to itself comes back") \
	VMW_CALLER(vmf_insert_page_mkwrite, vmf_insert_page_mkwrite, PAGE, 2, 0, USE, FAULT, \
		   "pPi", "a fault maps a page") \
	VMW_CALLER(vmf_insert_folio_pmd, vmf_insert_folio_pmd, FOLIO, 2, 0, USE, FAULT, "pPi", \
		   "a fault maps a huge folio") \
	VMW_CALLER(migrate_vma_pages, migrate_vma_pages, MIGRATE_VMA, 1, 0, USE, FAULT, "p", \
		   "a driver has copied pages: mappings change over") \
	VMW_CALLER(migrate_vma_finalize, migrate_vma_finalize, MIGRATE_VMA, 1, 0, USE, FAULT, \
		   "p", "a driver's migration ends") \
	VMW_CALLER(migrate_device_pages, migrate_device_pages, MIGRATE_PFNS, 1, 3, USE, FAULT, \
		   "ppi", "a driver moves pages of its memory out") \
	VMW_CALLER(migrate_device_finalize, migrate_device_finalize, MIGRATE_PFNS, 1, 3, USE, \
		   FAULT, "ppi", "a driver's pages have moved out") \
	VMW_CALLER(migrate_device_pfns, migrate_device_pfns, MIGRATE_PFNS, 1, 2, USE, FAULT, \
		   "pi", "a driver evicts a list of its pages") \
	VMW_CALLER(unpin_user_pages, unpin_user_pages, PAGE_ARRAY, 1, 2, USE, FAULT, "pi", \
		   "pages held for a device are let go") \
	VMW_CALLER(unpin_user_pages_dirty_lock, unpin_user_pages_dirty_lock, PAGE_ARRAY, 1, 2, \
		   USE, FAULT, "pii", "pages that a device wrote are let go") \
	VMW_CALLER(zone_device_page_init, zone_device_page_init, PAGE, 1, 0, USE, PAGE, \
		   "P|Ppi", "a driver hands out a page of its memory") \
	VMW_CALLER(free_zone_device_page, free_zone_device_page, PAGE, 1, 0, USE, PAGE, "P", \
		   "a page of device memory is free again") \
	VMW_CALLER(free_zone_device_folio, free_zone_device_folio, FOLIO, 1, 0, USE, PAGE, \
		   "P", "a folio of device memory is free again") \
	VMW_CALLER(vm_insert_page, vm_insert_page, PAGE, 3, 0, USE, PAGE, "piP", \
		   "a page is mapped to user space") \
	VMW_CALLER(page_remove_rmap, page_remove_rmap, PAGE, 1, 0, USE, PAGE, "Pi|Ppi", \
		   "a page loses a mapping") \
	VMW_CALLER(folio_remove_rmap_ptes, folio_remove_rmap_ptes, PAGE, 2, 0, USE, PAGE, \
		   "PPip", "pages of a folio lose a mapping") \
	VMW_CALLER(page_add_anon_rmap, page_add_anon_rmap, PAGE, 1, 0, USE, PAGE, "Ppii", \
		   "a page gets an anonymous mapping") \
	VMW_CALLER(folio_add_anon_rmap_ptes, folio_add_anon_rmap_ptes, PAGE, 2, 0, USE, PAGE, \
		   "PPipii", "pages of a folio get an anonymous mapping") \
	VMW_CALLER(try_to_migrate, try_to_migrate, FOLIO, 1, 0, USE, PAGE, "Pi", \
		   "mappings of a folio give way to its migration") \
	VMW_CALLER(remove_migration_ptes, remove_migration_ptes, FOLIO, 1, 2, USE, PAGE, \
		   "PPi", "mappings come back after a migration") \
	VMW_CALLER(rmap_walk, rmap_walk, FOLIO, 1, 0, USE, PAGE, "Pp", \
		   "all mappings of a folio are walked") \
	VMW_CALLER(folio_migrate_flags, folio_migrate_flags, FOLIO, 1, 2, USE, PAGE, "PP", \
		   "a folio's state moves to another") \
	VMW_CALLER(folio_migrate_mapping, folio_migrate_mapping, FOLIO, 2, 3, USE, PAGE, \
		   "pPPi", "a folio's place in its mapping moves to another") \
	VMW_CALLER(mem_cgroup_migrate, mem_cgroup_migrate, FOLIO, 1, 2, USE, PAGE, "PP", \
		   "a folio's charge moves to another") \
	VMW_CALLER(mem_cgroup_uncharge, __mem_cgroup_uncharge, FOLIO, 1, 0, USE, PAGE, "P", \
		   "a folio's charge ends") \
	VMW_CALLER(folio_put, __folio_put, FOLIO, 1, 0, USE, PAGE, "P", \
		   "the last reference to a folio is dropped") \
	VMW_CALLER(put_page, __put_page, PAGE, 1, 0, USE, PAGE, "P", \
		   "the last reference to a page is dropped (5.10)") \
	VMW_CALLER(folio_unlock, folio_unlock, FOLIO, 1, 0, USE, PAGE, "P", \
		   "a folio is unlocked") \
	VMW_CALLER(copy_highpage, copy_highpage, PAGE, 1, 2, USE, PAGE, "PP", "a page is copied") \
	VMW_CALLER(dma_map_page_attrs, dma_map_page_attrs, PAGE, 2, 0, USE, PAGE, "pPiiii", \
		   "a page is mapped for a device") \
	VMW_CALLER(get_dev_pagemap, get_dev_pagemap, PFN, 1, 0, LOOKUP, REQUEST, "ip|i", \
		   "is this pfn device memory?") \
	VMW_CALLER(memory_failure, memory_failure, PFN, 1, 0, LOOKUP, REQUEST, "ii", \
		   "hardware reports a memory error") \
	VMW_CALLER(soft_offline_page, soft_offline_page, PFN, 1, 0, LOOKUP, REQUEST, "ii", \
		   "a page is to be taken out of use") \
	VMW_CALLER(remap_pfn_range, remap_pfn_range, PFN, 3, 0, LOOKUP, REQUEST, "piiis", \
		   "pfns are mapped to user space") \
	VMW_CALLER(vmf_insert_pfn, vmf_insert_pfn, PFN, 3, 0, LOOKUP, FAULT, "pii", \
		   "a fault maps a pfn") \
	VMW_CALLER(pfn_to_online_page, pfn_to_online_page, PFN, 1, 0, LOOKUP, PAGE, "i", \
		   "is this pfn online memory?")

/*
 * VMW_BY_RELEASE(name, release): a release whose BTF does not have the function of
 * that row although it is there: its first prototype was read in the source.
 */
#define VMW_BY_RELEASES(VMW_BY_RELEASE) \
	VMW_BY_RELEASE(section_deactivate, "5.10") /* mm/sparse.c, 5.10.223 */

/*
 * Callers that are judged when they return: they fill what they are handed.
 *
 * VMW_RETURN(name, symbol, kind, a, class, heat, prototypes, meaning), as above;
 * of prototypes there is one alone.
 *   kind  MIGRATE_SOURCE  the source array of a struct migrate_vma at a
 *         HMM_RANGE       the array of a struct hmm_range at a
 *         FAULT_PAGE      the page of a struct vm_fault at a
 */
#define VMW_RETURNS(VMW_RETURN) \
	VMW_RETURN(migrate_vma_setup, migrate_vma_setup, MIGRATE_SOURCE, 1, USE, FAULT, "p", \
		   "a driver collects pages to migrate") \
	VMW_RETURN(hmm_range_fault, hmm_range_fault, HMM_RANGE, 1, USE, FAULT, "p", \
		   "a driver asks for the pages of an address range") \
	VMW_RETURN(do_swap_page, do_swap_page, FAULT_PAGE, 1, USE, FAULT, "p", \
		   "a CPU touches a page that is in device memory")

enum vmw_caller_class {
	VMW_CALLER_CERTAIN,
	VMW_CALLER_USE,
	VMW_CALLER_LOOKUP,
};

enum vmw_probe_id {
#define VMW_PROBE(id, symbol, point, class, meaning) VMW_PROBE_##id,
	VMW_PROBES(VMW_PROBE)
#undef VMW_PROBE
	VMW_NR_MAIN_PROBES, /* those of the requests; callers follow */
	VMW_LAST_MAIN_PROBE = VMW_NR_MAIN_PROBES - 1,
#define VMW_CALLER(name, symbol, kind, a, b, class, heat, prototypes, meaning) VMW_PROBE_##name,
	VMW_CALLERS(VMW_CALLER)
#undef VMW_CALLER
#define VMW_RETURN(name, symbol, kind, a, class, heat, prototypes, meaning) VMW_PROBE_##name,
	VMW_RETURNS(VMW_RETURN)
#undef VMW_RETURN
		VMW_NR_PROBES, /* those of --probe follow */
	VMW_MAX_EXTRA_PROBES = 16,
	/* pfn_to_page() where it is inlined: all sites, which site.h tells apart. */
	VMW_PROBE_SITE = VMW_NR_PROBES + VMW_MAX_EXTRA_PROBES,
	VMW_MAX_PROBES,
};

/* True for callers of pfn_to_page(), those of --probe too. */
static inline int vmw_is_caller(unsigned int id)
{
	return id >= VMW_NR_MAIN_PROBES;
}

#endif
