// SPDX-License-Identifier: GPL-2.0-only
/*
 * --attach: the step that needs privileges. Asks the daemon what it has, attaches
 * what is wanted and not there, hands it over, and ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/socket.h"
#include "kernel/btf.h"
#include "kernel/iomem.h"
#include "kernel/kallsyms.h"
#include "probe/extra.h"
#include "probe/guard.h"
#include "probe/require.h"
#include "report/state.h"
#include "service/handover.h"
#include "service/paths.h"
#include "service/privileged.h"
#include "watch/watch.h"
#include "watch/watch_found.h"

/* The daemon may be loading its state when we come. */
#define ANSWER_SECONDS 20

struct attach {
	const struct vmw_watch_config *config;
	int daemon; /* socket */
	struct vmw_watch watch;
	struct vmw_fds fds; /* to hand over; some of them are the watch's */
	size_t nr_own;	    /* the first so many are not */
	/* What the daemon has. */
	struct vmw_state *has;
	struct vmw_probes *had; /* its maps, with the statuses of all rows */
	bool skip[VMW_MAX_PROBES];
	bool drop[VMW_MAX_PROBES];
};

static enum vmw_exit fail_errno(const char *what, int err)
{
	vmw_error("%s: %s", what, strerror(-err));
	return VMW_EXIT_UNTRACEABLE;
}

/* A file that shows more to us than to whoever gets it. */
static void add_file(struct attach *a, const char *name, const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NOCTTY);

	if (fd < 0) {
		vmw_notice("%s: %s: the service does without it", path, strerror(errno));
		return;
	}
	if (!vmw_fds_add(&a->fds, name, fd))
		close(fd);
	a->nr_own = a->fds.nr;
}

static int add_state(struct attach *a, const struct vmw_report *report)
{
	int fd = memfd_create("vmemmapwatch-state", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int err;

	if (fd < 0)
		return -errno;
	err = vmw_state_write(report, fd);
	if (!err && !vmw_fds_add(&a->fds, "state", fd))
		err = -ENOSPC;
	if (err)
		close(fd);
	else
		a->nr_own = a->fds.nr;
	return err;
}

/* Files first: they are ours to close, the rest is libbpf's. */
static enum vmw_exit gather(struct attach *a, const struct vmw_report *report, bool fresh)
{
	int err;

	if (fresh) {
		add_file(a, "kmsg", "/dev/kmsg", O_WRONLY);
		add_file(a, "kallsyms", VMW_KALLSYMS, O_RDONLY);
		add_file(a, "iomem", VMW_IOMEM, O_RDONLY);
	}
	err = add_state(a, report);
	return err ? fail_errno("a state to hand over", err) : VMW_EXIT_CLEAN;
}

static void gather_probes(struct attach *a)
{
	struct vmw_named_fd named[VMW_MAX_PROBE_FDS];
	size_t n = vmw_probes_name_fds(a->watch.probes, named), i;

	for (i = 0; i < n; i++) {
		/* The daemon has its own maps already. */
		if (a->had && !strncmp(named[i].name, "map.", 4))
			continue;
		vmw_fds_add(&a->fds, named[i].name, named[i].fd);
	}
}

static void ignore(const struct vmw_header *record, void *context)
{
	(void)record;
	(void)context;
}

/* The daemon has nothing: all of it, and what happened before. */
static enum vmw_exit attach_all(struct attach *a)
{
	struct vmw_probes_setup setup;
	enum vmw_exit code;

	code = vmw_watch_settle(&a->watch);
	if (code)
		return code;
	vmw_watch_setup(&a->watch, &setup);
	code = vmw_watch_attach(&a->watch, &setup, ignore, NULL);
	if (code)
		return code;
	vmw_watch_say_attached(&a->watch);
	/* When everything is attached: what comes from now on is seen by that. */
	vmw_found_into(&a->watch);
	code = gather(a, &a->watch.report, true);
	if (!code)
		gather_probes(a);
	return code;
}

static bool same_row(const struct vmw_probe_info *a, const struct vmw_probe_info *b)
{
	return !strcmp(a->symbol, b->symbol) && a->kind == b->kind && a->a == b->a &&
	       a->b == b->b;
}

/*
 * The rows of --probe that are wanted now, beside those that the daemon has had:
 * a row keeps its number as long as the maps live, for they count by it.
 */
static enum vmw_exit merge_extras(struct attach *a, bool *wanted)
{
	struct vmw_probe_info row;
	unsigned int i;
	char why[256];
	int id;

	for (i = 0; i < a->config->nr_probe; i++) {
		int before = vmw_nr_probes;

		if (vmw_extra_add(a->config->probe[i], why, sizeof(why))) {
			vmw_error("--probe=%s: %s (those before it count, until a restart)",
				  a->config->probe[i], why);
			return VMW_EXIT_USAGE;
		}
		row = vmw_probe_infos[before];
		for (id = VMW_NR_PROBES; id < before; id++) {
			if (same_row(&vmw_probe_infos[id], &row))
				break;
		}
		wanted[id] = true;
		if (id < before)
			vmw_extra_forget_last();
	}
	return VMW_EXIT_CLEAN;
}

/* What is to come and what is to go. Returns how many rows change. */
static int compare(struct attach *a, const bool *wanted)
{
	int changes = 0;
	int id;

	for (id = 0; id < vmw_nr_probes; id++) {
		const struct vmw_probe_status *status = vmw_probes_status(a->had, id);
		bool is_main = !vmw_is_caller(id);

		a->skip[id] = status->how || is_main;
		a->drop[id] = status->how && !is_main && !wanted[id];
		/* One that could not be attached could not be now. */
		if (!status->how && *status->problem)
			a->skip[id] = true;
		if (!wanted[id])
			a->skip[id] = true;
		changes += a->drop[id] || !a->skip[id];
	}
	return changes;
}

/* What the daemon is told of all rows: old ones, new ones, and those that go. */
static enum vmw_exit merge_packed(struct attach *a)
{
	struct vmw_packed_probes *told = malloc(sizeof(*told));
	struct vmw_packed_probes *new = malloc(sizeof(*new));
	struct vmw_report report = a->has->report;
	struct vmw_probes *probes = NULL;
	enum vmw_exit code;
	int id, err = -ENOMEM;

	if (!told || !new)
		goto out;
	vmw_probes_pack(a->had, told);
	if (a->watch.probes)
		vmw_probes_pack(a->watch.probes, new);
	for (id = 0; id < vmw_nr_probes; id++) {
		if (!a->skip[id] && a->watch.probes)
			told->probe[id] = new->probe[id];
		if (!a->drop[id])
			continue;
		memset(&told->probe[id], 0, sizeof(told->probe[id]));
		told->probe[id].left_out = true;
	}
	err = vmw_probes_unpack(&probes, told);
out:
	report.probes = probes;
	code = err ? fail_errno("probes to hand over", err) : gather(a, &report, false);
	vmw_probes_free(probes);
	free(told);
	free(new);
	return code;
}

/*
 * The daemon closes the guard that it has after the links of rows that go, and then
 * their programs (probe/guard.h): here is another one.
 */
static void add_guard(struct attach *a)
{
	struct btf *btf = vmw_btf();
	int fd;

	fd = btf ? vmw_guard_attach(vmw_guard_function(btf)) : -1;
	vmw_btf_drop();
	if (fd < 0)
		return;
	if (vmw_fds_add(&a->fds, "guard", fd))
		a->nr_own = a->fds.nr;
	else
		close(fd);
}

/* The daemon watches: only what its configuration has changed. */
static enum vmw_exit attach_changes(struct attach *a)
{
	bool wanted[VMW_MAX_PROBES] = { false };
	struct vmw_probes_setup setup;
	enum vmw_exit code;
	int id, changes, more = 0;

	memcpy(wanted, a->config->chosen, sizeof(*wanted) * VMW_NR_PROBES);
	code = merge_extras(a, wanted);
	if (code)
		return code;
	changes = compare(a, wanted);
	if (!changes)
		return VMW_EXIT_CLEAN;
	for (id = 0; id < vmw_nr_probes; id++)
		more += !a->skip[id];
	a->watch.layout = a->has->layout;
	a->watch.bounds = a->has->bounds;
	a->watch.facts = a->has->facts;
	vmw_watch_setup(&a->watch, &setup);
	setup.chosen = wanted;
	setup.skip = a->skip;
	setup.maps_of = a->had;
	code = more ? vmw_watch_attach(&a->watch, &setup, ignore, NULL) : VMW_EXIT_CLEAN;
	if (!code)
		code = merge_packed(a);
	if (!code && more)
		gather_probes(a);
	else if (!code)
		add_guard(a);
	return code;
}

/* Its maps and its state; false: it has nothing for us. */
static bool take_hello(struct attach *a, struct vmw_fds *fds)
{
	char why[128];
	size_t i;
	int fd = vmw_fds_take(fds, "state");

	if (fd < 0)
		return false;
	if (vmw_state_receive(&a->has, fd, why, sizeof(why))) {
		vmw_notice("the daemon's state: %s", why);
		close(fd);
		return false;
	}
	close(fd);
	a->had = a->has->probes;
	vmw_probes_use_rows(a->had);
	for (i = 0; i < fds->nr; i++) {
		if (fds->fd[i].fd >= 0)
			vmw_probes_take_fd(a->had, &fds->fd[i]);
	}
	return true;
}

static enum vmw_exit attach(struct attach *a, const struct vmw_message *hello, struct vmw_fds *fds)
{
	char why[256];

	if (strcmp(hello->build, vmw_build)) {
		vmw_error("the service is vmemmapwatch %s, and this is %s: systemctl restart vmemmapwatch",
			  hello->build, vmw_build);
		return VMW_EXIT_UNTRACEABLE;
	}
	if (vmw_require_tracing(why, sizeof(why))) {
		vmw_error("cannot trace: %s", why);
		return VMW_EXIT_UNTRACEABLE;
	}
	vmw_watch_prepare(&a->watch);
	return take_hello(a, fds) ? attach_changes(a) : attach_all(a);
}

/* Tell the daemon what came of it, and hear what it makes of that. */
static enum vmw_exit hand_over(struct attach *a, enum vmw_exit code)
{
	struct vmw_fds stray = { .nr = 0 };
	struct vmw_message answer;
	enum vmw_word word = code ? VMW_WORD_FAILED : a->fds.nr ? VMW_WORD_TAKE : VMW_WORD_KEEP;
	int err;

	err = vmw_message_send(a->daemon, word, code, code ? vmw_log_last() : "", &a->fds);
	/* They may be its own by now, whatever we hear; else they end with our fds. */
	if (!err && a->watch.probes && !code)
		vmw_probes_disown(a->watch.probes);
	if (!err)
		err = vmw_message_receive(a->daemon, &answer, &stray);
	vmw_fds_close(&stray);
	if (err) {
		vmw_error("handing over to the daemon: %s", strerror(-err));
		return code ? code : VMW_EXIT_UNTRACEABLE;
	}
	if (answer.code)
		vmw_error("the daemon: %s", answer.text);
	return answer.word == VMW_WORD_DONE ? (enum vmw_exit)answer.code : VMW_EXIT_UNTRACEABLE;
}

static int connect_to_daemon(const char *feed, char path[VMW_PATH_LEN], char *why, size_t size)
{
	const struct timeval limit = { .tv_sec = ANSWER_SECONDS };
	int fd;

	vmw_path_beside_feed(feed, VMW_ATTACH_SOCKET, path);
	fd = vmw_socket_connect(path, SOCK_SEQPACKET);
	if (fd < 0)
		snprintf(why, size, "%s: %s: %s", path, strerror(-fd),
			 fd == -EACCES ?
				 "run as root" :
				 "is vmemmapwatch --daemon running? (systemctl start vmemmapwatch)");
	if (fd >= 0 && vmw_trust_daemon(fd, path, why, size)) {
		close(fd);
		return -EPERM;
	}
	if (fd >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	}
	return fd;
}

static enum vmw_exit talk(struct attach *a, const char *path)
{
	struct vmw_fds fds = { .nr = 0 };
	struct vmw_message hello;
	enum vmw_exit code;
	size_t i;
	int err;

	err = vmw_message_receive(a->daemon, &hello, &fds);
	if (err || hello.word != VMW_WORD_HELLO) {
		vmw_error("%s: %s", path,
			  err == -EAGAIN	      ? "the daemon does not answer" :
			  err			      ? strerror(-err) :
			  hello.word == VMW_WORD_DONE ? hello.text :
							"no vmemmapwatch --daemon");
		vmw_fds_close(&fds);
		return VMW_EXIT_UNTRACEABLE;
	}
	code = attach(a, &hello, &fds);
	vmw_fds_close(&fds);
	code = hand_over(a, code);
	for (i = 0; i < a->nr_own; i++)
		close(a->fds.fd[i].fd);
	return code;
}

/* How long the daemon may take to end, as TimeoutStopSec= of its unit has it. */
#define END_MS 5000

static int daemon_fd = -1;

/*
 * A start that is called off is no failure: systemd tells the daemon and us to end at
 * the same time, and whether it was that shows when the daemon goes. What we have
 * attached goes with us.
 */
static void on_term(int number)
{
	struct pollfd daemon = { .fd = daemon_fd };

	if (poll(&daemon, 1, END_MS) == 1 && daemon.revents & POLLHUP)
		_exit(VMW_EXIT_CLEAN);
	signal(number, SIG_DFL);
	raise(number);
}

enum vmw_exit vmw_attach_for_service(const struct vmw_watch_config *config, const char *feed)
{
	struct attach *a = calloc(1, sizeof(*a));
	char path[VMW_PATH_LEN], why[VMW_PATH_LEN + 256];
	enum vmw_exit code;

	if (!a)
		return fail_errno("--attach", -ENOMEM);
	a->config = a->watch.config = config;
	a->daemon = connect_to_daemon(feed, path, why, sizeof(why));
	if (a->daemon < 0) {
		vmw_error("%s", why);
		free(a);
		return VMW_EXIT_UNTRACEABLE;
	}
	daemon_fd = a->daemon;
	signal(SIGTERM, on_term);
	code = talk(a, path);
	signal(SIGTERM, SIG_DFL);
	vmw_watch_free(&a->watch);
	vmw_state_free(a->has);
	close(a->daemon);
	free(a);
	return code;
}
