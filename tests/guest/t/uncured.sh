#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What 6.9 to 6.11 do: the vmemmap of today, and physical addresses handed out
# that it does not reach. Their struct pages wrap to user addresses on every CPU,
# and the kernel oopses on the first; here fentry sees it, or what is asked for.
# check: kernels=hmm-6.12-uncured seconds=20
KERNEL=hmm-6.12-uncured
. "$(dirname "$0")/../testlib.sh"
. "$(dirname "$0")/../offence.sh"

# A service of ours and return probes of others on the same function, which come
# before and after it, and the trace after all of them.
cat >"$work/before.sh" <<'END'
. ./service.sh
kretprobe first memremap_pages
start --no-kmsg
kretprobe second memremap_pages
END
cat >"$work/after.sh" <<'END'
part service; vmemmapwatch --report --json --feed $feed
END
check_offence nokaslr user died --append nokaslr --add "$work/before.sh:/root/before.sh" \
	--add "$work/after.sh:/root/after.sh" --add "$top/tests/guest/service.sh:/root/service.sh"
same='.offenders[0] | .driver, .phys.start, .stack[1].symbol'
is "nokaslr: the service has the trace's answer, with return probes of others" \
	"$(jq -r "$same" "$work/nokaslr/service" | xargs)" "$(json nokaslr "$same" | xargs)"
is "nokaslr: struct pages as computed from the formulas" \
	"$(json nokaslr '.offenders[0].struct_pages | .start, .end' | xargs)" \
	"0x1ffbec00000 0x1ffbf000000"
is "nokaslr: the oops is in the first of them" \
	"$(json nokaslr '.requests[0].fault.address')" 0x1ffbec00034
attach_with=kprobe
check_offence kaslr user died --seed 31337
attach_with=fentry
check_offence neoverse-n1 user died --cpu neoverse-n1 --seed 31337
# Those of system calls only check that probes fire, one for each way that is used.
checks='(.symbol | startswith("__arm64_sys_"))'
# statuses NAME: of all probes of a function, by status.
statuses() {
	json "$1" '[.probes[] | select(.kind == null and .point != "tracepoint" and ('"$checks"' | not)) | .status] | group_by(.) | map("\(.[0]) \(length)") | join(", ")'
}
is "nokaslr: fentry, but for three functions" "$(statuses nokaslr)" "fentry 20, kprobe 3"
is "kaslr: kprobes, as asked for" "$(statuses kaslr)" "kprobe 23"
is "neoverse-n1: fentry, as asked for" "$(statuses neoverse-n1)" "fentry 20, kprobe 3"
is "neoverse-n1: and why three are not" \
	"$(json neoverse-n1 "[.probes[] | select(.status == \"kprobe\" and ($checks | not)) | .note] | unique | join(\"; \")")" \
	"a kprobe: there is no fentry program for it"
for name in nokaslr kaslr neoverse-n1; do
	matches "$name: the direct caller" "$(json "$name" '.offenders[0].stack[1].symbol')" \
		'^dmirror_allocate_chunk\+.*\[test_hmm\]$'
done
exit $((failures > 0))
