#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's own tests of its HMM driver, over struct pages above VMEMMAP_END:
# every caller's count is tracefs's count of the same calls with the
# out-of-bounds test as its filter, and the calls in bounds, which there are
# many of, are not among them.
# check: kernels=hmm-6.1 seconds=20
. "$(dirname "$0")/../testlib.sh"

tests=$("$top/tests/guest/programs/hmm-tests" "$kernel") || exit 1

# The struct page is the first argument, and for those of "both" the second one,
# too: a call with either out of bounds is one hit.
one="zone_device_page_init free_zone_device_page folio_unlock page_remove_rmap
	__folio_put rmap_walk try_to_migrate __mem_cgroup_uncharge"
both="copy_highpage remove_migration_ptes folio_migrate_flags"

echo "one='$one' both='$both'" >"$work/load.sh"
cat >>"$work/load.sh" <<'END'
note=$(head -c 65536 /proc/kcore | strings)
bound() {
	echo "$note" | sed -n "s/^NUMBER(VMEMMAP_$1)=//p" | head -n 1
}
out="page < $(bound START) || page >= $(bound END)"
either="$out || other < $(bound START) || other >= $(bound END)"
insmod /lib/modules/$(uname -r)/kernel/lib/test_hmm.ko
major=$(awk 'tolower($2) == "hmm_dmirror" { print $1 }' /proc/devices)
for i in 0 1; do
	[ -e /dev/hmm_dmirror$i ] || mknod /dev/hmm_dmirror$i c $major $i
done
cd /sys/kernel/tracing
# count NAME FUNCTION [FILTER]
count() {
	echo "p:vmw/$1 $2 page=%x0:u64 other=%x1:u64" >>kprobe_events
	echo "hist:keys=common_type${3:+ if $3}" >events/vmw/$1/trigger
	echo 1 >events/vmw/$1/enable
}
for f in $one; do
	count out_$f $f "$out"
	count all_$f $f
done
for f in $both; do
	count out_$f $f "$either"
	count all_$f $f
done
/root/hmm-tests >/tmp/results 2>&1
for f in events/vmw/*/trigger; do
	f=${f%/trigger}
	echo 0 >$f/enable
	echo "${f##*/} $(sed -n 's/.*Hits: //p' $f/hist)"
	echo '!hist:keys=common_type' >$f/trigger
done >/tmp/counts
echo >kprobe_events
END

name=hmm-tests
boot $name --append nokaslr --add "$tests:/root/hmm-tests" --add "$work/load.sh:/root/load.sh" \
	--timeout 900 <<'END'
. ./guest.sh
trace --probes=all -- sh load.sh
part results; cat /tmp/results
part counts; cat /tmp/counts
facts
END
is "the guest lives" "$(cat "$work/$name/status")" 0
is "exit 1" "$(cat "$work/$name/code")" 1
# Exclusive access fails on 6.1.192 with struct pages in bounds, too; and a page may be
# busy at the moment when the one test that migrates once wants to.
holds "the kernel's tests ran: $(sed -n 's/^# Totals: //p' "$work/$name/results")" test \
	"$(grep '^ok ' "$work/$name/results" | grep -c 'hmm2\{0,1\}_device_private')" -ge 20
is "and passed, but for exclusive access, and for one migration of a busy page" \
	"$(grep '^not ok' "$work/$name/results" | grep -vE '\.exclusive|hmm_device_private\.migrate$')" ""

# counted NAME: by tracefs.
counted() {
	sed -n "s/^$1 //p" "$work/$name/counts"
}
# used SYMBOL: hits of that caller, whatever request they are on.
used() {
	json $name "[.uses[] | select(.probe == \"$1\") | .count] | add // 0"
}
callers='[.uses[] | select(.class == "use") | .probe] | unique'
holds "at least six callers are offenders: $(json $name "$callers | join(\" \")")" test \
	"$(json $name "$callers | length")" -ge 6
holds "each is one of a request, a fault or a page" jq -e '. as $d | [.uses[] | select(.class == "use") | .probe] |
	length > 0 and all(.[]; . as $p | any($d.probes[];
		.kind and .symbol == $p and (.heat | IN("request", "fault", "page"))))' "$work/$name/doc"
equal=0
for f in $one; do
	is "$f: the count is that of tracefs" "$(used "$f")" "$(counted "out_$f")"
	[ "$(counted "out_$f")" -eq 0 ] || equal=$((equal + 1))
done
for f in $both; do
	is "$f: the count is that of tracefs, for either argument" "$(used "$f")" "$(counted "out_$f")"
done
holds "of those with one argument, $equal have been called out of bounds" test $equal -ge 4
for f in folio_unlock page_remove_rmap __folio_put copy_highpage; do
	holds "$f: $(counted all_$f) calls, of which in bounds at least a tenth" test \
		$((($(counted all_$f) - $(counted out_$f)) * 10)) -ge "$(counted all_$f)"
done
mapfile -t ranges < <(iomem $name hmm_dmirror)
is "both requests are listed" ${#ranges[@]} 2
expect_layout $name
bounds='[]'
for range in "${ranges[@]}"; do
	# shellcheck disable=SC2086
	expect_pages $range
	is "request $range is above" "$verdict" above
	bounds=$(jq -c --arg a "$(hex $pages_start)" --arg b "$(hex $pages_end)" \
		'. + [[$a, $b]]' <<<"$bounds")
done
holds "every struct page that a caller is told of is of one of them" jq -e --argjson bounds "$bounds" \
	'[.uses[].struct_pages] | length > 0 and all(.[]; . as $p |
		any($bounds[]; .[0] <= $p.start and $p.end <= .[1]))' "$work/$name/doc"
is "each is above, in a hole, and the driver is known" \
	"$(json $name '[.uses[] | .verdict, (.regions | join("+")), .driver] | unique | join(" ")')" "above hole test_hmm"
# The driver evicts its chunks in arrays larger than what is looked at.
is "nothing is lost but entries of large arrays" "$(json $name '[.losses[] | select(.place != "entries of one array beyond the limit") | .count | numbers] | add')" 0
exit $((failures > 0))
