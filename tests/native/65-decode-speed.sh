#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --decode of a large log: read once, in little memory, at a rate to be compared.
# check: seconds=10 alone
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
set +e

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
holds "the program builds for speed" build
fast=$(echo build/x86/vmemmapwatch build/arm64/vmemmapwatch | tr ' ' '\n' | while read -r file; do
	[ "$("$file" --version 2>/dev/null)" ] && echo "$file" && break; done)
awk 'BEGIN {
	text[0] = "usb 1-1: new high-speed USB device number %d using xhci_hcd"
	text[1] = "EXT4-fs (sda1): mounted filesystem with ordered data mode. Opts: (null) %d"
	text[2] = "nouveau 0000:01:00.0: fifo: SCHED_ERROR %d on channel 3"
	text[3] = "audit: type=1400 audit(1680000000.%d:12): apparmor=\"STATUS\" operation=\"profile_load\""
	for (i = 0; n < 104857600; i++) {
		line = sprintf("[%8d.%06d] " text[i % 4], i / 1000, i % 1000000, i)
		n += length(line) + 1
		print line
	}
}' >"$work/big"
sed -E 's/^[0-9,]*,-;/[    1.000000] /' tests/data/kmsg-6.1-above >>"$work/big"
milliseconds() {
	local began
	began=$(date +%s%N)
	"$@" >/dev/null 2>&1
	echo $((($(date +%s%N) - began) / 1000000))
}
best() {
	for _ in 1 2 3 4 5; do milliseconds "$@"; done | sort -n | head -n 1
}
grep_ms=$(best grep -c 'WARNING: ' "$work/big")
decode_ms=$(best sh -c "ulimit -v 65536; '$fast' --decode '$work/big'")
holds "100 MB: $decode_ms ms, and grep -c $grep_ms ms: at most 8 times that" \
	test "$decode_ms" -le $((8 * grep_ms + 50))
is "100 MB: found, with 64 MB of address space" "$(ulimit -v 65536; "$fast" --decode --json "$work/big" |
	jq -r '.boots[].offenders[].verdict' | xargs)" "above above"
exit $((failures > 0))
