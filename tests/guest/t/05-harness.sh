#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The harness itself: four clear outcomes, and output as it comes.
. "$(dirname "$0")/../testlib.sh"

run=$top/tests/guest/run
"$run" --append nokaslr -- sh -c 'echo out; echo err >&2; exit 42' >"$work/out" 2>"$work/err"
is "COMMAND's own status" $? 42
is "COMMAND's stdout, alone" "$(cat "$work/out")" out
is "COMMAND's stderr" "$(grep -c '^err$' "$work/err")" 1
holds "a seed is drawn and printed" grep -Eq 'seed [0-9]+' "$work/err"


"$run" --timeout 15 -- sleep 60 >/dev/null 2>"$work/err"
is "a hang" $? 253
matches "a hang, in words" "$(cat "$work/err")" 'hung: COMMAND had not ended after 15 s'

"$run" --append "init=/nothing rdinit=/nothing" -- true >/dev/null 2>"$work/err"
is "a boot failure" $? 251
matches "a boot failure, in words" "$(cat "$work/err")" 'never booted'
holds "a boot failure shows the console's end" grep -q '^guest console: .*Kernel panic' "$work/err"

"$run" -- poweroff -f >/dev/null 2>"$work/err"
is "gone without a status" $? 254

"$run" --kernel nothing -- true >/dev/null 2>"$work/err"
is "no such kernel" $? 250
"$run" --foo >/dev/null 2>"$work/err"
is "no such option" $? 250
one_line "no such option, in one line" "$work/err" '--foo: unknown option'
exit $((failures > 0))
