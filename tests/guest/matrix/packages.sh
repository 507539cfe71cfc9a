#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What takes long about packages: the same bytes from two folders, the life of the
# package in a Debian of this machine's own architecture, and the source rpm, of which a
# binary one is built here to look at its files and scripts only.
# check: seconds=300
. "$(dirname "$0")/../../lib.sh"
cd "$top" || exit 1
set +e
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

version=$(make -s -f - print <<<$'include Makefile\nprint:\n\t@echo $(VERSION)')
arch=$(dpkg --print-architecture)

# Another place, time zone, locale and umask; the same time of the source.
new=$(build deb)
mkdir -p "$work/another/place"
tar -C "$work/another/place" -xf "build/dist/vmemmapwatch-$version.tar.xz"
cd "$work/another/place/vmemmapwatch-$version" || exit 1
again=$(umask 077 && env -u MAKEFLAGS TZ=Pacific/Auckland LC_ALL=C.UTF-8 make -s deb)
cd "$top" || exit 1
for file in "$new" "${new%/*}/vmemmapwatch-dbgsym_$version-"*"_$arch.deb"; do
	holds "${file##*/}: the same bytes from two places" cmp "$file" "${again%/*}/${file##*/}"
done
is "$arch: lintian has nothing to say" "$(lintian --fail-on warning --tag-display-limit 0 \
	"$new" "${new%/*}/vmemmapwatch-dbgsym_$version-"*.deb 2>/dev/null)" ""

# No service runs in a chroot: that is for a guest (package.sh). What apt and dpkg do is
# as anywhere.
old=$(build VERSION=0.0.9 deb)
cp "$old" "$work/old.deb"
cp "$new" "$work/new.deb"
cat >"$work/life" <<'END'
export DEBIAN_FRONTEND=noninteractive
ours() {
	find / -xdev -name '*vmemmapwatch*' ! -path '/proc/*' ! -path '/sys/*' ! -path '/var/log/*' \
		! -path '/var/cache/*' ! -path '/root/*' | sort
}
echo "@@@ install"; apt-get -q -y --no-install-recommends install /root/old.deb 2>&1; echo code $?
echo "@@@ version"; vmemmapwatch --version
echo "@@@ offline"; vmemmapwatch --layout --from /root/layout.json | grep -c VMEMMAP_END
echo "@@@ user"; id vmemmapwatch
echo "@@@ start"; systemctl start vmemmapwatch 2>&1; echo code $?
mkdir -p /var/lib/vmemmapwatch; echo >/var/lib/vmemmapwatch/boot-kept.json
echo "@@@ upgrade"; apt-get -q -y --no-install-recommends install /root/new.deb 2>&1; echo code $?
echo "@@@ newer"; vmemmapwatch --version
echo "@@@ remove"; apt-get -q -y remove vmemmapwatch 2>&1; echo code $?
echo "@@@ kept"; ours
echo "@@@ purge"; apt-get -q -y purge vmemmapwatch 2>&1; echo code $?
echo "@@@ left"; ours
echo "@@@ stays"; id -un vmemmapwatch
END
# The files that this needs go into it, what it says comes out.
step "a Debian, and the package's life in it" mmdebstrap \
	--mode="$([ "$(id -u)" = 0 ] && echo root || echo unshare)" --variant=apt \
	--include=systemd --format=null \
	--customize-hook="copy-in $work/old.deb $work/new.deb $work/life /root" \
	--customize-hook="upload tests/data/layout-6.1.json /root/layout.json" \
	--customize-hook='chroot "$1" sh /root/life >"$1/root/said" 2>&1' \
	--customize-hook="download /root/said $work/said" \
	"$(suite)" - "$(mirror)"
awk -v dir="$work" '/^@@@ / { file = dir "/at." $2; printf "" >file; next } file { print >file }' \
	"$work/said"
at() {
	cat "$work/at.$1" 2>&1
}
for what in install upgrade remove purge; do
	is "$what: exit 0" "$(at $what | sed -n 's/^code //p')" 0
	is "$what: no warning" "$(at $what | grep -iE '^(dpkg|warning|E:)|dpkg: warn' | grep -v 'unsandboxed')" ""
done
matches "the old version is there" "$(at version)" '^vmemmapwatch 0\.0\.9 '
is "it reads a saved layout" "$(at offline | grep -c '^[1-9]')" 1
matches "its user is there" "$(at user)" '^uid=[0-9]+\(vmemmapwatch\)'
is "a service cannot be started here, and that is said" \
	"$(at start | grep -cE 'chroot|not been booted')" 1
matches "then the new version" "$(at newer)" "^vmemmapwatch ${version//./\\.} "
is "removed: what was seen is kept" "$(at kept | grep -vE '/var/lib/dpkg/|/deb-systemd-helper-')" \
	/var/lib/vmemmapwatch
is "purged: nothing is left" "$(at left)" ""
is "purged: but the user" "$(at stays)" vmemmapwatch

# Macros of systemd's and Fedora's, as far as ours uses them, that Debian's rpm lacks.
cat >"$work/macros" <<'END'
%_unitdir %{_prefix}/lib/systemd/system
%_sysusersdir %{_prefix}/lib/sysusers.d
%_tmpfilesdir %{_prefix}/lib/tmpfiles.d
%_journalcatalogdir %{_prefix}/lib/systemd/catalog
%systemd_requires Requires(post): systemd
%sysusers_create_compat() systemd-sysusers --inline '%(grep -v "^#" %{1})'
%tmpfiles_create() systemd-tmpfiles --create %{1}
%systemd_post() systemctl preset %{*}
%systemd_preun() systemctl disable %{*}
%systemd_postun_with_restart() systemctl try-restart %{*}
END
rpm=$(build rpm)
holds "there is a source rpm" test -f "$rpm"
holds "its binary one builds" rpmbuild --quiet --rebuild --nodeps --load="$work/macros" \
	--define "_topdir $work/rpm" --define "debug_package %{nil}" "$rpm"
binary=$(echo "$work"/rpm/RPMS/*/*.rpm)
is "rpmlint finds no error" "$(rpmlint -c .ci/rpm/rpmlint.toml "$rpm" "$binary" 2>&1 |
	grep -E ' E: ')" ""
holds "make install" build DESTDIR="$work/install" PREFIX=/usr install
is "it has what make install has, and what rpm wants" "$(comm -3 \
	<(rpm -qp --qf '[%{FILEMODES:perms} %{FILENAMES}\n]' "$binary" | sed -n 's|^-[^ ]* ||p' |
		sed "s|\.gz\$||; s|/vmemmapwatch-$version/|/vmemmapwatch/|" | sort) \
	<(cd "$work/install" && find . ! -type d | cut -c2- | sort) | xargs)" \
	"/usr/share/doc/vmemmapwatch/README.md /usr/share/licenses/vmemmapwatch/LICENSE"
rpm -qp --scripts "$binary" >"$work/scripts"
is "the user is there before anything, units are as presets say" \
	"$(grep -E '^(systemd|systemctl)' "$work/scripts" | cut -d' ' -f1,2 | sed 's| /.*||' | xargs)" \
	"systemd-sysusers --inline systemd-tmpfiles --create systemctl preset systemctl disable systemctl try-restart"
matches "it recommends the library of the metrics" "$(rpm -qp --recommends "$binary")" '^libmicrohttpd'
matches "it says what is new" "$(rpm -qp --changelog "$rpm")" "- $version-1
- "
exit $((failures > 0))
