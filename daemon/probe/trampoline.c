// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arm64 JIT of 6.4 to 6.10 shortens an address to 48 bits: that of struct
 * bpf_tramp_image, which a trampoline hands to __bpf_tramp_enter() before it calls
 * the function (fixed in 6.11 by 19d3c179a377 "bpf, arm64: Fix trampoline for
 * BPF_TRAMP_F_CALL_ORIG"). Where addresses of the linear map exceed 48 bits, the
 * first call of a function with fexit oopses in its caller. Fixes are backported, so
 * that no release tells: a trampoline that nothing runs is made and read.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <linux/bpf.h>

#include "base/log.h"
#include "kernel/kallsyms.h"
#include "kernel/memory.h"
#include "probe/modules.h"
#include "probe/trampoline.h"

/* A trampoline with one program behind has fewer; packs have pieces of 64 bytes. */
#define MAX_CODE      256
#define PIECE	      16
#define MAX_CONSTANTS 16

static const char is_cut[] =
	"no fexit: this kernel's JIT cuts addresses above 48 bits, the first call would crash";
static const char is_unproven[] =
	"no fexit: whether this kernel's JIT cuts addresses above 48 bits could not be checked";
static const char is_wide_release[] =
	"no fexit: with addresses above 48 bits the JIT of 6.8 to 6.11 makes bad trampolines";
static const char is_release[] =
	"no fexit: the JIT of 6.10 and of 6.11 up to 6.11.5 can write past a trampoline";

/*
 * 19d3c179a377 came with another fault: from 6.8 on the size of a trampoline is
 * computed with another address than it is written with, which may take fewer
 * instructions: a heap overflow (fixed in 6.11.6 and 6.12 by a552e2ef5fd1 "bpf, arm64:
 * Fix address emission with tag-based KASAN enabled"). Making one may do harm there.
 */
const char *vmw_fexit_refused_by_release(const char *release, bool wide)
{
	unsigned int major, minor, patch = 0;

	if (sscanf(release, "%u.%u.%u", &major, &minor, &patch) < 2 || major != 6)
		return NULL;
	if (wide && minor >= 8 && minor <= 11)
		return is_wide_release;
	if (minor == 10 || (minor == 11 && patch <= 5))
		return is_release;
	return NULL;
}

/* MOVN, MOVZ and MOVK to x0: ARM DDI 0487, C6.2. */
#define MOVE_MASK 0xff80001fU
#define MOVN_X0	  0x92800000U
#define MOVZ_X0	  0xd2800000U
#define MOVK_X0	  0xf2800000U

size_t vmw_trampoline_constants(const u32 *code, size_t n, u64 *ret, size_t max)
{
	bool open = false;
	size_t nr = 0, i;

	for (i = 0; i < n; i++) {
		unsigned int shift = (code[i] >> 21 & 3) * 16;
		u64 half = (u64)(code[i] >> 5 & 0xffff) << shift;

		switch (code[i] & MOVE_MASK) {
		case MOVN_X0:
		case MOVZ_X0:
			if (nr == max)
				return nr;
			open = true;
			ret[nr++] = (code[i] & MOVE_MASK) == MOVN_X0 ? ~half : half;
			break;
		case MOVK_X0:
			if (open)
				ret[nr - 1] = (ret[nr - 1] & ~(0xffffULL << shift)) | half;
			break;
		default:
			open = false;
		}
	}
	return nr;
}

/*
 * Do addresses exceed 48 bits? Those of user space do then, too, for who asks for one
 * above: TASK_SIZE_64 is 1 << vabits_actual (asm/processor.h, 6.12.117).
 */
static bool is_wide(void)
{
	size_t page = sysconf(_SC_PAGESIZE);
	void *wanted = (void *)(1UL << 49);
	void *got = mmap(wanted, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	/* No address at all says nothing. */
	if (got == MAP_FAILED)
		return true;
	munmap(got, page);
	return (uintptr_t)got >> 48;
}

/* Two programs of one instruction or two, and what joins them. */
struct trial {
	int target, behind, link;
	u64 key; /* in the trampoline's name */
};

static const struct bpf_insn empty[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
	{ .code = BPF_JMP | BPF_EXIT },
};

#define EMPTY_LENGTH (ARRAY_SIZE(empty))

/* A program of ours that is attached to nothing, so that nothing runs it. */
static int load_target(struct trial *trial)
{
	struct bpf_func_info function = { 0 };
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .func_info = &function, .func_info_cnt = 1,
		    .func_info_rec_size = sizeof(function));
	struct btf *btf = btf__new_empty();
	int id, err;

	if (!btf)
		return -errno;
	id = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	if (id > 0)
		id = btf__add_func_proto(btf, id);
	if (id > 0)
		id = btf__add_func(btf, "vmw_target", BTF_FUNC_GLOBAL, id);
	err = id > 0 ? btf__load_into_kernel(btf) : id;
	if (err)
		goto out;
	function.type_id = id;
	trial->key = id;
	opts.prog_btf_fd = btf__fd(btf);
	trial->target = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "vmw_target", "GPL", empty,
				      EMPTY_LENGTH, &opts);
	err = trial->target < 0 ? trial->target : 0;
out:
	btf__free(btf);
	return err;
}

/* bpf_trampoline_compute_key() in include/linux/bpf.h, 6.1.192 and 6.12.117. */
static int find_key(struct trial *trial)
{
	struct bpf_prog_info info = { 0 };
	u32 size = sizeof(info);
	int err = bpf_obj_get_info_by_fd(trial->target, &info, &size);

	trial->key |= (u64)info.id << 32;
	return err;
}

static int attach_behind(struct trial *trial)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_FEXIT,
		    .attach_btf_id = (u32)trial->key, .attach_prog_fd = trial->target);

	trial->behind = bpf_prog_load(BPF_PROG_TYPE_TRACING, "vmw_behind", "GPL", empty,
				      EMPTY_LENGTH, &opts);
	if (trial->behind < 0)
		return trial->behind;
	trial->link = bpf_raw_tracepoint_open(NULL, trial->behind);
	return trial->link < 0 ? trial->link : 0;
}

static void close_trial(const struct trial *trial)
{
	const int fds[] = { trial->link, trial->behind, trial->target };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
}

/* As much of it as there is memory of. */
static size_t read_code(struct vmw_memory *memory, u64 start, u32 code[MAX_CODE])
{
	size_t n;

	for (n = 0; n < MAX_CODE; n += PIECE) {
		if (vmw_memory_read(memory, start + n * sizeof(*code), code + n,
				    PIECE * sizeof(*code)))
			break;
	}
	return n;
}

/*
 * Is there a struct bpf_tramp_image of the code at @start? Its first member is that
 * address (include/linux/bpf.h, 6.1.192 and 6.12.117). KASAN may have tagged @address.
 */
static bool is_image_of(struct vmw_memory *memory, u64 address, u64 start)
{
	u64 image;

	address |= 0xffULL << 56;
	return !vmw_memory_read(memory, address, &image, sizeof(image)) && image == start;
}

/* __bpf_tramp_enter() and __bpf_tramp_exit() get it: twice, or it is not proven. */
static const char *judge(u64 start)
{
	u64 constants[MAX_CONSTANTS];
	size_t n, i, whole = 0, short_ones = 0;
	struct vmw_memory memory;
	u32 code[MAX_CODE];

	vmw_memory_open(&memory);
	n = read_code(&memory, start, code);
	n = vmw_trampoline_constants(code, n, constants, MAX_CONSTANTS);
	for (i = 0; i < n; i++) {
		vmw_debug("trampoline: x0 = %#llx", constants[i]);
		whole += is_image_of(&memory, constants[i], start);
		short_ones += constants[i] >> 48 == 0xffff;
	}
	vmw_memory_close(&memory);
	if (whole >= 2)
		return NULL;
	return short_ones && short_ones == n ? is_cut : is_unproven;
}

static const char *try_it(void)
{
	struct trial trial = { .target = -1, .behind = -1, .link = -1 };
	const char *answer = is_unproven;
	u64 start = 0;
	char name[48];
	char why[240];
	int err;

	if (!vmw_may_attach(why, sizeof(why)))
		return is_unproven;
	err = load_target(&trial);
	if (!err)
		err = attach_behind(&trial);
	if (!err)
		err = find_key(&trial);
	snprintf(name, sizeof(name), "bpf_trampoline_%llu", trial.key);
	if (!err)
		err = vmw_kallsyms_find_bpf(VMW_KALLSYMS, name, &start);
	if (!err)
		answer = judge(start);
	vmw_debug("%s: %d, %s", name, err, answer ? answer : "whole");
	close_trial(&trial);
	return answer;
}

const char *vmw_fexit_refused(void)
{
	static const char *answer;
	static bool asked;
	struct utsname running;
	bool wide;

	if (asked)
		return answer;
	asked = true;
	wide = is_wide();
	answer = uname(&running) ? is_unproven :
				   vmw_fexit_refused_by_release(running.release, wide);
	if (!answer && wide)
		answer = try_it();
	return answer;
}
