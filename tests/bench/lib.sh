# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What the parts of the benchmark share: a guest that has everything, and the
# records that come out of it.

. "$(dirname "${BASH_SOURCE[0]}")/../guest/lib.sh"

out=$top/build/bench
records=$out/records
mkdir -p "$out"

# prepare: what goes into each guest, built.
prepare() {
	local programs tools file
	build ARCH=arm64 all build/arm64/bench/empty
	programs=$("$top/tests/guest/programs/build")
	tools=$("$top/tests/bench/tools")
	adds=(--add "$top/build/arm64/bench/empty:/root/empty" --add "$tools/usr/lib:/usr/lib")
	for file in "$programs"/*; do
		adds+=(--add "$file:/root/${file##*/}")
	done
	for file in "$top"/tests/bench/guest/*; do
		adds+=(--add "$file:/root/${file##*/}")
	done
	for file in "$tools"/usr/bin/*; do
		adds+=(--add "$file:/usr/bin/${file##*/}")
	done
}

# wanted PART: whether that part was asked for.
wanted() {
	local part
	[ ${#parts[@]} -gt 0 ] || return 0
	for part in "${parts[@]}"; do
		[[ $1 != "$part"* ]] || return 0
	done
	return 1
}

# bench NAME KERNEL SCRIPT ARGUMENT...: run SCRIPT NAME ARGUMENT... in a guest
# whose time counts instructions. What it records goes into $records.
bench() {
	local name=$1 kernel=$2 script=$3 log=$out/$1-$2.log
	wanted "$name" || return 0
	shift 3
	step "$name, $kernel" guest_log "$log" "$kernel" "$script" "$name" "$@" ||
		printf '@\t%s\tguest\tfailed\t-\t%s\n' "$name" "$(tail -n 1 "$log")" >>"$log"
	sed -n "s/^@\t/$kernel\t/p" "$log" >>"$records"
}

# Without KASLR: one layout for all runs.
guest_log() {
	local log=$1 kernel=$2 script=$3
	shift 3
	"$top/tests/guest/run" --kernel "$kernel" --icount --append nokaslr --timeout 900 \
		"${adds[@]}" "${more[@]}" -- sh "/root/$script" "$@" >"$log" 2>&1
}
more=()
