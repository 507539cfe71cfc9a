#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What happened before anybody watched: test_hmm was loaded, unloaded, died, and
# the sections of memory and the kernel's log tell of it afterwards.
# check: kernels=hmm-6.1 seconds=10
. "$(dirname "$0")/../testlib.sh"

out=$top/build/arm64
holds "the scan builds" build ARCH=arm64 build/arm64/bench/found
scan=(--add "$out/bench/found:/root/found")

# field NAME PART N FIELD: of the Nth range that was found.
field() {
	grep '^found ' "$work/$1/$2" | sed -n "$3p" | tr ' ' '\n' | sed -n "s/^$4=//p"
}

# of_scan NAME PART FIELD...: of the scan as a whole.
of_scan() {
	local file=$work/$1/$2 name
	shift 2
	for name in "$@"; do
		grep '^scan ' "$file" | tr ' ' '\n' | sed -n "s/^$name=//p"
	done | xargs
}

# is_found NAME PART N FIRST LAST WHAT: it is that physical range, by our own sums.
is_found() {
	expect_pages "$4" "$5"
	is "$1 $2 $6: pfns" "$(field "$1" "$2" "$3" pfn) $(field "$1" "$2" "$3" nr)" \
		"$(printf '%x %x' $(($4 >> shift)) $((($5 - $4 + 1) >> shift)))"
	is "$1 $2 $6: struct pages" "$(field "$1" "$2" "$3" start) $(field "$1" "$2" "$3" end)" \
		"$(printf '%x %x' $pages_start $pages_end)"
	is "$1 $2 $6: driver, module" "$(field "$1" "$2" "$3" driver) $(field "$1" "$2" "$3" module)" \
		"test_hmm test_hmm"
	is "$1 $2 $6: task" "$(field "$1" "$2" "$3" comm)" insmod
}

boot above "${scan[@]}" --append "nokaslr printk.devkmsg=on" <<'END'
. ./guest.sh
part before; ./found
insmod $test_hmm
facts
part loaded; ./found
echo '<4>WARNING: CPU: 0 PID: 1 at a.c:1 vmemmap_free+0x1/0x2' >/dev/kmsg
part forged; ./found
mount --bind /dev/null /proc/kcore
part nokcore; ./found
umount /proc/kcore
mount --bind /dev/null /dev/kmsg
part nolog; ./found
umount /dev/kmsg
rmmod test_hmm
part gone; ./found
i=0
while [ $i -lt 4000 ]; do
	echo "line $i of many that push the beginning out of the kernel's log" >/dev/kmsg
	i=$((i + 1))
done
insmod $test_hmm 2>/dev/null
part cut; ./found
END
is "above: the guest lives" "$(cat "$work/above/status")" 0
is "before: nothing, and everything was read" \
	"$(of_scan above before sections claims log cut clock warns oopses) $(grep -c '^found' "$work/above/before")" \
	"1 1 1 0 1 0 0 0"
expect_layout above
mapfile -t ranges < <(iomem above hmm_dmirror | sort)
for i in 1 2; do
	read -r first last <<<"${ranges[$((i - 1))]}"
	is_found above loaded $i "$first" "$last" "range $i"
	is "above loaded range $i: live, a device, with its name and WARNs" \
		"$(for f in live device name warns oops; do field above loaded $i $f; done | xargs)" \
		"1 yes hmm_dmirror 2 0"
	holds "above loaded range $i: its time is before the scan's" \
		test "$(field above loaded $i last_ns)" -lt "$(of_scan above loaded start_ns)"
	is "above nokcore range $i: the same by BPF" \
		"$(grep '^found' "$work/above/nokcore" | sed -n "${i}s/first_ns=.*name/name/p")" \
		"$(grep '^found' "$work/above/loaded" | sed -n "${i}s/first_ns=.*name/name/p")"
	is "above nolog range $i: the sections alone" \
		"$(for f in live name warns first_ns; do field above nolog $i $f; done | xargs)" \
		"1 hmm_dmirror 0 0"
	# The log knows them in the order of their coming: the upper one first.
	is_found above gone $((3 - i)) "$first" "$last" "range $i"
	is "above gone range $i: gone, with twice the WARNs" \
		"$(for f in live device name warns; do field above gone $((3 - i)) $f; done | xargs)" \
		"0 ? 4"
done
is "above: two ranges each time" \
	"$(for p in loaded nokcore nolog gone cut; do grep -c '^found' "$work/above/$p"; done | xargs)" \
	"2 2 2 2 2"
is "above: the WARNs are the log's" "$(of_scan above loaded warns rangeless)" \
	"$(grep -c 'WARNING: .* vmemmap_populate+' "$work/above/dmesg") 0"
is "above: what user space wrote is no WARN" "$(of_scan above forged warns)" \
	"$(of_scan above loaded warns)"
is "above: a log without its beginning says so" "$(of_scan above cut cut)" 1

boot kaslr "${scan[@]}" --cpu cortex-a72 --seed 11 <<'END'
. ./guest.sh
insmod $test_hmm
facts
part dead; ./found
END
is "kaslr: the guest lives" "$(cat "$work/kaslr/status")" 0
expect_layout kaslr
read -r first last < <(iomem kaslr hmm_dmirror | sort | tail -n 1)
is_found kaslr dead 1 "$first" "$last" "range"
is "kaslr: user addresses, an oops, and the pages are still there" "$(for f in verdict live oops warns name
	do field kaslr dead 1 $f; done | xargs)" "3 1 1 2 hmm_dmirror"
is "kaslr: one range, one oops" \
	"$(grep -c '^found' "$work/kaslr/dead") $(of_scan kaslr dead oopses rangeless)" "1 1 0"
exit $((failures > 0))
