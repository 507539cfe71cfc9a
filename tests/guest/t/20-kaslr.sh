#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# KASLR, ten boots with fixed seeds. cortex-a72: the linear map is randomised,
# the request wraps to user addresses, and the kernel oopses. neoverse-n1: its
# physical range leaves no room for that, the request is above and lives.
. "$(dirname "$0")/../testlib.sh"

# shellcheck disable=SC2206
seeds=(${SEEDS:-1 20230410 31337 4242424242 555})

check_boot() {
	local name=$1 cpu=$2 seed=$3 first last outcome warns i n fault
	boot "$name" --cpu "$cpu" --seed "$seed" <<'END'
. ./guest.sh
trace --kmsg -- insmod $test_hmm
facts
END
	is "$name: the guest lives" "$(cat "$work/$name/status")" 0
	is "$name: exit 1" "$(cat "$work/$name/code")" 1
	holds "$name: valid JSON" jq -e . "$work/$name/doc"
	expect_layout "$name"
	outcome=accepted
	! grep -q 'Unable to handle kernel' "$work/$name/dmesg" || outcome=died

	mapfile -t ranges < <(iomem "$name" hmm_dmirror | sort -r)
	n=$(json "$name" '.offenders | length')
	is "$name: one offender for each range" "$n" "${#ranges[@]}"
	for ((i = 0; i < ${#ranges[@]}; i++)); do
		read -r first last <<<"${ranges[$i]}"
		expect_pages "$first" "$last"
		is "$name: offender $i" \
			"$(json "$name" ".offenders[$i] | .driver, .phys.start, .struct_pages.start, .struct_pages.end, .verdict, .outcome" | xargs)" \
			"test_hmm $(hex "$first") $(hex $pages_start) $(hex $pages_end) $verdict $outcome"
	done
	if [ $outcome = died ]; then
		fault=0x$(sed -n 's/.*Unable to handle kernel .* at virtual address \([0-9a-f]*\).*/\1/p' \
			"$work/$name/dmesg" | head -n 1)
		holds "$name: the oops $fault lies in the reported range" \
			test $((fault >= pages_start && fault < pages_end)) = 1
		is "$name: the document has the fault" \
			"$(json "$name" '.requests[0].fault.address')" "$(hex "$fault")"
		is "$name: COMMAND died with it" "$(json "$name" .command.state)" killed
	else
		is "$name: COMMAND lived" "$(json "$name" .command.exit_status)" 0
	fi
	is "$name: verdict of this CPU" "$verdict $outcome" \
		"$([ "$cpu" = cortex-a72 ] && echo user died || echo above accepted)"
	warns=$(grep -c 'WARNING: .* vmemmap_populate+' "$work/$name/dmesg")
	holds "$name: the kernel warns" test "$warns" -gt 0
	is "$name: each WARN seen once" "$(json "$name" '.warns | length')" "$warns"
	is "$name: our line stands before the first WARN" \
		"$(grep -E -m 1 -o 'vmemmapwatch: test_hmm|WARNING:' "$work/$name/dmesg")" \
		"vmemmapwatch: test_hmm"
	is "$name: a line for the first offender, the next within a second held back" \
		"$(json "$name" '.kmsg | .written, .suppressed, .failed' | xargs) $(grep -c 'vmemmapwatch: ' "$work/$name/dmesg")" \
		"1 $((${#ranges[@]} - 1)) 0 1"
	matches "$name: our line has range, pages and verdict" \
		"$(grep -m 1 'vmemmapwatch: ' "$work/$name/dmesg")" \
		"phys $(hex 0xfffff0000000)-0xffffffffffff, struct pages 0x[0-9a-f]{16}-0x[0-9a-f]{16} $verdict "
}

for cpu in cortex-a72 neoverse-n1; do
	for seed in "${seeds[@]}"; do
		check_boot "$cpu-$seed" $cpu "$seed"
	done
done

# The same seed is the same layout, another seed another one.
memstart() {
	note "cortex-a72-$1" 'NUMBER(PHYS_OFFSET)'
}
is "as many layouts as seeds on cortex-a72" \
	"$(for seed in "${seeds[@]}"; do memstart "$seed"; done | sort -u | wc -l)" ${#seeds[@]}
boot again --cpu cortex-a72 --seed "${seeds[0]}" <<'END'
. ./guest.sh
facts
END
is "the same seed repeats the boot" "$(note again 'NUMBER(PHYS_OFFSET)')" \
	"$(memstart "${seeds[0]}")"
exit $((failures > 0))
