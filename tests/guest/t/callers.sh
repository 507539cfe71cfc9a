#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Callers of pfn_to_page(): the kernel's HMM driver migrates pages of a process to
# struct pages above VMEMMAP_END and back. Each caller is counted exactly, by
# tracefs's own count of the same calls; a healthy kernel under the same load
# reports nothing, and is proved to have been watched.
# FLOOD=N hits of one caller (100,000), and as much less in the other loads.
# check: kernels=hmm-6.1,hmm-6.12-uncured seconds=80
. "$(dirname "$0")/../testlib.sh"

programs=$("$top/tests/guest/programs/build") || exit 1
flood=${FLOOD:-100000}

# What COMMAND is: the driver, tracefs counting out-of-bounds first arguments at
# or above END, and PAGES pages to the device and back (touched from there with
# a fifth word), ROUNDS times.
cat >"$work/load.sh" <<'END'
claim=$1 pages=$2 rounds=$3 end=$4
[ "$claim" = no ] || insmod /root/vmw_claim.ko
insmod /lib/modules/$(uname -r)/kernel/lib/test_hmm.ko
rm -f /tmp/hmm
mknod /tmp/hmm c $(awk 'tolower($2) == "hmm_dmirror" { print $1 }' /proc/devices) 0
cd /sys/kernel/tracing
for f in zone_device_page_init free_zone_device_page folio_unlock page_remove_rmap __folio_put rmap_walk; do
	echo "p:count_$f $f page=%x0:u64" >>kprobe_events
	echo "hist:keys=common_type if page >= $end" >events/kprobes/count_$f/trigger
	echo 1 >events/kprobes/count_$f/enable
done
echo "migrated $(/root/hmm_loop /tmp/hmm $pages $rounds $5)" >/tmp/counts
for f in events/kprobes/count_*; do
	echo 0 >$f/enable
	echo "${f##*count_} $(sed -n 's/.*Hits: //p' $f/hist)" >>/tmp/counts
	echo '!hist:keys=common_type' >$f/trigger
done
echo >kprobe_events
END
load=(--add "$work/load.sh:/root/load.sh" --add "$programs/hmm_loop:/root/hmm_loop" --timeout 900)

# Loads of one guest, one after the other, as if each had a guest of its own.
mkdir "$work"/{touched,stream,healthy}
boot offending --append nokaslr "${load[@]}" <<END
. ./guest.sh
end=0xfffffe0000000000
trace --probes=all -- sh load.sh no 64 50 \$end
part counts; cat /tmp/counts
facts
# next NAME: what belongs to NAME is from here on.
next() {
	rmmod test_hmm
	name=../\$1
}
# told CODE
told() {
	echo \$1 >/tmp/code
	part \$name/code; cat /tmp/code
	part \$name/doc; cat /tmp/doc
	part \$name/counts; cat /tmp/counts
}
# The same pages come back because the CPU touches them, a fault each.
next touched
vmemmapwatch --trace --json --probes=do_swap_page,migrate_vma_setup --output /tmp/doc -- sh load.sh no 64 50 \$end touch
told \$?
# A stream tells the counts while they move, at most once a second.
next stream
vmemmapwatch --trace --json=lines --probes=folio_unlock,__folio_put --output /tmp/doc -- sh load.sh no 64 $((flood / 128)) \$end
told \$?
# The same kernel, healthy, under the same load.
next healthy
sysctl -qw kernel.bpf_stats_enabled=1
vmemmapwatch --trace --json --probes=all --output /tmp/doc -- sh load.sh yes 256 $((flood * 3 / 10000)) \$end
told \$?
END
name=offending
is "the guest lives" "$(cat "$work/$name/status")" 0
is "exit 1" "$(cat "$work/$name/code")" 1
expect_layout $name
count() {
	sed -n "s/^$1 //p" "$work/$name/counts"
}
# used SYMBOL FIELD: of that caller, whatever request it is on.
used() {
	json $name "[.uses[] | select(.probe == \"$1\")] | $2"
}
is "pages went to the device" "$(count migrated)" 3200
callers='[.uses[] | select(.class == "use") | .probe] | unique'
holds "at least six callers are offenders, $(json $name "$callers | length") here" test \
	"$(json $name "$callers | length")" -ge 6
for f in zone_device_page_init free_zone_device_page folio_unlock page_remove_rmap __folio_put rmap_walk; do
	is "$f: the count is that of tracefs" "$(used $f 'map(.count) | add')" "$(count $f)"
done
is "zone_device_page_init: once for each page that migrated" \
	"$(used zone_device_page_init 'map(.count) | add')" "$(count migrated)"
is "each is above, in a hole, and the driver is known" \
	"$(json $name '[.uses[] | .verdict, (.regions | join("+")), .driver] | unique | join(" ")')" "above hole test_hmm"
is "each lies in a request that is listed" \
	"$(json $name '. as $d | [.uses[].request | select(. as $r | any($d.requests[]; .id == $r) | not)] | length')" 0
read -r first last <<<"$(iomem $name hmm_dmirror | sort -r | head -n 1)"
page_bytes=$(note $name PAGESIZE)
expect_pages "$first" "$last"
holds "the struct pages seen are those of the first request" jq -e --arg a "$(hex $pages_start)" --arg b "$(hex $pages_end)" \
	'[.uses[] | select(.class == "use" and .probe != "migrate_device_range") | .struct_pages] | length > 5 and all(.[]; .start >= $a and .end <= $b)' "$work/$name/doc"
holds "each has a stack and a caller" jq -e 'all(.uses[]; .stack[0].symbol and (.callers | length) > 0)' "$work/$name/doc"
matches "the caller of zone_device_page_init" "$(used zone_device_page_init '.[0].callers[0]')" \
	'^dmirror_migrate_to_device.*\[test_hmm\]$'
holds "samples are limited, counts are not" jq -e 'all(.uses[] | select(.count > 1000); .samples < 100)' "$work/$name/doc"
is "what is looked up is no offence" "$(json $name '[.uses[] | select(.class == "lookup")] | length')" 0
# used_as SYMBOL: calls and pages of it.
used_as() {
	json $1 "[.uses[] | select(.probe == \"$2\")] | \"\(map(.count) | add) \(map(.pages) | add)\""
}
# 50 times 64 pages to the device and 64 back, an array each: at setup the source
# alone is known.
is "migrate_vma_setup, judged on return" "$(used_as $name migrate_vma_setup)" "50 3200"
is "migrate_vma_pages: either array" "$(used_as $name migrate_vma_pages)" "100 6400"
is "migrate_vma_finalize: either array" "$(used_as $name migrate_vma_finalize)" "100 6400"
# The driver evicts its chunk at the end: of two arrays 512 entries are looked at,
# in each of two functions.
lost() {
	json $1 '[.losses[] | select((.count | numbers) > 0) | "\(.place) \(.count)"] | join(",")'
}
chunk=$(((last - first + 1) / page_bytes))
beyond="entries of one array beyond the limit $(((chunk - 512) * 4))"
is "entries not looked at are counted, and nothing else is lost" "$(lost $name)" "$beyond"

name=touched
is "touched: pages went to the device" "$(count migrated)" 3200
is "touched: do_swap_page, judged on return: a fault for each page" "$(used_as $name do_swap_page)" "3200 3200"
is "touched: nothing is lost" "$(lost $name)" ""

name=stream
uses='[.[] | select(.type == "use" and .probe == "folio_unlock")]'
holds "stream: the counts of a caller are told again and again, and grow" jq -se \
	"$uses | length > 1 and (map(.count) | . == sort and . == unique)" "$work/$name/doc"
holds "stream: not more than once a second" jq -se \
	"(.[-1] | (.end.boot_ns - .start.boot_ns) / 1e9 + 1) as \$seconds | $uses | length <= \$seconds" "$work/$name/doc"
is "stream: its report counts as tracefs does" \
	"$(jq -s '.[-1] | [.uses[] | select(.probe == "folio_unlock") | .count] | add' "$work/$name/doc")" "$(count folio_unlock)"

# A flood of hits of one caller, every one counted.
boot flood --smp 2 --append nokaslr "${load[@]}" <<END
. ./guest.sh
trace --probes=zone_device_page_init -- sh load.sh no 1024 $((flood / 1024 + 1)) 0xfffffe0000000000
part counts; cat /tmp/counts
END
name=flood
is "flood: the guest lives" "$(cat "$work/$name/status")" 0
holds "flood: $flood hits, $(count migrated) here" test "$(count migrated)" -ge $flood
is "flood: every one is counted" "$(used zone_device_page_init 'map(.count) | add')" "$(count migrated)"
is "flood: as by tracefs" "$(used zone_device_page_init 'map(.count) | add')" "$(count zone_device_page_init)"
is "flood: nothing is lost" "$(json $name '[.losses[].count | numbers] | add')" 0

name=healthy
is "healthy: the guest lives" "$(cat "$work/offending/status")" 0
is "healthy: nothing but entries of the driver's large arrays was not looked at" "$(lost $name)" "$beyond"
is "healthy: exit 5, for that alone" "$(cat "$work/$name/code")" 5
is "healthy: no caller is an offender" "$(json $name '.uses | length')" 0
is "healthy: pages went to the device" "$(count migrated)" $((flood * 3 / 10000 * 256))
runs='[.probes[] | select(.kind and .class != "lookup" and .runs) | .runs]'
holds "healthy: at least 12 programs of callers ran, $(json $name "$runs | length") here" test \
	"$(json $name "$runs | length")" -ge 12
holds "healthy: $flood runs and more, $(json $name "$runs | add") here" test "$(json $name "$runs | add")" -ge $flood

# fentry: before the uncured kernel dies, its request is seen on its way.
use hmm-6.12-uncured
boot fentry --append nokaslr <<'END'
. ./guest.sh
trace --probes=all -- insmod $test_hmm
facts
END
name=fentry
is "fentry: exit 1" "$(cat "$work/$name/code")" 1
expect_layout $name
read -r first last <<<"$(iomem $name hmm_dmirror | sort -r | head -n 1)"
expect_pages "$first" "$last"
is "fentry: how" "$(json $name '.probes[] | select(.symbol == "move_pfn_range_to_zone") | .status')" fentry
is "fentry: a caller that makes struct pages joins its request" \
	"$(json $name '.offenders[0] | .struct_pages.start, .struct_pages.end, .verdict, .seen_by.move_pfn_range_to_zone' | xargs)" \
	"$(hex $pages_start) $(hex $pages_end) user 1"
is "fentry: and is no offender of its own" "$(json $name '.uses | length')" 0
holds "fentry: at least 16 callers of class certain or use" test \
	"$(json $name '[.probes[] | select(.kind and .class != "lookup" and .status == "fentry")] | length')" -ge 16
exit $((failures > 0))
