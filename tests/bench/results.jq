# SPDX-License-Identifier: GPL-2.0-only
# Records of guests, a line "KERNEL PART WHO METRIC VALUE NOTE" each with tabs
# between, to the benchmark's document.

def median: sort | if length == 0 then null else .[((length - 1) / 2) | floor] end;
def round2: if . == null then null else . * 100 | round / 100 end;
def ratio(a; b): if a == null or b == null or b == 0 then null else a / b | round2 end;

def record: split("\t")
	| { kernel: .[0], part: .[1], who: .[2], metric: .[3], value: (.[4] | if . == "" then null else tonumber? // . end),
	    note: (if .[5] == "" then null else .[5] end) };

# One contestant of a part on a kernel: samples to a median and their spread,
# other metrics as they are (the median where there are several).
def contestant:
	{ part: .[0].part, kernel: .[0].kernel, who: .[0].who }
	+ ([.[] | select(.metric == "sample") | .value] as $ns
	   | if $ns == [] then {} else { ns: ($ns | median), rounds: ($ns | length),
		low: ($ns | min), high: ($ns | max) } end)
	+ ([.[] | select(.metric == "failed") | .note] | if . == [] then {} else { failed: (.[0] // "without a word") } end)
	+ ([.[] | select(.metric != "sample" and .metric != "failed")] | group_by(.metric)
	   | map({ key: .[0].metric, value: (if .[0].value == "-" then .[0].note else [.[].value] | median end) })
	   | from_entries)
	+ ([.[] | select(.metric == "hits") | .note] | if . == [] then {} else { hits_of: .[0] } end);

# What a probe adds to a call that nobody watches, and in ratio to others.
def compare($all):
	. as $me
	| (reduce ($all[] | select(.part == $me.part and .kernel == $me.kernel)) as $o ({}; .[$o.who] = $o.ns)) as $ns
	| if .ns == null or $ns.none == null then . else
		(if .who == "none" then .ns else .ns - $ns.none end) as $base
		| .spread_percent = (100 * (.high - .low) / $base | round2)
		| if .who == "none" then . else .added = ($base | round2) end
		| if .who != "vmemmapwatch" then . else
			.x_empty = ratio($base; if $ns.empty then $ns.empty - $ns.none else null end)
			| .x_bpftrace = ratio($base; if $ns.bpftrace then $ns.bpftrace - $ns.none else null end)
		end
		| if .who != "out-of-bounds" then . else
			.x_in_bounds = ratio($base; if $ns["in-bounds"] then $ns["in-bounds"] - $ns.none else null end)
		end
	end
	| del(.low, .high);

def of($all; $me; $who): [$all[] | select(.part == $me.part and .kernel == $me.kernel and .who == $who)][0];

# A row of the targets: at most LIMIT; without a value it is not reached.
def target($me; $what; $value; $limit):
	{ part: $me.part, kernel: $me.kernel, what: $what, value: $value, limit: $limit,
	  reached: ($value != null and $value <= $limit) };

# Calls that were made and are not in the report.
def missing: if .calls == null or .counted == null then null else .calls - .counted end;

def targets($all): [$all[] | . as $me
	# The others are at the function's entry: a site has no target.
	| if .who == "vmemmapwatch" and .part == "hit-pfn-site" then
		target($me; "in-bounds calls that matched"; .matched; 0)
	elif .who == "vmemmapwatch" and (.part | startswith("hit")) then
		target($me; "in-bounds hit / an empty program"; .x_empty; 1.15),
		target($me; "in-bounds hit / bpftrace"; .x_bpftrace; 1.02),
		target($me; "in-bounds calls that matched"; .matched; 0)
	elif .who == "out-of-bounds" then
		target($me; "out-of-bounds calls not counted"; missing; 0),
		target($me; "out-of-bounds hit / in-bounds hit"; .x_in_bounds;
			if of($all; $me; "vmemmapwatch").status == "fentry" then 4 else 2 end)
	elif .who == "flood" then
		target($me; "flood: calls not counted"; missing; 0),
		target($me; "flood: lost"; .lost; 0)
	elif .who == "vmemmapwatch" and .part == "start" then
		target($me; "start / bpftrace"; ratio(.start_ms; of($all; $me; "bpftrace").start_ms); 0.5),
		target($me; "RssAnon, KiB"; .RssAnon; 4096),
		target($me; "RSS, KiB"; .VmRSS; 8192),
		target($me; "peak, KiB"; .VmHWM; 2 * of($all; $me; "kernel").btf_bytes / 1024 + 4096 | floor),
		target($me; "wake-ups in 60 s idle"; .idle_wakeups; 0)
	else empty end];

[inputs | record] | group_by([.part, .kernel, .who]) | map(contestant)
| . as $all | map(compare($all)) | . as $results
| { schema: "vmemmapwatch.bench/1", results: $results, targets: targets($results) }
