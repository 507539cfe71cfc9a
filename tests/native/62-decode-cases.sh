#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --decode on logs as people send them: each in tests/data/decode has beside it what is to
# come of it. And on variations of the same kinds.
# check: seconds=7
. "$(dirname "$0")/../decode.sh"

# What of a document is compared; of a sentence its beginning.
filter='"code \(.code)",
	(.unparsed // empty | "unparsed \(.why | split(":")[0])"),
	(.boots[] |
	(.note // empty | "note \(split(":")[0])"),
	(.offenders[] | "\(.driver) \(.verdict) \(.distance) pages \(.struct_pages.start)-\(.struct_pages.end) phys \(.phys.start // "?")-\(.phys.last // "?")\(if .at_least then " at least" else "" end), \(.warns) WARNs, \(.oopses) oopses, stack \(.stack | map(split("+")[0]) | join(" "))"),
	(.offenders[0] // empty | "END \($boot.layout.bounds.nominal.end)"),
	(.without_verdict[] | "without verdict: \(.kind) \(.symbol) \(.driver): \(.why)"),
	(.stray_pages[] | "stray \(.symbol) \(.verdict) \(.distance): \(.why)"),
	(.addresses[] | "address \(.address) \(.verdict) \(.distance)"),
	(.why | to_entries[] | .key as $verdict | .value[].statement | capture("^(?<driver>[a-z_-]+): ").driver | "advice \($verdict) \(.)"))'
filter=${filter/(.boots\[\] |/(.boots[] | . as \$boot |}

for log in tests/data/decode/*.txt; do
	name=$(basename "$log" .txt)
	options=()
	[[ $name != 31-* ]] || options=(--from=tests/data/table-39bit)
	decode "$name" "${options[@]}" <"$log"
	holds "$name: as the schema says" sh -c "tests/schema decode <'$work/$name'"
	is "$name" "$(jq -r "$filter" "$work/$name" 2>&1)" "$(cat "${log%.txt}.expect")"
	"$program" --decode "${options[@]}" "$log" >"$work/text"
	is "$name: no line of the text is longer than 80" \
		"$(awk 'length > 80' "$work/text")" ""
	grep -qx 'code 0' "${log%.txt}.expect" ||
		holds "$name: what to do is in the first lines" sh -c "sed -n 1,5p '$work/text' | grep -q ^Next:"
done

# case WHAT CODE REGEX [OPTION...] <LOG: the first lines of the text, and the exit status.
case_of() {
	local what=$1 code=$2 regex=$3
	shift 3
	cat >"$work/log"
	"$program" --decode "$@" "$work/log" >"$work/text" 2>"$work/err"
	is "$what: exit $code" "$? $(cat "$work/err")" "$code "
	matches "$what" "$(sed -n 1,4p "$work/text" | tr '\n' ' ')" "$regex"
}
oops_log=tests/data/decode/32-oops-tells-one-section-only.txt
warn_log=tests/data/decode/30-advice-of-other-drivers.txt

# What a compiler makes of a function is that function.
for suffix in .constprop.0 .isra.0 .part.0 .cold .llvm.1234567890; do
	sed "s/__init_zone_device_page+/__init_zone_device_page$suffix+/" $oops_log |
		case_of "oops in $suffix" 1 '^demo_gpu: struct pages of 8 GiB are 1.9 TiB past'
	sed "s/vmemmap_populate+/vmemmap_populate$suffix+/" $warn_log |
		case_of "WARN in $suffix" 1 '^demo_gpu: struct pages of 128 MiB are 1.9 TiB above'
done

# Registers beat the release, unless they contradict each other.
for release in 5.15.2 6.1.50 6.6.87 6.8.0-rc3+; do
	sed "s/6\.10\.0/$release/" $oops_log |
		case_of "the layout of 6.9 in a $release" 1 '^demo_gpu: struct pages of 8 GiB are 1.9 TiB past'
done
sed 's/6\.10\.0/6.12.1/; s/fffffdffc0000000/fffffc0000000000/' $oops_log |
	case_of "the layout of 6.8 in a 6.12" 1 '^demo_gpu: struct pages of 8 GiB are 3.9 TiB past'
sed 's/6\.1\.50/6.12.7/' $warn_log |
	case_of "the same of a WARN" 1 '^demo_gpu: struct pages of 128 MiB are 1.9 TiB above'
sed 's/6\.10\.0/6.8.1/; s/x2 : 0000000000000000/x2 : fffffc0000000000/' $oops_log |
	case_of "the bounds of two layouts" 4 'without a verdict.*find out which layout is right'
sed '/x28/d' $oops_log |
	case_of "an oops that tells of one section" 1 '^demo_gpu: struct pages of at least 128 MiB are'
grep -v '^\[ *[0-9.]*\] *\(pc\|x[0-9]\)' $oops_log |
	case_of "an oops without pc and registers" 1 'demo_gpu: oops in __init_zone_device_page.* without a verdict'

# Struct pages of nothing.
stray() {
	printf '%s\n' "Unable to handle kernel paging request at virtual address $1" \
		'swapper pgtable: 4k pages, 48-bit VAs, pgdp=0000000041000000' \
		'Internal error: Oops: 0000000096000006 [#1]  SMP' \
		'CPU: 0 UID: 0 PID: 1 Comm: init Not tainted 6.12.4 #1' "pc : $2+0x20/0x50" \
		"x2 : $4 x1 : $3 x0 : ${1%?}0" 'Call trace:' " $2+0x20/0x50 (P)" \
		'---[ end trace 0000000000000000 ]---'
}
stray ffffffffc20000c8 kfree ffff800080003040 0000000000000000 |
	case_of "kfree() of an address of a stack" 1 '^oops on a stray struct page, .* above VMEMMAP_END'
grep -q 'what virt_to_page() makes of 0xffff800080003040' "$work/text"
is "and what the registers prove" $? 0
stray fffffdffbf000008 copy_pte_range 0000000000000000 0000000000000000 |
	case_of "pte_page() of an empty pte" 1 '^oops on a stray struct page, 16 MiB below VMEMMAP_START'
stray ffffffffffffffe8 page_counter 0000000000000000 0000000000000000 |
	case_of "an error that is taken for a pointer" 0 'no out-of-bounds struct page in 1 dump'
stray ffff800080003048 kfree 0000000000000000 0000000000000000 |
	case_of "a pointer to a stack" 0 'no out-of-bounds struct page in 1 dump'

# Other architectures.
of_arch() {
	local what=$1
	shift
	printf '[   50.000000] %s\n' "$@" | case_of "$what" 5 "this is an? $what log: not judged"
	holds "$what: no advice to save it once more" sh -c "! grep -q 'with dmesg' '$work/text'"
}
of_arch x86 'BUG: unable to handle page fault for address: ffffea0400000034' \
	'RIP: 0010:__init_zone_device_page+0x4/0x1a0' 'Call Trace:' ' memmap_init_zone_device+0x1/0x2'
of_arch x86 'WARNING: CPU: 1 PID: 3 at arch/x86/mm/init_64.c:12 vmemmap_populate+0x1/0x2' \
	'Modules linked in: kvm_amd' ' vmemmap_populate+0x1/0x2'
of_arch x86 'Modules linked in: demo_gpu aesni_intel' ' memremap_pages+0x1/0x2'
of_arch RISC-V 'Unable to handle kernel paging request at virtual address 00038d7fe6000030' \
	'Oops [#1]' 'epc : __init_single_page+0x16/0x78'
of_arch LoongArch 'a0 ffffffffff800000 a1 0000000ffffe0000' ' memmap_init_zone_device+0x1/0x2'
of_arch powerpc 'NIP [c0000000004c8e10] __init_zone_device_page+0x10/0xf0' \
	'LR [c0000000004c8e10] memmap_init_zone_device+0x10/0xf0'
of_arch s390 'Krnl PSW : 0704c00180000000 00000000004c8e10 (__init_zone_device_page+0x10/0xf0)'

# Layouts from logs, and mails that state one.
case_of "the mail that a table is from" 1 '^line 10: struct page 0xffffffffaee00000 is 1.9 TiB above' \
	<tests/data/table-48bit
grep -v '0xffffffffaee00000' tests/data/table-48bit |
	case_of "a table alone" 5 'state a layout, but there is no dump'
{ cat tests/data/table-48bit; echo "and the page 0xfffffc0000001000 is fine"; } >"$work/mail"
sed 's/0xffffffffaee00000/0xfffffc0000002000/' "$work/mail" |
	case_of "pages in bounds" 0 'no out-of-bounds struct page'
printf '[    0.000000]     %s\n' 'vmalloc : 0xffff000008000000 - 0xffff7dffbfff0000   (129022 GB)' \
	'vmemmap : 0xffff7e0000000000 - 0xffff800000000000   (  2048 GB maximum)' >"$work/old"
printf '%s\n' '---[ Linear Mapping start ]---' \
	'0xffff000000000000-0xffff000000001000           4K PTE       RW NX SHD AF' \
	'---[ vmemmap start ]---' '0xfffffc0000000000-0xfffffc0001000000          16M PMD       RW NX' \
	'---[ vmemmap end ]---' '0xfffffe0000000000-0xfffffe0000800000           8M PMD' >"$work/tables"
layout_of() {
	"$program" --layout --json --from="$1" 2>/dev/null |
		jq -r '[.layout.values | .VMEMMAP_START, .VMEMMAP_END, .PAGE_SHIFT, .VA_BITS | .value] | join(" ")' 2>&1
}
is "--from the table of an old kernel" "$(layout_of "$work/old")" \
	"0xffff7e0000000000 0xffff800000000000 12 48"
is "--from kernel_page_tables" "$(layout_of "$work/tables")" \
	"0xfffffc0000000000 0xfffffe0000000000 12 48"
is "--from a log" "$(layout_of tests/data/kmsg-6.12-uncured)" \
	"0xfffffdffc0000000 0xffffffffc0000000 12 48"
case_of "by kernel_page_tables" 1 '^demo_gpu: struct pages of 128 MiB are 1.9 TiB above' \
	--from="$work/tables" <$warn_log
case_of "by a log of another kernel" 4 'give --from a FILE of that boot' \
	--from=tests/data/kmsg-6.12-uncured <$warn_log

# Advice is for the driver at hand.
for driver in nvidia_uvm:uvm_disable_hmm amdgpu:CONFIG_HSA_AMD_SVM nouveau:CONFIG_DRM_NOUVEAU_SVM; do
	sed "s/\[demo_gpu\]/[${driver%:*}]/" $warn_log |
		case_of "advice for ${driver%:*}" 1 "^${driver%:*}: .*until then.*${driver#*:}"
	is "and for nobody else" "$(grep -Eo 'uvm_disable_hmm|HSA_AMD_SVM|NOUVEAU_SVM' "$work/text" |
		sort -u | wc -l)" 1
done
case_of "any other driver" 1 'until then, do not load that driver' <$warn_log
is "no words on this machine" "$(grep -ci 'this machine' "$work/text")" 0
holds "the kernel lacks the fix" grep -q 'Linux 6.1.50 lacks the fix' "$work/text"
sed 's/6\.1\.50/6.12.9/' $warn_log |
	case_of "the fix by what it would have prevented" 1 'Linux 6.12.9 lacks the fix'
exit $((failures > 0))
