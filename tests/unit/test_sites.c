// SPDX-License-Identifier: GPL-2.0-only
/* Shapes that gcc and clang make of conversions, as instructions; and what is none. */
#include "unit.h"

#include <elf.h>
#include <errno.h>

#include <vmemmapwatch/site.h>

#include "kernel/object_file.h"
#include "kernel/sites.h"

#define AT	 0x10000000ULL
#define MEMSTART 0x107f8ULL /* after AT: in the ADRP of all that follows, ldr xN, [xN, #2040] */

#define MAX_FOUND 8

struct found {
	size_t nr;
	struct {
		u64 offset;
		enum vmw_code_kind kind;
		u64 displacement;
		const char *why;
	} sites[MAX_FOUND];
	size_t loads, hidden;
	struct vmw_code_model model;
};

/* What is found in @n instructions: one function, and from @cold on its .cold part. */
static struct found find_in(const u32 *code, size_t n, size_t cold)
{
	struct vmw_object object = { .memstart = AT + MEMSTART };
	struct vmw_object_symbol symbols[] = {
		{ AT, 0, "convert", 0, true },
		{ AT + 4 * cold, 0, "convert.cold", 0, true },
	};
	struct found found = { 0 };
	struct vmw_sites sites;
	size_t i;

	object.sections = calloc(1, sizeof(*object.sections));
	object.sections->code = malloc(4 * n);
	memcpy(object.sections->code, code, 4 * n);
	object.sections->start = AT;
	object.sections->n = n;
	object.nr_sections = 1;
	assert_int_equal(vmw_object_set_functions(&object, symbols, cold ? 2 : 1), 0);
	vmw_object_find_traced(&object);
	assert_int_equal(vmw_sites_find(&object, &sites), 0);
	assert_true(sites.nr <= MAX_FOUND);
	for (i = 0; i < sites.nr; i++) {
		found.sites[i].offset = sites.sites[i].at - AT;
		found.sites[i].kind = sites.sites[i].kind;
		found.sites[i].displacement = sites.sites[i].displacement;
		found.sites[i].why = sites.sites[i].why;
	}
	found.nr = sites.nr;
	found.loads = sites.loads;
	found.hidden = sites.hidden;
	found.model = sites.model;
	vmw_sites_free(&sites);
	vmw_object_free(&object);
	return found;
}

static void expect(const u32 *code, size_t n, u64 offset, enum vmw_code_kind kind)
{
	struct found found = find_in(code, n, 0);

	assert_int_equal(found.nr, 1);
	assert_int_equal(found.sites[0].offset, offset);
	assert_int_equal(found.sites[0].kind, kind);
	assert_int_equal(found.loads, 1);
}

#define EXPECT(code, offset, kind) expect(code, ARRAY_SIZE(code), offset, kind)

#define ADRP_X1	   0x90000081 /* adrp x1, AT + 0x10000 */
#define LDR_X1	   0xf943fc21 /* ldr x1, [x1, #2040]: memstart_addr */
#define ASR_X1	   0x934cfc21 /* asr x1, x1, #12 */
#define START_X3   0xb25657e3 /* mov x3, #0xfffffc0000000000 */
#define SUB_X0	   0xcb010000 /* sub x0, x0, x1 */
#define SUB_X0_ASR 0xcb813000 /* sub x0, x0, x1, asr #12 */
#define LSL_X0	   0xd37ae400 /* lsl x0, x0, #6 */
#define PAGE_X0	   0x8b001860 /* add x0, x3, x0, lsl #6 */
#define PAGE_LOAD  0xf8636800 /* ldr x0, [x0, x3] */
#define CALL	   0x94000400 /* bl, elsewhere */
#define NOP	   0xd503201f
#define BRK	   0xd4210000 /* brk #0x800 */
#define RET	   0xd65f03c0

static void pfn_to_page_by_gcc(void **state)
{
	static const u32 shifted[] = { ADRP_X1, START_X3, LDR_X1, ASR_X1, SUB_X0, PAGE_X0, RET };
	/* adds x25, x0, x3: compared with NULL, too */
	static const u32 adds[] = { ADRP_X1,  LDR_X1,	  SUB_X0_ASR, LSL_X0,
				    START_X3, 0xab030019, RET };
	static const u32 load[] = { ADRP_X1,  LDR_X1,	 SUB_X0_ASR, LSL_X0,
				    START_X3, PAGE_LOAD, RET };
	/* mov x2, #0xfffffff000000000; add x0, x0, x2; lsl: VMEMMAP_START >> 6 of 0xfffffc0000000000 */
	static const u32 index[] = { ADRP_X1,	 LDR_X1, SUB_X0_ASR, 0xb25c6fe2,
				     0x8b020000, LSL_X0, RET };
	/* cmn x0, x3; cmp x0, x3 with -VMEMMAP_START: compared with NULL only */
	static const u32 cmn[] = { ADRP_X1,  LDR_X1,	 SUB_X0_ASR, LSL_X0,
				   START_X3, 0xab03001f, RET };
	static const u32 cmp[] = { ADRP_X1,    LDR_X1,	   SUB_X0_ASR, LSL_X0,
				   0xd2c08003, 0xeb03001f, RET };
	/* mov x3, #0xffffffffc0000000; movk x3, #0xc1ff, lsl #32: of 52 bits */
	static const u32 wide[] = { ADRP_X1, LDR_X1,	 ASR_X1,  0xb26287e3,
				    SUB_X0,  0xf2d83fe3, PAGE_X0, RET };
	/* Its address made by ADD, for two loads; used by one here. */
	static const u32 address[] = { ADRP_X1,	 0x911fe021, 0xf9400021, SUB_X0_ASR,
				       START_X3, PAGE_X0,    RET };

	(void)state;
	EXPECT(shifted, 0x14, VMW_CODE_PFN_TO_PAGE);
	EXPECT(adds, 0x14, VMW_CODE_PFN_TO_PAGE);
	EXPECT(load, 0x14, VMW_CODE_PFN_TO_PAGE);
	EXPECT(index, 0x14, VMW_CODE_PFN_TO_PAGE);
	EXPECT(cmn, 0x14, VMW_CODE_PFN_TO_PAGE);
	EXPECT(cmp, 0x14, VMW_CODE_PFN_TO_PAGE);
	EXPECT(wide, 0x18, VMW_CODE_PFN_TO_PAGE);
	EXPECT(address, 0x14, VMW_CODE_PFN_TO_PAGE);
}

static void pfn_to_page_by_clang(void **state)
{
	/* add x4, x3, x4, lsl #6; sub x0, x4, x1, lsl #6 */
	static const u32 last[] = { ADRP_X1,	START_X3,   LDR_X1, ASR_X1,
				    0x8b041864, 0xcb011880, RET };
	/* lsr x1, x1, #6; and x1, x1, #0x3ffffffffffffc0; sub x0, x4, x1 */
	static const u32 masked[] = { ADRP_X1,	  START_X3,   LDR_X1,	  0xd346fc21,
				      0x927acc21, 0x8b041864, 0xcb010080, RET };

	(void)state;
	EXPECT(last, 0x14, VMW_CODE_PFN_TO_PAGE);
	EXPECT(masked, 0x18, VMW_CODE_PFN_TO_PAGE);
}

/* What is taken off before is the pfn's; what is added behind, and is no struct page, is not. */
static void displacements(void **state)
{
	/* sub x0, x0, #1; lsr x0, x0, #12; the pfn of the last byte */
	static const u32 byte[] = { ADRP_X1, LDR_X1, START_X3, 0xd1000400, 0xd34cfc00,
				    ASR_X1,  SUB_X0, PAGE_X0,  RET };
	/* sub x0, x0, #1; the pfn before */
	static const u32 page[] = { ADRP_X1, LDR_X1,	 START_X3, ASR_X1,
				    SUB_X0,  0xd1000400, PAGE_X0,  RET };
	/* add x3, x3, #8; and sub x3, x3, #8: the last 8 bytes of the struct page before */
	static const u32 member[] = { ADRP_X1, LDR_X1, START_X3, 0x91002063,
				      ASR_X1,  SUB_X0, PAGE_X0,	 RET };
	static const u32 last[] = { ADRP_X1, LDR_X1, START_X3, 0xd1002063,
				    ASR_X1,  SUB_X0, PAGE_X0,  RET };
	struct found found = find_in(byte, ARRAY_SIZE(byte), 0);

	(void)state;
	assert_int_equal(found.nr, 1);
	assert_int_equal(found.sites[0].offset, 0x1c);
	assert_true(found.sites[0].displacement == 0);
	found = find_in(page, ARRAY_SIZE(page), 0);
	assert_int_equal(found.nr, 1);
	assert_true(found.sites[0].displacement == 0);
	found = find_in(member, ARRAY_SIZE(member), 0);
	assert_int_equal(found.nr, 1);
	assert_true(found.sites[0].displacement == 8);
	found = find_in(last, ARRAY_SIZE(last), 0);
	assert_int_equal(found.nr, 1);
	assert_true(found.sites[0].displacement == 56);
}

/* gcc, of pfn_to_page(N - pfn): N - (pfn + memstart_addr's). */
static void taken_off_a_sum(void **state)
{
	/* add x1, x0, x1, asr #12; sub x0, x2, x1 */
	static const u32 code[] = { ADRP_X1,	LDR_X1,	 START_X3, 0x8b813001,
				    0xcb010040, PAGE_X0, RET };
	/* Where nothing is taken off it is the pfn of a page. */
	static const u32 sum[] = { ADRP_X1, LDR_X1, 0x8b813001, RET };

	(void)state;
	EXPECT(code, 0x14, VMW_CODE_PFN_TO_PAGE);
	EXPECT(sum, 0x8, VMW_CODE_PAGE_TO_PFN);
}

static void the_others(void **state)
{
	/* sub x1, x3, x1, lsl #6; sub x1, x0, x1 */
	static const u32 page_to_pfn[] = { ADRP_X1,    LDR_X1,	   ASR_X1, START_X3,
					   0xcb011861, 0xcb010001, RET };
	/* mov x6, #0x1000000000000; add x6, x1, x6; add x0, x0, x6 */
	static const u32 pa[] = { ADRP_X1, LDR_X1, 0xd2e00026, 0x8b060026, 0x8b060000, RET };
	/* sub x0, x0, x1; orr x0, x0, #0xfff0000000000000 */
	static const u32 va[] = { ADRP_X1, LDR_X1, SUB_X0, 0xb24c2c00, RET };
	static const u32 passed[] = { ADRP_X1, LDR_X1, CALL, RET };
	/* cmp x0, x1 */
	static const u32 compared[] = { ADRP_X1, LDR_X1, 0xeb01001f, RET };

	(void)state;
	EXPECT(page_to_pfn, 0x14, VMW_CODE_PAGE_TO_PFN);
	EXPECT(pa, 0x10, VMW_CODE_PA);
	EXPECT(va, 0x8, VMW_CODE_VA);
	EXPECT(passed, 0x4, VMW_CODE_UNCLASSIFIED);
	EXPECT(compared, 0x4, VMW_CODE_UNCLASSIFIED);
}

static void other_pages(void **state)
{
	/* sub x0, x0, x1, asr #14; add x0, x3, x0, lsl #7 */
	static const u32 large[] = { ADRP_X1, LDR_X1, START_X3, 0xcb813800, 0x8b001c60, RET };
	/* asr x1, x1, #16; mov x2, #56; sub; madd x0, x0, x2, x3 */
	static const u32 odd[] = { ADRP_X1,    LDR_X1, 0x9350fc21, START_X3,
				   0xd2800702, SUB_X0, 0x9b020c00, RET };
	struct found found;

	(void)state;
	EXPECT(large, 0x10, VMW_CODE_PFN_TO_PAGE);
	found = find_in(large, ARRAY_SIZE(large), 0);
	assert_int_equal(found.model.page_shift, 14);
	assert_int_equal(found.model.page_struct_size, 128);
	assert_true(found.model.start == 0xfffffc0000000000);
	EXPECT(odd, 0x18, VMW_CODE_PFN_TO_PAGE);
	found = find_in(odd, ARRAY_SIZE(odd), 0);
	assert_int_equal(found.model.page_shift, 16);
	assert_int_equal(found.model.page_struct_size, 56);
}

/* A use of a page that a register has is no site of its own. */
static void one_page_is_one_site(void **state)
{
	/* adds x25, x0, x3; ldr x5, [x0, x3]; ldr x0, [x0, x3] */
	static const u32 both[] = { ADRP_X1,	LDR_X1,	    SUB_X0_ASR, LSL_X0, START_X3,
				    0xab030019, 0xf8636805, PAGE_LOAD,	RET };
	/* The same without the register; then of another pfn. */
	static const u32 loads[] = { ADRP_X1,  LDR_X1,	   SUB_X0_ASR, LSL_X0,
				     START_X3, 0xf8636805, PAGE_LOAD,  RET };
	/* ldr x5, [x0, x3]; cbz x5, past adds x25, x0, x3 */
	static const u32 first[] = { ADRP_X1,	 LDR_X1,     SUB_X0_ASR, LSL_X0, START_X3,
				     0xf8636805, 0xb4000045, 0xab030019, RET };
	struct found found;

	(void)state;
	EXPECT(both, 0x14, VMW_CODE_PFN_TO_PAGE);
	EXPECT(loads, 0x14, VMW_CODE_PFN_TO_PAGE);
	found = find_in(first, ARRAY_SIZE(first), 0);
	assert_int_equal(found.nr, 2);
	assert_int_equal(found.sites[0].offset, 0x14);
	assert_int_equal(found.sites[1].offset, 0x1c);
}

/* Two loads, one a way, of what makes a page a pfn again. */
static void two_loads_are_one_site(void **state)
{
	/* ldr x5; sub x0, x0, x5, asr #12; add x4, x0, x3; cbz x2; ldr x5; b; ldr x5;
	   asr x5, x5, #12; add x0, x0, x5, lsl #6 */
	static const u32 code[] = { ADRP_X1,	0xf943fc25, START_X3,	0xcb853000, LSL_X0,
				    0x8b030004, 0xb4000062, 0xf943fc25, 0x14000002, 0xf943fc25,
				    0x934cfca5, 0x8b051800, RET };
	struct found found = find_in(code, ARRAY_SIZE(code), 0);

	(void)state;
	assert_int_equal(found.loads, 3);
	assert_int_equal(found.nr, 2);
	assert_int_equal(found.sites[0].offset, 0x14);
	assert_int_equal(found.sites[0].kind, VMW_CODE_PFN_TO_PAGE);
	assert_int_equal(found.sites[1].offset, 0x2c);
	assert_int_equal(found.sites[1].kind, VMW_CODE_PAGE_TO_PFN);
}

static void along_all_ways(void **state)
{
	/* cbz x2, past what makes x1 the pfn; x1 stays what matters. */
	static const u32 around[] = { ADRP_X1, LDR_X1, ASR_X1,	START_X3, 0xb4000042,
				      NOP,     SUB_X0, PAGE_X0, RET };
	/* A loop over the page that it has: add x0, x0, #64; cbnz x2, back. */
	static const u32 loop[] = { ADRP_X1, LDR_X1,	 ASR_X1,     START_X3, SUB_X0,
				    PAGE_X0, 0x91010000, 0xb5ffffe2, RET };
	/* A call changes x1, but not what was made before. */
	static const u32 call[] = { ADRP_X1, LDR_X1, ASR_X1,  START_X3,
				    CALL,    SUB_X0, PAGE_X0, RET };
	/* Behind a trap, as after a WARN, with what was known before it. */
	static const u32 trap[] = { ADRP_X1, LDR_X1, ASR_X1, START_X3, BRK, SUB_X0, PAGE_X0, RET };

	(void)state;
	EXPECT(around, 0x1c, VMW_CODE_PFN_TO_PAGE);
	EXPECT(loop, 0x14, VMW_CODE_PFN_TO_PAGE);
	EXPECT(call, 0x4, VMW_CODE_UNCLASSIFIED);
	EXPECT(trap, 0x18, VMW_CODE_PFN_TO_PAGE);
}

static void cold_parts(void **state)
{
	/* b to the .cold part, at 5, that goes on with x1. */
	static const u32 code[] = { ADRP_X1, LDR_X1, ASR_X1,  START_X3, 0x14000002,
				    RET,     SUB_X0, PAGE_X0, RET };
	struct found found = find_in(code, ARRAY_SIZE(code), 6);

	(void)state;
	assert_int_equal(found.nr, 1);
	assert_int_equal(found.sites[0].offset, 0x1c);
	assert_int_equal(found.sites[0].kind, VMW_CODE_PFN_TO_PAGE);
}

static void hidden_by_a_probe(void **state)
{
	static const u32 code[] = { ADRP_X1, LDR_X1, ASR_X1, START_X3, SUB_X0, 0xd4200080, RET };
	struct found found = find_in(code, ARRAY_SIZE(code), 0);

	(void)state;
	assert_int_equal(found.hidden, 1);
	assert_int_equal(found.nr, 1);
	assert_int_equal(found.sites[0].kind, VMW_CODE_UNCLASSIFIED);
}

static void no_probe_where_it_would_hang(void **state)
{
	/* ldxr x5, [x6]; the page; stxr w5, x7, [x6] */
	static const u32 code[] = { ADRP_X1, LDR_X1,	 ASR_X1,  START_X3,   SUB_X0,
				    NOP,     0xc85f7cc5, PAGE_X0, 0xc8057cc7, RET };
	struct found found = find_in(code, ARRAY_SIZE(code), 0);

	(void)state;
	assert_int_equal(found.nr, 1);
	assert_non_null(found.sites[0].why);
	assert_string_equal(found.sites[0].why, "between LDXR and STXR");
}

/* What a probe computes at a site, from the registers as they are before it. */
static void value_at_a_site(void **state)
{
	const struct vmw_bounds bounds = {
		.vmemmap = 0xfffffbffff000000,
		.start = 0xfffffc0000000000,
		.end = 0xfffffe0000000000,
		.page_struct_size = 64,
	};
	struct vmw_site_code code = { .op = VMW_SITE_ADD, .extend = VMW_SITE_UXTX, .shift = 6 };
	const u64 start = bounds.start;

	(void)state;
	assert_true(vmw_site_value(&code, start, 3, 0) == start + 192);
	code.extend = VMW_SITE_SXTW;
	assert_true(vmw_site_value(&code, start, 0xfffffffe, 0) == start - 128);
	code.extend = VMW_SITE_UXTW;
	assert_true(vmw_site_value(&code, start, 0xf00000001, 0) == start + 64);
	code = (struct vmw_site_code){
		.op = VMW_SITE_SUB, .extend = VMW_SITE_UXTX, .shift = 12, .right = VMW_SITE_ASR
	};
	assert_true(vmw_site_value(&code, 10, -8192ULL, 0) == 12);
	code.right = VMW_SITE_LSR;
	assert_true(vmw_site_value(&code, 10, 8192, 0) == 8);
	code = (struct vmw_site_code){ .op = VMW_SITE_MADD, .extend = VMW_SITE_UXTX };
	assert_true(vmw_site_value(&code, 5, 56, start) == start + 280);
	code.op = VMW_SITE_MSUB;
	assert_true(vmw_site_value(&code, 5, 56, start) == start - 280);
	code = (struct vmw_site_code){ .op = VMW_SITE_ADD_IMM, .imm = -64ULL };
	assert_true(vmw_site_value(&code, start, 0, 0) == start - 64);
	code = (struct vmw_site_code){ .op = VMW_SITE_LSL, .shift = 6 };
	assert_true(vmw_site_value(&code, start >> 6, 0, 0) == start);
	/* &page->member; and what a loop has left of it. */
	code.displacement = 8;
	assert_true(vmw_site_page(&bounds, &code, start + 72) == start + 64);
	code.displacement = 0;
	assert_true(vmw_site_page(&bounds, &code, start + 75) == start + 64);
	assert_true(vmw_site_page(&bounds, &code, 52) == 0);
}

/* What is no module is refused in words. */
static void no_module(void **state)
{
	struct vmw_object object;
	char why[200] = "", bytes[64] = "\177ELF";

	(void)state;
	assert_int_equal(vmw_object_parse(&object, "hello", 5, why, sizeof(why)), -EBADMSG);
	assert_string_equal(why, "expected a module, FILE.ko, which is an ELF file");
	assert_int_equal(vmw_object_parse(&object, bytes, sizeof(bytes), why, sizeof(why)),
			 -EBADMSG);
	assert_string_equal(why, "expected a module for arm64");
	assert_int_equal(vmw_object_read(&object, "/nonexistent", why, sizeof(why)), -ENOENT);
	assert_string_equal(why, "No such file or directory");
}

/* Many sections that are all of one file would fill the memory. */
static void overlapping_sections(void **state)
{
	struct {
		Elf64_Ehdr header;
		Elf64_Shdr sections[5];
		Elf64_Sym symbols[1];
		char names[8];
	} file = {
		.header = { .e_ident = ELFMAG, .e_type = ET_REL, .e_machine = EM_AARCH64 },
		.sections = { [1] = { .sh_type = SHT_STRTAB },
			      [2] = { .sh_type = SHT_SYMTAB, .sh_link = 1 } },
	};
	const Elf64_Shdr code = { .sh_type = SHT_PROGBITS,
				  .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
				  .sh_size = sizeof(file) };
	struct vmw_object object;
	char why[200] = "";

	(void)state;
	file.header.e_ident[EI_CLASS] = ELFCLASS64;
	file.header.e_ident[EI_DATA] = ELFDATA2LSB;
	file.header.e_shoff = (char *)file.sections - (char *)&file;
	file.header.e_shentsize = sizeof(Elf64_Shdr);
	file.header.e_shnum = ARRAY_SIZE(file.sections);
	file.header.e_shstrndx = 1;
	file.sections[1].sh_offset = (char *)file.names - (char *)&file;
	file.sections[1].sh_size = sizeof(file.names);
	file.sections[2].sh_offset = (char *)file.symbols - (char *)&file;
	file.sections[2].sh_size = sizeof(file.symbols);
	file.sections[2].sh_entsize = sizeof(Elf64_Sym);
	file.sections[3] = code;
	assert_int_equal(vmw_object_parse(&object, &file, sizeof(file), why, sizeof(why)),
			 -EBADMSG);
	assert_string_equal(why, "expected a module: this file has no code");
	file.sections[4] = code;
	assert_int_equal(vmw_object_parse(&object, &file, sizeof(file), why, sizeof(why)),
			 -EBADMSG);
	assert_string_equal(why, "its sections overlap: it is damaged");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pfn_to_page_by_gcc),
		cmocka_unit_test(pfn_to_page_by_clang),
		cmocka_unit_test(displacements),
		cmocka_unit_test(taken_off_a_sum),
		cmocka_unit_test(the_others),
		cmocka_unit_test(other_pages),
		cmocka_unit_test(one_page_is_one_site),
		cmocka_unit_test(two_loads_are_one_site),
		cmocka_unit_test(along_all_ways),
		cmocka_unit_test(cold_parts),
		cmocka_unit_test(hidden_by_a_probe),
		cmocka_unit_test(no_probe_where_it_would_hang),
		cmocka_unit_test(value_at_a_site),
		cmocka_unit_test(no_module),
		cmocka_unit_test(overlapping_sections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
