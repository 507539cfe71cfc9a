#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The tarball and the Debian package for arm64, which on another machine is a cross build:
# made from the same source in another folder, it has the same BPF programs, and all that
# make install has. tests/guest/t/service.sh runs it.
# check: seconds=60
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
set +e
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

version=$(make -s -f - print <<<$'include Makefile\nprint:\n\t@echo $(VERSION) $(COMMIT)')
commit=${version#* } version=${version% *}
holds "there is a tarball" build dist
tarball=build/dist/vmemmapwatch-$version.tar.xz
mkdir "$work/tree"
tar -C "$work/tree" --strip-components=1 -xf "$tarball"
is "it has all that is tracked" "$(git ls-files | while read -r file; do
	[ ! -e "$file" ] || [ -e "$work/tree/$file" ] || echo "$file"
done)" ""
holds "a tarball of the tarball can be made" env -u MAKEFLAGS make -s -C "$work/tree" dist
holds "it is the same" cmp "$tarball" "$work/tree/$tarball"
is "another version is that of another changelog" \
	"$(env -u MAKEFLAGS make -s -C "$work/tree" VERSION=0.0.9 dist &&
		tar -xOf "$work/tree/build/dist/vmemmapwatch-0.0.9.tar.xz" vmemmapwatch-0.0.9/.ci/changelog |
		head -n 1)" "vmemmapwatch (0.0.9-1) unstable; urgency=medium"
is "its files are as old as SOURCE_DATE_EPOCH says" \
	"$(env -u MAKEFLAGS SOURCE_DATE_EPOCH=86400 make -s -C "$work/tree" VERSION=0.0.8 dist &&
		TZ=UTC tar -tvf "$work/tree/build/dist/vmemmapwatch-0.0.8.tar.xz" |
		awk '{ print $4, $5 }' | sort -u)" "1970-01-02 00:00"

deb=$(build ARCH=arm64 deb)
holds "there is a package" test -f "$deb"
folder=${deb%/*}
is "lintian has nothing to say" "$(lintian --fail-on warning --tag-display-limit 0 \
	"$deb" "$folder/vmemmapwatch-dbgsym_$version-"*.deb 2>/dev/null)" ""
is "blhc misses no flag in its log" "$(blhc --debian --all "$folder/$version.log")" ""
mkdir "$work/root"
dpkg-deb -x "$deb" "$work/root"
# Where Debian 12 has units; and dh compresses manuals.
here() {
	(cd "$1" && find . ! -type d | sed 's|^\./lib/|./usr/lib/|; s|\.gz$||' | sort)
}
holds "make install" build ARCH=arm64 DESTDIR="$work/install" PREFIX=/usr \
	ZSH_COMPLETIONS=/usr/share/zsh/vendor-completions install
is "it has what make install has, and what Debian wants" \
	"$(comm -3 <(here "$work/root") <(here "$work/install") | xargs)" \
	"./usr/share/doc/vmemmapwatch/changelog.Debian ./usr/share/doc/vmemmapwatch/copyright ./usr/share/lintian/overrides/vmemmapwatch"
is "it depends on the packages of its libraries" \
	"$(dpkg-deb -f "$deb" Depends | grep -oE '\blib[a-z0-9-]+|zlib1g' | sort -u | xargs)" \
	"$(for name in $("${cross}readelf" -d build/arm64/vmemmapwatch |
		sed -n 's/.*(NEEDED).*\[\(lib.*\)\]/\1/p'); do
		sed -n "s/^${name%.so.*} ${name#*.so.} \([a-z0-9-]*\).*/\1/p" "$(tests/guest/sysroot)/DEBIAN/shlibs"
	done | sort -u | xargs)"
matches "and recommends that of the metrics" "$(dpkg-deb -f "$deb" Recommends)" '^libmicrohttpd[0-9]'
dpkg-deb -e "$deb" "$work/control"
is "the user is there before what is given to it, and that before the service" \
	"$(grep -oE 'systemd-sysusers|systemd-tmpfiles .*--create|deb-systemd-invoke' "$work/control/postinst" |
		cut -d' ' -f1 | uniq | xargs)" \
	"systemd-sysusers systemd-tmpfiles deb-systemd-invoke"
is "the service is off until somebody asks for it" \
	"$(grep -B 2 "deb-systemd-helper enable" "$work/control/postinst" | grep -c 'if deb-systemd-helper --quiet was-enabled')" \
	"$(grep -c "deb-systemd-helper enable" "$work/control/postinst")"

# In another folder, by the same compiler.
source=$folder/vmemmapwatch-$version/build/arm64
for file in vmemmapwatch.skel.h layout.skel.h extra.skel.h build_hash.h; do
	holds "$file: the same bytes as here" cmp "build/arm64/$file" "$source/$file"
done
is "no path of its folder is in the program" \
	"$(strings -a "$source/vmemmapwatch" | grep -F -e "$top" -e "$cache")" ""
is "--version names the commit" "$(strings -a "$source/vmemmapwatch" | grep -xF "$commit")" "$commit"
if [ "$(uname -m)" != aarch64 ]; then
	matches "--version, here" "$(build/x86/vmemmapwatch --version | xargs)" \
		"^vmemmapwatch $version \(commit $commit\) libbpf [0-9.]+ license GPL-2.0-only\$"
fi
exit $((failures > 0))
