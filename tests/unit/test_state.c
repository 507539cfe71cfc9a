// SPDX-License-Identifier: GPL-2.0-only
/* The state: what is read is what was written, and nothing else is read. */
#include "output/export.h"
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <zlib.h>

#include "report/state_format.h"

static char *export(const struct vmw_report *report)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	assert_non_null(file);
	assert_int_equal(vmw_export_json(report, file), 0);
	fclose(file);
	return text;
}

/* A report of the service, which has no command; and probes as told. */
static void service_init(struct fixture *f)
{
	static struct vmw_packed_probes told;

	fixture_init(f);
	fixture_watch(f);
	told.nr_probes = VMW_NR_PROBES;
	strcpy(told.probe[0].how, "fentry");
	strcpy(told.probe[1].problem, "no such function");
	assert_int_equal(vmw_probes_unpack((struct vmw_probes **)&f->report.probes, &told), 0);
	memset(&f->report.command, 0, sizeof(f->report.command));
	f->report.code = 0;
	f->report.service = true;
}

static void service_free(struct fixture *f)
{
	vmw_probes_free((struct vmw_probes *)f->report.probes);
	fixture_free(f);
}

static int write_state(const struct fixture *f)
{
	int fd = memfd_create("state", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(vmw_state_write(&f->report, fd), 0);
	return fd;
}

static void assert_same(const struct fixture *f)
{
	int fd = write_state(f);
	struct vmw_state *state;
	char why[128] = "", *before, *after;

	assert_int_equal(vmw_state_read(&state, fd, why, sizeof(why)), 0);
	before = export(&f->report);
	after = export(&state->report);
	assert_string_equal(before, after);
	free(before);
	free(after);
	vmw_state_free(state);
	close(fd);
}

static void test_same(void **state)
{
	struct fixture f;

	(void)state;
	service_init(&f);
	assert_same(&f);
	service_free(&f);
}

static void test_many_uses(void **state)
{
	struct fixture f;
	u64 i;

	(void)state;
	service_init(&f);
	for (i = 0; i < 10000; i++)
		send_use(&f, VMW_PROBE_folio_put, pfn_at(&f, f.bounds.end) + ((i + 100) << 15));
	assert_same(&f);
	service_free(&f);
}

/* Of a site, and then the service was started without any; of a row, the same. */
static void test_forgotten_uses(void **state)
{
	static const u32 gone[] = { VMW_PROBE_SITE, VMW_NR_PROBES };
	struct vmw_used *used;
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(gone); i++) {
		service_init(&f);
		send_use(&f, VMW_PROBE_folio_put, pfn_at(&f, f.bounds.end) + (100ULL << 15));
		for (used = f.aggregate.uses; used->next; used = used->next)
			;
		used->probe = gone[i];
		used->site = gone[i] == VMW_PROBE_SITE;
		vmw_aggregate_forget_probe(&f.aggregate, gone[i]);
		assert_same(&f);
		service_free(&f);
	}
}

static void test_nothing(void **state)
{
	struct fixture f;

	(void)state;
	service_init(&f);
	vmw_aggregate_free(&f.aggregate);
	memset(&f.aggregate, 0, sizeof(f.aggregate));
	f.aggregate.bounds = f.bounds;
	assert_same(&f);
	service_free(&f);
}

static int read_bytes(const unsigned char *bytes, size_t size)
{
	int fd = memfd_create("state", MFD_CLOEXEC), err;
	struct vmw_state *state = NULL;
	char why[128] = "";

	assert_int_equal(write(fd, bytes, size), size);
	err = vmw_state_read(&state, fd, why, sizeof(why));
	assert_true(!err || *why);
	if (!err)
		free(export(&state->report));
	vmw_state_free(err ? NULL : state);
	close(fd);
	return err;
}

static unsigned char *state_bytes(size_t *ret)
{
	unsigned char *bytes;
	struct fixture f;
	int fd;

	service_init(&f);
	fd = write_state(&f);
	*ret = lseek(fd, 0, SEEK_END);
	bytes = malloc(*ret);
	assert_int_equal(pread(fd, bytes, *ret, 0), *ret);
	close(fd);
	service_free(&f);
	return bytes;
}

/* As if it had been written so. */
static void seal(unsigned char *bytes, size_t size)
{
	struct vmw_state_head head;

	memcpy(&head, bytes, sizeof(head));
	head.size = size - sizeof(head);
	head.crc = crc32(0, bytes + sizeof(head), head.size);
	memcpy(bytes, &head, sizeof(head));
}

static void test_cut(void **state)
{
	size_t size, cut;
	unsigned char *bytes = state_bytes(&size), *copy = malloc(size);

	(void)state;
	for (cut = 0; cut < size; cut += cut < 256 ? 1 : 61) {
		assert_int_equal(read_bytes(bytes, cut), cut ? -EBADMSG : -ESTALE);
		if (cut < sizeof(struct vmw_state_head))
			continue;
		memcpy(copy, bytes, cut);
		seal(copy, cut);
		assert_int_equal(read_bytes(copy, cut), -EBADMSG);
	}
	free(copy);
	free(bytes);
}

/* What another process sends may be anything, and may change while it is read. */
static void test_received(void **state)
{
	size_t size;
	unsigned char *bytes = state_bytes(&size);
	int fd = memfd_create("state", MFD_CLOEXEC | MFD_ALLOW_SEALING), null;
	struct vmw_state *got = NULL;
	char why[128] = "";

	(void)state;
	assert_int_equal(write(fd, bytes, size), size);
	assert_int_equal(vmw_state_receive(&got, fd, why, sizeof(why)), 0);
	vmw_state_free(got);
	/* It is emptied when there are many newer ones. */
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(vmw_state_receive(&got, fd, why, sizeof(why)), -ESTALE);
	/* No memory of ours is used for what cannot be a state. */
	assert_int_equal(ftruncate(fd, 1LL << 40), 0);
	assert_int_equal(vmw_state_receive(&got, fd, why, sizeof(why)), -EBADMSG);
	close(fd);
	null = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	assert_int_equal(vmw_state_receive(&got, null, why, sizeof(why)), -EBADMSG);
	close(null);
	free(bytes);
}

/* A sender that changes its mind again and again does not kill who reads. */
static void test_cut_meanwhile(void **state)
{
	size_t size, i;
	unsigned char *bytes = state_bytes(&size);
	int fd = memfd_create("state", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct vmw_state *got;
	char why[128];
	pid_t child;

	(void)state;
	child = fork();
	if (!child) {
		/* Whole for a while, so that it is begun to be read. */
		for (i = 0;
		     pwrite(fd, bytes, size, 0) >= 0 && !usleep(i % 256) && !ftruncate(fd, 0);
		     i++)
			;
		_exit(1);
	}
	for (i = 0; i < 3000; i++) {
		got = NULL;
		if (!vmw_state_receive(&got, fd, why, sizeof(why)))
			vmw_state_free(got);
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(fd);
	free(bytes);
}

/* Where the checksum does not say so, the parser is on its own: no crash. */
static void test_flipped(void **state)
{
	size_t size, at, first = sizeof(struct vmw_state_head);
	unsigned char *bytes = state_bytes(&size);

	(void)state;
	for (at = first; at < size; at += 37) {
		unsigned char was = bytes[at];

		bytes[at] ^= 1 << at % 8;
		assert_int_equal(read_bytes(bytes, size), -EBADMSG);
		bytes[at] = was;
	}
	for (at = first; at < size; at += 37) {
		unsigned char was = bytes[at];

		bytes[at] ^= at % 3 ? 0xff : 1 << at % 8;
		seal(bytes, size);
		read_bytes(bytes, size);
		bytes[at] = was;
	}
	free(bytes);
}

/* Sound but for the hash: of another build of the same version. */
static void test_other_build(void **state)
{
	size_t size, at = offsetof(struct vmw_state_head, build) + strlen(vmw_build) - 1;
	unsigned char *bytes = state_bytes(&size);

	(void)state;
	assert_true(strlen(vmw_build) > strlen(vmw_version) + 16);
	assert_int_equal(read_bytes(bytes, size), 0);
	bytes[at] ^= 1;
	assert_int_equal(read_bytes(bytes, size), -EBADMSG);
	free(bytes);
}

/* A whole one, for the fuzzer to begin with. */
static int write_seed(const char *path)
{
	size_t size, written;
	unsigned char *bytes = state_bytes(&size);
	FILE *file = fopen(path, "we");

	written = file ? fwrite(bytes, 1, size, file) : 0;
	if (file)
		fclose(file);
	free(bytes);
	return written != size;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_many_uses),
		cmocka_unit_test(test_forgotten_uses),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_received),
		cmocka_unit_test(test_cut_meanwhile),
		cmocka_unit_test(test_flipped),
		cmocka_unit_test(test_other_build),
	};

	return argc > 1 ? write_seed(argv[1]) : cmocka_run_group_tests(tests, NULL, NULL);
}
