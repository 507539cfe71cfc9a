#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# 5.10 with device-private memory: no mhp_range_allowed(), no names from programs, no
# check in vmemmap_populate(). A request is told when it is made; what is refused then
# is no offender, with the limit, and by a module that is gone a moment later.
. "$(dirname "$0")/../testlib.sh"
. "$top/tests/guest/decode.sh"

use hmm-5.10
boot oldest --append nokaslr <<'END'
. ./guest.sh
trace -- insmod vmw_refused.ko
part private; vmemmapwatch --trace --json -- insmod vmw_refused.ko private=1 start=0x1000000000000 size=0x8000000
part text; vmemmapwatch --trace -- insmod vmw_refused.ko
part foreseen; vmemmapwatch --preflight 128M@0xf00000000000 --type generic --json
facts
END
is "the guest lives" "$(cat "$work/oldest/status")" 0
is "beyond the linear map: refused, and so no offence" \
	"$(json oldest '.refused[0] | .driver, .outcome, .errno.name, .memory_type' | xargs) $(cat "$work/oldest/code")" \
	"vmw_refused refused EINVAL generic 0"
is "its limit is where the linear map ends, as foreseen" \
	"$(json oldest '.refused[0].limit | .start, .last' | xargs)" \
	"$(jq -r '.requests[0].consequence' "$work/oldest/foreseen" | sed -n 's/.*range \(0x[0-9a-f]*\)-\(0x[0-9a-f]*\)$/\1 \2/p')"
is "no offender, since it was refused" "$(json oldest '.offenders | length')" 0
is "its module, gone when its stack was looked at, is named" \
	"$(json oldest '.refused[0].stack[1].symbol')" "init text+$(json oldest '.refused[0].stack[1].symbol' | sed 's/.*+//')"
matches "the text has the story" "$(cat "$work/oldest/text")" \
	"result +refused with EINVAL: beyond what the kernel allows"
private() {
	jq -r "$1" "$work/oldest/private" 2>&1
}
is "beyond MAX_PHYSMEM_BITS: refused" "$(private '.refused[0] | .driver, .errno.name, .limit.last' | xargs)" \
	"vmw_refused E2BIG 0xffffffffffff"
is "no offender, either" "$(private '.offenders | length')" 0
is "its WARN is that refusal, and not ours" \
	"$(private '[.warns[] | (.symbol | sub("[+].*"; "")) + " " + (.ours | tostring)] | unique | join(" ")')" "__add_pages false"
decode oldest dmesg
is "the log, read later: no offence" \
	"$(cat "$work/oldest/decoded.code") $(of oldest '[.boots[] | .offenders[], .without_verdict[]] | length')" "0 0"
is "its WARN is no matter of vmemmap" "$(of oldest '.boots[].unrelated[] | .symbol, .message' | sed 's/[+,].*//' | xargs)" \
	"__add_pages Hotplugged memory exceeds maximum addressable address"
is "but both refusals" "$(of oldest '[.boots[].refused[].phys.start] | join(" ")')" "0xf00000000000 0x1000000000000"
exit $((failures > 0))
