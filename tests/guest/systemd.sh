# SPDX-License-Identifier: GPL-2.0-only
# For scripts that run in a guest with systemd: the service, asked for what it is.

# await SECONDS COMMAND...: until it succeeds; says so where it does not in time.
await() {
	end=$(($(cut -d. -f1 /proc/uptime) + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		if [ "$(cut -d. -f1 /proc/uptime)" -ge $end ]; then
			echo "not in time: $*" >&2
			return 1
		fi
		# What is asked costs about as much.
		sleep 0.5
	done
}

pid() {
	systemctl show -P MainPID vmemmapwatch
}

status() {
	systemctl show -P StatusText vmemmapwatch
}

# Has it so many live offenders that are requests?
live() {
	[ "$(vmemmapwatch --report --json 2>/dev/null | jq '[.offenders[] | select(.live)] | length')" = "$1" ]
}
