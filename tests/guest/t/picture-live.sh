#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --map and --html of real offenders: at the end of a trace, of a running service, and of
# a kernel that nobody watches. Every region, and every offender's addresses, are those of
# the report, of /proc/iomem and of the arithmetic; the page is opened in a browser.
# check: kernels=hmm-6.1 seconds=45
. "$(dirname "$0")/../testlib.sh"

cat >"$work/picture.sh" <<'END'
. ./guest.sh
# traced [OPTION...]: test_hmm comes under a trace; text, page and what is left.
traced() {
	vmemmapwatch --trace --map --html /tmp/page.html --output /tmp/text "$@" -- modprobe test_hmm
	echo $? >/tmp/code
	part text; cat /tmp/text
	part page.html; cat /tmp/page.html
	part code; cat /tmp/code
	part files; ls /tmp
	part layout; vmemmapwatch --layout --json
	facts
}
END

# check_page NAME FILE: as a browser shows it, and each of the report's offenders in it.
check_page() {
	holds "$1: the page is well-formed" xmllint --noout --nonet "$work/$2"
	"$top/tests/page" "$work/$2" 2>"$work/err"
	is "$1: looked at" "$? $(cat "$work/err")" "0 "
}

# check_picture NAME VERDICT: the map, and the page, of a boot's trace.
check_picture() {
	local name=$1 i first last region dir=$work/$1
	is "$name: exit 1" "$(cat "$dir/code")" 1
	is "$name: nothing else is left" "$(xargs <"$dir/files")" "code page.html text"
	sed -n '/^MAP of kernel/,$p' "$dir/text" >"$dir/map"
	sed -n '/^MAP of physical/,$p' "$dir/text" >"$dir/map.physical"
	expect_layout "$name"
	mapfile -t ranges < <(iomem "$name" hmm_dmirror | sort -r)
	holds "$name: there are ranges" test ${#ranges[@]} -ge 1
	while read -r region; do
		holds "$name: the map has $region" grep -qF " $region " "$dir/map"
		holds "$name: the page has $region" grep -qF "<title>$region: " "$dir/page.html"
	done < <(jq -r '.layout.regions[].name' "$dir/layout" | sort -u)
	holds "$name: bounds with their sources, in the map" \
		grep -qE "^$(printf 0x%016x $end) .* VMEMMAP_END \(vmcoreinfo,$" "$dir/map"
	holds "$name: RAM is in the map" grep -q ' RAM ' "$dir/map.physical"
	for ((i = 0; i < ${#ranges[@]}; i++)); do
		read -r first last <<<"${ranges[$i]}"
		expect_pages "$first" "$last"
		is "$name: offender $((i + 1)) is $2" $verdict "$2"
		holds "$name: offender $((i + 1)), its struct pages in the map" grep -qF \
			"struct pages $(printf 0x%016x-0x%016x $pages_start $pages_end)" "$dir/map"
		holds "$name: offender $((i + 1)) is a band of its own" grep -A1 -E \
			"^$(printf 0x%016x $pages_end) " "$dir/map"
		holds "$name: offender $((i + 1)) begins where it does" \
			grep -qE "^$(printf 0x%016x $pages_start) " "$dir/map"
		holds "$name: offender $((i + 1)), its memory in the map" grep -qF \
			"physical $(hex "$first")-$(hex "$last")" "$dir/map.physical"
		holds "$name: offender $((i + 1)), its struct pages in the page" grep -qF \
			"$(printf 0x%016x-0x%016x $pages_start $pages_end)</td>" "$dir/page.html"
		holds "$name: offender $((i + 1)), its memory in the page" grep -qF \
			"$(hex "$first")-$(hex "$last")</td>" "$dir/page.html"
	done
	is "$name: a card each" "$(xmllint --xpath 'count(//article[@class="card bad"])' "$dir/page.html")" \
		${#ranges[@]}
	is "$name: RAM is in the page" "$(xmllint --xpath 'count(//*[@class="band f-ram"])' "$dir/page.html")" \
		"$(iomem "$name" 'System RAM' | wc -l)"
	holds "$name: each has its story" test \
		"$(xmllint --xpath 'count(//article[@class="card bad"]//ol/li)' "$dir/page.html")" -gt 3
	check_page "$name" "$name/page.html"
}

boot above --append nokaslr --add "$work/picture.sh:/root/picture.sh" \
	--add "$top/tests/guest/service.sh:/root/service.sh" <<'END'
. ./picture.sh
traced
part plain; vmemmapwatch --layout --map
vmemmapwatch --layout --json >/tmp/layout.json
part from; vmemmapwatch --layout --map --from /tmp/layout.json
part unwritable; vmemmapwatch --trace --html /nowhere/p -- touch /tmp/ran; echo $?; ls /tmp/ran
. ./service.sh
start
part served; vmemmapwatch --report --map --feed $feed
part served.html; vmemmapwatch --report --html /tmp/page.html --feed $feed >/dev/null; cat /tmp/page.html
part redacted; vmemmapwatch --report --redact --map --feed $feed
part redacted.html; vmemmapwatch --report --redact --html /tmp/page.html --feed $feed >/dev/null; cat /tmp/page.html
stop
END
is "above: the guest lives" "$(cat "$work/above/status")" 0
check_picture above above
is "above: no arrow" "$(grep -c 'past 2^64 it' "$work/above/map")" 0
is "the layout alone has no offender" "$(grep -c OFFENDER "$work/above/plain")" 0
is "the same map from a file, but for RAM" \
	"$(sed '/^MAP of physical/,$d' "$work/above/from")" "$(sed '/^MAP of physical/,$d' "$work/above/plain")"
holds "a file has no iomem, and the map says so" \
	grep -q 'where RAM is, is not known: a file has no' "$work/above/from"
is "a page that cannot be written: exit 2, and COMMAND has not run" \
	"$(cat "$work/above/unwritable")" 2
holds "the service: its map has the offenders" grep -qF OFFENDER "$work/above/served"
is "the service: the same places as the trace's" \
	"$(grep -E "^    (struct pages|physical) " "$work/above/served" | sort)" \
	"$(grep -E "^    (struct pages|physical) " "$work/above/text" | sort)"
check_page "the service" above/served.html
for what in redacted redacted.html; do
	is "$what: no address" "$(grep -noE '0x[89a-f][0-9a-f]{15}' "$work/above/$what")" ""
	holds "$what: says redacted" grep -qw redacted "$work/above/$what"
done
check_page "redacted" above/redacted.html

# With KASLR, of a seed whose struct pages come past 2^64: an arrow, and an oops. Besides
# that trace, all that can be redacted, of other traces and of a service.
cat >"$work/redacted.sh" <<'END'
. ./service.sh
log=/run/log r=/run/r
mkdir -p $r /run/kept /run/vmemmapwatch
trace_redacted() {
	vmemmapwatch --trace --redact --kmsg "$@" 2>/dev/null &
	tracers="$tracers $!"
}
begin() {
	start --redact
	vmemmapwatch --keep --redact --state-directory /run/kept --textfile $r/textfile --feed $feed &
	keeper=$!
	trace_redacted --json=lines >$r/trace.lines
	trace_redacted --json --output $r/trace.json
	trace_redacted --map --html $r/trace.html --output $r/trace
	await 60 sh -c '[ $(grep -c memremap_pages /sys/kernel/debug/kprobes/list) -ge 8 ]'
	await 20 grep -q hello $r/trace.lines
}
clients() {
	vmemmapwatch --report --redact --map --html $r/report.html --feed $feed >$r/report
	vmemmapwatch --report --redact --json --feed $feed >$r/report.json
	timeout 3 vmemmapwatch --follow --feed $feed >$r/follow
	timeout 3 vmemmapwatch --follow --json --feed $feed >$r/feed
	vmemmapwatch --support --redact >$r/support
	vmemmapwatch --support --redact --json >$r/support.json
	vmemmapwatch --layout --redact --html $r/layout.html >$r/layout
	vmemmapwatch --layout --redact --json >$r/layout.json
	vmemmapwatch --layout --redact --map >$r/layout.map
}
end() {
	await 20 sh -c 'cat /run/kept/*.json | grep -q test_hmm'
	kill -INT $tracers
	wait $tracers
	clients
	kill $keeper
	stop
	cat /run/kept/*.json >$r/kept.json
	dmesg | grep -o 'vmemmapwatch: .*' >$r/kmsg
	for file in $r/*; do
		part r.${file##*/}
		cat $file
	done
}
END
boot user --seed 3 --add "$work/picture.sh:/root/picture.sh" \
	--add "$top/tests/guest/service.sh:/root/service.sh" \
	--add "$work/redacted.sh:/root/redacted.sh" --timeout 900 <<'END'
. ./picture.sh
. ./redacted.sh
begin
traced
end
END
is "user: the guest lives" "$(cat "$work/user/status")" 0
check_picture user user
holds "user: an arrow leaves on top" grep -q 'past 2^64 it goes on at 0' "$work/user/map"
holds "user: and comes in at the bottom" grep -qE '^0x0+ .*\+ . from 2\^64, above$' "$work/user/map"
holds "user: to the struct pages" grep -qE '\|# OFFENDER 1, in user .*\|<\. 1: test_hmm, user' "$work/user/map"
holds "user: the arrow of the page" grep -q 'class="wrap"' "$work/user/page.html"

# From nothing that is redacted can be computed where the kernel lies, not even by who
# knows /proc/iomem; and what people need is there.
known=$(sed -nE 's/^ *([0-9a-f]+)-([0-9a-f]+) : (hmm_dmirror|System RAM)$/0x\1,0x\2/p' \
	"$work/user/iomem" | paste -sd,)
holds "what is not redacted gives it away" sh -c \
	"! '$top/tests/attack' '$work/user/layout' --known $known '$work/user/text' >'$work/attack'"
for what in trace{,.html,.json,.lines} report{,.html,.json} follow feed kept.json textfile \
	support{,.json} layout{,.html,.json,.map} kmsg; do
	is "redacted: nothing follows from $what" \
		"$("$top/tests/attack" "$work/user/layout" --known "$known" "$work/user/r.$what" 2>&1)" ""
done
for what in trace{,.html,.json,.lines} report{,.html,.json} follow feed kept.json kmsg; do
	holds "redacted: $what has the verdict" grep -q user "$work/user/r.$what"
done
for what in trace{,.html,.json} report{,.html,.json} kept.json; do
	holds "redacted: $what has module, size and outcome" sh -c \
		"grep -q test_hmm '$work/user/r.$what' && grep -q 65536 '$work/user/r.$what' &&
		grep -q died '$work/user/r.$what'"
done
for what in trace report kept; do
	holds "redacted: $what is valid" sh -c "'$top/tests/schema' report <'$work/user/r.$what.json'"
done
holds "redacted: the feed is valid" sh -c "'$top/tests/schema' feed <'$work/user/r.feed'"
exit $((failures > 0))
