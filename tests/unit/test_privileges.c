// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>

#include "base/privileges.h"

#define SYSLOG (1ULL << CAP_SYSLOG)

static unsigned long long set_of(const char *name)
{
	unsigned long long mask = ~0ULL;
	char line[256], format[32];
	FILE *file = fopen("/proc/self/status", "re");

	snprintf(format, sizeof(format), "%s: %%llx", name);
	while (file && fgets(line, sizeof(line), file) && sscanf(line, format, &mask) != 1)
		;
	if (file)
		fclose(file);
	return mask;
}

/* What is dropped here is gone for good: in a child. Returns its status. */
static int in_child(int (*test)(void))
{
	pid_t pid = fork();
	int status = -1;

	if (!pid)
		_exit(test());
	waitpid(pid, &status, 0);
	return status;
}

static int keep_none(void)
{
	if (vmw_keep_capabilities(NULL, 0))
		return 1;
	return set_of("CapEff") || set_of("CapPrm") || set_of("CapInh") || set_of("CapAmb") ||
	       (geteuid() == 0 && set_of("CapBnd"));
}

static int keep_one(void)
{
	static const int kept[] = { CAP_SYSLOG };

	if (vmw_keep_capabilities(kept, 1))
		return 1;
	return set_of("CapEff") != SYSLOG || set_of("CapPrm") != SYSLOG ||
	       set_of("CapBnd") != SYSLOG || set_of("CapInh") || set_of("CapAmb");
}

static int keep_what_is_gone(void)
{
	static const int kept[] = { CAP_SYSLOG };

	if (vmw_keep_capabilities(NULL, 0))
		return 1;
	return vmw_keep_capabilities(kept, 1) != -EPERM || set_of("CapEff");
}

static void all_are_dropped(void **state)
{
	(void)state;
	if (!(set_of("CapEff") & 1ULL << CAP_SETPCAP))
		skip();
	assert_int_equal(in_child(keep_none), 0);
}

static void one_is_kept(void **state)
{
	(void)state;
	if (!(set_of("CapEff") & SYSLOG) || !(set_of("CapEff") & 1ULL << CAP_SETPCAP))
		skip();
	assert_int_equal(in_child(keep_one), 0);
}

static void what_is_not_there_is_told(void **state)
{
	(void)state;
	assert_int_equal(in_child(keep_what_is_gone), 0);
}

static bool is_before_5_19(void)
{
	unsigned int major = 0, minor = 0;
	struct utsname name;

	uname(&name);
	sscanf(name.release, "%u.%u", &major, &minor);
	return major < 5 || (major == 5 && minor < 19);
}

static void a_new_kernel_asks_for_nothing(void **state)
{
	struct vmw_needs needs;

	(void)state;
	if (is_before_5_19())
		skip();
	vmw_needed_capabilities(&needs, false);
	assert_int_equal(needs.nr, 0);
	assert_string_equal(needs.words, "");
}

static void names_take_a_capability(void **state)
{
	struct vmw_needs needs;

	(void)state;
	vmw_needed_capabilities(&needs, true);
	assert_true(needs.nr > 0);
	assert_int_equal(needs.capabilities[needs.nr - 1], CAP_SYSLOG);
	assert_non_null(strstr(needs.words, "CAP_SYSLOG (for names"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_dropped),
		cmocka_unit_test(one_is_kept),
		cmocka_unit_test(what_is_not_there_is_told),
		cmocka_unit_test(a_new_kernel_asks_for_nothing),
		cmocka_unit_test(names_take_a_capability),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
