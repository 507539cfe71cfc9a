#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Another version is installed and the service restarted: it replaces what the old one
# has left attached, and finds what was there before.
# check: kernels=hmm-6.1
. "$(dirname "$0")/../testlib.sh"

next=$top/build/next/vmemmapwatch
holds "the next version builds" build ARCH=arm64 OUT=build/next VERSION=9.9 build/next/vmemmapwatch

boot upgrade --init systemd --append nokaslr --enable vmemmapwatch.service \
	--add "$next:/root/next" --add "$top/tests/guest/systemd.sh:/root/systemd.sh" <<'END'
. ./systemd.sh
. ./guest.sh
kprobes() {
	sed 's/.* k  /k /;s/.* r  /r /' /sys/kernel/debug/kprobes/list | sort
}
part old; kprobes
modprobe test_hmm
await 10 live 2
# The old client does not understand the new one, nor the other way round.
part client; /root/next --report 2>&1 >/dev/null; echo code $?
cp /root/next /usr/sbin/vmemmapwatch.new
mv /usr/sbin/vmemmapwatch.new /usr/sbin/vmemmapwatch
part restart; systemctl restart vmemmapwatch; echo $?
await 10 live 2
part report; vmemmapwatch --report --json
part new; kprobes
part said; journalctl -b -u vmemmapwatch --no-pager -o cat
part failed; systemctl --failed --no-legend --plain
systemctl stop vmemmapwatch
part stopped; kprobes
END
of() {
	jq -r "$2" "$work/upgrade/$1" 2>&1
}
is "the guest lives" "$(cat "$work/upgrade/status")" 0
matches "a client of another version says so" "$(cat "$work/upgrade/client")" \
	"the service is vmemmapwatch 0.1, and this is 9.9: systemctl restart vmemmapwatch"
is "restart" "$(cat "$work/upgrade/restart")" 0
is "it is the next version" "$(of report .version)" 9.9
is "what was there before is found" "$(of report '[.offenders[] | .origin, .state] | join(" ")')" \
	"found at start live found at start live"
holds "something was attached" test "$(wc -l <"$work/upgrade/old")" -gt 10
is "as much is attached as before, not twice" \
	"$(wc -l <"$work/upgrade/new")" "$(wc -l <"$work/upgrade/old")"
matches "the old probes are given up, and that is said" "$(cat "$work/upgrade/said")" \
	"probes of an earlier daemon are given up: another version of vmemmapwatch wrote it"
is "no unit has failed" "$(cat "$work/upgrade/failed")" ""
is "a stopped service leaves nothing" "$(cat "$work/upgrade/stopped")" ""
exit $((failures > 0))
