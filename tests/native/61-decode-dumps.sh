#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --decode on dumps as kernels from 5.10 to 7.2 print them, with numbers computed here
# from their headers, in the shell.
# check: seconds=5
. "$(dirname "$0")/../decode.sh"

# 5.10: START = -SIZE - 2 MiB, sections of 1 GiB, and its WARN is of the way out alone.
shape 0xfffffdffffe00000 0xffffffffffe00000 $((0xfffffdffffe00000 - (0x80000000 >> 6))) \
	$((1 << 18)) 12 0xffff80000000
two 5.10.223 vmemmap_free 1191 >"$work/log"
expect "5.10, 48 bits" user
shape 0xfffffc0000000000 0xfffffe0000000000 0xfffffbfffe000000 $((1 << 15)) 12 0xffec30000000
two 5.15.135 vmemmap_populate 1206 >"$work/log"
expect "5.15, 48 bits, as in the mail that began it" above
is "5.15: and what it lies in" "$(of shape '.boots[].offenders[].regions[]')" hole
shape 0xfffffffe00000000 0xffffffff00000000 0xfffffffc00000000 $((1 << 15)) 12 0x8000000000
phys=$((0xc000000000)) first=$((base + (phys >> 12) * 64)) behind=$((first + 2 * section * 64))
two 6.6.87 vmemmap_populate 1222 >"$work/log"
expect "6.6, 39 bits" above
phys=$((0x1000000000)) first=$((base + (phys >> 12) * 64)) behind=$((first + 2 * section * 64))
two 6.6.87 vmemmap_populate 1222 >"$work/log"
expect "6.6, 39 bits, below the linear map" below
shape 0xffffffff00000000 0xffffffff80000000 0xfffffffefff00000 $((1 << 13)) 16 0xffff80000000
first=$((base + (phys >> 16) * 64)) behind=$((first + 2 * section * 64))
two 6.1.192 vmemmap_populate 1222 >"$work/log"
expect "6.1, 64K pages, 42 bits" user
shape 0xfffffdffc0000000 0xffffffffc0000000 0xfffffdffbf000000 $((1 << 15)) 12 0xfffff0000000
two 6.9.0 vmemmap_populate 1207 >"$work/log"
expect "6.9, 48 bits" user
# 7.2 built for 52 bits, on a CPU that has 48: a part of vmemmap is vmalloc's.
shape 0xffffc1ffc0000000 0xffffffffc0000000 0xfffffdffbf000000 $((1 << 15)) 12 0xfffff0000000
{
	two 7.2.13 vmemmap_populate 1793
	oops 7.2.13 $((first + 52)) 4 48 __init_zone_device_page.constprop.0 x0=$first x19=$first \
		x20=$((phys >> 12))
} >"$work/log"
expect "7.2, 52 bits on 48" user 2 1
is "7.2, 52 bits on 48: the effective start" \
	"$(of shape '.boots[].layout.bounds.effective.start')" 0xfffffdffc0000000
two 7.2.13 vmemmap_populate 1793 >"$work/log"
decode shape <"$work/log"
decoded "7.2, 52 bits, and nobody says of how many on this CPU" shape 1 \
	'.boots[] | (.offenders | length), (.without_verdict[] | .count, (.why | test("^no verdict: .*VA_BITS .actual.* is not stated")))' \
	"0 2 true"

# An oops alone: pages and VAs by the oops, the rest by the release.
oops 6.10.0 $((first + 52)) 4 48 __init_zone_device_page x0=$first x1=$((phys >> 12)) >"$work/log"
decode shape <"$work/log"
decoded "6.10, an oops alone" shape 1 \
	'.boots[].offenders[] | .verdict, .oopses, .fault.address, .fault.symbol, .phys.start' \
	"user 1 $(printf '0x%x' $((first + 52))) __init_zone_device_page+0xc/0x68 0xfffff0000000"
is "6.10, an oops alone: the struct page's size is an assumption, and told as one" \
	"$(of shape '.boots[].layout.values["sizeof(struct page)"] | .agreement, (.readings[0].where | test("^assumed"))')" \
	"formula true"

# Who uses such a page later: a function of the probe table, or any function on a page that
# WARNs have told of.
oops 6.1.192 0x71ccc00008 4 48 migrate_device_range x0=0x71ccc00000 x1=0xfffff0000 >"$work/log"
decode shape <"$work/log"
decoded "a user of the page" shape 1 \
	'.boots[].offenders[] | .verdict, .struct_pages.start, .fault.symbol' \
	"user 0x71ccc00000 migrate_device_range+0xc/0x68"
{ plain tests/data/kmsg-6.1-kaslr | with_front bare; oops 6.1.192 0x71ccd00008 4 48 gpu_touch x0=5; } >"$work/log"
decode shape <"$work/log"
decoded "anybody, on a page of a known range" shape 1 '.boots[] | .oopses, (.offenders[] | .oopses, .fault.symbol)' \
	"2 2 __init_single_page+0x4/0x34"
oops 6.1.192 0x0000aaaa12345648 4 48 migrate_device_range x0=0x0000aaaa12345640 >"$work/log"
decode shape <"$work/log"
decoded "an address of a process is no struct page" shape 0 '.boots[] | (.offenders | length), .unrelated[].symbol' \
	"0 migrate_device_range+0xc/0x68"

# Registers that another compiler uses: one less or more in the constants, others.
warn 6.1.192 vmemmap_populate 1222 x8=$((0xfffffc0000000000 - 1)) x9=$((0xfffffe0000000000 + 1)) \
	x21=0xfffffffffec00000 x22=0xfffffffffee00000 >"$work/log"
decode shape <"$work/log"
decoded "bounds that are one off" shape 1 '.boots[].offenders[] | .verdict, .struct_pages.start, .phys' \
	"above 0xfffffffffec00000 null"
is "one WARN alone does not tell the pfn, and says why" \
	"$(of shape '.boots[].pfns_unknown | test("memstart_addr is not in the log")')" true
one="$work/one-off"
cp "$work/log" "$one"

# What else states memstart_addr.
{ echo "PHYS_OFFSET: 0x40000000"; cat "$one"; } >"$work/log"
decode shape <"$work/log"
is "PHYS_OFFSET of a panic" "$(of shape '.boots[].offenders[].phys.start')" 0xfffff0000000
{
	echo "Booting Linux on physical CPU 0x0000000000 [0x410fd083]"
	echo "Linux version 6.1.192 (somebody@somewhere) (gcc 12) #1 SMP"
	echo "Early memory node ranges"
	echo "  node   0: [mem 0x0000000040000000-0x00000000bfffffff]"
	echo "Kernel command line: console=ttyAMA0 nokaslr panic=-1"
	cat "$one"
} >"$work/log"
decode shape <"$work/log"
is "RAM of a boot without KASLR" "$(of shape \
	'.boots[] | .offenders[].phys.start, .layout.values.vmemmap.agreement')" "0xfffff0000000 formula"
sed 's/ nokaslr//' "$work/log" >"$work/log2"
decode shape <"$work/log2"
is "RAM of a boot with KASLR tells nothing" "$(of shape '.boots[].offenders[].phys')" null
{
	cat "$one"
	echo "vmemmapwatch: gpu gets phys 0xfffff0000000-0xffffffffffff, struct pages 0xfffffffffec00000-0xffffffffff000000 above (0x1fffec00000 bytes from VMEMMAP_END), vmemmap is 0xfffffc0000000000-0xfffffe0000000000"
} >"$work/log"
decode shape <"$work/log"
is "a line of our own" "$(of shape '.boots[].offenders[].phys.start')" 0xfffff0000000
{ sed 's/^/> /' tests/data/table-48bit; cat "$one"; } >"$work/log"
decode shape <"$work/log"
is "a table that a mail quotes" "$(of shape \
	'.boots[] | .offenders[].verdict, .layout.values.VMEMMAP_START.readings[0].where' | cut -d, -f1)" \
	"above $(of shape '.boots[].layout.values.VMEMMAP_START.readings[0].where' | cut -d, -f1)"

# Old kernels print where everything is.
{
	echo "Virtual kernel memory layout:"
	echo "    vmalloc : 0xffff000008000000 - 0xffff7dffbfff0000   (129022 GB)"
	echo "    vmemmap : 0xffff7e0000000000 - 0xffff800000000000   (  2048 GB maximum)"
	echo "              0xffff7e0000000000 - 0xffff7e0002000000   (    32 MB actual)"
} >"$work/log"
decode shape <"$work/log"
decoded "a table alone" shape 0 '.boots | length' 0

# Without registers there is no verdict, but a reason; and with none of ours, code 0.
grep -v '^x[0-9]' "$one" >"$work/log"
decode shape <"$work/log"
decoded "a mail that has left the registers out" shape 1 \
	'.boots[].without_verdict[] | .symbol, .driver, .count, .why' \
	"vmemmap_populate+0x54/0x68 gpu 1 no verdict: the log states no layout (PAGE_SHIFT is not stated, nor does it follow); --from"
decode shape --from=tests/data/layout-6.1.json <"$work/log"
decoded "the same with --from" shape 1 '.boots[].without_verdict[].why' \
	"no verdict: its registers are not in the log"
decode shape --from=tests/data/layout-6.1.json <tests/data/kmsg-6.1-above
decoded "by --from" shape 1 '.from, (.boots[].offenders[] | .verdict, .phys.start)' \
	"tests/data/layout-6.1.json above 0xfffff0000000 above 0xffffe0000000"
decode shape --from=tests/data/layout-6.1.json <tests/data/kmsg-6.12-uncured
is "--from of another kernel is told" "$(of shape '.boots[].note | test("^FILE is of another kernel")')" true

decode shape --from=tests/data/table-48bit <tests/data/kmsg-6.1-above
is "--from of another boot is told" "$(of shape '.boots[].note | test("^FILE is of another boot")')" true

{
	echo "------------[ cut here ]------------"
	echo "Device private memory not supported"
	echo "WARNING: CPU: 0 PID: 99 at mm/memremap.c:279 memremap_pages+0x5c4/0x698"
	echo "CPU: 0 UID: 0 PID: 99 Comm: insmod Not tainted 6.12.107 #1"
	registers x0=0
	printf 'Call trace:\n memremap_pages+0x5c4/0x698 (P)\n gpu_init+0x1c/0x40 [gpu]\n'
	echo "---[ end trace 0000000000000000 ]---"
	oops 6.12.107 8 4 48 memremap_pages x0=0 x1=0
	echo "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000008"
	printf 'pc : ext4_do_something+0xc/0x68 [ext4]\nCall trace:\n ext4_do_something+0xc/0x68 [ext4]\n'
	echo "---[ end trace 0000000000000000 ]---"
	echo "WARNING: CPU: 0 PID: 1 at kernel/sched/core.c:1 finish_task+0x1/0x2"
	echo "---[ end trace 0000000000000000 ]---"
	echo "Hotplug memory [0xfffff0000000-0x1000000000000] exceeds maximum addressable range [0x40000000-0x80003fffffff]"
	echo "Hotplug memory [0xfffff0000000-0x1000000000000] exceeds maximum addressable range"
	echo "[0x40000000-0x80003fffffff]"
	echo "[0x1000000000000 0x1000010000000] is outside linear mapping region"
	echo "vmemmapwatch: a phys 0x0-0xffffffffffffffff, struct pages 0x0-0x40"
	echo "kernel: 5.4 or so was what I had in mind, and kernel:[  123.4] is a front"
	echo "Hotplugged memory exceeds maximum addressable address, range=0x1000000000000-0x100000fffffff, maximum=0xffffffffffff"
} >"$work/log"
decode shape <"$work/log"
decoded "what looks alike" shape 0 \
	'.boots[].unrelated[] | .kind, .symbol, (.why | test("CONFIG_DEVICE_PRIVATE|is none of a struct page"))' \
	"WARN memremap_pages+0x5c4/0x698 true oops memremap_pages+0xc/0x68 true"
is "what is far off is counted" "$(of shape '.unrelated_count | .warns, .oopses')" "1 1"
is "the message of the WARN" "$(of shape '.boots[].unrelated[0].message')" \
	"Device private memory not supported"
is "refusals are told with what is allowed" "$(of shape \
	'.boots[].refused[] | .phys.start, .limit.last // "-", .count')" \
	"0xfffff0000000 0x80003fffffff 2 0x1000000000000 - 1 0x1000000000000 0xffffffffffff 1"
is "and say why" "$(of shape '.boots[].why.refused[0].statement' | cut -c1-58)" \
	"The kernel refused physical 0xfffff0000000-0xffffffffffff "

# Boots one after another, each with its own layout.
{
	echo "[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x410fd083]"
	plain tests/data/kmsg-6.1-kaslr | with_front dmesg
	echo "[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x410fd083]"
	echo "[    0.000000] Linux version 6.1.192 (a@b) #1"
	echo "[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x410fd083]"
	plain tests/data/kmsg-6.12-uncured | with_front dmesg
} >"$work/log"
decode boots <"$work/log"
decoded "boots in one log" boots 1 '.boots[] | .kernel, (.offenders[] | .verdict, .struct_pages.start)' \
	"6.1.192 user 0x71ccc00000 6.12.117 user 0x1ffbec00000"
{ echo "VMEMMAP_START: 0xfffffc0000000000"; echo "VMEMMAP_START: 0xfffff80000000000"; cat "$one"; } >"$work/log"
decode shape <"$work/log"
is "a log that contradicts itself says so" "$(of shape '.boots[].note' | cut -c1-57)" \
	"the layout contradicts itself about VMEMMAP_START: 0xffff"
exit $((failures > 0))
