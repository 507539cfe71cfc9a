// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/kallsyms.h"
#include "kernel/shared_file.h"

/* KSYM_NAME_LEN is 512 since 6.1; address, type and module come on top. */
#define LINE_LEN 1024

struct line {
	u64 address;
	char type; /* as nm prints it */
	const char *name;
	const char *module; /* "[name]", or NULL for vmlinux */
};

/* "ffff800008000000 T _stext" or "... t func\t[module]"; cuts @text up. */
static int parse_line(char *text, struct line *line)
{
	char *at, *end;

	errno = 0;
	line->address = strtoull(text, &at, 16);
	if (errno || at == text || at[0] != ' ' || !at[1] || at[2] != ' ')
		return -EBADMSG;
	line->type = at[1];
	line->name = at + 3;
	end = at + 3 + strcspn(at + 3, "\t \n");
	if (end == line->name)
		return -EBADMSG;
	line->module = NULL;
	if (*end == '\t' || *end == ' ') {
		char *module = end + strspn(end, "\t ");

		module[strcspn(module, "\n")] = '\0';
		if (*module == '[')
			line->module = module;
	}
	*end = '\0';
	return 0;
}

typedef void (*line_fn)(const struct line *line, void *context);

static int for_each_line(const char *path, line_fn fn, void *context)
{
	char text[LINE_LEN];
	struct line line;
	FILE *file;
	int err = 0;

	file = vmw_open(path);
	if (!file)
		return -errno;
	while (fgets(text, sizeof(text), file)) {
		err = parse_line(text, &line);
		if (err)
			goto out;
		fn(&line, context);
	}
	if (ferror(file))
		err = -EIO;
out:
	fclose(file);
	return err;
}

struct find {
	struct vmw_symbol *wanted;
	size_t n;
	struct vmw_kallsyms_totals *totals;
};

static void find_in_line(const struct line *line, void *context)
{
	struct find *find = context;
	size_t i;

	find->totals->lines++;
	if (line->address)
		find->totals->addresses++;
	for (i = 0; i < find->n; i++) {
		struct vmw_symbol *symbol = &find->wanted[i];

		if (symbol->start) {
			if (!symbol->end && line->address > symbol->start)
				symbol->end = line->address;
		} else if (*line->name == *symbol->name && !line->module &&
			   !strcmp(line->name, symbol->name)) {
			symbol->start = line->address;
		}
	}
}

int vmw_kallsyms_find(const char *path, struct vmw_symbol *wanted, size_t n,
		      struct vmw_kallsyms_totals *totals)
{
	struct find find = { .wanted = wanted, .n = n, .totals = totals };
	size_t i;

	for (i = 0; i < n; i++)
		wanted[i].start = wanted[i].end = 0;
	memset(totals, 0, sizeof(*totals));
	return for_each_line(path, find_in_line, &find);
}

struct find_bpf {
	const char *name;
	u64 start;
};

static void find_bpf_in_line(const struct line *line, void *context)
{
	struct find_bpf *find = context;

	if (line->module && !strcmp(line->module, "[bpf]") && !strcmp(line->name, find->name))
		find->start = line->address;
}

int vmw_kallsyms_find_bpf(const char *path, const char *name, u64 *ret)
{
	struct find_bpf find = { .name = name };
	int err = for_each_line(path, find_bpf_in_line, &find);

	*ret = find.start;
	return err || find.start ? err : -ENOENT;
}

struct functions {
	const char *name;
	size_t length;
	struct vmw_functions *found;
};

static void count_in_line(const struct line *line, void *context)
{
	struct functions *functions = context;
	struct vmw_functions *found = functions->found;
	const char *behind = line->name + functions->length;

	if (!strchr("tTwW", line->type) ||
	    strncmp(line->name, functions->name, functions->length))
		return;
	if (*behind == '.')
		snprintf(found->variant, sizeof(found->variant), "%s", line->name);
	if (*behind)
		return;
	found->nr++;
	found->module[0] = '\0';
	if (line->module)
		snprintf(found->module, sizeof(found->module), "%.*s",
			 (int)strcspn(line->module + 1, "]"), line->module + 1);
}

int vmw_kallsyms_functions(const char *path, const char *name, struct vmw_functions *found)
{
	struct functions functions = {
		.name = name,
		.length = strlen(name),
		.found = found,
	};

	memset(found, 0, sizeof(*found));
	return for_each_line(path, count_in_line, &functions);
}

struct nearest {
	const u64 *addresses;
	u64 *starts;
	size_t n;
	char *names;
	size_t size;
};

static void name_in_line(const struct line *line, void *context)
{
	struct nearest *nearest = context;
	size_t i;

	for (i = 0; i < nearest->n; i++) {
		u64 address = nearest->addresses[i];

		/* $x and $d mark code and data in modules; they name nothing. */
		if (line->address > address || line->address <= nearest->starts[i] ||
		    *line->name == '$')
			continue;
		nearest->starts[i] = line->address;
		snprintf(nearest->names + i * nearest->size, nearest->size, "%s+0x%llx%s%s",
			 line->name, (address - line->address), line->module ? " " : "",
			 line->module ? line->module : "");
	}
}

int vmw_kallsyms_name(const char *path, const u64 *addresses, size_t n, char *names, size_t size)
{
	struct nearest nearest = {
		.addresses = addresses,
		.n = n,
		.names = names,
		.size = size,
	};
	size_t i;
	int err;

	nearest.starts = calloc(n ? n : 1, sizeof(*nearest.starts));
	if (!nearest.starts)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		names[i * size] = '\0';
	err = for_each_line(path, name_in_line, &nearest);
	free(nearest.starts);
	return err;
}

struct walk {
	vmw_kallsyms_fn *fn;
	void *data;
	int stopped;
};

static void walk_line(const struct line *line, void *context)
{
	struct walk *walk = context;
	char module[64] = "";
	struct vmw_kallsyms_line public = {
		.address = line->address,
		.type = line->type,
		.name = line->name,
		.module = module,
	};

	if (walk->stopped)
		return;
	if (line->module)
		snprintf(module, sizeof(module), "%.*s", (int)strcspn(line->module + 1, "]"),
			 line->module + 1);
	walk->stopped = walk->fn(&public, walk->data);
}

int vmw_kallsyms_walk(const char *path, vmw_kallsyms_fn *fn, void *data)
{
	struct walk walk = { .fn = fn, .data = data };
	int err = for_each_line(path, walk_line, &walk);

	return err ? err : walk.stopped;
}
