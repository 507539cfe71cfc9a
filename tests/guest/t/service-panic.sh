#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Machines that die of it while the service watches: our line is in the console's
# log in front of the oops or WARN, and so of the panic. An oops without systemd, and a
# WARN with it and with its unit's scheduling; DEATHS=N and SYSTEMD_DEATHS=N boots of
# both, without it and with it.
# check: kernels=hmm-6.1 seconds=30
. "$(dirname "$0")/../testlib.sh"
service=(--add "$top/tests/guest/service.sh:/root/service.sh")

# What the kernel says of it.
signs='WARNING: |Unable to handle|Kernel panic' signs_in=console

# check_death NAME PANIC [BOOT OPTION...] <SCRIPT
check_death() {
	local name=$1 panic=$2
	shift 2
	boot_first "$name" --smp 2 "${service[@]}" "$@"
	is "$name: the guest panics" "$(cat "$work/$name/status")" 252
	is "$name: the service watched" "$(cat "$work/$name/before" 2>&1)" watches
	holds "$name: the panic is the one we want" grep -q "$panic" "$work/$name/console"
	is "$name: our line is the first of all" "$(first_sign "$name")" "vmemmapwatch: test_hmm"
	! we_are_first "$name" || first=$((first + 1))
	matches "$name: it is whole" "$(grep -m 1 'vmemmapwatch: test_hmm' "$work/$name/console")" \
		'phys 0x[0-9a-f]+-0x[0-9a-f]+, struct pages 0x[0-9a-f]{16}-0x[0-9a-f]{16} .*vmemmap is 0x'
}

shell() {
	check_death "$@" <<'END'
. ./guest.sh
. ./service.sh
start
part before
watches && echo watches
insmod $test_hmm
sleep 20
END
}

with_systemd() {
	check_death "$@" --init systemd <<'END'
. /root/guest.sh
. /root/service.sh
PATH=$PATH:/harness/bin
systemctl start vmemmapwatch
await 30 watches
part before
watches && echo watches
part policy
# SCHED_RR is 2.
cut -d' ' -f41 /proc/$(systemctl show -P MainPID vmemmapwatch)/stat
sync
modprobe test_hmm
sleep 20
END
	is "$1: the unit's scheduling policy is in force" "$(cat "$work/$1/policy")" 2
}

# deaths KIND RUN N: N boots of a kind, and at how many of them our line was first.
deaths() {
	local kind=$1 run=$2 n=$3 i
	first=0
	for ((i = 1; i <= n; i++)); do
		case $kind in
		oops-panic)
			$run "$kind-$run-$i" 'Kernel panic - not syncing: Oops' \
				--cpu cortex-a72 --seed $((6 + i)) --append "quiet oops=panic"
			;;
		panic-on-warn)
			$run "$kind-$run-$i" 'panic_on_warn set' \
				--append "quiet nokaslr panic_on_warn=1"
			;;
		esac
	done
	say "$kind, $run: our line first at $first of $n boots"
}

deaths oops-panic shell "${DEATHS:-1}"
[ -z "${DEATHS-}" ] || deaths panic-on-warn shell "$DEATHS"
[ -z "${SYSTEMD_DEATHS-}" ] || deaths oops-panic with_systemd "$SYSTEMD_DEATHS"
deaths panic-on-warn with_systemd "${SYSTEMD_DEATHS:-1}"
exit $((failures > 0))
