// SPDX-License-Identifier: GPL-2.0-only
/* A file in the place of a module; or any instructions at all, as its code. */
#include "fuzz.h"

#include "kernel/object_file.h"
#include "kernel/sites.h"

#define AT 0xffff800080010000ULL

/* What always holds: each relocation is accounted for, and each site is in the code. */
static void check(const struct vmw_object *object)
{
	struct vmw_sites sites;
	size_t i, kinds = 0;

	promise(!vmw_sites_find(object, &sites));
	for (i = 0; i < sites.nr; i++) {
		promise(sites.sites[i].kind > VMW_CODE_NOTHING);
		promise(!sites.sites[i].function ||
			(sites.sites[i].at >= sites.sites[i].function->start &&
			 sites.sites[i].at < sites.sites[i].function->end));
		promise(!i || sites.sites[i].at >= sites.sites[i - 1].at);
	}
	for (i = 0; i < VMW_CODE_NR_KINDS; i++)
		kinds += sites.nr_kind[i];
	promise(kinds == sites.nr);
	promise(sites.loads >= object->nr_loads || !object->memstart);
	vmw_sites_free(&sites);
}

/* Two functions, of which the second is the .cold part; an address of memstart_addr. */
static void run_code(const uint8_t *data, size_t size)
{
	struct vmw_object object = { .memstart = AT + 0x5007f8 };
	size_t n = size / 4;
	struct vmw_object_symbol symbols[] = {
		{ AT, 0, "f", 0, true },
		{ AT + 4 * (n / 2), 0, "f.cold", 0, true },
	};

	if (n < 4)
		return;
	object.sections = calloc(1, sizeof(*object.sections));
	object.sections->code = malloc(4 * n);
	promise(object.sections->code != NULL);
	memcpy(object.sections->code, data, 4 * n);
	object.sections->start = AT;
	object.sections->n = n;
	object.nr_sections = 1;
	promise(!vmw_object_set_functions(&object, symbols, 2));
	vmw_object_find_traced(&object);
	check(&object);
	vmw_object_free(&object);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vmw_object object;
	char why[200] = "", *copy;

	if (size < 4 || memcmp(data, "\177ELF", 4)) {
		run_code(data, size);
		return 0;
	}
	/* Of its own length, so that a step outside is one. */
	copy = malloc(size);
	promise(copy != NULL);
	memcpy(copy, data, size);
	if (!vmw_object_parse(&object, copy, size, why, sizeof(why))) {
		check(&object);
		vmw_object_free(&object);
	} else {
		promise(*why);
	}
	free(copy);
	return 0;
}
