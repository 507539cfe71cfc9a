#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Stock kernels from the oldest to the newest that Debian has for arm64: every
# program loads, what the kernel allows is attached, the rest has a reason, and
# the layout is what the kernel's own note or, before 5.18, its formula says.
KERNEL=stock
. "$(dirname "$0")/../testlib.sh"

# 5.10: VMEMMAP_SIZE is half the linear map's pages in struct pages of 64 bytes,
# rounded to a power of two, and ends 2 MiB below the end of the address space
# (arch/arm64/include/asm/memory.h, 5.10.223).
old_layout() {
	local half=$((1 << (va_bits - 1)))
	end=$((-(2 << 20)))
	start=$((end - (half >> (shift - 6))))
}

check_stock() {
	local name=$1 attached=$2 sources=$3
	kernel=$name
	boot "$name" <<'END'
. ./guest.sh
trace -- true
facts
END
	is "$name: the guest lives" "$(cat "$work/$name/status")" 0
	is "$name: exit 0" "$(cat "$work/$name/code")" 0
	holds "$name, $(json "$name" .kernel): at least $attached attached" test \
		"$(json "$name" '[.probes[] | select(.status != "unavailable")] | length')" -ge "$attached"
	holds "$name: what is not attached has a reason" jq -e \
		'all(.probes[] | select(.status == "unavailable"); .reason | length > 10)' "$work/$name/doc"
	is "$name: no loss" "$(json "$name" '[.losses[].count | numbers] | add')" 0
	if [ -n "$(note "$name" 'NUMBER(VMEMMAP_START)')" ]; then
		expect_layout "$name"
	else
		expect_layout "$name" 2>/dev/null
		old_layout
		vmemmap=$((start - ($(note "$name" 'NUMBER(PHYS_OFFSET)') >> shift) * page_size))
	fi
	is "$name: START, END and vmemmap" \
		"$(json "$name" '.layout.values | .VMEMMAP_START.value, .VMEMMAP_END.value, .vmemmap.value' | xargs)" \
		"$(hex $start) $(hex $end) $(hex $vmemmap)"
	is "$name: live sources of START, END and vmemmap" \
		"$(json "$name" '.layout.values | .VMEMMAP_START, .VMEMMAP_END, .vmemmap | [.readings[] | select(.origin == "live")] | length' | xargs)" \
		"$sources"
	holds "$name: nobody disagrees" jq -e 'all(.layout.values[]; .agreement != "disagree")' \
		"$work/$name/doc"
}

# The attached ones of 18, and the live sources of START, END, vmemmap. The rows
# follow what the mirror has, and name the release they got.
check_stock stock-5.10 8 "1 1 2"
check_stock stock-6.1 12 "2 2 2"
check_stock stock-6.12 18 "2 2 3"
check_stock stock-sid 16 "2 2 3"
exit $((failures > 0))
