#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --support on the other kernels: possible, cure and device-private memory as what
# is known of each from its sources and its configuration.
. "$(dirname "$0")/../testlib.sh"

# The exit status is the first answer.
while read -r row cpu expected; do
	use "$row"
	boot "$row" --cpu "$cpu" --append nokaslr <<'END'
vmemmapwatch --support --json >/tmp/out
echo $? >/tmp/code
. ./guest.sh
part doc; cat /tmp/out
part code; cat /tmp/code
END
	is "$row: the exit status" "$(cat "$work/$row/code")" "$([[ $expected == yes* ]] && echo 1 || echo 0)"
	is "$row: possible, has the fix, device-private memory" \
		"$(json "$row" '.possible.answer, .facts.has_fix.answer, .facts.device_private.answer' | xargs)" \
		"$expected"
done <<'END'
hmm-5.10 cortex-a72 yes no yes
hmm-6.1-39bit cortex-a72 yes no yes
hmm-6.1-64k cortex-a72 yes no yes
hmm-6.12 cortex-a72 no yes yes
stock-5.10 cortex-a72 no unknown no
stock-6.1 cortex-a72 no no no
stock-6.12-16k max,pauth-impdef=on no yes no
stock-sid cortex-a72 no yes yes
END
exit $((failures > 0))
