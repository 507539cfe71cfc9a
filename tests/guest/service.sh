# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
# For scripts that run in a guest: the service, started from the shell.

log=/tmp/log
feed=/run/vmemmapwatch/feed.sock

# await SECONDS COMMAND...: until COMMAND succeeds; false, and a line, if it never does.
await() {
	left=$(($1 * 10))
	shift
	while [ $left -gt 0 ]; do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.1
		left=$((left - 1))
	done
	echo "never: $*" >&2
	return 1
}

# It watches, and answers, whatever it has seen.
watches() {
	vmemmapwatch --report --feed "$feed" >/dev/null
	[ $? -le 1 ]
}

ended() {
	! kill -0 "$1" 2>/dev/null
}

# start [OPTION...]: a daemon in the background that watches.
start() {
	attached=$(grep -cs 'probes attached' $log)
	vmemmapwatch --daemon --feed "$feed" "$@" 2>>$log &
	daemon=$!
	# To ask it costs as much as what it does meanwhile: first a look at its log.
	while [ "$(grep -c 'probes attached' $log)" = "${attached:-0}" ] && ! ended $daemon; do
		sleep 0.1
	done
	await 120 watches
}

# stop [SIGNAL]: end it; its status is in $code.
stop() {
	kill "-${1:-TERM}" "$daemon"
	wait "$daemon"
	code=$?
}

# told NAME: what was logged since the last time, without what each start says.
told() {
	part "$1"
	grep -vE 'probes attached|is unavailable: ' $log
	: >$log
}

# report NAME: what the service answers, and with which code.
report() {
	part "$1"
	vmemmapwatch --report --json --feed "$feed"
	echo $? >/tmp/code
	part "$1.code"
	cat /tmp/code
}

# Kernel probes that are attached, by anybody.
nr_probes() {
	grep -c . /sys/kernel/debug/kprobes/list
}

# The daemon's CPU time so far, in hundredths of a second.
cpu() {
	awk '{ print $14 + $15 }' /proc/$daemon/stat
}
