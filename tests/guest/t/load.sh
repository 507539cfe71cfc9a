#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A flood: calls with 10,000 distinct offenders, each one a record, for FLOOD_SECONDS
# (5; the matrix has 60), while 20 clients read, 5 of them slowly and 5 not at all. No count is lost;
# what clients missed is told to the line; and the daemon stays under 16 MiB. Where
# nothing else runs (matrix/load-alone.sh) fast ones miss nothing, and get LOAD_RATE=N
# lines a second.
# check: kernels=hmm-6.1 seconds=50 waits
. "$(dirname "$0")/../testlib.sh"

seconds=${FLOOD_SECONDS:-5}
programs=$("$top/tests/guest/programs/build") || exit 1
offenders=10000

echo "seconds=$seconds offenders=$offenders" >"$work/load.sh"
cat >>"$work/load.sh" <<'END'
. ./service.sh
watching() {
	/root/feed_reader fast $feed 2>/dev/null >/dev/null & probe=$!
	sleep 0.5
	kill $probe 2>/dev/null
	grep -q 'probes attached' /tmp/log
}
quiet() {
	before=$now
	now=$(grep voluntary /proc/$daemon/status)
	sleep 1
	[ "$now" = "$before" ]
}
insmod /root/vmw_touch.ko
echo ready >/tmp/log
vmemmapwatch --daemon --probes=-default --probe vmw_touch:page:1 --sample-rate=0 2>/tmp/log &
daemon=$!
await 30 grep -q 'probes attached' /tmp/log
await 10 [ -S $feed ]
n=0
while [ $n -lt 20 ]; do
	mode=fast
	[ $n -lt 10 ] || mode=slow
	[ $n -lt 15 ] || mode=stuck
	/root/feed_reader $mode $feed $((seconds + 40)) >/tmp/client$n 2>/tmp/error$n &
	n=$((n + 1))
done
sleep 2
until=$(($(cut -d. -f1 /proc/uptime) + seconds))
calls=0
while [ $(cut -d. -f1 /proc/uptime) -lt $until ]; do
	# 200000 is the struct pages of a section of memory.
	echo "0x100000000000 200000 $offenders 1" >/sys/kernel/debug/vmw_touch
	read took n </sys/kernel/debug/vmw_touch
	calls=$((calls + n))
done
echo "flood ends" >>/tmp/log
echo $calls >/tmp/calls
# Stuck clients are let go after half a minute; all that there is to tell is told.
await 60 sh -c 'test $(grep -c "has read nothing" /tmp/log) -ge 5'
await 30 quiet
vmemmapwatch --report --json >/tmp/doc 2>>/tmp/log
cp /proc/$daemon/status /tmp/status
kill $daemon
wait $daemon
echo $? >/tmp/code
wait
END

boot load --smp 2 --append nokaslr --add "$programs/feed_reader:/root/feed_reader" \
	--add "$top/tests/guest/service.sh:/root/service.sh" \
	--add "$work/load.sh:/root/load.sh" --timeout $((seconds + 240)) <<'END'
. ./guest.sh
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
sh load.sh
for f in doc calls code log; do part $f; cat /tmp/$f; done
part memory; cat /tmp/status
part clients; cat /tmp/client*
part errors; cat /tmp/error*
END
is "the guest lives" "$(cat "$work/load/status")" 0
# of NAME: a number of the line that its client printed.
each() {
	grep "^mode=$1 " "$work/load/clients" | grep -oE " $2=[0-9]+" | cut -d= -f2
}
total=$(cat "$work/load/calls")
peak=$(awk '/^VmHWM/ { print $2 }' "$work/load/memory")
resident=$(awk '/^VmRSS/ { print $2 }' "$work/load/memory")
rate=$(each fast rate | sort -n | head -n 1)
say "$seconds s: $total calls, slowest fast client $rate lines/s, peak $peak KiB, resident $resident KiB, missed by slow ones $(each slow missed | xargs)"
is "no count is lost" "$(json load '[.uses[].count] | add')" "$total"
is "10,000 offenders are told apart" "$(json load '.uses | length')" $offenders
is "only samples were lost, if anything" \
	"$(json load '[.losses[] | select(.count != 0 and .count != "unknown") | .place] - ["ring buffer full"] | length')" 0
is "20 clients came to their end" "$(grep -c '^mode=' "$work/load/clients")" 20
is "no line is broken" "$(for m in fast slow stuck; do each $m bad; done | sort -u)" 0
is "what they got is what was told" "$(for m in fast slow; do each $m wrong; done | sort -u)" 0
holds "which was checked, by each fast one" test "$(each fast checks | sort -n | head -n 1)" -gt 0
holds "slow ones missed some, and know how many" test "$(each slow missed | sort -n | head -n 1)" -gt 0
is "stuck ones were let go" "$(grep -c 'has read nothing' "$work/load/log")" 5
if [ -n "${LOAD_RATE-}" ]; then
	is "fast ones missed nothing" "$(each fast missed | sort -u)" 0
	holds "each fast one gets $LOAD_RATE lines a second and more: $rate" test "$rate" -ge "$LOAD_RATE"
fi
holds "memory stays under 16 MiB: $peak KiB" test "$peak" -lt 16384
is "the daemon ends well" "$(cat "$work/load/code")" 0
exit $((failures > 0))
