/* SPDX-License-Identifier: GPL-2.0-only */
/* Which build of a module is loaded: /sys/module/NAME has what its file has. */
#ifndef VMEMMAPWATCH_KERNEL_MODULE_IDENTITY_H
#define VMEMMAPWATCH_KERNEL_MODULE_IDENTITY_H

#include <stddef.h>

#define VMW_BUILD_ID_LEN   48 /* hex, with its NUL */
#define VMW_SRCVERSION_LEN 32

/* "" for what the module, or the kernel, does not have. */
struct vmw_module_identity {
	char srcversion[VMW_SRCVERSION_LEN];
	char build_id[VMW_BUILD_ID_LEN];
};

/* The hex of the note @note (struct elf64_note, of @size bytes) in @ret; or "". */
void vmw_build_id_format(const void *note, size_t size, char ret[VMW_BUILD_ID_LEN]);

/* That of the loaded module @name. */
void vmw_module_identity_read(const char *name, struct vmw_module_identity *ret);

#endif
