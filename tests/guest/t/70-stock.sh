#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Stock kernels from the oldest to the newest that Debian has for arm64: every
# program loads, what the kernel allows is attached, and the rest has a reason.
. "$(dirname "$0")/../testlib.sh"

check_stock() {
	local name=$1 attached=$2 callers=$3
	use "$name"
	boot "$name" "${@:4}" <<'END'
. ./guest.sh
trace --probes=all -- true
facts
END
	is "$name: the guest lives" "$(cat "$work/$name/status")" 0
	is "$name: exit 0" "$(cat "$work/$name/code")" 0
	holds "$name, $(json "$name" .kernel): at least $attached attached" test \
		"$(json "$name" '[.probes[] | select(.kind == null and .status != "unavailable")] | length')" -ge "$attached"
	holds "$name: at least $callers callers of class certain or use attached" test \
		"$(json "$name" '[.probes[] | select(.kind and .class != "lookup" and .status != "unavailable")] | length')" -ge "$callers"
	holds "$name: what is not attached has a reason" jq -e \
		'all(.probes[] | select(.status == "unavailable"); .reason | length > 10)' "$work/$name/doc"
	is "$name: no loss" "$(json "$name" '[.losses[].count | numbers] | add')" 0
	holds "$name: nobody disagrees" jq -e 'all(.layout.values[]; .agreement != "disagree")' \
		"$work/$name/doc"
}

# How many of 18 at least, and of callers. The rows follow what the mirror has, and name the
# release they got.
check_stock stock-5.10 8 14
check_stock stock-6.1 12 20
check_stock stock-6.12 18 26
check_stock stock-6.12-16k 18 26 --cpu max,pauth-impdef=on
check_stock stock-sid 16 24
exit $((failures > 0))
