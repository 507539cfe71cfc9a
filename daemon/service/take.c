// SPDX-License-Identifier: GPL-2.0-only
/* What --attach hands over, and what it is told of what there is. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/socket.h"
#include "kernel/iomem.h"
#include "kernel/kallsyms.h"
#include "kernel/shared_file.h"
#include "probe/extra.h"
#include "report/state.h"
#include "service/handover.h"
#include "service/privileged.h"
#include "service/service.h"
#include "service/take.h"
#include "watch/watch_sites.h"

/* Nobody who may speak to us takes longer than this for a packet. */
#define PACKET_SECONDS 5

/* Connections in a time: what fails, or floods us, leaves us time for others. */
#define RATE_US 100000ULL
#define RATE	10

static int state_fd(struct vmw_service *s)
{
	int fd = memfd_create("vmemmapwatch-state", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int err;

	if (fd < 0)
		return -errno;
	vmw_watch_update(&s->watch);
	err = vmw_state_write(&s->watch.report, fd);
	/* Whoever reads it has it mapped: nobody is to change it under them. */
	if (!err &&
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL))
		err = -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* Our maps, so that new programs count in them, and what is attached. */
static void gather(struct vmw_service *s, struct vmw_fds *fds, int *ret_state)
{
	struct vmw_named_fd named[VMW_MAX_PROBE_FDS];
	size_t n, i;

	*ret_state = s->watching ? state_fd(s) : -1;
	if (*ret_state < 0)
		return;
	vmw_fds_add(fds, "state", *ret_state);
	n = vmw_probes_name_fds(s->watch.probes, named);
	for (i = 0; i < n; i++) {
		if (!strncmp(named[i].name, "map.", 4))
			vmw_fds_add(fds, named[i].name, named[i].fd);
	}
}

static int say_hello(struct vmw_service *s, int fd)
{
	struct vmw_fds fds = { .nr = 0 };
	int state, err;

	gather(s, &fds, &state);
	err = vmw_message_send(fd, VMW_WORD_HELLO, 0, "", &fds);
	if (state >= 0)
		close(state);
	return err;
}

/* As of --attach: it was fresh when all was attached; ours goes back further. */
static void merge_found(struct vmw_service *s, const struct vmw_state *from)
{
	struct vmw_aggregate *agg = &s->watch.aggregate;
	const struct vmw_offender *o;

	if (from->report.looked.sections)
		vmw_aggregate_only(agg, from->aggregate.offenders);
	for (o = from->aggregate.offenders; o; o = o->next)
		vmw_aggregate_found(agg, &o->range, o->driver, o->live, o->warns, o->first_ns,
				    o->last_ns);
}

static void take_over_probes(struct vmw_service *s, struct vmw_state *from)
{
	sd_event_source_disable_unref(s->input);
	s->input = NULL;
	s->watching = false;
	vmw_probes_free(s->watch.probes);
	s->watch.probes = from->probes;
	s->watch.report.probes = from->probes;
	from->probes = NULL;
	vmw_service_use_rows(s);
}

/* Everything is new: programs, maps, layout. */
static int take_all(struct vmw_service *s, struct vmw_state *from, struct vmw_fds *fds)
{
	struct vmw_aggregate *agg = &s->watch.aggregate;
	struct vmw_report *report = &s->watch.report;
	int err;

	/* What is there is not given up for what is not. */
	if (!vmw_probes_complete(from->probes))
		return -EBADMSG;
	vmw_service_use_files(s, fds);
	take_over_probes(s, from);
	s->watch.layout = from->layout;
	s->watch.bounds = from->bounds;
	s->watch.facts = from->facts;
	/* What was counted before has the numbers of other sites. */
	if (!vmw_watch_same_sites(&s->watch.sites, &from->sites))
		vmw_aggregate_forget_probe(agg, VMW_PROBE_SITE);
	vmw_watch_take_sites(&s->watch, &from->sites);
	vmw_aggregate_new_maps(agg);
	report->losses_before = report->losses;
	vmw_sight_restart(report->sight, from->report.start_ns);
	if (!report->start_ns)
		report->start_ns = from->report.start_ns;
	report->watched_ns = from->report.start_ns;
	report->looked = from->report.looked;
	agg->section_shift = from->aggregate.section_shift;
	agg->bounds = from->bounds;
	agg->asks_only = from->aggregate.asks_only;
	err = vmw_service_watch(s);
	if (!err)
		merge_found(s, from);
	return err;
}

/* Is it an fd of a row that is not attached any more? */
static bool is_gone(const struct vmw_probes *now, const struct vmw_named_fd *named)
{
	const char *dot = strchr(named->name, '.');
	unsigned int id;

	return strncmp(named->name, "map.", 4) && dot && sscanf(dot, ".%u", &id) == 1 &&
	       !vmw_probes_status(now, id)->how;
}

static bool is_program(const struct vmw_named_fd *named)
{
	return !strncmp(named->name, "program.", 8);
}

/*
 * The statuses of @now are the new ones; fds of rows that stay come from the old ones.
 * What goes leaves the store, but programs stay there until the links and the old
 * guard are closed (probe/guard.h).
 */
static int take_what_stays(struct vmw_probes *now, struct vmw_named_fd *named, size_t n)
{
	bool drop[VMW_MAX_PROBE_FDS] = { false };
	size_t i;

	for (i = 0; i < n; i++) {
		if (is_gone(now, &named[i])) {
			drop[i] = !is_program(&named[i]);
			continue;
		}
		named[i].fd = fcntl(named[i].fd, F_DUPFD_CLOEXEC, 3);
		if (named[i].fd < 0 || vmw_probes_take_fd(now, &named[i]))
			continue;
		close(named[i].fd);
		drop[i] = true;
	}
	if (!vmw_probes_complete(now))
		return -EBADMSG;
	for (i = 0; i < n; i++) {
		if (drop[i])
			vmw_store_drop(named[i].name);
	}
	vmw_store_sync();
	return 0;
}

/* New rows join, old ones that are not wanted any more go. */
static int take_changes(struct vmw_service *s, struct vmw_state *from)
{
	struct vmw_named_fd named[VMW_MAX_PROBE_FDS];
	size_t n = vmw_probes_name_fds(s->watch.probes, named), i;

	if (take_what_stays(from->probes, named, n))
		return -EBADMSG;
	take_over_probes(s, from);
	for (i = 0; i < n; i++) {
		if (is_gone(s->watch.probes, &named[i]))
			vmw_store_drop(named[i].name);
	}
	return vmw_service_watch(s);
}

static int keep_all(struct vmw_service *s, int state)
{
	struct vmw_named_fd named[VMW_MAX_PROBE_FDS];
	size_t n = vmw_probes_name_fds(s->watch.probes, named), i;
	int err;

	vmw_store_drop("state");
	err = vmw_store_keep("state", state);
	for (i = 0; !err && i < n; i++) {
		vmw_store_drop(named[i].name);
		err = vmw_store_keep(named[i].name, named[i].fd);
	}
	for (i = 0; !err && i < s->shared.nr; i++) {
		if (s->shared.fd[i].fd < 0)
			continue;
		vmw_store_drop(s->shared.fd[i].name);
		err = vmw_store_keep(s->shared.fd[i].name, s->shared.fd[i].fd);
	}
	if (!err && s->records.fd >= 0) {
		vmw_store_drop("records");
		err = vmw_store_keep("records", s->records.fd);
	}
	if (!err && s->kmsg.fd >= 0) {
		vmw_store_drop("kmsg");
		err = vmw_store_keep("kmsg", s->kmsg.fd);
	}
	return err;
}

static enum vmw_exit take(struct vmw_service *s, struct vmw_fds *fds, char *why, size_t size)
{
	struct vmw_state *from = NULL;
	int state = vmw_fds_take(fds, "state"), err;
	bool fresh;
	size_t i;

	err = state < 0 ? -EBADMSG : vmw_state_receive(&from, state, why, size);
	if (err)
		goto out;
	/* What a child still has open would not be closed in order. */
	vmw_snapshots_restart(s->reports);
	vmw_feed_restart_snapshots(s->feed);
	fresh = false;
	for (i = 0; i < fds->nr; i++) {
		fresh |= !strcmp(fds->fd[i].name, "map.ring");
		vmw_probes_take_fd(from->probes, &fds->fd[i]);
	}
	err = fresh ? take_all(s, from, fds) : take_changes(s, from);
	if (!err)
		vmw_service_drop_old(s);
	if (err)
		snprintf(why, size, "what was handed over: %s", strerror(-err));
	else if (keep_all(s, state))
		vmw_notice(
			"systemd keeps no file descriptors for us: a restart would miss what happens meanwhile");
out:
	if (state >= 0)
		close(state);
	vmw_state_free(from);
	return err ? VMW_EXIT_UNTRACEABLE : VMW_EXIT_CLEAN;
}

static void stop_talking(struct vmw_service *s)
{
	sd_event_source_disable_unref(s->attach_source);
	s->attach_source = NULL;
	close(s->attacher);
	s->attacher = -1;
}

/* It has failed: without probes there is nothing to be a daemon for. */
static void on_failed(struct vmw_service *s, const struct vmw_message *message)
{
	/* A child of ours has said it where we would. */
	if (s->managed)
		vmw_error("%s%s", message->text,
			  s->watching ? ": the watch goes on as it was" : "");
	else if (s->watching)
		vmw_notice("the watch goes on as it was");
	if (s->watching)
		snprintf(s->trouble, sizeof(s->trouble), "%.150s", message->text);
	else
		vmw_service_end(s, message->code);
}

static void on_said(struct vmw_service *s, const struct vmw_message *message, struct vmw_fds *fds)
{
	enum vmw_exit code = VMW_EXIT_CLEAN;
	char why[256] = "";

	switch (message->word) {
	case VMW_WORD_TAKE:
		code = take(s, fds, why, sizeof(why));
		if (code)
			vmw_error("%s", why);
		if (!s->watching)
			vmw_service_end(s, code);
		break;
	case VMW_WORD_FAILED:
		on_failed(s, message);
		/* At the start systemd is to see our exit code and not its, which is the same. */
		code = s->watching ? message->code : VMW_EXIT_CLEAN;
		break;
	default:
		break;
	}
	vmw_message_send(s->attacher, VMW_WORD_DONE, code, why, NULL);
	vmw_service_news(s);
	vmw_service_status(s);
}

static void end_without_probes(struct vmw_service *s);

static int on_attacher(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct vmw_service *s = context;
	struct vmw_fds fds = { .nr = 0 };
	struct vmw_message message;
	int err = vmw_message_receive(fd, &message, &fds);

	(void)source;
	(void)events;
	if (!err)
		on_said(s, &message, &fds);
	else
		vmw_error("--attach: %s%s",
			  err == -ECONNRESET ? "went away before it was done" :
			  err == -EBADMSG    ? "it sent no valid message" :
					       strerror(-err),
			  s->watching ? ": the watch goes on as it was" : "");
	vmw_fds_close(&fds);
	stop_talking(s);
	end_without_probes(s);
	return 0;
}

/*
 * Nobody but root may say what we are to believe. Under systemd our own user is not
 * enough: --keep and --metrics, which handle what others send, run as that user, too.
 */
static bool may_attach(const struct vmw_service *s, int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) &&
	       (!peer.uid || (!s->managed && peer.uid == geteuid()));
}

int vmw_service_accept(struct vmw_service *s, int listener, bool sparing)
{
	int fd = sparing ? vmw_socket_accept(listener) :
			   accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	int err = sparing ? -fd : errno;

	if (fd < 0 && (err == EMFILE || err == ENFILE) && !s->full)
		vmw_error("no connection more can be taken: %s: expected a higher RLIMIT_NOFILE (LimitNOFILE=)",
			  strerror(err));
	s->full = fd < 0 && (s->full || err == EMFILE || err == ENFILE);
	return fd;
}

static int on_attach(sd_event_source *source, int listener, uint32_t events, void *context)
{
	const struct timeval limit = { .tv_sec = PACKET_SECONDS };
	struct vmw_service *s = context;
	int fd = vmw_service_accept(s, listener, false);
	bool may;

	(void)source;
	(void)events;
	if (fd < 0)
		return 0;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	may = may_attach(s, fd);
	if (!may || s->attacher >= 0) {
		vmw_message_send(fd, VMW_WORD_DONE, VMW_EXIT_USAGE,
				 may ? "another --attach is under way" :
				       "permission denied: run as root",
				 NULL);
		close(fd);
		return 0;
	}
	s->attacher = fd;
	if (say_hello(s, fd) ||
	    sd_event_add_io(s->loop, &s->attach_source, fd, EPOLLIN, on_attacher, s) < 0)
		stop_talking(s);
	return 0;
}

static enum vmw_exit listen_at(struct vmw_service *s, const char *path, u32 mode, int *ret,
			       sd_event_io_handler_t handler)
{
	struct vmw_unix_socket socket = { .mode = mode };
	sd_event_source *source = NULL;
	char why[256];
	int err;

	if (strlen(path) >= sizeof(socket.path)) {
		vmw_error("--feed: %s, beside it, is too long: expected a path of less than %zu bytes",
			  path, sizeof(socket.path));
		return VMW_EXIT_USAGE;
	}
	strcpy(socket.path, path);
	memcpy(socket.group, s->config.feed[0].at.group, sizeof(socket.group));
	*ret = vmw_socket_listen(&socket, SOCK_SEQPACKET, why, sizeof(why));
	if (*ret < 0) {
		vmw_error("--feed: %s", why);
		return VMW_EXIT_USAGE;
	}
	err = sd_event_add_io(s->loop, &source, *ret, EPOLLIN, handler, s);
	if (err >= 0)
		err = sd_event_source_set_ratelimit(source, RATE_US, RATE);
	if (err >= 0)
		err = sd_event_source_set_floating(source, true);
	sd_event_source_unref(source);
	if (err >= 0)
		return VMW_EXIT_CLEAN;
	vmw_error("%s: %s", socket.path, strerror(-err));
	return VMW_EXIT_UNTRACEABLE;
}

/* The socket first that another daemon would not take us for --attach at. */
enum vmw_exit vmw_service_listen_attach(struct vmw_service *s)
{
	enum vmw_exit code;
	bool redact;

	vmw_path_beside_feed(s->config.feed[0].at.path, VMW_REPORT_SOCKET, s->report_path);
	vmw_path_beside_feed(s->config.feed[0].at.path, VMW_ATTACH_SOCKET, s->attach_path);
	/* It has all addresses: who may have offsets alone is told by the feed. */
	redact = s->config.feed[0].redact || s->config.redact;
	code = listen_at(s, s->report_path, redact ? 0600 : s->config.feed[0].at.mode,
			 &s->report_fd, vmw_service_on_report);
	return code ? code : listen_at(s, s->attach_path, 0600, &s->attach_fd, on_attach);
}

/* What it has said is heard first, whichever of the two we see first. */
static void end_without_probes(struct vmw_service *s)
{
	if (!s->managed && !s->child && s->attacher < 0 && !s->watching)
		vmw_service_end(s, s->child_code ? s->child_code : VMW_EXIT_UNTRACEABLE);
}

static int on_child(sd_event_source *source, const siginfo_t *info, void *context)
{
	struct vmw_service *s = context;

	(void)source;
	s->child = 0;
	s->child_source = sd_event_source_unref(s->child_source);
	s->child_code = info->si_code == CLD_EXITED ? (enum vmw_exit)info->si_status :
						      VMW_EXIT_UNTRACEABLE;
	if (info->si_code != CLD_EXITED)
		vmw_error("the process that attaches was killed by signal %d (%s)%s",
			  info->si_status, strsignal(info->si_status),
			  s->watching ? ": the watch goes on as it was" : "");
	if (s->attach_again && s->watching)
		vmw_service_attach(s);
	end_without_probes(s);
	return 0;
}

static enum vmw_exit attach_as_child(const struct vmw_service *s, pid_t parent)
{
	sigset_t none;

	/* Not for a moment longer than us: it has our sockets, and what it attaches. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		return VMW_EXIT_UNTRACEABLE;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* It may open them itself, and our copies share their offsets with it. */
	vmw_shared_file_set(VMW_KALLSYMS, -1);
	vmw_shared_file_set(VMW_IOMEM, -1);
	vmw_extra_use(s->config.watch.probe, s->config.watch.nr_probe);
	return vmw_attach_for_service(&s->config.watch, s->first_feed.at.path);
}

int vmw_service_attach(struct vmw_service *s)
{
	pid_t parent = getpid(), pid;
	int err;

	s->attach_again = s->child;
	if (s->child)
		return 0;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid)
		_exit(attach_as_child(s, parent));
	s->child = pid;
	err = sd_event_add_child(s->loop, &s->child_source, pid, WEXITED, on_child, s);
	if (err < 0)
		vmw_service_end_attach(s);
	return err < 0 ? err : 0;
}

void vmw_service_end_attach(struct vmw_service *s)
{
	s->child_source = sd_event_source_disable_unref(s->child_source);
	if (!s->child)
		return;
	kill(s->child, SIGKILL);
	waitpid(s->child, NULL, 0);
	s->child = 0;
}
