#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The house is in order (tests/house), and each of its checks finds a fault that is
# planted in a copy.
# check: first
. "$(dirname "$0")/../lib.sh"
cd "$top"
set +e
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

is "the house is in order" "$(tests/house . 2>&1)" ""

cp -r .clang-format README.md daemon bpf include tests systemd "$work"

# plant CHECK WHAT FILE SED EXPECTED: FILE of the copy, changed by SED or else made from
# stdin, is found by CHECK.
plant() {
	if [ -n "$4" ]; then
		sed -i "$4" "$work/$3"
	else
		cat >"$work/$3"
	fi
	matches "planted: $2" "$("$work/tests/house" "$work" "$1" 2>&1)" "$5"
	cp "$3" "$work/$3" 2>/dev/null || rm "$work/$3"
}

plant includes "an include that is not from daemon/ on" daemon/base/log.c \
	's|"base/log.h"|"log.h"|' 'base/log.c: "log.h": expected a path'
plant includes "an include against the order" daemon/base/log.c \
	's|"base/log.h"|&\n#include "kernel/btf.h"|' 'kernel is behind base'
plant includes "another folder's internal header" daemon/cli/draw.c \
	's|#include "cli/draw.h"|&\n#include "probe/probe_internal.h"|' 'internal to probe'
plant places "a header without a source" daemon/base/alone.h "" \
	'alone.h: no source stands beside it' <<<'/* */'
plant places "another guard" daemon/base/log.h 's|VMEMMAPWATCH_BASE_LOG_H|VMEMMAPWATCH_LOG_H|' \
	'log.h: expected the guard VMEMMAPWATCH_BASE_LOG_H'
plant places "a file in no folder" daemon/stray.c "" 'stray.c: not in one of the folders' \
	<<<'/* */'
plant places "a name that is taken" daemon/cli/log.c "" 'log.c: has the name of' <<<'/* */'
plant sizes "a small file" daemon/cli/small.c "" 'small.c: 1 lines, expected 40 at least' \
	<<<'/* */'
plant sizes "a long file" daemon/base/log.c '$s|$|'"$(printf '\\n%.0s' {1..600})|" \
	'log.c: [0-9]+ lines, expected 600 at most'
plant sizes "a long function" daemon/base/log.c '0,/^{$/s|^{$|{'"$(printf '\\n\\t;%.0s' {1..60})|" \
	': [0-9]+ lines, expected 60 at most'
plant lists "an exception for a file that is gone" tests/house 's|"base/exit.h"|"base/gone.h"|' \
	'base/gone.h: no such file'
plant format "a line as clang-format would not have it" daemon/base/log.c \
	'0,/^\t/s|^\t|        |' 'log.c: expected as clang-format'
plant documentation "another default" daemon/share/vmemmapwatch.conf \
	's|^#buffer=1M|#buffer=2M|' 'buffer=2M, the option table has 1M'
plant documentation "another port" README.md 's|127.0.0.1:9977|127.0.0.1:9978|' \
	'README.md: port 9978'
plant words "a phrase over two lines" README.md '$s|$|\nIt prints what counts\nand why.|' \
	'README.md: "what counts and why": expected words like'
plant words "a phrase over two strings" daemon/manual/split.h "" \
	'split.h: "may stand behind a blank": expected words like' \
	<<<$'"FILE may stand "\n\t"behind a blank"'
plant words "a phrase in the configuration" daemon/share/vmemmapwatch.conf \
	'$s|$|\n# An offender, and so\n# no offender.|' 'vmemmapwatch.conf: "and so no offender"'
exit $((failures > 0))
