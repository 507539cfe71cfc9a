// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "klog/decode.h"
#include "klog/from_log.h"

/* The layout of the last boot that @fd has. */
static int read_log(struct vmw_layout *layout, int fd)
{
	struct vmw_decoder *decoder = vmw_decoder_new(NULL);
	int err;

	if (!decoder)
		return -ENOMEM;
	vmw_decoder_want_layout(decoder, layout);
	err = vmw_decoder_read(decoder, fd);
	if (!err && !vmw_decoder_end(decoder))
		err = -ENOMEM;
	vmw_decoder_free(decoder);
	return err;
}

int vmw_layout_from_log(struct vmw_layout *layout, enum vmw_source_id trust, const char *path,
			char *why, size_t size)
{
	u64 start, end;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), err;

	vmw_layout_init(layout, trust);
	err = fd < 0 ? -errno : read_log(layout, fd);
	if (fd >= 0)
		close(fd);
	if (err) {
		snprintf(why, size, "%s", strerror(-err));
		return err;
	}
	layout->trust = trust;
	if (vmw_layout_get(layout, VMW_VALUE_START, &start) &&
	    vmw_layout_get(layout, VMW_VALUE_END, &end))
		return 0;
	snprintf(why, size, "expected a log that states where vmemmap is");
	return -ENODATA;
}
