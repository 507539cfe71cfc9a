// SPDX-License-Identifier: GPL-2.0-only
/* COMMAND before it runs and after it; and what is said on a terminal meanwhile. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "watch/command.h"

static char folder[] = "/tmp/command-XXXXXX";

static void write_file(const char *name, const char *text, mode_t mode)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(name, mode), 0);
}

static int set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(mkdir("a", 0700) | mkdir("b", 0700), 0);
	write_file("good", "#!  /bin/sh -e\nexit 0\n", 0700);
	write_file("lost", "#!/no/such/interpreter -e\n", 0700);
	write_file("plain", "#!/bin/sh\n", 0600);
	write_file("a/both", "#!/bin/sh\n", 0600);
	write_file("b/both", "#!/bin/sh\n", 0700);
	write_file("a/only", "#!/bin/sh\n", 0600);
	return 0;
}

static int clean_up(void **state)
{
	static const char *const names[] = { "good",   "lost",	 "plain", "a/both",
					     "b/both", "a/only", "a",	  "b" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		remove(names[i]);
	return chdir("/") | rmdir(folder);
}

static void can_be_executed(void **state)
{
	(void)state;
	assert_int_equal(vmw_command_check("./good"), 0);
	assert_int_equal(vmw_command_check("/bin/sh"), 0);
	assert_int_equal(vmw_command_check("./lost"), -ENOENT);
	assert_int_equal(vmw_command_check("./plain"), -EACCES);
	assert_int_equal(vmw_command_check("./none"), -ENOENT);
	assert_int_equal(vmw_command_check("./a"), -EACCES);
	assert_int_equal(vmw_command_check("./good/x"), -ENOTDIR);
	assert_int_equal(vmw_command_check(""), -ENOENT);
}

static void is_found_in_path(void **state)
{
	(void)state;
	setenv("PATH", "a:b:/no/such", 1);
	assert_int_equal(vmw_command_check("both"), 0);
	assert_int_equal(vmw_command_check("only"), -EACCES);
	assert_int_equal(vmw_command_check("sh"), -ENOENT);
	assert_int_equal(vmw_command_check("good"), -ENOENT);
	setenv("PATH", "a:", 1);
	assert_int_equal(vmw_command_check("good"), 0);
	unsetenv("PATH");
	assert_int_equal(vmw_command_check("sh"), 0);
}

static const char *failure(enum vmw_command_state how, int status, bool stopped)
{
	static char *argv[] = { "modprobe", NULL };
	const struct vmw_command command = { .argv = argv, .state = how, .status = status };
	static char text[192];

	vmw_command_failure(&command, stopped, text, sizeof(text));
	return text;
}

static void has_failed(void **state)
{
	(void)state;
	assert_string_equal(failure(VMW_COMMAND_EXITED, 0, false), "");
	assert_string_equal(failure(VMW_COMMAND_EXITED, 1, false),
			    "modprobe exited with status 1");
	assert_string_equal(failure(VMW_COMMAND_KILLED, 9, false),
			    "modprobe was killed by signal 9 (Killed)");
	/* We told it to end: what comes of that says nothing. */
	assert_string_equal(failure(VMW_COMMAND_EXITED, 143, true), "");
	assert_string_equal(failure(VMW_COMMAND_KILLED, 15, true), "");
	assert_string_equal(failure(VMW_COMMAND_RUNNING, 0, true), "");
}

/* What vmw_progress() writes to @fd as stderr, and where else it can be read: @reader. */
static void progress(int fd, int reader, char *text, size_t size)
{
	int saved = dup(STDERR_FILENO);
	ssize_t n;

	dup2(fd, STDERR_FILENO);
	vmw_progress("watching after %.1f s", 1.5);
	dup2(saved, STDERR_FILENO);
	close(saved);
	fcntl(reader, F_SETFL, O_NONBLOCK);
	n = read(reader, text, size - 1);
	text[n > 0 ? n : 0] = '\0';
}

static void says_progress_on_a_terminal(void **state)
{
	int ends[2], master, slave;
	char text[256];

	(void)state;
	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	progress(slave, master, text, sizeof(text));
	assert_string_equal(text, "vmemmapwatch: watching after 1.5 s\r\n");
	vmw_log_set(true, false);
	progress(slave, master, text, sizeof(text));
	assert_string_equal(text, "");
	vmw_log_set(false, false);
	close(master);
	close(slave);
	assert_int_equal(pipe(ends), 0);
	progress(ends[1], ends[0], text, sizeof(text));
	assert_string_equal(text, "");
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(can_be_executed),
		cmocka_unit_test(is_found_in_path),
		cmocka_unit_test(has_failed),
		cmocka_unit_test(says_progress_on_a_terminal),
	};

	return cmocka_run_group_tests(tests, set_up, clean_up);
}
