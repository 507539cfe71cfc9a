// SPDX-License-Identifier: GPL-2.0-only
/* Where the HTTP server may listen; what it serves is tests/native/40-metrics.sh. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <vmemmapwatch/types.h>

#include "unit.h"

#include "base/address.h"
#include "service/http/http.h"
#include "service/http/library.h"

static char why[256];

static int listen_at(const char *where)
{
	struct vmw_address address;
	int err = vmw_address_parse(&address, where, why, sizeof(why));

	return err ? err : vmw_address_listen(&address, why, sizeof(why));
}

static void bad(const char *where, int err)
{
	int fd = listen_at(where);

	if (fd != err)
		fail_msg("%s: %d, not %d", where, fd, err);
	if (err == -EINVAL)
		assert_memory_equal(why, "expected", 8);
	else
		assert_non_null(strstr(why, strncmp(where, "unix:", 5) ? where : where + 5));
	assert_null(strchr(why, '\n'));
}

static void bad_addresses(void **state)
{
	static const char *const addresses[] = {
		"",
		":",
		"9977",
		":9977",
		"127.0.0.1",
		"127.0.0.1:",
		"127.0.0.1:0",
		"127.0.0.1:65536",
		"127.0.0.1:99999999999999999999",
		"127.0.0.1:-1",
		"127.0.0.1:+5",
		"127.0.0.1: 5",
		"127.0.0.1:80x",
		"::1:9977",
		"[::1]",
		"[::1",
		"[]:9977",
		"[:9977",
		"]:9977",
		"[::1]x:9977",
		"localhost:9977",
		"300.1.1.1:9977",
		"unix:",
		"*:9977",
	};
	char path[200] = "unix:/tmp/";
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(addresses); i++)
		bad(addresses[i], -EINVAL);
	memset(path + 10, 'x', sizeof(path) - 11);
	bad(path, -EINVAL);
	bad("unix:/nonexistent/socket", -ENOENT);
	bad("unix:/tmp", -ENOTSOCK);
}

static int port_of(int fd)
{
	struct sockaddr_in6 address;
	socklen_t size = sizeof(address);

	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	return ntohs(address.sin6_port);
}

/* A port of @family that is free, from the kernel. */
static int free_port(int family)
{
	struct sockaddr_in6 address = { .sin6_family = family };
	int fd = socket(family, SOCK_STREAM, 0), port;

	if (fd < 0 || bind(fd, (struct sockaddr *)&address,
			   family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(address))) {
		close(fd);
		return -1;
	}
	port = port_of(fd);
	close(fd);
	return port;
}

/* Whom a loopback address belongs to is asked by @fd, bound to one. */
static void names(int fd)
{
	static const struct {
		const char *host;
		bool may;
	} cases[] = {
		{ NULL, true },
		{ "127.0.0.1", true },
		{ "127.0.0.1:9977", true },
		{ "[::1]:9977", true },
		{ "[::1]", true },
		{ "localhost", true },
		{ "LocalHost:9977", true },
		{ "", false },
		{ ":9977", false },
		{ "evil.example", false },
		{ "evil.example:9977", false },
		{ "localhost.evil.example", false },
		{ "127.0.0.1.evil.example", false },
		{ "[::1", false },
		{ "[evil.example]:1", false },
		{ "[::1]x", false },
	};
	char own[300] = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(vmw_http_may_ask(fd, cases[i].host), cases[i].may);
	assert_int_equal(gethostname(own, 200), 0);
	assert_true(vmw_http_may_ask(fd, own));
	strcat(own, ".evil.example");
	assert_false(vmw_http_may_ask(fd, own));
}

static void tcp(void **state)
{
	static const struct {
		const char *format;
		int family;
	} forms[] = { { "127.0.0.1:%d", AF_INET }, { "[::1]:%d", AF_INET6 } };
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		int port = free_port(forms[i].family), fd;
		char where[64];

		if (port < 0)
			continue;
		snprintf(where, sizeof(where), forms[i].format, port);
		fd = listen_at(where);
		/* A machine may know IPv6 and have no address of it. */
		if (fd == -EADDRNOTAVAIL)
			continue;
		assert_true(fd >= 0);
		assert_int_equal(port_of(fd), port);
		assert_false(vmw_http_is_private(fd));
		names(fd);
		bad(where, -EADDRINUSE);
		close(fd);
	}
}

static void unix_socket(void **state)
{
	char directory[] = "/tmp/vmw-unit.XXXXXX", path[64], where[80];
	struct stat status;
	int fd, again;

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/socket", directory);
	snprintf(where, sizeof(where), "unix:%s", path);
	fd = listen_at(where);
	assert_true(fd >= 0);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0660);
	assert_true(vmw_http_is_private(fd));
	assert_int_equal(chmod(path, 0666), 0);
	assert_false(vmw_http_is_private(fd));
	bad(where, -EADDRINUSE);
	close(fd);
	/* Its name is still there, and nobody behind it. */
	assert_int_equal(stat(path, &status), 0);
	again = listen_at(where);
	assert_true(again >= 0);
	close(again);
	unlink(path);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	bad(where, -ENOTSOCK);
	unlink(path);
	rmdir(directory);
}

static int write_nothing(FILE *file, void *context)
{
	(void)file;
	(void)context;
	return 0;
}

/* What is no listening socket stays the caller's. */
static void bad_fd(void **state)
{
	static const struct vmw_http_pages pages = {
		write_nothing,
		write_nothing,
		write_nothing,
		write_nothing,
	};
	struct vmw_http *http = NULL;
	sd_event *loop;

	(void)state;
	assert_true(sd_event_new(&loop) >= 0);
	assert_int_equal(vmw_http_new(&http, loop, -1, &pages, NULL, why, sizeof(why)), -EBADF);
	assert_string_equal(why, "Bad file descriptor");
	assert_null(http);
	vmw_http_free(NULL);
	sd_event_unref(loop);
}

static void refused(const char *soname, const char *reason)
{
	struct vmw_http_library library = { .run = (void *)1 };

	assert_int_equal(vmw_http_library_load(&library, soname, why, sizeof(why)), -ELIBACC);
	/* As it was. */
	assert_ptr_equal(library.run, (void *)1);
	assert_null(library.stop_daemon);
	assert_non_null(strstr(why, soname));
	assert_non_null(strstr(why, reason));
	assert_non_null(strstr(why, ": install libmicrohttpd"));
	assert_null(strchr(why, '\n'));
}

static void library(void **state)
{
	struct vmw_http_library library;

	(void)state;
	refused("libvmw-no-such.so.0", ": cannot open shared object file: ");
	refused("libc.so.6", ": undefined symbol: MHD_add_response_header");
	assert_int_equal(vmw_http_library_load(&library, vmw_http_soname, why, sizeof(why)), 0);
	assert_non_null(library.stop_daemon);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_addresses), cmocka_unit_test(tcp),
		cmocka_unit_test(unix_socket),	 cmocka_unit_test(bad_fd),
		cmocka_unit_test(library),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
