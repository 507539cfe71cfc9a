#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Map and page of a synthetic report that has some of everything, and of layouts from
# files: well-formed, nothing in them that a hostile name has put there, and as a real
# browser shows it.
# check: seconds=10
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
set +e

out=build/sanitized
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
holds "the program that prints builds" build_sanitized $out/tests/test_picture \
	$out/vmemmapwatch
printed=$out/tests/test_picture
program=$out/vmemmapwatch

for what in all wrapped layout "all redacted"; do
	page="$work/${what// /-}.html"
	# shellcheck disable=SC2086
	holds "page of $what" sh -c "$printed html $what >$page"
	holds "page of $what: well-formed" xmllint --noout --nonet "$page"
	is "page of $what: fetches nothing" \
		"$(grep -noiE '(src|href)="[^#d][^"]*"|url\(|@import|https?://|<script|<iframe|<object' "$page")" ""
	is "page of $what: ASCII" "$(LC_ALL=C grep -n '[^ -~]' "$page")" ""
	tests/page "$page" 2>"$work/err"
	status=$?
	is "page of $what: looked at" "$status $(cat "$work/err")" "0 "
done
holds "hostile names are told, and escaped" grep -qF 'a&quot;\/\x01\x0a\xff\xfe\xc3(' "$work/all.html"
is "sections of the page" "$(xmllint --xpath '//h2/@id' "$work/all.html" | tr -d '" \n')" \
	"id=mapid=whyid=offendersid=othersid=lossesid=layout"
is "a card for each offender" "$(xmllint --xpath 'count(//article[@class="card bad"])' "$work/all.html")" 7
is "each is numbered" "$(xmllint --xpath '//article//span[@class="badge"]/text()' "$work/all.html" | xargs)" \
	"1 2 3 4 5 6 7"
is "refused requests, with two that were given no range" "$(xmllint --xpath \
	'count(//article[starts-with(h3, "REFUSED")])' "$work/all.html")" 3
is "stacks are folded" "$(xmllint --xpath 'count(//details[summary="Stack"][@open])' "$work/all.html")" 0
holds "there are stacks" test "$(xmllint --xpath 'count(//details[summary="Stack"])' "$work/all.html")" -ge 5
holds "there are timelines" test "$(xmllint --xpath 'count(//ol[@class="story"])' "$work/all.html")" -ge 7
is "no request, no card: the layout alone" \
	"$(xmllint --xpath '//h2/@id' "$work/layout.html" | tr -d '" \n')" "id=mapid=layout"

# The program itself, with files: each region under its name, in both pictures.
for file in layout-6.1.json vmcoreinfo-6.1-48bit table-48bit table-39bit; do
	$program --layout --map --from tests/data/$file >"$work/map" 2>"$work/err"
	is "$file: map, exit 0, nothing to say" "$? $(cat "$work/err")" "0 "
	$program --layout --html "$work/page.html" --from tests/data/$file >"$work/text" 2>"$work/err"
	is "$file: page, exit 0, nothing to say" "$? $(cat "$work/err")" "0 "
	holds "$file: the layout is printed, too" grep -q '^LAYOUT of' "$work/text"
	holds "$file: well-formed" xmllint --noout --nonet "$work/page.html"
	wanted=$($program --layout --json --from tests/data/$file | jq -r '.layout.regions[].name' | sort -u)
	while read -r region; do
		holds "$file: the map has $region" grep -qF " $region " "$work/map"
		holds "$file: the page has $region" grep -qF "<title>$region: " "$work/page.html"
	done <<<"$wanted"
	is "$file: no line of the map is wider than 80" "$(grep -E '.{81}' "$work/map")" ""
done

# On a terminal, in a pipe, and as the environment has it.
map="$program --layout --map --from tests/data/layout-6.1.json"
# In a terminal of 100 columns; script(1) makes one.
terminal() {
	script -qec "stty cols 100; $1 $map" /dev/null </dev/null | tr -d '\r'
}
is "a pipe has no colour" "$(LANG=C.UTF-8 TERM=xterm $map | grep -c $'\033')" 0
holds "a terminal has" test "$(terminal 'TERM=xterm LC_ALL=C.UTF-8' | grep -c $'\033')" -gt 10
is "not with NO_COLOR" "$(terminal 'NO_COLOR=1 TERM=xterm LC_ALL=C.UTF-8' | grep -c $'\033')" 0
is "nor with TERM=dumb" "$(terminal 'TERM=dumb LC_ALL=C.UTF-8' | grep -c $'\033')" 0
holds "UTF-8 where the locale says so" grep -q '├' <(LC_ALL=C.UTF-8 $map)
holds "by its name alone" grep -q '├' <(LC_ALL='' LC_CTYPE='' LANG=xx_XX.utf8 $map)
is "else ASCII" "$(LC_ALL=C $map | LC_ALL=C grep -n '[^ -~]')" ""
is "LC_ALL is stronger than LANG" "$(LC_ALL=C LANG=C.UTF-8 $map | LC_ALL=C grep -n '[^ -~]')" ""
width() {
	LC_ALL=C awk '{ if (length > n) n = length } END { print n }'
}
holds "a terminal's width is used" test \
	"$(terminal 'NO_COLOR=1 TERM=xterm LC_ALL=C' | width)" -gt 82
is "COLUMNS of a pipe: no more" "$(COLUMNS=60 LC_ALL=C $map | awk 'length > 60')" ""
holds "the map goes where --output says" sh -c "$map --output $work/out && grep -q VMEMMAP_END $work/out"

# What cannot be: one line, exit 2, and the page that was there is whole.
fails() {
	local what=$1 regex=$2
	shift 2
	"$program" "$@" >/dev/null 2>"$work/err"
	is "$what: exit 2" $? 2
	one_line "$what: one line" "$work/err" "$regex"
}
from=(--from tests/data/layout-6.1.json)
fails "a folder that is not there" '^vmemmapwatch: --html=/nowhere/p: cannot be written: No such' \
	--layout "${from[@]}" --html /nowhere/p
fails "a folder for a page" '^vmemmapwatch: --html=/tmp: cannot be written: Is a directory' \
	--layout "${from[@]}" --html /tmp
fails "no space" '^vmemmapwatch: --html=/dev/full: cannot be written: No space' \
	--layout "${from[@]}" --html /dev/full
fails "no name" '^vmemmapwatch: --html=: expected the name of a file' \
	--layout "${from[@]}" --html=
fails "beside --json" '^vmemmapwatch: --map cannot be combined with --json; use --html' --layout --json --map "${from[@]}"
fails "where report and page are one" '^vmemmapwatch: --html=x: expected another file' \
	--layout "${from[@]}" --html=x --output=x
fails "with a mode that has none" '^vmemmapwatch: --map: works only with --trace, ' --explain --map 0x1
echo old >"$work/page"
"$program" --layout --from tests/data/layout-6.1.json --html "$work/page" --output /nowhere/x 2>/dev/null
is "the text cannot be written: the page is as it was" "$(cat "$work/page")" old
is "and nothing is left over" "$(find "$work" -name 'page.??????' | wc -l)" 0
exit $((failures > 0))
