# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# For tests of a kernel with the bug: its HMM driver is loaded, and what the
# report says is what kernel log and iomem say.

# check_offence NAME VERDICT OUTCOME [BOOT OPTION...]; "any any" where only the
# arithmetic tells. The guest runs /root/before.sh and /root/after.sh around the
# load, where they are. attach_with=WAY before it: by that way.
attach_with=auto
signs=WARNING: signs_in=dmesg

check_offence() {
	local name=$1 expected="$2 $3" first last outcome warns i n fault
	shift 3
	# On the only CPU the daemon cannot always come before the next line of the kernel.
	boot_first "$name" --smp 2 "$@" <<END
. ./guest.sh
[ ! -e before.sh ] || . ./before.sh
trace --kmsg --attach-with=$attach_with -- insmod \$test_hmm
[ ! -e after.sh ] || . ./after.sh
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
	if [ "$expected" = "any any" ]; then
		pass "$name: $verdict, $outcome"
	else
		is "$name: verdict and outcome of this kernel and CPU" "$verdict $outcome" "$expected"
	fi
	is "$name: the region is told, and that the kernel notices" \
		"$(json "$name" '.offenders[0] | (.regions | join("+")), .kernel_warns' | xargs)" \
		"$([ "$verdict" = above ] && echo hole || echo "$verdict") true"
	warns=$(grep -c 'WARNING: .* vmemmap_populate+' "$work/$name/dmesg")
	holds "$name: the kernel warns" test "$warns" -gt 0
	is "$name: each WARN seen once" "$(json "$name" '.warns | length')" "$warns"
	is "$name: our line stands before the first WARN" \
		"$(first_sign "$name")" "vmemmapwatch: test_hmm"
	is "$name: a line for the first offender, the next within a second held back" \
		"$(json "$name" '.kmsg | .written, .suppressed, .failed' | xargs) $(grep -c 'vmemmapwatch: ' "$work/$name/dmesg")" \
		"1 $((${#ranges[@]} - 1)) 0 1"
	read -r first last <<<"${ranges[0]}"
	matches "$name: our line has range, pages and verdict" \
		"$(grep -m 1 'vmemmapwatch: ' "$work/$name/dmesg")" \
		"phys $(hex "$first")-$(hex "$last"), struct pages 0x[0-9a-f]{16}-0x[0-9a-f]{16} $verdict "
}
