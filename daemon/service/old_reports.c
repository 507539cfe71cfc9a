// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "service/old_reports.h"

#define PREFIX "boot-"
#define SUFFIX ".json"

/* Of whom nobody will finish it: what a crash has left. */
#define LEFT_OVER PREFIX "*" SUFFIX ".??????"

struct kept {
	char name[256];
	u64 size;
	s64 time;
};

void vmw_report_path(const struct vmw_old_reports_config *config, const char *boot_id,
		     char *path, size_t size)
{
	snprintf(path, size, "%s/" PREFIX "%s" SUFFIX, config->directory, boot_id);
}

static bool add(struct kept **kept, size_t *nr, int directory, const char *name)
{
	struct kept *more;
	struct stat status;

	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) || !S_ISREG(status.st_mode))
		return true;
	more = realloc(*kept, (*nr + 1) * sizeof(*more));
	if (!more)
		return false;
	*kept = more;
	more += (*nr)++;
	snprintf(more->name, sizeof(more->name), "%s", name);
	more->size = status.st_size;
	more->time = status.st_mtime;
	return true;
}

/* The reports of other boots in @dir. */
static size_t read_kept(DIR *dir, const char *ours, struct kept **ret)
{
	struct dirent *entry;
	size_t nr = 0;

	*ret = NULL;
	while ((entry = readdir(dir))) {
		if (!fnmatch(LEFT_OVER, entry->d_name, 0))
			unlinkat(dirfd(dir), entry->d_name, 0);
		if (fnmatch(PREFIX "*" SUFFIX, entry->d_name, 0) || !strcmp(entry->d_name, ours))
			continue;
		if (!add(ret, &nr, dirfd(dir), entry->d_name))
			break;
	}
	return nr;
}

/* The newest first. */
static int compare(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	return x->time == y->time ? strcmp(x->name, y->name) : x->time < y->time ? 1 : -1;
}

void vmw_old_reports_prune(const struct vmw_old_reports_config *config, const char *boot_id)
{
	DIR *dir = opendir(config->directory);
	struct kept *kept;
	char ours[128];
	u64 bytes = 0;
	size_t nr, i;

	if (!dir) {
		vmw_error("%s: cannot be read: %s", config->directory, strerror(errno));
		return;
	}
	snprintf(ours, sizeof(ours), PREFIX "%s" SUFFIX, boot_id);
	nr = read_kept(dir, ours, &kept);
	if (nr)
		qsort(kept, nr, sizeof(*kept), compare);
	for (i = 0; i < nr; i++) {
		bytes += kept[i].size;
		if (i < config->max_reports && bytes <= config->max_bytes)
			continue;
		if (unlinkat(dirfd(dir), kept[i].name, 0))
			vmw_error("%s/%s: cannot be removed: %s", config->directory,
				  kept[i].name, strerror(errno));
		else
			vmw_notice("%s/%s: removed, older boots' reports are kept up to %llu and %llu bytes",
				   config->directory, kept[i].name, config->max_reports,
				   config->max_bytes);
	}
	free(kept);
	closedir(dir);
}
