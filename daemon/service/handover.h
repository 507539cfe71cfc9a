/* SPDX-License-Identifier: GPL-2.0-only */
/* File descriptors from one process to another, with their names. */
#ifndef VMEMMAPWATCH_SERVICE_HANDOVER_H
#define VMEMMAPWATCH_SERVICE_HANDOVER_H

#include <stddef.h>

#include "base/build.h"
#include "probe/probe.h"

/* All that is ever handed over at a time: probes, and a few files. */
#define VMW_MAX_PASSED (VMW_MAX_PROBE_FDS + 8)

struct vmw_fds {
	struct vmw_named_fd fd[VMW_MAX_PASSED];
	size_t nr;
};

/* One more. False where there is no room; the fd is the caller's then. */
bool vmw_fds_add(struct vmw_fds *fds, const char *name, int fd);

/* The fd of that name, which is the caller's from then on; -1. */
int vmw_fds_take(struct vmw_fds *fds, const char *name);

/* Close those that are left, those of probes in the order of probe/guard.h. */
void vmw_fds_close(struct vmw_fds *fds);

/* What is said over the socket, in packets. */
enum vmw_word {
	VMW_WORD_HELLO = 1, /* the daemon: what it has; or has nothing */
	VMW_WORD_KEEP,	    /* to the daemon: it has all that is wanted */
	VMW_WORD_FAILED,    /* to the daemon: code and text */
	VMW_WORD_TAKE,	    /* to the daemon: here is what follows */
	VMW_WORD_DONE,	    /* the daemon's answer to any of these: code and text */
};

struct vmw_message {
	u32 word;		   /* enum vmw_word */
	s32 code;		   /* enum vmw_exit */
	u32 nr_fds;		   /* that come behind it */
	char build[VMW_BUILD_LEN]; /* vmw_build of who speaks */
	char text[480];
};

/*
 * Say @word with @code and @text over the packet socket @fd, with @fds (which stay
 * the caller's) or NULL. Negative errno.
 */
int vmw_message_send(int fd, enum vmw_word word, int code, const char *text,
		     const struct vmw_fds *fds);

/*
 * What the other side says, with its fds added to @ret_fds (closed on exec), which
 * are the caller's also on failure. -ECONNRESET where it has gone away, -EBADMSG
 * where it is no message of ours, or another negative errno.
 */
int vmw_message_receive(int fd, struct vmw_message *ret, struct vmw_fds *ret_fds);

/*
 * The service manager keeps file descriptors for us over a restart or a crash
 * (FileDescriptorStoreMax= in the unit). Without one nothing is kept.
 */

/*
 * What it kept, and gives us at our start, into @ret. Once: the environment that
 * tells of it is gone then. Negative errno.
 */
int vmw_store_take(struct vmw_fds *ret);

/*
 * Keep a copy of @fd as @name, or of all of @fds, without watching them: it would
 * let go of a map at once, whose poll() answers with an error. Negative errno.
 */
int vmw_store_keep(const char *name, int fd);
int vmw_store_keep_all(const struct vmw_fds *fds);

/* Let go of what is kept as @name. */
int vmw_store_drop(const char *name);

/* Wait until that has been done, five seconds at most. */
void vmw_store_sync(void);

/*
 * May whoever serves the Unix socket @path, which @fd is connected to, be given file
 * descriptors that root has opened? It is root, us, or the owner of the directory of
 * @path; nobody but that owner may write there, and nobody but root and us on the way
 * there. Or it is the process that has started us, as our user. Returns 0, or -EPERM
 * or another negative errno with one line in @why (of @size bytes).
 */
int vmw_trust_daemon(int fd, const char *path, char *why, size_t size);

#endif
