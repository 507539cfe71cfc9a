#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The harness with systemd as init: it boots, and tells when it does not.
# check: kernels=hmm-6.1
. "$(dirname "$0")/../testlib.sh"

cat >"$work/look" <<'END'
. /root/guest.sh
part state
systemctl is-system-running
part failed
systemctl --failed --plain --no-legend
part target
systemctl is-active multi-user.target
part var
findmnt -n -o SOURCE,FSTYPE /var
part size
df -m --output=size /var | tail -n 1
part journal
journalctl -b --no-pager -o cat
part kernel
journalctl -b -k --no-pager -o cat
part kept
ls -d /var/log/journal/*/system.journal
part init
readlink /proc/1/exe
part installed
command -v vmemmapwatch && vmemmapwatch --version >&2 && id -un tester
journalctl --list-catalog 0123456789abcdef0123456789abcdef
part time
systemd-analyze time
part probe
modprobe -n test_hmm && echo found
part answer
cat /root/extra
echo written >/usr/lib/written && cat /usr/lib/written
END

# systemd NAME [OPTION...]: boot, and what holds for every such boot.
systemd() {
	local name=$1 dir=$work/$1 start=$SECONDS
	shift
	echo from the host >"$work/extra"
	boot "$name" --init systemd --add "$work/extra:/root/extra" "$@" <"$work/look"
	is "$name: COMMAND's status" "$(cat "$dir/status")" 0
	[ "$(cat "$dir/status")" = 0 ] || cat "$dir/stderr" >&2
	is "$name: PID 1" "$(cat "$dir/init")" /usr/lib/systemd/systemd
	is "$name: multi-user.target" "$(cat "$dir/target")" active
	is "$name: nothing failed" "$(cat "$dir/failed")" ""
	is "$name: the system is running" "$(cat "$dir/state")" running
	matches "$name: /var is a mount of its own" "$(cat "$dir/var")" '^/dev/vd[ab] +ext4$'
	holds "$name: the journal has the kernel's lines" grep -q 'Linux version' "$dir/kernel"
	holds "$name: and the units'" grep -q 'Reached target multi-user.target' "$dir/journal"
	matches "$name: it is kept in /var" "$(cat "$dir/kept")" '/system.journal$'
	is "$name: no unit timed out, no order went round in circles" \
		"$(grep -hiE 'timed out|ordering cycle' "$dir/journal" "$dir/console")" ""
	is "$name: --add, and a root to write to" "$(cat "$dir/answer")" $'from the host\nwritten'
	say "$name: $((SECONDS - start)) s in all; $(head -n 1 "$dir/time")"
}

# What a package brings beside its program.
echo 'u tester - "A user" /' >"$work/user"
printf -- '-- 0123456789abcdef0123456789abcdef\nSubject: A catalog of ours\n\nText\n' \
	>"$work/catalog"
systemd hmm-6.1 --append nokaslr --var 64 --add "$work/user:/usr/lib/sysusers.d/tester.conf" \
	--add "$work/catalog:/usr/lib/systemd/catalog/tester.catalog"
matches "make install, its users and its catalog" "$(cat "$work/hmm-6.1/installed")" \
	'^/usr/sbin/vmemmapwatch.tester.0123456789abcdef0123456789abcdef .*A catalog of ours$'
holds "--append reaches the kernel" \
	grep -q 'KASLR disabled on command line' "$work/hmm-6.1/kernel"
matches "--var is its size" "$(cat "$work/hmm-6.1/size")" '^ *(5[0-9]|6[0-4])$'
is "modules are where modprobe looks" "$(cat "$work/hmm-6.1/probe")" found

# The root was not changed for those who come next.
boot fresh --init systemd <<'END'
. /root/guest.sh
part answer
ls /usr/lib/written
exit 42
END
is "the next root is a fresh one" "$(cat "$work/fresh/answer")" ""
is "COMMAND's own status, with systemd" "$(cat "$work/fresh/status")" 42

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
