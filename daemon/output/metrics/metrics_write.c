// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "output/metrics/metrics_write.h"
#include "report/report.h"

#define PREFIX "vmemmapwatch_"

/*
 * OpenMetrics calls the family of x_total x. That, and # EOF, is all that keeps
 * the one format from being the other.
 */
void vmw_metrics_family(struct vmw_metrics *m, enum vmw_metric_type type, const char *name,
			const char *help)
{
	int length = strlen(name);

	if (m->openmetrics && type == VMW_COUNTER)
		length -= strlen("_total");
	fprintf(m->file, "# HELP " PREFIX "%.*s %s\n", length, name, help);
	fprintf(m->file, "# TYPE " PREFIX "%.*s %s\n", length, name,
		type == VMW_COUNTER ? "counter" : "gauge");
	m->family = name;
}

static void begin(struct vmw_metrics *m)
{
	if (!m->nr_labels)
		fprintf(m->file, PREFIX "%s", m->family);
}

/* The formats escape three: a backslash, a quote, and the newline, which is none here. */
void vmw_metrics_label(struct vmw_metrics *m, const char *key, const char *value)
{
	char text[1024];
	const char *c;

	begin(m);
	vmw_format_bytes(value, strlen(value), text, sizeof(text));
	fprintf(m->file, "%c%s=\"", m->nr_labels++ ? ',' : '{', key);
	for (c = text; *c; c++) {
		if (*c == '\\' || *c == '"')
			fputc('\\', m->file);
		fputc(*c, m->file);
	}
	fputc('"', m->file);
}

static void end_labels(struct vmw_metrics *m)
{
	begin(m);
	fputs(m->nr_labels ? "} " : " ", m->file);
	m->nr_labels = 0;
}

void vmw_metrics_number(struct vmw_metrics *m, u64 value)
{
	end_labels(m);
	fprintf(m->file, "%llu\n", value);
}

void vmw_metrics_seconds(struct vmw_metrics *m, s64 ns)
{
	u64 size = ns < 0 ? -(u64)ns : (u64)ns;

	end_labels(m);
	fprintf(m->file, "%s%llu.%09llu\n", ns < 0 ? "-" : "", size / 1000000000,
		size % 1000000000);
}

int vmw_metrics_end(struct vmw_metrics *m)
{
	if (m->openmetrics)
		fputs("# EOF\n", m->file);
	if (fflush(m->file) || ferror(m->file))
		return errno ? -errno : -EIO;
	return 0;
}
