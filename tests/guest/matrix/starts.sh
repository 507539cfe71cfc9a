#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A service that is told to end at any moment of its start leaves nothing attached and
# nothing in the way of the next one; and none of it needs a bpffs.
# MOMENTS="SECONDS..." names others; RCU_EXPEDITED=0 has an RCU that takes its time.
# check: kernels=hmm-6.1 seconds=40
. "$(dirname "$0")/../testlib.sh"

moments=${MOMENTS:-0 0.6 4}
boot shell --append "nokaslr rcupdate.rcu_expedited=${RCU_EXPEDITED:-1}" --add "$top/tests/guest/service.sh:/root/service.sh" <<END
. ./guest.sh
. ./service.sh
part bpffs; grep -c ' bpf ' /proc/mounts
for moment in $moments; do
	vmemmapwatch --daemon --feed \$feed 2>\$log &
	daemon=\$!
	sleep \$moment
	stop
	await 10 [ "\$(nr_probes)" = 0 ]
	part at\$moment; echo \$code; nr_probes; ls -A /run/vmemmapwatch | grep -v state
	part at\$moment.log; cat \$log
done
: >\$log
start
insmod \$test_hmm
sleep 2
report report
stop
END
is "shell: the guest lives" "$(cat "$work/shell/status")" 0
is "shell: there is no bpffs" "$(cat "$work/shell/bpffs")" 0
early=0
for moment in $moments; do
	code=$(head -n 1 "$work/shell/at$moment")
	# Before it has looked to its signals, it is the kernel that ends it.
	matches "shell, after $moment s: it ends at once" "$code" '^(0|143)$'
	is "shell, after $moment s: nothing is attached, no socket is left" \
		"$(tail -n +2 "$work/shell/at$moment" | xargs)" 0
	if grep -q 'probes attached' "$work/shell/at$moment.log"; then
		continue
	fi
	early=$((early + 1))
	[ "$code" = 0 ] || continue
	matches "shell, after $moment s: it says that it never watched" \
		"$(grep -c 'stopped before any probe was attached$' "$work/shell/at$moment.log")" '^1$'
done
matches "shell: some were ended before anything was attached" $early '^[1-9]$'
is "shell: the next one watches" "$(jq '[.offenders[] | select(.live)] | length' "$work/shell/report")" 2

boot systemd --init systemd --append "nokaslr rcupdate.rcu_expedited=${RCU_EXPEDITED:-1}" --timeout 900 \
	--add "$top/tests/guest/systemd.sh:/root/systemd.sh" <<END
. ./systemd.sh
. ./guest.sh
for moment in $moments; do
	systemctl start --no-block vmemmapwatch
	sleep \$moment
	systemctl stop vmemmapwatch
	part at\$moment
	systemctl show -P Result vmemmapwatch
	systemctl show -P ActiveState vmemmapwatch
	systemctl show -P NFileDescriptorStore vmemmapwatch
	grep -c . /sys/kernel/debug/kprobes/list
	systemctl reset-failed vmemmapwatch
done
# Without a bpffs, a crash costs nothing.
umount /sys/fs/bpf
part bpffs; grep -c ' bpf ' /proc/mounts
systemctl start vmemmapwatch
modprobe test_hmm
await 30 live 2
# Counts of callers are read once a second.
sleep 3
part before; vmemmapwatch --report --json
kill -9 \$(pid)
await 30 live 2
sleep 3
part after; vmemmapwatch --report --json
part log; journalctl -b -o cat -u vmemmapwatch
END
is "systemd: the guest lives" "$(cat "$work/systemd/status")" 0
calledoff=0
for moment in $moments; do
	# Where --attach is not yet itself, it is SIGTERM that ends it, a failure to systemd.
	matches "systemd, after $moment s: nothing stored, nothing attached" \
		"$(xargs <"$work/systemd/at$moment")" '^(success inactive|signal failed) 0 0$'
	calledoff=$((calledoff + $(grep -c success "$work/systemd/at$moment")))
done
say "systemd: $calledoff of $(wc -w <<<"$moments") stops were told as no failure"
is "systemd: there is no bpffs" "$(cat "$work/systemd/bpffs")" 0
matches "systemd: killed without a bpffs, it goes on with the probes there were" \
	"$(cat "$work/systemd/log")" 'watching on, with the probes of an earlier daemon'
is "systemd: and knows what it knew" \
	"$(jq -cS '[.offenders[] | [.phys, .seen_by, .warns, .live]]' "$work/systemd/after")" \
	"$(jq -cS '[.offenders[] | [.phys, .seen_by, .warns, .live]]' "$work/systemd/before")"
exit $((failures > 0))
