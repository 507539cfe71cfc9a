/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Every option, once: parsing, --help, the keys of the configuration file,
 * --print-config and the list in the manual (daemon/manual/manual_options.h) are made
 * from these rows. There is no include guard: define what is wanted of
 *
 *	MODE(id, name, argument, help)
 *	SWITCH(id, name, flags, initial, modes, help)
 *	VALUE(id, name, argument, flags, initial, modes, help)
 *	GROUP(title)
 *
 * and include it. A SWITCH is --NAME and --no-NAME, and NAME=yes|no in a file; a
 * VALUE has vmw_set_ID() in option_values.c. @initial is what --daemon starts with, in
 * words as in a file; NULL: nothing. Flags are KEY (goes in a file, too), REPEATED
 * (each one adds), OPTIONAL (the argument may be left out) and WORD (a reason why
 * not names the word that is meant itself).
 */
#ifndef GROUP
#define GROUP(title)
#endif
#ifndef MODE
#define MODE(id, name, argument, help)
#endif
#ifndef SWITCH
#define SWITCH(id, name, flags, initial, modes, help)
#endif
#ifndef VALUE
#define VALUE(id, name, argument, flags, initial, modes, help)
#endif

GROUP("Modes:")
MODE(trace, "trace", NULL, "watch while COMMAND runs, or until SIGINT, then report")
MODE(layout, "layout", NULL, "print where vmemmap is on this kernel, by all sources, and end")
MODE(explain, "explain", NULL,
     "tell what each WHAT is: ADDRESS, pfn:N or phys:ADDRESS, or A-B or A+SIZE "
     "of these")
MODE(support, "support", NULL,
     "tell whether this kernel can hit the bug, whether that can be watched, and what to "
     "change to get more, and end")
MODE(preflight, "preflight", "SIZE",
     "tell where this kernel would place a request of SIZE or SIZE@ADDRESS for struct "
     "pages, and what would become of it, on this boot and on others, and end")
MODE(decode, "decode", "FILE",
     "tell what a saved kernel log or a pasted mail has of struct pages out of bounds; FILE "
     "is - or left out for standard input, and may stand behind a blank, too")
VALUE(probes, "probes", "LIST", KEY | OPTIONAL | WORD, "default", WATCHERS,
      "alone: print all probes, and what this kernel says to them; with --trace and "
      "--daemon the callers of pfn_to_page() to watch: default (nothing hotter than "
      "once a request), all, or names and globs, with - in front to leave out")
VALUE(probe, "probe", "SYMBOL:KIND:ARG[,ARG]", KEY | REPEATED, NULL, WATCHERS,
      "with --trace and --daemon: watch a function that --probes lacks, of a loaded "
      "module, too: what its argument ARG (from 1) is, KIND says: pfn, pfn-range, "
      "phys-range, page, folio, page-range, page-array, pfn-array, migrate-pfns or "
      "migrate_vma")
MODE(daemon, "daemon", NULL, "watch as a service, until SIGTERM")
MODE(attach, "attach", NULL, "attach the probes for a running --daemon, and end")
MODE(report, "report", NULL, "print what the running service has seen, and end")
MODE(follow, "follow", NULL, "print what the running service sees, as it comes")
MODE(keep, "keep", NULL,
     "keep what the service has seen under --state-directory and in --textfile")
MODE(metrics, "metrics", NULL, "serve /metrics, /report and /healthz on --listen")
MODE(check_config, "check-config", "FILE",
     "print what is wrong with the configuration, a line for each error, and end")
MODE(print_config, "print-config", NULL,
     "print the effective configuration, and where each value comes from, and end")

GROUP("What to print, and where:")
VALUE(json, "json", "lines", OPTIONAL, NULL, PRINTERS,
      "one JSON document; with =lines each observation as a line when it is "
      "made, and the document as the last line")
VALUE(output, "output", "FILE", 0, NULL, PRINTERS | IN(PRINT_CONFIG),
      "write the report to FILE, which appears when it is complete")
SWITCH(map, "map", 0, "no", PICTURES,
       "draw where regions and bounds are, and struct pages out of bounds: with --layout in "
       "place of the table, else behind the report; plain ASCII where the locale has no "
       "UTF-8, and no colour unless on a terminal, nor with NO_COLOR")
VALUE(html, "html", "FILE", 0, NULL, PICTURES,
      "write a page of all of it, with the same map, to FILE, which appears when it is "
      "complete, and needs nothing else to be shown")
SWITCH(redact, "redact", KEY, "no", IN(TRACE) | IN(LAYOUT) | IN(REPORT) | IN(SUPPORT) | SERVICE,
       "print nothing that says where anything lies (addresses, pfns, distances), which would "
       "defeat KASLR; --follow prints what its socket sends")
SWITCH(kmsg, "kmsg", KEY, "yes", WATCHERS,
       "tell the kernel log of a new offender before anything else; the service does, "
       "--trace does not unless asked")
SWITCH(journal, "journal", KEY, "yes", SERVICE,
       "tell the journal of a new offender; the service does unless told not to")
SWITCH(verbose, "verbose", KEY, "no", ~0U, "say what libbpf and we are doing")

GROUP("How:")
VALUE(for, "for", "SECONDS", 0, NULL, IN(TRACE), "end the trace after SECONDS")
VALUE(driver, "driver", "NAME[,NAME]", 0, NULL, IN(TRACE),
      "with --trace, without COMMAND: end it when the init functions of these modules "
      "have returned, and what they left for later has settled")
VALUE(settle, "settle", "SECONDS", 0, NULL, IN(TRACE),
      "how long no request may be seen or pending after that, or after COMMAND has "
      "ended, before the trace ends, for a minute more at most (1; with COMMAND 0)")
VALUE(attach_with, "attach-with", "auto|fentry|kprobe", KEY, "auto", WATCHERS | IN(PROBES),
      "how functions are probed: auto (fentry where the kernel has it and it is safe, else a "
      "kprobe), or only by fentry or by kprobes, to test that way (auto)")
VALUE(buffer, "buffer", "SIZE", KEY, "1M", WATCHERS,
      "ring buffer between kernel and daemon, a power of two from 4K "
      "(64K where pages are that large) to 1G; 1M by default")
VALUE(sample_rate, "sample-rate", "N", KEY, "10", WATCHERS,
      "samples of callers a second behind the first of each (10; 0: all)")
VALUE(type, "type", "private|coherent|generic", 0, NULL, IN(PREFLIGHT),
      "with --preflight: the kind of device memory (private); the kernel places private "
      "memory alone, others are where the device has them")
SWITCH(all_gpus, "all-gpus", 0, "no", IN(PREFLIGHT),
       "with --preflight: a request for each GPU and accelerator of this machine, as "
       "large as its memory is by its driver, or else at least by its largest BAR")
VALUE(iomem, "iomem", "FILE", 0, NULL, IN(PREFLIGHT),
      "with --preflight: what is taken by FILE, a saved /proc/iomem")
VALUE(from, "from", "FILE", 0, NULL, IN(LAYOUT) | IN(EXPLAIN) | IN(PREFLIGHT) | IN(DECODE),
      "with --layout, --explain, --preflight and --decode: not this kernel, but what FILE "
      "says: our JSON, a vmcoreinfo text, or lines 'NAME: value'")
VALUE(trust, "trust", "SOURCE", KEY, NULL,
      WATCHERS | IN(LAYOUT) | IN(EXPLAIN) | IN(PROBES) | IN(SUPPORT) | IN(PREFLIGHT) | IN(DECODE),
      "believe SOURCE where the sources of the layout disagree")

GROUP("The service and its clients:")
VALUE(feed, "feed", "PATH[,redact][,mode=MODE][,group=NAME]", KEY | REPEATED, VMW_FEED_SOCKET,
      SERVICE | CLIENTS,
      "Unix socket of the feed, up to 8 of them (" VMW_FEED_SOCKET ",mode=0660); "
      "clients use the first")
VALUE(reader_connections, "reader-connections", "N", KEY, "32", SERVICE,
      "how many connections to the service a user may have at once (32); root has no limit")
VALUE(reader_rate, "reader-rate", "N", KEY, "20", SERVICE,
      "how many new ones a second (20), and 5 times as many after a pause")
VALUE(listen, "listen", "ADDRESS:PORT|unix:PATH", KEY, NULL, SERVICE,
      "serve metrics there, as 127.0.0.1:9977, [::1]:9977 or unix:/run/m.sock (off); under "
      "systemd start vmemmapwatch-metrics.socket instead")
VALUE(state_directory, "state-directory", "DIR", KEY, VMW_STATE_DIRECTORY, SERVICE,
      "where --keep keeps what was seen (" VMW_STATE_DIRECTORY ")")
VALUE(keep_reports, "keep-reports", "N", KEY, "10", SERVICE,
      "how many reports of older boots are kept (10)")
VALUE(keep_size, "keep-size", "SIZE", KEY, "64M", SERVICE,
      "how much room they may take together (64M)")
VALUE(textfile, "textfile", "PATH|no", KEY, VMW_TEXTFILE, SERVICE,
      "metrics for node_exporter's textfile collector (" VMW_TEXTFILE
      " where its directory exists, else no)")
VALUE(config, "config", "FILE", 0, NULL, SERVICE | CLIENTS,
      "read FILE and FILE.d/*.conf, not " VMW_CONFIG " and " VMW_CONFIG ".d/*.conf")

#undef GROUP
#undef MODE
#undef SWITCH
#undef VALUE
