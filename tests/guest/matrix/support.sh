#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --support on the other kernels: possible, cure and device-private memory as what
# is known of each from its sources and its configuration.
. "$(dirname "$0")/../testlib.sh"

while read -r row cpu expected; do
	use "$row"
	boot "$row" --cpu "$cpu" --append nokaslr <<'END'
vmemmapwatch --support --json >/tmp/out
echo $? >/tmp/code
. ./guest.sh
part doc; cat /tmp/out
part code; cat /tmp/code
END
	is "$row: exit 0" "$(cat "$work/$row/code")" 0
	is "$row: possible, cure, device-private memory" \
		"$(json "$row" '.possible.answer, .facts.cure.answer, .facts.device_private.answer' | xargs)" \
		"$expected"
done <<'END'
hmm-5.10 cortex-a72 yes uncured yes
hmm-6.1-39bit cortex-a72 yes uncured yes
hmm-6.1-64k cortex-a72 yes uncured yes
hmm-6.12 cortex-a72 no cured yes
stock-5.10 cortex-a72 no unknown no
stock-6.1 cortex-a72 no uncured no
stock-6.12-16k max,pauth-impdef=on no cured no
stock-sid cortex-a72 no cured yes
END
exit $((failures > 0))
