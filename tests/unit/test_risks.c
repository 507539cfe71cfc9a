// SPDX-License-Identifier: GPL-2.0-only
/* Known bugs and settings of kernels, from recorded code, files and type information. */
#include <fcntl.h>
#include <unistd.h>

#include "unit.h"

#include "layout/risks.h"
#include "probe/modules.h"
#include "probe/unfixed.h"
#include "service/handover.h"

static void releases(void **state)
{
	static const struct {
		const char *release;
		bool second_kprobe, ftrace_walk;
	} rows[] = {
		{ "5.10.0-32-arm64", true, true },
		{ "5.15.135", true, true },
		{ "6.1.191", true, true },
		{ "6.1.192", false, false },
		{ "6.6.87", true, false },
		{ "6.8.0-32-generic", true, true },
		{ "6.8.12", true, false },
		{ "6.11.11", true, false },
		{ "6.12.53+deb", true, false },
		{ "6.12.54", false, false },
		{ "7.2.13+deb14-arm64", false, false },
		{ "7.2", false, false },
		{ "", true, true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(vmw_bug_by_release(VMW_BUG_SECOND_KPROBE, rows[i].release),
				 rows[i].second_kprobe);
		assert_int_equal(vmw_bug_by_release(VMW_BUG_FTRACE_WALK, rows[i].release),
				 rows[i].ftrace_walk);
	}
}

static void acquire_in_code(void **state)
{
	/* The start of kprobe_dispatcher(), 6.1.192 by gcc 12: ldar w20, [x0]. */
	u32 code[] = {
		0xa9bd7bfd, 0x910003fd, 0xa90153f3, 0xaa0103f3, 0xf90013f5, 0xd1006015,
		0xf9406800, 0x88dffc14, 0xf94066a2, 0xd538d084, 0xf8646843, 0x91000463,
	};

	(void)state;
	assert_true(vmw_has_acquire(code, 12));
	assert_false(vmw_has_acquire(code, 7));
	/* What it was before the fix: ldr w20, [x0]. */
	code[7] = 0xb9400014;
	assert_false(vmw_has_acquire(code, 12));
	/* ldapr w20, [x0] */
	code[7] = 0xb8bfc014;
	assert_true(vmw_has_acquire(code, 12));
	/* stlr w20, [x0] and the 64-bit ldar, which the flags are not read by. */
	code[7] = 0x889ffc14;
	assert_false(vmw_has_acquire(code, 12));
	code[7] = 0xc8dffc14;
	assert_false(vmw_has_acquire(code, 12));
}

#define MS 1000000ULL

/* One look at a file with these lines. */
static bool look(struct vmw_modules *seen, const char *lines, u64 ms, char *who)
{
	char path[32];
	bool still;

	write_temporary(path, lines, strlen(lines));
	still = vmw_modules_look(seen, path, ms * MS, who);
	unlink(path);
	return still;
}

#define LIVE	"virtio_net 77824 0 - Live 0xffff800001000000\n"
#define LOADING "test_hmm 32768 1 - Loading 0xffff800001020000\n"
#define GOING	"test_hmm 32768 0 - Unloading 0xffff800001020000\n"
#define OTHER	"vmw_claim 16384 1 - Loading 0xffff800001040000\n"

static void modules_that_move(void **state)
{
	struct vmw_modules seen = { .nr = 0 };
	char who[64];

	(void)state;
	assert_false(look(&seen, LIVE, 1000, who));
	assert_string_equal(who, "");
	assert_false(look(&seen, LIVE, 1019, who));
	assert_true(look(&seen, LIVE, 1020, who));
	/* One that loads, and then one that has just been loaded. */
	assert_false(look(&seen, LIVE LOADING, 1100, who));
	assert_string_equal(who, "test_hmm");
	assert_false(look(&seen, LIVE "test_hmm 32768 0 - Live 0x0\n", 1130, who));
	assert_true(look(&seen, LIVE "test_hmm 32768 0 - Live 0x0\n", 1150, who));
	assert_false(look(&seen, LIVE GOING, 1160, who));
	assert_string_equal(who, "test_hmm");
	/* It has gone between two looks. */
	assert_false(look(&seen, LIVE, 1190, who));
	assert_true(look(&seen, LIVE, 1210, who));
}

static void module_that_never_ends(void **state)
{
	struct vmw_modules seen = { .nr = 0 };
	char who[64];

	(void)state;
	assert_false(look(&seen, LIVE LOADING, 1000, who));
	assert_false(look(&seen, LIVE LOADING, 2999, who));
	assert_string_equal(who, "test_hmm");
	assert_false(look(&seen, LIVE LOADING, 3000, who));
	assert_string_equal(who, "");
	assert_true(look(&seen, LIVE LOADING, 3020, who));
	/* Another one is no less in the way for it. */
	assert_false(look(&seen, LIVE LOADING OTHER, 3030, who));
	assert_string_equal(who, "vmw_claim");
	assert_true(look(&seen, "", 9000, who) || look(&seen, "", 9020, who));
}

static void no_modules(void **state)
{
	struct vmw_modules seen = { .nr = 0 };
	char who[64];

	(void)state;
	assert_true(vmw_modules_look(&seen, "/nonexistent/modules", MS, who));
}

static void ftrace_switch(void **state)
{
	static const struct {
		const char *text;
		bool off;
	} rows[] = {
		{ "0\n", true },
		{ "1\n", false },
		{ "", false },
	};
	char path[32];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		write_temporary(path, rows[i].text, strlen(rows[i].text));
		assert_int_equal(vmw_ftrace_is_off(path), rows[i].off);
		unlink(path);
	}
	assert_false(vmw_ftrace_is_off("/nonexistent/ftrace_enabled"));
}

static void pseudo_nmi(void **state)
{
	(void)state;
	assert_true(vmw_asks_for_pseudo_nmi("quiet irqchip.gicv3_pseudo_nmi=1 ro\n"));
	assert_true(vmw_asks_for_pseudo_nmi("irqchip.gicv3_pseudo_nmi=on\n"));
	assert_true(vmw_asks_for_pseudo_nmi("irqchip.gicv3_pseudo_nmi=y"));
	assert_false(vmw_asks_for_pseudo_nmi("quiet ro\n"));
	assert_false(vmw_asks_for_pseudo_nmi("irqchip.gicv3_pseudo_nmi="));
	assert_false(vmw_asks_for_pseudo_nmi("irqchip.gicv3_pseudo_nmi=off\n"));
	assert_false(vmw_asks_for_pseudo_nmi("x.irqchip.gicv3_pseudo_nmi=1\n"));
	assert_false(vmw_asks_for_pseudo_nmi(
		"irqchip.gicv3_pseudo_nmi=1 irqchip.gicv3_pseudo_nmi=0"));
}

/* Types as the kernel has them: the ring's lock of @lock_name, made of @inner. */
static struct btf *ring_with(const char *lock_name, const char *inner)
{
	struct btf *btf = btf__new_empty();
	int number, mutex, lock, type;

	assert_non_null(btf);
	number = btf__add_int(btf, "unsigned int", 4, 0);
	mutex = btf__add_struct(btf, inner, 4);
	assert_int_equal(btf__add_field(btf, "owner", number, 0, 0), 0);
	lock = btf__add_struct(btf, "spinlock", 4);
	assert_int_equal(btf__add_field(btf, "lock", mutex, 0, 0), 0);
	type = btf__add_typedef(btf, lock_name, lock);
	assert_true(btf__add_struct(btf, "bpf_ringbuf", 8) > 0);
	assert_int_equal(btf__add_field(btf, "mask", number, 0, 0), 0);
	assert_int_equal(btf__add_field(btf, "spinlock", type, 32, 0), 0);
	return btf;
}

static void sleeping_ring(void **state)
{
	static const struct {
		const char *lock, *inner;
		bool sleeps;
	} rows[] = {
		{ "spinlock_t", "rt_mutex_base", true },
		{ "spinlock_t", "raw_spinlock", false },
		{ "raw_spinlock_t", "rt_mutex_base", false },
	};
	struct btf *btf;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		btf = ring_with(rows[i].lock, rows[i].inner);
		assert_int_equal(vmw_has_sleeping_ring(btf), rows[i].sleeps);
		btf__free(btf);
	}
	btf = btf__new_empty();
	assert_false(vmw_has_sleeping_ring(btf));
	btf__free(btf);
}

static void count(const char *risk, const char *follows, void *context)
{
	assert_true(*risk && *follows);
	(*(int *)context)++;
}

static void each_risk(void **state)
{
	const struct vmw_risks none = { .ftrace_off = false };
	const struct vmw_risks all = { true, true, true };
	int n = 0;

	(void)state;
	vmw_each_risk(&none, count, &n);
	assert_int_equal(n, 0);
	vmw_each_risk(&all, count, &n);
	assert_int_equal(n, 3);
}

/* Links, then the guard, then programs and maps, whatever order they came in. */
static void order_of_closing(void **state)
{
	static const char *const names[] = {
		"map.ring", "program.0", "guard", "link.0", "save.0", "state",
	};
	static const unsigned int turns[] = { 2, 2, 1, 0, 0, 2 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		assert_int_equal(vmw_probes_close_turn(names[i]), turns[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(releases),	     cmocka_unit_test(acquire_in_code),
		cmocka_unit_test(modules_that_move), cmocka_unit_test(module_that_never_ends),
		cmocka_unit_test(no_modules),	     cmocka_unit_test(ftrace_switch),
		cmocka_unit_test(pseudo_nmi),	     cmocka_unit_test(sleeping_ring),
		cmocka_unit_test(each_risk),	     cmocka_unit_test(order_of_closing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
