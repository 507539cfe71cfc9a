# SPDX-License-Identifier: GPL-2.0-only
# The benchmark's document as lines of fields with tabs between; an empty line
# ends a block of columns.

def cell: if . == null then "-" else tostring end;
def row: map(cell) | join("\t");
# What does not run says why where its first figure would be.
def rows(heads; filter; fields):
	[.results[] | select(filter)] as $r
	| if $r == [] then empty else
		(heads | row),
		($r[] | if .failed then [.part, .kernel, .who, .failed] else [.part, .kernel, .who] + fields end | row),
		""
	end;
def times(n): if n == null then null else "\(n)x" end;
def percent(n): if n == null then null else "\(n)%" end;
# "8 callers" before "24 callers", and "all callers" behind them.
def order: { none: 0, empty: 1, vmemmapwatch: 2, "in-bounds": 2, "out-of-bounds": 3, bpftrace: 4 }[.who]
	// (.who | capture("^(?<n>[0-9]+)").n? | tonumber | . + 10) // 1000000;

.results |= sort_by([.part, .kernel, order])
| "What it costs, in a guest whose nanosecond is one instruction (-icount). A call is in ns.",
"",
rows(["CALL", "KERNEL", "WHO", "CALL", "ADDED", "/EMPTY", "/BPFTRACE", "SPREAD", "RAN", "MATCHED"];
	(.part | startswith("hit")) and .who != "guest";
	[.ns, .added, times(.x_empty), times(.x_bpftrace), percent(.spread_percent),
	 (if .hits then "\(.hits) of \(.hits_of)" else null end), .matched]),
rows(["OFFENCE", "KERNEL", "WHO", "CALL", "ADDED", "/IN BOUNDS", "SPREAD", "CALLS", "COUNTED", "LOST", "SAMPLES"];
	(.part | startswith("offence")) and (.ns or .failed);
	[.ns, .added, times(.x_in_bounds), percent(.spread_percent), .calls, .counted, .lost, .samples]),
rows(["START", "KERNEL", "WHO", "PROBES", "START ms", "PEAK KiB", "RSS KiB", "ANON KiB", "60 s IDLE: WAKE-UPS", "CPU TICKS"];
	.part == "start" and .who != "kernel";
	[.probes, .start_ms, .VmHWM, .VmRSS, .RssAnon, .idle_wakeups, .idle_ticks]),
rows(["GROWTH", "KERNEL", "WHO", "START ms", "PEAK KiB", "RSS KiB", "ANON KiB"];
	(.part | startswith("growth")) and (.who | endswith("callers"));
	[.start_ms, .VmHWM, .VmRSS, .RssAnon]),
rows(["GROWTH", "KERNEL", "WHO", "CALL", "CALLS", "COUNTED", "LOST", "REPORTED", "PEAK KiB", "REPORT ms"];
	(.part | startswith("growth")) and (.who | endswith("offenders"));
	[.ns, .calls, .counted, .lost, .reported, .peak, .report_ms]),
rows(["SIZE", "KERNEL", "WHO", "BYTES"]; .bytes or .btf_bytes; [.bytes // .btf_bytes]),
rows(["LAYOUT", "KERNEL", "WHO", ""]; .part == "layout"; [.says]),
rows(["FAILED", "KERNEL", "WHO", "WHY"]; .who == "guest"; []),
(["TARGET", "KERNEL", "OF", "VALUE", "AT MOST", "REACHED"] | row),
(.targets[] | [.what, .kernel, .part, .value, .limit, if .reached then "yes" else "no" end] | row)
