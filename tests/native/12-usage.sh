#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The command line as people type it: help that fits a terminal, mistakes that are named with
# their fix, readers that leave, outputs that are full.
# check: seconds=4
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
set +e

out=build/sanitized
holds "the program builds" build_sanitized $out/vmemmapwatch
program=$top/$out/vmemmapwatch
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
data=$top/tests/data
cd "$work" || exit 1

# try [ARG...]: code, stdout and stderr are left in ./code, ./out and ./err.
try() {
	"$program" "$@" >out 2>err
	echo $? >code
}

# mistake WHAT REGEX ARG...: exit 2, nothing on stdout, one line that matches.
mistake() {
	local what=$1 regex=$2
	shift 2
	try "$@"
	is "$what: exit 2" "$(cat code) $(wc -c <out)" "2 0"
	one_line "$what: one line" err "^vmemmapwatch: $regex\$"
}

try
is "alone: exit 2, on stderr" "$(cat code) $(wc -c <out)" "2 0"
is "alone: five commands" "$(grep -c '^  vmemmapwatch [a-z]' err)" 5
# What is shown there is a mode.
while read -r _ mode _; do
	try --help "$mode"
	is "alone: $mode has a help" "$(cat code) $(head -n 1 out | cut -d' ' -f1-3)" "0 Usage: vmemmapwatch $mode"
done < <("$program" 2>&1 | grep '^  vmemmapwatch')

try --help
is "--help: exit 0, nothing on stderr" "$(cat code) $(wc -c <err)" "0 0"
holds "--help: two screens of 24 lines" test "$(wc -l <out)" -le 48
is "--help: 80 columns" "$(grep -E '.{81}' out)" ""
is "--help: in groups" "$(grep -c '^\(Everyday\|Offline\|Service\).*:$' out)" 3
modes=$(awk '/ modes/ || /^Service/ { on = 1 } /^Options/ { on = 0 } on && /^  / { print $1 }' out)
is "--help: all modes" "$(wc -w <<<"$modes")" \
	"$(grep -c '^MODE(' "$top/daemon/cli/option_rows.h")"
cp out help
for form in -h help; do
	try $form
	holds "$form: the same" cmp out help
done
for mode in $modes; do
	try --help "$mode"
	is "--help $mode: exit 0, 80 columns" "$(cat code) $(grep -E '.{81}' out)" "0 "
	head -n 1 out >first
	one_line "--help $mode: of that mode" first "^Usage: vmemmapwatch $mode "
	cp out first
	for form in "$mode --help" "--$mode --help" "help $mode" "--help=$mode" "$mode -h"; do
		# shellcheck disable=SC2086
		try $form
		holds "$form: the same" cmp out first
	done
	sed -n 's/^ *\(-[a-z],\)\? *--\(\[no-\]\)\?\([a-z-]*\).*/\3/p' out >>of_modes
done
try --help all
is "--help all: exit 0, 80 columns" "$(cat code) $(grep -E '.{81}' out)" "0 "
is "--help all: each option of a mode" \
	"$(sed -n 's/^ *\(-[a-z],\)\? *--\(\[no-\]\)\?\([a-z-]*\).*/\3/p' out | sort -u | grep -vxE 'help|version' | xargs)" \
	"$(sort -u of_modes | xargs)"
try --help trace
is "--help trace: what goes with it, and nothing else" \
	"$(grep -c -- '--\(driver\|settle\)=' out) $(grep -c -- '--\(listen\|from\)=' out)" "2 0"
mistake "--help nosuch" 'nosuch: unknown mode \(see --help\)' --help nosuch
mistake "--help dekode" 'dekode: unknown mode; did you mean decode\?' --help dekode

mistake "near a mode" '--trce: unknown option; did you mean --trace\?' --trce
mistake "near an option" '--ouput=f: unknown option; did you mean --output\?' layout --ouput=f
mistake "near a word" 'lay-out: unknown mode; did you mean layout\?' lay-out
mistake "near nothing" '--xyzzyxyzzy: unknown option \(see --help\)' --xyzzyxyzzy
mistake "the beginning of several" '--re: expected one of --rea.*, --report, --redact' --re
mistake "an unknown letter" '-z: unknown option \(see --help\)' layout -z
mistake "an unknown letter before others" '-z: unknown option \(see --help\)' layout --map -zj
mistake "a value of --version" '--version=1: expected no value' --version=1
mistake "a value of a switch" '--map=5: --map takes no value' layout --map=5
mistake "a letter without its value" '-o: expected a value, as -o FILE' layout -o
mistake "no mode" 'expected a mode, such as trace, .*' --json
mistake "a COMMAND without a mode" 'modprobe: expected a mode before it, such as trace .*' modprobe x
mistake "a mode with a value" '--trace=modprobe: expected --trace \[-- COMMAND...\]' --trace=modprobe
mistake "a mode without operands" '--layout=f: expected --layout without a value' --layout=f
mistake "an option of another mode" '--listen: works only with --daemon, .*' trace --listen=127.0.0.1:80
mistake "two logs" 'b: --decode takes one FILE only' decode a b
mistake "two files" 'b: --check-config takes one FILE only' check-config a b
mistake "a port" '--listen=127.0.0.1:65536: expected a PORT from 1 to 65535' metrics --listen=127.0.0.1:65536
mistake "a size" '--buffer=1KB: expected a power of two .*' trace --buffer=1KB
mistake "two kinds of output" '--map cannot be combined with --json; use --html' layout --map --json
mistake "a page on stdout" '--html=-: expected a file, .*' layout --html=-
mistake "a log that is not there" '/no/such/log: No such file or directory' decode /no/such/log

# Whose is it? Both are said before it is found out that this is no arm64, or no root.
try trace modprobe x --json
holds "an option behind COMMAND" grep -qx 'vmemmapwatch: --json goes to modprobe; write options of vmemmapwatch before COMMAND' err
for command in "trace -q modprobe x --json" "trace -- modprobe x --json" "trace modprobe x --first-time"; do
	# shellcheck disable=SC2086
	try $command
	is "$command: no word of it" "$(grep -c 'goes to' err)" 0
done

printf 'kmsg=maybe\n' >bad.conf
printf 'keep-size=1GiB\nbuffer=64KiB\n' >good.conf
for form in "check-config FILE" "--check-config FILE" "--check-config=FILE" "check-config -- FILE"; do
	# shellcheck disable=SC2086
	try ${form/FILE/good.conf}
	is "$form: exit 0, nothing to say" "$(cat code out err)" 0
	mistake "$form, a bad one" 'bad.conf: line 1: kmsg: expected yes or no, not "maybe"' ${form/FILE/bad.conf}
done

layout="layout --from $data/layout-6.1.json"
# shellcheck disable=SC2086
try $layout
cp out plain
for form in "-o -" "--output -" "--output=-" "-q" "--no-verbose"; do
	# shellcheck disable=SC2086
	try $layout $form
	holds "$form: the same on stdout" cmp out plain
done
is "no file of that name" "$(ls -A ./-* 2>/dev/null)" ""
# shellcheck disable=SC2086
try $layout -jo doc
holds "-jo: a document in a file" jq -e .layout doc

# shellcheck disable=SC2086
"$program" $layout >text 2>/dev/null
mistake "--from with our text" '.*: expected JSON, not the text of --layout .*: save it with --layout --json' \
	explain 0x1 --from text

# A reader that leaves is no error, and nobody is told; what goes elsewhere is complete.
for form in "" "--json" "--map"; do
	# shellcheck disable=SC2086
	"$program" $layout $form --html page.html 2>err | true
	is "a reader that left, $form: silent, exit 0" "${PIPESTATUS[0]} $(cat err)" "0 "
	holds "a reader that left, $form: the page is complete" grep -q '</html>' page.html
	rm page.html
	is "a reader that left, $form: no temporary file" "$(ls -A | grep -c page)" 0
done
# More than a pipe holds.
"$program" --help all | true
is "--help to a reader that left: exit 0" "${PIPESTATUS[0]}" 0
"$program" explain --from "$data/layout-6.1.json" $(seq 0x10000 0x10800) 2>err | head -n 1 >first
is "much to a reader that leaves: silent, exit 0" "${PIPESTATUS[0]} $(cat err)" "0 "
for form in "--help" "--version" "layout --from $data/layout-6.1.json" "explain 0x1 --from $data/layout-6.1.json" \
	"print-config --config=/dev/null" "decode /dev/null"; do
	# shellcheck disable=SC2086
	"$program" $form 2>err >/dev/full
	is "$form: a full output is exit 2" $? 2
	one_line "$form: and one line" err '^vmemmapwatch: stdout: cannot be written: No space left on device$'
done

# What is no struct page is explained as what it is.
try explain --json --from "$data/layout-6.1.json" 0x1000 0xffff000000001000 0xfffffc0000000000
is "explain: user space, the linear map, vmemmap" \
	"$(jq -r '.explained[] | .regions[0], .is_struct_page, .maps_phys // "-"' out | xargs)" \
	"user false - linear map false 0x40001000 vmemmap true -"
try explain --from "$data/layout-6.1.json" 0x1000
is "explain: of user space no distance from vmemmap" "$(grep -c 'bytes above\|verdict' out)" 0
exit $((failures > 0))
