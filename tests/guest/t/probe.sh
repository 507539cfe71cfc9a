#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --probe: a function that the table lacks, here of a module of ours which is
# called with addresses that nobody looks at, watched by a program of its own; and
# what the kernel does not take is refused with its reason.
# check: kernels=hmm-6.1,hmm-6.12-uncured seconds=50
. "$(dirname "$0")/../testlib.sh"

# Two sections' struct pages from the first address of user space that is one,
# then as many from VMEMMAP_END, then in bounds, NULL and an ERR_PTR.
cat >"$work/touch.sh" <<'END'
file=/sys/kernel/debug/vmw_touch
echo 100000000000 200000 2 1000 >$file
echo $1 200000 2 500 >$file
echo $2 40 64 1000 >$file
echo 0 0 1 10 >$file
echo fffffffffffffff0 0 1 10 >$file
END

check_touch() {
	local name=touch-$1 how=$2
	use "$1"
	boot "$name" --append nokaslr --add "$work/touch.sh:/root/touch.sh" <<'END'
. ./guest.sh
insmod vmw_touch.ko
vmemmapwatch --layout --json >/tmp/layout
first=$(sed -n '/"VMEMMAP_START"/,/}/s/.*"value": "0x\([0-9a-f]*\)".*/\1/p' /tmp/layout | head -n 1)
end=$(sed -n '/"VMEMMAP_END"/,/}/s/.*"value": "0x\([0-9a-f]*\)".*/\1/p' /tmp/layout | head -n 1)
trace --probe vmw_touch:page:1 -- sh touch.sh $end $first
part bounds; echo $first $end
part symbols; grep vmw_touch /proc/kallsyms
END
	is "$name: exit 1" "$(cat "$work/$name/code")" 1
	is "$name: it is attached by $how" "$(json "$name" '.probes[] | select(.symbol == "vmw_touch") | .status')" "$how"
	is "$name: calls outside are counted by section and verdict, the others not" \
		"$(json "$name" '[.uses[] | "\(.probe) \(.verdict) \(.count) \(.pages)"] | sort | join(",")')" \
		"vmw_touch above 500 500,vmw_touch above 500 500,vmw_touch user 1000 1000,vmw_touch user 1000 1000"
	is "$name: the addresses are those that were handed over" \
		"$(json "$name" '[.uses[] | .struct_pages.start] | sort | join(" ")')" \
		"0x100000000000 0x100000200000 0x$(cut -d' ' -f2 "$work/$name/bounds") $(printf '0x%x' $((0x$(cut -d' ' -f2 "$work/$name/bounds") + 0x200000)))"
	matches "$name: the caller is in the module, and there is no other" \
		"$(json "$name" '[.uses[].callers[]] | unique | join(" ")')" '^vmw_touch_write\+[0-9a-fx/]+ \[vmw_touch\]$'
	is "$name: nothing is lost" "$(json "$name" '[.losses[].count | numbers] | add')" 0
	is "$name: the module can go" "$(grep -c . "$work/$name/symbols")" "$(grep -c vmw_touch "$work/$name/symbols")"
}

check_touch hmm-6.1 kprobe
check_touch hmm-6.12-uncured fentry

# A module without BTF, on a kernel that has fentry for others.
cp "$("$top/tests/guest/modules/build" hmm-6.12-uncured)/vmw_touch.ko" "$work/"
aarch64-linux-gnu-objcopy -R .BTF -R .BTF.base "$work/vmw_touch.ko"
boot bare --append nokaslr --add "$work/vmw_touch.ko:/root/bare.ko" <<'END'
. ./guest.sh
insmod bare.ko
trace --probe vmw_touch:page:1 -- sh -c 'echo 100000000000 200000 2 1000 >/sys/kernel/debug/vmw_touch'
END
is "without BTF: by kprobe, and it says why" \
	"$(json bare '.probes[] | select(.symbol == "vmw_touch") | "\(.status): \(.note)"')" \
	"kprobe: its module has no BTF, so its arguments are taken on trust"
is "without BTF: both sections are counted" "$(json bare '[.uses[].count] | join(" ")')" "1000 1000"

# More sections than the kernel's map has room for: what does not fit is counted.
use hmm-6.1
boot full --append nokaslr <<'END'
. ./guest.sh
insmod vmw_touch.ko
trace --probe vmw_touch:page:1 -- sh -c 'echo 100000000000 200000 10300 2 >/sys/kernel/debug/vmw_touch'
END
is "full: calls of the sections that fit are all counted" "$(json full '[.uses[].count] | "\(length) \(add)"')" "10240 20480"
is "full: the others are lost by name" \
	"$(json full '.losses[] | select(.place == "hits of callers beyond the limit of keys") | .count')" 120

# What cannot be watched says so in one line, before anything is attached.
boot refusals <<'END'
insmod vmw_touch.ko
refuse() {
	vmemmapwatch --trace --probe "$2" -- true >/tmp/said 2>&1
	code=$?
	echo "$1: $(grep -v attached /tmp/said) ($code)"
}
twice=$(awk '$2 ~ /[tT]/ && $4 == "" && $3 ~ /^[a-z_]+$/ { n[$3]++ } END { for (f in n) if (n[f] == 2) { print f; exit } }' /proc/kallsyms)
variant=$(sed -n 's/.* [tT] \([a-z_]*\)\.isra\.0$/\1/p' /proc/kallsyms | while read -r f; do
	grep -q " $f\$" /proc/kallsyms || { echo $f; break; }
done)
refuse missing no_such_function:page:1
refuse data vmlist:page:1
refuse ambiguous $twice:page:1
refuse variant $variant:page:1
refuse notrace vmemmap_populate:pfn:1
refuse blacklisted kprobe_dispatcher:page:1
refuse number folio_unlock:pfn:1
refuse pointer get_dev_pagemap:page:1
refuse narrow memory_failure:pfn:2
refuse parameters folio_unlock:page:2
refuse parameters-of-module vmw_touch:page:3
refuse word folio_unlock:pages:1
END
refusal() {
	sed -n "s/^$1: //p" "$work/refusals/stdout"
}
matches "missing" "$(refusal missing)" 'no such function in this kernel or a loaded module, or it is inlined \(2\)'
matches "data is no function" "$(refusal data)" 'no such function.*\(2\)'
matches "ambiguous" "$(refusal ambiguous)" '2 functions have this name: a probe would be ambiguous \(2\)'
matches "made over by the compiler" "$(refusal variant)" 'the compiler made .*\.isra\.0 of it.*\(2\)'
matches "notrace" "$(refusal notrace)" 'notrace in this kernel.*\(2\)'
matches "blacklisted" "$(refusal blacklisted)" 'blacklisted: .*\(2\)'
matches "a pointer is no pfn" "$(refusal number)" 'argument 1 is a pointer, expected a number for pfn \(2\)'
matches "a number is no page" "$(refusal pointer)" 'argument 1 is a number, expected a pointer for page \(2\)'
matches "an int is no pfn" "$(refusal narrow)" 'argument 2 has not the 8 bytes of a pfn or an address \(2\)'
matches "too few parameters" "$(refusal parameters)" 'it has 1 parameters, there is no argument 2 \(2\)'
matches "too few parameters in a module" "$(refusal parameters-of-module)" 'it has 1 parameters, there is no argument 3 \(2\)'
matches "no such kind" "$(refusal word)" 'pages: expected a kind: pfn, .*\(2\)'
is "one line each" "$(grep -c . "$work/refusals/stdout")" 12
exit $((failures > 0))
