#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# nokaslr: the kernel's own HMM driver gets struct pages above VMEMMAP_END, the
# kernel WARNs and lives, and warns again when they are taken down.
# check: kernels=hmm-6.1 seconds=15
. "$(dirname "$0")/../testlib.sh"

boot load --append nokaslr <<'END'
. ./guest.sh
trace -- insmod $test_hmm
part boot_id; cat /proc/sys/kernel/random/boot_id
facts
vmemmapwatch --trace --json --output /tmp/unload -- rmmod test_hmm
echo $? >/tmp/code
part unload; cat /tmp/unload
part unload_code; cat /tmp/code
part files; ls -a /tmp
part dmesg_end; dmesg
END
is "nokaslr: the guest lives" "$(cat "$work/load/status")" 0
is "nokaslr: exit 1, at least one offender" "$(cat "$work/load/code")" 1
holds "nokaslr: the document is valid JSON" jq -e . "$work/load/doc"
holds "nokaslr: and as the schema says" "$top/tests/schema" report <"$work/load/doc"
is "nokaslr: nothing but the document is left" "$(xargs <"$work/load/files")" ". .. code doc unload"
expect_layout load

is "START is the kernel's" "$(json load '.layout.values.VMEMMAP_START.value')" "$(hex $start)"
is "END is the kernel's" "$(json load '.layout.values.VMEMMAP_END.value')" "$(hex $end)"
is "vmemmap is the kernel's" "$(json load '.layout.values.vmemmap.value')" "$(hex $vmemmap)"
is "START: four agree, and the formula with them" \
	"$(json load '.layout.values.VMEMMAP_START | .agreement, .independent_live_sources, (.readings[] | .source + " " + .origin)' | paste -sd'|')" \
	"agree|4|vmcoreinfo live|code live|conversions live|derived derived|formula formula"
is "END: three agree, and the formula with them" \
	"$(json load '.layout.values.VMEMMAP_END | .agreement, (.readings[] | .source + " " + .where + " " + .origin)' | paste -sd'|')" \
	"agree|vmcoreinfo NUMBER(VMEMMAP_END) live|code vmemmap_free() compares with it live|derived struct page of where the linear map ends, by mem_section and kallsyms derived|formula 5.15-6.1 formula"
is "vmemmap: two live sources and a derived one agree" \
	"$(json load '.layout.values.vmemmap | .agreement, .readings[].origin' | xargs)" \
	"agree live live derived"
is "a value that one source knows says so" \
	"$(json load '.layout.values.MAX_PHYSMEM_BITS.agreement')" "single source"
is "PHYS_OFFSET: four views of one variable are one witness" \
	"$(json load '.layout.values.PHYS_OFFSET | .agreement, .independent_live_sources, (.readings[] | .source, .variable)' | paste -sd' ')" \
	"single source 1 kallsyms memstart_addr vmcoreinfo memstart_addr conversions memstart_addr segments memstart_addr"
is "a computed value says so" \
	"$(json load '.layout.values.vmemmap.readings[] | select(.where | contains(">>")) | .origin')" derived

mapfile -t ranges < <(iomem load hmm_dmirror | sort -r)
is "test_hmm has two ranges" "${#ranges[@]}" 2
is "two offenders" "$(json load '.offenders | length')" 2
is "no request is refused" "$(json load '.refused | length')" 0
warns=$(grep -c 'WARNING: .* vmemmap_populate+' "$work/load/dmesg")
is "each WARN of the kernel log is seen once" "$(json load '.warns | length')" "$warns"
is "each WARN is in vmemmap_populate" \
	"$(json load '[.warns[].symbol | split("+")[0]] | unique | join(" ")')" vmemmap_populate
holds "the kernel warns" test "$warns" -gt 0
is "each WARN is tied to the request of an offender" \
	"$(json load '[.warns[].request] | unique | tostring')" \
	"$(json load '[.offenders[].request] | unique | tostring')"
holds "each offender has its WARNs" jq -e \
	'. as $d | all(.offenders[]; .warns > 0 and .warns == ([.request as $r | $d.warns[] | select(.request == $r)] | length))' \
	"$work/load/doc"
is "VA_BITS, page size and sizeof(struct page) are the kernel's" \
	"$(json load '.layout.values | .VA_BITS.value, .PAGE_SHIFT.value, ."sizeof(struct page)".value' | xargs)" \
	"$(note load 'NUMBER(VA_BITS)') $shift $page_size"

for i in 0 1; do
	read -r first last <<<"${ranges[$i]}"
	expect_pages "$first" "$last"
	offender=".offenders[$i]"
	name="request $((i + 1))"
	is "$name: driver" "$(json load "$offender.driver")" test_hmm
	is "$name: type" "$(json load "$offender.memory_type")" private
	is "$name: physical range" "$(json load "$offender.phys | .start + \" \" + .last")" \
		"$(hex "$first") $(hex "$last")"
	is "$name: pfn range" "$(json load "$offender.pfn | .start + \" \" + .end")" \
		"$(hex $((first >> shift))) $(hex $(((last + 1) >> shift)))"
	is "$name: struct page range" \
		"$(json load "$offender.struct_pages | .start + \" \" + .end")" \
		"$(hex $pages_start) $(hex $pages_end)"
	is "$name: verdict" "$(json load "$offender.verdict")" $verdict
	is "$name: verdict is above here" $verdict above
	is "$name: distance" "$(json load "$offender | .distance + \" \" + .bound")" \
		"$(hex $((pages_start - end))) VMEMMAP_END"
	is "$name: what it lies in instead, and the kernel notices" \
		"$(json load "$offender | .regions, .kernel_warns | tostring" | xargs)" "[hole] true"
	is "$name: outcome" "$(json load "$offender.outcome")" accepted
	is "$name: live" "$(json load "$offender.live")" true
	is "$name: seen by" "$(json load "$offender.seen_by | keys | sort | join(\" \")")" \
		"__add_pages memmap_init_zone_device memremap_pages move_pfn_range_to_zone"
	is "$name: task" "$(json load "$offender.task.comm")" insmod
	matches "$name: direct caller" "$(json load "$offender.stack[1].symbol")" \
		'^dmirror_allocate_chunk\+.*\[test_hmm\]$'
done
is "first request as published for this layout" \
	"$(json load '.offenders[0].struct_pages | .start + " " + .end')" \
	"0xfffffffffec00000 0xffffffffff000000"
holds "every observation has times, task and CPU" jq -e \
	'(.observations | length) > 0 and all(.observations[]; .time.utc and .time.boot_ns
		and .task.comm == "insmod" and .task.pid > 0 and .task.tgid > 0
		and (.task.cpu | type) == "number")' "$work/load/doc"
holds "all but the search for a range, which comes before it, have a request" jq -e \
	'all(.observations[]; .request or (.probe | test("request_free_mem_region$")))' "$work/load/doc"
holds "the search for a range: what was asked and what was given" jq -e \
	'[.observations[] | select(.probe == "request_free_mem_region")] |
	map(.asked_bytes) == [268435456, 268435456] and all(.[]; .point == "return")' "$work/load/doc"
is "the search for a range: given is what becomes an offender" \
	"$(json load '[.observations[] | select(.probe == "request_free_mem_region") | .phys.start] | join(" ")')" \
	"$(json load '[.offenders[].phys.start] | join(" ")')"
holds "every range has pfns, struct pages, verdict and distance" jq -e \
	'all(.observations[] | select(.pfn); .pfn.start and .pfn.end and .struct_pages.start
		and .struct_pages.end and .verdict == "above" and .distance)' "$work/load/doc"
holds "memremap_pages: type, owner, altmap, nid, ranges" jq -e \
	'[.observations[] | select(.probe == "memremap_pages" and .point == "entry")] |
	length == 2 and all(.[]; .memory_type == "private" and (.owner | test("^0xffff"))
		and .altmap == false and (.nid | type) == "number" and .nr_ranges == 1
		and .range_index == 0)' "$work/load/doc"
holds "memremap_pages: its result is a pointer" jq -e \
	'[.observations[] | select(.probe == "memremap_pages" and .point == "return") | .result] |
	length == 2 and all(.[]; test("^0xffff"))' "$work/load/doc"
is "the boot is named" "$(json load .boot_id)" "$(cat "$work/load/boot_id")"
is "COMMAND is told with its status" \
	"$(json load '.command | .argv[0] + " " + (.exit_status | tostring)')" "insmod 0"

cp "$work/load/unload" "$work/load/doc"
holds "rmmod: the document is as the schema says" "$top/tests/schema" report <"$work/load/doc"
is "rmmod: exit 1" "$(cat "$work/load/unload_code")" 1
is "rmmod: two offenders" "$(json load '.offenders | length')" 2
is "rmmod: seen by all that remove" \
	"$(json load '[.offenders[].seen_by | keys | sort | join(" ")] | unique | join("|")')" \
	"__remove_pages memunmap_pages migrate_device_range remove_pfn_range_from_zone vmemmap_free"
is "rmmod: gone" "$(json load '[.offenders[].live] | unique | tostring')" '[false]'
is "rmmod: the WARNs are in vmemmap_free" \
	"$(json load '[.warns[].symbol | split("+")[0]] | unique | join(" ")')" vmemmap_free
is "rmmod: each WARN of the kernel log is seen once" "$(json load '.warns | length')" \
	"$(grep -c 'WARNING: .* vmemmap_free+' "$work/load/dmesg_end")"
for i in 0 1; do
	read -r first last <<<"${ranges[$i]}"
	expect_pages "$first" "$last"
	found=".offenders[] | select(.phys.start == \"$(hex "$first")\")"
	is "rmmod: request $((i + 1)) has the same struct pages" \
		"$(json load "$found | .struct_pages | .start + \" \" + .end")" \
		"$(hex $pages_start) $(hex $pages_end)"
	is "rmmod: request $((i + 1)) is the driver's" "$(json load "$found | .driver")" test_hmm
	free='[.observations[] | select(.probe == "vmemmap_free") | .struct_pages.start, .struct_pages.end]'
	holds "rmmod: vmemmap_free covers request $((i + 1))" jq -e \
		"$free | index(\"$(hex $pages_start)\") and index(\"$(hex $pages_end)\")" "$work/load/doc"
done
exit $((failures > 0))
