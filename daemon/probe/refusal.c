// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kernel/probeable.h"
#include "probe/refusal.h"

/* ftrace's list of functions that can be traced; NULL where there is none. */
static FILE *open_traceable(void)
{
	static const char *const lists[] = {
		"/sys/kernel/tracing/available_filter_functions",
		"/sys/kernel/debug/tracing/available_filter_functions",
	};
	FILE *file = NULL;
	size_t i;

	for (i = 0; !file && i < ARRAY_SIZE(lists); i++)
		file = fopen(lists[i], "re");
	return file;
}

/* Is @line of that list "@symbol" or "@symbol [module]"? */
static bool is_line_of(const char *line, const char *symbol)
{
	size_t length;

	if (*line != *symbol)
		return false;
	length = strlen(symbol);
	return !strncmp(line, symbol, length) && strchr(" \t\n", line[length]);
}

/* 1: ftrace lists the function, 0: it does not, negative: no list to read. */
static int is_traceable(const char *symbol)
{
	FILE *file = open_traceable();
	char line[512];
	int found = 0;

	if (!file)
		return -ENOENT;
	while (!found && fgets(line, sizeof(line), file))
		found = is_line_of(line, symbol);
	fclose(file);
	return found;
}

bool vmw_is_refused_notrace(const char *symbol)
{
	return !is_traceable(symbol) && vmw_checks_notrace();
}

/* On the list of functions that kprobes themselves run through. */
static bool is_blacklisted(const char *symbol)
{
	FILE *file = fopen("/sys/kernel/debug/kprobes/blacklist", "re");
	char line[512], *name;
	bool found = false;

	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		name = strchr(line, '\t');
		found = name && is_line_of(name + 1, symbol);
	}
	fclose(file);
	return found;
}

int vmw_mark_traceable(bool traceable[VMW_NR_PROBES])
{
	FILE *file = open_traceable();
	char line[512];
	int id;

	if (!file)
		return -ENOENT;
	while (fgets(line, sizeof(line), file)) {
		for (id = 0; id < VMW_NR_PROBES; id++)
			traceable[id] |= is_line_of(line, vmw_probe_infos[id].symbol);
	}
	fclose(file);
	return 0;
}

/* A kernel that has the function, and can probe it: what failed is a shortage or a lock. */
static bool should_work(int err)
{
	return err != -EINVAL && err != -EADDRNOTAVAIL && err != -ENOENT &&
	       err != -EOPNOTSUPP && err != -VMW_ENOTSUPP;
}

/* @traceable as is_traceable() says. */
static void explain(const struct vmw_probe_info *info, int err, int traceable,
		    struct vmw_probe_status *status)
{
	const char *text = strerror(-err);

	if (err == -EINVAL && is_blacklisted(info->symbol))
		text = "blacklisted: kprobes themselves run through it (EINVAL)";
	else if (err == -EINVAL && !traceable)
		text = "notrace in this kernel, so it refuses kprobes (EINVAL)";
	else if (err == -EINVAL)
		text = "the kernel refuses a kprobe here (EINVAL), as for notrace functions";
	else if (err == -EADDRNOTAVAIL)
		text = "several functions of this name: a probe would be ambiguous";
	else if (err == -EPERM || err == -EACCES)
		text = "not permitted (lockdown, or a missing capability)";
	else if (err == -EMFILE)
		text = "too many open files: expected a higher RLIMIT_NOFILE (ulimit -n, LimitNOFILE=)";
	status->missing = should_work(err);
	snprintf(status->problem, sizeof(status->problem), "%s", text);
}

void vmw_explain_attach(const struct vmw_probe_info *info, int err,
			struct vmw_probe_status *status)
{
	explain(info, err, err == -EINVAL ? is_traceable(info->symbol) : -ENOENT, status);
}

void vmw_explain_notrace(const struct vmw_probe_info *info, struct vmw_probe_status *status)
{
	explain(info, -EINVAL, false, status);
}
