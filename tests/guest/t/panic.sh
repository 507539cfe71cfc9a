#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Machines that die of it: with oops=panic and with panic_on_warn, on a quiet
# console, our line is in the saved log in front of the panic.
# check: kernels=hmm-6.1 seconds=10
. "$(dirname "$0")/../testlib.sh"
signs='Unable to handle|Kernel panic' signs_in=console

check_death() {
	local name=$1 panic=$2
	shift 2
	boot_first "$name" --smp 2 "$@" <<'END'
. ./guest.sh
vmemmapwatch --trace --kmsg -- insmod $test_hmm
END
	is "$name: the guest panics, and the harness says so" "$(cat "$work/$name/status")" 252
	holds "$name: the panic is the one we want" grep -q "$panic" "$work/$name/console"
	is "$name: our line stands in front of the panic" \
		"$(first_sign "$name")" "vmemmapwatch: test_hmm"
}

check_death oops-panic 'Kernel panic - not syncing: Oops' \
	--cpu cortex-a72 --seed 7 --append "quiet oops=panic"
holds "oops-panic: the oops is on the console" grep -q 'Unable to handle' "$work/oops-panic/console"
is "oops-panic: our line stands in front of it, too" \
	"$(first_sign oops-panic)" "vmemmapwatch: test_hmm"
check_death panic-on-warn 'panic_on_warn set' --append "quiet nokaslr panic_on_warn=1"
exit $((failures > 0))
