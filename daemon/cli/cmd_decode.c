// SPDX-License-Identifier: GPL-2.0-only
/* --decode [FILE]: struct pages out of bounds in a saved log. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/output_file.h"
#include "cli/commands.h"
#include "klog/decode.h"
#include "output/decoded.h"
#include "watch/require_layout.h"

static int write_text(const void *decoded, FILE *file)
{
	return vmw_export_decoded_text(decoded, file);
}

static int write_json(const void *decoded, FILE *file)
{
	return vmw_export_decoded_json(decoded, file);
}

static enum vmw_exit print(const struct vmw_options *options, struct vmw_decoded *decoded)
{
	enum vmw_exit code;

	decoded->name = strcmp(options->decode, "-") ? options->decode : "standard input";
	decoded->from = options->watch.layout.from;
	code = vmw_output_write(options->output,
				options->format == VMW_FORMAT_TEXT ? write_text : write_json,
				decoded);
	return code ? code : vmw_decoded_code(decoded);
}

static enum vmw_exit decode(const struct vmw_options *options, struct vmw_decoder *decoder, int fd)
{
	int err = vmw_decoder_read(decoder, fd);
	struct vmw_decoded *decoded = err ? NULL : vmw_decoder_end(decoder);

	if (decoded)
		return print(options, decoded);
	vmw_error("%s: cannot be read: %s", options->decode, strerror(err ? -err : ENOMEM));
	return VMW_EXIT_USAGE;
}

enum vmw_exit vmw_mode_decode(const struct vmw_options *options)
{
	struct vmw_decoder *decoder;
	struct vmw_layout layout;
	struct vmw_bounds bounds;
	enum vmw_exit code = VMW_EXIT_CLEAN;
	int fd = STDIN_FILENO;

	if (options->watch.layout.from)
		code = vmw_require_layout(&options->watch.layout, &layout);
	/* A log may not tell the struct page of pfn 0, and needs none to be judged by. */
	if (options->watch.layout.from && !code &&
	    (layout.values[VMW_VALUE_VMEMMAP].nr || !layout.values[VMW_VALUE_START].nr))
		code = vmw_require_bounds(&options->watch.layout, &layout, &bounds);
	if (code)
		return code;
	if (strcmp(options->decode, "-"))
		fd = open(options->decode, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		vmw_error("%s: %s", options->decode, strerror(errno));
		return VMW_EXIT_USAGE;
	}
	decoder = vmw_decoder_new(options->watch.layout.from ? &layout : NULL);
	if (decoder) {
		code = decode(options, decoder, fd);
	} else {
		vmw_error("%s", strerror(ENOMEM));
		code = VMW_EXIT_USAGE;
	}
	vmw_decoder_free(decoder);
	if (fd != STDIN_FILENO)
		close(fd);
	return code;
}
