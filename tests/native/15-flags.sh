#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What a distribution asks of a build: hardening by default, its own flags where it has
# some, no path of ours in what is built, and places as it has them.
# check: seconds=1
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
set +e
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# commands [ARGUMENT...]: what a build of all would run, as blhc reads it: a log of
# dpkg-buildpackage with the names of real compilers. What only preprocesses needs no flags.
commands() {
	echo "dpkg-buildpackage: info: source package vmemmapwatch"
	echo "blhc: ignore-line-regexp: .*gcc -E -P .*"
	make -n V=1 OUT=build/never "$@"
}

for arch in $([ "$(uname -m)" = aarch64 ] || echo x86) arm64; do
	compiler=${cross}gcc
	[ $arch = arm64 ] || compiler=gcc
	commands ARCH=$arch CC="$compiler" >"$work/log"
	holds "$arch: all is compiled in the log" grep -q 'gcc .*daemon/watch/watch.c' "$work/log"
	is "$arch: blhc misses no flag" "$(blhc --all --arch="${arch/x86/amd64}" "$work/log" 2>&1)" ""
	# What a processor offers beside these is for who builds to choose.
	is "$arch: hardening-check misses nothing" "$(hardening-check --quiet --nocfprotection \
		"build/$arch/vmemmapwatch" 2>/dev/null)" ""
	is "$arch: no path of this machine is in it" \
		"$(strings -a "build/$arch/vmemmapwatch" | grep -F -e "$top" -e "$cache")" ""
done
commands CC=gcc CFLAGS=-O2 LDFLAGS= >"$work/log"
matches "blhc misses flags that were taken away" "$(blhc --all "$work/log")" \
	'CFLAGS missing .*-fstack-protector-strong.*LDFLAGS missing'
make -n V=1 OUT=build/never CPPFLAGS=-DOF_CPPFLAGS CFLAGS=-DOF_CFLAGS LDFLAGS=-Wl,--of-ldflags \
	unit-tests all >"$work/log"
holds "there is what has them" grep -q -e -DOF_CPPFLAGS "$work/log"
is "CPPFLAGS and CFLAGS reach each file" \
	"$(grep -E -- ' (-c|tests/.*\.c) ' "$work/log" | grep -v 'target bpf' | grep -vc -- '-DOF_CPPFLAGS -DOF_CFLAGS')" 0
is "LDFLAGS reach each program, ours are replaced" \
	"$(grep -E -- ' -lbpf' "$work/log" | grep -v -- '-Wl,--of-ldflags' | wc -l) $(grep -c relro "$work/log")" "0 0"

holds "SBINDIR, UNITDIR, MANDIR" build DESTDIR="$work/root" PREFIX=/opt/v SBINDIR=/opt/v/bin \
	UNITDIR=/lib/systemd/system MANDIR=/opt/man install
is "all is where it was asked for" "$(cd "$work/root" && find . -type f | grep -vE \
	'^./opt/v/bin/vmemmapwatch$|^./lib/systemd/system/vmemmapwatch[^/]*$|^./opt/man/man./|^./opt/v/(share|lib)/')" ""
is "no unit and no manual names another place" \
	"$(grep -rlE '/usr/(sbin|share)/' "$work/root/lib" "$work/root/opt/man")" ""
holds "a unit has the program's place" grep -q '^ExecStart=/opt/v/bin/vmemmapwatch ' \
	"$work/root/lib/systemd/system/vmemmapwatch.service"
# systemd finds others by their name, wherever a distribution has them.
is "no unit has the place of another program" \
	"$(grep -hE '^Exec[A-Za-z]*=[-+@!:]*/' systemd/*.service | grep -v /usr/sbin/vmemmapwatch)" ""
exit $((failures > 0))
