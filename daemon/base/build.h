/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_BASE_BUILD_H
#define VMEMMAPWATCH_BASE_BUILD_H

#define VMW_BUILD_LEN 48

/* As --version prints it. */
extern const char vmw_version[];

/*
 * The commit it was built from, in 12 digits, with "-dirty" where files differed from it;
 * "unknown" where neither git nor a tarball told.
 */
extern const char vmw_commit[];

/*
 * The version, and a hash of the BPF objects and of all that a state and a hand-over
 * are made of, as the Makefile computes it. Whatever another process left or sends is
 * taken only where its build is the same.
 */
extern const char vmw_build[VMW_BUILD_LEN];

#endif
