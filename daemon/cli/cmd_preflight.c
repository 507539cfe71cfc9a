// SPDX-License-Identifier: GPL-2.0-only
/* --preflight SIZE...: what requests for struct pages would meet, without making one. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/output_file.h"
#include "cli/commands.h"
#include "explain/gpu.h"
#include "layout/possible.h"
#include "output/describe_preflight.h"
#include "watch/require_layout.h"

static int write_text(const void *preflight, FILE *file)
{
	return vmw_export_preflight_text(preflight, file);
}

static int write_json(const void *preflight, FILE *file)
{
	return vmw_export_preflight_json(preflight, file);
}

static enum vmw_exit read_planned(const struct vmw_options *options, struct vmw_preflight *p)
{
	char **text, why[256];
	int n;

	for (text = options->command; text && *text; text++) {
		if (p->nr == VMW_MAX_WISHES) {
			vmw_error("--preflight: expected at most %d SIZEs", VMW_MAX_WISHES);
			return VMW_EXIT_USAGE;
		}
		if (vmw_planned_parse(&p->planned[p->nr++], *text, why, sizeof(why))) {
			vmw_error("--preflight: %s", why);
			return VMW_EXIT_USAGE;
		}
	}
	if (!options->all_gpus)
		return VMW_EXIT_CLEAN;
	n = vmw_gpus_read(VMW_PCI_DEVICES, p->planned + p->nr, VMW_MAX_WISHES - p->nr, why,
			  sizeof(why));
	/* Without PCI there is no such directory, and no GPU on it. */
	if (n < 0 && n != -ENOENT) {
		vmw_error("--all-gpus: %s", why);
		return VMW_EXIT_UNTRACEABLE;
	}
	p->nr += n > 0 ? n : 0;
	return VMW_EXIT_CLEAN;
}

static enum vmw_exit read_iomem(const struct vmw_options *options, struct vmw_iomem *iomem)
{
	const char *path = options->iomem ? options->iomem : VMW_IOMEM;
	int err = vmw_iomem_read(iomem, path);
	char why[PATH_MAX + 128];

	if (!err)
		return VMW_EXIT_CLEAN;
	vmw_iomem_why(path, err, why, sizeof(why));
	vmw_error("%s%s%s", options->iomem ? "--iomem=" : "", why,
		  err == -EPERM && options->iomem ? ", to save it" : "");
	return options->iomem ? VMW_EXIT_USAGE : VMW_EXIT_UNTRACEABLE;
}

/* WARNs so far, which kernel.warn_limit counts: 6.2 on, and 6.1's stable updates. */
static void read_warn_count(struct vmw_preflight *p)
{
	FILE *file = fopen("/sys/kernel/warn_count", "re");
	unsigned long long count;

	if (!file)
		return;
	p->warn_count_known = fscanf(file, "%llu", &count) == 1;
	p->warn_count = p->warn_count_known ? count : 0;
	fclose(file);
}

static void read_facts(const struct vmw_options *options, struct vmw_preflight *p)
{
	u64 section;

	if (options->watch.layout.from) {
		vmw_kernel_guess(&p->kernel, p->layout);
	} else {
		vmw_kernel_facts_read(&p->kernel, p->layout);
		read_warn_count(p);
	}
	if (vmw_layout_get(p->layout, VMW_VALUE_SECTION_BITS, &section) &&
	    vmw_layout_is_sane(VMW_VALUE_SECTION_BITS, section))
		p->section = 1ULL << section;
	p->step = vmw_preflight_step(&p->layout->release);
	p->type = options->type;
	vmw_seeds_read(&p->seeds, p->layout, &p->kernel, p->iomem);
}

static enum vmw_exit foresee(const struct vmw_options *options, struct vmw_preflight *p)
{
	enum vmw_exit code;
	char why[400];
	int err;

	read_facts(options, p);
	err = vmw_preflight_run(p, why, sizeof(why));
	if (err) {
		vmw_error("--preflight: %s", why);
		return err == -ENODATA && !options->watch.layout.from ? VMW_EXIT_UNTRACEABLE :
									VMW_EXIT_USAGE;
	}
	code = vmw_output_write(options->output,
				options->format == VMW_FORMAT_TEXT ? write_text : write_json, p);
	return code ? code : vmw_preflight_code(p);
}

enum vmw_exit vmw_mode_preflight(const struct vmw_options *options)
{
	struct vmw_preflight *p = calloc(1, sizeof(*p));
	struct vmw_layout layout;
	struct vmw_bounds bounds;
	struct vmw_iomem iomem;
	enum vmw_exit code;

	if (!p) {
		vmw_error("%s", strerror(ENOMEM));
		return VMW_EXIT_USAGE;
	}
	code = read_planned(options, p);
	if (!code)
		code = vmw_require_layout(&options->watch.layout, &layout);
	if (!code)
		code = vmw_require_bounds(&options->watch.layout, &layout, &bounds);
	if (!code)
		code = read_iomem(options, &iomem);
	if (!code) {
		p->layout = &layout;
		p->bounds = &bounds;
		p->iomem = &iomem;
		code = foresee(options, p);
		vmw_iomem_free(&iomem);
	}
	free(p);
	return code;
}
