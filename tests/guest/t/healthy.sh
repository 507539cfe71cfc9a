#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The same kernels, healthy: where nothing beyond the linear map is free, the
# driver gets the end of the linear map, whose struct pages end exactly where
# vmemmap does. In bounds, no offender, no WARN. HEALTHY="KERNEL/CPU/KASLR/CLAIM..."
# names other boots; "fixed" for CLAIM is a kernel that does so by itself.
# check: kernels=hmm-6.1,hmm-6.12-uncured seconds=20
. "$(dirname "$0")/../testlib.sh"

boots=${HEALTHY:-
	hmm-6.1/cortex-a72/kaslr/claim
	hmm-6.12-uncured/cortex-a72/nokaslr/claim}

check_healthy() {
	local name=$1-$2-$3 cpu=$2 kaslr=$3 first last i
	use "$1"
	[ "$cpu" != max ] || cpu=max,pauth-impdef=on
	echo "claim=$4" >"$work/settings"
	boot "$name" --cpu "$cpu" $([ "$kaslr" = kaslr ] || echo --append nokaslr) \
		--add "$work/settings:/root/settings" <<'END'
. ./guest.sh
. ./settings
[ $claim = fixed ] || insmod vmw_claim.ko
trace --kmsg -- insmod $test_hmm
facts
vmemmapwatch --trace --json --output /tmp/unload -- rmmod test_hmm
part unload; cat /tmp/unload
# 0 is an ordinary task, 2 SCHED_RR; what was read after all is attached is not shown.
: >/tmp/err
$few --kmsg -- sh -c "cut -d' ' -f41 /proc/\$PPID/stat >/tmp/watching" >/dev/null 2>>/tmp/err & pid=$!
part attaching
while now=$(cut -d' ' -f41 /proc/$pid/stat) && ! grep -q 'probes attached' /tmp/err; do
	echo $now
	sleep 0.1
done
wait $pid
part watching
cat /tmp/watching
END
	is "$name: the guest lives" "$(cat "$work/$name/status")" 0
	is "$name: exit 0" "$(cat "$work/$name/code")" 0
	is "$name: the driver loads" "$(json "$name" .command.exit_status)" 0
	is "$name: no offender" "$(json "$name" '.offenders | length')" 0
	is "$name: no WARN, no oops, no line of ours" \
		"$(grep -cE 'WARNING:|Unable to handle|vmemmapwatch:' "$work/$name/dmesg")" 0
	expect_layout "$name"
	mapfile -t ranges < <(iomem "$name" hmm_dmirror | sort -r)
	is "$name: both requests are listed" "$(json "$name" '.requests | length') ${#ranges[@]}" "2 2"
	for ((i = 0; i < ${#ranges[@]}; i++)); do
		read -r first last <<<"${ranges[$i]}"
		expect_pages "$first" "$last"
		is "$name: request $i" \
			"$(json "$name" ".requests[$i] | .driver, .outcome, (.ranges[0] | .struct_pages.start, .struct_pages.end, .verdict, .kernel_warns)" | xargs)" \
			"test_hmm accepted $(hex $pages_start) $(hex $pages_end) in-bounds false"
	done
	is "$name: the first ends where vmemmap does" \
		"$(json "$name" '.requests[0].ranges[0].struct_pages.end')" "$(hex $end)"
	is "$name: and is taken down without an offence" \
		"$(jq -r '.code, (.offenders | length), (.warns | length)' "$work/$name/unload" | xargs)" "0 0 0"
	is "$name: it attaches as an ordinary task" "$(sort -u "$work/$name/attaching")" 0
	is "$name: and then goes before those" "$(cat "$work/$name/watching")" 2
}

for spec in $boots; do
	IFS=/ read -r row cpu kaslr claim <<<"$spec"
	check_healthy "$row" "$cpu" "$kaslr" "$claim"
done
exit $((failures > 0))
