// SPDX-License-Identifier: GPL-2.0-only
/*
 * The dumps of a kernel log, as arm64 prints them. Read in the sources of 5.10.223,
 * 6.1.192, 6.12.117 and 7.2.13 (kernel/panic.c, arch/arm64/kernel/process.c,
 * arch/arm64/mm/fault.c), and in logs of 6.1.192 and 6.12.117 (tests/data).
 *
 *   WARNING: CPU: 1 PID: 78 at FILE:LINE FUNCTION+0x40/0x1c4	(to 6.12)
 *   WARNING: FILE:LINE at FUNCTION+0x40/0x1c4, CPU#1: insmod/78	(7.2)
 *   Unable to handle kernel WHAT at virtual address HEX
 *   CPU: 1 [UID: 0] PID: 78 Comm: insmod Tainted: G   W   E   6.1.192 #1
 *   pc : FUNCTION+0x4/0x34
 *   x2 : 0000000000000002 x1 : 0000000fffff0000 x0 : 00000071ccc00000
 *   Call trace:
 *    FUNCTION+0x4/0x34 [MODULE]
 *   ---[ end trace 0000000000000000 ]---
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "klog/klog.h"
#include "klog/names.h"
#include "layout/layout.h"

/* More lines than any dump has: its end was lost. */
#define MAX_LINES 200

static const char unable[] = "Unable to handle kernel ", warning[] = "WARNING: ";
static const char cut_here[] = "------------[ cut here ]";

/* Copy the name of "FUNCTION+0xOFFSET..." at @text; false where it is none. */
static bool take_function(const char *text, char *function)
{
	size_t length = strcspn(text, "+ ");

	if (!length || strncmp(text + length, "+0x", 3))
		return false;
	snprintf(function, VMW_KLOG_FUNCTION_LEN, "%.*s", (int)length, text);
	return true;
}

/* The function at @text, where one is, with what stands behind it in the same word. */
static bool take_place(const char *text, struct vmw_klog_event *event)
{
	if (!take_function(text, event->function))
		return false;
	snprintf(event->place, sizeof(event->place), "%.*s", (int)strcspn(text, " ,"), text);
	return true;
}

/* The first word of @text that is one, or NULL. */
static const char *find_place(const char *text, struct vmw_klog_event *event)
{
	while (*text) {
		if (take_place(text, event))
			return text;
		text += strcspn(text, " ");
		text += strspn(text, " ");
	}
	return NULL;
}

static void take_comm(struct vmw_klog_event *event, const char *comm, size_t length)
{
	if (length >= sizeof(event->comm))
		length = sizeof(event->comm) - 1;
	memset(event->comm, 0, sizeof(event->comm));
	memcpy(event->comm, comm, length);
}

/* 7.2: ", CPU#1: insmod/78", and no line of CPU and PID before the trace. */
static void take_task_of_warning(struct vmw_klog_event *event, const char *text)
{
	const char *task = strstr(text, ", CPU#"), *slash;

	task = task ? strstr(task, ": ") : NULL;
	slash = task ? strrchr(task, '/') : NULL;
	if (!slash)
		return;
	take_comm(event, task + 2, slash - task - 2);
	event->pid = strtoul(slash + 1, NULL, 10);
}

/* "Tainted: G        W   E      6.1.192 #1": the word in front of the build's number. */
static void take_release(struct vmw_klog_event *event, const char *text)
{
	const char *end = strstr(text, " #"), *begin = end;

	if (!end)
		return;
	while (begin > text && begin[-1] != ' ')
		begin--;
	if (*begin >= '0' && *begin <= '9')
		snprintf(event->release, sizeof(event->release), "%.*s", (int)(end - begin),
			 begin);
}

/* "CPU: 1 PID: 78 Comm: insmod Tainted: ..."; a name may have blanks. */
static void take_task(struct vmw_klog_event *event, const char *text)
{
	const char *pid = strstr(text, " PID: "), *comm = strstr(text, " Comm: "), *end;

	if (pid)
		event->pid = strtoul(pid + 6, NULL, 10);
	if (!comm)
		return;
	comm += 7;
	end = strstr(comm, " Tainted: ");
	if (!end)
		end = strstr(comm, " Not tainted");
	if (!end)
		return;
	take_comm(event, comm, end - comm);
	take_release(event, end);
}

/* The "xN: HEX" of a line; 5.10 continues lines, so that one may have but one. */
static void take_registers(struct vmw_klog_event *event, const char *text)
{
	while ((text = strchr(text, 'x'))) {
		char *end;
		unsigned long n;
		u64 value;

		text++;
		if (*text < '0' || *text > '9')
			continue;
		n = strtoul(text, &end, 10);
		end += strspn(end, " ");
		if (n >= VMW_KLOG_REGISTERS || strncmp(end, ": ", 2))
			continue;
		text = end + 2;
		value = strtoull(text, &end, 16);
		if (end == text + 16) {
			event->x[n] = value;
			event->registers |= 1U << n;
		}
		text = end;
	}
}

#define MAX_STRAYS 4

/* What arm64 prints behind a call trace (arch/arm64/kernel/traps.c, kernel/panic.c 6.1.192). */
static bool ends_trace(const char *text)
{
	return !strncmp(text, "Code: ", 6) || !strncmp(text, "---[ end ", 9);
}

/* "[<ffff000008123456>] ", in front of what kernels up to 4.x name. */
static const char *skip_address(const char *text)
{
	const char *end = !strncmp(text, "[<", 2) ? strstr(text, ">] ") : NULL;

	return end ? end + 3 : text;
}

static void take_frame(struct vmw_klog *klog, const char *text)
{
	struct vmw_stack *stack = &klog->stack;
	char function[VMW_KLOG_FUNCTION_LEN];

	text = skip_address(text + strspn(text, " "));
	if (!take_function(text, function)) {
		/* Other CPUs and interrupts have something to say, too. */
		klog->in_trace = !ends_trace(text) && ++klog->strays <= MAX_STRAYS;
		return;
	}
	if (vmw_is_function(function, "memunmap_pages") ||
	    vmw_is_function(function, "__remove_pages"))
		klog->event.removal = true;
	if (vmw_is_function(function, "memmap_init_zone_device"))
		klog->event.request = true;
	/* Where the pc was lost, the trace begins with its function. */
	if (!*klog->event.function)
		klog->event.by_trace = take_place(text, &klog->event);
	else if (!klog->framed && !klog->strays && klog->event.kind == VMW_KLOG_OOPS)
		klog->event.sure = !strcmp(function, klog->event.function);
	klog->framed = true;
	if (vmw_is_hotplug_function(function))
		klog->event.hotplug = true;
	/* The driver is whoever called the memory functions: these are no caller. */
	if (stack->nr_frames < VMW_MAX_FRAMES && !vmw_is_fault_function(function))
		snprintf(stack->name[stack->nr_frames++], VMW_SYMBOL_LEN, "%s", text);
}

/* "function+0x1/0x2 [test_hmm]", or [test_hmm BUILDID]. */
static void find_module(struct vmw_klog *klog)
{
	struct vmw_klog_event *event = &klog->event;
	u32 i;

	for (i = 0; i < klog->stack.nr_frames; i++) {
		const char *module = strchr(klog->stack.name[i], '[');

		if (!module)
			continue;
		module++;
		snprintf(event->module, sizeof(event->module), "%.*s",
			 (int)strcspn(module, "] "), module);
		return;
	}
}

static void name_driver(struct vmw_klog *klog)
{
	struct vmw_klog_event *event = &klog->event;
	struct vmw_intern intern = { .nr_places = 0 };
	const struct vmw_frames *frames = vmw_intern_stack(&intern, &klog->stack);

	if (frames)
		vmw_driver_of(frames, event->removal, event->driver, sizeof(event->driver));
	vmw_intern_free(&intern);
}

static void close_dump(struct vmw_klog *klog)
{
	struct vmw_klog_event *event = &klog->event;

	if (!klog->open)
		return;
	klog->open = false;
	if (event->kind == VMW_KLOG_OOPS)
		event->other = !vmw_is_fault_function(event->function) &&
			       !(event->by_trace && event->hotplug);
	if (event->other && !klog->others)
		return;
	event->hotplug |= vmw_is_hotplug_function(event->function);
	event->stack = klog->traced ? &klog->stack : NULL;
	if (klog->traced)
		name_driver(klog);
	find_module(klog);
	klog->fn(klog->data, event);
}

/*
 * What hotplug functions WARN of in these words is a request that they refuse, and no
 * check of vmemmap, which has none (mm/memory_hotplug.c 5.10.223 and 6.1.192).
 */
static bool is_refusal(const char *message)
{
	static const char *const refusals[] = { "Hotplugged memory exceeds", "Misaligned " };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		if (!strncmp(message, refusals[i], strlen(refusals[i])))
			return true;
	}
	return false;
}

static void open_dump(struct vmw_klog *klog, const struct vmw_klog_line *line,
		      const struct vmw_klog_event *event)
{
	close_dump(klog);
	klog->event = *event;
	klog->event.time_ns = line->time_ns;
	klog->event.seq = klog->event.end_seq = line->seq;
	klog->other_trace = 0;
	snprintf(klog->caller, sizeof(klog->caller), "%s", line->caller ? line->caller : "");
	if (event->kind == VMW_KLOG_WARN)
		memcpy(klog->event.message, klog->message, sizeof(klog->message));
	if (is_refusal(klog->event.message))
		klog->event.other = true;
	*klog->message = '\0';
	klog->cut = 0;
	memset(&klog->stack, 0, sizeof(klog->stack));
	klog->open = true;
	klog->in_trace = klog->traced = klog->framed = false;
	klog->lines = klog->strays = 0;
}

/* Does @text end within @head, of which it has at least @least bytes? */
static bool is_cut_head(const char *text, const char *head, size_t least)
{
	size_t length;

	if (*text != *head)
		return false;
	length = strlen(text);
	return length >= least && length < strlen(head) && !memcmp(text, head, length);
}

/*
 * A WARN's head: "WARNING: CPU: 1", or "WARNING: FILE.c:LINE at", where "[CONDITION]" may
 * stand in front of the file.
 */
static bool is_warn_head(const char *text)
{
	const char *file;

	if (is_cut_head(text, "WARNING: CPU:", sizeof(warning) - 2) ||
	    is_cut_head(text, "WARNING: arch/arm64/mm/mmu.c:", sizeof(warning) - 2))
		return true;
	if (strncmp(text, warning, sizeof(warning) - 1))
		return false;
	text += sizeof(warning) - 1;
	if (!strncmp(text, "CPU:", 4) || *text == '[')
		return true;
	file = strstr(text, ".c:");
	return file && !memchr(text, ' ', file - text) && strchr(text, '/');
}

/*
 * Does "FILE:LINE" or "FILE:LINE at" stand before @place, and is the file none that our
 * functions are in, arch/arm64/mm/mmu.c? Of its pieces, when it was cut and joined, comes
 * none that begins with these.
 */
static bool is_of_other_file(const char *text, const char *place)
{
	static const char *const folders[] = {
		"block/",    "crypto/", "drivers/", "fs/", "include/",
		"io_uring/", "kernel/", "lib/",	    "mm/", "net/",
		"security/", "sound/",	"virt/",
	};
	const char *end = place - 1, *file;
	size_t i;

	if (end - text > 3 && !memcmp(end - 3, " at", 3))
		end -= 3;
	for (file = end; file > text && file[-1] != ' ';)
		file--;
	if (!memchr(file, ':', end - file) || memmem(file, end - file, "mmu.", 4))
		return false;
	for (i = 0; i < ARRAY_SIZE(folders); i++) {
		if (!strncmp(file, folders[i], strlen(folders[i])))
			return true;
	}
	return false;
}

static bool begins_warn(const char *text, bool others, struct vmw_klog_event *event)
{
	const char *place;

	memset(event, 0, sizeof(*event));
	event->kind = VMW_KLOG_WARN;
	place = find_place(text, event);
	if (!place)
		return false;
	event->arch = vmw_arch_of(text);
	event->other = !vmw_is_warn_function(event->function, strlen(event->function));
	event->sure = is_of_other_file(text, place);
	take_task_of_warning(event, text);
	return others || !event->other;
}

static bool begins_oops(const char *text, bool others, struct vmw_klog_event *event)
{
	const char *address = strstr(text, " at virtual address ");
	char *end = NULL;

	memset(event, 0, sizeof(*event));
	event->kind = VMW_KLOG_OOPS;
	if (address)
		event->address = strtoull(address + 20, &end, 16);
	/* "%016lx": of an address that was cut nothing is known. */
	event->no_address = !address || end - address != 36;
	event->arch = vmw_arch_of(text);
	return others || address;
}

/* "Unable to handle kernel WHAT", cut behind "handle" or later. */
static bool is_oops_head(const char *text)
{
	return !strncmp(text, unable, sizeof(unable) - 1) || is_cut_head(text, unable, 16);
}

/* "------------[ cut here ]------------", cut behind the bracket or later. */
static bool is_cut_here(const char *text)
{
	return !strncmp(text, cut_here, sizeof(cut_here) - 1) || is_cut_head(text, cut_here, 13);
}

/* Does @text begin a dump that may be ours, or, with @others, any? */
static bool begins(const char *text, bool others, struct vmw_klog_event *event)
{
	if (!strncmp(text, warning, sizeof(warning) - 1))
		return begins_warn(text, others, event);
	if (is_oops_head(text))
		return begins_oops(text, others, event);
	return false;
}

bool vmw_klog_is_head(const char *text)
{
	return is_warn_head(text) || is_oops_head(text) || is_cut_here(text);
}

void vmw_klog_init(struct vmw_klog *klog, vmw_klog_fn *fn, void *data)
{
	memset(klog, 0, sizeof(*klog));
	klog->fn = fn;
	klog->data = data;
}

static void take_pc(struct vmw_klog_event *event, const char *text)
{
	struct vmw_klog_event pc = { .kind = VMW_KLOG_OOPS };

	if (!take_place(skip_address(text), &pc))
		return;
	/* A WARN's head says the same, unless it was cut and joined in the wrong way. */
	if (event->kind == VMW_KLOG_WARN) {
		event->sure |= !strcmp(event->function, pc.function);
		if (!event->other || !vmw_is_warn_function(pc.function, strlen(pc.function)))
			return;
		event->other = false;
	}
	memcpy(event->function, pc.function, sizeof(event->function));
	memcpy(event->place, pc.place, sizeof(event->place));
}

/* One line of the open dump. */
static void take_line(struct vmw_klog *klog, const char *text)
{
	struct vmw_klog_event *event = &klog->event;

	if (klog->others && !event->arch)
		event->arch = vmw_arch_of(text);
	if (klog->in_trace) {
		take_frame(klog, text);
		return;
	}
	if (!strncmp(text, "CPU: ", 5))
		take_task(event, text);
	else if (!strncmp(text, "pc : ", 5))
		take_pc(event, text + 5);
	else if (!strncmp(text, "PC is at ", 9))
		take_pc(event, text + 9);
	else if (!strncmp(text, "lr : memmap_init_zone_device", 28))
		event->request = true;
	else if (!strncmp(text, "Call trace:", 11))
		klog->in_trace = klog->traced = true;
	else if (!klog->traced)
		take_registers(event, text);
}

/* Two dumps at a time are told apart where the log has callers. */
static bool is_another(const struct vmw_klog *klog, const struct vmw_klog_line *line)
{
	return *klog->caller && line->caller && strcmp(klog->caller, line->caller);
}

#define MAX_CUT 3 /* a message of two lines is the longest that there is */

/* A WARN with a message prints it behind the line that cuts, and in front of its own. */
static void look_for_message(struct vmw_klog *klog, const struct vmw_klog_line *line)
{
	if (is_cut_here(line->text)) {
		klog->cut = MAX_CUT;
		klog->cut_seq = line->seq;
		*klog->message = '\0';
	} else if (klog->cut && klog->cut-- == MAX_CUT) {
		snprintf(klog->message, sizeof(klog->message), "%s", line->text);
	}
}

/* Traces of lockups and the like: up to their frames, and through them. */
#define MAX_OTHER_TRACE 80

void vmw_klog_other_head(struct vmw_klog *klog)
{
	klog->other_trace = MAX_OTHER_TRACE;
	klog->in_trace = klog->open && klog->in_trace;
	klog->strays = klog->open ? klog->strays : 0;
}

/* Outside of a dump: a line of such a trace? Its frames are its last lines. */
static enum vmw_klog_taken take_other_trace(struct vmw_klog *klog, const char *text)
{
	char function[VMW_KLOG_FUNCTION_LEN];

	if (!klog->other_trace)
		return VMW_KLOG_IGNORED;
	klog->other_trace--;
	if (!strncmp(text, "Call trace:", 11)) {
		klog->in_trace = true;
		klog->strays = 0;
		return VMW_KLOG_TRACE;
	}
	if (take_function(skip_address(text), function) || !strncmp(text, "pc : ", 5) ||
	    !strncmp(text, "lr : ", 5))
		return VMW_KLOG_TRACE;
	if (klog->in_trace && ++klog->strays > MAX_STRAYS)
		klog->other_trace = 0;
	return VMW_KLOG_IGNORED;
}

enum vmw_klog_taken vmw_klog_line(struct vmw_klog *klog, const struct vmw_klog_line *line)
{
	struct vmw_klog_event event;

	if (begins(line->text, klog->others, &event)) {
		open_dump(klog, line, &event);
		return VMW_KLOG_DUMP;
	}
	if (klog->others && is_warn_head(line->text))
		return VMW_KLOG_BROKEN;
	look_for_message(klog, line);
	if (!klog->open)
		return take_other_trace(klog, line->text);
	if (is_another(klog, line))
		return VMW_KLOG_IGNORED;
	klog->event.end_seq = line->seq;
	if (!strncmp(line->text, "---[ end ", 9))
		klog->event.ended = true;
	if (klog->event.ended || ++klog->lines > MAX_LINES)
		close_dump(klog);
	else
		take_line(klog, line->text);
	return VMW_KLOG_DUMP;
}

u64 vmw_klog_end(struct vmw_klog *klog)
{
	u64 seq = klog->cut ? klog->cut_seq : 0;

	klog->event.cut = true;
	close_dump(klog);
	klog->cut = 0;
	return seq;
}
