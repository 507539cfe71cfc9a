#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The units as installed: systemd takes them, their sandbox is as tight as we
# say, each directive tells its reason, and the early one needs nothing late.
# check: seconds=1
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
set +e
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

# systemd's own units, and the programs that ours start.
mkdir -p "$root"/usr/{lib/systemd,bin} "$root/bin" "$root/etc"
cp -a /usr/lib/systemd/system "$root/usr/lib/systemd/"
for program in /usr/bin/kill /usr/bin/systemd-tmpfiles; do
	install -m 0755 /dev/null "$root$program"
done
holds "they are installed" build ARCH=arm64 DESTDIR="$root" PREFIX=/usr install

units=$root/usr/lib/systemd/system
main=$units/vmemmapwatch.service
verified=(vmemmapwatch.service vmemmapwatch-state.service vmemmapwatch-metrics.socket
	vmemmapwatch-metrics.service vmemmapwatch-trace@test_hmm.service)

# Without root it knows no control groups, and says so.
is "systemd-analyze verify has nothing to say" \
	"$(systemd-analyze verify --man=no --root="$root" "${verified[@]}" 2>&1 |
		grep vmemmapwatch)" ""

# exposure UNIT LIMIT: in tenths.
exposure() {
	local score
	score=$(systemd-analyze security --offline=yes --no-pager --root="$root" "$1" 2>&1 |
		sed -n 's/.*Overall exposure level for .*: \([0-9]*\)\.\([0-9]\) .*/\1\2/p')
	if [ -n "$score" ] && [ "$((10#$score))" -le "$2" ]; then
		pass "exposure of $1: $((10#$score)) tenths, at most $2"
	else
		fail "exposure of $1: at most $2 tenths" "got ${score:-none}"
	fi
}
exposure vmemmapwatch.service 15
exposure vmemmapwatch-state.service 10
exposure vmemmapwatch-metrics.service 10
# It loads a module: no sandbox is worth much.
exposure vmemmapwatch-trace@.service 45

# A directive's reason is the comment right above it.
for unit in "$units"/vmemmapwatch*; do
	is "each directive of ${unit##*/} has its reason" "$(awk '
		/^#/ { reason = 1; next }
		/^(Description|Documentation)=/ { next }
		/=/ && !reason
		!/^\[/ { reason = 0 }' "$unit")" ""
done

directives=$(grep -v '^#' "$main")
for late in StateDirectory CacheDirectory LogsDirectory PrivateTmp DynamicUser ReadWritePaths \
	PrivateDevices RequiresMountsFor; do
	is "the early unit has no $late=" "$(grep "^$late=" <<<"$directives")" ""
done
is "the early unit names no path under /var" "$(grep /var <<<"$directives")" ""
is "it is ordered before all that load drivers" \
	"$(sed -n 's/^Before=//p' "$main" | tr ' ' '\n' | sort | tr '\n' ' ')" \
	"shutdown.target sysinit.target systemd-modules-load.service systemd-udev-trigger.service systemd-udevd.service "
after=$(sed -n 's/^After=//p' "$main")
is "and after nothing that waits for a device" "$(tr ' ' '\n' <<<"$after" |
	grep -vxE 'systemd-(sysusers|remount-fs)\.service|sys-kernel-(debug|tracing)\.mount|systemd-journald\.socket')" ""
# Any unit that is started pulls sysinit.target in, and what that wants.
is "a stopped watch stays stopped" "$(sed -n 's/^WantedBy=//p' "$main")" \
	"multi-user.target rescue.target"

holds "another PREFIX is another path" build ARCH=arm64 DESTDIR="$root/local" \
	PREFIX=/usr/local install
is "in each unit" "$(grep -rhE '^Exec.*(/[a-z/]*sbin)/' "$root/local" | grep -v /usr/local/sbin/)" ""

catalog=$root/usr/lib/systemd/catalog/vmemmapwatch.catalog
holds "the catalog is taken" journalctl --root="$root" --update-catalog
is "the catalog has the ids that are logged" \
	"$(journalctl --root="$root" --list-catalog | cut -d' ' -f1 | sort)" \
	"$(sed -n 's/.*VMW_JOURNAL_[A-Z]*[[:space:]]*"\(.*\)"/\1/p' daemon/output/journal.h | sort)"
is "and the fields that are logged" "$(grep -o '@VMEMMAPWATCH_[A-Z_]*@' "$catalog" | tr -d @ |
	sort -u | while read -r field; do
		grep -q "\"$field=" daemon/output/journal.c || echo "$field"
	done)" ""
holds "the user is taken" systemd-sysusers --root="$root" \
	"$root/usr/lib/sysusers.d/vmemmapwatch.conf"
matches "the user has no shell" "$(grep ^vmemmapwatch: "$root/etc/passwd")" \
	'^vmemmapwatch:x:[0-9]+:[0-9]+:.*:/:.*/nologin$'
exit $((failures > 0))
