#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --trace --sites: pfn_to_page() where it is inlined in the kernel's own HMM driver, built
# out of tree so that ftrace has its functions. A probe of zone_device_page_init() counts
# the same pages; another build of the module than the one that was searched is noticed; a
# healthy kernel has no finding.
# check: kernels=hmm-6.1,hmm-6.12-uncured seconds=60
. "$(dirname "$0")/../testlib.sh"

programs=$("$top/tests/guest/programs/build") || exit 1

cat >"$work/install.sh" <<'END'
mkdir -p /lib/modules/$(uname -r)/extra
cp $1 /lib/modules/$(uname -r)/extra/test_hmm.ko
echo extra/test_hmm.ko: >/lib/modules/$(uname -r)/modules.dep
END
# What COMMAND is: the driver, and 5 times 64 pages to the device and back.
cat >"$work/load.sh" <<'END'
insmod ${1:-/lib/modules/$(uname -r)/extra/test_hmm.ko}
rm -f /tmp/hmm
mknod /tmp/hmm c $(awk 'tolower($2) == "hmm_dmirror" { print $1 }' /proc/devices) 0
/root/hmm_loop /tmp/hmm 64 5
END

# guest KERNEL: the options that both guests need.
guest() {
	use "$1"
	built=$("$top/tests/guest/modules/build" "$1" test_hmm) || exit 1
	# The same code by its text, and not by its identity.
	cp "$built/test_hmm.ko" "$work/other.ko"
	aarch64-linux-gnu-objcopy --dump-section .note.gnu.build-id="$work/note" "$work/other.ko"
	printf '\0' | dd of="$work/note" bs=1 seek=16 conv=notrunc 2>/dev/null
	aarch64-linux-gnu-objcopy --update-section .note.gnu.build-id="$work/note" "$work/other.ko"
	load=(--add "$work/load.sh:/root/load.sh" --add "$work/install.sh:/root/install.sh"
		--add "$built/test_hmm.ko:/root/test_hmm.ko" --add "$work/other.ko:/root/other.ko"
		--add "$programs/hmm_loop:/root/hmm_loop"
		--add "$top/tests/guest/service.sh:/root/service.sh")
}

guest hmm-6.1
mkdir "$work"/{loaded,other}
boot sites --append nokaslr "${load[@]}" <<'END'
. ./guest.sh
sh install.sh /root/test_hmm.ko
trace --sites=test_hmm --probes=zone_device_page_init -- sh load.sh
part listing; vmemmapwatch --sites=test_hmm --json
part left; grep -c vmemmapwatch_ /sys/kernel/tracing/kprobe_events
facts
# next NAME: what belongs to NAME is from here on.
next() {
	name=../$1
}
told() {
	echo $1 >/tmp/code
	part $name/code; cat /tmp/code
	part $name/doc; cat /tmp/doc
}
# Loaded already, and in text.
next loaded
vmemmapwatch --trace --json --output /tmp/doc --sites=test_hmm --probes=-default -- /root/hmm_loop /tmp/hmm 64 5
told $?
part $name/text
vmemmapwatch --trace --sites=test_hmm --probes=-default -- /root/hmm_loop /tmp/hmm 64 2 2>/dev/null
rmmod test_hmm
# Another one than that of /lib/modules.
next other
vmemmapwatch --trace --json --output /tmp/doc --sites=test_hmm --probes=-default -- sh load.sh /root/other.ko 2>/tmp/err
told $?
part $name/err; cat /tmp/err
rmmod test_hmm
# The service, which attaches by another process than the one that watches.
. ./service.sh
start --sites=test_hmm --probes=-default
sh load.sh
# Counts are read once a second.
sleep 2
report $name/service
stop
part $name/after; grep -v DISABLED /sys/kernel/debug/kprobes/list
rmmod test_hmm
part $name/none; vmemmapwatch --trace --sites=nosuch --for 1 2>&1; echo "exit $?"
END
name=sites
is "the guest lives" "$(cat "$work/$name/status")" 0
is "exit 1" "$(cat "$work/$name/code")" 1
expect_layout $name
# Those of the report that were run: "function calls out-of-bounds".
sites() {
	json $name "[.sites[] | select(.calls > 0) | \"\(.function | split(\".\")[0]) \(.calls) \(.out_of_bounds)\"] | join(\", \")"
}
is "all sites are attached, before the module is there" \
	"$(json $name '.sites | map(.attached) | unique | tostring')" "[true]"
is "as many as are in its code" "$(json $name '.sites | length')" \
	"$(jq '.objects[0].count.pfn_to_page' "$work/$name/listing")"
is "its init and its migrations, each page; the end of the last chunk is no finding" "$(sites)" \
	"dmirror_allocate_chunk 2 2, dmirror_allocate_chunk 2 1, dmirror_devmem_fault_alloc_and_copy 320 320, dmirror_migrate_to_device 320 0, dmirror_migrate_to_device 320 320"
of_migration='[.uses[] | select(.site // "" | startswith("pfn_to_page in dmirror_migrate_to_device"))]'
is "the pages of a migration are those that zone_device_page_init() is called with" \
	"$(json $name "$of_migration | .[0] | .count, .struct_pages.start, .struct_pages.end" | xargs)" \
	"$(json $name '.uses[] | select(.probe == "zone_device_page_init") | .count, .struct_pages.start, .struct_pages.end' | xargs)"
read -r first last <<<"$(iomem $name hmm_dmirror | sort -r | head -n 1)"
page_bytes=$(note $name PAGESIZE)
expect_pages "$first" "$last"
is "the first page of a chunk" \
	"$(json $name '[.uses[] | select(.site // "" | startswith("pfn_to_page in dmirror_allocate_chunk")) | .struct_pages.start] | sort | last')" \
	"$(hex $pages_start)"
is "each is in a request that is listed, of the driver" \
	"$(json $name '. as $d | [.uses[] | select(.site) | select((.request as $r | any($d.requests[]; .id == $r)) and .driver == "test_hmm")] | length')" \
	"$(json $name '[.uses[] | select(.site)] | length')"
holds "each has a stack that begins at the site" jq -e \
	'all(.uses[] | select(.site); . as $u | .stack[0].symbol | startswith($u.site | ltrimstr("pfn_to_page in ") | split(" ")[0]))' "$work/$name/doc"
is "nothing is lost" "$(json $name '[.losses[].count | numbers] | add')" 0
is "no event is left in tracefs" "$(cat "$work/$name/left")" 0
holds "the report is as the schema says" "$top/tests/schema" report <"$work/$name/doc"
holds "the listing is as the schema says" "$top/tests/schema" sites <"$work/$name/listing"

name=loaded
is "loaded: exit 1" "$(cat "$work/$name/code")" 1
is "loaded: its migrations" "$(sites)" \
	"dmirror_devmem_fault_alloc_and_copy 320 320, dmirror_migrate_to_device 320 0, dmirror_migrate_to_device 320 320"
matches "loaded: the text names the site" "$(tr -s ' \n' ' ' <"$work/$name/text")" \
	'pfn_to_page in dmirror_migrate_to_device[^ ]*\+0x[0-9a-f]+ \[test_hmm\]: 128 calls, 128 out of bounds'
is "loaded: no line is longer than 80" "$(awk 'length > 80' "$work/$name/text")" ""

name=other
is "another build: exit 1, for the request" "$(cat "$work/$name/code")" 1
is "another build: no hit counts" "$(json $name '[.uses[] | select(.site)] | length')" 0
holds "another build: its hits are lost" test \
	"$(json $name '.losses[] | select(.place | startswith("hits at sites")) | .count')" -ge 640
matches "another build: it says so" "$(cat "$work/$name/err")" \
	'--sites: test_hmm: its build id is [0-9a-f]+, of the code that was searched [0-9a-f]+: hits in its sites are lost'
matches "a module that is not there" "$(xargs <"$work/$name/none")" \
	'vmemmapwatch: --sites: nosuch: not loaded, and not in /lib/modules/.*/modules.dep exit 2'

name=service
mkdir -p "$work/$name"
cp "$work/other/service" "$work/$name/doc"
is "service: exit 1" "$(cat "$work/other/service.code")" 1
is "service: its migrations and its init" "$(sites)" \
	"dmirror_allocate_chunk 2 2, dmirror_allocate_chunk 2 1, dmirror_devmem_fault_alloc_and_copy 320 320, dmirror_migrate_to_device 320 0, dmirror_migrate_to_device 320 320"
is "service: nothing is lost" "$(json $name '[.losses[].count | numbers] | add')" 0
holds "service: as the schema says" "$top/tests/schema" report <"$work/$name/doc"
is "service: no probe stays enabled" "$(cat "$work/other/after")" ""

# In bounds: more memory is claimed, so that the kernel finds a range that fits.
guest hmm-6.12-uncured
boot healthy "${load[@]}" <<'END'
. ./guest.sh
insmod vmw_claim.ko
sh install.sh /root/test_hmm.ko
trace --sites=test_hmm,vmlinux --probes=-default -- sh load.sh
# As the kernel has it, without ftrace: no kprobe can be there.
rmmod test_hmm
echo kernel/lib/test_hmm.ko: >/lib/modules/$(uname -r)/modules.dep
part none; vmemmapwatch --trace --sites=test_hmm --probes=-default -- insmod $test_hmm 2>/tmp/err
echo "exit $?"
part none.err; cat /tmp/err
END
name=healthy
is "healthy: the guest lives" "$(cat "$work/$name/status")" 0
is "healthy: exit 0" "$(cat "$work/$name/code")" 0
is "healthy: no finding" "$(json $name '.uses | length')" 0
holds "healthy: sites of the kernel and of the driver were run" jq -e \
	'[.sites[] | select(.calls > 0) | .module] | unique == ["", "test_hmm"]' "$work/$name/doc"
matches "no site can be probed: not tested" "$(xargs <"$work/$name/none")" \
	'Not tested: no site of test_hmm could be probed.* exit 6$'
holds "no site can be probed: it says why" grep -q 'no pfn_to_page() in the code of test_hmm can be probed' "$work/$name/none.err"
