#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# KASLR, with fixed seeds (SEEDS="N..." names others). cortex-a72: the linear map is randomised,
# the request wraps to user addresses, and the kernel oopses. neoverse-n1: its
# physical range leaves no room for that, the request is above and lives.
# check: kernels=hmm-6.1 seconds=20
. "$(dirname "$0")/../testlib.sh"
. "$(dirname "$0")/../offence.sh"

# shellcheck disable=SC2206
seeds=(${SEEDS:-1 20230410})
say "seeds: ${seeds[*]}"

for cpu in cortex-a72 neoverse-n1; do
	for seed in "${seeds[@]}"; do
		if [ $cpu = cortex-a72 ]; then
			check_offence "$cpu-$seed" user died --cpu $cpu --seed "$seed"
		else
			check_offence "$cpu-$seed" above accepted --cpu $cpu --seed "$seed"
		fi
	done
done

# The same seed is the same layout, another seed another one.
memstart() {
	note "cortex-a72-$1" 'NUMBER(PHYS_OFFSET)'
}
is "as many layouts as seeds on cortex-a72" \
	"$(for seed in "${seeds[@]}"; do memstart "$seed"; done | sort -u | wc -l)" ${#seeds[@]}
boot again --cpu cortex-a72 --seed "${seeds[0]}" <<'END'
. ./guest.sh
facts
END
is "the same seed repeats the boot" "$(note again 'NUMBER(PHYS_OFFSET)')" \
	"$(memstart "${seeds[0]}")"
exit $((failures > 0))
