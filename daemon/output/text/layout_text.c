// SPDX-License-Identifier: GPL-2.0-only
/*
 * The layout for people: the table that one pastes into mail, with where each
 * value was read and who agrees, and the regions that follow from it.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "output/export.h"
#include "report/redact.h"
#include "report/report.h"

/* What a value spans, to be shown behind it; 0: nothing. */
static u64 span_of(const struct vmw_layout *layout, enum vmw_value_id id, u64 value)
{
	static const struct {
		enum vmw_value_id end, start;
	} spans[] = {
		{ VMW_VALUE_VMALLOC_END, VMW_VALUE_VMALLOC_START },
		{ VMW_VALUE_MODULES_END, VMW_VALUE_MODULES_VADDR },
		{ VMW_VALUE_END, VMW_VALUE_EFFECTIVE },
		{ VMW_VALUE_PAGE_END, VMW_VALUE_PAGE_OFFSET },
		{ VMW_VALUE_IMAGE_END, VMW_VALUE_IMAGE_START },
		{ VMW_VALUE_PCI_IO_END, VMW_VALUE_PCI_IO_START },
		{ VMW_VALUE_KASAN_END, VMW_VALUE_KASAN_START },
	};
	u64 start;
	size_t i;

	switch (id) {
	case VMW_VALUE_SIZE:
	case VMW_VALUE_PAGE_SIZE:
	case VMW_VALUE_PMD_SIZE:
	case VMW_VALUE_PUD_SIZE:
	case VMW_VALUE_PGDIR_SIZE:
		return value;
	default:
		break;
	}
	for (i = 0; i < sizeof(spans) / sizeof(*spans); i++) {
		if (spans[i].end == id && vmw_layout_get(layout, spans[i].start, &start))
			return value - start;
	}
	return 0;
}

struct row {
	const char *name;
	const char *agreement;
	const char *span;
	const char *remark;
};

static void print_reading(bool redact, enum vmw_value_id id, const struct vmw_reading *r,
			  const struct row *row, FILE *file)
{
	char value[VMW_ADDRESS_LEN], where[160];

	if (vmw_value_infos[id].base == 16)
		vmw_format_address(redact, vmw_secret_of(id), r->value, 16, value);
	else
		snprintf(value, sizeof(value), "%" PRIu64, r->value);
	snprintf(where, sizeof(where), "%s: %s", vmw_source_names[r->source], r->where);
	fprintf(file, "  %-25s %-18s %-11s %-13s %s%s\n", row->name, value, row->span,
		row->agreement, where, row->remark);
}

/* What PHYS_OFFSET is of, as the kernel prints it. */
static void print_memstart(bool redact, u64 value, FILE *file)
{
	if (redact)
		return;
	fprintf(file, "  %-25s %-18" PRId64 "\n", "memstart_addr (signed)", (s64)value);
}

static void print_value(const struct vmw_layout *layout, bool redact, enum vmw_value_id id,
			FILE *file)
{
	const struct vmw_value *value = &layout->values[id];
	char size[32], span[40] = "";
	struct row row;
	u64 bytes;
	unsigned int i;

	if (!value->nr)
		return;
	bytes = span_of(layout, id, value->readings[0].value);
	if (bytes) {
		vmw_format_size(bytes, size, sizeof(size));
		snprintf(span, sizeof(span), "(%s)", size);
	}
	for (i = 0; i < value->nr; i++) {
		bool differs = value->readings[i].value != value->readings[0].value;

		row = (struct row){
			.name = i ? "" : vmw_value_infos[id].name,
			.agreement = i ? "" : vmw_layout_agreement(layout, id),
			.span = i ? "" : span,
			.remark = differs ? " (DIFFERS)" : "",
		};
		print_reading(redact, id, &value->readings[i], &row, file);
	}
	if (id == VMW_VALUE_PHYS_OFFSET)
		print_memstart(redact, value->readings[0].value, file);
}

/* Sizes of what follows on each other add up to addresses: they are hidden, too. */
static void print_regions(const struct vmw_layout *layout, bool redact, FILE *file)
{
	char start[VMW_ADDRESS_LEN], last[VMW_ADDRESS_LEN], size[32] = "";
	size_t i;

	if (!layout->nr_regions)
		return;
	fprintf(file, "\nREGIONS of its address space\n");
	for (i = 0; i < layout->nr_regions; i++) {
		const struct vmw_region *r = &layout->regions[i];

		vmw_format_address(redact, VMW_SECRET_VALUE, r->start, 16, start);
		vmw_format_address(redact, VMW_SECRET_VALUE, r->last, 16, last);
		if (!redact)
			vmw_format_size(r->last - r->start + 1, size, sizeof(size));
		fprintf(file, "  %s-%s  %10s  %s\n", start, last, size,
			vmw_region_names[r->kind]);
	}
}

static void print_sources(const struct vmw_layout *layout, FILE *file)
{
	bool first = true;
	int id;

	for (id = 0; id < VMW_NR_SOURCES; id++) {
		const struct vmw_source *s = &layout->sources[id];

		if (!*s->note)
			continue;
		fprintf(file, "%s  %-12s %s%s\n",
			first ? "\nSOURCES that say less than they could\n" : "",
			vmw_source_names[id], s->state == VMW_SOURCE_FAILED ? "not here: " : "",
			s->note);
		first = false;
	}
}

static void print_unknown(const struct vmw_layout *layout, FILE *file)
{
	const char *comma = "  not known: ";
	int id;

	for (id = 0; id < VMW_NR_VALUES; id++) {
		/* A kernel without KASAN has no shadow to know of. */
		if (layout->values[id].nr || id == VMW_VALUE_KASAN_START ||
		    id == VMW_VALUE_KASAN_END)
			continue;
		fprintf(file, "%s%s", comma, vmw_value_infos[id].name);
		comma = ", ";
	}
	if (*comma == ',')
		fputc('\n', file);
}

void vmw_print_layout(const struct vmw_layout *layout, bool redact, FILE *file)
{
	int id;

	if (*layout->kernel)
		fprintf(file, "LAYOUT of Linux %s, and where each value was read\n",
			layout->kernel);
	else
		fprintf(file, "LAYOUT of a kernel, and where each value was read\n");
	for (id = 0; id < VMW_NR_VALUES; id++)
		print_value(layout, redact, id, file);
	print_unknown(layout, file);
	print_regions(layout, redact, file);
	print_sources(layout, file);
	fputc('\n', file);
}

int vmw_export_layout_text(const struct vmw_layout *layout, bool redact, FILE *file)
{
	errno = 0;
	vmw_print_layout(layout, redact, file);
	return fflush(file) || ferror(file) ? (errno ? -errno : -EIO) : 0;
}
