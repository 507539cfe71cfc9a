#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# It builds without a warning with gcc and clang, native and cross, and
# installs; what cannot run here says so in one line.
# check: seconds=30
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
set +e
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# What is built into build/ARCH by gcc was built before the tests: it is asked for here.
# What clang makes for arm64 does not run: it need not be good.
for arch in $([ "$(uname -m)" = aarch64 ] || echo x86) arm64; do
	clang=clang
	[ "$arch" = arm64 ] && [ "$(uname -m)" != aarch64 ] &&
		clang="clang --target=aarch64-linux-gnu"
	holds "gcc builds $arch without a warning" build ARCH="$arch"
	if [ "$arch" = "$(uname -m | sed 's/x86_64/x86/; s/aarch64/arm64/')" ]; then
		holds "clang builds $arch without a warning" build_sanitized
	else
		holds "clang builds $arch without a warning" build ARCH="$arch" \
			OUT="build/clang-$arch" CC="$clang" CFLAGS=-O0
	fi
done
holds "a second make has nothing to do" make -q ARCH=arm64
holds "a changed header rebuilds its users" test -n "$(make -n ARCH=arm64 \
	-W include/vmemmapwatch/event.h | grep 'aggregate.c')"

holds "install" build ARCH=arm64 DESTDIR="$out/root" PREFIX=/usr install
is "the installed binary is an arm64 one" \
	"$(readelf -h "$out/root/usr/sbin/vmemmapwatch" | sed -n 's/ *Machine: *//p')" AArch64
# What it asks the linker for is what the loader loads: a library that went into the
# program would stay there with its faults when the system's is updated.
needs() {
	readelf -d "$1" | sed -n 's/.*(NEEDED).*\[lib\(.*\)\.so.*\]/\1/p' | sort | xargs
}
asked=$(make -np | sed -n 's/^LDLIBS := //p' | sed 's/-l//g')
for arch in $([ "$(uname -m)" = aarch64 ] || echo x86) arm64; do
	is "$arch: no library but libc is linked unasked, none is linked statically" \
		"$(needs build/$arch/vmemmapwatch)" "$(tr ' ' '\n' <<<"$asked c" | sort | xargs)"
done
# A watch would carry it, and GnuTLS, for nothing.
is "libmicrohttpd is not loaded at start" \
	"$(readelf -d "$out/root/usr/sbin/vmemmapwatch" | grep NEEDED | grep -c microhttpd)" 0
matches "a note names it to packagers" \
	"$(readelf -p .note.dlopen "$out/root/usr/sbin/vmemmapwatch")" '"soname":\["libmicrohttpd\.so\.[0-9]+"\]'
holds "the example of a configuration is installed" \
	cmp "$out/root/usr/share/doc/vmemmapwatch/vmemmapwatch.conf" daemon/share/vmemmapwatch.conf
for file in bash-completion/completions/vmemmapwatch zsh/site-functions/_vmemmapwatch \
	fish/vendor_completions.d/vmemmapwatch.fish; do
	holds "installed: $file" grep -q preflight "$out/root/usr/share/$file"
done
holds "the installed schemas are whole" \
	tests/schema --schemas="$out/root/usr/share/vmemmapwatch/schema" --examples

if [ "$(uname -m)" != aarch64 ]; then
	build/x86/vmemmapwatch --trace -- touch "$out/ran" 2>"$out/err"
	is "not on arm64: exit 3" $? 3
	one_line "not on arm64: one line" "$out/err" 'need an arm64 kernel, this one is '
	holds "not on arm64: COMMAND has not run" test ! -e "$out/ran"
fi
build/"$arch"/vmemmapwatch --help all >"$out/help" 2>/dev/null ||
	build/x86/vmemmapwatch --help all >"$out/help"
for option in probes probe sample-rate json output map html for driver settle kmsg buffer from trust \
	attach-with config redact journal verbose quiet feed reader-connections reader-rate listen \
	state-directory keep-reports keep-size textfile type all-gpus iomem; do
	holds "--help all has --$option" grep -qE -- "--(\[no-\])?$option" "$out/help"
done
files=$(git ls-files 2>/dev/null)
if [ -n "$files" ]; then
	is "the top level holds what it may" "$(cut -d/ -f1 <<<"$files" | sort -u |
		grep -vxE 'bpf|daemon|include|tests|systemd|Makefile|README.md|LICENSE|\..*')" ""
else
	skip "the top level holds what it may" "git lists no files here"
fi
exit $((failures > 0))
