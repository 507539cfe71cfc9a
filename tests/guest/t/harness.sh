#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The harness itself: four clear outcomes, and output as it comes.
# check: kernels=hmm-6.1 seconds=30 waits
. "$(dirname "$0")/../testlib.sh"

run=$top/tests/guest/run
"$run" --append nokaslr -- sh -c 'echo out; echo err >&2; exit 42' >"$work/out" 2>"$work/err"
is "COMMAND's own status" $? 42
is "COMMAND's stdout, alone" "$(cat "$work/out")" out
is "COMMAND's stderr" "$(grep -c '^err$' "$work/err")" 1
holds "a seed is drawn and printed" grep -Eq 'seed [0-9]+' "$work/err"

# An Image has no folder of modules beside it, whatever this machine has in /boot.
"$run" --kernel "$("$top/tests/guest/kernel" hmm-6.1)/Image" -- echo out >"$work/out" 2>"$work/err"
is "an Image by its path" "$? $(cat "$work/out")" "0 out"

# A shell on a terminal: Ctrl-C ends what runs in the guest, and not the guest.
mkfifo "$work/keys"
touch "$work/screen"
timeout 120 script -qefc "$run" "$work/screen" <"$work/keys" >/dev/null 2>&1 &
exec 4>"$work/keys"
shows() {
	for ((i = 0; i < 300; i++)); do
		grep -aq "$1" "$work/screen" && return
		sleep 0.2
	done
	return 1
}
# type WORDS: as typed, and Enter.
type() {
	printf '%s\r' "$*" >&4
}
shows '# ' && type 'echo begun-$((6 * 7)); sleep 1000' && shows begun-42
printf '\003' >&4
type 'echo alive-$((6 * 7))'
holds "Ctrl-C reaches the guest's terminal" shows alive-42
type exit
exec 4>&-
wait %%
is "exit ends the guest" $? 0

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
"$run" --icount -- nproc >"$work/out" 2>/dev/null
is "--icount has one CPU" "$(cat "$work/out")" 1

# A guest that answers on a forwarded port of this machine's loopback.
port=$((20000 + RANDOM % 10000))
"$run" --forward $port:7 -- sh -c 'echo hello | nc -l -p 7 >/tmp/got; cat /tmp/got' \
	>"$work/out" 2>/dev/null &
for ((i = 0; i < 300; i++)); do
	sleep 0.3
	answer=$( (exec 3<>/dev/tcp/127.0.0.1/$port && echo there >&3 && timeout 5 head -n 1 <&3) 2>/dev/null)
	[ -z "$answer" ] || break
done
wait
is "--forward reaches the guest" "$answer" hello
is "--forward reaches this machine" "$(cat "$work/out")" there

"$run" --foo >/dev/null 2>"$work/err"
is "no such option" $? 250
one_line "no such option, in one line" "$work/err" '--foo: unknown option'
exit $((failures > 0))
