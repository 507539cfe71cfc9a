# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# For tests of --decode on a log in all its forms (tests/decode-forms), with the program as it
# is built for use: there are many.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$top" || exit 1
set +e

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
holds "the program builds" build
for program in build/x86/vmemmapwatch build/arm64/vmemmapwatch; do
	! "$program" --version >/dev/null 2>&1 || break
done

# What is the same of a log in all forms.
found='[.code, .unparsed, (.boots[] |
	(.offenders[] | [.driver, .verdict, .struct_pages, .phys, .warns, .oopses, .stack, .task.comm]),
	(.refused[] | [.phys, .limit, .count]))]'

# with_times RECORDS: as lines "SECONDS.MICROSECONDS TEXT".
with_times() {
	awk '{
		split($0, field, ",")
		sub(/^[^;]*;/, "")
		printf "%d.%06d %s\n", field[3] / 1000000, field[3] % 1000000, $0
	}' "$1"
}

# bad_forms LOG WANTED: each form of LOG of which another document comes, and what.
bad_forms() {
	local file got
	rm -rf "$work/forms"
	tests/decode-forms "$1" "$work/forms" || echo "tests/decode-forms failed"
	for file in "$work"/forms/*; do
		got=$("$program" --decode --json "$file" 2>&1 | jq -c "$found" 2>&1)
		[ "$got" = "$2" ] || echo "$(basename "$file"): $got"
	done
}

# unclean_forms LOG: each form of LOG whose exit status is not 0.
unclean_forms() {
	local file
	rm -rf "$work/forms"
	tests/decode-forms "$1" "$work/forms" || echo "tests/decode-forms failed"
	for file in "$work"/forms/*; do
		"$program" --decode "$file" >"$work/text" 2>&1 ||
			echo "exit $?: ${file##*/}: $(sed -n 2p "$work/text")"
	done
}

# clean_forms LOG: each form of LOG whose exit status is 0.
clean_forms() {
	local file
	rm -rf "$work/forms"
	tests/decode-forms "$1" "$work/forms" || echo "tests/decode-forms failed"
	for file in "$work"/forms/*; do
		! "$program" --decode "$file" >/dev/null 2>&1 || echo "${file##*/} of $(tail -n 3 "$1")"
	done
}
