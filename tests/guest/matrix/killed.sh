#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The daemon is killed again and again while the kernel's own HMM tests run, and
# while the driver comes and goes; systemd starts it again. What it has counted in the
# end is what tracefs has counted of the whole.
# check: kernels=hmm-6.1 seconds=60
. "$(dirname "$0")/../testlib.sh"

tests=$("$top/tests/guest/programs/hmm-tests" "$kernel") || exit 1
functions="zone_device_page_init free_zone_device_page folio_unlock page_remove_rmap"

{
	echo "functions='$functions'"
	cat <<'END'
note=$(head -c 65536 /proc/kcore | strings)
bound() {
	echo "$note" | sed -n "s/^NUMBER(VMEMMAP_$1)=//p" | head -n 1
}
out="page < $(bound START) || page >= $(bound END)"
modprobe test_hmm
major=$(awk 'tolower($2) == "hmm_dmirror" { print $1 }' /proc/devices)
for i in 0 1; do
	[ -e /dev/hmm_dmirror$i ] || mknod /dev/hmm_dmirror$i c $major $i
done
cd /sys/kernel/tracing
for f in $functions; do
	echo "p:vmw/$f $f page=%x0:u64" >>kprobe_events
	echo "hist:keys=common_type if $out" >events/vmw/$f/trigger
	echo 1 >events/vmw/$f/enable
done
cd - >/dev/null
# $pid is a daemon that systemd has started to its end.
watches() {
	pid=$(systemctl show -P MainPID vmemmapwatch)
	[ "$pid" != 0 ] && systemctl -q is-active vmemmapwatch
}
# Kill it at any moment, five times, as often as systemd starts it again.
(
	for n in 1 2 3 4 5; do
		sleep $((1 + $(od -An -N1 -tu1 /dev/urandom) % 3)).$((n * 2 - 1))
		until watches; do sleep 0.2; done
		kill -9 $pid && echo killed
	done
) >/tmp/kills 2>&1 &
killer=$!
/root/hmm-tests >/tmp/results 2>&1
wait $killer
for f in $functions; do
	echo "$f $(sed -n 's/.*Hits: //p' /sys/kernel/tracing/events/vmw/$f/hist)"
	echo 0 >/sys/kernel/tracing/events/vmw/$f/enable
done >/tmp/counts
END
} >"$work/load.sh"
echo "probes = default,$(echo $functions | tr ' ' ,)" >"$work/conf"

boot killed --smp 2 --init systemd --append nokaslr --timeout 900 --enable vmemmapwatch.service \
	--add "$tests:/root/hmm-tests" --add "$work/load.sh:/root/load.sh" \
	--add "$work/conf:/etc/vmemmapwatch.conf" \
	--add "$top/tests/guest/systemd.sh:/root/systemd.sh" <<'END'
. ./systemd.sh
. ./guest.sh
sh load.sh
await 30 live 2
sleep 2
part kills; cat /tmp/kills
part counts; cat /tmp/counts
part results; cat /tmp/results
part report; vmemmapwatch --report --json
# Gone less than a second before a kill: that is not forgotten.
systemctl reset-failed vmemmapwatch
rmmod test_hmm
kill -9 $(pid)
await 30 live 0
part gone; vmemmapwatch --report --json
part log; dmesg | grep -E "WARNING: .* vmemmap_(populate|free)"
END
of() {
	jq -r "$2" "$work/killed/$1" 2>&1
}
is "the guest lives" "$(cat "$work/killed/status")" 0
is "it was killed five times" "$(grep -c killed "$work/killed/kills")" 5
holds "the kernel's tests ran: $(sed -n 's/^# Totals: //p' "$work/killed/results")" test \
	"$(grep -c '^ok ' "$work/killed/results")" -ge 20
for f in $functions; do
	counted=$(sed -n "s/^$f //p" "$work/killed/counts")
	holds "$f was called out of bounds: $counted" test "${counted:-0}" -gt 1000
	is "$f: the count is that of tracefs" \
		"$(of report "[.uses[] | select(.probe == \"$f\") | .count] | add // 0")" "$counted"
done
is "no gap" "$(of report '.watched_since.utc == .start.utc')" true
is "both offenders, live" "$(of report '[.offenders[] | .driver, .state] | join(" ")')" \
	"test_hmm live test_hmm live"
is "gone a moment before it is killed" "$(of gone '[.offenders[] | .state] | unique | join(" ")')" gone
is "its WARNs are those of the kernel log" "$(of gone '[.offenders[] | .warns] | add')" \
	"$(wc -l <"$work/killed/log")"
[ $failures -eq 0 ] || of gone '.warns[] | .symbol + " " + .time.utc' >&2
exit $((failures > 0))
