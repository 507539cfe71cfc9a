#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --layout on kernels of every kind: START, effective start, END and vmemmap are
# agreed by independent live sources, and equal to what others read: the shell
# from the kernel's note, ftrace, readelf, objdump. LAYOUTS="KERNEL/CPU/KASLR..."
# names other boots than these.
# check: kernels=hmm-6.1 seconds=40
. "$(dirname "$0")/../testlib.sh"

layouts=${LAYOUTS:-
	hmm-6.1/cortex-a72/kaslr
	stock-5.10/cortex-a72/kaslr
	stock-6.12-16k/max/kaslr}

# chosen VALUE [FIELD]: of the document at hand.
chosen() {
	json "$name" ".layout.values[\"$1\"].${2:-value}"
}

# Of what ftrace saw of one pfn, vmemmap.
ftrace_vmemmap() {
	local pfn page
	pfn=$(sed -n 's/^pfn=//p' "$work/$name/ftrace")
	page=$(sed -n 's/^page=//p' "$work/$name/ftrace" | head -n 1)
	[ -n "$page" ] && hex $((page - pfn * page_size))
}

# The header of the core that is of vmalloc, by readelf: "START END".
readelf_vmalloc() {
	base64 -d "$work/$name/kcore" >"$work/$name/core"
	readelf -lW "$work/$name/core" 2>/dev/null |
		awk '$1 == "LOAD" && $4 == "0xffffffffffffffff" { print length($6), $6, $3 }' |
		sort -n | tail -n 1 | while read -r _ size from; do
			printf '0x%x 0x%x\n' "$((from))" $((from + size))
		done
}

# The constants that the code of vmemmap_free() makes, by objdump of the Image.
objdump_constants() {
	local folder image text at reg imm lsl
	declare -A value
	folder=$("$top/tests/guest/kernel" "$kernel")
	image=$work/$name/Image
	zcat -f "$folder/Image" >"$image"
	at=$(awk '$3 == "vmemmap_free" { print $1 }' "$work/$name/symbols")
	# The segment of the image: it has a physical address, and holds the symbol.
	text=$(readelf -lW "$work/$name/core" 2>/dev/null | while read -r type _ virt phys _ size _; do
		[ "$type" = LOAD ] && [ "$phys" != 0xffffffffffffffff ] &&
			((0x$at - virt >= 0 && 0x$at - virt < size)) && echo "$virt"
	done)
	dd if="$image" of="$work/$name/code" bs=4 count=64 skip=$(((0x$at - text) / 4)) 2>/dev/null
	"${cross}objdump" -D -b binary -m aarch64 "$work/$name/code" |
		sed -n 's/.*\tmov\(k\{0,1\}\)\t\([xw][0-9]*\), #\(0x[0-9a-f]*\)\(, lsl #\([0-9]*\)\)\{0,1\}.*/\1. \2 \3 \5/p' |
		while read -r k reg imm lsl; do
			if [ "$k" = . ]; then
				value[$reg]=$((imm))
			else
				value[$reg]=$(((value[$reg] & ~(0xffff << ${lsl:-0})) | imm << ${lsl:-0}))
			fi
			printf '0x%x\n' "${value[$reg]}"
		done
}

check_layout() {
	local cpu=$2 kaslr=$3 constants vmalloc
	use "$1"
	name=$1-$cpu-$kaslr
	[ "$cpu" != max ] || cpu=max,pauth-impdef=on
	boot "$name" --cpu "$cpu" $([ "$kaslr" = kaslr ] || echo --append nokaslr) <<'ENDOFGUEST'
. ./guest.sh
vmemmapwatch --layout --json --output /tmp/doc
echo $? >/tmp/code
part doc; cat /tmp/doc
part code; cat /tmp/code
vmemmapwatch --layout --from /tmp/doc >/tmp/saved; vmemmapwatch --layout >/tmp/live
vmemmapwatch --trace --output /tmp/report -- vmemmapwatch --layout --json --output /tmp/traced 2>/dev/null
part traced; cat /tmp/traced
part same; sed '/^SOURCES/,$d' /tmp/saved >/tmp/a; sed '/^SOURCES/,$d' /tmp/live | diff - /tmp/a
grep -v ' vmemmap_free$' /proc/kallsyms >/tmp/kallsyms
mount --bind /tmp/kallsyms /proc/kallsyms
part nocode; vmemmapwatch --layout --json
umount /proc/kallsyms
# As without CONFIG_KALLSYMS_ALL.
grep ' [tTwW] ' /proc/kallsyms >/tmp/kallsyms
mount --bind /tmp/kallsyms /proc/kallsyms
part nodata; vmemmapwatch --layout --json
umount /proc/kallsyms
facts
second_opinions
ENDOFGUEST
	is "$name: the guest lives" "$(cat "$work/$name/status")" 0
	is "$name: exit 0" "$(cat "$work/$name/code")" 0
	expect_layout "$name"
	is "$name, $(json "$name" .layout.kernel): START, effective START, END, vmemmap by the shell" \
		"$(chosen VMEMMAP_START) $(chosen 'VMEMMAP_START (effective)') $(chosen VMEMMAP_END) $(chosen vmemmap)" \
		"$(hex $start) $(hex $effective) $(hex $end) $(hex $vmemmap)"
	is "$name: vmemmap by ftrace" "$(chosen vmemmap)" "$(ftrace_vmemmap)"
	vmalloc=$(readelf_vmalloc)
	is "$name: vmalloc by readelf" "$(chosen VMALLOC_START) $(chosen VMALLOC_END)" "$vmalloc"
	constants=$(objdump_constants)
	matches "$name: START by objdump" " $(xargs <<<"$constants") " " $(hex $((start - 1))) | $(hex $start) "
	# clang has end >= END + 1 for end - 1 >= END.
	matches "$name: END by objdump" " $(xargs <<<"$constants") " " $(hex $((end - 1))) | $(hex $end) | $(hex $((end + 1))) "
	for value in VMEMMAP_START "VMEMMAP_START (effective)" VMEMMAP_END vmemmap; do
		holds "$name: $value has two independent live sources, $(chosen "$value" independent_live_sources) here" \
			test "$(chosen "$value" independent_live_sources)" -ge 2
		is "$name: $value is agreed" "$(chosen "$value" agreement)" agree
	done
	# 5.10's note has no END: without the code there is only the linear map's.
	is "$name: END without the code" \
		"$(jq -r '.layout.values.VMEMMAP_END | .agreement, .value, (.readings[] | select(.origin != "formula") | .source)' "$work/$name/nocode" | xargs)" \
		"$([ -n "$(note "$name" 'NUMBER(VMEMMAP_END)')" ] && echo agree "$(hex $end)" vmcoreinfo || echo single source "$(hex $end)") derived"
	is "$name: the code's conversions say the same, without any variable that is listed" \
		"$(jq -r '.layout.values | (.VMEMMAP_START, .PHYS_OFFSET) | .readings[] | select(.source == "conversions") | .value' "$work/$name/nodata" | xargs)" \
		"$(hex $start) $(json "$name" .layout.values.PHYS_OFFSET.value)"
	is "$name: and kallsyms does not then" \
		"$(jq -r '.layout.values.PHYS_OFFSET.readings[] | select(.source == "kallsyms")' "$work/$name/nodata")" ""
	is "$name: the kernel's own check is read while it is probed, too" \
		"$(jq -r '.layout.values.VMEMMAP_END.readings[] | select(.source == "code") | .value' "$work/$name/traced")" \
		"$(hex $end)"
	is "$name: nobody disagrees, not even a formula" \
		"$(json "$name" '[.layout.values | to_entries[] | select(.value.agreement == "disagree" or .value.formula_differs) | .key] | join(" ")')" ""
	is "$name: both pairs of bounds" \
		"$(json "$name" '.layout.bounds | .nominal.start, .nominal.end, .effective.start, .effective.end' | xargs)" \
		"$(hex $start) $(hex $end) $(hex $effective) $(hex $end)"
	holds "$name: every value is known" jq -e \
		'[.layout.values | to_entries[] | select(.value.agreement == "unknown") | .key | select(startswith("KASAN") | not)] == []' \
		"$work/$name/doc"
	holds "$name: the regions are all addresses, and none is unknown" jq -e \
		'.layout.regions | length > 9 and .[0].start == "0x0" and .[-1].last == "0xffffffffffffffff"
			and all(.[]; .name != "unknown")' "$work/$name/doc"
	[ -z "${LAYOUT_TABLE:-}" ] ||
		echo "$1 $2 $3 $(json "$name" '.layout | .kernel, (.values | (pow(2; .PAGE_SHIFT.value) / 1024 | tostring) + "K", .VA_BITS.value, .["VA_BITS (actual)"].value, (.VMEMMAP_START, .["VMEMMAP_START (effective)"], .VMEMMAP_END, .vmemmap | .independent_live_sources))' | xargs)" >>"$LAYOUT_TABLE"
	is "$name: saved and read again it is the same" "$(cat "$work/$name/same")" ""
}

for layout in $layouts; do
	IFS=/ read -r row cpu kaslr <<<"$layout"
	check_layout "$row" "$cpu" "$kaslr"
done
exit $((failures > 0))
