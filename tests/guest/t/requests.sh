#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What becomes of requests: refused ones are no offence, the direct caller is
# named though its text is gone, and a lost record is a loss that is shown.
# check: kernels=hmm-6.1 seconds=20
. "$(dirname "$0")/../testlib.sh"

boot requests --append nokaslr <<'END'
. ./guest.sh
cd /root
dmesg -c >/dev/null
vmemmapwatch --trace --json --kmsg --output /tmp/refused -- insmod vmw_refused.ko
echo $? >/tmp/code
part refused; cat /tmp/refused
part refused_code; cat /tmp/code
part refused_dmesg; dmesg -c
vmemmapwatch --trace -- insmod vmw_refused.ko
part refused_text_end
dmesg -c >/dev/null
vmemmapwatch --trace --json --output /tmp/private -- \
	insmod vmw_refused.ko private=1 start=0x1000000000000
echo $? >/tmp/code
part private; cat /tmp/private
part private_code; cat /tmp/code
part private_dmesg; dmesg -c
vmemmapwatch --trace --json --output /tmp/direct -- insmod vmw_direct.ko
echo $? >/tmp/code
part direct; cat /tmp/direct
part direct_code; cat /tmp/code
vmemmapwatch --trace --json=lines >/tmp/lines -- rmmod vmw_direct
echo $? >/tmp/code
part lines; cat /tmp/lines
part lines_code; cat /tmp/code
facts

# Lines are there while the trace goes on: insmod ends, the trace waits.
vmemmapwatch --trace --json=lines >/tmp/stream 2>/tmp/err -- sh -c "insmod $test_hmm; sleep 600" &
tries=0
# One that was there before, of vmw_direct, comes first.
until grep '"type":"offender"' /tmp/stream | grep -q test_hmm || [ $tries -gt 100 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
kill -0 $! && part stream_alive
part stream; cat /tmp/stream
kill $!
wait $!
code=$?
part stream_code; echo $code
rmmod test_hmm

# A daemon that cannot read while records come in: stopped, with the smallest
# ring buffer there is.
vmemmapwatch --trace --json --buffer 4K --output /tmp/lost -- sh -c '
	kill -STOP $PPID
	insmod vmw_refused.ko times=5
	kill -CONT $PPID'
echo $? >/tmp/code
part lost; cat /tmp/lost
part lost_code; cat /tmp/code
END
r=requests
is "the guest lives" "$(cat "$work/$r/status")" 0

cp "$work/$r/refused" "$work/$r/doc"
is "refused: exit 0" "$(cat "$work/$r/refused_code")" 0
is "refused: no offender" "$(json $r '.offenders | length')" 0
# busybox's insmod tries a second system call when the first one fails.
is "refused: listed apart, as often as the kernel log has it" \
	"$(json $r '.refused | length')" \
	"$(grep -c 'exceeds maximum addressable range' "$work/$r/refused_dmesg")"
is "refused: by name, type and errno" \
	"$(json $r '.refused[0] | .driver, .memory_type, .outcome, .errno.name' | xargs)" \
	"vmw_refused generic refused EINVAL"
is "refused: what was asked for" "$(json $r '.refused[0].ranges[0].phys | .start + " " + .last')" \
	"0xf00000000000 0xf00007ffffff"
limit=$(sed -n 's/.*exceeds maximum addressable range \[\(0x[0-9a-f]*\)-\(0x[0-9a-f]*\)\].*/\1 \2/p' \
	"$work/$r/refused_dmesg" | sort -u)
is "refused: the limit is the one in the kernel log" \
	"$(json $r '.refused[0].limit | .start + " " + .last')" "$limit"
is "refused: no line in the kernel log" "$(grep -c 'vmemmapwatch:' "$work/$r/refused_dmesg")" 0
matches "refused: the text says it" "$(grep -A 8 '^REFUSED' "$work/$r/stdout" | grep outcome)" \
	"refused, EINVAL, the kernel allows 0x"

cp "$work/$r/private" "$work/$r/doc"
is "private: exit 0" "$(cat "$work/$r/private_code")" 0
is "private: refused, with the limit in the kernel log, which we derive" \
	"$(json $r '.refused[0] | .memory_type, .errno.name, .limit.start, .limit.last, .limit.origin' | xargs)" \
	"private EINVAL $(sed -n 's/.*exceeds maximum addressable range \[\(0x[0-9a-f]*\)-\(0x[0-9a-f]*\)\].*/\1 \2/p' "$work/$r/private_dmesg" | sort -u) derived"

cp "$work/$r/direct" "$work/$r/doc"
is "direct: exit 1" "$(cat "$work/$r/direct_code")" 1
is "direct: the driver" "$(json $r '.offenders[0].driver')" vmw_direct
matches "direct: the function, behind memremap_pages" \
	"$(json $r '.offenders[0].stack[0,1].symbol' | xargs)" \
	'^memremap_pages\+.* vmw_direct_init\+0x[0-9a-f]+/0x[0-9a-f]+ \[vmw_direct\]$'
is "direct: one frame of the driver only" \
	"$(json $r '[.offenders[0].stack[] | select(.symbol | contains("[vmw_direct]"))] | length')" 1

is "lines: exit 1" "$(cat "$work/$r/lines_code")" 1
holds "lines: each is a JSON object" jq -e -s 'all(type == "object")' "$work/$r/lines"
holds "lines: each is as the schema says" "$top/tests/schema" feed <"$work/$r/lines"
is "lines: hello first, the report last" \
	"$(jq -r -s '.[0].type, .[-1].type' "$work/$r/lines" | xargs)" "hello report"
is "lines: every observation is a line" \
	"$(jq -r -s 'map(select(.type == "observation")) | length' "$work/$r/lines")" \
	"$(tail -n 1 "$work/$r/lines" | jq '.observations | length')"
is "lines: the offender is a line of its own" \
	"$(jq -r -s 'map(select(.type == "offender"))[0] | .driver, .origin' "$work/$r/lines" | xargs)" \
	"vmw_direct found at start"
is "lines: an observation names the driver" \
	"$(jq -r -s 'map(select(.type == "observation"))[0].driver' "$work/$r/lines")" vmw_direct
is "lines: an offender of the removal" \
	"$(tail -n 1 "$work/$r/lines" | jq -r '.offenders[0] | .driver, .live' | xargs)" \
	"vmw_direct false"

holds "stream: the trace still runs" test -e "$work/$r/stream_alive"
is "stream: hello, observations and offender are there, flushed" \
	"$(jq -r 'select(.type != "sample") | .type' "$work/$r/stream" | sort -u | xargs)" "hello observation offender"
is "stream: ended by SIGTERM with its COMMAND, and told the offender" \
	"$(cat "$work/$r/stream_code")" 1

cp "$work/$r/lost" "$work/$r/doc"
is "lost: exit 5, nothing seen but no promise" "$(cat "$work/$r/lost_code")" 5
holds "lost: counted at its place" \
	test "$(json $r '.losses[] | select(.place == "ring buffer full") | .count')" -gt 0
is "lost: no offender but what is history" \
	"$(json $r '[.offenders[] | select(.live or .origin == "observed")] | length')" 0
exit $((failures > 0))
