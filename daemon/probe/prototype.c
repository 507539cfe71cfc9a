// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "probe/prototype.h"

static const struct btf_type *skip_modifiers(const struct btf *btf, int id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	while (t && (btf_is_mod(t) || btf_is_typedef(t)))
		t = btf__type_by_id(btf, t->type);
	return t;
}

static char letter_of(const struct btf *btf, int id)
{
	const struct btf_type *t = skip_modifiers(btf, id);
	const char *name;

	if (!t)
		return '?';
	if (btf_is_int(t) || btf_is_any_enum(t))
		return 'i';
	if (btf_is_composite(t))
		return 's';
	if (!btf_is_ptr(t))
		return '?';
	t = skip_modifiers(btf, t->type);
	if (!t || !btf_is_struct(t))
		return 'p';
	name = btf__name_by_offset(btf, t->name_off);
	return !strcmp(name, "page") || !strcmp(name, "folio") ? 'P' : 'p';
}

bool vmw_prototype(const struct btf *btf, int id, char letters[VMW_MAX_PARAMETERS + 1])
{
	const struct btf_type *function = btf__type_by_id(btf, id);
	const struct btf_type *proto = function ? btf__type_by_id(btf, function->type) : NULL;
	int i;

	if (!proto || !btf_is_func_proto(proto) || btf_vlen(proto) > VMW_MAX_PARAMETERS)
		return false;
	for (i = 0; i < btf_vlen(proto); i++)
		letters[i] = letter_of(btf, btf_params(proto)[i].type);
	letters[i] = '\0';
	return true;
}

bool vmw_prototype_fits(const struct btf *btf, int id, const char *prototypes)
{
	char letters[VMW_MAX_PARAMETERS + 1];
	size_t n, length;

	if (!vmw_prototype(btf, id, letters))
		return false;
	n = strlen(letters);
	for (;;) {
		length = strcspn(prototypes, "|");
		if (length == n && !memcmp(prototypes, letters, n))
			return true;
		if (!prototypes[length])
			return false;
		prototypes += length + 1;
	}
}
