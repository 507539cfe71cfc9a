// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "aggregate/intern.h"
#include "base/hash.h"

static unsigned int bucket_of(u64 hash)
{
	return (hash ^ hash >> 32) % VMW_INTERN_BUCKETS;
}

const struct vmw_place *vmw_intern_place(struct vmw_intern *intern, u64 address, const char *name)
{
	size_t length = strnlen(name, VMW_SYMBOL_LEN - 1);
	struct vmw_place **bucket, *place;

	bucket = &intern->places[bucket_of(
		vmw_hash(vmw_hash(VMW_HASH_START, &address, sizeof(address)), name, length))];
	for (place = *bucket; place; place = place->bucket) {
		if (place->address == address && !strncmp(place->name, name, length) &&
		    !place->name[length])
			return place;
	}
	if (intern->nr_places == VMW_MAX_PLACES)
		return NULL;
	place = calloc(1, sizeof(*place) + length + 1);
	if (!place)
		return NULL;
	place->id = ++intern->nr_places;
	place->address = address;
	memcpy(place->name, name, length);
	place->bucket = *bucket;
	*bucket = place;
	return place;
}

const struct vmw_frames *vmw_intern_frames(struct vmw_intern *intern,
					   const struct vmw_place *const *at, u32 nr)
{
	struct vmw_frames **bucket, *frames;
	size_t size = nr * sizeof(*at);

	bucket = &intern->stacks[bucket_of(vmw_hash(VMW_HASH_START, at, size))];
	for (frames = *bucket; frames; frames = frames->bucket) {
		if (frames->nr == nr && !memcmp(frames->at, at, size))
			return frames;
	}
	if (intern->nr_stacks == VMW_MAX_STACKS)
		return NULL;
	frames = malloc(sizeof(*frames) + size);
	if (!frames)
		return NULL;
	frames->id = ++intern->nr_stacks;
	frames->nr = nr;
	memcpy(frames->at, at, size);
	frames->bucket = *bucket;
	*bucket = frames;
	return frames;
}

const struct vmw_frames *vmw_intern_stack(struct vmw_intern *intern, const struct vmw_stack *stack)
{
	const struct vmw_place *at[VMW_MAX_FRAMES];
	u32 i;

	for (i = 0; i < stack->nr_frames && i < VMW_MAX_FRAMES; i++) {
		at[i] = vmw_intern_place(intern, stack->frame[i], stack->name[i]);
		if (!at[i])
			return NULL;
	}
	return vmw_intern_frames(intern, at, i);
}

void vmw_intern_free(struct vmw_intern *intern)
{
	unsigned int i;

	for (i = 0; i < VMW_INTERN_BUCKETS; i++) {
		while (intern->places[i]) {
			struct vmw_place *place = intern->places[i];

			intern->places[i] = place->bucket;
			free(place);
		}
		while (intern->stacks[i]) {
			struct vmw_frames *frames = intern->stacks[i];

			intern->stacks[i] = frames->bucket;
			free(frames);
		}
	}
	memset(intern, 0, sizeof(*intern));
}
