#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --decode of the logs that guests leave behind (console, dmesg, and what journalctl
# would make of it) says what the live report of the same boot said: struct pages,
# verdict, bounds, physical range where it tells one. A healthy boot's log has nothing.
# check: kernels=hmm-6.1,hmm-6.12-uncured seconds=40
. "$(dirname "$0")/../testlib.sh"

. "$top/tests/guest/decode.sh"

# offence NAME [BOOT OPTION...]: traced and logged.
offence() {
	local name=$1
	shift
	boot "$name" "$@" <<'END'
. ./guest.sh
trace -- insmod $test_hmm
facts
END
	is "$name: the guest lives" "$(cat "$work/$name/status")" 0
	# As journalctl shows it, and as a mail program sends that.
	sed -E 's/^\[ *[0-9.]+\] /Nov 25 10:00:00 box kernel: /' "$work/$name/dmesg" >"$work/$name/journal"
	fold -s -w 72 "$work/$name/dmesg" | sed 's/^/> /' >"$work/$name/mail"
	for log in dmesg journal mail console; do
		[ -s "$work/$name/$log" ] || { fail "$name: there is a log $log"; continue; }
		same_as_live "$name" $log
	done
}

use hmm-6.1
offence above --append nokaslr
same_as_live above dmesg --from="$work/above/doc"
is "above: by the report's own layout all is known" "$(of above '.boots[0].pfns_unknown // "known"')" known
is "above: a boot without KASLR tells the pfns, too" \
	"$(decode above dmesg; of above '.boots[0].pfns_unknown // "known"')" known
offence kaslr --cpu cortex-a72 --seed 11
is "kaslr: the oops tells the pfns" "$(decode kaslr dmesg; of kaslr '.boots[0].pfns_unknown // "known"')" known
offence neoverse --cpu neoverse-n1 --seed 31337
use hmm-6.12-uncured
offence uncured --append nokaslr
offence uncured-kaslr --cpu cortex-a72 --seed 4242

# Nothing is wrong where nothing beyond the linear map is free.
boot healthy --append nokaslr <<'END'
. ./guest.sh
insmod vmw_claim.ko
trace -- insmod $test_hmm
facts
END
is "healthy: the live report has no offender" "$(cat "$work/healthy/code")" 0
for log in dmesg console; do
	decode healthy $log
	is "healthy, $log: exit 0" "$(cat "$work/healthy/decoded.code") $(cat "$work/healthy/decoded.err")" "0 "
	is "healthy, $log: nothing of ours" "$(of healthy '[.boots[] | .offenders[], .without_verdict[]] | length')" 0
done
exit $((failures > 0))
