// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines that come by the thousand in a second: samples, and what counts are now. A
 * tree of objects for each would cost four times as much as all that is read and
 * sent for it, so they are written as they are. The schema has them like all others.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "output/json/json_lines.h"
#include "output/json/json_parts.h"

struct line {
	char text[2048];
	size_t length;
	const struct vmw_report *report;
};

static void __attribute__((format(printf, 2, 3))) put(struct line *line, const char *format, ...)
{
	va_list args;

	if (line->length >= sizeof(line->text))
		return;
	va_start(args, format);
	line->length += vsnprintf(line->text + line->length, sizeof(line->text) - line->length,
				  format, args);
	va_end(args);
}

static void begin(struct line *line, const struct vmw_report *report, const char *type)
{
	line->length = 0;
	line->report = report;
	put(line, "{\"type\":\"%s\"", type);
}

/* One that does not fit would be no line at all: -EMSGSIZE. */
static int end(struct line *line, FILE *file)
{
	put(line, "}\n");
	if (line->length >= sizeof(line->text))
		return -EMSGSIZE;
	errno = 0;
	if (fwrite(line->text, 1, line->length, file) != line->length || fflush(file))
		return errno ? -errno : -EIO;
	return 0;
}

/* What was made printable has two characters left that JSON wants escaped. */
static void put_bytes(struct line *line, const char *key, const char *bytes, size_t length)
{
	char text[4 * VMW_SYMBOL_LEN + 1];
	const char *at;

	vmw_format_bytes(bytes, length < VMW_SYMBOL_LEN ? length : VMW_SYMBOL_LEN, text,
			 sizeof(text));
	put(line, "\"%s\":\"", key);
	for (at = text; *at; at++)
		put(line, *at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
	put(line, "\"");
}

static void put_time(struct line *line, const char *key, u64 time_ns)
{
	char text[40];

	vmw_format_time(line->report, time_ns, text, sizeof(text));
	put(line, ",\"%s\":{\"utc\":\"%s\",\"boot_ns\":%" PRIu64 "}", key, text, time_ns);
}

static void put_task(struct line *line, const struct vmw_header *header)
{
	put(line, ",\"task\":{");
	put_bytes(line, "comm", header->comm, VMW_COMM_LEN);
	put(line, ",\"pid\":%u,\"tgid\":%u,\"cpu\":%u}", header->pid, header->tgid, header->cpu);
}

static void put_place(struct line *line, const char *key, u64 value)
{
	char text[VMW_ADDRESS_LEN];

	vmw_format_address(line->report->redact, VMW_SECRET_PLACE, value, 1, text);
	put(line, "\"%s\":\"%s\"", key, text);
}

static void put_pages(struct line *line, const struct vmw_range *range)
{
	put(line, ",\"struct_pages\":{");
	put_place(line, "start", range->pages_start);
	put(line, ",");
	put_place(line, "end", range->pages_end);
	put(line, "}");
}

static void put_pfn(struct line *line, const struct vmw_range *range)
{
	put(line, ",\"pfn\":{");
	put_place(line, "start", range->pfn);
	put(line, ",");
	put_place(line, "end", range->pfn + range->nr_pages);
	put(line, ",\"count\":%" PRIu64 "}", range->nr_pages);
}

static void put_regions(struct line *line, const struct vmw_range *range)
{
	u32 kinds = vmw_layout_regions_of(line->report->layout, range->pages_start,
					  range->pages_end);
	const char *comma = "";
	int kind;

	put(line, ",\"regions\":[");
	for (kind = 0; kind < VMW_NR_REGIONS; kind++) {
		if (!(kinds >> kind & 1))
			continue;
		put(line, "%s\"%s\"", comma, vmw_region_names[kind]);
		comma = ",";
	}
	put(line, "]");
}

static void put_range(struct line *line, const struct vmw_range *range)
{
	const struct vmw_report *report = line->report;
	unsigned int shift = report->bounds->page_shift;

	put_pfn(line, range);
	put(line, ",\"phys\":{");
	put_place(line, "start", range->pfn << shift);
	put(line, ",");
	put_place(line, "last", ((range->pfn + range->nr_pages) << shift) - 1);
	put(line, "}");
	put_pages(line, range);
	put(line, ",\"verdict\":\"%s\"", vmw_verdict_names[range->verdict]);
	if (range->bound != VMW_BOUND_NONE) {
		put(line, ",\"bound\":\"%s\",", vmw_bound_name(report->bounds, range->bound));
		put_place(line, "distance", range->distance);
	}
	put_regions(line, range);
	put(line, ",\"kernel_warns\":%s",
	    vmw_kernel_warns(report->bounds, range->pages_start, range->pages_end) ? "true" :
										     "false");
}

static void put_address(struct line *line, const char *key, u64 address)
{
	char text[VMW_ADDRESS_LEN];

	if (!address)
		return;
	vmw_format_address(line->report->redact, VMW_SECRET_ADDRESS, address, 1, text);
	put(line, ",\"%s\":\"%s\"", key, text);
}

int vmw_export_line_sample(const struct vmw_report *report, const struct vmw_observation *o,
			   FILE *file)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[o->header.probe];
	struct vmw_range range = vmw_range_of(o);
	struct line line;

	begin(&line, report, "sample");
	put(&line, ",");
	put_bytes(&line, "probe", info->symbol, strlen(info->symbol));
	put(&line, ",\"point\":\"%s\"", vmw_point_names[info->point]);
	put_time(&line, "time", o->header.time_ns);
	put_task(&line, &o->header);
	if (o->header.request)
		put(&line, ",\"request\":\"0x%" PRIx64 "\"", o->header.request);
	if (o->nr_pages)
		put_range(&line, &range);
	put_address(&line, "ip", o->ip);
	return end(&line, file);
}

int vmw_export_line_counts(const struct vmw_report *report, const struct vmw_used *used,
			   FILE *file)
{
	struct vmw_range range = vmw_report_used_range(report, used);
	char key[VMW_USED_KEY_LEN];
	struct line line;

	vmw_format_used_key(report, used, key);
	begin(&line, report, "counts");
	put(&line, ",");
	put_bytes(&line, "key", key, sizeof(key));
	put(&line, ",\"count\":%" PRIu64 ",\"pages\":%" PRIu64 ",\"samples\":%" PRIu64,
	    used->counts.count, used->counts.pages, used->samples);
	put_pfn(&line, &range);
	put_pages(&line, &range);
	put_time(&line, "last", used->counts.last_ns);
	return end(&line, file);
}
