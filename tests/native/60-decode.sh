#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --decode on logs: what real kernels wrote, in every form that loggers and mail
# programs give it, and dumps as kernels from 5.10 to 7.2 print them, with numbers
# computed here from their headers, in the shell.
# check: seconds=20
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
set +e

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=build/sanitized
holds "the program builds" build_sanitized $out/vmemmapwatch
program=$out/vmemmapwatch

# decode NAME [OPTION...] <LOG: document in $work/NAME, code and errors beside it.
decode() {
	local name=$1
	shift
	"$program" --decode --json "$@" >"$work/$name" 2>"$work/$name.err"
	echo $? >"$work/$name.code"
}

# of NAME FILTER: what the document says, on one line.
of() {
	jq -r "$2" "$work/$1" 2>&1 | xargs
}

# decoded WHAT NAME CODE FILTER WANTED
decoded() {
	is "$1: exit $3" "$(cat "$work/$2.code") $(cat "$work/$2.err")" "$3 "
	holds "$1: as the schema says" sh -c "tests/schema decode <'$work/$2'"
	is "$1" "$(of "$2" "$4")" "$5"
}

offenders='.boots[].offenders[] | .driver, .verdict, .struct_pages.start, .struct_pages.end, .phys.start, .warns, .oopses'

# Records of /dev/kmsg as plain text, "TIME TEXT", and with fronts of all kinds.
plain() {
	sed -E 's/^[0-9]+,[0-9]+,([0-9]+),-;/\1 /' "$1" | while read -r us text; do
		printf '%d.%06d %s\n' $((us / 1000000)) $((us % 1000000)) "$text"
	done
}
with_front() {
	local form=$1 date='2023-04-10T03:39:59.123456+02:00'
	case $form in
	bare) sed 's/^[^ ]* //' ;;
	dmesg) sed -E 's/^([^ ]*) /[    \1] /' ;;
	console) sed -E 's/^([^ ]*) (.*)/[    \1] \2\r/' ;;
	caller) sed -E 's/^([^ ]*) /[    \1][   T78] /' ;;
	caller-dmesg) sed -E 's/^([^ ]*) /[    \1] [   T78] /' ;;
	human) sed -E 's/^([^ ]*) /[Mon Apr 10 03:39:59 2023] /' ;;
	decoded) sed -E 's/^([^ ]*) /kern  :warn  : [    \1] /' ;;
	raw) sed -E 's/^([^ ]*) /<4>[    \1] /' ;;
	journal) sed -E 's/^([^ ]*) /Apr 10 03:39:59 box kernel: /' ;;
	journal-full) sed -E 's/^([^ ]*) /Mon 2023-04-10 03:39:59 CEST box kernel: /' ;;
	journal-iso) sed -E "s/^([^ ]*) /$date box kernel: /" ;;
	journal-monotonic) sed -E 's/^([^ ]*) /[    \1] box kernel: /' ;;
	journal-export) sed -E 's/^([^ ]*) /MESSAGE=/' ;;
	syslog) sed -E "s/^([^ ]*) /$date box kernel: [    \1] /" ;;
	indented) sed -E 's/^([^ ]*) /    [    \1] /' ;;
	quoted) sed -E 's/^([^ ]*) /> [    \1] /' ;;
	quoted-twice) sed -E 's/^([^ ]*) /> > /' ;;
	delta) sed -E 's/^([^ ]*) /[    \1 <    0.000226>] /' ;;
	delta-alone) sed -E 's/^([^ ]*) /[<    0.000226>] /' ;;
	human-delta) sed -E 's/^([^ ]*) /[Mon Apr 10 03:39:59 2023 <    0.000226>] /' ;;
	reltime) sed -E '1s/^([^ ]*) /[Apr10 03:39] /; 2,$s/^([^ ]*) /[  +0.000226] /' ;;
	reltime-all) sed -E 's/^([^ ]*) /[Apr 3 03:39] /' ;;
	reltime-seconds) sed -E 's/^([^ ]*) /[Apr10 03:39:59] /' ;;
	iso) sed -E 's/^([^ ]*) /2023-04-10T03:39:59,123456+0200 /' ;;
	iso-colon) sed -E 's/^([^ ]*) /2023-04-10T03:39:59,123456+02:00 /' ;;
	iso-decoded) sed -E 's/^([^ ]*) /kern  :warn  : 2023-04-10T03:39:59,123456+02:00 [   T78] /' ;;
	colour) sed -E $'s/^([^ ]*) ([^:]*:)?/\033[32m[    \\1] \033[0m\033[33m\\2\033[0m/; s/$/\033[K\r/' ;;
	script) sed -E $'s/^([^ ]*) /\r\033[?2004l[    \\1] /' ;;
	serial) sed -E 's/^([^ ]*) /[2023-04-10 03:39:59] [    \1] /' ;;
	serial-fraction) sed -E 's/^([^ ]*) /[2023-04-10 03:39:59.123] /' ;;
	serial-clock) sed -E 's/^([^ ]*) /03:39:59.123 [    \1] /' ;;
	serial-bare) sed -E 's/^([^ ]*) /2023-04-10 03:39:59 [    \1] [   T78] /' ;;
	serial-ts) sed -E 's/^([^ ]*) /Apr 10 03:39:59 [    \1] /' ;;
	initials) sed -E 's/^([^ ]*) /AB> [    \1] /' ;;
	initials-quoted) sed -E 's/^([^ ]*) /> AB> [    \1] /' ;;
	wrapped) sed -E 's/^([^ ]*) /[    \1] /' | fold -s -w 72 ;;
	wrapped-bare) sed 's/^[^ ]* //' | fold -s -w 60 ;;
	wrapped-narrow) sed 's/^[^ ]* //' | fold -s -w 50 ;;
	wrapped-quoted) sed -E 's/^([^ ]*) /[    \1] /' | fold -s -w 70 | sed 's/^/> /' ;;
	wrapped-after-quoting) sed -E 's/^([^ ]*) /> [    \1] /' | fold -s -w 64 ;;
	esac
}
forms="bare dmesg console caller caller-dmesg human decoded raw journal journal-full journal-iso
	journal-monotonic journal-export syslog indented quoted quoted-twice wrapped wrapped-bare
	delta delta-alone human-delta reltime reltime-all reltime-seconds iso iso-colon iso-decoded
	colour script serial serial-fraction serial-clock serial-bare serial-ts initials
	initials-quoted
	wrapped-narrow wrapped-quoted wrapped-after-quoting"

for log in kmsg-6.1-above kmsg-6.1-kaslr kmsg-6.12-uncured; do
	case $log in
	kmsg-6.1-above)
		wanted="test_hmm above 0xfffffffffec00000 0xffffffffff000000 0xfffff0000000 4 0"
		wanted+=" test_hmm above 0xfffffffffe800000 0xfffffffffec00000 0xffffe0000000 4 0" ;;
	kmsg-6.1-kaslr)
		wanted="test_hmm user 0x71ccc00000 0x71cd000000 0xfffff0000000 2 1" ;;
	*)
		wanted="test_hmm user 0x1ffbec00000 0x1ffbf000000 0xfffff0000000 2 1" ;;
	esac
	decode records <tests/data/$log
	decoded "$log, records" records 1 "$offenders" "$wanted"
	plain tests/data/$log >"$work/plain"
	for form in $forms; do
		with_front "$form" <"$work/plain" >"$work/log"
		decode "$form" <"$work/log"
		is "$log, $form: the same" "$(cat "$work/$form.code") $(of "$form" "$offenders")" \
			"1 $wanted"
		is "$log, $form: task, module and whole stack" \
			"$(of "$form" '.boots[].offenders[] | .task.comm, .task.pid, .module, .stack')" \
			"$(of records '.boots[].offenders[] | .task.comm, .task.pid, .module, .stack')"
	done
	is "$log: bounds, and their sources" "$(of records \
		'.boots[].layout | .bounds.effective.start, .bounds.effective.end, (.values.VMEMMAP_START, .values.VMEMMAP_END | .agreement, (.readings[0].where | test("^line [0-9]+, x[0-9]+ of the WARN in vmemmap_populate")))')" \
		"$([ $log = kmsg-6.12-uncured ] && echo 0xfffffdffc0000000 0xffffffffc0000000 ||
			echo 0xfffffc0000000000 0xfffffe0000000000) stated true stated true"
done

# What the dmesg of this machine makes of the same records; -F is of util-linux alone.
# What another CPU has to say comes in between, wherever that is in a dump.
for log in kmsg-6.1-kaslr kmsg-6.12-uncured; do
	plain tests/data/$log | with_front dmesg >"$work/plain"
	decode alone <"$work/plain"
	for every in 3 4 7; do
		sed "0~${every}a [    9.999999] random: crng init done" "$work/plain" >"$work/log"
		decode between <"$work/log"
		decoded "$log: a line of another CPU behind every $every" between 1 "$offenders" \
			"$(of alone "$offenders")"
	done
done

plain tests/data/kmsg-6.1-kaslr | with_front raw >"$work/plain"
while read -r options; do
	# shellcheck disable=SC2086 # options, one by one
	dmesg -F "$work/plain" $options >"$work/log" 2>"$work/err" || continue
	decode dmesg <"$work/log"
	is "dmesg $options: the same" "$(cat "$work/dmesg.code") $(of dmesg "$offenders")" \
		"1 test_hmm user 0x71ccc00000 0x71cd000000 0xfffff0000000 2 1"
done <<-'EOF'
	-d
	-e
	-H
	-T
	-d -T
	-t
	-x -e
	-r
	--time-format=iso
	--time-format=delta
	-x --time-format=iso
	--color=always
	-H --color=always
	-x -T --color=always
	-d --time-format=iso --color=always
EOF
"$program" --decode tests/data/kmsg-6.1-kaslr >"$work/text"
for text in 'verdict       user, 0x271ccc00000 bytes above VMEMMAP_END' 'WHY user, and what to do' \
	'oops          line 78: at __init_single_page+0x4/0x34 on address 0x00000071ccc00034'; do
	holds "the text has: $text" grep -qF "$text" "$work/text"
done

# Mail as it was sent: what is quoted-printable by its header, until the end of that part.
plain tests/data/kmsg-6.1-kaslr | with_front dmesg >"$work/plain"
quoted_printable() {
	sed -e 's/=/=3D/g' -e 's/ $/=20/' | sed -E 's/(.{60})(.)/\1=\n\2/g'
}
as_mail() {
	printf 'From: a@b\nDKIM-Signature: a=rsa; b=abc=\nContent-Type: multipart/mixed;\n'
	printf '\tboundary="--=_x"\n\n----=_x\ncontent-transfer-encoding: %s\n' "$1"
	printf 'Content-Type: text/plain\n\n'
	cat
	printf '%s\n----=_x--\n' "${2-}"
}
quoted_printable <"$work/plain" | as_mail quoted-printable >"$work/log"
holds "quoted-printable: it has soft ends of lines" grep -q '=$' "$work/log"
decode mail <"$work/log"
decoded "quoted-printable" mail 1 "$offenders" \
	"test_hmm user 0x71ccc00000 0x71cd000000 0xfffff0000000 2 1"
is "quoted-printable: the oops" "$(of mail '.boots[].offenders[].fault | .address, .symbol')" \
	"0x71ccc00034 __init_single_page+0x4/0x34"
as_mail Quoted-Printable "[    2.000000] PHYS_OFFSET: =" <"$work/plain" >"$work/log"
decode mail <"$work/log"
is "the end of a part ends a line that goes on" "$(of mail "$offenders")" \
	"test_hmm user 0x71ccc00000 0x71cd000000 0xfffff0000000 2 1"
{ echo "Kernel command line: nokaslr=3D ="; cat "$work/plain"; } >"$work/log"
decode mail <"$work/log"
is "a log with = is no mail" "$(of mail "$offenders")" \
	"test_hmm user 0x71ccc00000 0x71cd000000 0xfffff0000000 2 1"

# What is in a form that is not known is no all-clear.
unparsed='.code, (.boots | length), .unparsed.line, (.unparsed.why | split(":")[0])'
dump="has a WARN or an oops on struct pages, in a form that is not known"
sed -E 's/^\[[^]]*\] //' "$work/plain" | jq -Rc '{a: "s=1;", MESSAGE: ., z: "kernel"}' >"$work/log"
decode net <"$work/log"
decoded "JSON of a journal" net 5 "$unparsed" "5 0 5 $dump"
jq -sc . "$work/log" >"$work/log2"
decode net <"$work/log2"
decoded "all of it on one line" net 5 "$unparsed" "5 0 1 $dump"
for encoding in UTF-16 UTF-16LE UTF-16BE; do
	iconv -t $encoding <"$work/plain" >"$work/log"
	decode net <"$work/log"
	is "$encoding" "$(of net '.code, .unparsed.line, .unparsed.why')" \
		"5 5 $dump: save the log with dmesg, or journalctl -k -o short-monotonic"
done
sed 's/^/| target: /; s/^..//' "$work/plain" >"$work/log"
decode net <"$work/log"
decoded "an unknown front" net 5 "$unparsed" "5 0 5 $dump"
holds "the text tells the line, and no all-clear" sh -c "$program --decode '$work/log' |
	sed -n 1,2p | xargs | grep -q 'lines, no all-clear ! line 5 has a WARN .*: save the log with dmesg'"
{ cat "$work/log"; cat "$work/plain"; } >"$work/log2"
decode net <"$work/log2"
decoded "the same behind what is known" net 1 ".unparsed, ($offenders)" \
	"null test_hmm user 0x71ccc00000 0x71cd000000 0xfffff0000000 2 1"
base64 "$work/plain" | as_mail base64 >"$work/log"
decode net <"$work/log"
decoded "base64" net 5 "$unparsed" \
	"5 0 7 declares a part of the mail that is in base64, which is not read"
sed 's,text/plain,image/png,' "$work/log" >"$work/log2"
decode net <"$work/log2"
decoded "a picture in base64" net 0 .unparsed null
gzip -c "$work/plain" >"$work/log"
decode net <"$work/log"
decoded "a compressed file" net 5 "$unparsed" \
	"5 0 1 is of a compressed file, which is not read"
sed -n '/pc : __init_single/,$p' "$work/plain" >"$work/log"
decode net <"$work/log"
decoded "an oops without its first line" net 5 '.code, .unparsed.line' "5 1"
{ echo "[    1.000000] watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [modprobe:812]"; cat "$work/log"; } >"$work/log2"
decode net <"$work/log2"
decoded "a lockup is no oops" net 0 .unparsed null
{
	echo "box app[1]: Hotplug memory [0xfffff0000000-0x1000000000000] exceeds maximum addressable range [0x40000000-0x80003fffffff]"
} >"$work/log"
decode net <"$work/log"
decoded "a refusal" net 5 '.code, .unparsed.line' "5 1"
{
	echo "[    1.0] WARNING: odd, and no dump"
	echo 'pr_warn("Hotplug memory [%#llx-%#llx] exceeds maximum addressable range [%#llx-%#llx]\n",'
	echo "2023-04-10 03:39:59 WARNING: CPU: 0 PID: 1 at kernel/sched/core.c:1 finish_task+0x1/0x2"
	printf 'Call trace:\n finish_task+0x1/0x2\n vmemmap_populate+0x40/0x1c4\n __init_single_page+0x4/0x34\n'
	echo "---[ end trace 0000000000000000 ]---"
	echo "app:  memmap_init_zone_device+0xf8/0x1b8"
} >"$work/log"
decode net <"$work/log"
decoded "sources, and stacks of other matters" net 0 '.unparsed, .boots[].unrelated[].symbol' "null finish_task+0x1/0x2"

# registers NAME=VALUE...: a dump's registers, two or three a line, as show_regs() of
# 6.x; of the others x29 to x0 get a value that means nothing.
registers() {
	local i value line=
	declare -A value=()
	for i in "$@"; do
		value[${i%%=*}]=${i#*=}
	done
	for ((i = 29; i >= 0; i--)); do
		line+=$(printf 'x%-2d: %016x ' $i $((${value[x$i]:-0xdead0000 + i})))
		if ((i % 3 == 0)); then
			echo "${line% }"
			line=
		fi
	done
}

# warn RELEASE FUNCTION PLACE REGISTER=VALUE...
warn() {
	local release=$1 function=$2 place=$3
	shift 3
	echo "------------[ cut here ]------------"
	case $release in
	7.*) echo "WARNING: arch/arm64/mm/mmu.c:$place at $function+0x54/0x68, CPU#1: modprobe/812" ;;
	*) echo "WARNING: CPU: 1 PID: 812 at arch/arm64/mm/mmu.c:$place $function+0x54/0x68" ;;
	esac
	echo "Modules linked in: gpu(+)"
	echo "CPU: 1 PID: 812 Comm: modprobe Not tainted $release #1"
	echo "pstate: 20000005 (nzCv daif -PAN -UAO -TCO -DIT -SSBS BTYPE=--)"
	echo "pc : $function+0x54/0x68"
	echo "sp : ffff00000338f8e0"
	registers "$@"
	printf 'Call trace:\n %s+0x54/0x68\n' "$function"
	printf ' __add_pages+0xac/0x158\n memremap_pages+0x370/0x600\n gpu_probe+0x1c/0x40 [gpu]\n'
	echo "---[ end trace 0000000000000000 ]---"
}

# oops RELEASE ADDRESS PAGES BITS FUNCTION REGISTER=VALUE...
oops() {
	local release=$1 address=$2 pages=$3 bits=$4 function=$5
	shift 5
	printf 'Unable to handle kernel paging request at virtual address %016x\n' "$((address))"
	printf 'Mem abort info:\n  ESR = 0x0000000096000044\n'
	echo "user pgtable: ${pages}k pages, $bits-bit VAs, pgdp=00000000434a5000"
	echo "Internal error: Oops: 0000000096000044 [#1] SMP"
	echo "CPU: 0 PID: 812 Comm: modprobe Not tainted $release #1"
	echo "pc : $function+0xc/0x68"
	echo "lr : memmap_init_zone_device+0xf8/0x1b8"
	registers "$@"
	printf 'Call trace:\n %s+0xc/0x68\n memremap_pages+0x238/0x600\n gpu_probe+0x1c/0x40 [gpu]\n' \
		"$function"
	echo "---[ end trace 0000000000000000 ]---"
}

# shape WHAT START END BASE SECTION_PAGES PAGE_SHIFT PHYS...: what the next dumps are of.
# A request of two sections at PHYS, by a kernel of that START, END and struct page of pfn 0.
shape() {
	start=$(($1)) end=$(($2)) base=$(($3)) section=$4 page_shift=$5 phys=$(($6))
	first=$((base + (phys >> page_shift) * 64))
	behind=$((first + 2 * section * 64))
}

# two RELEASE FUNCTION PLACE: both WARNs of it, registers as gcc 12 has them in 6.12.
two() {
	local i page
	for i in 0 1; do
		page=$((first + i * section * 64))
		warn "$1" "$2" "$3" x0=$page x1=$((page + section * 64)) x4=$end x20=$start \
			x19=$(((phys >> page_shift) + i * section)) x5=0xfffff8000
	done
}

# expect WHAT VERDICT: the shape, decoded.
expect() {
	decode shape <"$work/log"
	decoded "$1" shape 1 "$offenders" \
		"gpu $2 $(printf '0x%x 0x%x 0x%x' $first $behind $phys) ${3:-2} ${4:-0}"
	is "$1: bounds" "$(of shape '.boots[].layout.bounds | .nominal.start, .nominal.end')" \
		"$(printf '0x%x 0x%x' $start $end)"
}

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

# Bad input.
decode healthy <tests/data/iomem-6.1
decoded "no log at all" healthy 0 '.boots | length' 0
decode empty </dev/null
decoded "nothing" empty 0 '.lines' 0
head -c 3000000 /dev/urandom >"$work/log"
decode trash <"$work/log"
decoded "trash" trash 0 '.bytes' 3000000
head -c 3000000 /dev/zero | tr '\0' a >"$work/long"
{ cat "$work/long"; echo; cat tests/data/kmsg-6.1-kaslr; } >"$work/log"
decode long <"$work/log"
decoded "behind a line of 3 MB" long 1 '.boots[].offenders[].verdict' user
refuses() {
	local what=$1 regex=$2
	shift 2
	"$program" --decode "$@" >"$work/stdout" 2>"$work/err" </dev/null
	is "$what: exit 2" "$? $(wc -c <"$work/stdout")" "2 0"
	one_line "$what: one line" "$work/err" "$regex"
}
refuses "no such file" '^vmemmapwatch: /nonexistent: expected a log: No such file' /nonexistent
refuses "a folder" ': cannot be read: Is a directory' "$work"
refuses "two logs" 'expected one log: FILE, or - for standard input' a b
refuses "two logs, otherwise" 'expected one log: FILE, or - for standard input' --decode=a b
refuses "a FILE of --from that is none" 'expected a layout of ours' --from="$work/trash.txt" \
	<<<"$(: >"$work/trash.txt")"
refuses "an option of others" '^vmemmapwatch: --for: goes with --trace alone' --for=1 -
exit $((failures > 0))
