# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What tests in guests share: boots, what came out of them, and the arithmetic
# of the kernel done once more, from the guest's own vmcoreinfo and iomem, in
# the shell, without a line of ours.

. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

# A failing command is a result here, not the end.
set +e

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# use KERNEL: what the next boots are of.
use() {
	local dir module
	kernel=$1
	modules=()
	case $kernel in
	hmm-*)
		dir=$("$top/tests/guest/modules/build" "$kernel") || exit 1
		for module in vmw_ask vmw_claim vmw_device vmw_direct vmw_hold vmw_late vmw_refused vmw_slow vmw_touch; do
			modules+=(--add "$dir/$module.ko:/root/$module.ko")
		done
		;;
	esac
}
use "${KERNEL:-hmm-6.1}"

# boot NAME [OPTION...] <SCRIPT: run SCRIPT in a guest, with one CPU unless an OPTION
# says more: two would wait for each other as soon as this machine is busy, above all
# in stop_machine(). To attach and detach is to wait for RCU, which is told to hurry
# (rcupdate.rcu_expedited=0 in an OPTION takes that back). What comes out is in
# $work/NAME/: stdout, stderr, console, status; and what the script prints
# between "@@@ PART" lines in files of that name.
boot() {
	local name=$1 status=0
	shift
	local dir=$work/$name
	mkdir -p "$dir"
	cat >"$dir/script"
	"$top/tests/guest/run" --kernel "$kernel" --console "$dir/console.raw" \
		--add "$dir/script:/root/script" \
		--smp 1 --append rcupdate.rcu_expedited=1 \
		"${modules[@]}" --add "$top/tests/guest/guest.sh:/root/guest.sh" \
		"$@" -- sh /root/script >"$dir/stdout" 2>"$dir/stderr" || status=$?
	echo $status >"$dir/status"
	tr -d '\r' <"$dir/console.raw" >"$dir/console" 2>/dev/null || true
	awk -v dir="$dir" '/^@@@ / { file = dir "/" $2; printf "" >file; next }
		file { print >file }' "$dir/stdout"
}

# Of that boot's log $signs_in: our line or what of $signs, a regular expression, is first.
first_sign() {
	grep -E -m 1 -o "vmemmapwatch: test_hmm|$signs" "$work/$1/$signs_in"
}

we_are_first() {
	[ "$(first_sign "$1")" = "vmemmapwatch: test_hmm" ]
}

# boot_first NAME [OPTION...] <SCRIPT: boot to see what is first, our line or one of the
# kernel's. These are milliseconds apart, on two CPUs, and on a busy machine a matter of
# luck: so the kernel waits for our line in between, for five seconds (vmw_late). What is
# seen is that our line, for its part, waits for nothing that comes later. UNHELD=1, for
# the matrix, has it as it is: it boots again, until our line is first.
boot_first() {
	if [ -n "${UNHELD-}" ]; then
		boot_until we_are_first "$@"
	else
		{ echo 'insmod /root/vmw_late.ko || exit' && cat; } | boot "$@"
	fi
}

# boot_until CHECK NAME [OPTION...] <SCRIPT: boot up to four times, until CHECK NAME holds:
# for what comes before what by some milliseconds, as long as this machine is not busy.
# So the guest goes before others, where that is permitted.
boot_until() {
	local check=$1 name=$2 script i
	shift 2
	script=$(cat)
	for i in 1 2 3 4; do
		rm -rf "${work:?}/$name"
		(
			renice -n -10 -p $BASHPID >/dev/null 2>&1
			boot "$name" "$@" <<<"$script"
		)
		! $check "$name" || return 0
		say "$name: boot $i of 4 did not pass $check"
	done
}

# json NAME FILTER: of that boot's document, raw.
json() {
	jq -r "$2" "$work/$1/doc" 2>&1
}

# Unsigned less-than of 64-bit numbers, which the shell takes as signed.
below() {
	(( ($1 ^ (1 << 63)) < ($2 ^ (1 << 63)) ))
}

note() {
	sed -n "s/^$2=//p" "$work/$1/note" | head -n 1
}

hex() {
	printf '0x%x' "$1"
}

# expect_layout NAME: read that boot's vmcoreinfo into start, effective, end,
# vmemmap, page_size, shift, va_bits (in use).
expect_layout() {
	local memstart
	memstart=$(($(note "$1" 'NUMBER(PHYS_OFFSET)')))
	page_size=$(($(note "$1" 'SIZE(page)')))
	va_bits=$((64 - $(note "$1" 'NUMBER(TCR_EL1_T1SZ)')))
	shift=0
	while (( (1 << shift) < $(note "$1" PAGESIZE) )); do
		shift=$((shift + 1))
	done
	if [ -n "$(note "$1" 'NUMBER(VMEMMAP_START)')" ]; then
		start=$(($(note "$1" 'NUMBER(VMEMMAP_START)')))
		end=$(($(note "$1" 'NUMBER(VMEMMAP_END)')))
	else
		old_bounds
	fi
	vmemmap=$((start - (memstart >> shift) * page_size))
	effective=$start
	# What a 52-bit kernel has of vmemmap for addresses that the CPU lacks.
	[ "$end" != $((-(1 << 30))) ] ||
		effective=$((start + (((1 << $(note "$1" 'NUMBER(VA_BITS)')) - (1 << va_bits)) >> shift) * page_size))
}

# Before 5.18 the note has no bounds. 5.10: VMEMMAP_SIZE is half the linear map's
# pages in struct pages of 64 bytes, rounded to a power of two, and ends 2 MiB
# below the end of the address space (arch/arm64/include/asm/memory.h, 5.10.223).
old_bounds() {
	local half=$((1 << (va_bits - 1)))
	end=$((-(2 << 20)))
	start=$((end - (half >> (shift - 6))))
}

# expect_pages FIRST LAST: what the kernel makes of the physical range: first
# and behind the last struct page, and the verdict for a range that lies whole.
expect_pages() {
	pages_start=$((vmemmap + ($1 >> shift) * page_size))
	pages_end=$((vmemmap + (($2 + 1) >> shift) * page_size))
	if below $pages_start $((1 << va_bits)); then
		verdict=user
	elif below $pages_start $((-(1 << va_bits))); then
		verdict=non-canonical
	elif below $pages_start $effective; then
		verdict=below
	elif below $pages_start $end; then
		verdict=in-bounds
	else
		verdict=above
	fi
}

# iomem NAME WHO: "FIRST LAST" in hex of each range that /proc/iomem has for WHO.
iomem() {
	sed -n "s/^ *\([0-9a-f]*\)-\([0-9a-f]*\) : $2\$/0x\1 0x\2/p" "$work/$1/iomem"
}
