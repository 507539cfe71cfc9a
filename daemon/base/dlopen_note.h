/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * No NEEDED entry tells packagers of a library that is opened when needed, a note does:
 * https://uapi-group.org/specifications/specs/elf_dlopen_metadata/
 */
#ifndef VMEMMAPWATCH_BASE_DLOPEN_NOTE_H
#define VMEMMAPWATCH_BASE_DLOPEN_NOTE_H

#include <vmemmapwatch/types.h>

#define VMW_NOTE_OWNER "FDO"
#define VMW_NOTE_TYPE  0x407c0c0a

/* Puts @text, JSON as the specification has it, into .note.dlopen: once in a file. */
#define VMW_DLOPEN_NOTE(text) \
	static const struct { \
		u32 owner_size, text_size, type; \
		char owner[sizeof(VMW_NOTE_OWNER)]; \
		char words[sizeof(text)] __attribute__((aligned(4))); \
	} dlopen_note __attribute__((used, section(".note.dlopen"), aligned(4))) = { \
		sizeof(VMW_NOTE_OWNER), sizeof(text), VMW_NOTE_TYPE, VMW_NOTE_OWNER, text, \
	}

#endif
