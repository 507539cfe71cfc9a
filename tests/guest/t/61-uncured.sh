#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What 6.9 to 6.11 do: the vmemmap of today, and physical addresses handed out
# that it does not reach. Their struct pages wrap to user addresses on every CPU,
# and the kernel oopses on the first; here fentry sees it.
# check: kernels=hmm-6.12-uncured
KERNEL=hmm-6.12-uncured
. "$(dirname "$0")/../testlib.sh"
. "$(dirname "$0")/../offence.sh"

check_offence nokaslr user died --append nokaslr
is "nokaslr: struct pages as computed from the formulas" \
	"$(json nokaslr '.offenders[0].struct_pages | .start, .end' | xargs)" \
	"0x1ffbec00000 0x1ffbf000000"
is "nokaslr: the oops is in the first of them" \
	"$(json nokaslr '.requests[0].fault.address')" 0x1ffbec00034
check_offence kaslr user died --seed 31337
check_offence neoverse-n1 user died --cpu neoverse-n1 --seed 31337
for name in nokaslr kaslr neoverse-n1; do
	holds "$name: memremap_pages and mhp_range_allowed by fentry" jq -e \
		'[.probes[] | select(.symbol == "memremap_pages" or .symbol == "mhp_range_allowed") | .status] | unique == ["fentry"]' \
		"$work/$name/doc"
	matches "$name: the direct caller" "$(json "$name" '.offenders[0].stack[1].symbol')" \
		'^dmirror_allocate_chunk\+.*\[test_hmm\]$'
done
exit $((failures > 0))
