// SPDX-License-Identifier: GPL-2.0-only
/* --sites: every pfn_to_page() that was inlined into a module's code, or the kernel's. */
#include <errno.h>

#include "base/log.h"
#include "base/output_file.h"
#include "cli/commands.h"
#include "output/describe_sites.h"
#include "probe/require.h"

static int write_text(const void *listing, FILE *file)
{
	return vmw_export_sites_text(listing, file);
}

static int write_json(const void *listing, FILE *file)
{
	return vmw_export_sites_json(listing, file);
}

/* The kernel says no, or there is no such thing. */
static enum vmw_exit code_of(int err)
{
	return err == -EPERM || err == -EACCES ? VMW_EXIT_UNTRACEABLE : VMW_EXIT_USAGE;
}

static enum vmw_exit list(const struct vmw_options *options, struct vmw_site_listing *listing)
{
	char *names[] = { (char *)options->watch.sites, NULL };
	char why[300];
	int err;

	if (options->from_ko) {
		err = vmw_site_listing_file(listing, options->from_ko, why, sizeof(why));
		if (err)
			vmw_error("%s: %s", options->from_ko, why);
		return err ? VMW_EXIT_USAGE : VMW_EXIT_CLEAN;
	}
	if (vmw_require_arm64(why, sizeof(why))) {
		vmw_error("%s (--from-ko FILE.ko needs none)", why);
		return VMW_EXIT_UNTRACEABLE;
	}
	err = vmw_site_listing_live(listing, options->watch.sites ? names : options->command,
				    why, sizeof(why));
	if (err)
		vmw_error("--sites: %s", why);
	return err ? code_of(err) : VMW_EXIT_CLEAN;
}

enum vmw_exit vmw_mode_sites(const struct vmw_options *options)
{
	struct vmw_site_listing listing = { 0 };
	enum vmw_exit code = list(options, &listing);
	size_t i;

	if (!code)
		code = vmw_output_write(
			options->output,
			options->format == VMW_FORMAT_TEXT ? write_text : write_json, &listing);
	for (i = 0; i < listing.nr && !code; i++) {
		if (vmw_is_hidden(&listing.objects[i]))
			code = VMW_EXIT_LOST;
	}
	vmw_site_listing_free(&listing);
	return code;
}
