/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Every option, once: parsing, --help, the keys of the configuration file,
 * --print-config, the completions (daemon/share/completions/) and the list in the manual
 * (daemon/manual/manual_options.h) are made from these rows. There is no include guard:
 * define what is wanted of
 *
 *	MODE(id, name, operands, brief, help)
 *	SWITCH(id, name, flags, initial, modes, help)
 *	VALUE(id, name, argument, flags, initial, modes, type, help)
 *	LETTER(letter, name)
 *	GROUP(title)
 *
 * and include it. A MODE is --NAME or the word NAME; @brief is its line of --help. A
 * SWITCH is --NAME and --no-NAME, and NAME=yes|no in a file. Options of one letter take
 * no value where the value of the long one is optional.
 *
 * @type says what a VALUE may be, and the member of struct vmw_options that it fills:
 * PATH(member) any path, FOLDER(member) an absolute one, SECONDS(member, least) of a ns or 0,
 * COUNT(member, least, most), SIZE(member) in bytes, CHOICE(member, names, nr); or it is
 * OWN(id), and vmw_set_ID() in option_values.c knows.
 *
 * @initial is what --daemon starts with, in words as in a file; NULL: nothing. Flags are
 * KEY (goes in a file, too), REPEATED (each one adds), OPTIONAL (the argument may be left
 * out), WORD (an error names the word that is meant itself) and START (a running service
 * keeps what it was started with, until systemctl stop and start).
 */
#ifndef GROUP
#define GROUP(title)
#endif
#ifndef MODE
#define MODE(id, name, operands, brief, help)
#endif
#ifndef SWITCH
#define SWITCH(id, name, flags, initial, modes, help)
#endif
#ifndef VALUE
#define VALUE(id, name, argument, flags, initial, modes, type, help)
#endif
#ifndef LETTER
#define LETTER(letter, name)
#endif

GROUP("Everyday modes:")
MODE(trace, "trace", "[-- COMMAND...]", "watch while COMMAND runs, or until Ctrl-C; report",
     "watch this kernel while COMMAND runs, or until SIGINT or SIGTERM, then print a report")
MODE(report, "report", NULL, "print what the service has seen so far",
     "print what the running service has seen so far")
MODE(follow, "follow", NULL, "print what the service sees, as it happens",
     "print what the running service sees, as it happens, until SIGINT or SIGTERM")
MODE(support, "support", NULL, "can this kernel hit the bug? can it be watched?",
     "say whether this kernel can hit the bug, whether that can be watched, and what to change "
     "to learn more; exit status: 3 if it cannot be watched here, 4 if the sources of the "
     "bounds disagree; otherwise 0 if it cannot hit the bug, 1 if it can, 5 if that is unknown")
MODE(preflight, "preflight", "SIZE...", "what would become of a request of SIZE?",
     "predict what would become of a driver's request for struct pages of SIZE bytes, or of "
     "SIZE@ADDRESS, on this boot and on others, without making it; exit status, for this boot: 0 "
     "in bounds or refused, 1 out of bounds or a panic, 5 in bounds but the size of a GPU is only "
     "a lower limit, 6 no SIZE and no GPU")

GROUP("Offline modes (all but probes also work on files of another machine):")
MODE(decode, "decode", "[FILE]", "find the bug in a saved kernel log or a mail",
     "find struct pages out of bounds in a saved kernel log or a pasted mail; without FILE, or "
     "with -, in standard input")
MODE(explain, "explain", "WHAT...", "what is this address, pfn or physical address?",
     "say what each WHAT is: ADDRESS, pfn:N or phys:ADDRESS, or a range A-B or A+SIZE of these")
MODE(layout, "layout", NULL, "where is vmemmap, by each source?",
     "print where vmemmap and the regions around it are, by each source that knows")
MODE(list_probes, "probes", NULL, "which functions can be probed on this kernel?",
     "print all probes, and whether this kernel has what each of them needs")
MODE(sites, "sites", "[MODULE,...]", "where is pfn_to_page() inlined in a module's code?",
     "list each place where pfn_to_page() is inlined in the code of loaded modules, or of MODULE "
     "and what it needs, or of vmlinux, and whether a probe can be there; a MODULE that is not "
     "loaded is read from its file; exit status 5 if active probes hide some of the code")

GROUP("Service (systemd starts these):")
MODE(daemon, "daemon", NULL, "watch as a service, until SIGTERM",
     "watch as a service, until SIGTERM")
MODE(attach, "attach", NULL, "attach the probes for a running daemon, as root",
     "attach the probes for a running --daemon, which has no rights of its own, then exit")
MODE(keep, "keep", NULL, "save what the service has seen",
     "save what the service has seen to --state-directory, and metrics to --textfile, until "
     "SIGTERM")
MODE(metrics, "metrics", NULL, "serve /metrics, /report and /healthz by HTTP",
     "serve /metrics, /report and /healthz by HTTP on --listen, until SIGTERM")
MODE(check_config, "check-config", "[FILE]", "what is wrong with the configuration?",
     "print a line for each error in the configuration, or in FILE and FILE.d/*.conf")
MODE(print_config, "print-config", NULL, "the configuration, and where it comes from",
     "print the effective configuration, and where each value comes from")

GROUP("What to print, and where:")
VALUE(json, "json", "lines", OPTIONAL, NULL, PRINTERS, OWN(json),
      "print one JSON document; with =lines each observation as a line when it is made, and "
      "the document as the last line")
VALUE(output, "output", "FILE", 0, NULL, PRINTERS | IN(PRINT_CONFIG), PATH(output),
      "write to FILE, which appears when it is complete; - is standard output")
SWITCH(map, "map", 0, "no", PICTURES,
       "draw where regions, bounds and struct pages out of bounds are: with --layout instead of "
       "the table, else after the report; in ASCII where the locale is not UTF-8, and in colour "
       "only on a terminal and without NO_COLOR")
VALUE(html, "html", "FILE", 0, NULL, PICTURES, PATH(html),
      "also write the report and the map as a page to FILE, which appears when it is complete "
      "and needs no other file")
SWITCH(redact, "redact", KEY, "no", IN(TRACE) | IN(LAYOUT) | IN(REPORT) | IN(SUPPORT) | SERVICE,
       "leave out all addresses, pfns and distances, since these would defeat KASLR; --follow "
       "prints what its socket sends")
SWITCH(kmsg, "kmsg", KEY, "yes", WATCHERS,
       "write each new offender to the kernel log, before anything else; default: yes for the "
       "service, no for --trace")
SWITCH(journal, "journal", KEY, "yes", SERVICE, "write each new offender to the journal (yes)")
SWITCH(verbose, "verbose", KEY, "no", ~0U,
       "print more: the layout with its sources and the probes in a report, and on standard "
       "error what libbpf and vmemmapwatch do")
SWITCH(quiet, "quiet", 0, "no", ~0U, "print nothing but errors on standard error")

GROUP("How to watch, and what to look at:")
VALUE(for, "for", "SECONDS", 0, NULL, IN(TRACE), SECONDS(for_ns, 1),
      "end the trace after SECONDS")
VALUE(driver, "driver", "NAME[,NAME]", 0, NULL, IN(TRACE), OWN(driver),
      "end the trace when the init functions of these modules have returned, and nothing was "
      "seen or pending for --settle SECONDS; cannot be combined with COMMAND")
VALUE(settle, "settle", "SECONDS", 0, NULL, IN(TRACE), SECONDS(settle_ns, 0),
      "after COMMAND or the drivers of --driver, end once no request was seen or pending for "
      "SECONDS (default 1; after a COMMAND 0), at most 60 seconds later")
VALUE(probes, "probes", "LIST", KEY | OPTIONAL | WORD, "default", WATCHERS, OWN(probes),
      "which callers of pfn_to_page() to watch: default (none that is called more than once a "
      "request), all, or names and globs of --probes, with - in front to leave out")
VALUE(probe, "probe", "SYMBOL:KIND:ARG[,ARG]", KEY | REPEATED, NULL, WATCHERS, OWN(probe),
      "also watch the function SYMBOL, which may be of a loaded module; KIND says what its "
      "argument ARG (from 1) is: pfn, pfn-range, phys-range, page, folio, page-range, "
      "page-array, pfn-array, migrate-pfns or migrate_vma")
VALUE(of_sites, "sites", "MODULE[,MODULE]", KEY | OPTIONAL | START, NULL, WATCHERS | IN(SITES),
      OWN(of_sites),
      "also watch each place where pfn_to_page() is inlined in the code of MODULE and of modules "
      "that it needs, or of vmlinux; a MODULE that is not loaded is watched from its init on")
VALUE(attach_with, "attach-with", "auto|fentry|kprobe", KEY | START, "auto",
      WATCHERS | IN(PROBES), CHOICE(watch.attach_with, vmw_attach_with_names, VMW_NR_ATTACH_WITH),
      "how to attach probes: auto (fentry where this kernel has it and it is safe, else a "
      "kprobe), fentry or kprobe (auto)")
VALUE(buffer, "buffer", "SIZE", KEY | START, "1M", WATCHERS, OWN(buffer),
      "size of the ring buffer between kernel and vmemmapwatch: a power of two from 4K (64K "
      "where pages are that large) to 1G (1M)")
VALUE(sample_rate, "sample-rate", "N", KEY, "10", WATCHERS, COUNT(watch.sample_rate, 0, 1000000),
      "after the first hit of each kind, send at most N samples a second (10; 0: all)")
VALUE(type, "type", "private|coherent|generic", 0, NULL, IN(PREFLIGHT),
      CHOICE(type, vmw_device_memory_names, VMW_NR_DEVICE_MEMORIES),
      "the kind of device memory (private); the kernel chooses the place of private memory "
      "only, the device that of the others")
SWITCH(all_gpus, "all-gpus", 0, "no", IN(PREFLIGHT),
       "also predict a request for each GPU and accelerator of this machine, of the size that "
       "its driver reports, or else of its largest BAR, which is a lower limit")
VALUE(iomem, "iomem", "FILE", 0, NULL, IN(PREFLIGHT), PATH(iomem),
      "take claimed ranges from FILE, a saved /proc/iomem; needs --from")
VALUE(from, "from", "FILE", 0, NULL, IN(LAYOUT) | IN(EXPLAIN) | IN(PREFLIGHT) | IN(DECODE),
      PATH(watch.layout.from),
      "use the kernel that FILE describes, not this one: saved JSON of --layout or a report, a "
      "vmcoreinfo text, or lines 'NAME: value'")
VALUE(trust, "trust", "SOURCE", KEY, NULL,
      WATCHERS | IN(LAYOUT) | IN(EXPLAIN) | IN(PROBES) | IN(SUPPORT) | IN(PREFLIGHT) | IN(DECODE),
      CHOICE(watch.layout.trust, vmw_source_names, VMW_NR_SOURCES),
      "believe SOURCE where the sources of the layout disagree")

VALUE(from_ko, "from-ko", "FILE.ko", 0, NULL, IN(SITES), PATH(from_ko),
      "list the sites of FILE.ko, the file of a module, which may be packed by gzip, xz or zstd, "
      "or of a vmlinux; on any machine, and without root")

GROUP("The service and its clients:")
VALUE(feed, "feed", "PATH[,redact][,mode=MODE][,group=NAME]", KEY | REPEATED, VMW_FEED_SOCKET,
      SERVICE | CLIENTS, OWN(feed),
      "a Unix socket of the feed, up to 8 of them (" VMW_FEED_SOCKET ",mode=0660); clients "
      "use the first")
VALUE(reader_connections, "reader-connections", "N", KEY, "32", SERVICE,
      COUNT(reader_connections, 1, 1000),
      "how many connections to the service a user may have at once (32); root has no limit")
VALUE(reader_rate, "reader-rate", "N", KEY, "20", SERVICE, COUNT(reader_rate, 1, 1000),
      "how many new connections a user may make a second (20), or 5 times as many after a pause")
VALUE(listen, "listen", "ADDRESS:PORT|unix:PATH", KEY | START, NULL, SERVICE, OWN(listen),
      "serve metrics there, as 127.0.0.1:9977, [::1]:9977 or unix:/run/m.sock (off); under "
      "systemd start vmemmapwatch-metrics.socket instead")
VALUE(state_directory, "state-directory", "DIR", KEY, VMW_STATE_DIRECTORY, SERVICE,
      FOLDER(state_directory), "where --keep saves reports (" VMW_STATE_DIRECTORY ")")
VALUE(keep_reports, "keep-reports", "N", KEY, "10", SERVICE, COUNT(keep_reports, 0, 100000),
      "how many reports of older boots to keep (10)")
VALUE(keep_size, "keep-size", "SIZE", KEY, "64M", SERVICE, SIZE(keep_size),
      "how much space reports of older boots may take together (64M)")
VALUE(textfile, "textfile", "PATH|no", KEY, VMW_TEXTFILE, SERVICE, OWN(textfile),
      "metrics for node_exporter's textfile collector (" VMW_TEXTFILE
      " where its directory exists, else no)")
VALUE(config, "config", "FILE", 0, NULL, SERVICE | CLIENTS, PATH(config),
      "read FILE and FILE.d/*.conf, not " VMW_CONFIG " and " VMW_CONFIG ".d/*.conf")

LETTER('j', "json")
LETTER('o', "output")
LETTER('q', "quiet")
LETTER('v', "verbose")

#undef GROUP
#undef MODE
#undef SWITCH
#undef VALUE
#undef LETTER
