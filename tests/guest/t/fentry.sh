#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A stock kernel with fentry on arm64: the same handlers by their other way in,
# on memory that virtio-mem adds, which is in bounds; a 52-bit kernel on 48-bit
# hardware, where vmalloc owns the lower part of vmemmap.
# check: seconds=10
KERNEL=stock-6.12
. "$(dirname "$0")/../testlib.sh"

boot fentry --qemu "-m 2048M,maxmem=8G -object memory-backend-ram,id=plug,size=1G
	-device virtio-mem-pci,memdev=plug,requested-size=512M" <<'END'
. ./guest.sh
trace --kmsg -- sh -c '
	modprobe virtio_mem
	until dmesg | grep -q "virtio_mem.*requested size: 0x20000000"; do sleep 0.1; done
	until grep -q -- "-dfffffff : System RAM (virtio_mem)" /proc/iomem; do sleep 0.1; done
	# It is there before its pages are added; the last block behind that.
	until [ -e /sys/devices/system/memory/memory27 ]; do sleep 0.1; done'
facts
END
f=fentry
is "the guest lives" "$(cat "$work/$f/status")" 0
is "exit 0" "$(cat "$work/$f/code")" 0
is "every probe is attached" \
	"$(json $f '[.probes[] | select(.kind == null) | .status] | group_by(.) | map(.[0] + " " + (length | tostring)) | join(", ")')" \
	"fentry 22, kprobe 5, tracepoint 6"
is "nothing lost, and this kernel tells of runs it skipped" \
	"$(json $f '[.losses[].count] | unique | tostring')" "[0]"
is "no offender" "$(json $f '.offenders | length')" 0
is "no line in the kernel log" "$(grep -c vmemmapwatch: "$work/$f/dmesg")" 0

expect_layout $f

# One merged resource, added block by block.
read -r first last <<<"$(iomem $f 'System RAM (virtio_mem)')"
block=$(($(sed -n 's/.*virtio_mem .* memory block size: //p' "$work/$f/dmesg")))
is "a request for each block of memory" "$(json $f '.requests | length')" \
	$(((last + 1 - first) / block))
for ((i = 0; first < last; i++, first += block)); do
	expect_pages "$first" $((first + block - 1))
	is "block $i" \
		"$(json $f ".requests[$i] | .driver, .call, .outcome, (.ranges[0] | .phys.start, .struct_pages.start, .struct_pages.end, .verdict)" | xargs)" \
		"virtio_mem __add_pages accepted $(hex "$first") $(hex $pages_start) $(hex $pages_end) in-bounds"
done
matches "the stack has the function and its direct caller" \
	"$(json $f '.requests[0].stack[0,1].symbol' | xargs)" '^__add_pages\+.* arch_add_memory\+'
exit $((failures > 0))
