// SPDX-License-Identifier: GPL-2.0-only
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/dlopen_note.h"
#include "service/http/library.h"

VMW_DLOPEN_NOTE("[{\"feature\":\"metrics\",\"description\":\"Metrics by HTTP\","
		"\"priority\":\"recommended\",\"soname\":[\"" VMW_HTTP_SONAME "\"]}]");

const char vmw_http_soname[] = VMW_HTTP_SONAME;

static int refuse(void *handle, char *why, size_t size)
{
	const char *reason = dlerror();

	snprintf(why, size, "%s: install libmicrohttpd (Debian 12: libmicrohttpd12)",
		 reason ? reason : "a function is missing");
	if (handle)
		dlclose(handle);
	return -ELIBACC;
}

int vmw_http_library_load(struct vmw_http_library *ret, const char *soname, char *why, size_t size)
{
	struct vmw_http_library library;
	bool found = true;
	void *handle;

	/* All of it now: a symbol that is missing is no surprise to a client later. */
	handle = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		return refuse(NULL, why, size);
#define FIND(name) \
	library.name = found ? (__typeof__(library.name))dlsym(handle, "MHD_" #name) : NULL; \
	found = library.name != NULL;
	VMW_HTTP_FUNCTIONS(FIND)
#undef FIND
	if (!found)
		return refuse(handle, why, size);
	*ret = library;
	return 0;
}
