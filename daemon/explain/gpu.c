// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain/gpu.h"

/* IORESOURCE_MEM, include/linux/ioport.h, 5.10 to 7.2. */
#define MEM 0x200

/* PCI_STD_NUM_BARS; the expansion ROM and bridge windows stand behind them. */
#define NR_BARS 6

static FILE *open_of(const char *path, const char *device, const char *name)
{
	char full[512];

	if (snprintf(full, sizeof(full), "%s/%s/%s", path, device, name) >= (int)sizeof(full))
		return NULL;
	return fopen(full, "re");
}

/* One number, as sysfs writes them. */
static int read_number(const char *path, const char *device, const char *name, u64 *ret)
{
	FILE *file = open_of(path, device, name);
	char line[64], *end;
	int err = -ENOENT;

	if (!file)
		return -ENOENT;
	if (fgets(line, sizeof(line), file)) {
		errno = 0;
		*ret = strtoull(line, &end, 0);
		err = errno || end == line || (*end && *end != '\n') ? -EBADMSG : 0;
	}
	fclose(file);
	return err;
}

static bool is_gpu(const char *path, const char *device)
{
	u64 class;

	return !read_number(path, device, "class", &class) &&
	       (class >> 16 == 0x03 || class >> 16 == 0x12);
}

void vmw_bars_read(FILE *file, struct vmw_planned *planned)
{
	unsigned long long start, last, flags;
	unsigned int bar;
	char line[128];

	for (bar = 0; bar < NR_BARS && fgets(line, sizeof(line), file); bar++) {
		if (sscanf(line, "%llx %llx %llx", &start, &last, &flags) != 3 ||
		    !(flags & MEM) || last <= start || last - start + 1 <= planned->bar_size)
			continue;
		planned->bar = start;
		planned->bar_size = last - start + 1;
		snprintf(planned->from, sizeof(planned->from), "BAR %u", bar);
	}
}

static void read_bars(const char *path, const char *device, struct vmw_planned *planned)
{
	FILE *file = open_of(path, device, "resource");

	if (!file)
		return;
	vmw_bars_read(file, planned);
	fclose(file);
}

static bool read_gpu(const char *path, const char *device, struct vmw_planned *planned)
{
	static const char total[] = "mem_info_vram_total";

	memset(planned, 0, sizeof(*planned));
	snprintf(planned->what, sizeof(planned->what), "%.*s", (int)sizeof(planned->what) - 1,
		 device);
	read_bars(path, device, planned);
	if (!read_number(path, device, total, &planned->size) && planned->size) {
		snprintf(planned->from, sizeof(planned->from), "%s", total);
		return true;
	}
	planned->size = planned->bar_size;
	planned->lower_bound = true;
	return planned->size;
}

int vmw_gpus_read(const char *path, struct vmw_planned *planned, size_t max, char *why,
		  size_t size)
{
	struct dirent **entries;
	int i, nr, n = 0;

	nr = scandir(path, &entries, NULL, alphasort);
	if (nr < 0) {
		snprintf(why, size, "%s: %s", path, strerror(errno));
		return -errno;
	}
	for (i = 0; i < nr; i++) {
		const char *name = entries[i]->d_name;

		if (*name != '.' && is_gpu(path, name) && (size_t)n < max &&
		    read_gpu(path, name, &planned[n]))
			n++;
		free(entries[i]);
	}
	free(entries);
	return n;
}
