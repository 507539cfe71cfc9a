// SPDX-License-Identifier: GPL-2.0-only
/* A configuration file: what is taken is printed as a file that says the same. */
#include "fuzz.h"

#include "cli/cli_internal.h"

/* What --print-config says, without where each value comes from. */
static char *print(const struct vmw_options *options)
{
	char *text = NULL, *from, *to;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	promise(file && !vmw_options_print(options, file) && !fclose(file));
	for (from = to = text; *from;) {
		size_t length = strcspn(from, "\n") + 1;

		if (*from != '#') {
			memmove(to, from, length);
			to += length;
		}
		from += length;
	}
	*to = '\0';
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vmw_options options, again;
	char *first, *second;

	/* Our lines about errors would be most of the work; sanitizers use the fd. */
	if (fileno(stderr) == STDERR_FILENO)
		stderr = fopen("/dev/null", "w");
	promise(stderr != NULL);
	vmw_options_init(&options, true);
	if (vmw_conf_read_file(&options, fuzz_file(data, size), true)) {
		vmw_options_free(&options);
		return 0;
	}
	first = print(&options);
	vmw_options_init(&again, true);
	promise(!vmw_conf_read_file(&again, fuzz_file((uint8_t *)first, strlen(first)), true));
	second = print(&again);
	promise(!strcmp(first, second));
	free(first);
	free(second);
	vmw_options_free(&options);
	vmw_options_free(&again);
	return 0;
}
