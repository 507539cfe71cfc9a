/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_HANDOVER_TRUST_H
#define VMEMMAPWATCH_HANDOVER_TRUST_H

#include <stddef.h>

/*
 * May whoever serves the Unix socket @path, which @fd is connected to, be given file
 * descriptors that root has opened? It is root, us, or the owner of the directory of
 * @path; nobody but that owner may write there, and nobody but root and us on the way
 * there. Or it is the process that has started us, as our user. Returns 0, or -EPERM
 * or another negative errno with one line in @why (of @size bytes).
 */
int vmw_trust_daemon(int fd, const char *path, char *why, size_t size);

#endif
