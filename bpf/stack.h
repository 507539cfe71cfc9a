/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel stacks, with names made in the kernel where it can: a driver's init
 * text may be freed a moment later, and its addresses mean nothing then.
 */
#ifndef VMEMMAPWATCH_BPF_STACK_H
#define VMEMMAPWATCH_BPF_STACK_H

#include "record.h"

/* bpf_snprintf() came in 5.13; before, the daemon looks the names up. */
static __always_inline int can_name(void)
{
	return bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_snprintf);
}

/*
 * %pB is for return addresses: a call that is the last instruction of its
 * function returns to the next one, and must not be named after that. Of a return
 * trampoline it names what lies below: the daemon knows that (vmw_is_lost_frame()).
 */
static __always_inline void name_frames(struct vmw_stack *s)
{
	u32 i;

	for (i = 0; i < VMW_MAX_FRAMES; i++) {
		u64 ip = s->frame[i];

		s->name[i][0] = 0;
		if (!ip || !can_name())
			continue;
		if (i)
			BPF_SNPRINTF(s->name[i], VMW_SYMBOL_LEN, "%pB", ip);
		else
			BPF_SNPRINTF(s->name[i], VMW_SYMBOL_LEN, "%pS", ip);
	}
}

/*
 * Send the stack of this call, in front of the observation it belongs to.
 * @place, where there is one, goes before the first frame (where a WARN or a
 * fault happened); @caller behind it.
 */
static __noinline int send_stack(void *ctx, u64 caller, u64 place, const struct about *a)
{
	struct vmw_stack *s;
	u32 front = 0;
	long bytes;

	caller = real_caller(caller);
	s = bpf_ringbuf_reserve(&ring, sizeof(*s), 0);
	if (!s) {
		lose(VMW_LOST_RING);
		return 0;
	}
	__builtin_memset(s->frame, 0, sizeof(s->frame));
	fill_header(&s->header, VMW_RECORD_STACK, sizeof(*s), a);

	/* One frame is left free in front, for @place or for moving frame 0 there. */
	if (caller || place) {
		front = 1;
		bytes = bpf_get_stack(ctx, &s->frame[1], sizeof(s->frame) - sizeof(u64), 0);
	} else {
		bytes = bpf_get_stack(ctx, s->frame, sizeof(s->frame), 0);
	}
	if (caller) {
		s->frame[0] = s->frame[1];
		s->frame[1] = caller;
	} else if (place) {
		s->frame[0] = place;
	}
	s->nr_frames = front + (bytes > 0 ? (u32)bytes / sizeof(u64) : 0);
	s->named = can_name();
	name_frames(s);
	bpf_ringbuf_submit(s, BPF_RB_NO_WAKEUP);
	return 0;
}

#endif
