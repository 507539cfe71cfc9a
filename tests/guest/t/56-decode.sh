#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --decode of the logs that guests leave behind (console, dmesg, and what journalctl
# would make of it) says what the live report of the same boot said: struct pages,
# verdict, bounds, physical range where it tells one. A healthy boot's log has nothing.
. "$(dirname "$0")/../testlib.sh"

# decode NAME LOG [OPTION...]: on this machine, whatever it is.
decoder=$(for file in "$top"/build/x86/vmemmapwatch "$top"/build/arm64/vmemmapwatch; do
	[ "$("$file" --version 2>/dev/null)" ] && echo "$file" && break; done)
if [ -z "$decoder" ]; then
	make -s -C "$top" && decoder=$(ls "$top"/build/x86/vmemmapwatch "$top"/build/arm64/vmemmapwatch 2>/dev/null | head -n 1)
fi
decode() {
	local name=$1 log=$2
	shift 2
	"$decoder" --decode "$work/$name/$log" --json "$@" >"$work/$name/decoded" 2>"$work/$name/decoded.err"
	echo $? >"$work/$name/decoded.code"
}
of() {
	jq -r "$2" "$work/$1/decoded" 2>&1
}

# same_as_live NAME LOG [OPTION...]
same_as_live() {
	local name=$1 log=$2 live
	decode "$@"
	is "$name, $log: exit 1" "$(cat "$work/$name/decoded.code") $(cat "$work/$name/decoded.err")" "1 "
	holds "$name, $log: as the schema says" sh -c "'$top/tests/schema' decode <'$work/$name/decoded'"
	live=$(json "$name" '[.offenders[] | [.driver, .verdict, .struct_pages.start, .struct_pages.end, .distance, .bound, .kernel_warns, (.regions | join("+"))]] | sort | .[] | join(" ")')
	is "$name, $log: the offenders of the live report" \
		"$(of "$name" '[.boots[].offenders[] | [.driver, .verdict, .struct_pages.start, .struct_pages.end, .distance, .bound, .kernel_warns, (.regions | join("+"))]] | sort | .[] | join(" ")')" \
		"$live"
	is "$name, $log: its bounds" "$(of "$name" '.boots[0].layout.bounds | tojson')" \
		"$(json "$name" '.layout.bounds | tojson')"
	is "$name, $log: of that kernel, each WARN and each oops once" \
		"$(of "$name" '.boots[0] | .kernel, .warns, .oopses' | xargs)" \
		"$(json "$name" .layout.kernel) $(grep -c 'WARNING: .* vmemmap_' "$work/$name/dmesg") $(grep -c 'Unable to handle kernel' "$work/$name/dmesg")"
	# Where the log does not tell pfns it says so; what it tells is true.
	if [ "$(of "$name" '.boots[0].pfns_unknown // ""')" ]; then
		pass "$name, $log: pfns are not in this log, which is said"
	else
		is "$name, $log: the physical ranges" \
			"$(of "$name" '[.boots[].offenders[] | [.phys.start, .phys.last]] | sort | tojson')" \
			"$(json "$name" '[.offenders[] | [.phys.start, .phys.last]] | sort | tojson')"
		is "$name, $log: vmemmap" "$(of "$name" '.boots[0].layout.values.vmemmap.value')" \
			"$(json "$name" '.layout.values.vmemmap.value')"
	fi
	if [ "$(json "$name" '.requests[0].outcome')" = died ]; then
		is "$name, $log: the fault of the live report" \
			"$(of "$name" '[.boots[].offenders[].fault.address // empty] | .[0]')" \
			"$(json "$name" '.requests[0].fault.address')"
	fi
}

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
