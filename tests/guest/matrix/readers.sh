#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A member of the group floods the service's sockets, and holds all that it gets: the
# daemon's memory and CPU time stay bounded, a driver is seen as fast as ever, and
# others get their reports. Then the kernel kills the daemon for lack of memory, more
# often than a start limit would bear: nothing is missed.
# KILLS=N times (6).
# check: kernels=hmm-6.1 seconds=60
. "$(dirname "$0")/../testlib.sh"

programs=$("$top/tests/guest/programs/build") || exit 1
times=${KILLS:-6}
echo "times=$times" >"$work/settings"
boot readers --smp 2 --init systemd --append nokaslr --timeout 900 --enable vmemmapwatch.service \
	--add "$programs/peer:/root/peer" --add "$top/tests/guest/systemd.sh:/root/systemd.sh" \
	--add "$work/settings:/root/settings" <<'END'
. ./guest.sh
. ./systemd.sh
. ./settings
cgroup=/sys/fs/cgroup/system.slice/vmemmapwatch.service
ticks() {
	awk '{ print $14 + $15 }' /proc/$(pid)/stat
}
now() {
	cut -d. -f1 /proc/uptime
}
# flood NAME TYPE SOCKET: for 12 s, by another user; a driver comes in between.
flood() {
	before=$(pid) used=$(ticks) began=$(now)
	setpriv --reuid 65534 --regid vmemmapwatch --clear-groups \
		./peer hoard $2 /run/vmemmapwatch/$3 4 12 >/tmp/attack & flood=$!
	sleep 3
	dmesg -C
	modprobe test_hmm
	sleep 2
	dmesg >/tmp/log
	vmemmapwatch --report --json >/tmp/report; echo $? >/tmp/code
	sleep 2
	same=$(pid) total=$(($(ticks) - used)) took=$(($(now) - began))
	wait $flood
	part $1.attack; cat /tmp/attack
	part $1.log; cat /tmp/log
	part $1.report; cat /tmp/report
	part $1.code; cat /tmp/code
	part $1.cpu; echo $total $took
	part $1.pid; echo $before $same $(pid)
	part $1.memory; cat $cgroup/memory.peak
	rmmod test_hmm
	await 10 live 0
}
await 10 live 0
part idle; cat $cgroup/memory.peak
flood reports packet report.sock
flood feed stream feed.sock
await 10 live 0
part metrics; systemctl start vmemmapwatch-metrics.socket; curl -sS http://127.0.0.1:9977/metrics

# The kernel kills it again and again.
part kills
for i in $(seq $times); do
	before=$(pid)
	echo 1M >$cgroup/memory.max
	await 30 sh -c ". ./systemd.sh; [ \$(pid) != $before ] && [ \$(pid) != 0 ]" || break
	await 30 live 0 || break
	echo $(systemctl show -P NFileDescriptorStore vmemmapwatch)
done
modprobe test_hmm
await 20 live 2
part after; vmemmapwatch --report --json
part active; systemctl is-active vmemmapwatch; systemctl show -P NRestarts vmemmapwatch
await 20 systemctl is-active vmemmapwatch-state
part state; systemctl is-active vmemmapwatch-state
part journal; journalctl -b -u vmemmapwatch --no-pager -o cat
END

of() {
	jq -r "$2" "$work/readers/$1" 2>&1
}

text() {
	cat "$work/readers/$1"
}

# seconds NAME: from the kernel's WARN to our line in its log.
seconds() {
	sed -nE 's/^\[ *([0-9.]+)\] (WARNING: .*vmemmap_populate|vmemmapwatch: ).*/\1 \2/p' \
		"$work/readers/$1.log" | sort -n | awk '
		/ vmemmapwatch/ && !line { line = $1 }
		/ WARNING/ && !warn { warn = $1 }
		END { print line && warn ? line - warn : 99 }'
}

is "the guest lives" "$(text status)" 0
for name in reports feed; do
	read -r before same after <"$work/readers/$name.pid"
	is "$name: the daemon is the same one: $(text $name.attack | xargs) connections, fds held" \
		"$same $after" "$before $before"
	holds "$name: memory: $(text idle) bytes before, at most $(text $name.memory)" \
		test "$(text $name.memory)" -lt $(($(text idle) + (40 << 20)))
	read -r used took <"$work/readers/$name.cpu"
	holds "$name: $used hundredths of a second of CPU time in $took s" \
		test "${used:-9999}" -lt $((took * 40))
	holds "$name: a driver is in the kernel log after $(seconds $name) s" \
		awk "BEGIN { exit !($(seconds $name) < 1) }"
	is "$name: root gets a report meanwhile" "$(text $name.code)" 1
	is "$name: with all that there is" "$(of $name.report '[.offenders[] | select(.live)] | length')" 2
done
holds "the metrics say that readers were held up" test \
	"$(sed -n 's/^vmemmapwatch_readers_refused_total.* //p' "$work/readers/metrics" | awk '{ n += $1 } END { print n + 0 }')" -gt 0
is "killed $times times for lack of memory" "$(wc -l <"$work/readers/kills")" $times
is "systemd has kept all fds each time" "$(awk '$1 > 50' "$work/readers/kills" | wc -l)" $times
is "the watch goes on" "$(text active | xargs)" "active $times"
is "no gap" "$(of after '.watched_since.utc == .start.utc')" true
is "each load was seen" "$(of after '[.offenders[].seen_by.memremap_pages] | tostring')" "[3,3]"
is "reports are kept" "$(text state)" active
[ $failures -eq 0 ] || tail -n 60 "$work/readers/journal" >&2
exit $((failures > 0))
