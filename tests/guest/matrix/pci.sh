#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A driver of a PCI device, as it comes: nvme makes struct pages of its controller's
# memory by way of the kernel's own peer-to-peer code, in a worker of the kernel's,
# and the driver core takes them down when the device is unbound.
# check: seconds=40
. "$(dirname "$0")/../testlib.sh"

use stock-sid
boot pci --cpu neoverse-n1 --qemu "-device nvme,serial=vmw,cmb_size_mb=64" <<'END'
. ./guest.sh
trace -- sh -c 'modprobe nvme; echo 0000:00:01.0 >/sys/bus/pci/drivers/nvme/unbind'
part log; dmesg | grep 'peer-to-peer DMA'
part text
vmemmapwatch --trace -- sh -c 'echo 0000:00:01.0 >/sys/bus/pci/drivers/nvme/bind'
facts
END
is "the guest lives" "$(cat "$work/pci/status")" 0
is "exit 0" "$(cat "$work/pci/code")" 0
read -r first last < <(sed -n 's/.*peer-to-peer DMA memory \(0x[0-9a-f]*\)-\(0x[0-9a-f]*\)$/\1 \2/p' "$work/pci/log")
asked='.requests[] | select(.call == "memremap_pages")'
is "its driver, the module, and not who asks for it" "$(json pci "$asked | .driver")" nvme
is "its device" "$(json pci "$asked | .device | .bus, .name" | xargs)" "pci 0000:00:01.0"
is "its task is a worker of the kernel" "$(json pci "$asked | .task.comm | startswith(\"kworker/\")")" true
is "its type" "$(json pci "$asked | .memory_type")" pci-p2pdma
is "its range, as the kernel has told it" \
	"$(json pci "$asked | .ranges[] | .phys.start, .phys.last" | xargs)" "${first-none} ${last-none}"
expect_layout pci
expect_pages "${first-0}" "${last-0}"
is "its struct pages, and the verdict" \
	"$(json pci "$asked | .ranges[] | .struct_pages.start, .struct_pages.end, .verdict" | xargs)" \
	"$(hex $pages_start) $(hex $pages_end) $verdict"
is "unbound by the driver core: it is still that driver's" \
	"$(json pci '.requests[] | select(.call == "memunmap_pages") | .driver, .outcome' | xargs)" "nvme gone"
is "what it asked for is gone" "$(json pci "$asked | .outcome")" gone
matches "the text has the story" "$(xargs <"$work/pci/text")" "timeline .* memremap_pages: .* result: accepted"
matches "the text has the device" "$(cat "$work/pci/text")" "device +pci 0000:00:01.0"
exit $((failures > 0))
