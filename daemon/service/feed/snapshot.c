// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "service/feed/snapshot.h"

/* From the begin of one to that of the next: so long, and so often what it costs us. */
#define PAUSE_US    200000ULL
#define PAUSE_COSTS 10

/* So old one may be though nothing has changed: it says until when was watched. */
#define MAX_AGE_US 1000000ULL

/* Longer than this a child does not take: it is killed. */
#define MAKING_US 8000000ULL

/* Kept for who still reads them: so many, and of so many bytes together. */
#define MAX_KEPT  8
#define MAX_BYTES (32 << 20)

/* It may be emptied by who can write to it, and not be changed in another way. */
#define SEALS (F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)

struct vmw_snapshots {
	sd_event *loop;
	const struct vmw_snapshot_maker *maker;
	void *context;
	struct vmw_snapshot *kept; /* the newest first */
	struct vmw_snapshot *making;
	pid_t child;
	sd_event_source *due;	/* begin one, or give one up */
	sd_event_source *done;	/* the child ends */
	int error;		/* why the last one is not there */
	u64 asked, begun, made; /* numbers, from 1 */
	u64 begun_us, changes;
	u64 cost_us; /* CPU time of ours that the last one took */
};

static u64 cpu_us(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1000000ULL + t.tv_nsec / 1000;
}

static u64 now_us(const struct vmw_snapshots *s)
{
	uint64_t usec = 0;

	sd_event_now(s->loop, CLOCK_MONOTONIC, &usec);
	return usec;
}

int vmw_snapshots_new(struct vmw_snapshots **ret, sd_event *loop,
		      const struct vmw_snapshot_maker *maker, void *context)
{
	struct vmw_snapshots *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->loop = loop;
	s->maker = maker;
	s->context = context;
	*ret = s;
	return 0;
}

void vmw_snapshot_drop(struct vmw_snapshot *snapshot)
{
	if (!snapshot || --snapshot->users)
		return;
	if (snapshot->fd >= 0)
		close(snapshot->fd);
	if (snapshot->reader_fd >= 0)
		close(snapshot->reader_fd);
	free(snapshot);
}

static struct vmw_snapshot *new_snapshot(const struct vmw_snapshots *s)
{
	struct vmw_snapshot *snapshot = calloc(1, sizeof(*snapshot));

	if (!snapshot)
		return NULL;
	snapshot->users = 1;
	snapshot->reader_fd = -1;
	snapshot->changes = s->changes;
	snapshot->begun_us = s->begun_us;
	snapshot->fd = memfd_create("vmemmapwatch-report", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	/* Only who we are may open it for writing: what is handed out cannot be. */
	if (snapshot->fd >= 0 && !fchmod(snapshot->fd, 0400))
		return snapshot;
	vmw_snapshot_drop(snapshot);
	return NULL;
}

/* The child has sealed it: only we can still change it, by making it empty. */
static int hand_out(struct vmw_snapshot *snapshot)
{
	struct stat status;
	char path[32];

	if (fstat(snapshot->fd, &status))
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", snapshot->fd);
	snapshot->reader_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (snapshot->reader_fd < 0)
		return -errno;
	snapshot->size = status.st_size;
	return 0;
}

/* The memory is free at once, though others have it open or mapped. */
static void empty(struct vmw_snapshot *snapshot)
{
	if (ftruncate(snapshot->fd, 0))
		errno = 0;
	vmw_snapshot_drop(snapshot);
}

static void keep(struct vmw_snapshots *s, struct vmw_snapshot *snapshot)
{
	struct vmw_snapshot **at, *old;
	unsigned int nr = 0;
	u64 bytes = 0;

	snapshot->next = s->kept;
	s->kept = snapshot;
	for (at = &s->kept; *at;) {
		bytes += (*at)->size;
		if (!nr++ || (nr <= MAX_KEPT && bytes <= MAX_BYTES)) {
			at = &(*at)->next;
			continue;
		}
		old = *at;
		*at = old->next;
		empty(old);
	}
}

static void plan(struct vmw_snapshots *s);

static void end_making(struct vmw_snapshots *s, int err)
{
	struct vmw_snapshot *snapshot = s->making;

	s->making = NULL;
	s->done = sd_event_source_disable_unref(s->done);
	s->child = 0;
	if (!err)
		err = hand_out(snapshot);
	s->error = err;
	if (err)
		vmw_snapshot_drop(snapshot);
	else
		keep(s, snapshot);
	s->made = s->begun;
	s->maker->made(s->context);
	plan(s);
}

/* It has closed its end: it ends, or has ended. */
static int on_done(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct vmw_snapshots *s = context;
	int status = -1;

	(void)source;
	(void)fd;
	(void)events;
	if (waitpid(s->child, &status, 0) == s->child && WIFEXITED(status))
		end_making(s, -WEXITSTATUS(status));
	else
		end_making(s,
			   WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ? -ENOMEM : -EIO);
	return 0;
}

/* Of us two the watch is to live where memory is short. */
static void be_killed_first(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "500", 3) < 0)
		errno = 0;
	close(fd);
}

/* Its end of the pipe is closed when it ends. */
static void child(struct vmw_snapshots *s, pid_t parent)
{
	int err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EIO);
	be_killed_first();
	err = s->maker->write(s->making->fd, s->context);
	/* Here, since it may have to wait until other CPUs let go of the pages. */
	if (!err && fcntl(s->making->fd, F_ADD_SEALS, SEALS))
		err = -errno;
	_exit(err < 0 ? -err & 0xff : 0);
}

static int begin(struct vmw_snapshots *s)
{
	pid_t parent = getpid();
	int ends[2], err;

	s->begun_us = now_us(s);
	s->begun++;
	s->making = new_snapshot(s);
	if (!s->making)
		return -ENOMEM;
	s->making->mark = s->maker->begin(s->context);
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	s->child = fork();
	if (!s->child)
		child(s, parent);
	err = s->child < 0 ? -errno : 0;
	close(ends[1]);
	if (!err)
		err = sd_event_add_io(s->loop, &s->done, ends[0], EPOLLIN, on_done, s);
	if (err >= 0) {
		sd_event_source_set_io_fd_own(s->done, true);
		return 0;
	}
	close(ends[0]);
	if (s->child > 0) {
		kill(s->child, SIGKILL);
		waitpid(s->child, NULL, 0);
	}
	return err;
}

static int on_due(sd_event_source *source, uint64_t usec, void *context)
{
	struct vmw_snapshots *s = context;
	int err;

	(void)source;
	(void)usec;
	s->due = sd_event_source_unref(s->due);
	if (s->making) {
		kill(s->child, SIGKILL);
		return 0;
	}
	s->cost_us = cpu_us();
	err = begin(s);
	s->cost_us = cpu_us() - s->cost_us;
	if (err)
		end_making(s, err);
	else
		plan(s);
	return 0;
}

/* What comes next, if anything: the end of the pause, or of our patience. */
static void plan(struct vmw_snapshots *s)
{
	u64 pause = PAUSE_COSTS * s->cost_us > PAUSE_US ? PAUSE_COSTS * s->cost_us : PAUSE_US;
	u64 at = s->begun_us + (s->making ? MAKING_US : pause);

	if (!s->making && s->asked <= s->begun) {
		s->due = sd_event_source_disable_unref(s->due);
		return;
	}
	if (s->due)
		sd_event_source_set_time(s->due, at);
	else
		sd_event_add_time(s->loop, &s->due, CLOCK_MONOTONIC, at, 1, on_due, s);
}

void vmw_snapshots_restart(struct vmw_snapshots *s)
{
	if (!s || !s->making)
		return;
	kill(s->child, SIGKILL);
	waitpid(s->child, NULL, 0);
	s->child = 0;
	s->done = sd_event_source_disable_unref(s->done);
	vmw_snapshot_drop(s->making);
	s->making = NULL;
	/* Who waits for it waits for the next one, which gets its number. */
	s->begun--;
	plan(s);
}

u64 vmw_snapshots_ask(struct vmw_snapshots *s, u64 changes)
{
	const struct vmw_snapshot *newest = s->kept;

	s->changes = changes;
	if (newest && !s->error && !s->making && newest->changes == changes &&
	    now_us(s) < newest->begun_us + MAX_AGE_US)
		return s->made;
	if (s->making && s->making->changes == changes)
		return s->begun;
	s->asked = s->begun + 1;
	if (!s->making)
		plan(s);
	return s->asked;
}

u64 vmw_snapshots_made(const struct vmw_snapshots *s)
{
	return s->made;
}

struct vmw_snapshot *vmw_snapshots_use(struct vmw_snapshots *s, int *ret_err)
{
	if (s->error || !s->kept) {
		*ret_err = s->error ? s->error : -ENODATA;
		return NULL;
	}
	s->kept->users++;
	return s->kept;
}

void vmw_snapshots_free(struct vmw_snapshots *s)
{
	struct vmw_snapshot *snapshot;

	if (!s)
		return;
	sd_event_source_disable_unref(s->due);
	sd_event_source_disable_unref(s->done);
	if (s->child > 0) {
		kill(s->child, SIGKILL);
		waitpid(s->child, NULL, 0);
	}
	vmw_snapshot_drop(s->making);
	while ((snapshot = s->kept)) {
		s->kept = snapshot->next;
		empty(snapshot);
	}
	free(s);
}
