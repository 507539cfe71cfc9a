#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --output and --html in folders where others may write, over files of others, into
# FIFOs, beyond limits, and ended by every signal. As root and as nobody.
# check: seconds=10
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
set +e
umask 022

out=build/sanitized
program=$top/$out/vmemmapwatch
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
holds "the program builds" build_sanitized $out/vmemmapwatch
cp "$program" tests/data/layout-6.1.json "$work"
program=$work/vmemmapwatch
chmod 755 "$work"
cd "$work" || exit 1
layout=$work/layout-6.1.json

# give text|page FILE: a document into FILE; code and what it says are left in ./said.
give() {
	local option=--output
	[ "$1" = text ] || option=--html
	timeout -k 1 20 "$program" --layout --from "$layout" $option "$2" >said.out 2>said.err
	echo "$? $(cat said.err)" >said
}

# gives WHAT text|page FILE: it is written.
gives() {
	give "$2" "$3"
	is "$1: exit 0, nothing to say" "$(cat said)" "0 "
	holds "$1: it is there" grep -qE 'VMEMMAP_END' "$3"
}

# refuses WHAT text|page FILE WORDS: exit 2, one line that ends with WORDS.
refuses() {
	give "$2" "$3"
	matches "$1: refused" "$(cat said)" "^2 vmemmapwatch: [^ ]*: cannot be written: $4\$"
}

# state FILE: type, mode, owner, content.
state() {
	stat -c '%F %a %u:%g' "$1"
	cat "$1"
}

as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"
}

attacks() {
	local kind=$1 before
	before=$(state secret)
	as_nobody ln -s "$work/secret" sticky/link
	refuses "$kind: a link of another user" $kind sticky/link "a link of another user .*"
	is "$kind: what it leads to is as before" "$(state secret)" "$before"
	as_nobody ln -s "$work/new" sticky/dangling
	refuses "$kind: a link to nothing" $kind sticky/dangling "a link of another user .*"
	holds "$kind: which stays so" test ! -e new
	as_nobody ln -s "$work" sticky/folder
	refuses "$kind: a link among the folders" $kind sticky/folder/new "a link of another user .*"
	holds "$kind: nothing is made behind it" test ! -e new
	as_nobody ln -s link sticky/second
	ln -s sticky/second mine
	refuses "$kind: a link to a link to it" $kind mine "a link of another user .*"
	is "$kind: that is as before, too" "$(state secret)" "$before"
	as_nobody sh -c 'echo theirs >sticky/file'
	before=$(state sticky/file)
	refuses "$kind: a file of another user" $kind sticky/file "it is another user's, .*"
	is "$kind: which is as before" "$(state sticky/file)" "$before"
	as_nobody mkfifo sticky/fifo
	refuses "$kind: a FIFO of another user" $kind sticky/fifo "it is another user's, .*"
	ln -s ../secret sticky/ours
	chmod 640 secret
	gives "$kind: a link of our own" $kind sticky/ours
	is "$kind: which stays a link" "$(readlink sticky/ours)" ../secret
	is "$kind: mode and owner are kept" "$(stat -c '%a %u:%g' secret)" "640 0:0"
	rm -rf sticky/* mine
	echo secret >secret
	chmod 600 secret
}

owners() {
	echo old >theirs
	chown 65534:65533 theirs
	chmod 604 theirs
	gives "a file of another user, in a folder of ours" text theirs
	is "it stays his, with its mode" "$(stat -c '%a %u:%g' theirs)" "604 65534:65533"
	mkdir -m 777 open
	echo old >open/roots
	as_nobody "$program" --layout --from "$layout" --output open/roots >/dev/null 2>said
	is "whose owner we cannot keep: refused" "$? $(cat said)" \
		"2 vmemmapwatch: open/roots: cannot be written: its owner cannot be kept"
	is "it is as before" "$(state open/roots)" "$(printf 'regular file 644 0:0\nold')"
	mkdir -m 700 closed
	echo old >closed/file
	as_nobody "$program" --layout --from "$layout" --output closed/file >/dev/null 2>said
	is "a folder that is closed to us" "$? $(cat said)" \
		"2 vmemmapwatch: closed/file: cannot be written: Permission denied"
}

if [ "$(id -u)" = 0 ]; then
	mkdir -m 1777 sticky
	echo secret >secret
	chmod 600 secret
	attacks text
	attacks page
	owners
else
	skip "files of other users" "not root"
fi

# Names that are there, or not.
mkdir folder
ln -s loop loop
refuses "links in a circle" text loop "Too many levels of symbolic links"
refuses "a folder" text folder "Is a directory"
refuses "a name with a slash behind it" text folder/ "Is a directory"
refuses "a folder that is not there" text no/such "No such file or directory"
refuses "a file as a folder" text layout-6.1.json/x "Not a directory"
(umask 027 && give text folder/new)
is "a new file: readable as the umask has it" "$(stat -c %a folder/new)" 640
long=$(printf '%0255d' 0)
gives "the longest name" text "folder/$long"
ln -s "$work/folder/../folder//absolute" folder/link
gives "an absolute link to a new file" text folder/link
is "it is where the link leads to" "$(stat -c %F folder/absolute folder/link | xargs)" "regular file symbolic link"
rm folder/*
for option in --output --html; do
	"$program" --trace $option "" -- touch ran 2>said
	is "$option with an empty name" "$? $(cat said)" "2 vmemmapwatch: $option=: expected the name of a file"
done
holds "COMMAND has not run" test ! -e ran

# What is no file.
gives_stdout() {
	echo before >log
	"$program" --layout --from "$layout" --output "$1" >>log
	is "$1 of a file: written behind what is there" "$? $(head -n 1 log) $(grep -c '^LAYOUT of' log)" "0 before 1"
}
gives_stdout /dev/stdout
gives_stdout /proc/self/fd/1
gives_stdout /dev/fd/1
give text /dev/null
is "/dev/null" "$(cat said) $(stat -c %F /dev/null)" "0  character special file"
mkfifo pipe
timeout -k 1 20 cat pipe >got &
give text pipe
wait
is "a FIFO with a reader" "$(cat said)" "0 "
holds "the reader has it" grep -q VMEMMAP_END got
rm -f got

# Both FIFOs: one waits for its reader, and a signal ends that.
timeout -s INT -k 5 1 "$program" --layout --from "$layout" --output pipe
is "a FIFO without a reader: SIGINT ends it" $? 124

# Killed while it waits, with a page that is written to: nothing is left of it.
for signal in HUP INT QUIT TERM ABRT SEGV USR1 ALRM KILL; do
	timeout -s $signal -k 5 0.5 "$program" --layout --from "$layout" --html folder/page --output pipe 2>/dev/null
	is "SIG$signal: nothing is left" "$(ls -A folder)" ""
done

# Larger than may be.
for kind in text page; do
	(ulimit -f 1 && give $kind folder/doc)
	matches "$kind beyond RLIMIT_FSIZE: an error" "$(cat said)" '^2 .*cannot be written: File too large'
	is "$kind beyond RLIMIT_FSIZE: nothing is left" "$(ls -A folder)" ""
done
exit $((failures > 0))
