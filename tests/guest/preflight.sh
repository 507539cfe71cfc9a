# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What --preflight says of a boot is what then happens there: a module asks for the
# very sizes, and iomem, the kernel log and the arithmetic of testlib.sh are the truth.
# What the log of the boot tells afterwards is what its live report told.
. "$top/tests/guest/decode.sh"

cat >"$work/preflight-guest.sh" <<'END_OF_GUEST'
. ./guest.sh
. ./settings
[ -z "$claim" ] || insmod vmw_claim.ko
[ -z "$sysctl" ] || sysctl -qw $sysctl
part foreseen
vmemmapwatch --preflight --json $sizes >/tmp/foreseen
echo $? >/tmp/code
cat /tmp/foreseen
part foreseen_code; cat /tmp/code
part text; vmemmapwatch --preflight $sizes
part before; cat /proc/iomem
# A machine that dies of it has said all before.
[ -z "$sysctl" ] || sleep 1
trace -- $load
facts
END_OF_GUEST

# foreseen NAME FILTER: of that boot's prediction, raw.
foreseen() {
	jq -r "$2" "$work/$1/foreseen" 2>&1
}

# check_preflight NAME WHO LOAD SIZES [CLAIM] -- [BOOT OPTION...]: WHO is the name in
# iomem of what LOAD takes for each of SIZES.
check_preflight() {
	local name=$1 who=$2 load=$3 sizes=$4 claim= i n first last outcome warns ranges seed
	shift 4
	[ "$1" = -- ] || { claim=$1; shift; }
	shift
	printf 'claim=%s sysctl= sizes="%s" load="%s"\n' "$claim" "$sizes" "$load" >"$work/settings"
	boot "$name" --add "$work/preflight-guest.sh:/root/preflight.sh" \
		--add "$work/settings:/root/settings" "$@" <<'END_OF_SCRIPT'
. ./preflight.sh
END_OF_SCRIPT
	is "$name: the guest lives" "$(cat "$work/$name/status")" 0
	holds "$name: the document is as its schema says" \
		sh -c "'$top/tests/schema' preflight <'$work/$name/foreseen'"
	expect_layout "$name"
	outcome=accepted
	warns=$(grep -c 'WARNING: .* vmemmap_populate+' "$work/$name/dmesg")
	[ "$warns" = 0 ] || outcome=warn
	! grep -q 'Unable to handle kernel' "$work/$name/dmesg" || outcome=oops
	# In any order: a small one may fit in above a larger one that came first.
	mapfile -t ranges < <(iomem "$name" "$who")
	# A driver that died of its first request made no other.
	n=$(wc -w <<<"$sizes")
	[ $outcome != oops ] || n=1
	is "$name: so many requests were made" "${#ranges[@]}" "$n"
	for ((i = 0; i < ${#ranges[@]}; i++)); do
		read -r first last <<<"${ranges[$i]}"
		expect_pages "$first" "$last"
		is "$name: request $i: physical range, struct pages, verdict, outcome" \
			"$(foreseen "$name" ".requests[:$n][] | select(.phys.start == \"$(hex "$first")\") | .phys.start, .phys.last, .struct_pages.start, .struct_pages.end, .verdict, .outcome" | xargs)" \
			"$(hex "$first") $(hex "$last") $(hex $pages_start) $(hex $pages_end) $verdict $outcome"
		is "$name: request $i: as the trace saw it" \
			"$(foreseen "$name" ".requests[$i] | .phys.start, .phys.last, .struct_pages.start, .verdict" | xargs)" \
			"$(json "$name" ".requests[$i].ranges[0] | .phys.start, .phys.last, .struct_pages.start, .verdict" | xargs)"
	done
	is "$name: as many WARNs as foreseen" "$warns" \
		"$(foreseen "$name" "[.requests[:$n][].warns] | add")"
	is "$name: exit code" "$(cat "$work/$name/foreseen_code")" \
		"$([ $outcome = accepted ] && echo 0 || echo 1)"
	is "$name: this boot is one of those that the share counts" \
		"$(foreseen "$name" '.requests[0] | . as $r | [.shares[] | select(.outcome == $r.outcome and .verdict == $r.verdict)] | length')" 1
	is "$name: the shares are of all seeds" "$(foreseen "$name" '[.requests[0].shares[].seeds] | add')" 65536
	decode_agrees "$name"
	pass "$name: foreseen and seen: $verdict, $outcome"
}
