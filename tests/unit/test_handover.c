// SPDX-License-Identifier: GPL-2.0-only
/* File descriptors over a socket: all of them, or none left behind. */
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "service/handover.h"

static int count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static void pair(int fds[2])
{
	const struct timeval limit = { .tv_sec = 2 };

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), 0);
	setsockopt(fds[1], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
}

static void test_many(void **state)
{
	static struct vmw_fds out, in;
	struct vmw_message message;
	int before = count_fds(), null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	size_t nr = VMW_MAX_PASSED < 300 ? VMW_MAX_PASSED : 300, i;
	int fds[2], fd;
	char name[32];

	(void)state;
	pair(fds);
	for (i = 0; i < nr; i++) {
		snprintf(name, sizeof(name), "fd.%zu", i);
		assert_true(vmw_fds_add(&out, name, null));
	}
	assert_int_equal(vmw_message_send(fds[0], VMW_WORD_TAKE, 3, "words", &out), 0);
	assert_int_equal(vmw_message_receive(fds[1], &message, &in), 0);
	assert_int_equal(message.word, VMW_WORD_TAKE);
	assert_int_equal(message.code, 3);
	assert_string_equal(message.text, "words");
	assert_string_equal(message.build, vmw_build);
	assert_int_equal(in.nr, nr);
	for (i = 0; i < nr; i++) {
		assert_int_equal(fcntl(in.fd[i].fd, F_GETFD), FD_CLOEXEC);
		snprintf(name, sizeof(name), "fd.%zu", i);
		fd = vmw_fds_take(&in, name);
		assert_true(fd >= 0);
		assert_int_equal(vmw_fds_take(&in, name), -1);
		close(fd);
	}
	vmw_fds_close(&in);
	close(null);
	close(fds[0]);
	close(fds[1]);
	assert_int_equal(count_fds(), before);
}

static void test_full(void **state)
{
	static struct vmw_fds fds;
	size_t i;

	(void)state;
	for (i = 0; i < VMW_MAX_PASSED; i++)
		assert_true(vmw_fds_add(&fds, "x", -1));
	assert_false(vmw_fds_add(&fds, "x", -1));
}

/* @size bytes with the fd @fd, @times. */
static void send_raw(int to, const void *bytes, size_t size, int fd, int times)
{
	char control[CMSG_SPACE(100 * sizeof(int))] = "";
	struct iovec iov = { .iov_base = (void *)bytes, .iov_len = size };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *head;
	int i;

	message.msg_control = control;
	message.msg_controllen = CMSG_SPACE(times * sizeof(int));
	head = CMSG_FIRSTHDR(&message);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(times * sizeof(int));
	for (i = 0; i < times; i++)
		memcpy(CMSG_DATA(head) + i * sizeof(int), &fd, sizeof(fd));
	assert_true(sendmsg(to, &message, 0) >= 0);
}

/* What says it has two fds, and then @size bytes of 0xff with @times fds. */
static int receive_raw(size_t first, u32 nr_fds, size_t size, int times)
{
	static struct vmw_fds in;
	struct vmw_message message = { .word = VMW_WORD_TAKE, .nr_fds = nr_fds }, heard;
	int before = count_fds(), fds[2], err;
	char junk[8192];

	memset(junk, 0xff, sizeof(junk));
	memset(&in, 0, sizeof(in));
	pair(fds);
	send_raw(fds[0], &message, first, fds[0], 1);
	if (size)
		send_raw(fds[0], junk, size, fds[0], times);
	close(fds[0]);
	err = vmw_message_receive(fds[1], &heard, &in);
	vmw_fds_close(&in);
	close(fds[1]);
	assert_int_equal(count_fds(), before);
	return err;
}

static void test_garbage(void **state)
{
	const size_t whole = sizeof(struct vmw_message);
	const size_t names = sizeof(u32) + 64 * sizeof(((struct vmw_named_fd *)0)->name);

	(void)state;
	assert_int_equal(receive_raw(whole, 0, 0, 0), 0);
	assert_int_equal(receive_raw(whole - 1, 0, 0, 0), -EBADMSG);
	assert_int_equal(receive_raw(1, 2, 100, 2), -EBADMSG);
	assert_int_equal(receive_raw(whole, 2, 0, 0), -ECONNRESET);
	assert_int_equal(receive_raw(whole, 2, 100, 2), -EBADMSG);
	assert_int_equal(receive_raw(whole, 2, names, 2), -EBADMSG);
	assert_int_equal(receive_raw(whole, 2, names, 1), -EBADMSG);
	assert_int_equal(receive_raw(whole, 2, 8192, 2), -EBADMSG);
	assert_int_equal(receive_raw(whole, 100, names, 100), -EBADMSG);
	assert_int_equal(receive_raw(whole, VMW_MAX_PASSED + 1, names, 2), -EBADMSG);
	assert_int_equal(receive_raw(whole, ~0U, names, 2), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
