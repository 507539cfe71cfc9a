#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --preflight against the truth: with KASLR and fixed seeds, on a CPU where the linear
# map is moved and on one where it is not, panics, refusals; and what it says where it
# cannot know. PREFLIGHT_SEEDS="N..." are others.
# check: kernels=hmm-6.1,hmm-6.12-uncured seconds=70
. "$(dirname "$0")/../testlib.sh"
. "$(dirname "$0")/../preflight.sh"

# shellcheck disable=SC2206
seeds=(${PREFLIGHT_SEEDS:-7})
memory=(1024 2048 1536 3072 640)
say "seeds: ${seeds[*]}"
hmm='insmod $test_hmm'

use hmm-6.1
for cpu in cortex-a72 neoverse-n1; do
	for i in "${!seeds[@]}"; do
		check_preflight $cpu-"${seeds[$i]}" hmm_dmirror "$hmm" "256M 256M" -- \
			--cpu $cpu --seed "${seeds[$i]}" --memory "${memory[$((i % 5))]}"
	done
done
is "cortex-a72: KASLR moves the linear map, and nearly every boot dies" \
	"$(foreseen cortex-a72-"${seeds[0]}" '.seeds.answer, (.requests[0].shares[] | .outcome, .seeds)' | xargs)" \
	"randomised oops 65534 warn 2"
is "neoverse-n1: it has no room for that, and every boot WARNs" \
	"$(foreseen neoverse-n1-"${seeds[0]}" '.seeds.answer, (.requests[0].shares[] | .outcome, .seeds)' | xargs)" \
	"fixed warn 65536"

check_preflight claimed hmm_dmirror "$hmm" "256M 256M" claim -- --cpu cortex-a72 --seed 99
is "claimed: in bounds" "$(foreseen claimed '.requests[0] | .verdict, .outcome' | xargs)" "in-bounds accepted"

# Nothing is loaded, and nothing changes, but what the machine would die of is said.
for sysctl in ${PREFLIGHT_PANICS:-kernel.warn_limit=2:warn_limit}; do
	name=${sysctl#*:}
	printf 'claim= sysctl=%s sizes=256M load="%s"\n' "${sysctl%:*}" "$hmm" >"$work/settings"
	boot "$name" --cpu cortex-a72 --seed 5 --add "$work/preflight-guest.sh:/root/preflight.sh" \
		--add "$work/settings:/root/settings" <<<'. ./preflight.sh'
	is "$name: foreseen" "$(foreseen "$name" '.requests[0] | .outcome, .panic' | xargs)" "panic $name"
	is "$name: and the machine panics" "$(cat "$work/$name/status")" 252
	# Of a machine that is gone the console's log is what is left.
	decode "$name" console
	is "$name: what it died of is in its log" \
		"$(of "$name" '.boots[0].offenders[0] | .driver, .verdict, .struct_pages.start' | xargs)" \
		"test_hmm $(foreseen "$name" '.requests[0] | .verdict, .struct_pages.start' | xargs)"
	is "$name: and nothing else is" \
		"$(cat "$work/$name/decoded.code") $(of "$name" '.boots[0] | (.offenders, .without_verdict, .refused, .unrelated | length)' | xargs)" \
		"1 1 0 0 0"
done

# Memory that the device places, and the kernel refuses.
boot refused --append nokaslr <<'EOF'
. ./guest.sh
part foreseen
vmemmapwatch --preflight 128M@0xf00000000000 --type generic --json; echo $? >/tmp/code
part foreseen_code; cat /tmp/code
part insmod; insmod vmw_refused.ko 2>&1
part log; dmesg | grep 'Hotplug memory'
part ram; vmemmapwatch --preflight 128M@0x48000000 --type coherent --json
part gpus; vmemmapwatch --preflight --all-gpus; echo "code $?"
part unplaced; vmemmapwatch --preflight 1G --type coherent 2>&1; echo "code $?"
part bad; vmemmapwatch --preflight 1G 1Q 2>&1; echo "code $?"
part noroot; su nobody -c 'vmemmapwatch --preflight 1G' 2>&1; echo "code $?"
part layout; vmemmapwatch --layout --json
part live; vmemmapwatch --preflight 80G --json
part iomem; cat /proc/iomem
part dmesg; dmesg
EOF
is "refused: foreseen, and no offence" \
	"$(foreseen refused '.requests[0].outcome, .code' | xargs) $(cat "$work/refused/foreseen_code")" "refused 0 0"
limit=$(sed -n 's/.*exceeds maximum addressable range \[\(0x[0-9a-f]*-0x[0-9a-f]*\)\]/\1/p' "$work/refused/log" | head -n 1)
matches "refused: by the limit that the kernel then names" \
	"$(foreseen refused '.requests[0].consequence')" "range ${limit:-none}$"
decode refused dmesg
is "refused: its log, read later, has no offence" \
	"$(cat "$work/refused/decoded.code") $(of refused '[.boots[].offenders[], .boots[].without_verdict[]] | length')" "0 0"
is "refused: but has the refusal, with its limit" \
	"$(of refused '.boots[0].refused[] | .phys.start, .phys.last, .limit.start, .limit.last' | xargs)" \
	"0xf00000000000 $(hex $((0xf00000000000 + (128 << 20) - 1))) $(sed -E 's/^0x0*([0-9a-f])/0x\1/; s/-0x0*([0-9a-f])/ 0x\1/' <<<"$limit")"
matches "refused: what is System RAM" "$(jq -r '.requests[0] | .outcome + " " + .consequence' "$work/refused/ram")" \
	'^refused .*System RAM'
matches "no GPU: code 6, and said" "$(tr '\n' ' ' <"$work/refused/gpus")" '^Nothing was predicted: no GPU .*code 6 $'
matches "without an address: said what is expected" "$(xargs <"$work/refused/unplaced")" \
	'--preflight: 1G: expected SIZE@ADDRESS: .*code 2$'
is "a SIZE that is none: one line, exit 2" "$(cat "$work/refused/bad")" \
	"vmemmapwatch: --preflight: 1Q: expected SIZE or SIZE@ADDRESS in bytes: a number, with 0x if hex, as 80G, 512MiB or 1G@0x1000000000
code 2"
is "nobody: one line, exit 3" "$(wc -l <"$work/refused/noroot") $(tail -n 1 "$work/refused/noroot")" "2 code 3"

# Another machine's layout and iomem, on this one.
native=$top/build/$(uname -m | sed 's/x86_64/x86/; s/aarch64/arm64/')/vmemmapwatch
if [ -x "$native" ]; then
	"$native" --preflight 80G --json --from "$work/refused/layout" --iomem "$work/refused/iomem" \
		>"$work/refused/offline" 2>"$work/refused/offline.err"
	is "offline: exit 1" $? 1
	is "offline: the same" \
		"$(jq -c '.requests[0] | .phys, .struct_pages, .verdict, .outcome, .warns' "$work/refused/offline")" \
		"$(jq -c '.requests[0] | .phys, .struct_pages, .verdict, .outcome, .warns' "$work/refused/live")"
else
	skip "offline: the same" "no native build"
fi

use hmm-6.12-uncured
# Free is what has its struct pages in the middle of what PCI I/O has: 8 to 24 MiB
# above VMEMMAP_END (arch/arm64/include/asm/memory.h 6.12.117), here 12 to 16.
boot undefined --append nokaslr <<'EOF'
. ./guest.sh
insmod vmw_claim.ko above=$((1 << 30))
part foreseen
vmemmapwatch --preflight 256M --json; echo $? >/tmp/code
part foreseen_code; cat /tmp/code
trace -- insmod vmw_ask.ko size=0x10000000
facts
EOF
expect_layout undefined
read -r first last < <(iomem undefined vmw_ask)
expect_pages "${first-0}" "${last-0}"
is "undefined: foreseen, and where, is what happened" \
	"$(foreseen undefined '.requests[0] | .phys.start, .phys.last, .struct_pages.start, .struct_pages.end, .warns' | xargs)" \
	"$(hex "${first-0}") $(hex "${last-0}") $(hex $pages_start) $(hex $pages_end) $(grep -c 'WARNING: .* vmemmap_populate+' "$work/undefined/dmesg")"
is "undefined: what would come of it is not, and with what it collides is told" \
	"$(foreseen undefined '.requests[0] | .outcome, .verdict, (.collides | join("+"))' | xargs) $(cat "$work/undefined/foreseen_code")" \
	"undefined above PCI I/O 1"
is "undefined: as the live report has it" \
	"$(json undefined '.offenders[] | .driver, .verdict, (.regions | join("+")), .struct_pages.start' | xargs)" \
	"vmw_ask above PCI I/O $(hex $pages_start)"
decode_agrees undefined

# A kernel without device-private memory, and a driver that does not know.
dir=$("$top/tests/guest/modules/build" stock-6.12 vmw_ask)
use stock-6.12
boot stock --cpu cortex-a72 --seed 8 --add "$dir/vmw_ask.ko:/root/vmw_ask.ko" \
	--qemu "-device bochs-display,vgamem=64M,romfile=" <<'EOF'
. ./guest.sh
part gpus; vmemmapwatch --preflight --all-gpus --json
part coherent; vmemmapwatch --preflight --all-gpus --type=coherent --json
part bar; sed -n 1p /sys/bus/pci/devices/*:01.0/resource
part foreseen
vmemmapwatch --preflight 256M --json; echo $? >/tmp/code
part foreseen_code; cat /tmp/code
trace -- insmod vmw_ask.ko size=0x10000000
part noroom; vmemmapwatch --trace --json -- insmod vmw_ask.ko size=0xffffffff00000000
facts
EOF
is "stock-6.12: refused, and no offence" \
	"$(foreseen stock '.requests[0] | .outcome, .verdict, .warns' | xargs) $(cat "$work/stock/foreseen_code")" \
	"refused in-bounds 1 0"
holds "stock-6.12: the document is as its schema says" \
	sh -c "'$top/tests/schema' preflight <'$work/stock/foreseen'"
matches "stock-6.12: since it has no device-private memory" "$(foreseen stock '.requests[0].consequence')" \
	'Device private memory not supported.* is no vmemmap matter'
holds "stock-6.12: the driver does not load" test "$(json stock .command.exit_status)" != 0
# Busybox tries finit_module() and init_module().
is "stock-6.12: of that WARN, and no other" \
	"$(grep -c 'WARNING:' "$work/stock/dmesg") $(grep -c 'Device private memory not supported' "$work/stock/dmesg")" "2 2"
is "stock-6.12: which is told as not ours" "$(json stock '[.warns[] | .ours] | unique | tostring')" "[false]"
is "stock-6.12: a size that is nowhere free is refused, and by fentry who asked is known" \
	"$(jq -r '.refused[0] | .call, .driver, .errno.name, .task.comm' "$work/stock/noroom" | xargs)" \
	"request_free_mem_region vmw_ask ERANGE insmod"
decode stock dmesg
is "stock-6.12: nor is it in the log, read later" \
	"$(cat "$work/stock/decoded.code") $(of stock '[.boots[] | .offenders[], .without_verdict[], .refused[]] | length')" "0 0"
is "stock-6.12: which names it, too, as not ours" \
	"$(of stock '.boots[].unrelated[] | .kind, .symbol, .driver, .count' | sed 's/+.*//' | xargs)" \
	"WARN memremap_pages vmw_ask 2"
is "--all-gpus: the largest BAR, as a lower bound" \
	"$(jq -r '.requests[] | .what, .size, .size_from, .lower_bound, .placed' "$work/stock/gpus" | tr -d "'" | xargs)" \
	"0000:00:01.0 0x4000000 BAR 0 true by the kernels search"
read -r first last _ <"$work/stock/bar"
# With this seed the linear map begins below zero, and has what lies below RAM, too.
is "--all-gpus --type=coherent: where the BAR is" \
	"$(jq -r '.requests[] | .phys.start, .phys.last, .placed, .outcome' "$work/stock/coherent" | xargs)" \
	"$(hex "$first") $(hex "$last") by the device accepted"
is "stock-6.12: no offender" "$(json stock '.offenders | length')" 0
exit $((failures > 0))
