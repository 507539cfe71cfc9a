# SPDX-License-Identifier: GPL-2.0-only
# hit.sh PART fentry|kprobe FUNCTION KIND PROBES FILE: what one call of FUNCTION
# costs whose argument is in bounds, without a probe and with each contestant's,
# round by round until what each adds varies by less than 5 %; and one round
# more that proves that each probe ran and that no filter matched.
. /root/lib.sh

part=$1 attach=$2 function=$3 kind=$4 probes=$5 file=$6
count=131072 passes=5 most=9
contestants='none empty vmemmapwatch bpftrace tracefs perf'

read_window
if [ "$kind" = pfn ]; then
	first=$pfn_first end=$pfn_end
else
	first=$page_first end=$page_end
fi
# What bpftrace calls the argument: a parameter of the function, or the first one.
argument=arg0
if [ "$attach" = fentry ]; then
	argument="(uint64)args->$kind"
	section=kfunc
else
	section=kprobe
fi
program="$section:$function /$argument < $first || $argument >= $end/ { @n = count(); }"
filter="v < $first || v >= $end"

run_none() {
	"$@"
}

run_empty() {
	/root/empty "$attach" "$function" "$@"
}

run_vmemmapwatch() {
	# shellcheck disable=SC2086
	vmemmapwatch --trace --json --output /root/out/doc $probes -- "$@"
}

run_bpftrace() {
	command -v bpftrace >/dev/null || { echo "not packaged" >&2; return 1; }
	bpftrace -o /root/out/bpftrace -c "$*" -e "$program"
}

run_tracefs() {
	echo "p:bench $function v=%x0:u64" >$tracing/kprobe_events &&
		echo "$filter" >$tracing/events/kprobes/bench/filter &&
		echo 1 >$tracing/events/kprobes/bench/enable && "$@"
	status=$?
	echo 0 >$tracing/events/kprobes/bench/enable
	grep -c bench: $tracing/trace >/root/out/tracefs
	echo >$tracing/kprobe_events
	return $status
}

run_perf() {
	command -v perf >/dev/null || { echo "not packaged" >&2; return 1; }
	perf probe -q -a "bench=$function v=%x0:u64" &&
		perf record -q -a -o /root/out/perf.data -e probe:bench --filter "$filter" "$@"
	status=$?
	perf probe -q -d probe:bench
	return $status
}

# How often the filter let a call through, in the round that was last.
matched_vmemmapwatch() {
	echo $(($(doc_sum uses count) + $(doc_sum lookups count)))
}

matched_bpftrace() {
	sed -n 's/^@n: //p' /root/out/bpftrace
}

matched_tracefs() {
	cat /root/out/tracefs
}

matched_perf() {
	perf script -i /root/out/perf.data 2>/dev/null | wc -l
}

# One more round: that the probe ran. PPID is the contestant.
cat >/root/prove.sh <<'EOF'
. /root/lib.sh
/root/kpage "$@" >/dev/null
case $contestant in
tracefs | perf) event_hits bench >/root/out/hits ;;
*) run_count $PPID >/root/out/hits ;;
esac
EOF

round() {
	for who in $contestants; do
		ns=$(run_$who /root/kpage $file $ram $count $passes 2>/root/out/error |
			grep -E '^[0-9]+\.[0-9]+$')
		if [ -z "$ns" ]; then
			record $part $who failed - "$(grep . /root/out/error | tail -n 1)"
			contestants=$(echo "$contestants" | sed "s/ $who//")
			continue
		fi
		echo "$who $1 $ns" >>/root/out/samples
		record $part $who sample "$ns"
	done
}

# What the most varying one varies by, in percent of what it adds.
spread() {
	awk '{ n[$1]++; v = $3; if ($1 == "none") { base += v; bases++ }
		if (!($1 in low) || v < low[$1]) low[$1] = v
		if (v > high[$1]) high[$1] = v }
		END { base /= bases
		for (who in n) { over = who == "none" ? low[who] : low[who] - base
			s = 100 * (high[who] - low[who]) / over; if (s > worst) worst = s }
		printf "%d\n", worst + 1 }' /root/out/samples
}

prove() {
	echo 1 >/proc/sys/kernel/bpf_stats_enabled
	for who in $contestants; do
		[ $who != none ] || continue
		contestant=$who
		export contestant
		run_$who sh /root/prove.sh $file $ram $count 1 >/dev/null 2>&1
		record $part $who hits "$(cat /root/out/hits)" "$((2 * count)) calls"
		[ $who = empty ] || record $part $who matched "$(matched_$who)"
	done
	echo 0 >/proc/sys/kernel/bpf_stats_enabled
}

settle
record $part bpftrace program - "$program"
for n in $(seq $most); do
	round $n
	[ $n -lt 3 ] || [ "$(spread)" -gt 5 ] || break
done
prove
