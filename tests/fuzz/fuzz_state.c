// SPDX-License-Identifier: GPL-2.0-only
/* The state behind a sound head, so that no checksum keeps anything from the parser. */
#include <zlib.h>

#include "fuzz.h"

#include "output/export.h"
#include "report/state_format.h"

static void seal(unsigned char *bytes, size_t size)
{
	struct vmw_state_head head = {
		.size = size - sizeof(head),
		.crc = crc32(0, bytes + sizeof(head), size - sizeof(head)),
	};

	memcpy(head.magic, VMW_STATE_MAGIC, sizeof(head.magic));
	memcpy(head.build, vmw_build, sizeof(head.build));
	memcpy(bytes, &head, sizeof(head));
}

/* What was taken can be told in every form, and written again. */
static void use(const struct vmw_state *state)
{
	static FILE *null;
	int fd;

	if (!null)
		null = fopen("/dev/null", "w");
	promise(null != NULL);
	vmw_export_json(&state->report, null);
	vmw_export_text(&state->report, true, null);
	vmw_export_metrics(&state->report, null);
	fd = memfd_create("again", MFD_CLOEXEC);
	promise(fd >= 0 && !vmw_state_write(&state->report, fd));
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vmw_state *state = NULL;
	unsigned char *bytes;
	char why[128] = "";
	int fd;

	if (size < sizeof(struct vmw_state_head))
		return 0;
	bytes = malloc(size);
	promise(bytes != NULL);
	memcpy(bytes, data, size);
	seal(bytes, size);
	fd = memfd_create("state", MFD_CLOEXEC);
	promise(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
	if (!vmw_state_read(&state, fd, why, sizeof(why)))
		use(state);
	else
		promise(*why);
	vmw_state_free(state);
	close(fd);
	free(bytes);
	return 0;
}
