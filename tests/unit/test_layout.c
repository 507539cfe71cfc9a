// SPDX-License-Identifier: GPL-2.0-only
/* The parsers of daemon/layout, on what real kernels wrote and on bad input. */
#include <errno.h>
#include <unistd.h>

#include "unit.h"

#include "kernel/config.h"
#include "kernel/insn.h"
#include "kernel/iomem.h"
#include "kernel/kallsyms.h"
#include "kernel/kcore.h"
#include "kernel/vmcoreinfo.h"

static char *read_file(const char *path)
{
	char *text = calloc(1, 1 << 16);
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
	fclose(file);
	return text;
}

static void vmcoreinfo_of_6_1(void **state)
{
	char *note = read_file(DATA "vmcoreinfo-6.1-48bit");
	u64 value = 0;

	(void)state;
	assert_int_equal(vmw_vmcoreinfo_get(note, "NUMBER(VMEMMAP_START)", &value), 0);
	assert_int_equal(value, 0xfffffc0000000000);
	assert_int_equal(vmw_vmcoreinfo_get(note, "NUMBER(VA_BITS)", &value), 0);
	assert_int_equal(value, 48);
	assert_int_equal(vmw_vmcoreinfo_get(note, "PAGESIZE", &value), 0);
	assert_int_equal(value, 4096);
	/* Hex without 0x, and only where it is a symbol. */
	assert_int_equal(vmw_vmcoreinfo_get(note, "SYMBOL(init_uts_ns)", &value), 0);
	assert_int_equal(value, 0xffff800008cb15b8);
	/* A key is a whole key: neither a prefix nor a suffix of one. */
	assert_int_equal(vmw_vmcoreinfo_get(note, "PAGE", &value), -ENOENT);
	assert_int_equal(vmw_vmcoreinfo_get(note, "SIZE", &value), -ENOENT);
	/* No number. */
	assert_int_equal(vmw_vmcoreinfo_get(note, "OSRELEASE", &value), -EBADMSG);
	free(note);
}

static void vmcoreinfo_edges(void **state)
{
	u64 value = 7;

	(void)state;
	assert_int_equal(vmw_vmcoreinfo_get("A=\n12\n", "A", &value), -EBADMSG);
	assert_int_equal(vmw_vmcoreinfo_get("A= 12\n", "A", &value), -EBADMSG);
	assert_int_equal(vmw_vmcoreinfo_get("A=12x\n", "A", &value), -EBADMSG);
	assert_int_equal(vmw_vmcoreinfo_get("A=99999999999999999999\n", "A", &value), -EBADMSG);
	assert_int_equal(value, 7);
	assert_int_equal(vmw_vmcoreinfo_get("A=12", "A", &value), 0);
	assert_int_equal(value, 12);
	assert_int_equal(vmw_vmcoreinfo_get("A=-1\n", "A", &value), 0);
	assert_int_equal(value, ~0ULL);
	assert_int_equal(vmw_vmcoreinfo_get("B=1\nA=0xfff1000040000000\n", "A", &value), 0);
	assert_int_equal(value, 0xfff1000040000000);
	assert_int_equal(vmw_vmcoreinfo_get("", "A", &value), -ENOENT);
}

static void kallsyms_of_6_1(void **state)
{
	struct vmw_symbol wanted[] = {
		{ .name = "vmemmap_populate" },
		{ .name = "mem_section" },
		{ .name = "not_there" },
		{ .name = "_note_10" },
	};
	struct vmw_kallsyms_totals totals;

	(void)state;
	assert_int_equal(vmw_kallsyms_find(DATA "kallsyms-6.1", wanted, 4, &totals), 0);
	assert_int_equal(totals.lines, 32);
	assert_int_equal(totals.addresses, 32);
	assert_int_equal(wanted[0].start, 0xffff8000085871a4);
	assert_int_equal(wanted[0].end, 0xffff800008587368);
	assert_int_equal(wanted[1].start, 0xffff800008d08888);
	assert_int_equal(wanted[2].start, 0);
	/* A module's symbol is none of the kernel's. */
	assert_int_equal(wanted[3].start, 0);
}

static void kallsyms_names(void **state)
{
	static const u64 addresses[] = {
		0xffff8000085871e4,
		0xffff800008000000,
		0x1000,
		0xffff8000005a3030,
	};
	char names[4][64];

	(void)state;
	assert_int_equal(vmw_kallsyms_name(DATA "kallsyms-6.1", addresses, 4, names[0],
					   sizeof(names[0])),
			 0);
	assert_string_equal(names[0], "vmemmap_populate+0x40");
	assert_string_equal(names[1], "_text+0x0");
	assert_string_equal(names[2], "");
	assert_string_equal(names[3], "_note_10+0xc [test_hmm]");
}

static void kallsyms_edges(void **state)
{
	static const char zeros[] = "0000000000000000 T vmemmap_free\n";
	static const char bad[] = "0000000000000000 T a\nnonsense\n";
	struct vmw_symbol wanted[] = { { .name = "vmemmap_free" } };
	struct vmw_kallsyms_totals totals;
	char path[32];

	(void)state;
	write_temporary(path, zeros, sizeof(zeros) - 1);
	assert_int_equal(vmw_kallsyms_find(path, wanted, 1, &totals), 0);
	assert_int_equal(totals.lines, 1);
	assert_int_equal(totals.addresses, 0);
	unlink(path);
	write_temporary(path, bad, sizeof(bad) - 1);
	assert_int_equal(vmw_kallsyms_find(path, wanted, 1, &totals), -EBADMSG);
	unlink(path);
	assert_int_equal(vmw_kallsyms_find("/nowhere", wanted, 1, &totals), -ENOENT);
}

static void kallsyms_of_bpf(void **state)
{
	static const char text[] = "ffff800080000000 T bpf_trampoline_7\n"
				   "ffff800081230000 t bpf_trampoline_73\t[bpf]\n"
				   "ffff800081234000 t bpf_trampoline_7\t[bpf]\n"
				   "0000000000000000 t bpf_trampoline_8\t[bpf]\n";
	char path[32];
	u64 start;

	(void)state;
	write_temporary(path, text, sizeof(text) - 1);
	assert_int_equal(vmw_kallsyms_find_bpf(path, "bpf_trampoline_7", &start), 0);
	assert_int_equal(start, 0xffff800081234000);
	assert_int_equal(vmw_kallsyms_find_bpf(path, "bpf_trampoline_8", &start), -ENOENT);
	assert_int_equal(vmw_kallsyms_find_bpf(path, "bpf_trampoline_9", &start), -ENOENT);
	unlink(path);
}

/* The check of vmemmap_free() as compilers wrote it, up to its brk. */
static const u32 gcc_6_1[] = {
	/* as built for 6.1.192, 48-bit */
	0xd503201f, 0xd503201f, 0xa9be7bfd, 0xaa0203e3, 0x910003fd, 0xa90153f3,
	0xaa0003f3, 0x92c08000, 0xeb00027f, 0xaa0103f4, 0xb2575be0, 0xfa408022,
	0x54000068, 0xaa1403e1, 0xd65f03c0, 0xd4210000,
};

static const u32 gcc_52_bit[] = {
	/* a start that takes a movk */
	0xa9be7bfd, 0xaa0203e3, 0x910003fd, 0xa90153f3, 0xaa0003f3,
	0x92a80000, 0xf2d83fe0, 0xeb00027f, 0xaa0103f4, 0xb26287e0,
	0xfa408022, 0x54000068, 0xaa1403e1, 0xd65f03c0, 0xd4210000,
};

static const u32 clang_39_bit[] = {
	/* two branches */
	0xa9be7bfd, 0xa9014ff4, 0x910003fd, 0xaa0203e3, 0xaa0103f3,
	0xaa0003f4, 0xb25f7be8, 0xeb08001f, 0x540000c3, 0xb26083e8,
	0xeb08027f, 0x54000062, 0xaa1403e0, 0xd65f03c0, 0xd4210000,
};

static const u32 clang_shadow[] = {
	/* with BTI, PAC and a shadow call stack */
	0xd503245f, 0xd503201f, 0xd503201f, 0xd503233f, 0xf800865e, 0xa9be7bfd, 0xa9014ff4,
	0xaa0203e3, 0xaa0103f3, 0xaa0003f4, 0xb25657e8, 0x910003fd, 0xeb08001f, 0x54000223,
	0xb2575fe8, 0xeb08027f, 0x540001c2, 0xaa1403e0, 0xaa1303e1, 0x52800022, 0x94000000,
	0xaa1403e0, 0xaa1303e1, 0xa9414ff4, 0xb25657e2, 0xb2575be3, 0xa8c27bfd, 0xf85f8e5e,
	0xd50323bf, 0x14000000, 0xd4210000, 0x17fffff2,
};

static const u32 gcc_shadow[] = {
	0xd503245f, 0xd503201f, 0xd503201f, 0xd503233f, 0xf800865e, 0xa9be7bfd,
	0xaa0203e3, 0x910003fd, 0xa90153f3, 0xaa0003f3, 0x92c08000, 0xeb00027f,
	0xaa0103f4, 0xb2575be0, 0xfa408022, 0x540001c8, 0xaa1403e1, 0xaa1303e0,
	0x52800022, 0x94000000, 0xaa1403e1, 0xaa1303e0, 0xa94153f3, 0xb2575be3,
	0xf85f8e5e, 0xb25657e2, 0xf84207fd, 0xd50323bf, 0x14000000, 0xd4210000,
};

static const u32 gcc_size[] = {
	/* -Os: a branch over the brk */
	0xa9be7bfd, 0xaa0203e3, 0x910003fd, 0xa90153f3, 0xaa0003f3,
	0x92c08000, 0xeb00027f, 0xaa0103f4, 0xb2575be0, 0xfa408022,
	0x54000049, 0xd4210000, 0xaa1403e1, 0xaa1303e0, 0x52800022,
};

/* Code of 48-bit 6.1, where the place @at may be another instruction. */
static bool finds_bounds(const u32 *code, size_t n, size_t at, u32 insn)
{
	u32 changed[32];
	u64 start, end;

	assert_true(n <= 32);
	memcpy(changed, code, n * sizeof(*code));
	if (insn)
		changed[at] = insn;
	return !vmw_insn_find_bounds(changed, n, &start, &end) && start == 0xfffffc0000000000 &&
	       end == 0xfffffe0000000000;
}

/* Real words of loads, stores and others: what they write, and nothing else. */
static void what_instructions_write(void **state)
{
	static const u32 harmless[] = {
		0xf800865e, /* str x30, [x18], #8 */
		0xf85f8e5e, /* ldr x30, [x18, #-8]! */
		0xf90017e0, /* str x0, [sp, #40] */
		0xa90107e0, /* stp x0, x1, [sp, #16] */
		0xf9000001, /* str x1, [x0] */
		0xa9007c20, /* stp x0, xzr, [x1] */
		0xf8616802, /* ldr x2, [x0, x1] */
		0xf8216802, /* str x2, [x0, x1] */
		0xf9400402, /* ldr x2, [x0, #8] */
		0xa9400c22, /* ldp x2, x3, [x1] */
		0x58000025, /* ldr x5, literal: bits 5 to 9 are no register */
		0x3dc00000, /* ldr q0, [x0] */
		0xad400420, /* ldp q0, q1, [x1] */
	};
	static const u32 harmful[] = {
		0xf9400001, /* ldr x1, [x0] */
		0xa9400402, /* ldp x2, x1, [x0] */
		0xa9400801, /* ldp x1, x2, [x0] */
		0x38401422, /* ldrb w2, [x1], #1 */
		0xf8008c22, /* str x2, [x1, #8]! */
		0xa8810c22, /* stp x2, x3, [x1], #16 */
		0x58000041, /* ldr x1, literal */
		0xc8017c43, /* stxr w1, x3, [x2] */
		0xf8220041, /* ldadd x2, x1, [x2] */
		0xc8a17c43, /* cas x1, x3, [x2] */
		0x91000421, /* add x1, x1, #1 */
		0x3cc10c20, /* ldr q0, [x1, #16]! */
	};
	size_t i;

	(void)state;
	assert_true(finds_bounds(clang_shadow, 32, 0, 0));
	assert_true(finds_bounds(gcc_shadow, 30, 0, 0));
	assert_true(finds_bounds(gcc_size, 15, 0, 0));
	/* In the place of the last nop, where both arguments are still in x0 and x1. */
	for (i = 0; i < ARRAY_SIZE(harmless); i++) {
		assert_true(finds_bounds(clang_shadow, 32, 2, harmless[i]));
		assert_true(finds_bounds(gcc_shadow, 30, 2, harmless[i]));
	}
	for (i = 0; i < ARRAY_SIZE(harmful); i++) {
		assert_false(finds_bounds(clang_shadow, 32, 2, harmful[i]));
		assert_false(finds_bounds(gcc_shadow, 30, 2, harmful[i]));
	}
	/* Between comparison and branch: what sets no flags, and what does. */
	assert_true(finds_bounds(gcc_shadow, 30, 12, 0xaa0103f4));  /* mov x20, x1 */
	assert_true(finds_bounds(gcc_shadow, 30, 12, 0x910043e4));  /* add x4, sp, #16 */
	assert_true(finds_bounds(gcc_shadow, 30, 12, 0xf90017e1));  /* str x1, [sp, #40] */
	assert_false(finds_bounds(gcc_shadow, 30, 12, 0xb1000484)); /* adds x4, x4, #1 */
	assert_false(finds_bounds(gcc_shadow, 30, 12, 0x1e602000)); /* fcmp d0, d0 */
	/* A brk of another kind is no WARN. */
	assert_false(finds_bounds(gcc_size, 15, 11, 0xd4200000));
	/* Over the brk by another condition. */
	assert_false(finds_bounds(gcc_size, 15, 10, 0x54000048));
}

static void bounds_in_code(void **state)
{
	u64 start = 0, end = 0;
	u32 code[16];

	(void)state;
	assert_int_equal(vmw_insn_find_bounds(gcc_6_1, 16, &start, &end), 0);
	assert_int_equal(start, 0xfffffc0000000000);
	assert_int_equal(end, 0xfffffe0000000000);
	assert_int_equal(vmw_insn_find_bounds(gcc_52_bit, 15, &start, &end), 0);
	assert_int_equal(start, 0xffffc1ffc0000000);
	assert_int_equal(end, 0xffffffffc0000000);
	assert_int_equal(vmw_insn_find_bounds(clang_39_bit, 15, &start, &end), 0);
	assert_int_equal(start, 0xfffffffe00000000);
	assert_int_equal(end, 0xffffffff00000000);

	/* While it is probed, or traced. */
	memcpy(code, gcc_6_1, sizeof(code));
	code[0] = 0xd4200080; /* brk #4 */
	assert_int_equal(vmw_insn_find_bounds(code, 16, &start, &end), 0);
	code[0] = 0xaa1e03e9; /* mov x9, x30 */
	code[1] = 0x94001234; /* bl */
	start = end = 0;
	assert_int_equal(vmw_insn_find_bounds(code, 16, &start, &end), 0);
	assert_int_equal(start, 0xfffffc0000000000);
	/* A call anywhere else may have changed everything. */
	code[0] = 0xd503201f;
	assert_int_equal(vmw_insn_find_bounds(code, 16, &start, &end), -ENOENT);
	/* Another comparison in between: its flags are what the branch goes by. */
	memcpy(code, gcc_6_1, sizeof(code));
	code[9] = 0x7100045f; /* cmp w2, #1 */
	assert_int_equal(vmw_insn_find_bounds(code, 16, &start, &end), -ENOENT);

	/* No brk where the branch goes; code that ends before; none at all. */
	memcpy(code, gcc_6_1, sizeof(code));
	code[15] = 0xd503201f;
	assert_int_equal(vmw_insn_find_bounds(code, 16, &start, &end), -ENOENT);
	assert_int_equal(vmw_insn_find_bounds(gcc_6_1, 12, &start, &end), -ENOENT);
	assert_int_equal(vmw_insn_find_bounds(gcc_6_1, 0, &start, &end), -ENOENT);
	/* The constant is overwritten by something unknown in between. */
	memcpy(code, gcc_6_1, sizeof(code));
	code[9] = 0xf9400000; /* ldr x0, [x0] */
	code[10] = 0xd503201f;
	assert_int_equal(vmw_insn_find_bounds(code, 16, &start, &end), -ENOENT);
	/* A ccmp whose own flags do not lead to the WARN. */
	memcpy(code, gcc_6_1, sizeof(code));
	code[11] = 0xfa408020;
	assert_int_equal(vmw_insn_find_bounds(code, 16, &start, &end), -ENOENT);
	/* A signed condition is none of ours. */
	memcpy(code, gcc_6_1, sizeof(code));
	code[12] = 0x5400006c;
	assert_int_equal(vmw_insn_find_bounds(code, 16, &start, &end), -ENOENT);
}

struct core {
	Elf64_Ehdr header;
	Elf64_Phdr segments[2];
	Elf64_Nhdr note;
	char name[12]; /* "VMCOREINFO", padded to four */
	char text[8];
	char memory[16];
};

static struct core good_core(void)
{
	struct core core = {
		.header = { .e_ident = ELFMAG, .e_type = ET_CORE,
			    .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 2,
			    .e_phoff = offsetof(struct core, segments) },
		.segments = {
			{ .p_type = PT_NOTE, .p_offset = offsetof(struct core, note),
			  .p_filesz = sizeof(Elf64_Nhdr) + 12 + 8 },
			{ .p_type = PT_LOAD, .p_offset = offsetof(struct core, memory),
			  .p_vaddr = 0xffff800000000000, .p_memsz = 16, .p_filesz = 16 },
		},
		.note = { .n_namesz = 11, .n_descsz = 6, .n_type = 0 },
		.name = "VMCOREINFO",
		.text = "A=12\n",
		.memory = "0123456789abcdef",
	};

	core.header.e_ident[EI_CLASS] = ELFCLASS64;
	return core;
}

static int open_core(struct vmw_kcore *kcore, const struct core *core, size_t size)
{
	char path[32];
	int err;

	write_temporary(path, core, size);
	err = vmw_kcore_open(kcore, path);
	unlink(path);
	return err;
}

static void kcore_reads(void **state)
{
	struct core core = good_core();
	struct vmw_kcore kcore;
	char buffer[16], *text;

	(void)state;
	assert_int_equal(open_core(&kcore, &core, sizeof(core)), 0);
	assert_int_equal(vmw_kcore_note(&kcore, "VMCOREINFO", &text), 0);
	assert_string_equal(text, "A=12\n");
	free(text);
	assert_int_equal(vmw_kcore_note(&kcore, "CORE", &text), -ENOENT);
	assert_int_equal(vmw_kcore_read(&kcore, 0xffff800000000004, buffer, 12), 0);
	assert_memory_equal(buffer, "456789abcdef", 12);
	/* Neither beyond the segment, nor before it, nor around the end of memory. */
	assert_int_equal(vmw_kcore_read(&kcore, 0xffff800000000004, buffer, 13), -EFAULT);
	assert_int_equal(vmw_kcore_read(&kcore, 0xffff7fffffffffff, buffer, 1), -EFAULT);
	assert_int_equal(vmw_kcore_read(&kcore, 0xfffffffffffffff8, buffer, 16), -EFAULT);
	vmw_kcore_close(&kcore);
}

static void kcore_rejects(void **state)
{
	struct core core = good_core();
	struct vmw_kcore kcore;
	char *text;

	(void)state;
	assert_int_equal(vmw_kcore_open(&kcore, "/nowhere"), -ENOENT);
	vmw_kcore_close(&kcore);
	assert_int_equal(open_core(&kcore, &core, 10), -EIO);
	vmw_kcore_close(&kcore);
	/* Headers that the file does not have. */
	core.header.e_phnum = 60000;
	assert_int_equal(open_core(&kcore, &core, sizeof(core)), -EIO);
	vmw_kcore_close(&kcore);
	core = good_core();
	core.header.e_ident[EI_CLASS] = ELFCLASS32;
	assert_int_equal(open_core(&kcore, &core, sizeof(core)), -EBADMSG);
	vmw_kcore_close(&kcore);
	/* Notes whose sizes point outside of them. */
	core = good_core();
	core.note.n_descsz = 0xfffffff0;
	assert_int_equal(open_core(&kcore, &core, sizeof(core)), 0);
	assert_int_equal(vmw_kcore_note(&kcore, "VMCOREINFO", &text), -EBADMSG);
	vmw_kcore_close(&kcore);
	core = good_core();
	core.note.n_namesz = 0xffffffff;
	assert_int_equal(open_core(&kcore, &core, sizeof(core)), 0);
	assert_int_equal(vmw_kcore_note(&kcore, "VMCOREINFO", &text), -EBADMSG);
	vmw_kcore_close(&kcore);
	core = good_core();
	core.segments[0].p_filesz = 1ULL << 40;
	assert_int_equal(open_core(&kcore, &core, sizeof(core)), 0);
	assert_int_equal(vmw_kcore_note(&kcore, "VMCOREINFO", &text), -EBADMSG);
	vmw_kcore_close(&kcore);
}

static void iomem_of_a_guest(void **state)
{
	struct vmw_iomem iomem;
	size_t i, deepest = 0;

	(void)state;
	assert_int_equal(vmw_iomem_read(&iomem, DATA "iomem-6.1"), 0);
	for (i = 0; i < iomem.nr; i++) {
		if (iomem.resources[i].depth > deepest)
			deepest = iomem.resources[i].depth;
	}
	assert_int_equal(deepest, 1);
	/* The guest has 2 GiB of RAM from 1 GiB on. */
	assert_int_equal(vmw_iomem_ram(&iomem, 0x40000000, 0xbfffffff), VMW_RAM_YES);
	assert_int_equal(vmw_iomem_ram(&iomem, 0x40000000, 0xc0000000), VMW_RAM_PARTLY);
	assert_int_equal(vmw_iomem_ram(&iomem, 0x3fffffff, 0x40000000), VMW_RAM_PARTLY);
	assert_int_equal(vmw_iomem_ram(&iomem, 0xfffff0000000, 0xffffffffffff), VMW_RAM_NO);
	assert_string_equal(iomem.resources[iomem.nr - 1].name, "hmm_dmirror");
	assert_int_equal(iomem.resources[iomem.nr - 1].last, 0xffffffffffff);
	vmw_iomem_free(&iomem);
}

static void iomem_edges(void **state)
{
	static const char *const bad[] = {
		"nonsense\n", "10-20\n",   "20-10 : a\n",
		"10 : a\n",   "-10 : a\n", "10000000000000000-10000000000000001 : a\n",
	};
	static const char zeros[] = "00000000-00000000 : System RAM\n";
	static const char split[] = "1000-1fff : System RAM\n2000-2fff : System RAM\n";
	struct vmw_iomem iomem;
	char path[32];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		write_temporary(path, bad[i], strlen(bad[i]));
		assert_int_equal(vmw_iomem_read(&iomem, path), -EBADMSG);
		unlink(path);
	}
	write_temporary(path, zeros, sizeof(zeros) - 1);
	assert_int_equal(vmw_iomem_read(&iomem, path), -EPERM);
	unlink(path);
	assert_int_equal(vmw_iomem_read(&iomem, "/nowhere"), -ENOENT);
	/* Two neighbours hold together what neither holds alone. */
	write_temporary(path, split, sizeof(split) - 1);
	assert_int_equal(vmw_iomem_read(&iomem, path), 0);
	assert_int_equal(vmw_iomem_ram(&iomem, 0x1800, 0x27ff), VMW_RAM_YES);
	assert_int_equal(vmw_iomem_ram(&iomem, 0, 0xfff), VMW_RAM_NO);
	vmw_iomem_free(&iomem);
	unlink(path);
}

static void config_plain_and_gzipped(void **state)
{
	/* gzip of "CONFIG_A=y\n" */
	static const unsigned char gz[] = {
		0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x73,
		0xf6, 0xf7, 0x73, 0xf3, 0x74, 0x8f, 0x77, 0xb4, 0xad, 0xe4, 0x02,
		0x00, 0x8e, 0xb1, 0x80, 0xda, 0x0b, 0x00, 0x00, 0x00,
	};
	struct vmw_config wanted[] = {
		{ .name = "CONFIG_ARM64_VA_BITS" },
		{ .name = "CONFIG_KASAN_GENERIC" },
		{ .name = "CONFIG_A" },
	};
	char path[32];

	(void)state;
	assert_int_equal(vmw_config_read(DATA "config-6.1", wanted, 3), 0);
	assert_string_equal(wanted[0].value, "48");
	/* "# CONFIG_KASAN_GENERIC is not set" sets nothing. */
	assert_string_equal(wanted[1].value, "");
	write_temporary(path, gz, sizeof(gz));
	assert_int_equal(vmw_config_read(path, wanted, 3), 0);
	assert_string_equal(wanted[2].value, "y");
	assert_string_equal(wanted[0].value, "");
	unlink(path);
	/* Cut off in the middle. */
	write_temporary(path, gz, sizeof(gz) - 10);
	assert_int_equal(vmw_config_read(path, wanted, 3), -EIO);
	unlink(path);
}

static void config_edges(void **state)
{
	struct vmw_config wanted[] = { { .name = "CONFIG_A" } };
	char path[32];

	(void)state;
	assert_int_equal(vmw_config_read("/nowhere", wanted, 1), -ENOENT);
	write_temporary(path, "no config\n", 10);
	assert_int_equal(vmw_config_read(path, wanted, 1), -EBADMSG);
	unlink(path);
	write_temporary(path, "CONFIG_AB=1\nCONFIG_A=2", 22);
	assert_int_equal(vmw_config_read(path, wanted, 1), 0);
	assert_string_equal(wanted[0].value, "2");
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vmcoreinfo_of_6_1),
		cmocka_unit_test(vmcoreinfo_edges),
		cmocka_unit_test(kallsyms_of_6_1),
		cmocka_unit_test(kallsyms_names),
		cmocka_unit_test(kallsyms_edges),
		cmocka_unit_test(kallsyms_of_bpf),
		cmocka_unit_test(bounds_in_code),
		cmocka_unit_test(what_instructions_write),
		cmocka_unit_test(kcore_reads),
		cmocka_unit_test(kcore_rejects),
		cmocka_unit_test(iomem_of_a_guest),
		cmocka_unit_test(iomem_edges),
		cmocka_unit_test(config_plain_and_gzipped),
		cmocka_unit_test(config_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
