#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Stock kernels from the oldest to the newest that Debian has for arm64: every
# program loads, what the kernel allows is attached, and the rest has a reason.
. "$(dirname "$0")/../testlib.sh"

check_stock() {
	local name=$1 attached=$2
	use "$name"
	boot "$name" "${@:3}" <<'END'
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
	holds "$name: nobody disagrees" jq -e 'all(.layout.values[]; .agreement != "disagree")' \
		"$work/$name/doc"
}

# How many of 18 at least. The rows follow what the mirror has, and name the
# release they got.
check_stock stock-5.10 8
check_stock stock-6.1 12
check_stock stock-6.12 18
check_stock stock-6.12-16k 18 --cpu max,pauth-impdef=on
check_stock stock-sid 16
exit $((failures > 0))
