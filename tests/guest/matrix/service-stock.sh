#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The service as installed, on a healthy stock kernel, by fentry.
. "$(dirname "$0")/../testlib.sh"
service=(--init systemd --append nokaslr --timeout 900
	--add "$top/tests/guest/systemd.sh:/root/systemd.sh")

of() {
	jq -r "$2" "$work/stock/$1" 2>&1
}

text() {
	cat "$work/stock/$1"
}

use stock-6.12
boot stock "${service[@]}" --enable vmemmapwatch.service <<'END'
. ./guest.sh
. ./systemd.sh
part failed; systemctl --failed --no-legend --plain
part line; status
part caps; grep CapEff /proc/$(pid)/status
part report; vmemmapwatch --report --json; echo $? >/tmp/code
part report.code; cat /tmp/code
part restart; systemctl restart vmemmapwatch; echo $? $(systemctl show -P NFileDescriptorStore vmemmapwatch)
part restart.report; vmemmapwatch --report --json
part stop; systemctl stop vmemmapwatch; echo $?; systemctl show -P NFileDescriptorStore vmemmapwatch
END
is "stock 6.12: the guest lives" "$(cat "$work/stock/status")" 0
is "stock 6.12: no failed unit" "$(text failed)" ""
matches "stock 6.12: status" "$(text line)" '^[0-9]+ probes, 0 offenders \(0 live\), 0 lost$'
matches "stock 6.12: no capability" "$(text caps)" "0000000000000000"
is "stock 6.12: exit 0" "$(text report.code)" 0
is "stock 6.12: fentry" "$(of report '[.probes[] | select(.symbol == "memremap_pages") | .status] | unique | join(" ")')" fentry
is "stock 6.12: restart, no gap" "$(of restart.report '.watched_since.utc == .start.utc')" true
is "stock 6.12: stop" "$(text stop | xargs)" "0 0"
exit $((failures > 0))
