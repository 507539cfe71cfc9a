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
kernel=${KERNEL:-hmm-6.1}
modules=()
case $kernel in
hmm-*)
	modules_dir=$("$top/tests/guest/modules/build" "$kernel") || exit 1
	for module in vmw_direct vmw_refused; do
		modules+=(--add "$modules_dir/$module.ko:/root/$module.ko")
	done
	;;
esac

# boot NAME [OPTION...] <SCRIPT: run SCRIPT in a guest. What comes out is in
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
		"${modules[@]}" --add "$top/tests/guest/guest.sh:/root/guest.sh" \
		"$@" -- sh /root/script >"$dir/stdout" 2>"$dir/stderr" || status=$?
	echo $status >"$dir/status"
	tr -d '\r' <"$dir/console.raw" >"$dir/console" 2>/dev/null || true
	awk -v dir="$dir" '/^@@@ / { file = dir "/" $2; printf "" >file; next }
		file { print >file }' "$dir/stdout"
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

# expect NAME: read that boot's vmcoreinfo into start, end, vmemmap, page_size,
# shift, va_bits.
expect_layout() {
	local memstart
	# Without these in the note, as before 5.18, the caller knows better.
	start=$(($(note "$1" 'NUMBER(VMEMMAP_START)')))
	end=$(($(note "$1" 'NUMBER(VMEMMAP_END)')))
	memstart=$(($(note "$1" 'NUMBER(PHYS_OFFSET)')))
	page_size=$(($(note "$1" 'SIZE(page)')))
	va_bits=$((64 - $(note "$1" 'NUMBER(TCR_EL1_T1SZ)')))
	shift=0
	while (( (1 << shift) < $(note "$1" PAGESIZE) )); do
		shift=$((shift + 1))
	done
	vmemmap=$((start - (memstart >> shift) * page_size))
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
	elif below $pages_start $start; then
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
