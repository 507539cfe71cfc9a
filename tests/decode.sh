# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# For tests of --decode: logs in the forms that loggers and mail programs give them, dumps
# as kernels from 5.10 to 7.2 print them, and what the documents say.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$top" || exit 1
set +e

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
program=build/sanitized/vmemmapwatch
holds "the program builds" build_sanitized $program

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
