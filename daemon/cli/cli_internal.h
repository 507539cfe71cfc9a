/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the options share: option_rows.h as data, and one value put in place. */
#ifndef VMEMMAPWATCH_CLI_CLI_INTERNAL_H
#define VMEMMAPWATCH_CLI_CLI_INTERNAL_H

#include <stddef.h>

#include "cli/options.h"

enum vmw_option_id {
#define MODE(id, ...)	VMW_OPTION_##id,
#define SWITCH(id, ...) VMW_OPTION_##id,
#define VALUE(id, ...)	VMW_OPTION_##id,
#include "cli/option_rows.h"
	VMW_NR_OPTIONS,
};

enum vmw_option_flags {
	VMW_OPTION_KEY = 1 << 0,
	VMW_OPTION_REPEATED = 1 << 1,
	VMW_OPTION_OPTIONAL = 1 << 2,
	VMW_OPTION_WORD = 1 << 3,
	VMW_OPTION_START = 1 << 4,
};

/* How the text of a value is read, and what its member in struct vmw_options is. */
enum vmw_option_type {
	VMW_TYPE_OWN,	  /* by a function of its own */
	VMW_TYPE_SWITCH,  /* bool: yes or no */
	VMW_TYPE_PATH,	  /* const char *: not empty */
	VMW_TYPE_FOLDER,  /* const char *: absolute */
	VMW_TYPE_SECONDS, /* u64, ns: 0 only where @least is */
	VMW_TYPE_COUNT,	  /* u64 */
	VMW_TYPE_SIZE,	  /* u64, bytes */
	VMW_TYPE_CHOICE,  /* an enum: an index of names, or the number of them for none */
};

typedef int vmw_set_fn(struct vmw_options *options, const char *text, char *why, size_t size);

struct vmw_option {
	const char *name;
	const char *argument; /* as --help has it; NULL: takes none */
	const char *brief;    /* of a mode */
	const char *help;
	unsigned int flags;
	const char *initial;
	unsigned int modes; /* bits of those it goes with */
	enum vmw_mode mode; /* the one it is, or VMW_MODE_NONE */
	enum vmw_option_type type;
	size_t member; /* its offset in struct vmw_options */
	u64 least, most;
	const char *const *names;
	/* OWN: 0, or -EINVAL with "expected ..." in @why */
	vmw_set_fn *set;
};

extern const struct vmw_option vmw_options_table[VMW_NR_OPTIONS];

/* What is not of a common type, in option_values.c. */
vmw_set_fn vmw_set_of_sites, vmw_set_probes, vmw_set_probe, vmw_set_json, vmw_set_driver,
	vmw_set_buffer, vmw_set_feed, vmw_set_listen, vmw_set_textfile;

/* Put @text in place by the type of @option. 0, or -EINVAL with "expected ..." in @why. */
int vmw_option_set_value(struct vmw_options *options, const struct vmw_option *option,
			 const char *text, char *why, size_t size);

static inline bool vmw_is_mode(const struct vmw_option *option)
{
	return option->mode != VMW_MODE_NONE;
}

/* The row of the mode of that name; NULL: there is none. */
const struct vmw_option *vmw_mode_by_name(const char *name);

/*
 * The name that @word (of @length bytes) is most like, of the options that @fits takes;
 * NULL where none is close.
 */
const char *vmw_suggest(const char *word, size_t length,
			bool (*fits)(const struct vmw_option *option));

/* Modes by bit: those with a configuration, and so on. */
#define VMW_IN(mode) (1U << VMW_MODE_##mode)
#define VMW_SERVICE \
	(VMW_IN(DAEMON) | VMW_IN(ATTACH) | VMW_IN(KEEP) | VMW_IN(METRICS) | \
	 VMW_IN(CHECK_CONFIG) | VMW_IN(PRINT_CONFIG))
#define VMW_CLIENTS  (VMW_IN(REPORT) | VMW_IN(FOLLOW))
#define VMW_WATCHERS (VMW_IN(TRACE) | VMW_SERVICE)
#define VMW_PRINTERS \
	(VMW_IN(TRACE) | VMW_IN(LAYOUT) | VMW_IN(EXPLAIN) | VMW_IN(PROBES) | VMW_IN(SUPPORT) | \
	 VMW_IN(PREFLIGHT) | VMW_IN(DECODE) | VMW_IN(SITES) | VMW_CLIENTS)
#define VMW_PICTURES (VMW_IN(TRACE) | VMW_IN(LAYOUT) | VMW_IN(REPORT))

/* A value as it was given. */
struct vmw_setting {
	enum vmw_option_id id;
	char *text;
	char *origin; /* "FILE: line N"; NULL: the command line */
	bool over;    /* a later one is stronger */
};

/* What a key has where nothing is given, in words; "" for nothing. */
const char *vmw_option_initial(enum vmw_option_id id);

/* "--a, --b and --c": the modes of @modes, with @last before the last one. */
void vmw_options_name_modes(unsigned int modes, const char *last, char *text, size_t size);

/* All keys as they are where nothing is given. */
void vmw_options_init(struct vmw_options *options, bool service);

/*
 * Check @text and put it in place of what is weaker; in a file an empty one takes
 * back what was said before. @origin as in the struct. Returns 0, -EINVAL
 * after one line on stderr, or -ENOMEM.
 */
int vmw_options_set(struct vmw_options *options, enum vmw_option_id id, const char *text,
		    const char *origin);

/*
 * Forget what files said of an option that can be repeated: the first one of the
 * command line replaces them all.
 */
void vmw_options_forget(struct vmw_options *options, enum vmw_option_id id);

/* The command line, as it was given: nothing is checked but that options exist. */
struct vmw_given {
	struct {
		enum vmw_option_id id;
		const char *text; /* NULL: none */
	} * options;
	size_t nr;
	char **command; /* COMMAND, or operands of the mode; NULL: none */
	bool separated; /* -- is before it */
};

/*
 * 0 with @given to be freed by its user, or -EINVAL after one line on stderr. Ends the
 * program after --help and --version.
 */
int vmw_argv_read(struct vmw_given *given, int argc, char **argv);

/*
 * Read FILE and what FILE.d has of .conf, by name, into @options; all errors are
 * printed. A FILE that is missing is an error where it is @wanted. Returns 0 or -EINVAL.
 */
int vmw_conf_read(struct vmw_options *options, const char *file, bool wanted);

/* One file only. */
int vmw_conf_read_file(struct vmw_options *options, const char *path, bool wanted);

#endif
