// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that the kernel gives to this very process: the tracepoint
 * mm_page_alloc tells the address of the struct page, /proc/self/pagemap its
 * pfn, and both together vmemmap. Asked only where fewer than two others know.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include <vmemmapwatch/peek.h>

#include "kernel/hardening.h"
#include "layout/source.h"
#include "layout.skel.h"

#define NR_PAGES 16

/* Documentation/admin-guide/mm/pagemap.rst: bits 0 to 54 are the pfn. */
#define PAGEMAP_PRESENT (1ULL << 63)
#define PAGEMAP_PFN	((1ULL << 55) - 1)

struct search {
	struct layout_bpf *bpf;
	int pagemap; /* fd */
	size_t page; /* bytes */
	u64 size;    /* of a struct page, bytes */
	u64 candidates[VMW_MAX_ALLOCATED];
	unsigned int nr;
};

/* The pfn of our page at @address; -EPERM where the kernel hides it. */
static int read_pfn(const struct search *search, const char *address, u64 *ret)
{
	u64 entry;
	off_t offset = (uintptr_t)address / search->page * sizeof(entry);

	if (pread(search->pagemap, &entry, sizeof(entry), offset) != sizeof(entry))
		return errno ? -errno : -EIO;
	if (!(entry & PAGEMAP_PRESENT))
		return -ENODATA;
	*ret = entry & PAGEMAP_PFN;
	return *ret ? 0 : -EPERM;
}

/*
 * Have one page allocated. Page tables are, too: each struct page told makes
 * one candidate for vmemmap, and the true one turns up at every page.
 */
static int touch(struct search *search, volatile char *address, bool first)
{
	struct vmw_allocated *allocated = &search->bpf->bss->allocated;
	u64 found[VMW_MAX_ALLOCATED], pfn;
	unsigned int i, j, n, kept = 0;
	int err;

	allocated->nr = 0;
	*address = 1;
	n = __atomic_load_n(&allocated->nr, __ATOMIC_ACQUIRE);
	n = n < VMW_MAX_ALLOCATED ? n : VMW_MAX_ALLOCATED;
	err = read_pfn(search, (const char *)address, &pfn);
	if (err)
		return err;
	for (i = 0; i < n; i++)
		found[i] = allocated->pages[i] - pfn * search->size;
	if (first) {
		memcpy(search->candidates, found, n * sizeof(*found));
		search->nr = n;
		return 0;
	}
	for (i = 0; i < search->nr; i++) {
		for (j = 0; j < n && found[j] != search->candidates[i]; j++)
			;
		if (j < n)
			search->candidates[kept++] = search->candidates[i];
	}
	search->nr = kept;
	return 0;
}

static int touch_all(struct search *search)
{
	size_t length = NR_PAGES * search->page;
	char *memory;
	int err = 0;
	int i;

	memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return -errno;
	madvise(memory, length, MADV_NOHUGEPAGE);
	for (i = 0; !err && i < NR_PAGES; i++)
		err = touch(search, memory + i * search->page, !i);
	munmap(memory, length);
	if (!err && search->nr != 1)
		err = -ENODATA;
	return err;
}

static int attach(struct search *search)
{
	int err;

	search->bpf = layout_bpf__open();
	if (!search->bpf)
		return -errno;
	search->bpf->rodata->task = gettid();
	bpf_program__set_autoload(search->bpf->progs.peek, false);
	err = layout_bpf__load(search->bpf);
	if (err)
		return err;
	search->bpf->links.page_alloc = bpf_program__attach(search->bpf->progs.page_alloc);
	return search->bpf->links.page_alloc ? 0 : -errno;
}

static void find(struct vmw_layout *layout, struct search *search, struct vmw_source *self)
{
	char why[160];
	int err;

	err = attach(search);
	if (err == -EPERM || err == -EACCES) {
		vmw_source_fail(self, "BPF: %s: run as root, with CAP_BPF and CAP_PERFMON",
				strerror(-err));
		return;
	}
	if (err) {
		vmw_why_bpf(err, why, sizeof(why));
		vmw_source_fail(self, "%s", why);
		return;
	}
	err = touch_all(search);
	if (err == -EPERM)
		vmw_source_fail(
			self, "/proc/self/pagemap hides pfns: run as root, with CAP_SYS_ADMIN");
	else if (err)
		vmw_source_fail(self, "the pages of this process show no pattern: %s",
				strerror(-err));
	else
		vmw_layout_add_live(layout, VMW_VALUE_VMEMMAP, VMW_SOURCE_TRACEPOINT,
				    "mm_page_alloc and /proc/self/pagemap",
				    search->candidates[0]);
}

void vmw_read_tracepoint(struct vmw_layout *layout, struct vmw_input *input,
			 struct vmw_source *self)
{
	struct search search = { .page = sysconf(_SC_PAGESIZE) };

	(void)input;
	if (vmw_layout_witnesses(&layout->values[VMW_VALUE_VMEMMAP]) > 1) {
		self->state = VMW_SOURCE_UNUSED;
		snprintf(self->note, sizeof(self->note),
			 "not needed: other sources know vmemmap");
		return;
	}
	if (!vmw_layout_get(layout, VMW_VALUE_STRUCT_PAGE, &search.size)) {
		vmw_source_fail(self, "sizeof(struct page) is not known");
		return;
	}
	search.pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (search.pagemap < 0) {
		vmw_source_fail(self, "/proc/self/pagemap: %s", strerror(errno));
		return;
	}
	find(layout, &search, self);
	layout_bpf__destroy(search.bpf);
	close(search.pagemap);
}
