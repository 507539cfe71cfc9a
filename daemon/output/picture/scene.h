/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a picture shows, before anything is drawn: an address space cut into bands,
 * the bounds that lie between them, and where offenders are. Sizes in there differ by
 * thirteen orders of two and more, so that no picture of it can be to scale: a band
 * is as tall as the logarithm of its size, within itself it is linear, and whatever
 * is to be seen (an offender of 4 MiB in a hole of 2 TiB) is cut out as a band of its
 * own. Pure: asks nobody, draws nothing.
 */
#ifndef VMEMMAPWATCH_OUTPUT_PICTURE_SCENE_H
#define VMEMMAPWATCH_OUTPUT_PICTURE_SCENE_H

#include "report/redact.h"
#include "report/report.h"

/* What there is to be drawn. */
struct vmw_picture {
	const struct vmw_layout *layout;
	const struct vmw_bounds *bounds; /* NULL: not known, or in dispute */
	const struct vmw_report *report; /* NULL: nobody has watched */
	const struct vmw_iomem *iomem;	 /* NULL: not known, and */
	const char *iomem_why;		 /* why not, in one line */
	bool redact;
};

/* What a band is. Those of the virtual space are first, and in the order of regions. */
enum vmw_fill {
	VMW_FILL_REGION, /* + enum vmw_region_kind */
	VMW_FILL_RAM = VMW_FILL_REGION + VMW_NR_REGIONS,
	VMW_FILL_COVERED,   /* physical, vmemmap has struct pages for it */
	VMW_FILL_UNCOVERED, /* physical, it has none */
	VMW_FILL_PHYSICAL,  /* physical, whether it has is not known */
	VMW_NR_FILLS,
};

/* A word for each, of letters and -. */
extern const char *const vmw_fill_names[VMW_NR_FILLS];

struct vmw_band {
	u64 first;
	u64 last; /* inclusive */
	enum vmw_fill fill;
	const char *label;
	char size[16];	   /* "4 MiB"; "" where it may not be told */
	unsigned int bits; /* log2 of its size in bytes; all alike where redacted */
	u32 marks;	   /* a bit for each that covers it */
};

/* Struct pages out of bounds (or the memory that they are of), maybe of several offenders. */
struct vmw_mark {
	u64 first;
	u64 last; /* inclusive; below first where it goes on at 0 */
	u32 verdict;
	bool wraps; /* came past 2^64, all of it or its end */
	bool live;
	bool closed;			     /* no more numbers fit */
	char numbers[32];		     /* "1, 3": as the report counts them */
	char driver[4 * VMW_DRIVER_LEN + 1]; /* of the first one, printable */
};

/* A value that is a bound: between the band that begins there and the one below. */
struct vmw_pin {
	u64 at;
	const char *name;
	char sources[80]; /* "vmcoreinfo, code"; or what else there is to say */
	bool strong;	  /* a bound that verdicts rest on */
};

#define VMW_SCENE_MARKS 24
#define VMW_SCENE_PINS	32
#define VMW_SCENE_CUTS	(VMW_MAX_REGIONS + 2 * VMW_SCENE_MARKS + VMW_SCENE_PINS + 32)

struct vmw_scene {
	bool physical;
	bool redact;
	struct vmw_band bands[VMW_SCENE_CUTS]; /* the lowest first, without gaps */
	size_t nr_bands;		       /* 0: nothing is known to draw */
	struct vmw_mark marks[VMW_SCENE_MARKS];
	size_t nr_marks;
	size_t more;	/* offenders that there was no room for */
	size_t nowhere; /* physical: of addresses that arm64 does not have */
	struct vmw_pin pins[VMW_SCENE_PINS];
	size_t nr_pins;
	u64 cuts[VMW_SCENE_CUTS]; /* sorted; one for each band */
	size_t nr_cuts;
};

/* The kernel's (and user's) addresses. */
void vmw_scene_virtual(struct vmw_scene *scene, const struct vmw_picture *picture);

/* Physical memory: RAM, what vmemmap has struct pages for, and what offenders have. */
void vmw_scene_physical(struct vmw_scene *scene, const struct vmw_picture *picture);

/*
 * The address that the band @i begins at, or "redacted". At most VMW_PLACE_LEN columns.
 */
#define VMW_PLACE_LEN 18
void vmw_scene_address(const struct vmw_scene *scene, size_t i, char text[VMW_ADDRESS_LEN]);

/* Of the memory that vmemmap has struct pages for: "0x0-0x7fffffffffff"; or why not. */
#define VMW_COVERED_LEN 80
void vmw_scene_covered(const struct vmw_picture *picture, char text[VMW_COVERED_LEN]);

/* Does any mark come past 2^64? Its number, or -1. */
int vmw_scene_wrap(const struct vmw_scene *scene);

/* The band that has @at, which lies in the scene. */
size_t vmw_scene_band(const struct vmw_scene *scene, u64 at);

#endif
