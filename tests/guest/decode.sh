# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# --decode of a log that a guest has left behind, against the live report of its boot.

build || exit 1
decoder=$top/build/$([ "$(uname -m)" = aarch64 ] && echo arm64 || echo x86)/vmemmapwatch

# decode NAME LOG [OPTION...]: on this machine, whatever it is.
decode() {
	local name=$1 log=$2
	shift 2
	"$decoder" --decode "$work/$name/$log" --json "$@" >"$work/$name/decoded" 2>"$work/$name/decoded.err"
	echo $? >"$work/$name/decoded.code"
}

# of NAME FILTER: of what was decoded last, raw.
of() {
	jq -r "$2" "$work/$1/decoded" 2>&1
}

# same_as_live NAME LOG [OPTION...]
same_as_live() {
	local name=$1 log=$2 live before=$failures
	decode "$@"
	is "$name, $log: exit 1" "$(cat "$work/$name/decoded.code") $(cat "$work/$name/decoded.err")" "1 "
	holds "$name, $log: as the schema says" sh -c "'$top/tests/schema' decode <'$work/$name/decoded'"
	live=$(json "$name" '[.offenders[] | [.driver, .verdict, .struct_pages.start, .struct_pages.end, .distance, .bound, .kernel_warns, (.regions | join("+"))]] | sort | .[] | join(" ")')
	is "$name, $log: the offenders of the live report" \
		"$(of "$name" '[.boots[].offenders[] | [.driver, .verdict, .struct_pages.start, .struct_pages.end, .distance, .bound, .kernel_warns, (.regions | join("+"))]] | sort | .[] | join(" ")')" \
		"$live"
	# Without memstart_addr the struct page of pfn 0 is missing, and said to be.
	is "$name, $log: its bounds" "$(of "$name" '.boots[0].layout.bounds | del(.missing) | tojson')" \
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
	# What it was read from: nobody can have that log again.
	[ $failures = $before ] ||
		sed -n '/WARNING: .* vmemmap_/,/Call trace:/p' "$work/$name/$log" >&2
	if [ "$(json "$name" '.requests[0].outcome')" = died ]; then
		is "$name, $log: the fault of the live report" \
			"$(of "$name" '[.boots[].offenders[].fault.address // empty] | .[0]')" \
			"$(json "$name" '.requests[0].fault.address')"
	fi
}

# decode_agrees NAME: whatever came of that boot, its kernel log tells the same.
decode_agrees() {
	local name=$1
	if [ "$(json "$name" '.offenders | length')" != 0 ]; then
		same_as_live "$name" dmesg
		return
	fi
	decode "$name" dmesg
	is "$name, dmesg: exit 0, nothing of ours" \
		"$(cat "$work/$name/decoded.code") $(of "$name" '[.boots[] | .offenders[], .without_verdict[]] | length')" \
		"0 0"
}
