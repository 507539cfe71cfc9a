#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --decode never cries wolf: 200 logs of other matters, and a boot of each kernel, in every
# form that logs are handed on in, all exit with 0. CLEAN_KERNELS="ROW..." are the kernels
# (all of the table), CLEAN_LOGS=N the logs (200). One kernel offends while it boots, which no
# form hides.
# check: seconds=1800
. "$(dirname "$0")/../../forms.sh"

tests/decode-clean 20230410 "${CLEAN_LOGS:-200}" "$work/clean"
bad=
for log in "$work"/clean/*; do
	bad+=$(unclean_forms "$log" | sed "s/^/$(basename "$log"), /")
done
is "${CLEAN_LOGS:-200} logs of other matters, in all forms: exit 0" "$bad" ""

for kernel in ${CLEAN_KERNELS:-$(awk '!/^#/ && NF { print $1 }' tests/guest/kernels/table)}; do
	cpu=cortex-a72 append= where="in all forms" others=unclean_forms
	if [ "$kernel" = hmm-6.1-builtin ]; then
		# It would die of it with KASLR.
		append="--append nokaslr" where="in no form" others=clean_forms
	fi
	# Pages of 16 KiB, or addresses of 52 bits.
	[[ $kernel != *-16k* && $kernel != *52bit* ]] || cpu=max,pauth-impdef=on
	# shellcheck disable=SC2086
	tests/guest/run --kernel "$kernel" --cpu $cpu $append --timeout 300 -- dmesg 2>"$work/err" |
		tr -d '\r' | sed -nE 's/^(<[0-9]+>)?\[ *([0-9]+\.[0-9]{6})\] /\2 /p' >"$work/boot"
	holds "$kernel: booted" test "$(wc -l <"$work/boot")" -gt 50
	is "$kernel: its boot is clean $where" "$($others "$work/boot")" ""
done
exit $((failures > 0))
