#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The harness with systemd as init: it says why a guest does not boot, forwards a
# port, and boots a stock kernel.
. "$(dirname "$0")/../testlib.sh"
. "$top/tests/guest/booted.sh"

# A unit as the service's must not be: before udev, and waiting for /var.
cat >"$work/early.service" <<'END'
[Unit]
DefaultDependencies=no
Before=systemd-udevd.service
RequiresMountsFor=/var/lib/early
[Service]
Type=oneshot
ExecStart=/bin/true
[Install]
WantedBy=sysinit.target
END
printf '[Manager]\nDefaultDeviceTimeoutSec=10s\n' >"$work/manager.conf"
boot deadlock --init systemd --enable early.service \
	--add "$work/early.service:/etc/systemd/system/early.service" \
	--add "$work/manager.conf:/etc/systemd/system.conf.d/manager.conf" <<'END'
echo not reached
END
is "emergency mode is a boot failure" "$(cat "$work/deadlock/status")" 251
matches "in words" "$(cat "$work/deadlock/stderr")" \
	'never booted: emergency mode instead of multi-user.target'
holds "with the reason" grep -q '^guest console: Dependency failed for early.service' \
	"$work/deadlock/stderr"

# A unit that the target waits for, and that never comes up.
cat >"$work/slow.service" <<'END'
[Service]
Type=oneshot
ExecStart=/bin/sleep 900
[Install]
WantedBy=multi-user.target
END
boot slow --init systemd --enable slow.service --timeout 45 \
	--add "$work/slow.service:/etc/systemd/system/slow.service" <<'END'
echo not reached
END
is "a target that is not reached is a boot failure" "$(cat "$work/slow/status")" 251
matches "in those words" "$(cat "$work/slow/stderr")" \
	'never booted: no multi-user.target after 45 s'
holds "and what it waits for" grep -q 'Job slow.service.*running' "$work/slow/stderr"

# What fails ahead of systemd is told, too.
boot unknown --init systemd --enable nothing.service <<'END'
echo not reached
END
is "--enable of nothing is a boot failure" "$(cat "$work/unknown/status")" 251
holds "and told" grep -q '^guest console: .*nothing.service does not exist' "$work/unknown/stderr"

# A guest that answers on a forwarded port of this machine's loopback.
port=$((20000 + RANDOM % 10000))
boot forward --init systemd --forward $port:8000 <<'END' &
echo hello | timeout 60 nc -l -N 8000
END
for ((i = 0; i < 200; i++)); do
	sleep 0.3
	answer=$( (exec 3<>/dev/tcp/127.0.0.1/$port && timeout 5 head -n 1 <&3) 2>/dev/null)
	[ -z "$answer" ] || break
done
wait
is "--forward reaches the guest, with systemd" "$answer" hello

use stock-6.12
systemd stock-6.12
exit $((failures > 0))
