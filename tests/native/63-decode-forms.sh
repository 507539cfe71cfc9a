#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --decode on a log in every form that it is handed on in: dumps of real kernels and a
# refusal are read in all of them, and what is clean is clean in all of them. A dump that
# was cut anywhere is never clean. (tests/guest/matrix/decode-clean.sh has many more.)
# check: seconds=16
. "$(dirname "$0")/../forms.sh"

printf '%s\n' '12.000000 usb 1-1: new high-speed USB device' \
	'12.100000 Hotplug memory [0xfffff0000000-0x1000000000000] exceeds maximum addressable range [0x40000000-0x80003fffffff]' \
	'12.200000 gpu 0000:01:00.0: probe failed' >"$work/refusal"
with_times tests/data/kmsg-6.1-above >"$work/warns"
with_times tests/data/kmsg-6.12-uncured >"$work/oops"
for log in warns oops refusal; do
	sed -E 's/^([0-9.]+) /[    \1] /' "$work/$log" >"$work/dmesg"
	wanted=$("$program" --decode --json "$work/dmesg" | jq -c "$found")
	matches "$log: read" "$wanted" \
		"$([ $log = refusal ] && echo '^\[0,null,\[\{"start":"0xfffff0000000"' ||
			echo '^\[1,null,\["test_hmm"')"
	is "$log: the same in all forms" "$(bad_forms "$work/$log" "$wanted")" ""
done
is "there are forms enough" "$(($(find "$work/forms" -type f | wc -l) > 60))" 1

# Cut at every line, from either end; a part that has nothing of ours any more may be clean.
ours='vmemmap_populate|vmemmap_free|__init_single_page|__init_zone_device_page|memmap_init_zone_device'
ours+='|(memremap_pages|__add_pages|sparse_add_section|__populate_section_memmap)\+'
ours+='|WARNING: CPU|Unable to handle kernel'
for log in warns oops; do
	sed -E 's/^([0-9.]+) /[    \1] /' "$work/$log" >"$work/dmesg"
	n=$(wc -l <"$work/dmesg") bad=
	for ((i = 1; i < n; i += 2)); do
		for cut in "head -n $i" "tail -n $i"; do
			$cut "$work/dmesg" >"$work/part"
			grep -Eq "$ours" "$work/part" || continue
			"$program" --decode "$work/part" >/dev/null || continue
			bad+=" $cut"
		done
	done
	is "$log, cut anywhere: never clean" "$bad" ""
	bad=
	for ((i = 1; i < n; i += 6)); do
		{
			echo '0.100000 random: crng init done'
			# A few lines, which end as they do or anywhere.
			sed -n "$i,$((i + 1))p" "$work/$log"
			sed -n "$((i + 2))p" "$work/$log" | cut -c "1-$((20 + i % 50))"
		} >"$work/part"
		grep -Eq "$ours" "$work/part" || continue
		bad+=$(clean_forms "$work/part")
	done
	is "$log, a few lines of it in all forms: never clean" "$bad" ""
done

printf '%s\n' '0.000000 Booting Linux on physical CPU 0x0000000000 [0x410fd083]' \
	'0.000000 Linux version 6.1.192 (build@box) (gcc 12.2.0) #1 SMP' \
	'0.000000 Machine model: linux,dummy-virt' \
	'0.000000 Kernel command line: console=ttyAMA0 panic=-1' \
	'0.450000 usb 1-1: new high-speed USB device number 4 using xhci_hcd' >"$work/boot"
is "a boot without a dump, in all forms" "$(unclean_forms "$work/boot")" ""
tests/decode-clean 5 11 "$work/clean"
for log in "$work"/clean/*; do
	is "clean log $(basename "$log"), in all forms" "$(unclean_forms "$log")" ""
done

# More forms of what cannot be judged, and files that are no logs.
says() {
	local what=$1 code=$2 regex=$3
	"$program" --decode "$work/log" >"$work/text" 2>&1
	is "$what: exit $code" $? "$code"
	matches "$what: $regex" "$(tr '\n' ' ' <"$work/text")" "$regex"
}
: >"$work/log"
says "an empty file" 5 'the file is empty'
head -c 5000000 /dev/zero >"$work/log"
says "zeros" 5 "not of a kernel log"
cp /etc/passwd "$work/log"
says "/etc/passwd" 5 "not of a kernel log"
cp daemon/share/grafana/vmemmapwatch.json "$work/log"
says "a document" 5 "not of a kernel log"
gzip -c "$work/dmesg" | head -c 900 >"$work/log"
says "a packed file that was cut" 1 'ends in the middle of what was packed'
exit $((failures > 0))
