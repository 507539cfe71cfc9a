/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a path leads, as a directory that is open and a name in it. */
#ifndef VMEMMAPWATCH_BASE_TARGET_H
#define VMEMMAPWATCH_BASE_TARGET_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

struct vmw_target {
	int directory;		 /* O_PATH */
	char name[NAME_MAX + 1]; /* of no symbolic link, but in procfs */
	bool procfs;		 /* names of processes' files, which cannot be replaced */
	const char *refused;	 /* why -EACCES, for people; or NULL */
};

/*
 * Follow @path and all symbolic links to the last name, which need not exist. Links
 * that another user left in a sticky directory that others can write are refused, as
 * may_follow_link() (fs/namei.c 6.1.192) does it where fs.protected_symlinks is set:
 * here it always is. Negative errno; close the directory in any other case.
 */
int vmw_target_find(struct vmw_target *target, const char *path);

/*
 * The last name as it is now: only st_mode 0 says that nothing is there. -EACCES where
 * it is another user's in a sticky directory: may_create_in_sticky() (fs/namei.c
 * 6.1.192, fs.protected_regular and fs.protected_fifos 2).
 */
int vmw_target_look(struct vmw_target *target, struct stat *ret);

#endif
