// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/log_clock.h"
#include "klog/found_internal.h"

/* The most that arm64 has for physical addresses: Arm ARM DDI 0487, LPA2. */
#define MAX_PHYS_BITS 52

struct vmw_found *vmw_found_add(struct vmw_scan *scan, u64 pfn, u64 nr_pages)
{
	struct vmw_founds *ret = scan->ret;
	struct vmw_found *found;

	if (ret->nr == VMW_MAX_FOUND) {
		ret->dropped++;
		return NULL;
	}
	if (!ret->found) {
		ret->found = calloc(VMW_MAX_FOUND, sizeof(*ret->found));
		if (!ret->found) {
			scan->err = -ENOMEM;
			return NULL;
		}
	}
	found = &ret->found[ret->nr++];
	found->pfn = pfn;
	found->nr_pages = nr_pages;
	found->judgement = vmw_judge_pfns(scan->bounds, pfn, nr_pages);
	return found;
}

static void read_claims(struct vmw_scan *scan)
{
	struct vmw_founds *ret = scan->ret;
	int err = vmw_iomem_read(&scan->iomem, VMW_IOMEM);

	ret->claims_read = !err;
	if (err)
		snprintf(ret->claims_why, sizeof(ret->claims_why), VMW_IOMEM ": %s",
			 err == -EPERM ? "it shows no addresses (needs CAP_SYS_ADMIN)" :
					 strerror(-err));
}

/* Without the sections, the log's last word on a range is whether it is there. */
static void guess_live(struct vmw_founds *ret)
{
	size_t i;

	for (i = 0; i < ret->nr && !ret->sections_read; i++)
		ret->found[i].live = !ret->found[i].removal;
}

int vmw_found_scan_until(struct vmw_founds *ret, const struct vmw_layout *layout,
			 const struct vmw_bounds *bounds, u64 until_ns)
{
	struct vmw_scan scan = { .ret = ret, .bounds = bounds, .until_ns = until_ns };
	u64 value;

	memset(ret, 0, sizeof(*ret));
	scan.section_bits = vmw_layout_get(layout, VMW_VALUE_SECTION_BITS, &value) ? value : 0;
	scan.phys_bits = vmw_layout_get(layout, VMW_VALUE_MAX_PHYS, &value) ? value :
									      MAX_PHYS_BITS;
	read_claims(&scan);
	vmw_found_sections(&scan);
	ret->log_ahead_known = !vmw_log_clock_ahead(&ret->log_ahead_ns);
	vmw_found_log(&scan, "/dev/kmsg");
	guess_live(ret);
	vmw_iomem_free(&scan.iomem);
	return scan.err;
}

int vmw_found_scan(struct vmw_founds *ret, const struct vmw_layout *layout,
		   const struct vmw_bounds *bounds)
{
	return vmw_found_scan_until(ret, layout, bounds, ~0ULL);
}

u64 vmw_found_warns(u64 since_ns)
{
	struct vmw_founds founds = { .nr = 0 };
	struct vmw_bounds bounds = { 0 };
	struct vmw_scan scan = { .ret = &founds, .bounds = &bounds, .until_ns = since_ns };
	u64 warns;

	founds.log_ahead_known = !vmw_log_clock_ahead(&founds.log_ahead_ns);
	vmw_found_log(&scan, "/dev/kmsg");
	warns = founds.later_warns;
	vmw_founds_free(&founds);
	return warns;
}

void vmw_founds_free(struct vmw_founds *founds)
{
	free(founds->found);
	memset(founds, 0, sizeof(*founds));
}
