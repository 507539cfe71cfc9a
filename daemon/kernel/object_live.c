// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/kallsyms.h"
#include "kernel/object_live.h"

#define PAGE	     4096
#define READ_AT_ONCE (256 << 10)
/* Functions further apart are of other sections, with data or nothing between them. */
#define MAX_GAP	  (1 << 20)
#define BLACKLIST "/sys/kernel/debug/kprobes/blacklist"

struct listing {
	const char *module; /* "" for vmlinux */
	struct vmw_object_symbol *symbols;
	size_t nr, room;
	size_t *names; /* where each name is in @text, which moves while it grows */
	size_t room_names;
	char *text;
	size_t length, room_text;
	u64 memstart;
	u64 text_start, text_end, init_start, init_end; /* of vmlinux */
	size_t lines;
};

static int grow(void **array, size_t *room, size_t needed, size_t size)
{
	void *bigger;

	if (needed <= *room)
		return 0;
	while (*room < needed)
		*room = *room ? 2 * *room : 1024;
	bigger = realloc(*array, *room * size);
	if (!bigger)
		return -ENOMEM;
	*array = bigger;
	return 0;
}

static int add_symbol(struct listing *l, const struct vmw_kallsyms_line *line)
{
	size_t length = strlen(line->name) + 1;
	int err = grow((void **)&l->symbols, &l->room, l->nr + 1, sizeof(*l->symbols));

	if (!err)
		err = grow((void **)&l->names, &l->room_names, l->nr + 1, sizeof(*l->names));
	if (!err)
		err = grow((void **)&l->text, &l->room_text, l->length + length, 1);
	if (err)
		return err;
	l->names[l->nr] = l->length;
	memcpy(l->text + l->length, line->name, length);
	l->length += length;
	l->symbols[l->nr++] =
		(struct vmw_object_symbol){ .start = line->address, .is_function = true };
	return 0;
}

static void note_bounds(struct listing *l, const struct vmw_kallsyms_line *line)
{
	if (!strcmp(line->name, "memstart_addr"))
		l->memstart = line->address;
	else if (!strcmp(line->name, "_stext"))
		l->text_start = line->address;
	else if (!strcmp(line->name, "_etext"))
		l->text_end = line->address;
	else if (!strcmp(line->name, "_sinittext") || !strcmp(line->name, "__inittext_begin"))
		l->init_start = line->address;
	else if (!strcmp(line->name, "_einittext") || !strcmp(line->name, "__inittext_end"))
		l->init_end = line->address;
}

static int list_line(const struct vmw_kallsyms_line *line, void *data)
{
	struct listing *l = data;

	l->lines += line->address != 0;
	if (!*line->module)
		note_bounds(l, line);
	if (strcmp(line->module, l->module) || !line->address || !strchr("tTwW", line->type) ||
	    *line->name == '$' || *line->name == '.')
		return 0;
	return add_symbol(l, line);
}

/* Of vmlinux kallsyms lists more than what is still there. */
static void drop_outside(struct listing *l)
{
	size_t i, kept = 0;

	for (i = 0; i < l->nr && l->text_end; i++) {
		u64 at = l->symbols[i].start;

		if (at < l->text_start || at >= l->text_end ||
		    (at >= l->init_start && at < l->init_end))
			continue;
		l->symbols[kept] = l->symbols[i];
		l->names[kept++] = l->names[i];
	}
	l->nr = kept;
}

static int compare(const void *a, const void *b)
{
	const struct vmw_object_symbol *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* As much of the instructions from @start up to @end as can be read. */
static int read_code(struct vmw_object_section *section, u64 start, u64 end,
		     struct vmw_memory *memory)
{
	size_t bytes = end - start, done, n;
	int err = 0;

	section->start = start;
	section->code = malloc(bytes);
	if (!section->code)
		return -ENOMEM;
	for (done = 0; done < bytes; done += n) {
		n = bytes - done < READ_AT_ONCE ? bytes - done : READ_AT_ONCE;
		err = vmw_memory_read(memory, start + done, (char *)section->code + done, n);
		if (err)
			break;
	}
	section->n = done / 4;
	return done ? 0 : err;
}

/* Sections, as the functions lie; the last one of each may go on for some pages. */
static int read_sections(struct vmw_object *o, struct listing *l, struct vmw_memory *memory)
{
	size_t i, first = 0;
	int err = 0;

	o->sections = calloc(l->nr + 1, sizeof(*o->sections));
	if (!o->sections)
		return -ENOMEM;
	for (i = 0; i < l->nr && !err; i++) {
		u64 last = l->symbols[i].start, end = (last & ~(PAGE - 1ULL)) + PAGE;

		l->symbols[i].section = o->nr_sections;
		if (i + 1 < l->nr && l->symbols[i + 1].start - last < MAX_GAP)
			continue;
		if (l->text_end && l->text_end - last < MAX_GAP)
			end = l->text_end;
		err = read_code(&o->sections[o->nr_sections++], l->symbols[first].start, end,
				memory);
		first = i + 1;
	}
	return err;
}

/* Where debugfs is mounted the kernel says what it refuses. */
static void read_blacklist(struct vmw_object *o)
{
	FILE *file = fopen(BLACKLIST, "re");
	char line[512];
	size_t room = 0;
	u64 start;

	while (file && fgets(line, sizeof(line), file)) {
		start = strtoull(line, NULL, 16);
		if (!start ||
		    grow((void **)&o->no_probes, &room, o->nr_no_probes + 1, sizeof(start)))
			continue;
		o->no_probes[o->nr_no_probes++] = start;
	}
	if (file)
		fclose(file);
	if (o->nr_no_probes)
		qsort(o->no_probes, o->nr_no_probes, sizeof(start), vmw_compare_addresses);
}

static int fill(struct vmw_object *o, struct listing *l, struct vmw_memory *memory)
{
	size_t i;
	int err;

	for (i = 0; i < l->nr; i++)
		l->symbols[i].name = l->text + l->names[i];
	o->names = l->text;
	l->text = NULL;
	qsort(l->symbols, l->nr, sizeof(*l->symbols), compare);
	err = read_sections(o, l, memory);
	if (!err)
		err = vmw_object_set_functions(o, l->symbols, l->nr);
	if (err)
		return err;
	o->memstart = l->memstart;
	read_blacklist(o);
	vmw_object_find_traced(o);
	return 0;
}

static int list(struct listing *l, const char *module, const char *kallsyms, char *why,
		size_t size)
{
	int err = vmw_kallsyms_walk(kallsyms, list_line, l);

	if (err) {
		snprintf(why, size, "%s: %s", kallsyms, strerror(-err));
		return err;
	}
	if (!l->lines) {
		snprintf(why, size, "%s hides addresses: run as root", kallsyms);
		return -EPERM;
	}
	if (*l->module)
		l->text_end = 0;
	else
		drop_outside(l);
	if (!l->nr) {
		snprintf(why, size, "%s is not loaded", module);
		return -ENOENT;
	}
	return 0;
}

static void read_identity(struct vmw_object *o, const char *module)
{
	struct vmw_module_identity identity;

	if (!strcmp(module, VMW_VMLINUX))
		return;
	vmw_module_identity_read(module, &identity);
	memcpy(o->srcversion, identity.srcversion, sizeof(o->srcversion));
	memcpy(o->build_id, identity.build_id, sizeof(o->build_id));
}

int vmw_object_live(struct vmw_object *ret, const char *module, const char *kallsyms,
		    struct vmw_memory *memory, char *why, size_t size)
{
	struct listing l = { .module = strcmp(module, VMW_VMLINUX) ? module : "" };
	int err = list(&l, module, kallsyms, why, size);

	memset(ret, 0, sizeof(*ret));
	if (!err) {
		read_identity(ret, module);
		snprintf(ret->name, sizeof(ret->name), "%s", module);
		err = fill(ret, &l, memory);
		if (err)
			vmw_memory_why(memory, err, why, size);
	}
	if (err)
		vmw_object_free(ret);
	free(l.symbols);
	free(l.names);
	free(l.text);
	return err;
}
