// SPDX-License-Identifier: GPL-2.0-only
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/packed.h"
#include "kernel/module_identity.h"
#include "kernel/object_file.h"

/* Where sections are put: low addresses, so that no constant of the code is among them. */
#define LOAD_AT	     0x10000000ULL
#define MEMSTART_LOW 0x7f8 /* in its page: then ADRP alone does not make its address */

struct elf {
	const unsigned char *bytes;
	size_t length;
	Elf64_Ehdr header;
	const Elf64_Shdr *sections;
	const char *names; /* of sections */
	size_t names_length;
	const Elf64_Shdr *symtab;
	const Elf64_Sym *symbols;
	size_t nr_symbols;
	const char *strings;
	size_t strings_length;
	u64 *at;      /* of each ELF section, where it was put; 0: nowhere */
	size_t *ours; /* its number among object->sections */
	bool linked;  /* a vmlinux: addresses are there */
	u32 memstart; /* its symbol; 0: none */
};

static int bad(char *why, size_t size, const char *what)
{
	snprintf(why, size, "%s", what);
	return -EBADMSG;
}

/* The contents of a section; NULL where it has none in the file. */
static const void *contents(const struct elf *e, const Elf64_Shdr *s)
{
	if (s->sh_type == SHT_NOBITS || s->sh_offset > e->length ||
	    s->sh_size > e->length - s->sh_offset)
		return NULL;
	return e->bytes + s->sh_offset;
}

/* A string of a table, "" where it is outside or has no end. */
static const char *string(const char *table, size_t length, u32 at)
{
	return at < length && memchr(table + at, '\0', length - at) ? table + at : "";
}

static const char *section_name(const struct elf *e, size_t i)
{
	return string(e->names, e->names_length, e->sections[i].sh_name);
}

static bool is_code(const Elf64_Shdr *s)
{
	return s->sh_type == SHT_PROGBITS && (s->sh_flags & SHF_ALLOC) &&
	       (s->sh_flags & SHF_EXECINSTR);
}

/* By include/asm-generic/vmlinux.lds.h and kernel/kprobes.c, 6.1.192 and 7.2.13. */
static enum vmw_code_place place_of(const struct elf *e, const char *name)
{
	static const struct {
		const char *begins;
		enum vmw_code_place place;
		bool linked; /* of a vmlinux only */
	} places[] = {
		{ ".init", VMW_PLACE_INIT, false },
		{ ".exit", VMW_PLACE_DISCARDED, true },
		{ ".noinstr.text", VMW_PLACE_NO_PROBES, false },
		{ ".kprobes.text", VMW_PLACE_NO_PROBES, false },
		{ ".entry.text", VMW_PLACE_NO_PROBES, false },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		if (!strncmp(name, places[i].begins, strlen(places[i].begins)) &&
		    (e->linked || !places[i].linked))
			return places[i].place;
	}
	return VMW_PLACE_TEXT;
}

static int find_tables(struct elf *e, char *why, size_t size)
{
	const Elf64_Shdr *names, *strings;
	size_t i;

	names = &e->sections[e->header.e_shstrndx];
	if (e->header.e_shstrndx >= e->header.e_shnum)
		return bad(why, size, "expected an ELF file with names of sections");
	e->names = contents(e, names);
	e->names_length = e->names ? names->sh_size : 0;
	for (i = 0; i < e->header.e_shnum; i++) {
		const Elf64_Shdr *s = &e->sections[i];

		if (s->sh_type == SHT_SYMTAB && s->sh_entsize == sizeof(Elf64_Sym) &&
		    s->sh_link < e->header.e_shnum && !(s->sh_offset % 8))
			e->symtab = s;
	}
	if (!e->symtab)
		return bad(why, size, "expected a file with symbols: this one is stripped");
	e->symbols = contents(e, e->symtab);
	strings = &e->sections[e->symtab->sh_link];
	e->strings = contents(e, strings);
	if (!e->symbols || !e->strings)
		return bad(why, size, "the file is cut off");
	e->nr_symbols = e->symtab->sh_size / sizeof(Elf64_Sym);
	e->strings_length = strings->sh_size;
	return 0;
}

/* All code is copied: no more of it than there is, whatever sections say. */
static int check_code(const struct elf *e, char *why, size_t size)
{
	u64 left = e->length;
	size_t i;

	for (i = 0; i < e->header.e_shnum; i++) {
		const Elf64_Shdr *s = &e->sections[i];

		if (!is_code(s) || !contents(e, s))
			continue;
		if (s->sh_size > left)
			return bad(why, size, "its sections overlap: it is damaged");
		left -= s->sh_size;
	}
	return 0;
}

static int open_elf(struct elf *e, char *why, size_t size)
{
	u64 end;
	int err;

	if (e->length < sizeof(e->header) || memcmp(e->bytes, ELFMAG, SELFMAG))
		return bad(why, size, "expected a module, FILE.ko, which is an ELF file");
	memcpy(&e->header, e->bytes, sizeof(e->header));
	if (e->header.e_ident[EI_CLASS] != ELFCLASS64 ||
	    e->header.e_ident[EI_DATA] != ELFDATA2LSB || e->header.e_machine != EM_AARCH64)
		return bad(why, size, "expected a module for arm64");
	if (e->header.e_type != ET_REL && e->header.e_type != ET_EXEC &&
	    e->header.e_type != ET_DYN)
		return bad(why, size, "expected a module or a vmlinux");
	e->linked = e->header.e_type != ET_REL;
	end = (u64)e->header.e_shnum * sizeof(Elf64_Shdr);
	if (!e->header.e_shnum || e->header.e_shentsize != sizeof(Elf64_Shdr) ||
	    e->header.e_shoff % 8 || e->header.e_shoff > e->length ||
	    end > e->length - e->header.e_shoff)
		return bad(why, size, "the file is cut off, or is no module");
	e->sections = (const Elf64_Shdr *)(e->bytes + e->header.e_shoff);
	err = find_tables(e, why, size);
	return err ? err : check_code(e, why, size);
}

/* Copy all code, and say where it is. */
static int load_code(struct elf *e, struct vmw_object *o)
{
	u64 next = LOAD_AT;
	size_t i;

	o->sections = calloc(e->header.e_shnum, sizeof(*o->sections));
	e->at = calloc(e->header.e_shnum, sizeof(*e->at));
	e->ours = calloc(e->header.e_shnum, sizeof(*e->ours));
	if (!o->sections || !e->at || !e->ours)
		return -ENOMEM;
	for (i = 0; i < e->header.e_shnum; i++) {
		const Elf64_Shdr *s = &e->sections[i];
		const void *code = is_code(s) ? contents(e, s) : NULL;
		struct vmw_object_section *section = &o->sections[o->nr_sections];

		if (!code || s->sh_size < 4)
			continue;
		section->start = e->linked ? s->sh_addr : next;
		section->n = s->sh_size / 4;
		section->place = place_of(e, section_name(e, i));
		section->code = malloc(4 * section->n);
		if (!section->code)
			return -ENOMEM;
		memcpy(section->code, code, 4 * section->n);
		e->at[i] = section->start;
		e->ours[i] = o->nr_sections++;
		/* Not one behind the other: what runs off an end is in no section. */
		next += (s->sh_size + 0x1fff) & ~0xfffULL;
	}
	if (!e->linked)
		o->memstart = next + 0x1000 + MEMSTART_LOW;
	return 0;
}

static const char *symbol_name(const struct elf *e, const Elf64_Sym *symbol)
{
	return string(e->strings, e->strings_length, symbol->st_name);
}

static bool in_code(const struct elf *e, const struct vmw_object *o, const Elf64_Sym *symbol,
		    u64 *ret)
{
	const struct vmw_object_section *section;
	u64 offset;

	if (symbol->st_shndx >= e->header.e_shnum || !e->at[symbol->st_shndx])
		return false;
	section = &o->sections[e->ours[symbol->st_shndx]];
	offset = symbol->st_value - (e->linked ? section->start : 0);
	*ret = section->start + offset;
	return offset < 4 * section->n;
}

/* Of assembler's labels only those of functions: not .L, nor $x and $d. */
static bool is_label(const char *name)
{
	return *name && *name != '.' && *name != '$';
}

static int find_functions(struct elf *e, struct vmw_object *o)
{
	struct vmw_object_symbol *symbols = calloc(e->nr_symbols + 1, sizeof(*symbols));
	size_t i, n = 0;
	int err;

	o->names = malloc(e->strings_length + 1);
	if (!symbols || !o->names) {
		free(symbols);
		return -ENOMEM;
	}
	memcpy(o->names, e->strings, e->strings_length);
	for (i = 1; i < e->nr_symbols; i++) {
		const Elf64_Sym *s = &e->symbols[i];
		const char *name = symbol_name(e, s);
		int type = ELF64_ST_TYPE(s->st_info);

		if (!strcmp(name, "memstart_addr") && !e->memstart) {
			e->memstart = i;
			if (e->linked)
				o->memstart = s->st_value;
		}
		if ((type != STT_FUNC && type != STT_NOTYPE) || !is_label(name) ||
		    !in_code(e, o, s, &symbols[n].start))
			continue;
		symbols[n].end = s->st_size ? symbols[n].start + s->st_size : 0;
		symbols[n].name = o->names + s->st_name;
		symbols[n].section = e->ours[s->st_shndx];
		symbols[n++].is_function = type == STT_FUNC;
	}
	err = vmw_object_set_functions(o, symbols, n);
	free(symbols);
	return err;
}

/* @insn with the @count bits from bit @low on replaced. */
static u32 put_bits(u32 insn, unsigned int low, unsigned int count, u64 value)
{
	u32 mask = ((1U << count) - 1) << low;

	return (insn & ~mask) | ((u32)(value << low) & mask);
}

/* As arch/arm64/kernel/module.c does, 7.2.13. False for what it is not needed of. */
static bool relocate(u32 *insn, u32 type, u64 at, u64 to)
{
	u64 pages = (to >> 12) - (at >> 12);

	switch (type) {
	case R_AARCH64_ADR_PREL_PG_HI21:
	case R_AARCH64_ADR_PREL_PG_HI21_NC:
		*insn = put_bits(put_bits(*insn, 29, 2, pages), 5, 19, pages >> 2);
		return true;
	case R_AARCH64_ADR_PREL_LO21:
		*insn = put_bits(put_bits(*insn, 29, 2, to - at), 5, 19, (to - at) >> 2);
		return true;
	case R_AARCH64_ADD_ABS_LO12_NC:
		*insn = put_bits(*insn, 10, 12, to);
		return true;
	case R_AARCH64_LDST64_ABS_LO12_NC:
		*insn = put_bits(*insn, 10, 12, (to & 0xfff) >> 3);
		return true;
	case R_AARCH64_JUMP26:
	case R_AARCH64_CALL26:
		*insn = put_bits(*insn, 0, 26, (to - at) >> 2);
		return true;
	case R_AARCH64_CONDBR19:
		*insn = put_bits(*insn, 5, 19, (to - at) >> 2);
		return true;
	case R_AARCH64_TSTBR14:
		*insn = put_bits(*insn, 5, 14, (to - at) >> 2);
		return true;
	}
	return false;
}

static bool is_branch(u32 type)
{
	return type == R_AARCH64_JUMP26 || type == R_AARCH64_CALL26 ||
	       type == R_AARCH64_CONDBR19 || type == R_AARCH64_TSTBR14;
}

static int note_load(struct vmw_object *o, u64 at)
{
	u64 *bigger;

	if (!(o->nr_loads & (o->nr_loads - 1))) {
		bigger = realloc(o->loads, 2 * (o->nr_loads + 1) * sizeof(*bigger));
		if (!bigger)
			return -ENOMEM;
		o->loads = bigger;
	}
	o->loads[o->nr_loads++] = at;
	return 0;
}

/* One relocation of code at @at. */
static int relocate_code(const struct elf *e, struct vmw_object *o, const Elf64_Rela *r,
			 u32 *insn, u64 at)
{
	u32 type = ELF64_R_TYPE(r->r_info), symbol = ELF64_R_SYM(r->r_info);
	u64 to;

	if (symbol && symbol == e->memstart) {
		to = o->memstart + r->r_addend;
		/* Of the two that make an address, the second one is what reads it. */
		if (relocate(insn, type, at, to) && (type == R_AARCH64_ADR_PREL_PG_HI21 ||
						     type == R_AARCH64_ADR_PREL_PG_HI21_NC))
			return 0;
		return note_load(o, at);
	}
	if (is_branch(type) && symbol < e->nr_symbols && in_code(e, o, &e->symbols[symbol], &to))
		relocate(insn, type, at, to + r->r_addend);
	else if (is_branch(type))
		relocate(insn, type, at, 4); /* into another object: outside of all code */
	return 0;
}

/* Addresses of code that a table holds, by its relocations. */
static int read_table(const struct elf *e, const struct vmw_object *o, const Elf64_Rela *r,
		      size_t n, u64 **ret, size_t *ret_nr)
{
	size_t i;

	*ret = calloc(n + 1, sizeof(**ret));
	if (!*ret)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		u32 symbol = ELF64_R_SYM(r[i].r_info);

		if (symbol < e->nr_symbols && in_code(e, o, &e->symbols[symbol], &(*ret)[*ret_nr]))
			(*ret)[(*ret_nr)++] += r[i].r_addend;
	}
	return 0;
}

static int apply(const struct elf *e, struct vmw_object *o, size_t target, const Elf64_Rela *r,
		 size_t n)
{
	struct vmw_object_section *section;
	const char *name = section_name(e, target);
	size_t i;
	int err = 0;

	if (!strcmp(name, "__patchable_function_entries") && !o->entries)
		return read_table(e, o, r, n, &o->entries, &o->nr_entries);
	if (!strcmp(name, "_kprobe_blacklist") && !o->no_probes)
		return read_table(e, o, r, n, &o->no_probes, &o->nr_no_probes);
	section = e->at[target] ? &o->sections[e->ours[target]] : NULL;
	for (i = 0; i < n && !err; i++) {
		if (section && r[i].r_offset / 4 < section->n)
			err = relocate_code(e, o, &r[i], &section->code[r[i].r_offset / 4],
					    section->start + r[i].r_offset);
		else if (ELF64_R_SYM(r[i].r_info) && ELF64_R_SYM(r[i].r_info) == e->memstart)
			o->nr_data++;
	}
	return err;
}

/* Sort them, each once. Returns how many are left. */
static size_t sort(u64 *addresses, size_t n)
{
	size_t i, kept = 0;

	if (n)
		qsort(addresses, n, sizeof(*addresses), vmw_compare_addresses);
	for (i = 0; i < n; i++) {
		if (!i || addresses[i] != addresses[i - 1])
			addresses[kept++] = addresses[i];
	}
	return kept;
}

static int apply_all(const struct elf *e, struct vmw_object *o)
{
	size_t i;
	int err = 0;

	for (i = 0; i < e->header.e_shnum && !err && !e->linked; i++) {
		const Elf64_Shdr *s = &e->sections[i];
		const Elf64_Rela *relocations;

		if (s->sh_type != SHT_RELA || s->sh_info >= e->header.e_shnum ||
		    s->sh_entsize != sizeof(*relocations) || s->sh_offset % 8)
			continue;
		relocations = contents(e, s);
		if (relocations && e->sections[s->sh_info].sh_flags & SHF_ALLOC)
			err = apply(e, o, s->sh_info, relocations,
				    s->sh_size / sizeof(*relocations));
	}
	o->nr_loads = sort(o->loads, o->nr_loads);
	o->nr_entries = sort(o->entries, o->nr_entries);
	o->nr_no_probes = sort(o->no_probes, o->nr_no_probes);
	if (!e->memstart)
		o->memstart = 0;
	return err;
}

static void take_info(const char *info, const char *key, char *ret, size_t size)
{
	size_t length = strlen(key);

	if (!strncmp(info, key, length) && info[length] == '=' && !*ret)
		snprintf(ret, size, "%s", info + length + 1);
}

static void read_info(const struct elf *e, struct vmw_object *o)
{
	size_t i, at;

	for (i = 0; i < e->header.e_shnum; i++) {
		const char *info = contents(e, &e->sections[i]);
		size_t length = e->sections[i].sh_size;

		if (!info || strcmp(section_name(e, i), ".modinfo"))
			continue;
		for (at = 0; at < length; at += strnlen(info + at, length - at) + 1) {
			const char *entry = string(info, length, at);

			take_info(entry, "name", o->name, sizeof(o->name));
			take_info(entry, "depends", o->depends, sizeof(o->depends));
			take_info(entry, "vermagic", o->vermagic, sizeof(o->vermagic));
			take_info(entry, "srcversion", o->srcversion, sizeof(o->srcversion));
		}
	}
}

/* The note of the linker: name and type are known, the rest is the id. */
static void read_build_id(const struct elf *e, struct vmw_object *o)
{
	size_t i;

	for (i = 0; i < e->header.e_shnum; i++) {
		const void *note = contents(e, &e->sections[i]);

		if (note && !strcmp(section_name(e, i), ".note.gnu.build-id"))
			vmw_build_id_format(note, e->sections[i].sh_size, o->build_id);
	}
}

static int parse(struct elf *e, struct vmw_object *o, char *why, size_t size)
{
	int err = open_elf(e, why, size);

	if (err)
		return err;
	err = load_code(e, o);
	if (!err)
		err = find_functions(e, o);
	if (!err)
		err = apply_all(e, o);
	if (err) {
		snprintf(why, size, "%s", strerror(-err));
		return err;
	}
	if (!o->nr_functions)
		return bad(why, size, "expected a module: this file has no code");
	read_info(e, o);
	read_build_id(e, o);
	if (e->linked)
		snprintf(o->name, sizeof(o->name), "vmlinux");
	o->is_file = true;
	vmw_object_find_traced(o);
	return 0;
}

int vmw_object_parse(struct vmw_object *ret, const void *bytes, size_t length, char *why,
		     size_t size)
{
	struct elf e = { .bytes = bytes, .length = length };
	int err;

	memset(ret, 0, sizeof(*ret));
	err = parse(&e, ret, why, size);
	free(e.at);
	free(e.ours);
	if (err)
		vmw_object_free(ret);
	return err;
}

/* All of a file, unpacked. */
static int read_file(int fd, char **ret, size_t *ret_length, char *why, size_t size)
{
	struct vmw_packed *packed = vmw_packed_new(fd);
	size_t room = 1 << 20;
	ssize_t n = 1;
	char *bigger;

	*ret = NULL;
	*ret_length = 0;
	while (packed && n > 0) {
		if (*ret_length == room)
			room *= 2;
		bigger = room <= VMW_MAX_OBJECT ? realloc(*ret, room) : NULL;
		if (!bigger) {
			n = room <= VMW_MAX_OBJECT ? -ENOMEM : -EFBIG;
			break;
		}
		*ret = bigger;
		n = vmw_packed_read(packed, *ret + *ret_length, room - *ret_length);
		if (n > 0)
			*ret_length += n;
	}
	if (!packed)
		n = -ENOMEM;
	if (n < 0)
		snprintf(why, size, "%s", strerror(-n));
	else if (*vmw_packed_why(packed))
		n = bad(why, size, vmw_packed_why(packed));
	vmw_packed_free(packed);
	return n;
}

int vmw_object_read(struct vmw_object *ret, const char *path, char *why, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;
	size_t length;
	char *bytes;

	if (fd < 0) {
		err = -errno;
		snprintf(why, size, "%s", strerror(errno));
		return err;
	}
	err = read_file(fd, &bytes, &length, why, size);
	close(fd);
	if (!err)
		err = vmw_object_parse(ret, bytes, length, why, size);
	free(bytes);
	return err;
}
