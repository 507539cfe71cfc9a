/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where vmemmap and its neighbours are: values, each with every source that
 * knows it, and what is chosen from them. read.c asks a running kernel, from.c
 * a file; layout.c reconciles, derive.c and formula.c add what follows.
 */
#ifndef VMEMMAPWATCH_LAYOUT_LAYOUT_H
#define VMEMMAPWATCH_LAYOUT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/event.h>
#include <vmemmapwatch/verdict.h>

/*
 * VMW_VALUE(id, name, base): in the order of the table that people paste into
 * mail; name as in JSON and text, base to print in.
 *   START, END      what the kernel's own WARN compares with
 *   EFFECTIVE       where struct pages may really begin, see verdict.h
 *   VMEMMAP         address of the struct page of pfn 0
 *   VA_BITS         CONFIG_ARM64_VA_BITS; VA_BITS_ACTUAL: what this CPU runs
 *   PHYS_OFFSET     memstart_addr: physical start of the linear map, signed
 * All addresses and sizes are bytes.
 */
#define VMW_VALUES(VMW_VALUE) \
	VMW_VALUE(PAGE_OFFSET, "PAGE_OFFSET", 16) \
	VMW_VALUE(PAGE_END, "PAGE_END", 16) \
	VMW_VALUE(HIGH_MEMORY, "high_memory", 16) \
	VMW_VALUE(VMALLOC_START, "VMALLOC_START", 16) \
	VMW_VALUE(VMALLOC_END, "VMALLOC_END", 16) \
	VMW_VALUE(VMEMMAP, "vmemmap", 16) \
	VMW_VALUE(START, "VMEMMAP_START", 16) \
	VMW_VALUE(EFFECTIVE, "VMEMMAP_START (effective)", 16) \
	VMW_VALUE(END, "VMEMMAP_END", 16) \
	VMW_VALUE(SIZE, "VMEMMAP_SIZE", 16) \
	VMW_VALUE(VMEMMAP_SHIFT, "VMEMMAP_SHIFT", 10) \
	VMW_VALUE(PHYS_OFFSET, "PHYS_OFFSET", 16) \
	VMW_VALUE(MODULES_VADDR, "MODULES_VADDR", 16) \
	VMW_VALUE(MODULES_END, "MODULES_END", 16) \
	VMW_VALUE(IMAGE_START, "_text", 16) \
	VMW_VALUE(IMAGE_END, "_end", 16) \
	VMW_VALUE(KIMAGE_VOFFSET, "kimage_voffset", 16) \
	VMW_VALUE(PCI_IO_START, "PCI_IO_START", 16) \
	VMW_VALUE(PCI_IO_END, "PCI_IO_END", 16) \
	VMW_VALUE(FIXADDR_TOP, "FIXADDR_TOP", 16) \
	VMW_VALUE(KASAN_START, "KASAN_SHADOW_START", 16) \
	VMW_VALUE(KASAN_END, "KASAN_SHADOW_END", 16) \
	VMW_VALUE(PAGE_SHIFT, "PAGE_SHIFT", 10) \
	VMW_VALUE(PAGE_SIZE, "PAGE_SIZE", 16) \
	VMW_VALUE(PAGE_MASK, "PAGE_MASK", 16) \
	VMW_VALUE(PMD_SIZE, "PMD_SIZE", 16) \
	VMW_VALUE(PMD_MASK, "PMD_MASK", 16) \
	VMW_VALUE(PUD_SIZE, "PUD_SIZE", 16) \
	VMW_VALUE(PUD_MASK, "PUD_MASK", 16) \
	VMW_VALUE(PGDIR_SIZE, "PGDIR_SIZE", 16) \
	VMW_VALUE(STRUCT_PAGE, "sizeof(struct page)", 10) \
	VMW_VALUE(VA_BITS, "VA_BITS", 10) \
	VMW_VALUE(VA_BITS_ACTUAL, "VA_BITS (actual)", 10) \
	VMW_VALUE(MAX_PHYS, "MAX_PHYSMEM_BITS", 10) \
	VMW_VALUE(SECTION_BITS, "SECTION_SIZE_BITS", 10)

enum vmw_value_id {
#define VMW_VALUE(id, name, base) VMW_VALUE_##id,
	VMW_VALUES(VMW_VALUE)
#undef VMW_VALUE
	VMW_NR_VALUES,
};

struct vmw_value_info {
	const char *name;
	int base;
};

extern const struct vmw_value_info vmw_value_infos[VMW_NR_VALUES];

/* The id of the value of that name; VMW_NR_VALUES where there is none. */
enum vmw_value_id vmw_value_by_name(const char *name);

/*
 * VMW_SOURCE(id, name, what it is): the order in which a running kernel is
 * asked. The first live reading of a value is the chosen one; kallsyms finds
 * the addresses that others read at; bounds tell kcore's segments apart.
 */
#define VMW_SOURCES(VMW_SOURCE) \
	VMW_SOURCE(KALLSYMS, "kallsyms", "symbols of /proc/kallsyms, and their values") \
	VMW_SOURCE(VMCOREINFO, "vmcoreinfo", "the kernel's note for dump tools") \
	VMW_SOURCE(CODE, "code", "the kernel's own check, in the code of vmemmap_free()") \
	VMW_SOURCE(CONVERSIONS, "conversions", "pfn_to_page() and its like, in the code of mm/") \
	VMW_SOURCE(BTF, "btf", "the kernel's type information") \
	VMW_SOURCE(PROCESS, "process", "the address space of this process") \
	VMW_SOURCE(CONFIG, "config", "the kernel's configuration") \
	VMW_SOURCE(MEM_SECTION, "mem_section", "the sections of memory that are present") \
	VMW_SOURCE(SEGMENTS, "segments", "the program headers of /proc/kcore") \
	VMW_SOURCE(TRACEPOINT, "tracepoint", "pages allocated to this process") \
	VMW_SOURCE(FILE, "file", "what the file says") \
	VMW_SOURCE(DERIVED, "derived", "computed from other values") \
	VMW_SOURCE(FORMULA, "formula", "the formulas of this release")

enum vmw_source_id {
#define VMW_SOURCE(id, name, what) VMW_SOURCE_##id,
	VMW_SOURCES(VMW_SOURCE)
#undef VMW_SOURCE
	VMW_NR_SOURCES,
};

extern const char *const vmw_source_names[VMW_NR_SOURCES];

/* The id of the source of that name; VMW_NR_SOURCES where there is none. */
enum vmw_source_id vmw_source_by_name(const char *name);

enum vmw_origin {
	VMW_LIVE,    /* read from the running kernel */
	VMW_STATED,  /* in a file that somebody wrote */
	VMW_DERIVED, /* computed from values that were read */
	VMW_FORMULA, /* what the sources of that release would have */
	VMW_NR_ORIGINS,
};

extern const char *const vmw_origin_names[VMW_NR_ORIGINS];

struct vmw_reading {
	u64 value;
	enum vmw_source_id source;
	enum vmw_origin origin;
	/*
	 * Derived, but from live readings that no other witness of this value
	 * has a part in: worth as much as a live one.
	 */
	bool from_live;
	/*
	 * The kernel variable that was read, "" where it is none: two views of
	 * one variable are one witness, not two.
	 */
	char variable[20];
	char where[96]; /* in its source: a symbol, a key, a formula */
};

#define VMW_MAX_READINGS 8

struct vmw_value {
	struct vmw_reading readings[VMW_MAX_READINGS];
	unsigned int nr;      /* the chosen one is the first */
	unsigned int dropped; /* that did not fit: a disagreement in itself */
	bool trusted;	      /* the chosen one is by --trust */
};

/* What one source said of itself. */
struct vmw_source {
	enum {
		VMW_SOURCE_UNUSED, /* not asked */
		VMW_SOURCE_READ,
		VMW_SOURCE_FAILED, /* not on this kernel, or not for us */
	} state;
	char note[200]; /* why it failed, or what it lacks */
};

enum vmw_region_kind {
	VMW_REGION_USER,
	VMW_REGION_NON_CANONICAL,
	VMW_REGION_LINEAR,
	VMW_REGION_KASAN,
	VMW_REGION_BPF_JIT,
	VMW_REGION_MODULES,
	VMW_REGION_IMAGE,
	VMW_REGION_VMALLOC,
	VMW_REGION_FIXMAP,
	VMW_REGION_PCI_IO,
	VMW_REGION_VMEMMAP,
	VMW_REGION_HOLE,
	VMW_REGION_UNKNOWN, /* a hole, or what the layout does not know */
	VMW_NR_REGIONS,
};

extern const char *const vmw_region_names[VMW_NR_REGIONS];

struct vmw_region {
	u64 start;
	u64 last; /* inclusive: the highest one ends at 2^64 - 1 */
	enum vmw_region_kind kind;
};

#define VMW_MAX_REGIONS 32

struct vmw_release {
	unsigned int major; /* 0: not known */
	unsigned int minor;
};

/* What the configuration says of KASAN's shadow; without it there is none. */
struct vmw_kasan {
	unsigned int scale_shift; /* 3 generic, 4 software tags; 0: off */
	u64 offset;		  /* CONFIG_KASAN_SHADOW_OFFSET */
};

enum vmw_file_kind {
	VMW_FILE_NONE,
	VMW_FILE_TABLE,
	VMW_FILE_VMCOREINFO,
	VMW_FILE_JSON,
};

/*
 * Where that is which tells the kernel's own limits (daemon/kernel/): 0 where
 * kallsyms has no address.
 */
struct vmw_anchors {
	struct vmw_text get_free_mem_region; /* or the function before 6.0 */
	struct vmw_text mhp_get_pluggable_range;
	struct vmw_text mhp_range_allowed;
	struct vmw_text memremap_pages;
	u64 trampolines[VMW_MAX_TRAMPOLINES]; /* of return probes */
	u64 memstart_addr;		      /* variables */
	u64 iomem_resource;
	u64 boot_cpu_data;
	u32 mmfr0_offset; /* of reg_id_aa64mmfr0 in it, by BTF; 0: unknown */
	bool listed;	  /* kallsyms has addresses at all */
	bool old_search;  /* it is __request_free_mem_region(), as before 6.0 */
};

struct vmw_layout {
	struct vmw_value values[VMW_NR_VALUES];
	struct vmw_source sources[VMW_NR_SOURCES];
	enum vmw_source_id trust; /* VMW_NR_SOURCES: none */
	char kernel[80];	  /* the release in full, or "" */
	struct vmw_release release;
	struct vmw_kasan kasan;
	char era[24];		 /* the releases whose formulas apply, or "" */
	enum vmw_file_kind file; /* what it was read from, if not a kernel */
	/* All of the address space, in order, without gaps. */
	struct vmw_region regions[VMW_MAX_REGIONS];
	size_t nr_regions;
	/* Functions whose WARNs are ours; 0-0 where kallsyms has no address. */
	struct vmw_text warn_text[VMW_MAX_WARN_TEXTS];
	struct vmw_anchors anchors;
};

/*
 * Is @name (of @length bytes) a function whose WARNs are ours, or a compiler's
 * copy of one, as "free_hotplug_page_range.part.0" is?
 */
bool vmw_is_warn_function(const char *name, size_t length);

/* Empty, believing @trust (or VMW_NR_SOURCES: nobody) before all others. */
void vmw_layout_init(struct vmw_layout *layout, enum vmw_source_id trust);

/*
 * The last physical address of the linear map, 0 where it is not known:
 * __pa(PAGE_END - 1), arch/arm64/include/asm/memory.h 6.12.117.
 */
u64 vmw_layout_linear_last(const struct vmw_layout *layout);

/* Is its release known, and before @major.@minor? */
bool vmw_layout_is_before(const struct vmw_layout *layout, unsigned int major,
			  unsigned int minor);

/* "6.12.107+deb12-arm64" -> 6, 12; also into layout->kernel. */
void vmw_layout_set_release(struct vmw_layout *layout, const char *release);

/*
 * Read all sources of the running kernel into @layout, which is initialised
 * here. Never fails: what each source lacks is said in layout->sources, and
 * what is missing is told by vmw_layout_bounds().
 */
void vmw_layout_read(struct vmw_layout *layout, enum vmw_source_id trust);

/*
 * Add what follows from the readings in @layout: derived values, the formulas
 * of its release, the regions. Once, after the last reading.
 */
void vmw_layout_finish(struct vmw_layout *layout);

/* One reading more for @id; @where is cut where it is longer than a reading's. */
void vmw_layout_add(struct vmw_layout *layout, enum vmw_value_id id,
		    const struct vmw_reading *reading);

/* The same for what a source simply reads. */
void vmw_layout_add_live(struct vmw_layout *layout, enum vmw_value_id id,
			 enum vmw_source_id source, const char *where, u64 value);

/*
 * The same for what is computed from the chosen values of @a and @b (which may
 * be one): where a formula alone knows either, this is by formula, too.
 */
void vmw_layout_add_derived(struct vmw_layout *layout, enum vmw_value_id id, enum vmw_value_id a,
			    enum vmw_value_id b, const char *where, u64 value);

/* True, and the chosen value in *@ret, when any source knows @id. */
bool vmw_layout_get(const struct vmw_layout *layout, enum vmw_value_id id, u64 *ret);

/*
 * "agree" (two independent live sources), "single source", "stated", "derived",
 * "formula" (nothing else), "disagree", "trusted" (would disagree but for
 * --trust) or "unknown".
 */
const char *vmw_layout_agreement(const struct vmw_layout *layout, enum vmw_value_id id);

/* How many live readings of @value are independent of each other. */
unsigned int vmw_layout_witnesses(const struct vmw_value *value);

/*
 * True where sources of the value @id contradict each other and none is trusted.
 * What a formula says does not count against two independent live sources: those
 * of a patched kernel may well be right. With --trust, what is computed does not
 * count either: it may come from what is not trusted.
 */
bool vmw_layout_disagrees(const struct vmw_layout *layout, enum vmw_value_id id);

/*
 * True for what verdicts rest on: a disagreement about it ends a live mode. Of
 * the others it is shown.
 */
bool vmw_layout_matters(enum vmw_value_id id);

/* True where only a formula knows @value, or a formula says something else. */
bool vmw_layout_is_formula(const struct vmw_value *value);
bool vmw_layout_formula_differs(const struct vmw_value *value);

/*
 * The bounds that verdicts need. -ENODATA with the missing value's id in
 * *@ret_missing, -EBADMSG with the id of one that cannot be.
 */
int vmw_layout_bounds(const struct vmw_layout *layout, struct vmw_bounds *ret,
		      enum vmw_value_id *ret_missing);

/* Can @id be @value at all? Page shifts, VA bits and the like have limits. */
bool vmw_layout_is_sane(enum vmw_value_id id, u64 value);

/* The region that @address is in; NULL where the layout knows none at all. */
const struct vmw_region *vmw_layout_region(const struct vmw_layout *layout, u64 address);

/*
 * The kinds of regions, a bit 1 << kind each, that the addresses from @start up
 * to before @end are in; around the end of the address space where @end is not
 * above @start.
 */
u32 vmw_layout_regions_of(const struct vmw_layout *layout, u64 start, u64 end);

/* Fill layout->regions from the values. */
void vmw_layout_make_regions(struct vmw_layout *layout);

/* What follows from values that all sources have given by now. */
void vmw_layout_derive(struct vmw_layout *layout);
void vmw_layout_derive_rest(struct vmw_layout *layout);

#endif
