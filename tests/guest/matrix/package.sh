#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The life of the Debian package under a systemd: installed, asked for, upgraded while it
# watches and while a driver is loaded, removed, purged. dpkg knows what the guest has.
# check: kernels=hmm-6.1 seconds=200
. "$(dirname "$0")/../testlib.sh"
new=$(build ARCH=arm64 deb) || die "no package: make ARCH=arm64 deb"
old=$(build ARCH=arm64 VERSION=0.0.9 deb) || die "no package of a lower version"

boot life --init systemd --append nokaslr --timeout 900 --package none \
	--add "$old:/root/old.deb" --add "$new:/root/new.deb" \
	--add "$top/tests/guest/systemd.sh:/root/systemd.sh" <<'END'
. ./guest.sh
. ./systemd.sh
nr_probes() {
	grep -c . /sys/kernel/debug/kprobes/list
}
ours() {
	find / -xdev -name '*vmemmapwatch*' ! -path '/proc/*' ! -path '/sys/*' ! -path '/harness/*' | sort
	ls -d /var/lib/*vmemmapwatch* /run/*vmemmapwatch* /run/systemd/*/*vmemmapwatch* 2>/dev/null
}
exporter=/var/lib/prometheus/node-exporter
part before; ours
part install; dpkg -i /root/old.deb 2>&1; echo code $?
part user; id vmemmapwatch; getfacl -p $exporter 2>&1 | grep vmemmapwatch
part off; for unit in vmemmapwatch.service vmemmapwatch-metrics.socket; do
	systemctl is-enabled $unit; systemctl is-active $unit
done; nr_probes
systemctl start vmemmapwatch vmemmapwatch-metrics.socket
curl -sS -o /dev/null http://127.0.0.1:9977/metrics
modprobe test_hmm
await 20 live 2
part old; vmemmapwatch --report --json
part old.probes; nr_probes

# A driver goes before the upgrade, and comes in the middle of it: when nobody is there.
rmmod test_hmm
pid=$(pid)
(
	await 60 sh -c ". ./systemd.sh; [ \$(pid) != $pid ]"
	modprobe test_hmm
) &
part upgrade; dpkg -i /root/new.deb 2>&1; echo code $?
wait
await 30 live 2
part new; vmemmapwatch --report --json
part new.probes; nr_probes
part new.pid; [ "$(pid)" != $pid ] && echo another
part scrape; curl -sS http://127.0.0.1:9977/metrics | grep -c '^vmemmapwatch_'
part state; systemctl is-active vmemmapwatch vmemmapwatch-state vmemmapwatch-metrics.socket
part enabled; systemctl is-enabled vmemmapwatch

# Enabled by somebody, it is so after an upgrade to itself, too.
systemctl -q enable vmemmapwatch
part again; dpkg -i /root/new.deb 2>&1; echo code $?
part again.enabled; systemctl is-enabled vmemmapwatch
await 30 live 2
part failed; systemctl --failed --plain --no-legend
systemctl start vmemmapwatch-trace@vmw_none 2>/dev/null
systemctl reset-failed

part remove; dpkg -r vmemmapwatch 2>&1; echo code $?
part removed; nr_probes; systemctl is-active vmemmapwatch vmemmapwatch-metrics.socket
part removed.files; ours
part purge; dpkg -P vmemmapwatch 2>&1; echo code $?
part purged.files; ours
part purged; id -un vmemmapwatch; getfacl -p $exporter 2>&1 | grep -c vmemmapwatch
dpkg -l vmemmapwatch 2>/dev/null | grep -c '^.[^n].*vmemmapwatch'
part journal; journalctl -b --no-pager -o cat -u vmemmapwatch
END
text() {
	cat "$work/life/$1"
}
of() {
	jq -r "$2" "$work/life/$1" 2>&1
}
is "the guest lives" "$(text status)" 0
is "nothing of ours was there" "$(text before)" ""
for step in install upgrade again remove purge; do
	is "$step: dpkg says" "$(text $step | grep -E '^code |dependency|warning|error')" "code 0"
done
matches "its user is made, and may write for node_exporter" "$(text user | xargs)" \
	'^uid=[0-9]+\(vmemmapwatch\) gid=[0-9]+\(vmemmapwatch\) .*user:vmemmapwatch:rwx'
is "it is off until somebody asks" "$(text off | xargs)" "disabled inactive disabled inactive 0"
is "the old version watches" "$(of old '.version, ([.offenders[] | select(.live)] | length)' | xargs)" "0.0.9 2"
is "after the upgrade the new one does, without a word from anybody" \
	"$(of new .version) $(text new.pid)" "$(of new .version | grep -v 0.0.9) another"
is "the driver that came meanwhile was not missed" \
	"$(of new '[.offenders[] | select(.live) | .driver] | join(" ")')" "test_hmm test_hmm"
is "nothing was lost" "$(of new '[.losses[] | select(.count | type == "number" and . > 0)] | length')" 0
is "as much is attached as before" "$(text new.probes)" "$(text old.probes)"
is "all that ran runs" "$(text state | xargs)" "active active active"
matches "metrics are scraped again" "$(text scrape)" '^[1-9][0-9]*$'
is "it was not enabled by that" "$(text enabled)" disabled
is "enabled stays enabled" "$(text again.enabled)" enabled
is "no unit has failed" "$(text failed)" ""
is "removed: nothing is attached, nothing runs" "$(text removed | xargs)" "0 inactive inactive"
# That it was enabled is forgotten when it is purged.
is "removed: what was seen is kept, nothing else" \
	"$(text removed.files | grep -vE '^/(var/lib|run)/|/journal/|\.target\.wants/vmemmapwatch\.service$')" ""
is "purged: nothing is left" "$(text purged.files)" ""
is "purged: the user stays, without a right; dpkg knows nothing" "$(text purged | xargs)" "vmemmapwatch 0 0"
exit $((failures > 0))
