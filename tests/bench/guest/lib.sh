# SPDX-License-Identifier: GPL-2.0-only
# For benchmarks that run in a guest (busybox sh): records for the host, the
# window of good pages, and each contestant as a function that runs a COMMAND
# while its probe is on.

mkdir -p /root/out
tracing=/sys/kernel/tracing

# record PART WHO METRIC VALUE [NOTE]: a line for the host's table.
record() {
	printf '@\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5"
}

# The steady state begins 3 s after boot.
settle() {
	while [ "$(cut -d. -f1 /proc/uptime)" -lt 3 ]; do
		sleep 0.2
	done
}

layout() {
	vmemmapwatch --layout 2>/dev/null | sed -n "s/^  $1  *\(0x[0-9a-f]*\) .*/\1/p" | head -n 1
}

# pfn_of ADDRESS: the pfn whose struct page is there.
pfn_of() {
	vmemmapwatch --explain "$1" 2>/dev/null | sed -n 's/^  pfn  *\(0x[0-9a-f]*\)$/\1/p'
}

# The bounds that the daemon judges by: pages, and pfns.
read_window() {
	page_first=$(layout 'VMEMMAP_START (effective)')
	[ -n "$page_first" ] || page_first=$(layout VMEMMAP_START)
	page_end=$(layout VMEMMAP_END)
	pfn_first=$(pfn_of "$page_first")
	pfn_end=$(printf '0x%x' $(($(pfn_of "$(printf '0x%x' $((page_end - 64)))") + 1)))
	ram=$((0x$(sed -n 's/-.* : System RAM$//p' /proc/iomem | head -n 1) >> 12))
}

# The number of times that BPF programs of the process $1 ran, the most of each.
run_count() {
	cat /proc/"$1"/fdinfo/* 2>/dev/null | awk '/^run_cnt:/ && $2 > n { n = $2 } END { print n + 0 }'
}

# What happened to a kprobe event of tracefs: hits before its filter.
event_hits() {
	awk -v name="$1" 'index($1, name) { print $2 }' $tracing/kprobe_profile
}

# value NAME FILE: the number behind NAME in FILE of the form of /proc/PID/status.
value() {
	awk -v name="$1:" '$1 == name { print $2 }' "$2"
}

# doc_sum ARRAY FIELD: the sum of that field of the array's elements, in a report
# as the daemon prints it.
doc_sum() {
	awk -v array="$1" -v field="$2" '$0 ~ "^  \"" array "\": " { on = 1 }
		on && $0 ~ "^      \"" field "\": [0-9]" { gsub(/[^0-9]/, ""); n += $0 }
		on && /^  \]/ { on = 0 }
		END { printf "%d\n", n }' /root/out/doc
}

# median of the numbers on stdin.
median() {
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# ms FROM TO: nanoseconds to milliseconds.
ms() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f\n", (b - a) / 1e6 }'
}
