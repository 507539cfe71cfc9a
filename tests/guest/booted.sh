# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What holds for every guest that has booted with systemd, as tests of the harness ask it.

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
