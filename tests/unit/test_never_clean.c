// SPDX-License-Identifier: GPL-2.0-only
/* Dumps of which little is left, or that something hides: "nothing found" is not known. */
#include "unit.h"

#include <sys/mman.h>
#include <unistd.h>

#include "klog/decode.h"

#define MAX_LOG 4000

static enum vmw_exit code_of_bytes(const char *log, size_t size)
{
	struct vmw_decoder *decoder = vmw_decoder_new(NULL);
	const struct vmw_decoded *decoded;
	int fd = memfd_create("log", MFD_CLOEXEC);
	enum vmw_exit code;

	assert_non_null(decoder);
	assert_int_equal(pwrite(fd, log, size, 0), size);
	assert_int_equal(vmw_decoder_read(decoder, fd), 0);
	decoded = vmw_decoder_end(decoder);
	assert_non_null(decoded);
	code = vmw_decoded_code(decoded);
	vmw_decoder_free(decoder);
	close(fd);
	return code;
}

static enum vmw_exit code_of(const char *log)
{
	return code_of_bytes(log, strlen(log));
}

static void reverse(const char *log, char *ret)
{
	const char *end = log + strlen(log), *line;

	*ret = '\0';
	while (end > log) {
		for (line = end - 1; line > log && line[-1] != '\n';)
			line--;
		strncat(ret, line, end - line);
		end = line;
	}
}

static void is_never_clean(const char *log)
{
	char reversed[MAX_LOG];

	if (code_of(log) == VMW_EXIT_CLEAN)
		fail_msg("clean:\n%s", log);
	reverse(log, reversed);
	if (code_of(reversed) == VMW_EXIT_CLEAN)
		fail_msg("clean:\n%s", reversed);
}

#define HEAD   "WARNING: CPU: 0 PID: 83 at arch/arm64/mm/mmu.c:1268"
#define KERNEL "[    1.000000] random: crng init done\n"
#define TASK   "CPU: 0 PID: 83 Comm: rmmod Tainted: G        W   E      6.1.192 #1\n"
#define FRAME  "el0t_64_sync+0x148/0x14c"
#define OTHER \
	"WARNING: CPU: 1 PID: 8 at fs/ext4/inode.c:12 ext4_map+0x4/0x8\nModules linked in:\n" TASK \
	"pc : ext4_map+0x4/0x8\nCall trace:\n ext4_map+0x4/0x8\n " FRAME \
	"\n---[ end trace 0000000000000000 ]---\n"

/* A line that was cut comes between these; a front that nobody knows is in front of some. */
static const struct {
	const char *before, *behind;
} contexts[] = {
	{ "", "\n" },
	{ "", "\n" TASK " " FRAME "\n" },
	{ "", "\n " FRAME "\n" },
	{ "", " " FRAME "\n" },
	{ "", FRAME "\n" },
	{ "", "\nModules linked in:\n" TASK "pc : " FRAME "\nCall trace:\n " FRAME "\n" },
	{ "", "\n" OTHER },
	{ OTHER, "\n" },
	{ "Call trace:\n " FRAME "\n", "\n" TASK },
	{ "[    1.500000] ", "\n[    1.600000]  " FRAME "\n" },
	{ "17:", "\n" },
	{ "x5 : 0000000000000000 ", "\n" },
};

/* From @least on, what is left of @head says that it is one. */
static void head_cut(const char *head, const char *least)
{
	char log[MAX_LOG];
	size_t j, length;

	for (length = strstr(head, least) - head + strlen(least); length <= strlen(head);
	     length++) {
		for (j = 0; j < sizeof(contexts) / sizeof(contexts[0]); j++) {
			snprintf(log, sizeof(log), KERNEL "%s%.*s%s", contexts[j].before,
				 (int)length, head, contexts[j].behind);
			is_never_clean(log);
		}
	}
}

static void heads_cut_anywhere(void **state)
{
	(void)state;
	head_cut("WARNING: CPU: 0 PID: 83 at arch/arm64/mm/mmu.c:1268 vmemmap_free+0x64/0x6c",
		 "CPU:");
	head_cut("WARNING: CPU: 0 PID: 83 at /b/arch/arm64/mm/mmu.c:1268 vmemmap_free+0x6/0x7",
		 "CPU:");
	head_cut("WARNING: CPU: 0 PID: 83 at vmemmap_populate+0x64/0x6c", "CPU:");
	head_cut("WARNING: arch/arm64/mm/mmu.c:1793 at vmemmap_populate+0x54/0x68, CPU#1: insmod/78",
		 "arch/");
	head_cut("WARNING: [end > VMEMMAP_END] arch/arm64/mm/mmu.c:1793 at vmemmap_free+0x4/0x8, CPU#1: a/8",
		 "mmu.c");
	head_cut("Unable to handle kernel paging request at virtual address 00000071ccc00034",
		 "kernel");
	head_cut("Unable to handle kernel access to user memory outside uaccess routines at virtual address 00000071ccc00034",
		 "kernel");
}

/* So short that only a line that ends there tells. */
static void heads_cut_short(void **state)
{
	static const char *const lines[] = {
		"WARNING:",
		"WARNING: CP",
		"WARNING: ar",
		"WARNING: arch/arm64/mm/mmu",
		"Unable to handle",
		"Unable to handle ker",
		"------------[ cut he",
		"------------[ cut here ]------------",
	};
	char log[MAX_LOG];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(log, sizeof(log), KERNEL "%s\n", lines[i]);
		is_never_clean(log);
	}
}

/* As a log that was cut at a width, and wrapped: "mmu.cc:1222 vmemmap+0x4". */
static void heads_that_were_joined(void **state)
{
	(void)state;
	is_never_clean("WARNING: CPU: 1 PID: 78 at arch/arm64/mm/mmu.c\nc:1222 vmemmap\n+0x4\n");
	is_never_clean(KERNEL "WARNING: CPU: 1 PID: 78 at arch/aru.c:1222 vmem+0x4/0x8\n");
	is_never_clean(KERNEL "WARNING: CPU: 1 PID: 78 at mm/mmu.c:1222 vmem+0x4/0x8\n" TASK
			      "---[ end trace 0000000000000000 ]---\n");
}

/* A frame that a head was joined to agrees with itself. */
static void frames_that_were_joined(void **state)
{
	(void)state;
	is_never_clean(KERNEL HEAD " load_module+0x193c/0x1e94\nCall trace:\nc4\n memrem\n"
				   " load_module+0x1d08/0x1e94\n");
	is_never_clean(KERNEL HEAD " load_module+0x193c/0x1e94\nCall trace:\n"
				   " load_module+0x193c/0x1e94\n");
	is_never_clean(KERNEL "sp : ffff00000341b930" HEAD "\n load_module+0x193c/0x1e94\n");
}

static void pcs_that_were_joined(void **state)
{
#define OOPS "Unable to handle kernel paging request at virtual address 00000071ccc00034\n" TASK
	(void)state;
	is_never_clean(KERNEL OOPS "pc :\n" FRAME "\n---[ end trace 0000000000000000 ]---\n");
	is_never_clean(KERNEL OOPS "pc : " FRAME "\n---[ end trace 0000000000000000 ]---\n");
	is_never_clean(KERNEL OOPS "pc : " FRAME "\nCall trace:\n memremap_pages+0x4/0x8\n" FRAME
				   "\n---[ end trace 0000000000000000 ]---\n");
	is_never_clean(KERNEL OOPS "pc : " FRAME "\nCall trace:\n kthread+0x4/0x8\n " FRAME
				   "\n---[ end trace 0000000000000000 ]---\n");
}

/* A record of the kernel behind a digit of another one has a priority of user space. */
static void records_that_were_joined(void **state)
{
	(void)state;
	is_never_clean(KERNEL
		       "44,111,1289336,-;WARNING: CPU: 1 PID: 78 at arch/arm64/mm/mmu.c:1\n");
	is_never_clean(KERNEL "44,116,1290555,-;pc : vmemmap_populate+0x40/0x1c4\n");
	is_never_clean(KERNEL "{\"_TRANSPORT\": \"syslog\", \"MESSAGE\": \"" HEAD "\"}\n");
	is_never_clean(KERNEL "<44>Unable to handle kernel paging request at virtual address\n");
}

#define NAMED(line) is_never_clean(KERNEL line "\n")

/* Lines without a front that name our functions, each joined to another that was cut. */
static void names_that_were_joined(void **state)
{
	(void)state;
	NAMED("vmemmap_populateCPU: 0 PID: 83 Comm: rmmod");
	NAMED("vmemmap_populatepstate: 60000005 (nZCv daif -PAN -UAO -TCO -DIT -SSBS BTYPE=--)");
	NAMED("vmemmap_populate---[ end trace 0000000000000000 ]---");
	NAMED("vmemmap_populate ret_from_fork+0x10/0x20");
	NAMED("vmemmap_populate el0_svc");
	NAMED("l:  __add_pages+:  __pop");
	NAMED("l:  vmemmap_populate:  __pop");
	NAMED("vmemmap_populate el0_svc_common.constprop");
	NAMED("vmemmap_populate  ESR = 0x0000000096000044");
	NAMED("vmemmap_free x2 : 0000000000000000");
	NAMED("pc : __init_single_page el0_svc");
	NAMED("4,111,1289336,-vmemmap_free+0x64/0x6c4,113,1289337,-;random: crng init done");
	/* What people and sources say of them. */
	assert_int_equal(code_of(KERNEL "vmemmap_populate() is what warns, in vmemmap_free, too\n"
					"	vmemmap_populate(start, end, nid, altmap);\n"
					"vmemmap_populate and others\nvmemmap_free does.\n"),
			 VMW_EXIT_CLEAN);
}

/* What a line has behind all that there is room for. */
static void behind_long_lines(void **state)
{
	static char log[20000];
	size_t n;
	int i;

	(void)state;
	n = snprintf(log, sizeof(log), "Content-Transfer-Encoding: quoted-printable\n\n" KERNEL);
	for (i = 0; i < 100; i++)
		n += snprintf(log + n, sizeof(log) - n, "%050d=\n", i);
	snprintf(log + n, sizeof(log) - n, "usb\n");
	assert_int_equal(code_of(log), VMW_EXIT_CLEAN);
	snprintf(log + n, sizeof(log) - n, "vmemmap_free+0x64/0x6c\n");
	assert_int_equal(code_of(log), VMW_EXIT_LOST);
	/* A piece of a line that was wrapped. */
	n = snprintf(log, sizeof(log), KERNEL "CPU: 0 PID: 83 Comm: a\n");
	for (i = 0; i < 20; i++)
		n += snprintf(log + n, sizeof(log) - n, "%050d ", i);
	snprintf(log + n, sizeof(log) - n, "vmemmap_free+0x64/0x6c\n");
	assert_int_equal(code_of(log), VMW_EXIT_LOST);
}

static void behind_nuls(void **state)
{
	static const char before[] = KERNEL "\0\0[    1.500000] " HEAD "\n",
			  within[] = KERNEL "[    1.500000] usb\0\0 1-1: " HEAD "\n",
			  alone[] = KERNEL "\0\0\0\n[    1.500000] \0" HEAD " map+0x4/0x8",
			  none[] = KERNEL "\0\0\0\n[    1.500000] \0usb 1-1: new\n";

	(void)state;
	assert_int_equal(code_of_bytes(before, sizeof(before) - 1), VMW_EXIT_LOST);
	assert_int_equal(code_of_bytes(within, sizeof(within) - 1), VMW_EXIT_LOST);
	assert_int_equal(code_of_bytes(alone, sizeof(alone) - 1), VMW_EXIT_LOST);
	assert_int_equal(code_of_bytes(none, sizeof(none) - 1), VMW_EXIT_CLEAN);
}

/* A collector's message may be all of a log. */
static void in_a_long_message(void **state)
{
	static char log[20000];
	size_t n = 0;
	int i;

	(void)state;
	for (i = 0; i < 200; i++)
		n += snprintf(log + n, sizeof(log) - n, "%s[    1.%06d] usb 1-1: a new device\\n",
			      i ? "" : "{\"log\": \"", i);
	snprintf(log + n, sizeof(log) - n, "\"}\n");
	assert_int_equal(code_of(log), VMW_EXIT_CLEAN);
	snprintf(log + n, sizeof(log) - n, "[    2.000000] usb\\u0000" HEAD "\"}\n");
	assert_int_equal(code_of(log), VMW_EXIT_LOST);
	snprintf(log + n, sizeof(log) - n, "[    2.000000] " HEAD "\"}\n");
	assert_int_equal(code_of(log), VMW_EXIT_LOST);
}

/* Of JSON only messages are read, and not all that has any is of a kernel. */
static void in_other_members(void **state)
{
	(void)state;
	assert_int_equal(code_of("{\"msg\": \"hello\"}\n{\"msg\": \"there\"}\n"), VMW_EXIT_LOST);
	assert_int_equal(code_of("MESSAGE=hello\n"), VMW_EXIT_LOST);
	/* Nor are bytes of anything, whatever three of them are. */
	assert_int_equal(code_of("\x81\x92\n<4>ab\x03\xf8\xa9\n"), VMW_EXIT_LOST);
	assert_int_equal(code_of("<4>usb 1-1: a new device\n"), VMW_EXIT_CLEAN);
	assert_int_equal(code_of("{\"_TRANSPORT\": \"kernel\", \"MESSAGE\": \"hello\"}\n"),
			 VMW_EXIT_CLEAN);
	is_never_clean(KERNEL "{\"msg\": \"hello\", \"trace\": \"pc : vmemmap_free+0x4/0x8\"}\n");
	is_never_clean(KERNEL "{\"msg\": \"hello\", \"trace\": \"x\\n" HEAD "\"}\n");
	/* A terminal's title that has no end. */
	is_never_clean(KERNEL "\033]x [    2.000000] pc : vmemmap_free+0x64/0x6c\n");
}

static void others_are_clean(void **state)
{
	(void)state;
	assert_int_equal(code_of(KERNEL OTHER), VMW_EXIT_CLEAN);
	/* By its file alone. */
	assert_int_equal(code_of(KERNEL "WARNING: CPU: 1 PID: 8 at fs/inode.c:12 map+0x4/0x8\n"),
			 VMW_EXIT_CLEAN);
	assert_int_equal(code_of(KERNEL "WARNING: fs/inode.c:12 at map+0x4/0x8, CPU#1: a/8\n"),
			 VMW_EXIT_CLEAN);
	/* Of the file of our functions, by two lines. */
	assert_int_equal(
		code_of(KERNEL "WARNING: CPU: 1 PID: 8 at arch/arm64/mm/mmu.c:12 map+0x4/0x8\n" TASK
			       "pc : map+0x4/0x8\n---[ end trace 0000000000000000 ]---\n"),
		VMW_EXIT_CLEAN);
	assert_int_equal(code_of(KERNEL
				 "Unable to handle kernel NULL pointer dereference at virtual address "
				 "0000000000000010\n" TASK "pc : map+0x4/0x8\nCall trace:\n"
				 " map+0x4/0x8 (P)\n---[ end trace 0000000000000000 ]---\n"),
			 VMW_EXIT_CLEAN);
	assert_int_equal(code_of(KERNEL "<12>app: WARNING: low on disk\n"), VMW_EXIT_CLEAN);
}

/* The first line of a boot tells the front of all others, and that they are a kernel's. */
static void boots_with_a_front(void **state)
{
	(void)state;
	assert_int_equal(code_of("17:Booting Linux on physical CPU 0x0000000000 [0x411fd070]\n"
				 "18:Linux version 6.1.192\n19:Machine model: linux,dummy-virt\n"),
			 VMW_EXIT_CLEAN);
	assert_int_equal(
		code_of("dmesg.txt:1:Booting Linux on physical CPU 0x0000000000 [0x411fd070]\n"
			"dmesg.txt:2:WARNING: CPU: 1 PID: 78 at arch/arm64/mm/mmu.c:1222\n"),
		VMW_EXIT_LOST);
	assert_int_equal(code_of("17:Linux is a kernel\n18:Booting Linux on physical CPUs\n"),
			 VMW_EXIT_LOST);
	/* Lines are looked at one by one then, whatever begins them. */
	assert_int_equal(code_of("1:Booting Linux on physical CPU 0x0000000000 [0x411fd070]\n"
				 "2:random: crng init done\n3:Unable to handle\n"),
			 VMW_EXIT_LOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_cut_anywhere),
		cmocka_unit_test(heads_cut_short),
		cmocka_unit_test(heads_that_were_joined),
		cmocka_unit_test(frames_that_were_joined),
		cmocka_unit_test(pcs_that_were_joined),
		cmocka_unit_test(records_that_were_joined),
		cmocka_unit_test(names_that_were_joined),
		cmocka_unit_test(behind_long_lines),
		cmocka_unit_test(behind_nuls),
		cmocka_unit_test(in_a_long_message),
		cmocka_unit_test(in_other_members),
		cmocka_unit_test(others_are_clean),
		cmocka_unit_test(boots_with_a_front),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
