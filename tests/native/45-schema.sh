#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What exporters write is what the installed schemas say, by an independent
# validator: every type of line, every verdict, names of any bytes. And the
# validator refuses what is wrong.
# check: seconds=21
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
set +e

out=build/sanitized
holds "the program that prints builds" build_sanitized $out/tests/test_export
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# refused WHAT COMMAND...: the validator says no to its input, and why: it does not
# just fail.
refused() {
	local what=$1 output status
	shift
	output=$("$@" 2>&1)
	status=$?
	if [ $status = 1 ] && grep -qE '^(0 validated, 0|[01] validated, [1-9][0-9]*) errors$' <<<"$output"; then
		pass "$what"
	else
		fail "$what" "status $status: $*" "$output"
	fi
}

holds "schemas and their examples are valid" tests/schema --examples
holds "they are as installed, too" tests/schema --examples --installed
is "every type of line has an example" \
	"$(jq -r '."$defs" | to_entries[] | select(.key != "other" and (.value.examples | length) != 1) | .key' \
		daemon/share/schema/feed.schema.json)" ""
is "every type and member of a line is described" \
	"$(jq -r '."$defs"[] | select(.description == null)' daemon/share/schema/feed.schema.json)" ""

for how in plain redacted; do
	for output in lines document layout explain preflight text layout-text; do
		holds "$how $output is printed" \
			sh -c "$out/tests/test_export $output $how >$work/$output.$how"
	done
	for mode in "" --installed; do
		holds "$how lines are valid $mode" tests/schema feed $mode <"$work/lines.$how"
		holds "$how report is valid $mode" tests/schema report $mode <"$work/document.$how"
		holds "$how layout is valid $mode" tests/schema layout $mode <"$work/layout.$how"
	done
done
holds "explanations are valid" tests/schema explain <"$work/explain.plain"
for how in plain redacted; do
	holds "preflight, $how: valid" tests/schema preflight <"$work/preflight.$how"
	holds "preflight, $how: valid by the installed schema" tests/schema preflight --installed <"$work/preflight.$how"
done

lines=$work/lines.plain
is "there is a line of every type" "$(jq -r .type "$lines" | sort -u | xargs)" \
	"$(jq -r '."$defs" | keys[] | select(. != "other")' daemon/share/schema/feed.schema.json | sort | xargs)"
is "there is every verdict" "$(jq -r '.verdict // empty' "$lines" | sort -u | xargs)" \
	"$(jq -r '."$defs".verdict.enum[]' daemon/share/schema/common.schema.json | sort | xargs)"
is "there are both origins, and both states" \
	"$(jq -r 'select(.type == "offender") | .origin, .state' "$lines" | sort -u | paste -sd,)" \
	"found at start,gone,live,observed"
holds "names are hostile, and told" jq -se \
	'any(.[]; .type == "offender" and .task.comm == "a\"\\/\\x01\\x0a\\xff\\xfe\\xc3(" and (.driver | contains("\\xff")))' "$lines"
holds "what is printed is ASCII" sh -c "! LC_ALL=C grep -n '[^ -~]' $work/lines.* $work/document.*"
is "keys of offenders are unique" \
	"$(jq -r 'select(.type == "offender" and .origin == "observed") | .key' "$lines" | sort | uniq -d)" ""

# Bit 63 is set in every address of the kernel.
address='0x[89a-f][0-9a-f]{15}'
for output in lines document layout text layout-text; do
	holds "$output: there are addresses to be redacted" grep -qE $address "$work/$output.plain"
	is "$output: redacted, none is left" "$(grep -onE $address "$work/$output.redacted")" ""
	holds "$output: redacted, it says so" grep -qw redacted "$work/$output.redacted"
done
kept() {
	jq -cS '[.offenders[] | .driver, .verdict, .regions, .kernel_warns, .pfn.count, .outcome,
		(.stack // [] | map(.symbol | select(test("^0x|redacted") | not)))]' "$1"
}
is "redacted, what people need is the same" "$(kept "$work/document.redacted")" \
	"$(kept "$work/document.plain")"
is "redacted, nothing says where a range is" "$(jq -r '[.offenders, .uses, .requests, .refused, .observations] |
	.[][] | (., (.ranges // [])[]) | .pfn?.start, .pfn?.end, .phys?.start, .phys?.last, .distance?,
	.struct_pages?.start, .struct_pages?.end, .limit?.start, .limit?.last, .section? |
	select(. != null)' "$work/document.redacted" | sort -u)" redacted
is "redacted, keys of offenders are unique" \
	"$(jq -r 'select(.type == "offender" and .origin == "observed") | .key' "$work/lines.redacted" | sort | uniq -d)" ""

# One line of each type is enough to be spoilt.
jq -c -s 'group_by(.type)[][0]' "$lines" >"$work/one"
types=$(jq -r .type "$work/one" | xargs)
for type in $types; do
	jq -c "select(.type == \"$type\")" "$work/one" >"$work/line"
	holds "$type: valid" tests/schema feed <"$work/line"
	# Whatever members it must have: all but the type, which makes it another line.
	refused "$type: without its members" tests/schema feed < <(jq -c '{type}' "$work/line")
	refused "$type: without its members, by the installed schema" \
		tests/schema feed --installed < <(jq -c '{type}' "$work/line")
	refused "$type: with an unknown member" tests/schema feed < <(jq -c '. + {new: 1}' "$work/line")
	holds "$type: with an unknown member, by the installed schema" \
		tests/schema feed --installed < <(jq -c '. + {new: 1}' "$work/line")
	refused "$type: numbers for strings" tests/schema feed \
		< <(jq -c '(.. | strings) |= 5 | .type = "'"$type"'"' "$work/line")
done
offender=$(jq -c 'select(.type == "offender")' "$work/one")
spoil() {
	refused "$1" tests/schema feed < <(jq -c "$2" <<<"$offender")
}
spoil "an unknown verdict" '.verdict = "sideways"'
spoil "an address that is a number" '.struct_pages.start = 5'
spoil "a pfn that is an offset" '.pfn.start = "START+0x40"'
spoil "an unknown member, deep inside" '.stack[0].new = 1'
spoil "a member is missing, deep inside" 'del(.first.utc)'
spoil "a time of another form" '.first.utc = "yesterday"'
spoil "a negative count" '.count = -1'
spoil "an unknown type" '.type = "new"'
spoil "no type" 'del(.type)'
spoil "no object" '[.]'
spoil "a type that is not the first member" '{key} + .'
holds "an unknown type, by the installed schema" \
	tests/schema feed --installed < <(jq -c '.type = "new"' <<<"$offender")
refused "bytes that are no UTF-8" tests/schema feed < <(sed 's/test_hmm\|driver/\xff/' <<<"$offender")
refused "a member that is there twice" tests/schema feed < <(sed 's/}$/,"warns":0}/' <<<"$offender")
refused "a number that is none" tests/schema feed < <(sed 's/"warns":[0-9]*/"warns":NaN/' <<<"$offender")
refused "a line that is cut" tests/schema feed < <(printf '%s' "$offender")
refused "half a line" tests/schema feed < <(cut -c-80 <<<"$offender")
refused "nothing" tests/schema feed </dev/null
refused "no document" tests/schema report </dev/null
refused "a report with an unknown member" tests/schema report \
	< <(jq '.offenders[0].new = 1' "$work/document.plain")
refused "a report without its code" tests/schema report < <(jq 'del(.code)' "$work/document.plain")
refused "a layout without bounds" tests/schema layout < <(jq 'del(.layout.bounds)' "$work/layout.plain")
refused "an explanation of nothing" tests/schema explain \
	< <(jq '.explained[0] |= {}' "$work/explain.plain")
refused "a preflight without an outcome" tests/schema preflight \
	< <(jq 'del(.requests[0].outcome)' "$work/preflight.plain")
refused "a preflight with a share of nothing" tests/schema preflight \
	< <(jq '.requests[0].shares = [{}]' "$work/preflight.plain")
holds "the error names its line and its place" grep -qx \
	'line 2 (offender): verdict: .sideways. is not one of .*' \
	<(jq -c '., (.verdict = "sideways")' <<<"$offender" | tests/schema feed)
exit $((failures > 0))
