#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The manual pages and README: they are well-formed, list what the tables have, refer to
# what exists, and README is short.
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
set +e
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

arch=$(uname -m | sed 's/x86_64/x86/; s/aarch64/arm64/')
holds "it builds and installs" build DESTDIR="$work" PREFIX=/usr install
manual=$work/usr/share/man
program=build/$arch/vmemmapwatch

is "each page is installed in its section" \
	"$(cd "$manual" && find . -type f | sed 's|^\./man\([0-9]\)/\(.*\)\.\1$|\2.\1|' | sort)" \
	"$(cd daemon/manual && printf '%s\n' *.in | sed 's/\.in$//' | sort)"
for page in "$manual"/man?/*; do
	name=${page##*/}
	is "$name: groff has nothing to say" "$(groff -man -Tascii -ww -z "$page" 2>&1)" ""
	is "$name: mandoc has nothing to say" "$(mandoc -Tlint -W warning "$page" 2>&1)" ""
	is "$name: nothing was left to fill in" "$(grep -n '@[A-Z]*@$' "$page")" ""
	is "$name: pages of ours that it refers to exist" "$(grep -oE '(vmemmapwatch[\\.a-z-]*) ?\([0-9]\)' "$page" |
		tr -d '\\ ' | sed 's/(\(.\))/.\1/' | sort -u |
		while read -r other; do [ -e "$manual/man${other##*.}/$other" ] || echo "$other"; done)" ""
done

# entries PAGE SECTION: the terms of its lists, without formatting.
entries() {
	awk -v section="$2" '/^\.SH/ { on = $0 == ".SH " section } on && term { print } { term = /^\.TP/ }' \
		"$manual/man${1##*.}/$1" | sed 's/^\.[A-Z]* //; s/\\-/-/g; s/\\f.//g; s/ =/=/'
}

# groff's man macros: \- is the minus of an option.
for option in $("$program" --help all | grep -o -- '--[a-z-]*[a-z]' | sort -u) \
	$(sed -n 's/^MODE([a-z_]*, "\([a-z-]*\)",.*/--\1/p' daemon/cli/option_rows.h); do
	holds "vmemmapwatch(8) has $option" \
		grep -qF -- "${option//-/\\-}" "$manual/man8/vmemmapwatch.8"
done
is "vmemmapwatch.conf(5) has the keys, in the order of --print-config" \
	"$(entries vmemmapwatch.conf.5 KEYS | sed 's/=.*//')" \
	"$("$program" --config /dev/null --print-config | sed -n 's/^\([a-z].*\)=.*/\1/p')"
is "vmemmapwatch-probes(7) has an entry for each row of the table" \
	"$(entries vmemmapwatch-probes.7 PROBES | wc -l)" \
	"$(grep -cE '^	VMW_(PROBE|CALLER|RETURN)\([A-Za-z0-9_]+, ' include/vmemmapwatch/probes.h)"
for kind in $(sed -n '/define VMW_KINDS/,/define VMW_RETURN_KINDS/s/.*VMW_KIND([A-Z_]*, "\(.*\)").*/\1/p' \
	include/vmemmapwatch/probes.h | tr ' ' -); do
	holds "vmemmapwatch-probes(7) explains the kind $kind" \
		grep -qwF -- "$kind" <<<"$(entries vmemmapwatch-probes.7 "A PROBE OF YOUR OWN")"
done
for status in $(sed -n 's/^	VMW_EXIT_[A-Z_]* = \([0-9]*\),.*/\1/p' daemon/base/exit.h); do
	holds "vmemmapwatch(8) has exit status $status" \
		grep -qx "$status" <<<"$(entries vmemmapwatch.8 "EXIT STATUS")"
	holds "README has exit status $status" grep -qE "(^Exit status: |; |^)$status " README.md
done

holds "README has 200 lines at most" test "$(wc -l <README.md)" -le 200
for file in $(grep -oE '(\]\(|src=")[^")]+' README.md | sed 's/^](//; s/^src="//'); do
	holds "README: $file exists" test -e "$file"
done
# The packages have a test of their own.
for target in $(sed -nE 's/^make ([a-z-]+).*/\1/p' README.md | sort -u); do
	holds "README: make knows $target" make -n "$target"
done
exit $((failures > 0))
