// SPDX-License-Identifier: GPL-2.0-only
/* Files that appear when they are whole: what tests/native/70-files.sh cannot reach. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <vmemmapwatch/types.h>

#include "base/output_file.h"

static char folder[] = "/tmp/vmw-output.XXXXXX";
static char path[64];

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder + sizeof(folder) - 7, "XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/doc", folder);
	return 0;
}

/* It has nothing but the document. */
static int remove_folder(void **state)
{
	(void)state;
	unlink(path);
	assert_int_equal(rmdir(folder), 0);
	return 0;
}

static void write_whole(const char *text, bool linkable)
{
	struct vmw_output output;

	assert_int_equal(vmw_output_open_file(&output, path, 0640), 0);
	output.linkable &= linkable;
	assert_true(fputs(text, output.file) >= 0);
	assert_int_equal(vmw_output_commit(&output), 0);
}

static void assert_is(const char *text, mode_t mode)
{
	char read[64] = "";
	struct stat status;
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_non_null(fgets(read, sizeof(read), file));
	fclose(file);
	assert_string_equal(read, text);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, mode);
}

/* A file system that has no files without a name. */
static void a_copy_is_as_good(void **state)
{
	(void)state;
	umask(022);
	write_whole("first", false);
	assert_is("first", 0640);
	assert_int_equal(chmod(path, 0604), 0);
	write_whole("second", false);
	assert_is("second", 0604);
	write_whole("third", true);
	assert_is("third", 0604);
}

static void only_a_file(void **state)
{
	struct vmw_output output;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	/* It does not wait for a reader. */
	assert_int_equal(vmw_output_open_file(&output, path, 0600), -EINVAL);
	assert_string_equal(vmw_output_error(&output, -EINVAL), "not a regular file");
	vmw_output_close(&output);
	assert_int_equal(vmw_output_open_file(&output, "/dev/null", 0600), -EINVAL);
	assert_int_equal(vmw_output_open_file(&output, "/dev/stdout", 0600), -EINVAL);
}

/* Somebody puts something there while we write: it is not replaced. */
static void looked_at_twice(void **state)
{
	struct vmw_output output;
	struct stat status;

	(void)state;
	assert_int_equal(vmw_output_open(&output, path), 0);
	fputs("x", output.file);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(vmw_output_commit(&output), -EEXIST);
	assert_int_equal(lstat(path, &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	/* As it is now, its mode is kept. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(vmw_output_open(&output, path), 0);
	fputs("x", output.file);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	assert_int_equal(vmw_output_commit(&output), 0);
	assert_is("x", 0600);
}

/* Its group has what the ACL's mask has, once the ACL is lost. */
static void an_acl_is_kept(void **state)
{
	/* linux/posix_acl_xattr.h: user::rw user:1:rw group::- mask::rw other::-. */
	static const struct {
		u32 version;
		struct {
			u16 tag, perm;
			u32 id;
		} entry[5];
	} acl = {
		2,
		{ { 0x01, 6, -1 }, { 0x02, 6, 1 }, { 0x04, 0, -1 }, { 0x10, 6, -1 }, { 0x20, 0, -1 } }
	};
	char got[128];
	bool linkable;

	(void)state;
	for (linkable = false;; linkable = true) {
		write_whole("first", true);
		if (setxattr(path, "system.posix_acl_access", &acl, sizeof(acl), 0)) {
			assert_int_equal(errno, ENOTSUP);
			skip();
		}
		write_whole("second", linkable);
		assert_is("second", 0660);
		assert_int_equal(getxattr(path, "system.posix_acl_access", got, sizeof(got)),
				 sizeof(acl));
		assert_memory_equal(got, &acl, sizeof(acl));
		if (linkable)
			break;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_copy_is_as_good, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(only_a_file, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(an_acl_is_kept, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(looked_at_twice, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
