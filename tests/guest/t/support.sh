#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --support: what it says of a kernel is what then happens there, and what the code
# of that kernel is by objdump; and what it cannot tell, it says. SUPPORT_KASLR=1 for
# a boot more, with KASLR and on another CPU.
# check: kernels=hmm-6.1,hmm-6.12-uncured seconds=45
. "$(dirname "$0")/../testlib.sh"

cat >"$work/support.sh" <<'END'
. ./guest.sh
# support NAME: as JSON, with its exit code.
support() {
	vmemmapwatch --support --json >/tmp/out 2>/tmp/err
	echo $? >/tmp/code
	part $1.code; cat /tmp/code
	part $1.out; cat /tmp/out
	part $1.err; cat /tmp/err
}
END
of() {
	jq -r "$2" "$dir/$1.out" 2>&1
}

# support_of KERNEL NAME CODE [OPTION...]: CODE is what --support ends with.
support_of() {
	local name=$2 code=$3
	use "$1"
	shift 3
	boot "$name" --add "$work/support.sh:/root/support.sh" "$@" <<'END'
. ./support.sh
support root
vmemmapwatch --support >/tmp/text; part text; cat /tmp/text
part symbols; grep -E ' (_text|memstart_addr|mhp_range_allowed)$' /proc/kallsyms
part next; grep -A1 ' mhp_range_allowed$' /proc/kallsyms | tail -n 1
if [ -n "$test_hmm" ] && [ -e "$test_hmm" ]; then
	insmod $test_hmm 2>/dev/null
	part warns; dmesg | grep -c 'WARNING: .*vmemmap_populate'
	part iomem; cat /proc/iomem
fi
sysctl -qw kernel.kptr_restrict=2
support kptr
sysctl -qw kernel.kptr_restrict=0
: >/tmp/empty
mount --bind /tmp/empty /proc/kcore
support nokcore
END
	dir=$work/$name
	is "$name: the guest lives" "$(cat "$dir/status")" 0
	is "$name: the exit status, and in the document" "$(cat "$dir/root.code") $(of root .code)" "$code $code"
	is "$name: without symbols the answer is not known" "$(cat "$dir/kptr.code")" 3
	holds "$name: the document is as its schema says" \
		sh -c "'$top/tests/schema' support <'$dir/root.out'"
	is "$name: the same without kcore" "$(of nokcore '.facts.has_fix.answer, .facts.device_private.answer' | xargs)" \
		"$(of root '.facts.has_fix.answer, .facts.device_private.answer' | xargs)"
	matches "$name, kptr_restrict=2: the fix is unknown, with what would help" \
		"$(of kptr '.facts.has_fix | .answer + ": " + .why')" '^unknown: .*kernel.kptr_restrict=1'
	is "$name: no line of the text's head is longer than 80" \
		"$(sed '/^KERNEL/,$d' "$dir/text" | grep -E '.{81}')" ""
}

# Does mhp_range_allowed() refer to memstart_addr, by objdump of the Image?
objdump_fix() {
	local folder at base next memstart
	folder=$("$top/tests/guest/kernel" "$kernel")
	zcat -f "$folder/Image" >"$dir/Image"
	base=$(awk '$3 == "_text" { print $1 }' "$dir/symbols")
	at=$(awk '$3 == "mhp_range_allowed" { print $1 }' "$dir/symbols")
	memstart=$(awk '$3 == "memstart_addr" { print $1 }' "$dir/symbols")
	next=$(awk '{ print $1 }' "$dir/next")
	dd if="$dir/Image" of="$dir/code" bs=4 skip=$(((0x$at - 0x$base) / 4)) \
		count=$(((0x$next - 0x$at) / 4)) 2>/dev/null
	if "${cross}objdump" -D -b binary -m aarch64 --adjust-vma=0x"$at" "$dir/code" |
		grep -A6 "adrp.*0x${memstart%???}000$" |
		grep -qE "(ldr|add)[[:space:]].*#$((16#${memstart: -3}))\]|add.*#0x$(printf %x $((16#${memstart: -3})))$"; then
		echo yes
	else
		echo no
	fi
}

# The CPU of the guest has no such NMIs: the setting is named all the same.
support_of hmm-6.1 hmm-6.1 1 --append "nokaslr irqchip.gicv3_pseudo_nmi=1"
is "hmm-6.1: the one risk is named, with what follows" \
	"$(of root '.risks | map(.risk, (.follows | length > 0)) | map(tostring)' | xargs)" \
	"[ irqchip.gicv3_pseudo_nmi=1, true ]"
matches "hmm-6.1: in the text, too" "$(tr -s ' \n' ' ' <"$dir/text")" \
	'RISKS OF TRACING HERE - irqchip.gicv3_pseudo_nmi=1: on kernels before'
is "hmm-6.1: without the fix, with device-private memory, and possible" \
	"$(of root '.possible.answer, .facts.has_fix.answer, .facts.device_private.answer, .facts.kaslr.answer' | xargs)" "yes no yes no"
is "hmm-6.1: objdump says so" "$(objdump_fix)" no
is "hmm-6.1: PARange of a cortex-a72" "$(of root .facts.parange_bits.answer)" 44
is "hmm-6.1: it does WARN" "$(test "$(cat "$dir/warns")" -gt 0 && echo yes)" yes
is "hmm-6.1: the first request ends where requests end" \
	"0x$(sed -n 's/^ *[0-9a-f]*-\([0-9a-f]*\) : hmm_dmirror$/\1/p' "$dir/iomem" | sort | tail -n 1)" \
	"$(of root .facts.requests_end.answer)"

if [ -n "${SUPPORT_KASLR-}" ]; then
	support_of hmm-6.1 hmm-6.1-kaslr 1 --cpu neoverse-n1 --seed 4
	is "hmm-6.1 with KASLR on neoverse-n1: said" \
		"$(of root '.possible.answer, .facts.kaslr.answer, .facts.parange_bits.answer' | xargs)" "yes yes 48"
fi

use hmm-6.12-uncured
boot hmm-6.12-uncured --append nokaslr --add "$work/support.sh:/root/support.sh" <<'END'
. ./support.sh
support root
part symbols; grep -E ' (_text|memstart_addr|mhp_range_allowed)$' /proc/kallsyms
part next; grep -A1 ' mhp_range_allowed$' /proc/kallsyms | tail -n 1
sysctl -qw kernel.ftrace_enabled=0
support ftrace
sysctl -qw kernel.ftrace_enabled=1
off=/proc/sys/kernel/ftrace_enabled
part fires.out; vmemmapwatch --trace --json -- true 2>/dev/null; echo $? >/tmp/code
part fires_code; cat /tmp/code
part during.out; vmemmapwatch --trace --json -- sh -c "echo 0 >$off; sleep 0.2" 2>/dev/null; echo $? >/tmp/code
part during_code; cat /tmp/code
# Off before: kprobes do without ftrace.
part before.out; vmemmapwatch --trace --json -- true 2>/dev/null; echo $? >/tmp/code
part before_code; cat /tmp/code
echo 1 >$off
END
dir=$work/hmm-6.12-uncured
is "hmm-6.12-uncured: no risks" "$(of root '.risks | length')" 0
is "hmm-6.12-uncured, ftrace_enabled=0: named, and no fentry" \
	"$(of ftrace '(.risks | map(.risk)), (.probes | map(select(.symbol == "memremap_pages") | .status, .note) | unique) | .[]' | xargs)" \
	"kernel.ftrace_enabled=0 a kprobe, since kernel.ftrace_enabled is 0 kprobe"
firing='[.firing[] | .how + " " + .state] | join(", ")'
is "hmm-6.12-uncured: each way of attaching fires" "$(cat "$dir/fires_code") $(of fires "$firing")" \
	"0 kprobe fires, kretprobe fires, fentry fires, fexit fires, tracepoint fires"
is "hmm-6.12-uncured: ftrace off meanwhile is a loss" "$(cat "$dir/during_code") $(of during "$firing")" \
	"5 kprobe fires, kretprobe fires, fentry silent, fexit silent, tracepoint fires"
is "hmm-6.12-uncured: ftrace off before: all by kprobe" "$(cat "$dir/before_code") $(of before "$firing")" \
	"0 kprobe fires, kretprobe fires, fentry unchecked, fexit unchecked, tracepoint fires"
is "hmm-6.12-uncured: uncured, whatever its version, and possible" \
	"$(of root '.possible.answer, .facts.has_fix.answer, .facts.device_private.answer, .code' | xargs)" "yes no yes 1"
is "hmm-6.12-uncured: objdump says so" "$(objdump_fix)" no

support_of stock-6.12 stock-6.12 0 --append nokaslr
is "stock-6.12: with the fix, without device-private memory" \
	"$(of root '.possible.answer, .facts.has_fix.answer, .facts.device_private.answer' | xargs)" "no yes no"
is "stock-6.12: objdump says so" "$(objdump_fix)" yes
matches "stock-6.12: a proper answer" "$(of root .possible.why)" '^This kernel cannot hit it, because '
is "stock-6.12: requests end with the linear map" "$(of root .facts.requests_end.answer)" 0x80003fffffff
exit $((failures > 0))
