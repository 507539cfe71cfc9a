# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What tests share: they print "ok - WHAT", "not ok - WHAT" or
# "skip - WHAT # WHY", which tests/check counts, and go on; "note - WHAT" it shows.

. "$(dirname "${BASH_SOURCE[0]}")/guest/lib.sh"

failures=0

# build_from FOLDER CHANGED [ARGUMENT...]: another build of vmemmapwatch for arm64 in FOLDER,
# by make with ARGUMENTs, of which only the objects CHANGED, and what is made of them, differ
# from build/arm64: these are made to look old.
build_from() {
	local folder=$1 changed=$2
	shift 2
	rm -rf "${folder:?}"
	cp -a build/arm64 "$folder" &&
		find "$folder" -name '*.d' -exec sed -i "s,build/arm64,$folder,g" {} + &&
		find "$folder" -path "$folder/$changed" -exec touch -d @0 {} + &&
		build ARCH=arm64 OUT="$folder" "$@" "$folder/vmemmapwatch"
}

# build_sanitized TARGET...: by clang, with ASan, UBSan and what fuzzers follow, once for
# all tests that want it, into build/sanitized.
build_sanitized() {
	build "$@" OUT=build/sanitized CC="${CLANG:-clang}" \
		CFLAGS="-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all"
}

pass() {
	printf 'ok - %s\n' "$1"
}

fail() {
	failures=$((failures + 1))
	printf 'not ok - %s\n' "$1"
	shift
	[ $# -eq 0 ] || printf '    %s\n' "$@"
}

skip() {
	printf 'skip - %s # %s\n' "$1" "$2"
}

# say WHAT: what a reader of the run wants to know, seeds and rates for example.
say() {
	printf 'note - %s\n' "$*"
}

# is WHAT GOT WANTED
is() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "got    $2" "wanted $3"
	fi
}

# matches WHAT TEXT REGEX
matches() {
	if [[ $2 =~ $3 ]]; then
		pass "$1"
	else
		fail "$1" "got    $2" "wanted $3"
	fi
}

# holds WHAT COMMAND...: the command succeeds.
holds() {
	local what=$1 output
	shift
	if output=$("$@" 2>&1); then
		pass "$what"
	else
		fail "$what" "failed: $*" "$output"
	fi
}

# one_line WHAT FILE REGEX: FILE is exactly one line, and it matches.
one_line() {
	if [ "$(wc -l <"$2")" = 1 ] && grep -Eq -- "$3" "$2"; then
		pass "$1"
	else
		fail "$1" "wanted one line matching $3, got:" "$(cat "$2")"
	fi
}
