/* SPDX-License-Identifier: GPL-2.0-only */
/* Which modules are loaded, and which of them a module needs. */
#ifndef VMEMMAPWATCH_KERNEL_MODULE_LIST_H
#define VMEMMAPWATCH_KERNEL_MODULE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#define VMW_MODULE_LIST "/proc/modules"
#define VMW_MODULE_NAME 56 /* MODULE_NAME_LEN, with its NUL */

struct vmw_loaded_module {
	char name[VMW_MODULE_NAME];
	char users[1024]; /* names of modules that need it, each with a comma after it */
};

struct vmw_module_list {
	struct vmw_loaded_module *modules;
	size_t nr;
};

/* Read @path, in the form of /proc/modules. 0, or a negative errno with nothing to free. */
int vmw_module_list_read(struct vmw_module_list *ret, const char *path);
void vmw_module_list_free(struct vmw_module_list *modules);

/* The loaded module of that name, in which "-" is "_"; NULL: there is none. */
const struct vmw_loaded_module *vmw_module_find(const struct vmw_module_list *modules,
						const char *name);

/* Are @length bytes of both the name of one module? "-" and "_" are one letter. */
bool vmw_same_module(const char *name, const char *other, size_t length);

/* Does the module @user need @module itself? */
bool vmw_module_needs(const struct vmw_loaded_module *module, const char *user);

#endif
