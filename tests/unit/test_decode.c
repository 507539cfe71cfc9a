// SPDX-License-Identifier: GPL-2.0-only
/* Fronts and pieces of lines, and what registers tell: what tests of logs cannot reach. */
#include "unit.h"

#include "klog/klog_internal.h"
#include "klog/letters.h"
#include "klog/mail.h"
#include "klog/seam.h"
#include "layout/formula.h"

static void strips(const char *line, const char *text, u64 time_ns, const char *caller)
{
	char copy[256];
	struct vmw_stripped s;

	snprintf(copy, sizeof(copy), "%s", line);
	vmw_strip(copy, &s);
	assert_string_equal(s.text, text);
	assert_int_equal(s.time_ns, time_ns);
	assert_string_equal(s.caller, caller);
}

static void fronts(void **state)
{
	(void)state;
	strips("WARNING: x", "WARNING: x", 0, "");
	strips("[    1.258130] a b ", "a b", 1258130000, "");
	strips("[    1.258130]  f+0x1/0x2", "f+0x1/0x2", 1258130000, "");
	strips("[    1.258130][   T78] a\r", "a", 1258130000, "T78");
	strips("[    1.258130] [   C3] a", "a", 1258130000, "C3");
	strips("<4>[    1.258130] a", "a", 1258130000, "");
	strips("4,109,652618,-;a", "a", 652618000, "");
	strips("4,109,652618,-,caller=T7;a", "a", 652618000, "T7");
	strips("> > [    1.258130] a", "a", 1258130000, "");
	strips(">> a", "a", 0, "");
	strips("kern  :warn  : [    1.258130] a", "a", 1258130000, "");
	strips("[Mon Apr 10 03:39:59 2023] a", "a", 0, "");
	strips("Apr 10 03:39:59 box kernel: [    1.258130] a", "a", 1258130000, "");
	strips("1700000050.000000 box kernel: a", "a", 0, "");
	strips("[    1.258130 <    0.000226 >] box kernel: a", "a", 1258130000, "");
	strips("[    1.258130                ] box kernel: a", "a", 1258130000, "");
	strips("<4>1 2023-04-10T03:39:59+00:00 box kernel - - - a", "a", 0, "");
	strips("<4>1 2023-04-10T03:39:59+00:00 box kernel - - [m i=\"1\"] a", "a", 0, "");
	strips("2023-04-10T03:39:59.000000  [    1.258130] a", "a", 1258130000, "");
	strips("a+0x1/0x2 [    1.258130] b", "a+0x1/0x2 [    1.258130] b", 0, "");
	strips("Mon 2023-04-10 03:39:59 CEST box kernel: a", "a", 0, "");
	strips("[    1.258130] box kernel: a", "a", 1258130000, "");
	strips("AB> > [    1.258130] a", "a", 1258130000, "");
}

static void fronts_of_others(void **state)
{
	(void)state;
	/* dmesg -d, -e, -T, and --time-format. */
	strips("[    1.258130 <    0.000226>] a", "a", 1258130000, "");
	strips("[<    0.000226>] a", "a", 0, "");
	strips("[  +0.000226] a", "a", 0, "");
	strips("[ +12.000226] a", "a", 0, "");
	strips("[Apr10 03:39] a", "a", 0, "");
	strips("[Apr 3 03:39:59] a", "a", 0, "");
	strips("[Mon Apr 10 03:39:59 2023 <    0.000226>] a", "a", 0, "");
	strips("[Lun avr 10 03:39:59 2023] a", "a", 0, "");
	strips("2023-04-10T03:39:59,123456+02:00 a", "a", 0, "");
	strips("kern  :warn  : 2023-04-10T03:39:59,123456+0200 [   T78] a", "a", 0, "T78");
	/* Colours, and what else a terminal is told. */
	strips("\033[32m[    1.258130] \033[0m\033[33ma: \033[0mb\033[K\r", "a: b", 1258130000,
	       "");
	strips("\033]0;title\a\033(B[    1.258130] a\033[", "a", 1258130000, "");
	/* Whoever captured a serial console. */
	strips("[2023-04-10 03:39:59] [    1.258130] a", "a", 1258130000, "");
	strips("[2023-04-10 03:39:59.123] a", "a", 0, "");
	strips("2023/04/10 03:39:59 [    1.258130] [   T78] a", "a", 1258130000, "T78");
	strips("2023-04-10T03:39:59.1234567Z [    1.258130] a", "a", 1258130000, "");
	strips("03:39:59.123 [    1.258130] a", "a", 1258130000, "");
	strips("Apr 10 03:39:59 [    1.258130] a", "a", 1258130000, "");
	/* What only looks like a front stays. */
	strips("AB > a", "AB > a", 0, "");
	strips("PANIC> a", "PANIC> a", 0, "");
	strips("0000:01:00.0: a", "0000:01:00.0: a", 0, "");
	strips("03:39:59", "03:39:59", 0, "");
	strips("03:39 a", "03:39 a", 0, "");
	strips("[+0x1/0x2] a", "[+0x1/0x2] a", 0, "");
	strips("[Firmware Bug]: a", "[Firmware Bug]: a", 0, "");
	strips("[<ffff800010203040>] a", "[<ffff800010203040>] a", 0, "");
	strips("[test_hmm]", "[test_hmm]", 0, "");
	strips("[0x40000000-0x80003fffffff]", "[0x40000000-0x80003fffffff]", 0, "");
	strips("[1000000000000 1000010000000] is", "[1000000000000 1000010000000] is", 0, "");
	strips("my kernel: a", "my kernel: a", 0, "");
	strips("Apr 10 03:39:59 box app[1]: a", "Apr 10 03:39:59 box app[1]: a", 0, "");
	strips("", "", 0, "");
	strips("[    1.258130] ", "", 1258130000, "");
}

/* What vmw_front() lets pass is what vmw_strip() makes of it. */
static void cheap_fronts(void **state)
{
	static const char *const lines[] = {
		"[    1.258130] usb 1-1: new",
		"<4>[    1.258130] usb 1-1: new",
		"Apr 10 03:39:59 box kernel: usb 1-1: new",
		"4,109,652618,-;usb 1-1: new",
		"[    1.258130] box kernel: usb 1-1: new",
		"usb 1-1: new device",
		"Mon 2023-04-10 03:39:59 CEST box kernel: usb 1-1",
		"my kernel: a kernel",
		"[    1.258130] usb kernel: x kernel: y",
		"Apr 10 03:39:59 box app[1]: usb",
		"[  +0.000226] usb 1-1: new",
		"[Apr10 03:39] usb 1-1: new",
		"[    1.258130 <    0.000226>] usb 1-1: new",
		"[03:39:59] usb 1-1: new",
		"[Mon Apr 10 03:39:59 2023 <    0.000001>] usb 1-1: new",
		"2023-04-10T03:39:59,123456+02:00 usb 1-1: new",
		"03:39:59.123 usb 1-1: new",
	};
	struct vmw_stripped s;
	char copy[256];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		const char *front = vmw_front(lines[i], strlen(lines[i]));

		assert_non_null(front);
		snprintf(copy, sizeof(copy), "%s", lines[i]);
		vmw_strip(copy, &s);
		/* A logger's mark without a time in front of it is text to the careful one. */
		if (strncmp(lines[i], "my ", 3))
			assert_string_equal(front, s.text);
	}
	assert_null(vmw_front("[    1.258130][   T78] abc", 26));
	assert_null(vmw_front("> [    1.258130] abc", 20));
	assert_null(vmw_front("   indented text here", 21));
	assert_null(vmw_front("short", 5));
	assert_null(vmw_front("AB> [    1.258130] abc", 22));
	assert_null(vmw_front("[    1.258130] \033[33mabc: ", 25));
	assert_null(vmw_front("[2023-04-10 03:39:59] [    1.258130] abc", 40));
	assert_null(vmw_front("[2023-04-10 03:39:59] 03:39:59 abc", 34));
	assert_null(vmw_front("2023-04-10 03:39:59 [    1.258130] abc", 38));
	assert_null(vmw_front("Apr 10 03:39:59 [    1.258130] abc", 34));
}

/* @line, as number @number, is read as @wanted, number @first; NULL: it goes on. */
static void reads(struct vmw_mail *mail, const char *line, u64 number, const char *wanted,
		  u64 first)
{
	char copy[256];
	const char *got;

	snprintf(copy, sizeof(copy), "%s", line);
	got = vmw_mail_line(mail, copy, &number);
	if (!wanted) {
		assert_null(got);
		return;
	}
	assert_string_equal(got, wanted);
	assert_int_equal(number, first);
}

static void mails(void **state)
{
	struct vmw_mail m = { .waiting = false };
	u64 number;

	(void)state;
	reads(&m, "a=3D=", 1, "a=3D=", 1);
	reads(&m, "Content-Type: multipart/mixed; boundary=\"x=_y\"", 2,
	      "Content-Type: multipart/mixed; boundary=\"x=_y\"", 2);
	reads(&m, "CONTENT-TRANSFER-ENCODING: Quoted-Printable\r", 3,
	      "CONTENT-TRANSFER-ENCODING: Quoted-Printable\r", 3);
	reads(&m, "DKIM: b=", 4, "DKIM: b=", 4);
	reads(&m, "\r", 5, "\r", 5);
	reads(&m, "a=3d=20=E2=zz =0A=00b", 6, "a= \xe2=zz   b", 6);
	reads(&m, "one =\r", 7, NULL, 0);
	reads(&m, "two= ", 8, NULL, 0);
	reads(&m, "three=3", 9, "one twothree=3", 7);
	reads(&m, "--x", 10, "--x", 10);
	reads(&m, "a=", 11, NULL, 0);
	reads(&m, "--x=_y--", 12, "a", 11);
	reads(&m, "a=3D=", 13, "a=3D=", 13);
	assert_null(vmw_mail_end(&m, &number));
	assert_int_equal(m.base64_line, 0);
	reads(&m, "Content-Transfer-Encoding: base64", 14, "Content-Transfer-Encoding: base64",
	      14);
	reads(&m, "", 15, "", 15);
	assert_int_equal(m.base64_line, 14);
	reads(&m, "Content-Transfer-Encoding: quoted-printable", 16,
	      "Content-Transfer-Encoding: quoted-printable", 16);
	reads(&m, "", 17, "", 17);
	reads(&m, "From a@b Thu Jan  1 00:00:00 1970", 18, "From a@b Thu Jan  1 00:00:00 1970",
	      18);
	reads(&m, "a=3D=", 19, "a=3D=", 19);
}

static void pieces(void **state)
{
	(void)state;
	assert_true(vmw_is_incomplete("WARNING: CPU: 1 PID: 78 at arch/arm64/mm/mmu.c:1222"));
	assert_false(vmw_is_incomplete("WARNING: CPU: 1 PID: 78 at a.c:1 f+0x40/0x1c4"));
	assert_true(vmw_is_incomplete("WARNING: a.c:1793 at f+0x54/0x68,"));
	assert_false(vmw_is_incomplete("WARNING: a.c:1793 at f+0x54/0x68, CPU#1: a/7"));
	assert_false(vmw_is_incomplete("WARNING: possible circular locking dependency"));
	assert_true(vmw_is_incomplete("Unable to handle kernel paging request at virtual"));
	assert_true(
		vmw_is_incomplete("Unable to handle kernel paging request at virtual address"));
	assert_false(vmw_is_incomplete(
		"Unable to handle kernel paging request at virtual address 0034"));
	assert_true(vmw_is_incomplete("x29: ffff1c7383327930 x28:"));
	assert_true(vmw_is_incomplete("x29: ffff1c7383327930 x9"));
	assert_true(vmw_is_incomplete("x29: ffff1c7383327930 x9 :"));
	assert_false(vmw_is_incomplete("x29: ffff1c7383327930 x9 : 0000000000000000"));
	assert_true(vmw_is_incomplete("CPU: 1 PID: 78 Comm: insmod Tainted: G    E"));
	assert_false(vmw_is_incomplete("CPU: 1 PID: 78 Comm: insmod Tainted: G E 6.1.192 #1"));
	assert_false(vmw_is_incomplete("x86 is no register"));
	assert_false(vmw_is_incomplete(""));
}

static struct vmw_klog_event warn_of(u64 start, u64 end, u64 page, u64 size)
{
	struct vmw_klog_event event = { .kind = VMW_KLOG_WARN, .seq = 7, .registers = 0xf };

	event.x[0] = page;
	event.x[1] = page + size;
	event.x[2] = start;
	event.x[3] = end;
	strcpy(event.function, "vmemmap_populate");
	return event;
}

/* Builds of arm64, by the Kconfig: page shift, VA bits. */
static const struct vmw_build builds[] = {
	{ 39, 12, 0 }, { 48, 12, 0 }, { 52, 12, 0 }, { 36, 14, 0 }, { 47, 14, 0 },
	{ 48, 14, 0 }, { 52, 14, 0 }, { 42, 16, 0 }, { 48, 16, 0 }, { 52, 16, 0 },
};

/*
 * Of the registers of every build of every release, that build is inferred or nothing:
 * also where the release is not known, the bounds are those, or nothing is told.
 */
static void infer_one(struct vmw_release release, struct vmw_build build)
{
	struct vmw_stated stated;
	struct vmw_inferred got;
	struct vmw_klog_event event;
	unsigned int bits;
	u64 start, end;

	assert_true(vmw_formula_bounds(release, &build, &start, &end, &bits));
	event = warn_of(start, end,
			end + (1ULL << (bits - build.page_shift)) * build.struct_page * 8,
			(1ULL << (bits - build.page_shift)) * build.struct_page);
	vmw_stated_init(&stated);
	if (vmw_infer_build(&event, &stated, &got)) {
		assert_int_equal(got.start, start);
		assert_int_equal(got.end, end);
	}
	stated.layout.release = release;
	if (!vmw_infer_build(&event, &stated, &got)) {
		fail_msg("%u.%u: %u bits, %u: not found", release.major, release.minor,
			 build.va_bits, build.page_shift);
	}
	assert_int_equal(got.va_bits, build.va_bits);
	assert_int_equal(got.page_shift, build.page_shift);
	assert_int_equal(got.start, start);
	assert_int_equal(got.end, end);
	assert_true(got.paired);
	assert_int_equal(got.struct_page, build.struct_page);
}

static void builds_by_registers(void **state)
{
	static const struct vmw_release releases[] = {
		{ 5, 10 }, { 5, 12 }, { 5, 15 }, { 6, 1 },
		{ 6, 6 },  { 6, 9 },  { 6, 12 }, { 7, 2 },
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(releases); i++) {
		for (j = 0; j < ARRAY_SIZE(builds); j++) {
			struct vmw_build build = builds[j];

			if (build.va_bits == 52 && build.page_shift != 16 && i < 5)
				continue;
			build.struct_page = 64;
			infer_one(releases[i], build);
		}
	}
}

static void no_build(void **state)
{
	struct vmw_klog_event event =
		warn_of(0xfffffc0000000000, 0xfffffe0000000000, 0xfffffffffec00000, 0x200000);
	struct vmw_stated stated;
	struct vmw_inferred got;

	(void)state;
	vmw_stated_init(&stated);
	assert_true(vmw_infer_build(&event, &stated, &got));
	assert_int_equal(got.va_bits, 48);
	/* An oops that has both; one of the two, no registers, what the oops contradicts. */
	event.kind = VMW_KLOG_OOPS;
	assert_true(vmw_infer_build(&event, &stated, &got));
	assert_true(got.oops && !got.differs);
	event.kind = VMW_KLOG_WARN;
	event.registers = 7;
	assert_false(vmw_infer_build(&event, &stated, &got));
	event.registers = 0;
	assert_false(vmw_infer_build(&event, &stated, &got));
	event.registers = 0xf;
	vmw_stated_line(&stated, "user pgtable: 64k pages, 48-bit VAs, pgdp=0", 3);
	assert_false(vmw_infer_build(&event, &stated, &got));
}

/* A release says one layout, registers of an oops have the start of another. */
static void registers_beat_the_release(void **state)
{
	struct vmw_klog_event event = { .kind = VMW_KLOG_OOPS, .registers = 3 };
	struct vmw_stated stated;
	struct vmw_inferred got;

	(void)state;
	vmw_stated_init(&stated);
	stated.layout.release = (struct vmw_release){ 6, 8 };
	event.x[0] = 0xfffffdffc0000000;
	/* Without pages and VA bits it may be any number. */
	assert_false(vmw_infer_build(&event, &stated, &got));
	vmw_stated_line(&stated, "user pgtable: 4k pages, 48-bit VAs, pgdp=0", 3);
	assert_true(vmw_infer_build(&event, &stated, &got));
	assert_true(got.differs && !got.conflict);
	assert_int_equal(got.start, 0xfffffdffc0000000);
	assert_int_equal(got.end, 0xffffffffc0000000);
	/* That of the release itself, too: no verdict can rest on either. */
	event.x[1] = 0xfffffc0000000000;
	assert_false(vmw_infer_build(&event, &stated, &got));
	assert_true(got.conflict);
	event.x[0] = 0;
	assert_false(vmw_infer_build(&event, &stated, &got));
	assert_false(got.conflict);
}

static void is_seam(const char *text, const char *next, enum vmw_seam wanted)
{
	if (vmw_seam_of(text, next) != wanted)
		fail_msg("\"%s\" and \"%s\": not %d", text, next, wanted);
}

static void seams(void **state)
{
	(void)state;
	is_seam("at arch/arm64/mm/mmu.c:1222 vmemmap_popu", "late+0x40/0x1c4", VMW_SEAM_WORD);
	is_seam("at arch/arm64/mm/mmu.c:1222 vmemmap_populate+0x40/0", "x1c4", VMW_SEAM_WORD);
	is_seam("at arch/arm64/mm/mmu.c:1222", "vmemmap_populate+0x40/0x1c4", VMW_SEAM_BLANK);
	is_seam("at include/linux/rcupdate.h:122", "ext4_map+0x40/0x1c4", VMW_SEAM_BLANK);
	is_seam("at arch/arm64/mm/mmu.c:12", "22 vmemmap_populate+0x40/0x1c4", VMW_SEAM_WORD);
	is_seam("WARNING: arch/arm64/mm/mmu.c:1793 at", "vmemmap_populate+0x40/0x1c4",
		VMW_SEAM_BLANK);
	is_seam("Unable to handle ker", "nel paging request", VMW_SEAM_WORD);
	is_seam("Unable to handle kernel", "paging request", VMW_SEAM_BLANK);
	is_seam("x0 : 000001ffb", "7000000", VMW_SEAM_WORD);
	is_seam("x1 : 0000000fffe00000 x0", ": 0000000000000000", VMW_SEAM_BLANK);
	is_seam(" demo_probe+0x10/0x20", "[demo_gpu]", VMW_SEAM_BLANK);
	is_seam(" demo_probe+0x10/0x20 [demo", "_gpu]", VMW_SEAM_WORD);
	is_seam("some words of", "prose", VMW_SEAM_UNKNOWN);
}

static void is_plain(const char *line, const char *wanted)
{
	char copy[128];

	snprintf(copy, sizeof(copy), "%s", line);
	vmw_plain_letters(copy);
	assert_string_equal(copy, wanted);
}

static void plain_letters(void **state)
{
	(void)state;
	is_plain("x0 : 0", "x0 : 0");
	is_plain("a\xc2\xa0"
		 "b\xe2\x80\xaf"
		 "c\xe2\x80\x8b"
		 "d\xa0"
		 "e",
		 "a b cd e");
	is_plain("&gt; &lt;4&gt;a&#43;0x40&#x2f;0x1&nbsp;&amp;gt;", "> <4>a+0x40/0x1 &gt;");
	is_plain("<pre><span class=\"x\">a</span><br/> <4>b <TASK>", "a <4>b <TASK>");
	is_plain("&#1;&nope; &#99999;<", " &nope; &#99999;<");
}

static void other_architectures(void **state)
{
	static const struct {
		const char *text;
		enum vmw_arch arch;
	} lines[] = {
		{ "RIP: 0010:memremap_pages+0x1/0x2", VMW_ARCH_X86 },
		{ "BUG: unable to handle page fault for address: ffff", VMW_ARCH_X86 },
		{ "epc : __init_single_page+0x16/0x78", VMW_ARCH_RISCV },
		{ " s1 : 00038d7fe6000000 a0 : 00038d7fe6000000", VMW_ARCH_RISCV },
		{ "a0 ffffffffff800000 a1 0000000ffffe0000", VMW_ARCH_LOONGARCH },
		{ "ERA: 9000000001000044 f+0x4/0x1a0", VMW_ARCH_LOONGARCH },
		{ "NIP [c0000000004c8e10] memremap_pages+0x1/0x2", VMW_ARCH_POWERPC },
		{ "Krnl PSW : 0704c00180000000 00000000004c8e10", VMW_ARCH_S390 },
		{ "Modules linked in: kvm_amd(E) ccp", VMW_ARCH_X86 },
		{ "Linux version 6.1.0-18-amd64 (a@b)", VMW_ARCH_X86 },
		{ "Call Trace:", VMW_ARCH_OTHER },
		{ "Call trace:", VMW_ARCH_NONE },
		{ "pc : __init_single_page+0x4/0x34", VMW_ARCH_NONE },
		{ "x2 : 0000000000000000 x1 : 0000000fffe00000", VMW_ARCH_NONE },
		{ "Internal error: Oops: 0000000096000044 [#1] SMP", VMW_ARCH_NONE },
		{ "Modules linked in: snd_hda_intel test_hmm(E+)", VMW_ARCH_NONE },
		{ "Unable to handle kernel paging request at virtual address 0", VMW_ARCH_NONE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++)
		assert_int_equal(vmw_arch_of(lines[i].text), lines[i].arch);
}

static const struct vmw_bounds bounds_48 = {
	.start = 0xfffffc0000000000,
	.nominal_start = 0xfffffc0000000000,
	.end = 0xfffffe0000000000,
	.page_struct_size = 64,
	.page_shift = 12,
	.va_bits = 48,
};

/* Votes for @memstart. */
static unsigned int votes(const struct vmw_candidates *c, u64 memstart)
{
	size_t i;

	for (i = 0; i < c->nr; i++) {
		if (c->at[i].memstart == memstart)
			return c->at[i].votes;
	}
	return 0;
}

/*
 * A request of 80 GiB, section by section: its first pfn, its end and its number of
 * pages stay in registers, the section's pfn goes along with the page, and one register
 * has the distance from VMEMMAP_START in pages.
 */
static void memstart_by_votes(void **state)
{
	const u64 memstart = 0xffffe38cc0000000, first = 0xfec000000;
	struct vmw_candidates c = { .nr = 0 };
	struct vmw_klog_event event = { .kind = VMW_KLOG_WARN, .registers = 0x1f };
	u64 section, most = 0;
	size_t i;

	(void)state;
	for (section = 0; section < 640; section++) {
		u64 pfn = first + section * 0x8000;
		u64 distance = pfn - (u64)((s64)memstart >> 12);

		event.x[0] = pfn;
		event.x[1] = first;
		event.x[2] = first + 640 * 0x8000;
		event.x[3] = 640 * 0x8000;
		event.x[4] = distance;
		event.seq = section + 1;
		vmw_candidates_add(&c, &event, &bounds_48,
				   bounds_48.nominal_start + distance * 64);
	}
	assert_int_equal(votes(&c, memstart), 640);
	assert_int_equal(votes(&c, 0), 0);
	for (i = 0; i < c.nr; i++) {
		if (c.at[i].memstart != memstart && c.at[i].votes > most)
			most = c.at[i].votes;
	}
	assert_true(most < 640);
}

static void same_page_is_one_vote(void **state)
{
	struct vmw_candidates c = { .nr = 0 };
	struct vmw_klog_event event = { .kind = VMW_KLOG_WARN, .registers = 1 };

	(void)state;
	event.x[0] = 0xfffff0000;
	vmw_candidates_add(&c, &event, &bounds_48, 0xfffffffffec00000);
	vmw_candidates_add(&c, &event, &bounds_48, 0xfffffffffec00000);
	assert_int_equal(votes(&c, 0x40000000), 1);
}

static void states(struct vmw_stated *stated, const char *text, bool any)
{
	assert_int_equal(vmw_stated_skips(text), !any);
	vmw_stated_line(stated, text, 9);
}

static void stated_lines(void **state)
{
	struct vmw_stated s;
	u64 value;

	(void)state;
	vmw_stated_init(&s);
	states(&s, "usb 1-1: new", false);
	states(&s, "Linux version 6.1.192-custom (a@b) #1", true);
	assert_string_equal(s.layout.kernel, "6.1.192-custom");
	assert_true(vmw_is_boot(&s, "Linux version 6.1.192 (a@b) #1"));
	states(&s, "user pgtable: 4k pages, 48-bit VAs, pgdp=00000000431ef000", true);
	assert_int_equal(s.page_shift, 12);
	assert_int_equal(s.va_bits, 48);
	states(&s, "user pgtable: 5k pages, 99-bit VAs, pgdp=0", true);
	assert_int_equal(s.page_shift, 12);
	states(&s, "node   0: [mem 0x0000000080000000-0x00000000bfffffff]", true);
	states(&s, "node   1: [mem 0x0000000040000000-0x000000004fffffff]", true);
	assert_int_equal(s.ram_first, 0x40000000);
	assert_int_equal(s.ram_last, 0xbfffffff);
	states(&s, "Kernel command line: root=/dev/vda nokaslrx", true);
	assert_false(s.kaslr_known);
	states(&s, "Kernel command line: root=/dev/vda nokaslr", true);
	assert_true(s.kaslr_known && !s.kaslr);
	states(&s, "PHYS_OFFSET: 0x40000000", true);
	assert_true(vmw_layout_get(&s.layout, VMW_VALUE_PHYS_OFFSET, &value));
	assert_int_equal(value, 0x40000000);
	states(&s, "NUMBER(VMEMMAP_START)=0xfffffc0000000000", true);
	assert_true(vmw_layout_get(&s.layout, VMW_VALUE_START, &value));
	states(&s, "vmemmap : 0xffff7e0000000000 - 0xffff800000000000   (  2048 GB maximum)",
	       true);
	assert_true(vmw_layout_get(&s.layout, VMW_VALUE_END, &value));
	assert_int_equal(value, 0xffff800000000000);
	states(&s, "VA_BITS: many", true);
	assert_false(vmw_layout_get(&s.layout, VMW_VALUE_VA_BITS, &value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fronts),
		cmocka_unit_test(fronts_of_others),
		cmocka_unit_test(cheap_fronts),
		cmocka_unit_test(mails),
		cmocka_unit_test(pieces),
		cmocka_unit_test(builds_by_registers),
		cmocka_unit_test(no_build),
		cmocka_unit_test(registers_beat_the_release),
		cmocka_unit_test(seams),
		cmocka_unit_test(plain_letters),
		cmocka_unit_test(other_architectures),
		cmocka_unit_test(memstart_by_votes),
		cmocka_unit_test(same_page_is_one_vote),
		cmocka_unit_test(stated_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
