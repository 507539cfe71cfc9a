# SPDX-License-Identifier: GPL-2.0-only
# start.sh PART: from exec to all default probes attached, memory, and a minute
# of doing nothing; and the same of bpftrace with a probe on each function that
# we have one on; at entries with a filter of two bounds on the first argument.
. /root/lib.sh
part=$1

# "WHERE SYMBOL HOW" for each default probe that attaches here. Where a function
# has two rows, the first is for its return.
probes() {
	vmemmapwatch --probes | awk '
		{ how = ""; for (i = 2; i <= NF && i < 8; i++)
			if ($i ~ /^(fentry|kprobe|tracepoint)$/) how = $i }
		how == "" || !/ request / { next }
		{ symbol[++n] = $1; as[n] = how; last[$1] = n }
		END { for (i = 1; i <= n; i++)
			print (last[symbol[i]] == i && symbol[i] != "arch_get_mappable_range" ?
				"entry" : "return"), symbol[i], as[i] }'
}

# The name of the first parameter of each function that kfunc knows.
parameters() {
	bpftrace -lv 'kfunc:vmlinux:*' 2>/dev/null | awk '
		/^kfunc:/ { sub(/.*:/, ""); name = $0; next }
		name != "" && !/ retval$/ { print name, $NF; name = "" }
		{ name = "" }'
}

# The program, of one probe for each line of probes.
comparable() {
	parameters >/root/out/parameters
	probes | awk -v first="$page_first" -v end="$page_end" '
		FILENAME != "-" { parameter[$1] = $2; next }
		function test(v) { return " /" v " < " first " || " v " >= " end "/" }
		{ back = $1 == "return" ? "ret" : "" }
		$2 == "error_report_end" { head = "tracepoint:error_report:" $2 }
		$2 == "sched_process_exit" { head = "tracepoint:sched:" $2 }
		$3 == "fentry" { head = "k" back "func:" $2
			if (!back) head = head test("(uint64)args->" parameter[$2]) }
		$3 == "kprobe" { head = "k" back "probe:" $2
			if (!back) head = head test("arg0") }
		{ print head " { @n[probe] = count(); }" }' /root/out/parameters -
}

run_vmemmapwatch() {
	vmemmapwatch --trace --json --output /root/out/doc "$@"
}

run_bpftrace() {
	bpftrace -o /root/out/bpftrace /root/out/program.bt "$@"
}

# How many probes each says that it attached.
attached_vmemmapwatch() {
	sed -n 's/.* \([0-9]*\) of [0-9]* probes attached.*/\1/p' /root/out/error
}

attached_bpftrace() {
	sed -n 's/^Attaching \([0-9]*\) probes.*/\1/p' /root/out/bpftrace
}

# once WHO COMMAND...: COMMAND ends in "now", run by WHO when all is attached.
once() {
	who=$1
	shift
	rm -f /root/out/status
	begin=$(/root/now)
	attached=$("$@" 2>/root/out/error | grep -E '^[0-9]{9,}$')
	if [ -z "$attached" ] || [ ! -s /root/out/status ]; then
		record $part $who failed - "$(grep . /root/out/error | tail -n 1)"
		return
	fi
	record $part $who probes "$(attached_$who)"
	record $part $who start_ms "$(ms $begin $attached)"
	for field in VmHWM VmRSS RssAnon; do
		record $part $who $field "$(value $field /root/out/status)"
	done
}

switches() {
	cat /proc/"$1"/task/*/status | awk '/^voluntary_ctxt_switches/ { n += $2 } END { print n }'
}

ticks() {
	sed 's/.*) //' /proc/"$1"/stat | awk '{ print $12 + $13 }'
}

# idle WHO COMMAND...: a minute of it, from 15 s after its start, when all is attached.
idle() {
	who=$1
	shift
	"$@" >/dev/null 2>/root/out/error &
	sleep 15
	pid=$(pidof $who)
	if [ -z "$pid" ]; then
		record $part $who failed - "$(grep . /root/out/error | tail -n 1)"
		return
	fi
	before=$(switches $pid) ticked=$(ticks $pid)
	sleep 60
	record $part $who idle_wakeups $(($(switches $pid) - before))
	record $part $who idle_ticks $(($(ticks $pid) - ticked))
	kill -INT $pid
	wait
}

read_window
settle
record $part kernel btf_bytes "$(wc -c </sys/kernel/btf/vmlinux)"
probes >/root/out/probes
comparable >/root/out/program.bt
for n in 1 2 3 4 5; do
	once vmemmapwatch run_vmemmapwatch -- /root/now /root/out/status
	once bpftrace run_bpftrace -c "/root/now /root/out/status"
done
idle vmemmapwatch run_vmemmapwatch
idle bpftrace run_bpftrace
