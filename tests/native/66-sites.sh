#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --sites --from-ko: conversions that gcc and clang made of tests/data/sites.c, whose
# functions say how many pfn_to_page() they have; for pages of 4K, 16K and 64K, and for
# other sizes of struct page. readelf says what is to be accounted for.
# check: seconds=8
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
set +e

program=build/sanitized/vmemmapwatch
holds "the program builds" build_sanitized $program
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

gcc=${cross}gcc
clang="${CLANG:-clang} --target=aarch64-linux-gnu"
# As the kernel's Makefile has them, where they matter here.
flags="-ffreestanding -fno-pic -fno-strict-aliasing -fno-delete-null-pointer-checks -fwrapv
	-mgeneral-regs-only -fno-stack-protector"

# compile FILE COMPILER PAGE_SHIFT SIZE START [OPTION...]
compile() {
	local file=$1 compiler=$2 shift=$3 size=$4 start=$5
	shift 5
	# shellcheck disable=SC2086
	$compiler $flags -DPAGE_SHIFT="$shift" -DPAGE_STRUCT_SIZE="$size" \
		-DVMEMMAP_START="$start" "$@" -c -o "$file" tests/data/sites.c
}

# The functions of FILE with the number that is in their names, and as found.
wanted() {
	${cross}nm "$1" | sed -n 's/^.* T \(.*_\([0-9]*\)\)$/\1 \2/p' | sort
}

found() {
	jq -r '(.sites | map(select(.kind == "pfn_to_page").function)
		| group_by(.) | map({key: .[0], value: length}) | from_entries) as $n
		| $functions | split("\n") | .[] | select(. != "") | split(" ")[0]
		| "\(.) \($n[.] // 0)"' --arg functions "$(wanted "$1")" "$2"
}

# accounted WHAT FILE DOCUMENT: each relocation against memstart_addr that reads it, or makes
# its address, is in a site, and so is nothing else.
accounted() {
	local n
	n=$(${cross}readelf -rW "$2" | grep -c 'LO12_NC.*memstart_addr')
	is "$1: relocations" "$(jq '.objects[0] | .loads, .relocations' "$3" | xargs)" "$n $n"
	is "$1: none is unclassified" "$(jq '.objects[0].count.unclassified' "$3")" 0
}

# check NAME COMPILER PAGE_SHIFT SIZE START [OPTION...]
check() {
	local name=$1 shift=$3 size=$4 start=$5 document=$work/$1.json
	compile "$work/$name.ko" "${@:2}" || fail "$name: compiles"
	$program --sites --json --from-ko "$work/$name.ko" >"$document" 2>"$work/err"
	is "$name: exit 0, nothing to say" "$? $(cat "$work/err")" "0 "
	is "$name: pfn_to_page() in each function" "$(found "$work/$name.ko" "$document")" \
		"$(wanted "$work/$name.ko")"
	is "$name: what it was compiled for" \
		"$(jq -r '.objects[0] | .page_shift, .page_struct_size, .vmemmap_start' "$document" | xargs)" \
		"$shift $size ${start%UL}"
	is "$name: each instruction is one site" \
		"$(jq -c '.sites | group_by(.function, .offset)[] | select(length > 1)' "$document")" ""
	accounted "$name" "$work/$name.ko" "$document"
	holds "$name: as the schema says" sh -c "tests/schema sites <'$document'"
}

check gcc-4k "$gcc" 12 64 0xfffffc0000000000UL -O2
check gcc-4k-52bit "$gcc" 12 64 0xffffc1ffc0000000UL -O2
check gcc-39bit "$gcc" 12 64 0xfffffffe00000000UL -Os
check gcc-16k "$gcc" 14 64 0xfffff03fc0000000UL -O2
check gcc-64k-56 "$gcc" 16 56 0xfffffc0000000000UL -O2
check gcc-4k-128 "$gcc" 12 128 0xfffff80000000000UL -O3
check gcc-4k-80 "$gcc" 12 80 0xfffffd7fc0000000UL -O1
check clang-4k "$clang" 12 64 0xfffffc0000000000UL -O2
check clang-4k-52bit "$clang" 12 64 0xffffc1ffc0000000UL -O2
check clang-16k-128 "$clang" 14 128 0xffffff8000000000UL -O2
check clang-64k "$clang" 16 64 0xffffffff00000000UL -O3
check clang-4k-72 "$clang" 12 72 0xfffffdbfc0000000UL -O1
check clang-4k-56 "$clang" 12 56 0xfffffdffc0000000UL -Os

document=$work/gcc-4k.json
kinds() {
	jq -r --arg function "$1" '[.sites[] | select(.function == $function).kind] | join(" ")' "$document"
}
is "page_to_pfn() is told apart" "$(kinds pfn_of_0)" page_to_pfn
is "__va() is told apart" "$(kinds va_0)" va
is "__pa() is told apart" "$(kinds pa_0)" pa
# The instruction at the site, by another reader of code.
insn() {
	${cross}objdump -d "$work/gcc-4k.ko" | awk -v at="$(printf '%x' "$1"):" '$1 == at { print $3, "0x" $2 }'
}
start() {
	echo $((0x$(${cross}nm "$work/gcc-4k.ko" | awk -v name="$1" '$3 == name { print $1 }')))
}
for function in returned_1:add loaded_from_1:ldr is_null_1:adds changed_1:ldr pa_0:add va_0:sub; do
	name=${function%:*}
	read -r offset code <<<"$(jq -r --arg function "$name" \
		'.sites[] | select(.function == $function) | "\(.offset) \(.instruction)"' "$document")"
	is "$name: the site is ${function#*:}" "$(insn $(($(start "$name") + offset)))" \
		"${function#*:} $code"
done

# Packed, as distributions have them.
gzip -k "$work/gcc-4k.ko"
xz -k "$work/gcc-4k.ko"
zstd -qk "$work/gcc-4k.ko"
for packed in gz xz zst; do
	$program --sites --json --from-ko "$work/gcc-4k.ko.$packed" >"$work/packed" 2>"$work/err"
	is "packed as $packed, it says the same" \
		"$(cat "$work/err")$(cmp "$work/packed" "$document" 2>&1)" ""
done
head -c 1500 "$work/gcc-4k.ko.xz" >"$work/short.xz"
head -c 3000 "$work/gcc-4k.ko" >"$work/short.ko"
echo 'int nothing(void) { return 0; }' | $gcc -x c -c -o "$work/other.ko" -
echo 'int nothing(void) { return 0; }' | ${CC:-cc} -m64 -x c -c -o "$work/native.ko" -
${cross}strip -s -o "$work/stripped.ko" "$work/gcc-4k.ko"

$program --sites --from-ko "$work/other.ko" >"$work/text" 2>&1
is "a module that does not use it: exit 0" $? 0
holds "a module that does not use it: it says so" grep -q "does not read memstart_addr" "$work/text"

# refused WHAT FILE WORDS
refused() {
	$program --sites --from-ko "$2" >"$work/out" 2>"$work/err"
	is "$1: exit 2" $? 2
	is "$1: nothing on standard output" "$(cat "$work/out")" ""
	one_line "$1: one line" "$work/err" "^vmemmapwatch: $2: .*$3"
}
refused "packed and cut off" "$work/short.xz" "it ends in the middle"
refused "cut off" "$work/short.ko" "cut off"
refused "no file" "$work/none.ko" "No such file"
refused "a folder" "$work" "Is a directory"
refused "no ELF" tests/data/sites.c "expected a module"
refused "without symbols" "$work/stripped.ko" "stripped"
[ "$(uname -m)" = aarch64 ] || refused "of another machine" "$work/native.ko" "expected a module for arm64"
$program --sites amdgpu --from-ko "$work/gcc-4k.ko" >"$work/out" 2>"$work/err"
is "a file and a module: exit 2" $? 2
one_line "a file and a module: one line" "$work/err" "expected MODULE\\[,MODULE\\] or --from-ko FILE.ko, not both"
if [ "$(uname -m)" != aarch64 ]; then
	$program --sites >"$work/out" 2>"$work/err"
	is "live, not on arm64: exit 3" $? 3
	one_line "live, not on arm64: one line" "$work/err" "need an arm64 kernel"
fi

$program --sites --from-ko "$work/gcc-4k.ko" >"$work/text"
is "no line of the text is longer than 80" "$(awk 'length > 80' "$work/text")" ""
matches "the text has a line for each" "$(cat "$work/text")" \
	"returned_1\\+0x[0-9a-f]+ +[0-9a-f]{8}  pfn_to_page  yes"
exit $((failures > 0))
