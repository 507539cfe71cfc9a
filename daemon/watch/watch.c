// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "kernel/iomem.h"
#include "watch/require_layout.h"
#include "watch/watch.h"
#include "watch/watch_sites.h"

/* As much as the clock must be set by to be told. */
#define STEP_NS 1000000

/* Records taken before something else may have its turn. */
#define RECORDS_AT_A_TIME 64

static void read_boot_id(char *text, size_t size)
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!file || !fgets(text, size, file))
		text[0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (file)
		fclose(file);
}

void vmw_watch_prepare(struct vmw_watch *watch)
{
	struct vmw_report *report = &watch->report;

	if (gethostname(watch->host, sizeof(watch->host) - 1))
		snprintf(watch->host, sizeof(watch->host), "unknown");
	uname(&watch->uname);
	read_boot_id(watch->boot_id, sizeof(watch->boot_id));
	report->host = watch->host;
	report->kernel = watch->uname.release;
	report->boot_id = watch->boot_id;
	report->clock_offset_ns = vmw_clock_offset();
	report->layout = &watch->layout;
	report->bounds = &watch->bounds;
	report->facts = &watch->facts;
	report->aggregate = &watch->aggregate;
	report->redact = watch->config->layout.redact;
}

enum vmw_exit vmw_watch_settle(struct vmw_watch *watch)
{
	static const enum vmw_value_id live[] = {
		VMW_VALUE_START,
		VMW_VALUE_EFFECTIVE,
		VMW_VALUE_END,
		VMW_VALUE_VMEMMAP,
	};
	enum vmw_exit code;
	size_t i;

	code = vmw_require_layout(&watch->config->layout, &watch->layout);
	if (!code)
		code = vmw_require_bounds(&watch->config->layout, &watch->layout, &watch->bounds);
	for (i = 0; !code && i < ARRAY_SIZE(live); i++) {
		if (watch->config->layout.trust == VMW_SOURCE_FORMULA)
			break;
		if (!vmw_layout_is_formula(&watch->layout.values[live[i]]))
			continue;
		vmw_error("only a formula knows %s on this kernel: --layout prints what each source says",
			  vmw_value_infos[live[i]].name);
		code = VMW_EXIT_UNTRACEABLE;
	}
	if (!code)
		vmw_kernel_facts_read(&watch->facts, &watch->layout);
	return code ? code : vmw_watch_find_sites(watch);
}

static int on_clock_set(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct vmw_watch *watch = context;
	s64 offset, step;

	(void)source;
	(void)events;
	vmw_clock_was_set(fd);
	offset = vmw_clock_offset();
	step = offset - watch->report.clock_offset_ns;
	/* It was a suspend: what is left is how exactly we can read two clocks. */
	if (step > -STEP_NS && step < STEP_NS)
		return 0;
	watch->report.clock_offset_ns = offset;
	vmw_notice("the clock was set, by %+.3f s: all times are by the new one", step / 1e9);
	if (watch->on_clock)
		watch->on_clock(watch->clock_context);
	return 0;
}

int vmw_watch_clock(struct vmw_watch *watch, sd_event *loop, void (*fn)(void *context),
		    void *context)
{
	int fd = vmw_clock_open(), err;

	if (fd < 0)
		return fd;
	watch->on_clock = fn;
	watch->clock_context = context;
	watch->report.clock_offset_ns = vmw_clock_offset();
	err = sd_event_add_io(loop, &watch->clock, fd, EPOLLIN, on_clock_set, watch);
	if (err < 0)
		close(fd);
	else
		sd_event_source_set_io_fd_own(watch->clock, true);
	return err < 0 ? err : 0;
}

/* Pfns of a memory section: what uses outside of any request are told by. */
static u32 section_shift(const struct vmw_layout *layout)
{
	u64 bits, shift;

	if (!vmw_layout_get(layout, VMW_VALUE_PAGE_SHIFT, &shift))
		shift = 12;
	if (!vmw_layout_get(layout, VMW_VALUE_SECTION_BITS, &bits) ||
	    !vmw_layout_is_sane(VMW_VALUE_SECTION_BITS, bits))
		bits = 27;
	return bits - shift;
}

void vmw_watch_setup(struct vmw_watch *watch, struct vmw_probes_setup *ret)
{
	*ret = (struct vmw_probes_setup){
		.bounds = watch->bounds,
		.warn_text = watch->layout.warn_text,
		.trampolines = watch->layout.anchors.trampolines,
		.chosen = watch->config->chosen,
		.attach_with = watch->config->attach_with,
		.ring_size = watch->config->ring_size,
		.section_shift = section_shift(&watch->layout),
		.sample_rate = watch->config->sample_rate,
		.sites = &watch->sites,
	};
	watch->aggregate.section_shift = ret->section_shift;
	watch->aggregate.bounds = ret->bounds;
}

void vmw_watch_say_attached(const struct vmw_watch *watch)
{
	char names[512] = "";
	size_t n = 0;
	int attached = 0, wanted = 0;
	int id;

	for (id = 0; id < vmw_nr_probes; id++) {
		const struct vmw_probe_status *s = vmw_probes_status(watch->probes, id);
		const struct vmw_probe_info *info = &vmw_probe_infos[id];

		wanted += !s->left_out;
		if (s->left_out || (!s->how && vmw_is_caller(id)))
			continue;
		if (!s->how && vmw_canary_way(id) != VMW_NR_WAYS)
			continue;
		if (!s->how) {
			vmw_log(s->missing ? VMW_LOG_NOTICE : VMW_LOG_DEBUG,
				"%s (%s) is %s: %s", info->symbol, vmw_point_names[info->point],
				vmw_probe_state(s), s->problem);
			continue;
		}
		attached++;
		if (info->point != VMW_POINT_RETURN && n < sizeof(names))
			n += snprintf(names + n, sizeof(names) - n, "%s%s (%s)", n ? ", " : "",
				      info->symbol, s->how);
	}
	vmw_notice("%d of %d probes attached", attached, wanted);
	vmw_debug("attached: %s", names);
}

/* Which of --probe this kernel does not take, and why. False: none. */
static bool say_refused(const struct vmw_watch *watch)
{
	int id;

	for (id = VMW_NR_PROBES; id < vmw_nr_probes; id++) {
		const char *problem = vmw_probes_status(watch->probes, id)->problem;

		if (!*problem)
			continue;
		vmw_error("--probe=%s: %s", vmw_probe_infos[id].symbol, problem);
		return true;
	}
	return false;
}

enum vmw_exit vmw_watch_attach(struct vmw_watch *watch, const struct vmw_probes_setup *setup,
			       vmw_record_fn fn, void *context)
{
	int err = vmw_probes_new(&watch->probes, setup, fn, context);

	watch->report.probes = watch->probes;
	if (err == -ENOTSUP) {
		vmw_watch_say_attached(watch);
		vmw_error("none of the functions that make struct pages can be probed on this kernel (--verbose says why)");
		return VMW_EXIT_UNTRACEABLE;
	}
	if (err == -EMFILE) {
		vmw_error("too many open files: expected a higher RLIMIT_NOFILE (ulimit -n, LimitNOFILE=)");
		return VMW_EXIT_UNTRACEABLE;
	}
	if (err == -ENOENT && say_refused(watch))
		return VMW_EXIT_USAGE;
	if (err) {
		vmw_error("cannot load the BPF programs: %s (--verbose says more)",
			  strerror(-err));
		return VMW_EXIT_UNTRACEABLE;
	}
	watch->aggregate.asks_only =
		!vmw_probes_status(watch->probes, VMW_PROBE_MHP_ALLOWED)->how;
	watch->report.start_ns = vmw_now_ns();
	watch->report.watched_ns = watch->report.start_ns;
	vmw_watch_look(watch);
	return VMW_EXIT_CLEAN;
}

void vmw_watch_look(struct vmw_watch *watch)
{
	struct vmw_sight *sight = watch->report.sight, before[VMW_NR_WAYS];
	int way;

	memcpy(before, sight, sizeof(before));
	vmw_probes_look(watch->probes, sight, watch->report.watched_ns, vmw_now_ns());
	for (way = 0; way < VMW_NR_WAYS; way++) {
		if (sight[way].times != before[way].times)
			vmw_error("probes by %s do not fire, so what they would see is lost: %s",
				  vmw_way_names[way], vmw_way_remedies[way]);
		else if (before[way].silent_ns && !sight[way].silent_ns)
			vmw_notice("probes by %s fire again", vmw_way_names[way]);
	}
}

static void on_use(const struct vmw_use_key *key, const struct vmw_use *use, void *context)
{
	struct vmw_watch *watch = context;

	vmw_aggregate_use(&watch->aggregate, key, use);
}

/* The innermost claim on @phys in /proc/iomem, which is a driver's if any is. */
static const char *name_by_iomem(u64 phys, void *context)
{
	const struct vmw_iomem *iomem = context;
	const char *name = NULL;
	size_t i;

	for (i = 0; i < iomem->nr; i++) {
		if (phys >= iomem->resources[i].start && phys <= iomem->resources[i].last)
			name = iomem->resources[i].name;
	}
	return name;
}

static bool any_without_request(const struct vmw_aggregate *agg)
{
	const struct vmw_used *used;

	for (used = agg->uses; used; used = used->next) {
		if (!used->request && used->counts.count != used->counted_before)
			return true;
	}
	return false;
}

static void name_uses(struct vmw_watch *watch)
{
	struct vmw_iomem iomem;

	if (!any_without_request(&watch->aggregate) || vmw_iomem_read(&iomem, VMW_IOMEM))
		return;
	vmw_aggregate_name_uses(&watch->aggregate, watch->bounds.page_shift, name_by_iomem,
				&iomem);
	vmw_iomem_free(&iomem);
}

void vmw_watch_read_uses(struct vmw_watch *watch)
{
	int err;

	vmw_watch_read_sites(watch);
	vmw_aggregate_uses_begin(&watch->aggregate);
	err = vmw_probes_uses(watch->probes, on_use, watch);
	if (err) {
		if (!watch->report.read_error)
			vmw_error("reading the counts of callers: %s", strerror(-err));
		watch->report.read_error = err;
	}
	name_uses(watch);
}

bool vmw_watch_read(struct vmw_watch *watch)
{
	int n = vmw_probes_consume(watch->probes, RECORDS_AT_A_TIME);

	if (n >= 0)
		return n;
	if (!watch->report.read_error)
		vmw_error("reading records: %s", strerror(-n));
	watch->report.read_error = n;
	return false;
}

void vmw_watch_read_all(struct vmw_watch *watch)
{
	/* More than the ring buffer can have held. */
	u64 left = watch->config->ring_size / sizeof(struct vmw_header);

	while (vmw_watch_read(watch) && left > RECORDS_AT_A_TIME)
		left -= RECORDS_AT_A_TIME;
}

/* A number of kB in /proc/self/status, in bytes. */
static u64 status_bytes(const char *text, const char *label)
{
	const char *at = strstr(text, label);
	unsigned long long kib = 0;

	if (at)
		sscanf(at + strlen(label), " %llu", &kib);
	return kib << 10;
}

static void read_memory(struct vmw_self *self)
{
	FILE *file = fopen("/proc/self/status", "re");
	char text[4096] = "";

	if (!file)
		return;
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	self->peak_bytes = status_bytes(text, "VmHWM:");
	self->rss_bytes = status_bytes(text, "VmRSS:");
}

static void read_self(struct vmw_self *self, const struct vmw_probes *probes)
{
	u64 n;
	int id;

	memset(self, 0, sizeof(*self));
	self->cpu_ns = vmw_clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	read_memory(self);
	for (id = 0; id < vmw_nr_probes; id++) {
		if (vmw_probes_runs(probes, id, &n))
			self->bpf_runs += n;
		if (vmw_probes_run_time(probes, id, &n))
			self->bpf_run_ns += n;
	}
	self->bpf_stats = self->bpf_runs > 0;
}

void vmw_watch_update(struct vmw_watch *watch)
{
	struct vmw_report *report = &watch->report;
	int place;

	vmw_watch_look(watch);
	report->losses_error = vmw_probes_losses(watch->probes, &report->losses);
	for (place = 0; place < VMW_NR_LOSSES; place++)
		report->losses.count[place] += report->losses_before.count[place];
	report->losses.missed += report->losses_before.missed;
	report->losses.count[VMW_LOST_SITES] += vmw_watch_lost_at_sites(&watch->sites);
	report->end_ns = vmw_now_ns();
	read_self(&report->self, watch->probes);
}

static bool any_offender(const struct vmw_report *report, bool live)
{
	const struct vmw_offender *offender;

	vmw_for_each_offender (offender, report->aggregate) {
		if (live ? offender->live : vmw_report_counts(offender))
			return true;
	}
	return false;
}

enum vmw_exit vmw_watch_judge(const struct vmw_report *report, bool live)
{
	if (any_offender(report, live) || vmw_report_uses_live(report, live))
		return VMW_EXIT_OFFENDER;
	if (vmw_report_lost(report))
		return VMW_EXIT_LOST;
	return *report->untested ? VMW_EXIT_UNTESTED : VMW_EXIT_CLEAN;
}

void vmw_watch_free(struct vmw_watch *watch)
{
	sd_event_source_disable_unref(watch->clock);
	vmw_probes_free(watch->probes);
	vmw_aggregate_free(&watch->aggregate);
	vmw_watch_free_sites(watch);
}
