#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# 200 times attach and detach in all, while modules are loaded and unloaded (one of
# them a driver that asks for struct pages, in bounds), another trace comes and goes,
# and tracefs has a kprobe and a kretprobe on functions of ours. CYCLES="KERNEL/CYCLES/
# SECONDS..." names other rows.
# check: kernels=hmm-6.1,hmm-6.12-uncured,hmm-6.1-kasan,hmm-6.12-uncured-kasan seconds=4000
. "$(dirname "$0")/../testlib.sh"

cycles=${CYCLES:-hmm-6.1/70/2400 hmm-6.12-uncured/70/2400 hmm-6.1-kasan/30/2400
	hmm-6.12-uncured-kasan/30/2400}

cycle() {
	local name=$1
	use "$1"
	echo "cycles=$2" >"$work/settings"
	boot "$name" --smp 2 --append "nokaslr rcupdate.rcu_expedited=0" --timeout "$3" \
		--add "$work/settings:/root/settings" <<'END'
. ./guest.sh
. ./settings
tracing=/sys/kernel/tracing
insmod vmw_claim.ko
# With a pause in each loop: without, attaching takes ten times as long.
(while :; do insmod vmw_touch.ko; rmmod vmw_touch; sleep 0.1; done) 2>/dev/null &
(while :; do insmod $test_hmm; rmmod test_hmm; sleep 0.1; done) 2>/dev/null &
(while :; do vmemmapwatch --trace -- sleep 0.3; done) >/dev/null 2>&1 &
(
	cd $tracing
	while :; do
		printf 'p:vmw_p memremap_pages\nr:vmw_r memremap_pages\nr:vmw_f memunmap_pages\n' >kprobe_events
		echo 1 >events/kprobes/enable
		sleep 0.1
		echo 0 >events/kprobes/enable
		echo >kprobe_events
		sleep 0.1
	done
) 2>/dev/null &
i=0
while [ $i -lt $cycles ]; do
	# Every third one is killed: the kernel detaches.
	if [ $((i % 3)) = 2 ]; then
		started vmemmapwatch --trace -- sleep 1000
		kill -9 $pid
		wait $pid
		code=killed
	else
		vmemmapwatch --trace --json --output /tmp/doc -- sleep 0.5 >/dev/null 2>/tmp/err
		code=$?
		part doc.$i; cat /tmp/doc
	fi
	part cycle.$i; echo $code; tail -n 1 /tmp/err
	i=$((i + 1))
done
part dmesg; dmesg
END
	dir=$work/$name
	is "$name: the guest lives" "$(cat "$dir/status")" 0
	is "$name: $2 cycles" "$(find "$dir" -name 'cycle.*' | wc -l)" "$2"
	is "$name: each ended as it was to, or with a counted loss" \
		"$(head -q -n 1 "$dir"/cycle.* | grep -vcxE '0|5|killed')" 0
	is "$name: no KASAN report, no WARN, no oops" \
		"$(grep -cE 'KASAN|WARNING:|BUG:|Oops|Unable to handle' "$dir/dmesg")" 0
	wrong=0
	for i in "$dir"/doc.*; do
		lost=$(jq '([.losses[].count | select(type == "number")] | add) > 0' "$i")
		code=$(head -n 1 "$dir/cycle.${i##*.}")
		[ "$lost/$code" = true/5 ] || [ "$lost/$code" = false/0 ] || wrong=$((wrong + 1))
	done
	is "$name: exit 5 with a counted loss, 0 without" $wrong 0
	requests=$(cat "$dir"/doc.* | jq -s '[.[].requests | length] | add')
	holds "$name: the driver's requests were seen, $requests of them" test "$requests" -gt 0
}

for row in $cycles; do
	IFS=/ read -r kernel n seconds <<<"$row"
	cycle "$kernel" "$n" "$seconds"
done
exit $((failures > 0))
