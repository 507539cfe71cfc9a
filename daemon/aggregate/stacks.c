// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>

#include "aggregate/aggregate_internal.h"
#include "aggregate/driver.h"

struct vmw_pending_stack {
	struct vmw_pending_stack *next;
	struct vmw_header header;
	const struct vmw_frames *frames;
};

/* As many as CPUs are likely to be at it. */
#define MAX_PENDING_STACKS 256

static void drop_oldest_stack(struct vmw_aggregate *agg)
{
	struct vmw_pending_stack **at = &agg->stacks;

	while ((*at)->next)
		at = &(*at)->next;
	free(*at);
	*at = NULL;
	agg->nr_stacks--;
	agg->nr_dropped++;
}

void vmw_agg_push_stack(struct vmw_aggregate *agg, struct vmw_stack *stack)
{
	const struct vmw_frames *frames;
	struct vmw_pending_stack *pending;
	u32 i;

	vmw_name_stack(stack);
	for (i = 0; i < stack->nr_frames && i < VMW_MAX_FRAMES; i++) {
		vmw_agg_rename_by_module(agg, stack->frame[i], stack->header.time_ns,
					 stack->name[i]);
		/* Not the name of what happens to lie below it. */
		if (vmw_is_lost_frame(stack->name[i]))
			snprintf(stack->name[i], sizeof(stack->name[i]), VMW_LOST_FRAME);
	}
	frames = vmw_intern_stack(&agg->intern, stack);
	if (!frames) {
		agg->nr_dropped++;
		return;
	}
	if (agg->nr_stacks == MAX_PENDING_STACKS)
		drop_oldest_stack(agg);
	pending = vmw_agg_allocate(agg, sizeof(*pending));
	if (!pending)
		return;
	pending->header = stack->header;
	pending->frames = frames;
	pending->next = agg->stacks;
	agg->stacks = pending;
	agg->nr_stacks++;
}

const struct vmw_frames *vmw_agg_take_stack(struct vmw_aggregate *agg,
					    const struct vmw_header *header, u16 probe)
{
	struct vmw_pending_stack **at, *pending;
	const struct vmw_frames *frames;

	for (at = &agg->stacks; *at; at = &(*at)->next) {
		const struct vmw_header *h = &(*at)->header;

		if (h->request == header->request && h->probe == probe && h->pid == header->pid)
			break;
	}
	pending = *at;
	if (!pending)
		return NULL;
	*at = pending->next;
	agg->nr_stacks--;
	frames = pending->frames;
	free(pending);
	return frames;
}

void vmw_agg_free_stacks(struct vmw_aggregate *agg)
{
	while (agg->stacks) {
		struct vmw_pending_stack *pending = agg->stacks;

		agg->stacks = pending->next;
		free(pending);
	}
}
